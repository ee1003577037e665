"""A roll-up as RDF: each result an observation that is derived from its members (A18)."""

from __future__ import annotations

from rdflib import PROV, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, QB

from ...ontology.names import PREFIXES, RT, SCHEME
from ...ontology.problems import LANGS
from .answer import Rollup
from .calculation import Result


def to_turtle(answer: Rollup) -> str:
    """Every result with its value, verdict (``dcterms:type``), rules (``dcterms:conformsTo``) and members.

    A result is a ``qb:Observation`` but no ``rt:Observation``: who publishes it does not have it summed again
    with its own members.
    """
    graph = Graph()
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    work = BNode("work")
    graph.add((work, RDF.type, PROV.Activity))
    graph.add((work, RDFS.comment, Literal(answer.sparql)))
    if answer.generation is not None:
        graph.add((work, DCTERMS.identifier, Literal(str(answer.generation))))
    for number, result in enumerate(answer.results, 1):
        node = BNode(f"result{number}")
        graph.add((node, PROV.wasGeneratedBy, work))
        graph.add((node, RT.indicator, URIRef(answer.indicator)))
        _add(graph, node, answer, result)
    return graph.serialize(format="turtle")


def _add(graph: Graph, node: BNode, answer: Rollup, result: Result) -> None:
    for kind in (QB.Observation, PROV.Entity):
        graph.add((node, RDF.type, kind))
    graph.add((node, RT.place, URIRef(result.place)))
    if result.period:
        path = RT.year if result.period.isdigit() else RT.period
        graph.add((node, path, Literal(int(result.period)) if path == RT.year else Literal(result.period)))
    if result.value is not None:
        graph.add((node, RT.value, Literal(result.value)))
    if result.unit:
        graph.add((node, RT.unit, Literal(result.unit)))
    for category in result.categories:
        graph.add((node, RT.breakdownCategory, URIRef(category)))
    graph.add((node, DCTERMS.type, SCHEME[f"rollup-verdict/{result.verdict}"]))
    for rule in result.rules:
        graph.add((node, DCTERMS.conformsTo, SCHEME[f"aggregation-rule/{rule.lower()}"]))
    for lang in LANGS:
        said = f"{answer.explanation(result, lang)} {answer.alternative(result, lang)}".strip()
        graph.add((node, RDFS.comment, Literal(said, lang=lang)))
    for member in result.members:
        graph.add((node, PROV.wasDerivedFrom, URIRef(member.observation)))
