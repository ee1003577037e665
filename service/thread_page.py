"""``/thread``: the red thread through one thing or one county, as a picture, an outline and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from ..ontology.problems import Lang, Problem, RodtradError, Where
from . import freshness
from .backend import Backend, ask, bound
from .chain import Chain, Element
from .chain_parts import Areas, Wanted, around, narrowed
from .chain_svg import Caption, arrange, draw
from .errors import answer as error_answer
from .links import Links
from .moment import PARAMETER, backend_of
from .negotiation import CSV, HTML
from .regions import RegionSummary, regions
from .rendering import language_of, links_of, render
from .texts import text
from .thread import Thread, leaving, of_region, of_resource
from .thread_files import as_svg, elements_csv, links_csv, years
from .thread_outline import outline, overview
from .thread_words import in_own_words
from .words import Labels, Words, iri_of, rt

router = APIRouter()
SVG = "image/svg+xml"
_MOST_READ = 20_000
_STEPS = 2
_ROWS = 200
_OUTLINED = 40
_KEPT = ("focus", "region", "priority", "area", "level", "from", "to", "words")


@dataclass(frozen=True)
class _View:
    """A thread and the part of it that is asked for, with its elements in reading order."""

    iri: str
    label: Words
    county: RegionSummary | None
    thread: Thread
    areas: Areas
    wanted: Wanted
    chain: Chain
    own_words: str
    asked: Mapping[str, str]

    def caption(self, lang: Lang) -> Caption:
        elements, links = len(self.chain.elements), len(self.chain.links)
        described = text("chain_described", lang, elements=elements, links=links)
        return Caption(text("thread_of", lang, name=self.label.text), described, lang)


@router.get("/thread", summary="The thread through a resource or a county", tags=["pages"])
def page(request: Request, iri: str) -> Response:
    """A page with the chain as a picture and as tables, or, when it is large, as an overview and an outline.

    ``focus`` shows one element with its neighbours; ``region``, ``priority``, ``area``, ``level``, ``from``
    and ``to`` (years) narrow; ``words=framework`` adds the county's own names of the levels.
    """
    unchanged = freshness.unchanged(request, HTML)
    if unchanged:
        return unchanged
    view = _view(request, iri)
    if isinstance(view, Response):
        return view
    values = {
        "title": text("thread_of", language_of(request), name=view.label.text),
        **_values(request, view),
    }
    return render(request, "thread.html", values, headers=freshness.headers(request, HTML))


@router.get("/thread.svg", summary="The picture of a thread as a file", tags=["pages"])
def picture_file(request: Request, iri: str) -> Response:
    """The picture alone, with its style. The same parameters as the page."""
    view = _view(request, iri)
    if isinstance(view, Response):
        return view
    made = as_svg(view.chain, view.caption(language_of(request)), _absolute(request))
    return _file(request, made, SVG, "thread.svg")


@router.get("/thread.csv", summary="The tables of a thread as files", tags=["pages"])
def table_file(request: Request, iri: str, part: str = "elements") -> Response:
    """The elements, or with ``part=links`` the links. The same parameters as the page."""
    view = _view(request, iri)
    if isinstance(view, Response):
        return view
    write = links_csv if part == "links" else elements_csv
    made = write(view.chain, _reading(view.chain), language_of(request))
    return _file(request, made, CSV, f"thread-{'links' if part == 'links' else 'elements'}.csv")


def _file(request: Request, made: str, media: str, name: str) -> Response:
    headers = freshness.headers(request, media)
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(made, headers=headers, media_type=media)


def _absolute(request: Request) -> Any:
    """Addresses that hold outside the page too."""
    links, base = links_of(request), str(request.base_url).rstrip("/")
    return lambda iri: base + links.resource(iri)


def _view(request: Request, iri: str) -> _View | Response:
    """The part of the thread that is asked for, or the answer that there is none."""
    backend, lang = backend_of(request), language_of(request)
    try:
        types = {
            iri_of(row["value"])
            for row in ask(backend, "resource-statements", resource=iri)
            if iri_of(row["property"]).endswith("#type")
        }
    except ValueError:
        raise RodtradError(Problem("not-an-iri", values={"given": iri[:300]})) from None
    if not types:
        return error_answer(request, [Problem("unknown-resource", Where(iri=iri), {"iri": iri})])
    whole = {rt("Region"), rt("Publication")} & types
    county = next(iter(regions(backend, lang, iri)), None) if whole else None
    find = of_region if whole else of_resource
    thread = find(backend, iri, lang, _MOST_READ)
    asked = {name: request.query_params[name] for name in _KEPT if request.query_params.get(name)}
    wanted = Wanted(
        region=asked.get("region", ""),
        priority=asked.get("priority", ""),
        area=asked.get("area", ""),
        level=_number(asked.get("level")),
        first=_number(asked.get("from")),
        last=_number(asked.get("to")),
    )
    areas = Areas(thread.chain)
    chain = narrowed(thread.chain, wanted, areas)
    if "focus" in asked:
        chain = around(chain, asked["focus"], _STEPS, request.app.state.settings.max_thread_nodes)
    chain = _not_missing(chain, thread.chain, lang)
    own_words = ""
    if asked.get("words") == "framework":
        told = _regions(thread.chain)
        places = [one for one in told if one == wanted.region] if wanted.region else [iri] if county else told
        chain, own_words = in_own_words(backend, chain, places, lang)
    label = county.label if county else Labels(backend, [iri], lang).words(iri)
    return _View(iri, label, county, thread, areas, wanted, chain, own_words, asked)


def _not_missing(part: Chain, whole: Chain, lang: Lang) -> Chain:
    """Say of a level that is empty in a part only that it is left out, not that the source is silent."""
    filled = {one.column for one in whole.elements}
    left_out = text("empty_left_out", lang)
    columns = (
        replace(column, empty=left_out) if at in filled else column for at, column in enumerate(part.columns)
    )
    return replace(part, columns=tuple(columns))


def _number(written: str | None) -> int | None:
    return int(written) if written and re.fullmatch(r"[0-9]{1,4}", written) else None


def _regions(chain: Chain) -> list[str]:
    return sorted({region for one in chain.elements for region in one.regions})


def _reading(chain: Chain) -> list[Element]:
    """The elements in the order in which the picture is read."""
    return [box.element for box in arrange(chain).boxes.values()]


def _values(request: Request, view: _View) -> dict[str, Any]:
    backend, lang, links = backend_of(request), language_of(request), links_of(request)
    chain, whole = view.chain, view.thread.chain
    drawn = len(chain.elements) <= request.app.state.settings.max_thread_nodes
    layout = arrange(chain)
    reading = [box.element for box in layout.boxes.values()]
    pages = 1 if drawn else -(-len(reading) // _ROWS)
    number = min(max(_number(request.query_params.get("page")) or 1, 1), pages)
    large = len(chain.elements) > _OUTLINED and "focus" not in view.asked

    def here(**changed: object) -> str:
        """This page with something else asked for."""
        return links.page("/thread", **{"iri": view.iri, **view.asked, **changed})

    return {
        "iri": view.iri,
        "label": view.label,
        "county": view.county,
        "thread": view.thread,
        "chain": chain,
        # chain_svg escapes every text that it writes.
        "picture": Markup(draw(layout, view.caption(lang), links.resource)) if drawn else None,  # noqa: S704
        "reading": reading if drawn else reading[(number - 1) * _ROWS : number * _ROWS],
        "number": number,
        "pages": pages,
        "here": here,
        "files": _files(links, view),
        "leaving": leaving(chain),
        "elements": {one.iri: one for one in chain.elements},
        "years_of": years,
        "work": _regional_work(backend, view.iri, view.county is not None, lang),
        "asked": view.asked,
        "wanted": view.wanted,
        "own_words": view.own_words,
        "choices": _choices(backend, whole, lang),
        "kept": {name: value for name in ("lang", PARAMETER) if (value := request.query_params.get(name))},
        "focused": next((one for one in chain.elements if one.focus and "focus" in view.asked), None),
        "area_kind": text("area_" + (view.areas.class_name or "none"), lang),
        "overview": overview(chain, view.areas, whole, lang, here) if large else None,
        "outline": outline(chain, view.areas, whole, lang, here) if large else None,
    }


def _files(links: Links, view: _View) -> dict[str, str]:
    asked = {"iri": view.iri, **view.asked}
    return {
        "svg": links.page("/thread.svg", **asked),
        "elements": links.page("/thread.csv", part="elements", **asked),
        "links": links.page("/thread.csv", part="links", **asked),
    }


def _choices(backend: Backend, chain: Chain, lang: Lang) -> dict[str, list[tuple[str, Words]]]:
    """What a reader can narrow by: only what occurs in the thread."""
    places = _regions(chain)
    labels = Labels(backend, places, lang)
    spans = [one.years for one in chain.elements if one.years]
    first, last = min((a for a, _ in spans), default=0), max((b for _, b in spans), default=-1)
    return {
        "region": [(one, labels.words(one)) for one in places],
        "priority": [(one.iri, one.label) for one in chain.elements if one.class_name == "Priority"],
        "year": [(str(year), Words(str(year))) for year in range(first, last + 1)][-120:],
    }


@cache
def _chain_classes() -> frozenset[str]:
    """The classes that have a place in a chain: those that the query of the thread names."""
    lists = re.findall(r"\?class IN \(([^)]*)\)", bound("thread-elements", {"element": []}))
    return frozenset(rt(name) for names in lists for name in re.findall(r"rt:(\w+)", names))


def is_in_chain(types: Iterable[str]) -> bool:
    """Whether a resource of these classes can have a thread."""
    return bool(_chain_classes() & set(types))


def _regional_work(backend: Backend, iri: str, is_county: bool, lang: str) -> list[dict[str, str]]:
    """What the county's work as a whole is tied to; it does not hold for single activities."""
    if is_county:
        county = iri
    else:
        rows = ask(backend, "resource-statements", resource=iri)
        county = next((iri_of(row["value"]) for row in rows if iri_of(row["property"]) == rt("about")), "")
    if not county:
        return []
    rows = ask(backend, "regional-work", region=county)
    labels = Labels(
        backend, {iri_of(term) for row in rows for term in row.values()}, "en" if lang == "en" else "sv"
    )
    return [{name: labels.value(term) for name, term in row.items()} for row in rows]  # type: ignore[misc]
