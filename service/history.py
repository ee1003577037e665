"""Every generation with what it changed, what differs between two, going back, and the archive's copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from ..ontology import label
from ..ontology.names import PREFIXES, ROOT
from ..ontology.problems import Lang, Problem, RodtradError
from ..store import Generation, GraphDiff, Store
from ..store.audit import record
from ..store.patch import MEDIA_TYPE, rdf_patch
from ..store.triples import split, subjects
from .archive import archive
from .authorization import administrator, writer_of
from .backend import Term
from .negotiation import HTML, JSON, best
from .rendering import language_of, render
from .texts import text
from .words import Labels, Value, Words, words_of

router = APIRouter(tags=["history"])
_LABEL = PREFIXES["rdfs"] + "label"
_COMPUTED = ("vocabulary", "derived")


@dataclass(frozen=True)
class PropertyChange:
    """The values of one property that went and came."""

    property: Words
    before: tuple[Value, ...]
    after: tuple[Value, ...]


@dataclass(frozen=True)
class ResourceChange:
    """What happened to one resource."""

    iri: str
    label: Words
    kind: Literal["added", "removed", "changed"]
    properties: tuple[PropertyChange, ...]


@dataclass(frozen=True)
class GraphChange:
    """What happened to one publication; computed graphs have their counts alone."""

    iri: str
    label: Words
    statements_added: int
    statements_removed: int
    counts: dict[str, int]
    resources: tuple[ResourceChange, ...]
    """As many as a page shows."""


@router.get("/publications/history", summary="All generations")
def history(request: Request) -> Response:
    """Newest first: when, by whom, what changed, and what was purged since."""
    store: Store = request.app.state.store
    lang = language_of(request)
    found = store.generations()[::-1]
    labels = _labels(request, [change.graph for one in found for change in one.changes], lang)
    values = {
        "title": text("history", lang),
        "generations": [_told(store, one, labels) for one in found],
    }
    return render(request, "history.html", values)


@router.get("/publications/diff", summary="What differs between two generations")
def diff(request: Request) -> Response:
    """``from`` and ``to`` are their numbers. As a page, or as RDF Patch by ``Accept`` or ``format=patch``."""
    store: Store = request.app.state.store
    older, newer = _number(request, "from"), _number(request, "to")
    for number in (older, newer):
        if number:
            store.readable(number)
    accept = request.headers.get("accept")
    wanted = best(accept, (HTML, MEDIA_TYPE))
    if request.query_params.get("format") == "patch" or wanted == MEDIA_TYPE:
        name = f"{ROOT}publications/diff?from={older}&to={newer}"
        headers = {"Content-Disposition": f'attachment; filename="{older}-{newer}.rdfp"', "Vary": "Accept"}
        return StreamingResponse(rdf_patch(store.diff(older, newer), name), 200, headers, MEDIA_TYPE)
    if wanted is None:
        values = {"accept": accept or "", "offered": f"{HTML}, {MEDIA_TYPE}"}
        raise RodtradError(Problem("not-acceptable", values=values))
    lang = language_of(request)
    limit = request.app.state.settings.page_rows
    changes, shown, total = _changes(request, store, older, newer, lang, limit)
    values = {
        "title": text("diff_title", lang, older=older, newer=newer),
        "graphs": changes,
        "older": older,
        "newer": newer,
        "shown": shown,
        "total": total,
    }
    return render(request, "diff.html", values)


@router.get("/publications/archive", summary="A publication for the archive")
def for_archive(request: Request, graph: str) -> Response:
    """A zip file with data, report, origins, hashes; with the publisher's token also what is not public."""
    private = "authorization" in request.headers
    if private:
        writer_of(request, graph)
    content = archive(request.app.state.store, graph, with_private=private)
    headers = {
        "Content-Disposition": f'attachment; filename="{graph.rstrip("/").rpartition("/")[2][:80]}.zip"'
        if graph.isascii() and graph.isprintable() and '"' not in graph
        else "attachment",
        "Cache-Control": "private, no-store" if private else "no-cache",
        "Vary": "Authorization",
    }
    return Response(content, 200, headers, "application/zip")


@router.get("/publications/{number}", summary="One generation")
def generation(request: Request, number: int) -> Response:
    """What one generation changed; what it holds is seen with ``asOf``."""
    store: Store = request.app.state.store
    lang = language_of(request)
    found = store.generation(number)
    labels = _labels(request, [change.graph for change in found.changes], lang)
    values = {
        "title": text("generation_title", lang, number=number),
        "one": _told(store, found, labels),
        "newest": store.current().number,
    }
    return render(request, "generation.html", values)


