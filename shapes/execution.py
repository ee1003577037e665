"""Run compiled shapes over data: find focus nodes, screen what shares a path, and give the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from re import Match

import pyoxigraph as ox
from rdflib import SH, Literal, URIRef
from rdflib.term import Node

from .findings import LeftOut, Raw
from .program import (
    CLASS_MARK,
    FOCUS,
    FOCUS_GRAPH,
    HAS_FOCUS,
    IS_A,
    Check,
    FocusSet,
    Group,
    Program,
    Target,
    resolved,
)
from .report import MAX_FINDINGS
from .scope import Scope, Term, term_text

_GRAPH = ox.NamedNode(FOCUS_GRAPH.strip("<>"))
_HAS = ox.NamedNode(HAS_FOCUS.strip("<>"))
_IS_A = ox.NamedNode(IS_A.strip("<>"))
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_BELOW = "SELECT DISTINCT ?c WHERE {{ ?c <http://www.w3.org/2000/01/rdf-schema#subClassOf>* <{iri}> }}"
_FEW_CLASSES = 6
_FEW_AT_FAULT = 2_000
_FEW_GROUPS = 6


def run(
    program: Program, scope: Scope, left_out: LeftOut | None = None, cap: int = MAX_FINDINGS
) -> Iterator[Raw]:
    """The results of the shapes for the nodes that the data describe.

    Args:
        program: The compiled shapes.
        scope: Data and context.
        left_out: Receives the number of results beyond ``cap``, by shape and component.
        cap: How many results of one constraint are given out; the others are only counted.
    """
    yield from _Run(program, scope, Counter() if left_out is None else left_out, cap).results()


@dataclass(frozen=True)
class _Focus:
    """The pattern that binds ``?this`` to the nodes of a set; ``own``: the data describe all of them."""

    pattern: str
    own: bool


class _Run:
    def __init__(self, program: Program, scope: Scope, left_out: LeftOut, cap: int) -> None:
        self.program = program
        self.scope = scope
        self.store = scope.store
        self.left_out = left_out
        self.cap = cap
        self._classes: dict[str, list[ox.NamedNode]] = {}
        self._present: dict[str, bool] = {}
        self._focus: dict[str, _Focus] = {}

    def results(self) -> Iterator[Raw]:
        for focus_set in self.program.sets:
            focus = self._find(focus_set)
            if focus is not None:
                self._focus[focus_set.iri] = focus
                for number, group in enumerate(focus_set.groups):
                    yield from self._of_group(group, focus, f"{focus_set.iri}/{number}")

    def _of_group(self, group: Group, focus: _Focus, name: str) -> Iterator[Raw]:
        if group.predicate is not None and not self._has(group.predicate):
            for check in group.checks:
                if check.without_values:
                    yield from self._of_check(check, focus)
            return
        at_fault = self._screened(group, focus, name)
        for check in group.checks:
            chosen = focus if check.fault is None else at_fault
            if chosen is not None:
                yield from self._of_check(check, chosen)

    def _screened(self, group: Group, focus: _Focus, name: str) -> _Focus | None:
        """The focus nodes on which a screened check may fail; ``None`` where there are none."""
        if group.screen is None:
            return focus
        query = f"{self._filled(group.screen, focus)} LIMIT {_FEW_AT_FAULT + 1}"
        nodes = [row[0] for row in self.store.query(query)]  # type: ignore[union-attr]
        if len(nodes) > _FEW_AT_FAULT:
            return focus
        return self._listed(name, nodes, focus.own)

    def _of_check(self, check: Check, focus: _Focus) -> Iterator[Raw]:
        solutions = self.store.query(self._filled(check.query, focus))
        names = {variable.value for variable in solutions.variables}  # type: ignore[union-attr]
        rows = iter(solutions)  # type: ignore[arg-type]
        if not focus.own:
            rows = (row for row in rows if row["this"] in self.scope.subjects)
        for row in islice(rows, self.cap):
            yield _raw(check, row, names)
        beyond = sum(1 for _ in rows)
        if beyond:
            self.left_out[check.shape, check.component] += beyond

    def _filled(self, query: str, focus: _Focus) -> str:
        decided = resolved(query.replace(FOCUS, focus.pattern), self._has)
        return CLASS_MARK.sub(self._class_test, decided)

    def _class_test(self, match: Match[str]) -> str:
        var, iri = match[1], match[2]
        classes = self._below(iri)
        if len(classes) <= _FEW_CLASSES:
            return " || ".join(f"sameTerm({var}, {cls})" for cls in classes)
        return f"EXISTS {{ GRAPH {FOCUS_GRAPH} {{ {var} {IS_A} <{iri}> }} }}"

    def _below(self, iri: str) -> list[ox.NamedNode]:
        """The class and those below it."""
        if iri not in self._classes:
            rows = self.store.query(_BELOW.format(iri=iri))
            found = {row[0] for row in rows} | {ox.NamedNode(iri)}  # type: ignore[union-attr]
            classes = sorted((c for c in found if isinstance(c, ox.NamedNode)), key=str)
            if len(found) > _FEW_CLASSES:
                self.store.extend(ox.Quad(c, _IS_A, ox.NamedNode(iri), _GRAPH) for c in found)  # type: ignore[arg-type]
            self._classes[iri] = classes
        return self._classes[iri]

    def _has(self, predicate: str) -> bool:
        if predicate not in self._present:
            found = self.store.quads_for_pattern(None, ox.NamedNode(predicate), None, ox.DefaultGraph())
            self._present[predicate] = next(iter(found), None) is not None
        return self._present[predicate]

    def _find(self, focus_set: FocusSet) -> _Focus | None:
        """The focus nodes of a set; ``None`` where there are none."""
        if focus_set.derived is not None:
            return self._derived(focus_set, focus_set.derived)
        at_hand = self._at_hand(focus_set)
        if at_hand is not None:
            return at_hand if at_hand.pattern else None
        nodes = {node for target in focus_set.targets for node in self._targets(target)}
        return self._kept(focus_set, nodes)

    def _derived(self, focus_set: FocusSet, query: str) -> _Focus | None:
        above = self._focus.get(focus_set.above or "")
        if above is None:
            return None
        rows = self.store.query(query.replace(FOCUS, above.pattern.replace("?this", "?above")))
        return self._kept(focus_set, {row[0] for row in rows})  # type: ignore[union-attr]

    def _kept(self, focus_set: FocusSet, nodes: set[Term]) -> _Focus | None:
        if not focus_set.feeds_others:
            nodes = {node for node in nodes if node in self.scope.subjects}
        return self._listed(focus_set.iri, nodes, not focus_set.feeds_others)

    def _at_hand(self, focus_set: FocusSet) -> _Focus | None:
        """A pattern that needs no list of the nodes; ``None`` where a list costs less in the end.

        The pattern finds nodes of the context too, so it is for data that are most of what there is.
        """
        parts: list[str] = []
        own = True
        for target in focus_set.targets:
            if not isinstance(target.value, URIRef) or target.kind == SH.targetNode:
                return None
            if target.kind == SH.targetClass:
                classes = [cls for cls in self._below(str(target.value)) if self._any_of(cls)]
                own = own and not any(cls in self.scope.context_types for cls in classes)
                parts += [f"?this {_TYPE} {cls} ." for cls in classes]
            elif self._has(str(target.value)):
                own = False
                ends = ("?this", "?any") if target.kind == SH.targetSubjectsOf else ("?any", "?this")
                parts.append(f"{ends[0]} {target.value.n3()} {ends[1]} .")
        simple = len(parts) == 1 and own
        if not (simple or focus_set.feeds_others or self.scope.mostly_data):
            return None
        if len(parts) > 1 and len(focus_set.groups) > _FEW_GROUPS:
            return None
        distinct = len(parts) > 1 or (parts and "?any" in parts[0])
        return _Focus(_union(parts) if distinct else "".join(parts), own)

    def _any_of(self, cls: ox.NamedNode) -> bool:
        return next(iter(self.store.quads_for_pattern(None, _TYPE, cls, ox.DefaultGraph())), None) is not None

    def _listed(self, iri: str, nodes: set[Term] | list[Term], own: bool) -> _Focus | None:
        name = ox.NamedNode(iri)
        self.store.extend(ox.Quad(name, _HAS, node, _GRAPH) for node in nodes)
        return _Focus(f"GRAPH {FOCUS_GRAPH} {{ {name} {HAS_FOCUS} ?this }}", own) if nodes else None

    def _targets(self, target: Target) -> Iterator[Term]:
        if target.kind == SH.targetNode:
            if (node := _term(target.value)) is not None:
                yield node
        elif isinstance(target.value, URIRef):
            iri = ox.NamedNode(str(target.value))
            if target.kind == SH.targetClass:
                for cls in self._below(iri.value):
                    for quad in self.store.quads_for_pattern(None, _TYPE, cls, ox.DefaultGraph()):
                        yield quad.subject  # type: ignore[misc]
                return
            for quad in self.store.quads_for_pattern(None, iri, None, ox.DefaultGraph()):
                yield quad.subject if target.kind == SH.targetSubjectsOf else quad.object  # type: ignore[misc]


def _raw(check: Check, row: ox.QuerySolution, names: set[str]) -> Raw:
    value = row["value"] if "value" in names else None
    path = row["path"] if "path" in names else None
    if value is None and check.value_is_focus:
        value = row["this"]
    return Raw(
        focus=term_text(row["this"]),
        path=term_text(path) if path is not None else check.path,
        value=term_text(value) if value is not None else None,
        component=check.component,
        shape=check.shape,
    )


def _union(parts: list[str]) -> str:
    return f"{{ SELECT DISTINCT ?this WHERE {{ {' UNION '.join(f'{{ {part} }}' for part in parts)} }} }}"


def _term(node: Node) -> Term | None:
    if isinstance(node, Literal):
        datatype = None if node.language or node.datatype is None else ox.NamedNode(str(node.datatype))
        return ox.Literal(str(node), language=node.language, datatype=datatype)
    return ox.NamedNode(str(node)) if isinstance(node, URIRef) else None
