"""Constraint components that a shapes graph declares itself, with validators in SPARQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from .conditions import constant, is_true, refuse
from .constraints import check_syntax, prefixes
from .prebinding import NotCovered, ask_body, focus_query
from .program import FOCUS


@dataclass(frozen=True)
class Parameter:
    """A property that shapes use to call on a component, and the variable that its value is bound to."""

    predicate: URIRef
    variable: str
    optional: bool


@dataclass(frozen=True)
class Use:
    """A shape's use of a component, with the value of each parameter that it gives."""

    component: URIRef
    values: tuple[tuple[str, Node], ...]


class OwnComponents:
    """The components that a shapes graph declares."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._parameters = {component: self._of(component) for component in self._declared()}

    @property
    def parameters(self) -> frozenset[Node]:
        """Every property that calls on a component."""
        return frozenset(p.predicate for own in self._parameters.values() for p in own)

    def uses(self, shape: Node) -> Iterator[Use]:
        """The components of which a shape gives every parameter that is not optional."""
        for component in sorted(self._parameters, key=str):
            own = self._parameters[component]
            if not all(p.optional or (shape, p.predicate, None) in self.graph for p in own):
                continue
            given = [p for p in own if (shape, p.predicate, None) in self.graph]
            choices = [sorted(self.graph.objects(shape, p.predicate), key=str) for p in given]
            if len(own) > 1 and any(len(values) > 1 for values in choices):
                raise refuse(self.graph, shape, f"{component} with several values of one parameter")
            for values in product(*choices) if given else ():
                yield Use(component, tuple((p.variable, v) for p, v in zip(given, values, strict=True)))

    def _declared(self) -> Iterator[URIRef]:
        classes = {
            SH.ConstraintComponent,
            *self.graph.transitive_subjects(RDFS.subClassOf, SH.ConstraintComponent),
        }
        found = {node for cls in classes for node in self.graph.subjects(RDF.type, cls)}
        yield from (n for n in found if isinstance(n, URIRef) and not n.startswith(str(SH)))

    def _of(self, component: URIRef) -> tuple[Parameter, ...]:
        found = []
        for node in sorted(self.graph.objects(component, SH.parameter), key=str):
            predicate = self.graph.value(node, SH.path)
            if not isinstance(predicate, URIRef):
                raise refuse(self.graph, component, "sh:parameter without an IRI as sh:path")
            local = predicate.rpartition("#")[2].rpartition("/")[2]
            found.append(Parameter(predicate, local, is_true(self.graph.value(node, SH.optional))))
        return tuple(found)


def own_query(graph: Graph, shape: Node, use: Use, path: str | None) -> str:
    """The query of a component's validator over all focus nodes of a shape.

    Raises:
        RodtradError: ``shape-not-covered``, ``shape-query-broken``.
    """
    kind = SH.nodeValidator if path is None else SH.propertyValidator
    validator = graph.value(use.component, kind) or graph.value(use.component, SH.validator)
    if validator is None:
        raise refuse(graph, shape, f"{use.component} without a validator in SPARQL")
    given = "".join(f"BIND({constant(graph, shape, v)} AS ?{name}) " for name, v in use.values)
    names = frozenset(name for name, _ in use.values)
    select, ask = graph.value(validator, SH.select), graph.value(validator, SH.ask)
    try:
        if isinstance(select, Literal):
            text = focus_query(str(select), f"{FOCUS} {given}", path, names)
        elif isinstance(ask, Literal):
            text = _asked(str(ask), given, path, names)
        else:
            raise refuse(graph, shape, f"{use.component} without sh:select or sh:ask")
    except NotCovered as reason:
        raise refuse(graph, shape, f"{use.component}: {reason}") from reason
    text = prefixes(graph, validator) + text
    check_syntax(graph, shape, text)
    return text


def _asked(ask: str, given: str, path: str | None, names: frozenset[str]) -> str:
    reach = f"?this {path} ?value" if path is not None else "BIND(?this AS ?value)"
    body = ask_body(ask, path, names)
    return f"SELECT DISTINCT ?this ?value WHERE {{ {FOCUS} {reach} {given} FILTER(!EXISTS {body}) }}"