@router.post("/publications/{number}/rollback", summary="Go back to a generation, as a new one")
def rollback(request: Request, number: int) -> Response:
    """For administrators. All generations stay."""
    token = administrator(request)
    store: Store = request.app.state.store
    by = f"admin:{token.id}"
    try:
        made = store.rollback(number, by=by)
    except RodtradError as error:
        record(store.folder, by=by, action="rollback", to=number, outcome=error.problems[0].code)
        raise
    record(store.folder, by=by, action="rollback", to=number, outcome="done", generation=made.number)
    request.app.state.backend.refresh()
    return Response(
        f'{{"generation": {made.number}, "restored": {number}}}',
        200,
        {"X-Generation": str(made.number)},
        JSON,
    )


def _told(store: Store, one: Generation, labels: Labels) -> dict[str, object]:
    stones = store.purged_in(one.number)
    return {
        "number": one.number,
        "created": one.created[:19].replace("T", " "),
        "by": one.by.partition(":")[0],
        "restored": one.restored,
        "changes": [
            {
                "kind": change.kind,
                "iri": None if change.kind in _COMPUTED else change.graph,
                "label": labels.words(change.graph),
                "added": change.triples_added,
                "removed": change.triples_removed,
            }
            for change in one.changes
        ],
        "purged": sorted({(stone.time[:10], stone.reason) for stone in stones}),
    }


def _changes(
    request: Request, store: Store, older: int, newer: int, lang: Lang, limit: int
) -> tuple[list[GraphChange], int, int]:
    """Each graph's changes, how many resources are shown in all, and how many there are."""
    difference = store.diff(older, newer)
    computed = set(store.computed_graphs())
    parts = {iri: list(_resources(store, older, newer, iri, one)) for iri, one in difference.graphs.items()}
    named = {iri for found in parts.values() for iri, *_ in found}
    targets = {
        quad.object.value
        for one in difference.graphs.values()
        for quad in _parsed([*one.added, *one.removed])
        if isinstance(quad.object, ox.NamedNode)
    }
    labels = _labels(request, [*difference.graphs, *named, *targets], lang)
    changes, left = [], limit
    for graph, one in difference.graphs.items():
        found = [] if graph in computed else parts[graph]
        counts = {kind: sum(1 for _, k, _ in found if k == kind) for kind in ("added", "removed", "changed")}
        shown = tuple(_resource(iri, kind, lines, labels, lang) for iri, kind, lines in found[:left])
        left -= len(shown)
        changes.append(
            GraphChange(graph, labels.words(graph), len(one.added), len(one.removed), counts, shown)
        )
    total = sum(sum(change.counts.values()) for change in changes)
    return changes, limit - left, total


def _resources(
    store: Store, older: int, newer: int, graph: str, change: GraphDiff
) -> Iterator[tuple[str, Literal["added", "removed", "changed"], GraphDiff]]:
    before, after = (_about(store, graph, number) for number in (older, newer))
    for iri, lines in change.by_resource().items():
        kind = "changed" if iri in before and iri in after else "added" if iri in after else "removed"
        yield iri, kind, lines


def _about(store: Store, graph: str, number: int) -> frozenset[str]:
    try:
        return subjects(split(store.graph(graph, number)))
    except RodtradError as error:
        if error.problems[0].code == "unknown-graph":
            return frozenset()
        raise


def _resource(
    iri: str, kind: Literal["added", "removed", "changed"], lines: GraphDiff, labels: Labels, lang: Lang
) -> ResourceChange:
    sides: dict[str, tuple[list[Term], list[Term]]] = {}
    for side, texts in enumerate((lines.removed, lines.added)):
        for quad in _parsed(texts):
            sides.setdefault(quad.predicate.value, ([], []))[side].append(quad.object)
    own = [term for side in sides.get(_LABEL, ([], [])) for term in side]
    name = labels.words(iri) if iri in labels or not own else words_of(own[0])
    properties = tuple(
        PropertyChange(
            Words(label(property_iri, lang) or property_iri, lang),
            tuple(labels.value(term, property_iri) for term in before),
            tuple(labels.value(term, property_iri) for term in after),
        )
        for property_iri, (before, after) in sorted(sides.items())
    )
    return ResourceChange(iri, name, kind, properties)


def _parsed(lines: Sequence[str]) -> list[ox.Quad]:
    return list(ox.parse("\n".join(lines).encode(), ox.RdfFormat.N_TRIPLES)) if lines else []


def _labels(request: Request, iris: Sequence[str], lang: Lang) -> Labels:
    return Labels(request.app.state.backend, iris, lang)


def _number(request: Request, name: str) -> int:
    given = request.query_params.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise RodtradError(Problem("value-unreadable", values={"name": name, "given": given[:200]}))
    return int(given)
