"""The reports over HTTP: a list, and each report as a page, a workbook or a document."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from ..ontology.problems import Lang, Problem, RodtradError
from .backend import Backend
from .briefings.building import build
from .briefings.content import Briefing
from .briefings.definitions import definitions, find, word
from .briefings.document import to_docx
from .briefings.excel import to_xlsx
from .briefings.sources import QUESTIONS
from .links import Links
from .moment import backend_of
from .negotiation import XLSX
from .regions import RegionSummary, regions
from .rendering import language_of, links_of, render
from .texts import text

router = APIRouter(tags=["briefings"])
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES: dict[str, tuple[str, Callable[[Briefing], bytes]]] = {
    "xlsx": (XLSX, to_xlsx),
    "docx": (DOCX, to_docx),
}
_HTML = "html"


@router.get("/briefings", summary="All reports")
def all_briefings(request: Request) -> Response:
    """The reports that can be made, each with a form for the county."""
    lang = language_of(request)
    values = {
        "title": text("briefings", lang),
        "definitions": list(definitions().values()),
        "regions": _choices(backend_of(request), lang),
        "w": word,
    }
    return render(request, "briefings.html", values)


@router.get("/briefings/{briefing_id}", summary="One report")
def briefing(
    request: Request,
    briefing_id: str,
    region: str | None = None,
    year: str | None = None,
    format: str | None = None,
) -> Response:
    """A report on a county (``region`` is its code) or the nation, as html, xlsx or docx.

    ``year`` keeps what the sources place in that year.
    """
    lang, backend = language_of(request), backend_of(request)
    form = format or _HTML
    if form != _HTML and form not in FILES:
        values = {"accept": form[:80], "offered": ", ".join((_HTML, *FILES))}
        raise RodtradError(Problem("not-acceptable", values=values))
    definition = find(briefing_id)
    made = build(backend, briefing_id, region, lang, read_year(year))
    if form in FILES:
        media, write = FILES[form]
        headers = {
            "Content-Disposition": f'attachment; filename="{file_name(made, region, form)}"',
            "Content-Language": lang,
        }
        return Response(write(made), 200, headers, media)
    values = {
        "title": made.title,
        "briefing": made,
        "notes": {note.number: note for note in made.notes},
        "definition": definition,
        "regions": _choices(backend, lang),
        "region": (region or "").strip(),
        "year": (year or "").strip(),
        "address": lambda iri: _address(request, links_of(request), iri),
        "w": word,
    }
    return render(request, "briefing.html", values)


def read_year(given: str | None) -> int | None:
    """A year as an asker writes it. Raises RodtradError ``value-unreadable``."""
    if given is None or not given.strip():
        return None
    if given.strip().isascii() and given.strip().isdigit() and len(given.strip()) == len("2020"):
        return int(given)
    raise RodtradError(Problem("value-unreadable", values={"name": "year", "given": given[:80]}))


def file_name(made: Briefing, region: str | None, form: str) -> str:
    """What the file of a report is called."""
    code = "".join(one for one in (region or "") if one.isascii() and one.isalnum())
    return "-".join(one for one in (made.id, code) if one) + f".{form}"


def _choices(backend: Backend, lang: Lang) -> list[RegionSummary]:
    return regions(backend, lang)


def _address(request: Request, links: Links, iri: str) -> str:
    """Where a source is read: a resource by its page, a question by its own."""
    base = request.app.state.settings.public_base
    if iri.startswith(base + QUESTIONS):
        return links.page("/" + iri.removeprefix(base))
    return links.resource(iri)
