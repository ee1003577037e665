"""The part of the vocabulary and of data that OWL 2 DL and HermiT can take, and a list of the rest.

What is left out says nothing that a reasoner could contradict (names, definitions, notes), or is in a
datatype that HermiT does not know, such as ``xsd:date``: those values are tested by the SHACL rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal as OneOf

from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

Reason = OneOf["annotation", "datatype", "blank-node", "term-as-value", "undeclared-class", "wrong-kind"]
Triple = tuple[URIRef, URIRef, Node]

_NAMES = """string normalizedString token language Name NCName NMTOKEN decimal integer nonNegativeInteger
nonPositiveInteger positiveInteger negativeInteger long int short byte unsignedLong unsignedInt unsignedShort
unsignedByte double float boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"""
DATATYPES = frozenset(URIRef(f"{XSD}{name}") for name in _NAMES.split())
"""The datatypes of OWL 2 that HermiT knows."""

_KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
_TRAITS = frozenset(
    {
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.SymmetricProperty,
        OWL.AsymmetricProperty,
        OWL.IrreflexiveProperty,
        OWL.ReflexiveProperty,
        OWL.TransitiveProperty,
    }
)
_CLASS_AXIOMS = frozenset({RDFS.subClassOf, OWL.disjointWith, OWL.equivalentClass})
_PROPERTY_AXIOMS = frozenset(
    {RDFS.subPropertyOf, OWL.inverseOf, OWL.equivalentProperty, OWL.propertyDisjointWith}
)
_INDIVIDUAL_AXIOMS = frozenset({OWL.differentFrom, OWL.sameAs})
_NOT_INDIVIDUALS = frozenset({OWL.Ontology, OWL.AnnotationProperty, RDF.Property, *_KINDS, *_TRAITS})


@dataclass(frozen=True)
class LeftOut:
    """Statements that were left out for one reason.

    Attributes:
        reason: Why: an annotation, a datatype that HermiT does not know, a blank node, a term used as a
            value, a class that is not declared, or a value of the wrong kind for its property.
        term: The property, datatype or class concerned.
        count: How many statements.
    """

    reason: Reason
    term: str
    count: int


@dataclass(frozen=True)
class Subset:
    """What the reasoner is given, and what it is not."""

    triples: frozenset[Triple]
    left_out: tuple[LeftOut, ...]


def owl_subset(*graphs: Iterable[tuple[Node, Node, Node]]) -> Subset:
    """The statements that a reasoner can use; declarations of foreign classes and properties are added."""
    graph = Graph()
    for part in graphs:
        for triple in part:
            graph.add(triple)
    return _Sorting(graph).result()


class _Sorting:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.kinds = _kinds(graph)
        self.kept: set[Triple] = {(term, RDF.type, kind) for term, kind in self.kinds.items()}
        self.dropped: Counter[tuple[Reason, str]] = Counter()

    def result(self) -> Subset:
        for s, p, o in self.graph:
            why = self._why_not(s, p, o)
            if why is None:
                self.kept.add((s, p, o))  # type: ignore[arg-type]
            else:
                self.dropped[why] += 1
        left = (LeftOut(reason, term, count) for (reason, term), count in sorted(self.dropped.items()))
        return Subset(frozenset(self.kept), tuple(left))

    def _why_not(self, s: Node, p: Node, o: Node) -> tuple[Reason, str] | None:
        if not isinstance(s, URIRef) or not isinstance(o, URIRef | Literal):
            return "blank-node", str(p)
        if p == RDF.type:
            return self._type(s, o)
        if p in _CLASS_AXIOMS:
            return self._need(o, OWL.Class)
        if p in (RDFS.domain, RDFS.range):
            return self._bound(s, p, o)
        if p in _PROPERTY_AXIOMS:
            same = self.kinds.get(s) == self.kinds.get(o) and self.kinds.get(s) in _KINDS[1:]  # type: ignore[arg-type]
            return None if same else ("annotation", str(p))
        if p in _INDIVIDUAL_AXIOMS:
            return None
        return self._assertion(p, o)

    def _type(self, s: Node, o: Node) -> tuple[Reason, str] | None:
        if o in _KINDS:
            return None
        if o in _TRAITS:
            return None if self.kinds.get(s) in _KINDS[1:] else ("annotation", str(o))  # type: ignore[arg-type]
        if o in _NOT_INDIVIDUALS:
            return "annotation", str(o)
        return self._need(o, OWL.Class)

    def _need(self, term: Node, kind: URIRef) -> tuple[Reason, str] | None:
        return None if self.kinds.get(term) == kind else ("undeclared-class", str(term))  # type: ignore[arg-type]

    def _bound(self, s: Node, p: Node, o: Node) -> tuple[Reason, str] | None:
        kind = self.kinds.get(s)  # type: ignore[arg-type]
        if kind is None:
            return "annotation", str(p)
        if p == RDFS.range and kind == OWL.DatatypeProperty:
            return None if o in DATATYPES else ("datatype", str(o))
        return self._need(o, OWL.Class)

    def _assertion(self, p: Node, o: Node) -> tuple[Reason, str] | None:
        kind = self.kinds.get(p)  # type: ignore[arg-type]
        if kind == OWL.ObjectProperty:
            if not isinstance(o, URIRef):
                return "wrong-kind", str(p)
            return ("term-as-value", str(p)) if o in self.kinds else None
        if kind == OWL.DatatypeProperty:
            if not isinstance(o, Literal):
                return "wrong-kind", str(p)
            datatype = o.datatype or (XSD.string if o.language is None else RDF.langString)
            return None if datatype in DATATYPES else ("datatype", str(datatype))
        return "annotation", str(p)


def _kinds(graph: Graph) -> Mapping[URIRef, URIRef]:
    """Each class and property with its kind; foreign ones that ours stand under get the kind of ours."""
    kinds = {s: kind for kind in _KINDS for s in graph.subjects(RDF.type, kind) if isinstance(s, URIRef)}
    for axiom in _CLASS_AXIOMS:
        for s, o in graph.subject_objects(axiom):
            kinds |= {term: OWL.Class for term in (s, o) if isinstance(term, URIRef) and term not in kinds}
    for o in (*graph.objects(None, RDFS.domain), *graph.objects(None, RDFS.range)):
        if isinstance(o, URIRef) and o not in kinds and not _is_datatype(o):
            kinds[o] = OWL.Class
    for axiom in (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf):
        for s, o in graph.subject_objects(axiom):
            for one, other in ((s, o), (o, s)):
                if isinstance(one, URIRef) and one not in kinds and other in kinds:
                    kinds[one] = kinds[other]  # type: ignore[index]
    return kinds


def _is_datatype(term: URIRef) -> bool:
    return str(term).startswith((str(XSD), str(RDF))) or term == RDFS.Literal
