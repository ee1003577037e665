"""What can be read from a parsed SPARQL query without running it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from rdflib import Variable
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier


def nodes(value: Any, stop: Collection[str] = ()) -> Iterator[CompValue]:
    """Every node at and below ``value``, outer first; nodes named in ``stop`` are left out whole."""
    if isinstance(value, CompValue):
        if value.name in stop:
            return
        yield value
        for name, inner in value.items():
            if name != "_vars":
                yield from nodes(inner, stop)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from nodes(inner, stop)


def triples(value: Any) -> Iterator[tuple]:
    """Every triple pattern at and below ``value``, also where rdflib leaves an EXISTS as it was parsed."""
    for node in nodes(value):
        if node.name == "BGP":
            yield from node.triples
        elif node.name == "TriplesBlock":
            for run in node.triples:
                yield from zip(run[0::3], run[1::3], run[2::3], strict=True)


def variables_of(node: CompValue, *, expressions: bool = False) -> set[Variable]:
    """The variables that a pattern can bind; with ``expressions`` also those that its filters read."""
    if node.name == "Project" and not expressions:
        return set(node.PV)
    if node.name == "BGP":
        return {term for triple in node.triples for term in triple if isinstance(term, Variable)}
    if node.name == "values":
        return {name for row in node.res for name in row}
    if node.name == "Minus" and not expressions:
        return variables_of(node.p1)
    found = {node.var} if node.name == "Extend" else set()
    if node.name == "Graph" and isinstance(node.term, Variable):
        found.add(node.term)
    for name, inner in node.items():
        if name in {"p", "p1", "p2"}:
            found |= variables_of(inner, expressions=expressions)
        elif expressions:
            found |= set(variables_in(inner))
    return found


def certain(node: CompValue) -> set[Variable]:
    """The variables that every row of a pattern has bound."""
    match node.name:
        case "BGP":
            return variables_of(node)
        case "values":
            return _certain_values(node)
        case "Join":
            return certain(node.p1) | certain(node.p2)
        case "LeftJoin" | "Minus":
            return certain(node.p1)
        case "Union":
            return certain(node.p1) & certain(node.p2)
        case "Extend":
            below = certain(node.p)
            return below | ({node.var} if _never_fails(node.expr, below) else set())
        case "Project":
            return certain(node.p) & set(node.PV)
        case "Graph":
            return certain(node.p) | ({node.term} if isinstance(node.term, Variable) else set())
        case "AggregateJoin":
            return _certain_groups(node)
        case _:
            inner = node.p
            return certain(inner) if isinstance(inner, CompValue) else set()


def _certain_groups(node: CompValue) -> set[Variable]:
    """Counts, and what a grouping is by where that is certain; rdflib gives both names of its own."""
    below = certain(node.p)
    return {
        one.res
        for one in node.A
        if one.name == "Aggregate_Count" or (one.name == "Aggregate_Sample" and one.vars in below)
    }


def _certain_values(node: CompValue) -> set[Variable]:
    rows = [{name for name, term in row.items() if isinstance(term, Identifier)} for row in node.res]
    return set.intersection(*rows) if rows else set()


def _never_fails(expression: Any, bound: set[Variable]) -> bool:
    if isinstance(expression, Variable):
        return expression in bound
    if isinstance(expression, Identifier):
        return True
    if not isinstance(expression, CompValue):
        return False
    if expression.name == "Builtin_COALESCE":
        return any(_never_fails(part, bound) for part in expression.arg)
    if expression.name == "Builtin_IF":
        return _never_fails(expression.arg2, bound) and _never_fails(expression.arg3, bound)
    return False


def variables_in(value: Any) -> Iterator[Variable]:
    """Every variable at and below ``value``, wherever it stands."""
    if isinstance(value, Variable):
        yield value
    elif isinstance(value, CompValue):
        for inner in value.values():
            yield from variables_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from variables_in(inner)
