"""Reports given out: the stored one of a publication, and that of a file which is only to be tried."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ..ontology.problems import Problem, RodtradError, Where
from ..shapes.exports import to_turtle, to_xlsx
from ..shapes.report import from_json, to_json
from ..store import Store
from .askers import Budget, address_of
from .errors import answer as error_answer
from .moment import backend_of
from .negotiation import HTML, JSON, TURTLE, XLSX, best, is_utf8
from .publications import publications
from .rendering import language_of, links_of, render
from .report_pages import grouped
from .texts import text
from .uploads import SUFFIXES

router = APIRouter(tags=["reports"])
_OFFERED = (JSON, HTML, TURTLE, XLSX)
_FORMATS = {"json": JSON, "html": HTML, "ttl": TURTLE, "xlsx": XLSX}
TIERS = ("bas", "kedja", "full")


@router.get("/reports", summary="The validation report of a publication")
def report(request: Request, graph: str, format: str | None = None) -> Response:
    """What the rules found when it was published, and what others' new versions mean for it since.

    ``format`` is html, json, ttl or xlsx (a list of the findings).
    """
    store: Store = request.app.state.store
    current = store.current()
    if graph not in current.graphs:
        raise RodtradError(Problem("unknown-graph", Where(iri=graph), {"graph": graph}))
    stored = store.report(graph)
    if not stored:
        raise RodtradError(Problem("report-missing", Where(iri=graph), {"graph": graph}))
    media, lang = _media(request, format, HTML), language_of(request)
    found, notices = from_json(stored), [dict(note) for note in current.notices.get(graph, ())]
    if media == JSON:
        return _download(
            json.dumps(json.loads(to_json(found)) | {"notices": notices}, ensure_ascii=False), JSON
        )
    if media == TURTLE:
        return _download(to_turtle(found), TURTLE)
    if media == XLSX:
        return _download(to_xlsx(found, lang), XLSX, "report.xlsx")
    named = next(iter(publications(backend_of(request), lang, iri=graph)), None)
    values = {
        "title": text("report", lang),
        "report": grouped(found, lang),
        "of": named.label if named else None,
        "graph": graph,
        "notices": notices,
        "problems": [],
        "rule_href": _rule_page(request),
    }
    return render(request, "report.html", values)


@router.post("/api/v1/validate", summary="Try a dataset without publishing it", tags=["api"])
async def validate(request: Request, tier: str | None = None, format: str | None = None) -> Response:
    """The body is a workbook, a zip file of CSV sheets or RDF, as for ``PUT /graphs``; ``tier`` is bas, kedja
    or full; ``format`` (or ``Accept``) json, html, ttl or xlsx, the latter a copy with coloured cells.

    The answer is 200 whatever was found: ``publishable`` and ``conforms`` tell. Nothing is stored.
    """
    chosen = tier or request.app.state.settings.default_tier
    if chosen not in TIERS:
        raise RodtradError(Problem("unknown-tier", values={"tier": chosen[:80], "tiers": ", ".join(TIERS)}))
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() not in SUFFIXES or not is_utf8(request):
        raise RodtradError(Problem("media-type-unsupported", values={"path": request.url.path}))
    media = _media(request, format, JSON)
    body = await request.body()
    done = await tried(
        request, body, kind, chosen, next(name for name, one in _FORMATS.items() if one == media)
    )
    if isinstance(done, RodtradError):
        return error_answer(request, done.problems)
    if media == HTML:
        return _page(request, json.loads(done))
    return _download(done, media, "marked.xlsx" if media == XLSX else "")


async def tried(request: Request, body: bytes, media: str, tier: str, form: str) -> bytes | RodtradError:
    """Read and judge a file in a process with limits, within the time that one address may use.

    ``form`` as for ``trials.tried``. Returns what is wrong instead of raising it, but for ``trial-budget``.
    """
    budget: Budget = request.app.state.trials
    address, lang = address_of(request), language_of(request)
    budget.check(address)

    def work() -> tuple[bytes | RodtradError, float]:
        begun = time.monotonic()
        try:
            done = request.app.state.sandbox.run(
                "rodtrad.service.trials:tried",
                body,
                folder=str(request.app.state.store.folder.resolve()),
                media=media,
                tier=tier,
                lang=lang,
                form=form,
            )
        except RodtradError as error:
            done = error
        return done, time.monotonic() - begun

    done, seconds = await run_in_threadpool(work)
    budget.spend(address, seconds)
    return done


def _page(request: Request, tried: Mapping[str, Any]) -> Response:
    lang = language_of(request)
    values = {"title": text("report", lang), "of": None, "graph": "", **findings(request, tried)}
    return render(request, "report.html", values)


def findings(request: Request, tried: Mapping[str, Any]) -> dict[str, Any]:
    """What ``report_body.html`` needs of a file that was tried (``trials.as_dict``)."""
    report = tried["report"]
    return {
        "report": grouped(from_json(json.dumps(report)), language_of(request)) if report else None,
        "notices": [],
        "problems": tried["reading"],
        "rule_href": _rule_page(request),
    }


def _rule_page(request: Request) -> Callable[[str], str]:
    links = links_of(request)
    return lambda rule: links.page(f"/rules/{rule}")


def _media(request: Request, format: str | None, usual: str) -> str:
    accept = request.headers.get("accept")
    offered = (usual, *(one for one in _OFFERED if one != usual))
    media = _FORMATS.get(format) if format else best(accept, offered)
    if media is None:
        values = {"accept": format or accept or "", "offered": ", ".join(_FORMATS)}
        raise RodtradError(Problem("not-acceptable", values=values))
    return media


def _download(content: bytes | str, media: str, name: str = "") -> Response:
    headers = {"Vary": "Accept, Accept-Language"}
    if name:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(
        content, headers=headers, media_type=media + ("; charset=utf-8" if media == TURTLE else "")
    )
