"""Validate a publication against the shapes of a tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal

import pyoxigraph as ox
from rdflib import SH, URIRef

from .compiler import Check, FocusSet, Program, Target
from .conditions import FOCUS_GRAPH, FOCUS_OF, IS_A
from .findings import LeftOut, Raw, assemble
from .library import Library, library
from .reference import reference_results
from .report import MAX_FINDINGS, Report
from .rulebook import Rule
from .scope import Scope, term_text

Engine = Literal["compiled", "pyshacl"]
_Term = ox.NamedNode | ox.BlankNode | ox.Literal

_FOCUS_GRAPH = ox.NamedNode(FOCUS_GRAPH.strip("<>"))
_FOCUS_OF = ox.NamedNode(FOCUS_OF.strip("<>"))
_IS_A = ox.NamedNode(IS_A.strip("<>"))
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SUBCLASSES = (
    """SELECT DISTINCT ?c WHERE {{ ?c <http://www.w3.org/2000/01/rdf-schema#subClassOf>* <{iri}> }}"""
)


def validate(
    data: bytes,
    context: Sequence[bytes],
    tier: str,
    engine: Engine = "compiled",
    shapes: Library | None = None,
) -> Report:
    """Validate data and report what concerns the nodes that the data describe.

    Args:
        data: The publication, N-Triples.
        context: What it may refer to (vocabulary, other publications), N-Triples each. Findings about nodes
            that only the context describes are dropped.
        tier: "bas", "kedja" or "full" ("none" tests nothing); each includes the ones before it.
        engine: "compiled" is the product's path; "pyshacl" the reference that it is held against.
        shapes: Other shapes than the package's own.

    Raises:
        RodtradError: ``unknown-tier``, ``unreadable-for-validation``, or shapes that cannot be read or
            compiled.
    """
    shapes = shapes or library()
    chosen = shapes.tier(tier)
    scope = Scope(data, context)
    left_out: LeftOut = Counter()
    if engine == "compiled":
        results = list(_run(shapes, shapes.program(chosen), scope, left_out))
    else:
        results = list(reference_results(shapes.at(chosen), scope))
    return assemble(results, shapes, scope, chosen, left_out)


def rules() -> list[Rule]:
    """Every rule of the package, by id, those for single fields included."""
    return list(library().rulebook.rules)


def _run(shapes: Library, program: Program, scope: Scope, left_out: LeftOut) -> Iterator[Raw]:
    for cls in program.classes:
        for row in scope.store.query(_SUBCLASSES.format(iri=cls)):  # type: ignore[union-attr]
            scope.store.add(ox.Quad(row[0], _IS_A, ox.NamedNode(str(cls)), _FOCUS_GRAPH))
        scope.store.add(ox.Quad(ox.NamedNode(str(cls)), _IS_A, ox.NamedNode(str(cls)), _FOCUS_GRAPH))
    known: dict[Target, set[_Term]] = {}
    for focus_set in program.sets:
        for target in focus_set.targets:
            if target not in known:
                known[target] = set(_targets(target, scope))
        if _add_focus(focus_set, scope, known):
            for check in focus_set.checks:
                yield from _results(shapes, check, scope, left_out)


def _add_focus(focus_set: FocusSet, scope: Scope, known: Mapping[Target, set[_Term]]) -> bool:
    name = ox.NamedNode(focus_set.iri)
    found = {node for target in focus_set.targets for node in known[target]}
    if focus_set.derived is not None:
        found |= {row[0] for row in scope.store.query(focus_set.derived)}  # type: ignore[union-attr]
    if not focus_set.feeds_others:
        found &= scope.subjects
    nodes = [node for node in found if isinstance(node, ox.NamedNode | ox.BlankNode)]
    scope.store.extend(ox.Quad(node, _FOCUS_OF, name, _FOCUS_GRAPH) for node in nodes)
    return bool(nodes)


def _targets(target: Target, scope: Scope) -> Iterator[_Term]:
    iri = ox.NamedNode(str(target.value)) if isinstance(target.value, URIRef) else None
    if iri is None:
        return
    if target.kind == SH.targetNode:
        yield iri
    elif target.kind == SH.targetClass:
        classes = {row[0] for row in scope.store.query(_SUBCLASSES.format(iri=iri.value))} | {iri}  # type: ignore[union-attr]
        for cls in classes:
            for quad in scope.store.quads_for_pattern(None, ox.NamedNode(_RDF_TYPE), cls, ox.DefaultGraph()):
                yield quad.subject  # type: ignore[misc]
    else:
        subjects = target.kind == SH.targetSubjectsOf
        for quad in scope.store.quads_for_pattern(None, iri, None, ox.DefaultGraph()):
            yield quad.subject if subjects else quad.object  # type: ignore[misc]


def _results(shapes: Library, check: Check, scope: Scope, left_out: LeftOut) -> Iterator[Raw]:
    rows = _rows(shapes, check, scope)
    yield from islice(rows, MAX_FINDINGS)
    beyond = sum(1 for _ in rows)
    if beyond:
        left_out[check.shape, check.component] += beyond


def _rows(shapes: Library, check: Check, scope: Scope) -> Iterator[Raw]:
    solutions = scope.store.query(check.query)
    names = {variable.value for variable in solutions.variables}  # type: ignore[union-attr]
    by_query = check.component == SH.SPARQLConstraintComponent
    bare = (check.shape, SH.path, None) not in shapes.graph
    for solution in solutions:  # type: ignore[union-attr]
        focus = solution["this"]
        if focus not in scope.subjects:
            continue
        value = solution["value"] if "value" in names else None
        path = solution["path"] if by_query and "path" in names else None
        if value is None and by_query and bare:
            value = focus
        yield Raw(
            focus=term_text(focus),
            path=term_text(path) if path is not None else check.path,
            value=term_text(value) if value is not None else None,
            component=check.component,
            shape=check.shape,
        )
