"""SHACL shapes as set-based SPARQL queries: one per constraint, over all focus nodes at once.

What is not covered is refused by name, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from ..ontology.names import SHAPE
from ..ontology.problems import Problem, RodtradError, Where
from .components import OwnComponents, own_query
from .conditions import Conditions, is_on, refuse
from .constraints import Queries, declared, sparql_query
from .paths import path_name
from .program import FOCUS, Check, FocusSet, Program, Target, grouped

__all__ = ["compile_shapes", "component_of", "declared", "parameter_of", "targets_of"]

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_COMPONENT = {
    SH["class"]: "Class",
    SH["in"]: "In",
    SH["not"]: "Not",
    SH["and"]: "And",
    SH["or"]: "Or",
}
_Written = tuple[str | None, Check]


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
        RodtradError: ``shape-not-covered``, ``shape-recursive``, ``shape-query-broken``: a component or form
            that is not covered, a shape that holds itself, a query that is not SPARQL.
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
        self.queries = Queries(self.conditions)
        self.own = OwnComponents(graph)
        self.conditions.own_parameters = self.own.parameters
        self._numbers = count(1)
        self._sets: list[FocusSet] = []

    def program(self) -> Program:
        together: dict[tuple[tuple[Target, ...], bool], list[Node]] = {}
        for shape in sorted(self._with_targets(), key=str):
            if is_on(self.graph, shape):
                targets = tuple(targets_of(self.graph, shape))
                self._refuse_odd(shape, targets)
                members = list(self._together(shape, ()))
                feeds = any(self._below(member) for member in members)
                together.setdefault((targets, feeds), []).extend(members)
        for (targets, _), members in together.items():
            self._add(list(dict.fromkeys(members)), targets, None, None, ())
        return Program(tuple(self._sets), frozenset(self.conditions.classes))

    def _refuse_odd(self, shape: Node, targets: tuple[Target, ...]) -> None:
        for target in targets:
            fine = (URIRef, Literal) if target.kind == SH.targetNode else (URIRef,)
            if not isinstance(target.value, fine):
                raise refuse(self.graph, shape, f"{target.kind} {target.value}")

    def _with_targets(self) -> set[Node]:
        if (strange := next(self.graph.subjects(SH.target), None)) is not None:
            raise refuse(self.graph, strange, SH.target)
        shapes = {shape for kind in _TARGETS for shape in self.graph.subjects(kind)}
        for kind in (SH.NodeShape, SH.PropertyShape):
            shapes |= {s for s in self.graph.subjects(RDF.type, kind) if any(targets_of(self.graph, s))}
        return shapes

    def _add(
        self,
        members: list[Node],
        targets: tuple[Target, ...],
        outer: str | None,
        derived: str | None,
        above: tuple[Node, ...],
    ) -> None:
        """Compile shapes that share focus nodes and those below; ``above`` guards against recursion."""
        iri = str(SHAPE[f"focus/{next(self._numbers)}"])
        place = len(self._sets)
        checks = [written for member in members for written in self._checks(member)]
        below = [pair for member in members for pair in self._below(member)]
        for holder, inner in below:
            reached = f"SELECT DISTINCT ?this WHERE {{ {FOCUS} ?above {self.conditions.path(holder)} ?this }}"
            line = (*above, holder)
            self._add(list(self._together(inner, line)), (), iri, reached, line)
        self._sets.insert(place, FocusSet(iri, targets, outer, derived, grouped(checks), bool(below)))

    def _below(self, shape: Node) -> list[tuple[Node, Node]]:
        """Property shapes within a property shape: its value nodes are their focus nodes."""
        if self.conditions.path(shape) is None:
            return []
        return [(shape, inner) for inner in self.conditions.properties(shape)]

    def _together(self, shape: Node, above: tuple[Node, ...]) -> Iterator[Node]:
        """The shape and the property shapes that share its focus nodes."""
        if shape in above:
            raise RodtradError(Problem("shape-recursive", Where(iri=str(shape)), {"shape": str(shape)}))
        yield shape
        if self.conditions.path(shape) is None:
            for inner in self.conditions.properties(shape):
                yield from self._together(inner, (*above, shape))

    def _checks(self, shape: Node) -> Iterator[_Written]:
        self.conditions.refuse_unknown(shape)
        path = self.conditions.path(shape)
        node = self.graph.value(shape, SH.path)
        name = path_name(self.graph, node) if node is not None else None
        for parameter, value in self.conditions.value_tests(shape):
            yield path, self.queries.of_values(shape, component_of(parameter), parameter, value, path, name)
        for parameter, value in self.conditions.set_tests(shape):
            write = self.queries.of_node if path is None else self.queries.of_set
            check = write(shape, component_of(parameter), parameter, value, path or "", name)
            if check is not None:
                yield path, check
        for constraint in sorted(self.graph.objects(shape, SH.sparql), key=str):
            if is_on(self.graph, constraint):
                text = sparql_query(self.graph, shape, constraint, path)
                component = SH.SPARQLConstraintComponent
                yield None, Check(shape, component, name, text, value_is_focus=path is None)
        for use in self.own.uses(shape):
            text = own_query(self.graph, shape, use, path)
            yield None, Check(shape, use.component, name, text, value_is_focus=path is None)
