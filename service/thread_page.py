"""``/thread``: the red thread through one thing or one county, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from ..ontology.problems import Problem, RodtradError, Where
from . import freshness
from .backend import Backend, ask, bound
from .chain_svg import Caption, arrange, draw
from .errors import answer as error_answer
from .moment import backend_of
from .negotiation import HTML
from .regions import regions
from .rendering import language_of, links_of, render
from .texts import text
from .thread import leaving, of_region, of_resource
from .words import Labels, iri_of, rt

router = APIRouter()


@router.get("/thread", summary="The thread through a resource or a county", tags=["pages"])
def page(request: Request, iri: str) -> Response:
    """A page with the chain as a picture and as tables."""
    unchanged = freshness.unchanged(request, HTML)
    if unchanged:
        return unchanged
    backend, lang = backend_of(request), language_of(request)
    most = request.app.state.settings.max_thread_nodes
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
    thread = of_region(backend, iri, lang, most) if whole else of_resource(backend, iri, lang, most)
    label = county.label if county else Labels(backend, [iri], lang).words(iri)
    links = links_of(request)
    title = text("thread_of", lang, name=label.text)
    caption = Caption(
        title,
        text("chain_described", lang, elements=len(thread.chain.elements), links=len(thread.chain.links)),
        lang,
    )
    layout = arrange(thread.chain)
    values = {
        "title": title,
        "iri": iri,
        "label": label,
        "county": county,
        "thread": thread,
        # chain_svg escapes every text that it writes.
        "picture": Markup(draw(layout, caption, links.resource)),  # noqa: S704
        "reading": [box.element for box in layout.boxes.values()],
        "leaving": leaving(thread.chain),
        "elements": {one.iri: one for one in thread.chain.elements},
        "work": _regional_work(backend, iri, county is not None, lang),
    }
    return render(request, "thread.html", values, headers=freshness.headers(request, HTML))


@cache
def _chain_classes() -> frozenset[str]:
    """The classes that have a place in a chain: those that the query of the thread names."""
    import re

    names = re.findall(r"\(rt:(\w+) \d\)", bound("thread-elements", {"element": []}))
    return frozenset(rt(name) for name in names)


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
