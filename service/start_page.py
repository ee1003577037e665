"""The start page: what is here, what is new, what is due, and where to begin."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from ..ontology.problems import Lang
from ..queries.calendar import Occasion
from ..queries.catalogue import catalogue
from ..store import Store
from . import freshness
from .backend import Backend, ask
from .followups import asked_calendar, today, year_around
from .moment import as_of, backend_of
from .national_page import headline
from .negotiation import HTML
from .questions import with_sides
from .regions import regions
from .rendering import language_of, render
from .texts import text
from .words import Labels, Words, iri_of

router = APIRouter()
_SHOWN = 5
_DUE = ("overdue", "partly-held", "now", "coming")


@dataclass(frozen=True)
class News:
    """A publication that a generation brought or renewed."""

    iri: str
    label: Words
    generation: int
    day: str
    kind: str
    reported: bool


@dataclass(frozen=True)
class Thread:
    """A real activity whose thread shows what a thread is."""

    iri: str
    label: Words
    region: Words


@router.get("/", summary="Start page", tags=["pages"])
def start(request: Request) -> Response:
    """What this is, the counties with their data, the latest publications, what is due, and the questions."""
    # What is due changes with the day, also when nothing is published.
    day = today(as_of(request))
    unchanged = freshness.unchanged(request, HTML, day.isoformat())
    if unchanged:
        return unchanged
    lang, backend = language_of(request), backend_of(request)
    found = regions(backend, lang)
    first, last = year_around(day)
    due = [one for one in asked_calendar(backend, [], first, last, day, lang).occasions if one.state in _DUE]
    news, all_news = latest(request.app.state.store, backend, lang)
    counties = [one for one in found if not one.constructed]
    values = {
        "title": text("site_name", lang),
        "regions": counties,
        "constructed": [one for one in found if one.constructed],
        "with_data": sum(1 for one in counties if one.total),
        "own": sum(1 for one in counties if one.has_published),
        "chains": int(iri_of(ask(backend, "start-chains")[0]["chains"])),
        "thread": _thread(backend, lang),
        "headline": headline(backend, lang),
        "news": news,
        "all_news": all_news,
        "due": sorted(due, key=_urgent)[:_SHOWN],
        "all_due": len(due),
        "questions": list(catalogue().values()),
        "side_ids": {one.id for one in with_sides()},
    }
    return render(request, "start.html", values, headers=freshness.headers(request, HTML, day.isoformat()))


def latest(store: Store, backend: Backend, lang: Lang) -> tuple[list[News], int]:
    """The publications that came last, newest first and no more than fit; and how many versions there are."""
    changes = [
        (one, change)
        for one in reversed(store.generations())
        if one.number <= backend.generation
        for change in one.changes
        if change.kind in ("publish", "replace")
    ]
    shown = changes[:_SHOWN]
    labels = Labels(backend, [change.graph for _, change in shown], lang)
    news = [
        News(
            iri=change.graph,
            label=labels.words(change.graph),
            generation=one.number,
            day=one.created[:10],
            kind=change.kind,
            reported=bool(change.graph in one.graphs and one.graphs[change.graph].report),
        )
        for one, change in shown
    ]
    return news, len(changes)


def _thread(backend: Backend, lang: Lang) -> Thread | None:
    row = next(iter(ask(backend, "start-thread")), None)
    if row is None:
        return None
    iris = iri_of(row["activity"]), iri_of(row["region"])
    labels = Labels(backend, iris, lang)
    return Thread(iris[0], labels.words(iris[0]), labels.words(iris[1]))


def _urgent(one: Occasion) -> tuple[int, str, str]:
    """What is overdue first, then by day; the holder is no part of the order."""
    return _DUE.index(one.state), one.due.isoformat(), one.step.iri
