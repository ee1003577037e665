"""The queries of SHACL's constraint components, and of SPARQL constraints."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import OWL, SH, Graph, URIRef
from rdflib.term import Node

from ..ontology.problems import Problem, RodtradError, Where
from .conditions import Conditions, is_true, refuse, shape_name
from .literals import comparison
from .prebinding import NotCovered, focus_query
from .program import FOCUS, Check, resolved


class Queries:
    """Writes the query that finds what a constraint calls a fault, over all focus nodes at once."""

    def __init__(self, conditions: Conditions) -> None:
        self.conditions = conditions

    def of_values(
        self,
        shape: Node,
        component: URIRef,
        parameter: URIRef,
        value: Node,
        path: str | None,
        name: str | None,
    ) -> Check:
        """A test of one value node at a time."""
        if path is None:
            fault = f"!({self.conditions.test(shape, parameter, value, '?this')})"
            query = f"SELECT DISTINCT ?this (?this AS ?value) WHERE {{ {FOCUS} FILTER({fault}) }}"
        else:
            fault = f"!({self.conditions.test(shape, parameter, value, '?value')})"
            query = f"SELECT DISTINCT ?this ?value WHERE {{ {FOCUS} ?this {path} ?value FILTER({fault}) }}"
        return Check(shape, component, name, query, without_values=False, fault=fault)

    def of_node(
        self, shape: Node, component: URIRef, parameter: URIRef, value: Node, path: str, name: str | None
    ) -> Check | None:
        """A test that SHACL puts to all value nodes, on a node shape: the one value is the focus node."""
        if parameter == SH.closed:
            allowed = self.conditions.allowed(shape, value)
            if allowed is None:
                return None
            every = f"{FOCUS} ?this ?path ?value FILTER(?path NOT IN ({allowed}))"
            query = f"SELECT DISTINCT ?this ?path ?value WHERE {{ {every} }}"
            return Check(shape, component, None, query)
        test = self.conditions.bare_test(shape, parameter, value, "?this")
        if test is None:
            return None
        if parameter == SH.equals:
            term = self.conditions.constant(shape, value)
            other = f"{{ {FOCUS} ?this {term} ?value FILTER(!sameTerm(?value, ?this)) }}"
            itself = f"{{ {FOCUS} BIND(?this AS ?value) FILTER(!EXISTS {{ ?this {term} ?this }}) }}"
            return Check(
                shape, component, name, f"SELECT DISTINCT ?this ?value WHERE {{ {other} UNION {itself} }}"
            )
        value_text = "" if parameter == SH.hasValue else " (?this AS ?value)"
        return Check(
            shape, component, name, f"SELECT DISTINCT ?this{value_text} WHERE {{ {FOCUS} FILTER(!{test}) }}"
        )

    def of_set(
        self, shape: Node, component: URIRef, parameter: URIRef, value: Node, path: str, name: str | None
    ) -> Check | None:
        """A test of all values of a path together."""
        if parameter in (SH.minCount, SH.maxCount):
            number = self.conditions.number(shape, parameter, value)
            return _counted(Check(shape, component, name, ""), parameter, number, path)
        if parameter in (SH.qualifiedMinCount, SH.qualifiedMaxCount):
            test = self.conditions.qualified(shape, "?value")
            if test is None:
                return None
            number = self.conditions.number(shape, parameter, value)
            return _counted_some(Check(shape, component, name, ""), parameter, number, path, test)
        if parameter == SH.closed:
            raise refuse(self.conditions.graph, shape, "sh:closed with sh:path")
        if parameter == SH.uniqueLang:
            return _unique_lang(Check(shape, component, name, ""), path) if is_true(value) else None
        term = self.conditions.constant(shape, value)
        if parameter == SH.hasValue:
            query = f"SELECT DISTINCT ?this WHERE {{ {FOCUS} FILTER(!EXISTS {{ ?this {path} {term} }}) }}"
            return Check(shape, component, name, query)
        if parameter == SH.equals:
            branch = "{{ {t} ?this {a} ?value FILTER(!EXISTS {{ ?this {b} ?value }}) }}"
            both = [branch.format(t=FOCUS, a=a, b=b) for a, b in ((path, term), (term, path))]
            return Check(
                shape, component, name, f"SELECT DISTINCT ?this ?value WHERE {{ {' UNION '.join(both)} }}"
            )
        if parameter == SH.disjoint:
            fault = f"EXISTS {{ ?this {term} ?value }}"
        else:
            fault = f"EXISTS {{ ?this {term} ?other FILTER(!{comparison(parameter, '?value', '?other')}) }}"
        query = f"SELECT DISTINCT ?this ?value WHERE {{ {FOCUS} ?this {path} ?value FILTER({fault}) }}"
        return Check(shape, component, name, query, without_values=False, fault=fault)


def _counted(check: Check, parameter: URIRef, number: int, path: str) -> Check | None:
    reach = f"{FOCUS} ?this {path} ?value"
    if parameter == SH.minCount:
        if number == 0:
            return None
        if number == 1:
            query = f"SELECT DISTINCT ?this WHERE {{ {FOCUS} FILTER(!EXISTS {{ ?this {path} ?value }}) }}"
            return _with(check, query, True, "!BOUND(?value)")
        few = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) < {number})"
        return _with(
            check, f"SELECT ?this WHERE {{ {FOCUS} OPTIONAL {{ ?this {path} ?value }} }} {few}", True
        )
    if number == 0:
        return _with(check, f"SELECT DISTINCT ?this WHERE {{ {reach} }}", False, "BOUND(?value)")
    if number == 1:
        fault = f"EXISTS {{ ?this {path} ?another FILTER(!sameTerm(?another, ?value)) }}"
        return _with(check, f"SELECT DISTINCT ?this WHERE {{ {reach} FILTER({fault}) }}", False, fault)
    many = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {number})"
    return _with(check, f"SELECT ?this WHERE {{ {reach} }} {many}", False)


def _counted_some(check: Check, parameter: URIRef, number: int, path: str, test: str) -> Check | None:
    reach = f"?this {path} ?value FILTER({test})"
    if parameter == SH.qualifiedMaxCount:
        many = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {number})"
        return _with(check, f"SELECT ?this WHERE {{ {FOCUS} {reach} }} {many}", False)
    if number == 0:
        return None
    if number == 1:
        return _with(check, f"SELECT DISTINCT ?this WHERE {{ {FOCUS} FILTER(!EXISTS {{ {reach} }}) }}", True)
    few = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) < {number})"
    return _with(check, f"SELECT ?this WHERE {{ {FOCUS} OPTIONAL {{ {reach} }} }} {few}", True)


def _unique_lang(check: Check, path: str) -> Check:
    alike = "!sameTerm(?twin, ?value) && COALESCE(LCASE(LANG(?twin)) = LCASE(LANG(?value)), false)"
    fault = f'COALESCE(LANG(?value) != "", false) && EXISTS {{ ?this {path} ?twin FILTER({alike}) }}'
    query = (
        f'SELECT DISTINCT ?this WHERE {{ {FOCUS} ?this {path} ?value FILTER(LANG(?value) != "") }} '
        "GROUP BY ?this (LCASE(LANG(?value)) AS ?lang) HAVING (COUNT(DISTINCT ?value) > 1)"
    )
    return _with(check, query, False, f"({fault})")


def _with(check: Check, query: str, without_values: bool, fault: str | None = None) -> Check:
    return Check(check.shape, check.component, check.path, query, without_values, fault)


def sparql_query(graph: Graph, shape: Node, constraint: Node, path: str | None) -> str:
    """The query of a SPARQL constraint over all focus nodes.

    Raises:
        RodtradError: ``shape-not-covered``, ``shape-query-broken``.
    """
    select = graph.value(constraint, SH.select)
    if select is None:
        raise refuse(graph, shape, "sh:sparql without sh:select")
    try:
        known = declared(graph, constraint)
        text = prefixes(graph, constraint) + focus_query(str(select), FOCUS, path, prefixes=known)
    except NotCovered as reason:
        raise refuse(graph, shape, f"sh:select: {reason}") from reason
    check_syntax(graph, shape, text)
    return text


def check_syntax(graph: Graph, shape: Node, query: str) -> None:
    """Raise ``shape-query-broken`` where the query, its places filled in, is not SPARQL."""
    whole = resolved(query.replace(FOCUS, "?this ?p0 ?o0 ."), lambda _: True)
    try:
        ox.Store().query(whole)
    except SyntaxError as error:
        name, reason = shape_name(graph, shape), str(error).replace("\n", " ")[:200]
        raise RodtradError(
            Problem("shape-query-broken", Where(iri=name), {"shape": name, "reason": reason})
        ) from error


def prefixes(graph: Graph, constraint: Node) -> str:
    """The PREFIX lines of a constraint."""
    found = sorted(declared(graph, constraint).items())
    return "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in found)


def declared(graph: Graph, constraint: Node) -> dict[str, str]:
    """The prefixes that a SPARQL constraint may use, as its sh:prefixes declare them."""
    found: dict[str, str] = {}
    for ontology in graph.objects(constraint, SH.prefixes):
        for source in (ontology, *graph.objects(ontology, OWL.imports)):
            for declaration in graph.objects(source, SH.declare):
                found[str(graph.value(declaration, SH.prefix))] = str(graph.value(declaration, SH.namespace))
    return found
