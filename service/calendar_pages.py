"""The cycles on pages, as a feed for calendar programs, and as ``/api/v1/followups``."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup

from ..ontology.problems import Lang, Problem, RodtradError
from ..queries.calendar import Calendar
from ..queries.calendar.calendar import holders
from ..queries.calendar.feed import feed
from .backend import Backend
from .followups import asked_calendar, day, holders_with, table, today, words, year_around
from .moment import as_of, backend_of
from .negotiation import CSV, JSON
from .questions import chosen_format
from .regions import by_code, regions
from .rendering import language_of, render
from .ring_svg import ring
from .texts import text

ICS = "text/calendar"
router = APIRouter()
Day = Annotated[str | None, Query(max_length=40)]


@router.get("/cycles", summary="All cycles", tags=["pages"])
def all_cycles(request: Request, on: Day = None) -> Response:
    """Those who have cycles, with what comes next."""
    lang, backend = language_of(request), backend_of(request)
    seen = day(on, "on", today(as_of(request)))
    first, last = year_around(seen)
    found = asked_calendar(backend, [], first, last, seen, lang)
    values = {
        "title": text("cal_title", lang),
        "holders": holders(backend, lang),
        "calendar": found,
        "coming": [one for one in found.occasions if one.state in ("coming", "now")],
        "headings": table(found)[0],
    }
    return render(request, "cycles.html", values)


@router.get("/cycles/{code}", summary="The cycles of one county", tags=["pages"])
def cycles_of(
    request: Request,
    code: str,
    on: Day = None,
    first: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    last: Annotated[str | None, Query(alias="to", max_length=40)] = None,
) -> Response:
    """What is due, overdue and unanswered on a day, what clashes, and a picture of the year."""
    lang, backend = language_of(request), backend_of(request)
    found = _calendar(request, backend, [code], first, last, on, lang)
    name = _name(backend, code, lang)
    year = found.on.year
    this_year = [one for one in found.occasions if one.begins.year <= year <= one.due.year]
    months = text("cal_months", lang).split()
    said = "; ".join(f"{one.due.isoformat()}: {one.step.label}" for one in this_year)
    title = text("cal_ring", lang, name=name, year=year)
    headings, rows = table(found)
    values = {
        "title": text("cal_title_of", lang, name=name),
        "code": code,
        "calendar": found,
        "headings": headings,
        "rows": rows,
        "year": year,
        # ring escapes every text that it writes.
        "picture": Markup(ring(this_year, year, title, months, said)) if this_year else None,  # noqa: S704
        "this_year": this_year,
        "constructed": any(one.constructed for one in found.cycles),
        "month_names": months,
    }
    return render(request, "cycles_of.html", values)


@router.get("/calendar/{code}.ics", summary="Follow-ups for calendar programs", tags=["api"])
def subscribed(
    request: Request,
    code: str,
    on: Day = None,
    first: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    last: Annotated[str | None, Query(alias="to", max_length=40)] = None,
) -> Response:
    """The follow-ups of a county as iCalendar, from the year before to the year after ``on``,
    which is today unless given.

    ``code`` is a county code (24) or a publisher's code; ``lang`` sv or en. Steps to which the source
    gives no month are no events: the description of the calendar names them.
    """
    lang, backend = language_of(request), backend_of(request)
    found = _calendar(request, backend, [code], first, last, on, lang)
    base = request.app.state.settings.public_base.rstrip("/")
    name = text("cal_title_of", lang, name=_name(backend, code, lang))
    body = feed(found, name, _published(request), words(lang), f"{base}/cycles/{code}")
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language",
        "Content-Language": lang,
        "Content-Disposition": f'inline; filename="rodtrad-{code}.ics"',
        "X-Generation": str(backend.generation),
    }
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=f"{ICS}; charset=utf-8")


@router.get("/api/v1/followups", summary="What is due, overdue and unanswered?", tags=["api"])
def follow_ups(
    request: Request,
    region: Annotated[list[str] | None, Query(max_length=40)] = None,
    on: Day = None,
    first: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    last: Annotated[str | None, Query(alias="to", max_length=40)] = None,
    format: str | None = None,
) -> Response:
    """The occasions of the cycles between ``from`` and ``to``, with their state on the day ``on``: next and
    overdue for each goal, who has not answered, what clashes, and what each occasion feeds and led to.

    ``region`` is a county code or a publisher's code, several times or not at all; the made-up county is
    left out unless it is named. Days are written 2026-01-31; the answer says which day it was seen from.
    Overdue is only said of those who publish the follow-ups that they hold. ``format`` is json or csv.
    """
    lang, backend = language_of(request), backend_of(request)
    form = chosen_format(request, format)
    found = _calendar(request, backend, region or [], first, last, on, lang)
    headers = {"Vary": "Accept, Accept-Language", "X-Generation": str(backend.generation)}
    if form == "json":
        body = json.dumps(found.as_dict(), ensure_ascii=False, indent=1)
        return Response(body, headers=headers, media_type=JSON)
    if not form.startswith("csv"):
        raise RodtradError(Problem("not-acceptable", values={"accept": form, "offered": "json, csv"}))
    buffer = io.StringIO()
    headings, rows = table(found)
    csv.writer(buffer, lineterminator="\r\n").writerows([headings, *rows])
    headers["Content-Disposition"] = 'attachment; filename="followups.csv"'
    return Response(buffer.getvalue().encode(), headers=headers, media_type=f"{CSV}; charset=utf-8")


def _calendar(
    request: Request,
    backend: Backend,
    codes: list[str],
    first: str | None,
    last: str | None,
    on: str | None,
    lang: Lang,
) -> Calendar:
    seen = day(on, "on", today(as_of(request)))
    early, late = year_around(seen)
    for code in codes:
        _name(backend, code, lang)
    return asked_calendar(backend, codes, day(first, "from", early), day(last, "to", late), seen, lang)


def _name(backend: Backend, code: str, lang: Lang) -> str:
    """Who a code stands for. Raises RodtradError ``unknown-region``."""
    found = holders_with(backend, code, lang)
    if found:
        return found[0].label
    county = by_code(regions(backend, lang), code)
    if county is None:
        raise RodtradError(Problem("unknown-region", values={"code": code[:80]}))
    return county.label.text


def _published(request: Request) -> datetime:
    """When the data that answer were published: the stamp of every event."""
    created = request.app.state.store.current().created
    return datetime.fromisoformat(created) if created else datetime(1970, 1, 1, tzinfo=UTC)
