"""The JSON-LD context: the words of the vocabulary as keys of JSON, with what their values are.

It is made of the declarations and keeps to what JSON-LD 1.0 knows, so that older readers take it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef

from . import vocabulary_graph
from .names import PREFIXES, ROOT, RT

CONTEXT_IRI = ROOT + "ns/context.jsonld"
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@dataclass(frozen=True)
class Use:
    """What one form says of a property: ``datatype`` is ``None`` when its values are resources."""

    path: URIRef
    datatype: URIRef | None
    multiple: bool


def context(uses: Iterable[Use] = ()) -> dict[str, Any]:
    """The context of the vocabulary: prefixes, classes, and properties with the kind of their values.

    Args:
        uses: What forms say of properties. Where they and the vocabulary do not agree on one kind of value,
            nothing is said of it, and each value tells its own.
    """
    graph = vocabulary_graph()
    by_path: dict[URIRef, list[Use]] = {}
    for use in uses:
        by_path.setdefault(use.path, []).append(use)
    made: dict[str, Any] = dict(PREFIXES)
    for cls in _ours(graph, OWL.Class):
        made[_local(cls)] = _compact(cls)
    own = {one for kind in _PROPERTIES for one in _ours(graph, kind)}
    # Our own words first: a foreign one with the same name keeps its prefix.
    for prop in [*sorted(own), *sorted(set(by_path) - own)]:
        name = _local(prop)
        if name in made or _compact(prop) == prop:
            continue
        made[name] = {"@id": _compact(prop), **_values(graph, prop, by_path.get(prop, []))}
    return {"@context": made}


def used(whole: Mapping[str, Any], document: object) -> dict[str, Any]:
    """The part of a context that a compacted document needs: its keys, its types and every prefix."""
    words: set[str] = set()
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            types = item.get("@type", [])
            words |= {*item, *(types if isinstance(types, list) else [types])}
            waiting.extend(item.values())
    terms = whole["@context"]
    return {"@context": {name: said for name, said in terms.items() if name in PREFIXES or name in words}}


def _ours(graph: Graph, kind: URIRef) -> list[URIRef]:
    found = graph.subjects(RDF.type, kind)
    return sorted({one for one in found if isinstance(one, URIRef) and one.startswith(RT)})


def _values(graph: Graph, prop: URIRef, uses: list[Use]) -> dict[str, Any]:
    kinds = {use.datatype for use in uses} or _declared(graph, prop)
    several = {"@container": "@set"} if any(use.multiple for use in uses) else {}
    if kinds == {None}:
        return {"@type": "@id", **several}
    if kinds == {RDF.langString}:
        return {"@container": "@language"}
    (kind,) = kinds if len(kinds) == 1 else (None,)
    if kind in (None, XSD.string, RDFS.Literal):
        return several
    return {"@type": _compact(kind), **several}


def _declared(graph: Graph, prop: URIRef) -> set[URIRef | None]:
    """The kinds of values by the vocabulary alone; empty when it does not say."""
    if (prop, RDF.type, OWL.ObjectProperty) in graph:
        return {None}
    return {kind for kind in graph.objects(prop, RDFS.range) if isinstance(kind, URIRef)}


def _compact(iri: URIRef) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return str(iri)


def _local(iri: URIRef) -> str:
    return str(iri).rstrip("/#").rpartition("#")[2].rpartition("/")[2]
