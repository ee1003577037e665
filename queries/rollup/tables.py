"""The decision tables of ``ontology/aggregation-tables.ttl``: defaults, findings, units, precedence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Literal, Node

from ...ontology import label, vocabulary_graph
from ...ontology.names import ID, RT, SCHEME
from ...ontology.problems import LANGS, Lang

AXES = ("place", "time", "breakdown")
REFUSED = "refused"
EXACT = "exact"


@dataclass(frozen=True)
class Default:
    """How a kind of measure is put together over each axis, and which functions an indicator may state."""

    functions: Mapping[str, str]
    allowed: Mapping[str, frozenset[str]]
    otherwise: str
    rule: str


@dataclass(frozen=True)
class FindingKind:
    """What a finding does to the answer: the rule it follows from and the best verdict that is then left."""

    code: str
    rule: str
    verdict: str
    reason: str | None
    sentences: Mapping[Lang, str]
    alternatives: Mapping[Lang, str]


@cache
def defaults() -> Mapping[tuple[str, str], Default]:
    """The defaults by measure kind and additivity."""
    graph = vocabulary_graph()
    return {
        (_one(graph, node, "measureKind"), _one(graph, node, "additivity")): Default(
            functions={axis: _one(graph, node, f"functionOver{axis.title()}") for axis in AXES},
            allowed={
                axis: frozenset(
                    tail(value) for value in graph.objects(node, RT[f"allowedOver{axis.title()}"])
                )
                for axis in AXES
            },
            otherwise=_one(graph, node, "disallowedReason"),
            rule=_rule_id(graph, node),
        )
        for node in graph.subjects(RDF.type, RT.AggregationDefault)
    }


@cache
def finding_kinds() -> Mapping[str, FindingKind]:
    """Every finding that the calculation may make, by its code."""
    graph = vocabulary_graph()
    found = {}
    kinds = (RT.RollupFinding, RT.AttainmentFinding)
    for node in {node for kind in kinds for node in graph.subjects(RDF.type, kind)}:
        code = str(graph.value(node, SKOS.notation))
        found[code] = FindingKind(
            code=code,
            rule=_rule_id(graph, node),
            verdict=_one(graph, node, "yieldsVerdict"),
            reason=_one(graph, node, "refusalReason") or None,
            sentences=_texts(graph, node, "sentence"),
            alternatives=_texts(graph, node, "alternative"),
        )
    return found


@cache
def required_of(concept: URIRef) -> Mapping[str, Mapping[Lang, str]]:
    """The properties that a kind of measure, function or target must state, each with its name."""
    graph = vocabulary_graph()
    return {
        tail(path): {lang: label(str(path), lang) for lang in LANGS}
        for path in sorted(graph.objects(concept, RT.requiresProperty), key=str)
    }


@cache
def precedence(scheme: str) -> Mapping[str, int]:
    """The order of the concepts of a scheme: the highest decides."""
    graph = vocabulary_graph()
    return {
        tail(concept): int(str(graph.value(concept, RT.precedence)))
        for concept in graph.subjects(SKOS.inScheme, SCHEME[scheme])
        if graph.value(concept, RT.precedence) is not None
    }


@cache
def units() -> Mapping[str, tuple[str, int]]:
    """Words for units, in lower case, each with the unit it is a power of ten of, and that power."""
    graph = vocabulary_graph()
    found: dict[str, tuple[str, int]] = {}
    for concept in graph.subjects(SKOS.inScheme, SCHEME["unit"]):
        base = graph.value(concept, RT.baseUnit)
        power = graph.value(concept, RT.unitMultiplier)
        meaning = (tail(base), int(str(power or 0))) if base else (tail(concept), 0)
        for path in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation):
            for word in graph.objects(concept, path):
                found[" ".join(str(word).casefold().split())] = meaning
    return found


@cache
def divisions() -> Mapping[str, str]:
    """The code lists, each with one list that stands for all that divide the country into the same areas;
    "" is the list of the places themselves."""
    graph = vocabulary_graph()
    lists = sorted(str(one) for one in graph.subjects(SKOS.inScheme, SCHEME["code-list"]))
    found = {one: one for one in lists}
    for one, other in graph.subject_objects(RT.sameAreasAs):
        kept, gone = sorted((found[str(one)], found[str(other)]))
        found = {name: kept if like == gone else like for name, like in found.items()}
    own = str(graph.value(ID["ref/country/SE"], RT.codeList))
    return found | {"": found[own]}


def unit_of(word: str) -> tuple[str, int]:
    """The base unit that a word means and the power of ten; an unknown word is a unit of its own."""
    folded = " ".join(word.casefold().split())
    return units().get(folded, (folded, 0))


def tail(iri: object) -> str:
    """The last part of an IRI."""
    return str(iri).rpartition("/")[2]


def _one(graph: Graph, node: Node, name: str) -> str:
    value = graph.value(node, RT[name])
    return tail(value) if value is not None else ""


def _rule_id(graph: Graph, node: Node) -> str:
    rule = graph.value(node, RT.underRule)
    return str(graph.value(rule, RT.ruleId)) if isinstance(rule, URIRef) else ""


def _texts(graph: Graph, node: Node, name: str) -> dict[Lang, str]:
    texts = [text for text in graph.objects(node, RT[name]) if isinstance(text, Literal)]
    return {lang: str(text) for lang in LANGS for text in texts if text.language == lang}
