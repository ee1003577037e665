"""What contradicts what, and why: the plain part of OWL, followed by hand so that it can be named.

HermiT proves that something clashes but does not say what. This check follows subclasses, subproperties,
domains, ranges, inverses and equal individuals, and names each clash with the statements it comes from.
It finds every clash that the axioms of this vocabulary can give; HermiT remains the judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

from rdflib import OWL, RDF, RDFS, XSD, Literal, URIRef
from rdflib.term import Node

from .owl_subset import Triple

Kind = OneOf["disjoint", "unsatisfiable", "two-values", "different", "loop", "datatype"]
Graphlike = Mapping[Node, set[Node]]


@dataclass(frozen=True)
class Clash:
    """One contradiction.

    Attributes:
        kind: Two disjoint classes share a member (disjoint) or a subclass (unsatisfiable); a property with at
            most one value has two (two-values); two that are said to differ turn out to be one (different); a
            property that does not go round does (loop); a value outside the datatype (datatype).
        subject: What it is about.
        one, other: The two terms or values that do not go together.
        because: The statements that it follows from, as text.
    """

    kind: Kind
    subject: str
    one: str
    other: str
    because: tuple[str, ...]


def find_clashes(triples: Iterable[Triple]) -> tuple[Clash, ...]:
    """All clashes, in a fixed order; none means only that this check found none."""
    check = _Check(triples)
    found = {*check.classes(), *check.individuals(), *check.values(), *check.loops()}
    return tuple(sorted(found, key=lambda clash: (clash.kind, clash.subject, clash.one, clash.other)))


class _Check:
    def __init__(self, triples: Iterable[Triple]) -> None:
        self.by_property: dict[Node, list[Triple]] = defaultdict(list)
        for triple in triples:
            self.by_property[triple[1]].append(triple)
        self.above = _closure(self._arrows(RDFS.subClassOf, OWL.equivalentClass))
        self.wider = _closure(self._arrows(RDFS.subPropertyOf, OWL.equivalentProperty))
        self.inverse = self._pairs(OWL.inverseOf)
        self.apart = self._pairs(OWL.disjointWith)
        self.traits: dict[Node, set[Node]] = defaultdict(set)
        for s, _, o in self.by_property[RDF.type]:
            self.traits[o].add(s)
        self.statements: dict[Node, list[tuple[Node, Node, Triple]]] = defaultdict(list)
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
            for p in self.traits[kind]:
                for triple in self.by_property[p]:
                    self._spread(p, triple)
        self.same, self.reasons = self._merge()

    def classes(self) -> Iterator[Clash]:
        """Classes that can have no member."""
        for term in self.traits[OWL.Class]:
            for one, other in self._opposed(self._with_above(term)):
                because = (f"{_short(one)} owl:disjointWith {_short(other)}",)
                yield Clash("unsatisfiable", str(term), str(one), str(other), because)

    def individuals(self) -> Iterator[Clash]:
        """Individuals in two disjoint classes, and individuals that are one and said to differ."""
        types: dict[Node, dict[Node, Triple]] = defaultdict(dict)
        for triple in self.by_property[RDF.type]:
            if triple[2] in self.traits[OWL.Class]:
                types[self._one(triple[0])].setdefault(triple[2], triple)
        for bound, end in ((RDFS.domain, 0), (RDFS.range, 1)):
            for p, _, cls in self.by_property[bound]:
                for row in self.statements.get(p, ()):
                    node = (row[0], row[1])[end]
                    if isinstance(node, URIRef):
                        types[self._one(node)].setdefault(cls, row[2])
        for individual, found in types.items():
            yield from self._mixed(individual, found)
        for s, _, o in self.by_property[OWL.differentFrom]:
            if self._one(s) == self._one(o):
                because = tuple(_text(t) for t in self.reasons[self._one(s)])
                yield Clash("different", str(s), str(s), str(o), because)

    def values(self) -> Iterator[Clash]:
        """Two values where one is allowed, and values outside the datatype of the property."""
        ranges: dict[Node, Node] = {p: o for p, _, o in self.by_property[RDFS.range]}
        for p in self.traits[OWL.DatatypeProperty]:
            first: dict[Node, tuple[object, Triple]] = {}
            for s, o, triple in self.statements[p]:
                if not isinstance(o, Literal):
                    continue
                wanted = ranges.get(p)
                if wanted is not None and not _fits(o, wanted):
                    yield Clash("datatype", str(s), o.n3(), str(wanted), (_text(triple),))
                value, before = first.setdefault(self._one(s), (_value(o), triple))
                if p in self.traits[OWL.FunctionalProperty] and value != _value(o):
                    texts = tuple(sorted((_text(before), _text(triple))))
                    yield Clash("two-values", str(s), str(p), f"{before[2]} | {o}", texts)

    def loops(self) -> Iterator[Clash]:
        """Statements that lead back where they may not."""
        for p in self.traits[OWL.AsymmetricProperty] | self.traits[OWL.IrreflexiveProperty]:
            rows = {(self._one(s), self._one(o)): triple for s, o, triple in self.statements[p]}
            for (s, o), triple in rows.items():
                if s == o or (
                    p in self.traits[OWL.AsymmetricProperty] and str(s) < str(o) and (o, s) in rows
                ):
                    texts = {_text(triple), _text(rows[(o, s)])}
                    yield Clash("loop", str(s), str(p), str(o), tuple(sorted(texts)))

    def _mixed(self, individual: Node, found: Mapping[Node, Triple]) -> Iterator[Clash]:
        direct = sorted(found, key=str)
        for place, one in enumerate(direct):
            for other in direct[place:]:
                both = self._opposed(self._with_above(one), self._with_above(other))
                for first, second in both[:1]:
                    texts = {_text(found[one]), _text(found[other])}
                    because = (*sorted(texts), *(_text(t) for t in self.reasons[individual]))
                    yield Clash("disjoint", str(individual), str(first), str(second), because)

    def _opposed(self, one: set[Node], other: set[Node] | None = None) -> list[tuple[Node, Node]]:
        pairs = ((a, b) for a in one for b in self.apart.get(a, ()) if b in (one if other is None else other))
        ordered = {(min(a, b, key=str), max(a, b, key=str)) for a, b in pairs}
        return sorted(ordered, key=lambda pair: (str(pair[0]), str(pair[1])))

    def _with_above(self, term: Node) -> set[Node]:
        return {term} | self.above.get(term, set())

    def _arrows(self, one_way: URIRef, both_ways: URIRef) -> Graphlike:
        arrows: dict[Node, set[Node]] = defaultdict(set)
        for s, _, o in self.by_property[one_way]:
            arrows[s].add(o)
        for s, others in self._pairs(both_ways).items():
            arrows[s] |= others
        return arrows

    def _pairs(self, prop: URIRef) -> Graphlike:
        pairs: dict[Node, set[Node]] = defaultdict(set)
        for s, _, o in self.by_property[prop]:
            pairs[s].add(o)
            pairs[o].add(s)
        return pairs

    def _spread(self, p: Node, triple: Triple) -> None:
        """The statement under its property, every wider property and their inverses."""
        s, _, o = triple
        for wider in {p} | self.wider.get(p, set()):
            self.statements[wider].append((s, o, triple))
            for back in self.inverse.get(wider, ()):
                self.statements[back].append((o, s, triple))

    def _merge(self) -> tuple[dict[Node, Node], Mapping[Node, list[Triple]]]:
        """Which individuals are one: said so, or two values of a property that has at most one."""
        same: dict[Node, Node] = {}
        reasons: dict[Node, list[Triple]] = defaultdict(list)

        def find(node: Node) -> Node:
            while node in same:
                node = same[node]
            return node

        def join(a: Node, b: Node, because: list[Triple]) -> bool:
            a, b = find(a), find(b)
            if a == b:
                return False
            same[b] = a
            reasons[a] += reasons.pop(b, []) + because
            return True

        for triple in self.by_property[OWL.sameAs]:
            join(triple[0], triple[2], [triple])
        changed = True
        while changed:
            changed = False
            for p in self.traits[OWL.FunctionalProperty] & self.traits[OWL.ObjectProperty]:
                first: dict[Node, Triple] = {}
                for s, o, triple in self.statements[p]:
                    before = first.setdefault(find(s), triple)
                    changed |= join(before[2], o, [before, triple])
        return {node: find(node) for node in same}, reasons

    def _one(self, node: Node) -> Node:
        return self.same.get(node, node)


def _closure(arrows: Graphlike) -> dict[Node, set[Node]]:
    """Everything that can be reached from each node, itself left out."""
    reached: dict[Node, set[Node]] = {}
    for start in list(arrows):
        seen: set[Node] = set()
        todo = list(arrows[start])
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += arrows.get(node, ())
        reached[start] = seen - {start}
    return reached


def _fits(value: Literal, wanted: Node) -> bool:
    given = value.datatype or XSD.string
    if value.ill_typed:
        return False
    if wanted == XSD.decimal:
        return given == XSD.decimal or (isinstance(value.value, int) and not isinstance(value.value, bool))
    if wanted == XSD.integer:
        return isinstance(value.value, int) and not isinstance(value.value, bool)
    return given == wanted


def _value(literal: Literal) -> object:
    value = literal.value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    return (str(literal), literal.language, literal.datatype or XSD.string) if value is None else value


def _short(term: Node) -> str:
    return str(term).rpartition("#")[2].rpartition("/")[2] or str(term)


def _text(triple: Triple) -> str:
    s, p, o = triple
    return f"{s} {_short(p)} {o if isinstance(o, URIRef) else o.n3()}"
