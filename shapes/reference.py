"""The reference engine: pySHACL on an rdflib graph, for tests and comparison."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import rdflib
from rdflib import RDF, SH, Graph, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from ..ontology.problems import Problem, RodtradError, Where
from .findings import Raw
from .paths import path_name
from .scope import Scope, term_text

_WITH_PATH = (SH.SPARQLConstraintComponent, SH.ClosedConstraintComponent)
_WITHOUT_VALUE = {
    SH[f"{name}ConstraintComponent"]
    for name in (
        "MinCount",
        "MaxCount",
        "UniqueLang",
        "HasValue",
        "QualifiedMinCount",
        "QualifiedMaxCount",
    )
}


def reference_results(shapes: Graph, scope: Scope) -> Iterator[Raw]:
    """The results of pySHACL for the nodes that the data describe.

    Known differences, checked by hand instead: pySHACL stops where sh:lessThan meets values of different
    kinds, and finds no fault in a number whose bound is a date. SHACL calls both a violation, and so does
    the compiler.

    Args:
        shapes: A copy of the shapes that may be changed: pySHACL writes into it.
        scope: Data and context.

    Raises:
        RodtradError: ``reference-failed`` where pySHACL cannot load or run the shapes.
    """
    import pyshacl  # heavy, and not needed on the product's path

    with _literals_as_written():
        merged = scope.graph()
        data = _QueriedOften(store=merged.store, identifier=merged.identifier)
        options: dict[str, Any] = {"inference": "none", "advanced": False, "js": False, "meta_shacl": False}
        _, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True, **options)
    if not isinstance(report, Graph):
        raise RodtradError(Problem("reference-failed", Where(), {"reason": str(report or text)[:300]}))
    for result in report.subjects(RDF.type, SH.ValidationResult):
        raw = _raw(report, shapes, result)
        if raw is not None and raw.focus in scope.described:
            yield raw


class _QueriedOften(Graph):
    """A graph that reads a query once, however many focus nodes it is put to."""

    def query(self, query_object: str | Query, *args: Any, initNs: Any = None, **kwargs: Any) -> Result:
        if isinstance(query_object, str):
            query_object = _prepared(query_object)
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    return prepareQuery(text)


@contextmanager
def _literals_as_written() -> Iterator[None]:
    """Keep rdflib from rewriting literals that the store has already brought to their normal form."""
    logger = logging.getLogger("rdflib.term")
    level, normalise = logger.level, rdflib.NORMALIZE_LITERALS
    logger.setLevel(logging.ERROR)
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        logger.setLevel(level)
        rdflib.NORMALIZE_LITERALS = normalise


def _raw(report: Graph, shapes: Graph, result: Node) -> Raw | None:
    focus = report.value(result, SH.focusNode)
    component = report.value(result, SH.sourceConstraintComponent)
    shape = report.value(result, SH.sourceShape)
    if focus is None or shape is None or not isinstance(component, URIRef):
        return None
    if (None, SH.detail, result) in report:
        return None
    path = shapes.value(shape, SH.path)
    name = path_name(shapes, path) if path is not None else None
    stated = report.value(result, SH.resultPath)
    if component in _WITH_PATH and isinstance(stated, URIRef):
        name = str(stated)
    value = None if component in _WITHOUT_VALUE else report.value(result, SH.value)
    return Raw(
        focus=term_text(focus),
        path=name,
        value=term_text(value) if value is not None else None,
        component=component,
        shape=shape,
    )
