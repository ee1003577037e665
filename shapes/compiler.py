"""SHACL shapes as set-based SPARQL queries: one per constraint, over all focus nodes at once.

The runner first finds the focus nodes of each ``FocusSet`` and puts them as triples into a graph of their own
(``conditions.FOCUS_GRAPH``); the queries start there. What is not covered is refused by name, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from ..ontology.names import SHAPE
from ..ontology.problems import Problem, RodtradError, Where
from .conditions import FOCUS_GRAPH, FOCUS_OF, Conditions, is_on, refuse
from .paths import path_name
from .prebinding import NotCovered, focus_query

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_COMPONENT = {
    SH["class"]: "Class",
    SH["in"]: "In",
    SH["not"]: "Not",
    SH["and"]: "And",
    SH["or"]: "Or",
}


@dataclass(frozen=True)
class Target:
    """How focus nodes are found: the SHACL property and its value."""

    kind: URIRef
    value: Node


@dataclass(frozen=True)
class Check:
    """One constraint of one shape; its query gives ?this and, where it has them, ?value and ?path."""

    shape: Node
    component: URIRef
    path: str | None
    query: str


@dataclass(frozen=True)
class FocusSet:
    """The focus nodes that share checks; ``derived`` finds those reached through another set."""

    iri: str
    targets: tuple[Target, ...]
    derived: str | None
    checks: tuple[Check, ...]
    feeds_others: bool


@dataclass(frozen=True)
class Program:
    """The compiled shapes: focus sets in the order to find them, and the classes asked for."""

    sets: tuple[FocusSet, ...]
    classes: frozenset[URIRef]


def component_of(parameter: URIRef) -> URIRef:
    """The constraint component that a parameter belongs to.

    >>> str(component_of(SH.minCount)).rpartition("#")[2]
    'MinCountConstraintComponent'
    """
    local = str(parameter).removeprefix(str(SH))
    return SH[_COMPONENT.get(parameter, local[0].upper() + local[1:]) + "ConstraintComponent"]


def parameter_of(component: URIRef) -> URIRef:
    """The parameter of a constraint component."""
    local = str(component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
    return SH["sparql" if local == "SPARQL" else local[0].lower() + local[1:]]


def compile_shapes(graph: Graph) -> Program:
    """Compile every shape of the graph that has a target.

    Raises:
        RodtradError: ``shape-not-covered``, ``shape-recursive``: a component or form that is not covered.
    """
    return _Compiler(graph).program()


def targets_of(graph: Graph, shape: Node) -> Iterator[Target]:
    """The declared targets of a shape, and the shape itself where it is also a class."""
    for kind in _TARGETS:
        for value in sorted(graph.objects(shape, kind), key=str):
            yield Target(kind, value)
    if any((shape, RDF.type, kind) in graph for kind in (RDFS.Class, OWL.Class)):
        yield Target(SH.targetClass, shape)


class _Compiler:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.conditions = Conditions(graph)
        self._numbers = count(1)
        self._sets: list[FocusSet] = []

    def program(self) -> Program:
        for shape in sorted(self._with_targets(), key=str):
            if is_on(self.graph, shape):
                self._add(shape, tuple(targets_of(self.graph, shape)), None, ())
        return Program(tuple(self._sets), frozenset(self.conditions.classes))

    def _with_targets(self) -> set[Node]:
        if (strange := next(self.graph.subjects(SH.target), None)) is not None:
            raise refuse(self.graph, strange, SH.target)
        shapes = {shape for kind in _TARGETS for shape in self.graph.subjects(kind)}
        for kind in (SH.NodeShape, SH.PropertyShape):
            shapes |= {s for s in self.graph.subjects(RDF.type, kind) if any(targets_of(self.graph, s))}
        return shapes

    def _add(
        self, shape: Node, targets: tuple[Target, ...], derived: str | None, above: tuple[Node, ...]
    ) -> None:
        """Compile a shape and those below it; ``above`` guards against shapes that hold themselves."""
        iri = SHAPE[f"focus/{next(self._numbers)}"]
        place = len(self._sets)
        members = list(self._together(shape, above))
        checks = [check for member in members for check in self._checks(member, iri)]
        below = [pair for member in members for pair in self._below(member, iri)]
        for inner, pattern in below:
            self._add(inner, (), f"SELECT DISTINCT ?this WHERE {{ {pattern} }}", (*above, *members))
        self._sets.insert(place, FocusSet(iri, targets, derived, tuple(checks), bool(below)))

    def _below(self, shape: Node, focus: str) -> Iterator[tuple[Node, str]]:
        """Property shapes within a property shape: its value nodes are their focus nodes."""
        path = self.conditions.path(shape)
        if path is not None:
            reached = f"GRAPH {FOCUS_GRAPH} {{ ?above {FOCUS_OF} <{focus}> }} ?above {path} ?this"
            for inner in sorted(self.graph.objects(shape, SH.property), key=str):
                if is_on(self.graph, inner):
                    yield inner, reached

    def _together(self, shape: Node, above: tuple[Node, ...]) -> Iterator[Node]:
        """The shape and the property shapes that share its focus nodes."""
        if shape in above:
            raise RodtradError(Problem("shape-recursive", Where(iri=str(shape)), {"shape": str(shape)}))
        yield shape
        if self.conditions.path(shape) is None:
            for inner in sorted(self.graph.objects(shape, SH.property), key=str):
                if is_on(self.graph, inner):
                    yield from self._together(inner, (*above, shape))

    def _checks(self, shape: Node, focus: str) -> Iterator[Check]:
        self.conditions.refuse_unknown(shape)
        path = self.conditions.path(shape)
        node = self.graph.value(shape, SH.path)
        name = path_name(self.graph, node) if node is not None else None
        target = f"GRAPH {FOCUS_GRAPH} {{ ?this {FOCUS_OF} <{focus}> }}"
        for parameter, value in self.conditions.value_tests(shape):
            query = self._value_query(shape, parameter, value, path, target)
            yield Check(shape, component_of(parameter), name, query)
        for parameter, value in self.conditions.set_tests(shape):
            if path is None:
                query = self._bare_set_query(shape, parameter, value, target)
            else:
                query = self._set_query(shape, parameter, value, path, target)
            if query is not None:
                yield Check(shape, component_of(parameter), name, query)
        for constraint in sorted(self.graph.objects(shape, SH.sparql), key=str):
            if is_on(self.graph, constraint):
                yield Check(
                    shape,
                    SH.SPARQLConstraintComponent,
                    name,
                    self._sparql_query(shape, constraint, path, target),
                )

    def _value_query(self, shape: Node, parameter: URIRef, value: Node, path: str | None, target: str) -> str:
        if path is None:
            test = self.conditions.test(shape, parameter, value, "?this")
            return f"SELECT ?this (?this AS ?value) WHERE {{ {target} FILTER(!({test})) }}"
        test = self.conditions.test(shape, parameter, value, "?value")
        return f"SELECT DISTINCT ?this ?value WHERE {{ {target} ?this {path} ?value FILTER(!({test})) }}"

    def _bare_set_query(self, shape: Node, parameter: URIRef, value: Node, target: str) -> str:
        if parameter != SH.hasValue:
            raise refuse(self.graph, shape, f"{parameter} without sh:path")
        test = f"sameTerm(?this, {self.conditions.constant(shape, value)})"
        return f"SELECT ?this WHERE {{ {target} FILTER(!{test}) }}"

    def _set_query(self, shape: Node, parameter: URIRef, value: Node, path: str, target: str) -> str | None:
        if parameter in (SH.minCount, SH.maxCount):
            return self._count_query(parameter, self.conditions.number(shape, parameter, value), path, target)
        if parameter == SH.uniqueLang:
            return _unique_lang_query(path, target) if value.toPython() else None  # type: ignore[attr-defined]
        term = self.conditions.constant(shape, value)
        if parameter == SH.hasValue:
            return f"SELECT ?this WHERE {{ {target} FILTER(!EXISTS {{ ?this {path} {term} }}) }}"
        if parameter == SH.equals:
            branch = "{{ {t} ?this {a} ?value FILTER(!EXISTS {{ ?this {b} ?value }}) }}"
            both = [branch.format(t=target, a=a, b=b) for a, b in ((path, term), (term, path))]
            return f"SELECT DISTINCT ?this ?value WHERE {{ {' UNION '.join(both)} }}"
        if parameter == SH.disjoint:
            test = f"EXISTS {{ ?this {term} ?value }}"
        else:
            fine = self.conditions.comparison(parameter, "?value", "?other")
            test = f"EXISTS {{ ?this {term} ?other FILTER(!{fine}) }}"
        return f"SELECT DISTINCT ?this ?value WHERE {{ {target} ?this {path} ?value FILTER({test}) }}"

    def _count_query(self, parameter: URIRef, number: int, path: str, target: str) -> str | None:
        if parameter == SH.minCount:
            if number == 0:
                return None
            if number == 1:
                return f"SELECT ?this WHERE {{ {target} FILTER(!EXISTS {{ ?this {path} ?value }}) }}"
            return (
                f"SELECT ?this WHERE {{ {target} OPTIONAL {{ ?this {path} ?value }} }} "
                f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) < {number})"
            )
        return (
            f"SELECT ?this WHERE {{ {target} ?this {path} ?value }} "
            f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {number})"
        )

    def _sparql_query(self, shape: Node, constraint: Node, path: str | None, target: str) -> str:
        select = self.graph.value(constraint, SH.select)
        if select is None:
            raise refuse(self.graph, shape, "sh:sparql without sh:select")
        prefixes = "".join(
            f"PREFIX {prefix}: <{namespace}> "
            for prefix, namespace in sorted(declared(self.graph, constraint).items())
        )
        try:
            return prefixes + focus_query(str(select), target, path)
        except NotCovered as reason:
            raise refuse(self.graph, shape, f"sh:select: {reason}") from reason


def declared(graph: Graph, constraint: Node) -> dict[str, str]:
    """The prefixes that a SPARQL constraint may use, as its sh:prefixes declare them."""
    found: dict[str, str] = {}
    for ontology in graph.objects(constraint, SH.prefixes):
        for source in (ontology, *graph.objects(ontology, OWL.imports)):
            for declaration in graph.objects(source, SH.declare):
                found[str(graph.value(declaration, SH.prefix))] = str(graph.value(declaration, SH.namespace))
    return found


def _unique_lang_query(path: str, target: str) -> str:
    return (
        f'SELECT DISTINCT ?this WHERE {{ {target} ?this {path} ?value FILTER(LANG(?value) != "") }} '
        "GROUP BY ?this (LCASE(LANG(?value)) AS ?lang) HAVING (COUNT(DISTINCT ?value) > 1)"
    )
