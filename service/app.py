"""The web application: routes, limits, headers and errors put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from .. import __version__
from ..shapes.validation import rules
from ..store.sandbox import Sandbox, SandboxLimits
from ..store.tokens import Tokens
from . import (
    api,
    briefing_pages,
    calendar_pages,
    catalog,
    check_page,
    description,
    dumps,
    editor,
    errors,
    gap_pages,
    graph_store,
    history,
    indicator_pages,
    linked_data,
    national_page,
    observability,
    ontology_pages,
    pages,
    question_documents,
    reports,
    rollups,
    search_pages,
    sparql_endpoint,
    start_page,
    thread_page,
)
from .askers import Budget
from .backend import Backend
from .heads import HeadAsGet
from .observability import LaneFigures, Metrics, Observed
from .publication_days import PublicationDays
from .retired import Retired
from .search import Searches
from .security import BodyLimit, SecurityHeaders
from .settings import Settings
from .words import property_names

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, backend: Backend) -> FastAPI:
    """Return the application that answers from ``backend``."""

    @asynccontextmanager
    async def ready(_app: FastAPI) -> AsyncIterator[None]:
        # The declarations take a moment to read: before the first page, not during it.
        property_names("sv")
        rules()
        try:
            yield
        finally:
            app.state.sandbox.close()

    app = FastAPI(
        lifespan=ready,
        title="Röda tråden",
        version=__version__,
        summary="From a regional strategy to what is done, what it led to, and back.",
        # The interactive pages of the framework load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.backend = backend
    app.state.budget = Budget(settings.query_budget_s)
    app.state.trials = Budget(settings.trial_budget_s, "trial-budget")
    app.state.store = backend.store
    app.state.metrics = Metrics()
    app.state.searches = Searches(backend.store)
    app.state.retired = Retired(backend.store)
    app.state.publication_days = PublicationDays(backend.store)
    app.state.tokens = Tokens(backend.store.folder)
    app.state.sandbox = Sandbox(
        "rodtrad.service.uploads:warm",
        SandboxLimits(
            time_s=settings.upload_timeout_s,
            memory_mb=settings.upload_memory_mb,
            running=settings.uploads_running,
        ),
    )
    app.state.metrics.registry.register(
        LaneFigures(lambda: {**backend.lanes(), "upload": app.state.sandbox.lane()})
    )
    errors.install(app)
    description.install(app)
    # The vocabulary before what answers for any identifier: its own addresses lie among those.
    parts = (
        start_page,
        pages,
        national_page,
        gap_pages,
        thread_page,
        ontology_pages,
        linked_data,
        sparql_endpoint,
        graph_store,
        history,
        api,
        question_documents,
    )
    for part in (
        *parts,
        briefing_pages,
        reports,
        rollups,
        indicator_pages,
        search_pages,
        calendar_pages,
        check_page,
        editor,
        catalog,
        dumps,
        observability,
    ):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    larger: dict[str, int] = dict.fromkeys(
        ("/graphs", "/api/v1/validate", "/check"), settings.max_upload_bytes
    )
    app.add_middleware(
        BodyLimit,
        limit_bytes=settings.max_query_bytes,
        larger=larger,
        time_s=settings.body_timeout_s,
    )
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observed, metrics=app.state.metrics, slow_query_s=settings.slow_query_s)
    return app
