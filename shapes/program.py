"""What the compiler makes of shapes: queries grouped by the focus nodes and the path that they share.

Queries are templates: ``FOCUS`` stands for the pattern that binds ``?this`` to the focus nodes and
``class_mark`` for the test that a class is another or below it. The runner fills both in from the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Node

from ..ontology.names import SHAPE

FOCUS = "«focus»"
FOCUS_GRAPH = f"<{SHAPE['focus-nodes']}>"
HAS_FOCUS = f"<{SHAPE['hasFocus']}>"
IS_A = f"<{SHAPE['isA']}>"
_CHOICE = re.compile(r"(«has [^»]*»|«way [^»]*»|«end»)")
CLASS_MARK = re.compile(r"«class (\?\w+) <([^>]*)>»")


def class_mark(var: str, cls: URIRef) -> str:
    """The place in a query where ``var`` must be the class or one of its subclasses."""
    return f"«class {var} <{cls}>»"


def true_if_absent(path: str, condition: str) -> str:
    """A condition that holds as a matter of course where no statement has the path's predicate."""
    predicate = predicate_of(path)
    return condition if predicate is None else f"«has {predicate}»{condition}«end»"


def way(predicate: str, step: str) -> str:
    """An alternative of a path, ``|`` before it, that leads nowhere where no statement has the predicate."""
    return f"«way {predicate}»{step}«end»"


def resolved(text: str, has: Callable[[str], bool]) -> str:
    """The text with each ``true_if_absent`` and ``way`` decided."""
    written: list[list[str]] = [[]]
    instead: list[str | None] = []
    for part in _CHOICE.split(text):
        if part.startswith(("«has ", "«way ")):
            instead.append(None if has(part[5:-1]) else "true" if part[1] == "h" else "")
            written.append([])
        elif part == "«end»":
            held, other = "".join(written.pop()), instead.pop()
            written[-1].append(held if other is None else other)
        else:
            written[-1].append(part)
    return "".join(written[0])


@dataclass(frozen=True)
class Target:
    """How focus nodes are found: the SHACL property and its value."""

    kind: URIRef
    value: Node


@dataclass(frozen=True)
class Check:
    """One constraint of one shape; its query gives ?this and, where it has them, ?value and ?path.

    ``without_values``: it can fail on a focus node that has no value at the path. ``fault``: a condition on
    ``?this`` and ``?value`` that is true where it fails; checks that have one are screened together.
    """

    shape: Node
    component: URIRef
    path: str | None
    query: str
    without_values: bool = True
    fault: str | None = None
    value_is_focus: bool = False


@dataclass(frozen=True)
class Group:
    """Checks on one path of one focus set.

    ``predicate``: without a statement of it in the data there are no values. ``screen`` gives the focus nodes
    on which at least one of the checks with a fault fails.
    """

    predicate: str | None
    checks: tuple[Check, ...]
    screen: str | None


@dataclass(frozen=True)
class FocusSet:
    """The focus nodes that share checks; ``derived`` finds those reached from the set ``above``."""

    iri: str
    targets: tuple[Target, ...]
    above: str | None
    derived: str | None
    groups: tuple[Group, ...]
    feeds_others: bool

    @property
    def checks(self) -> Iterator[Check]:
        """Every check of the set."""
        return (check for group in self.groups for check in group.checks)


@dataclass(frozen=True)
class Program:
    """The compiled shapes: focus sets in the order to find them, and the classes asked for."""

    sets: tuple[FocusSet, ...]
    classes: frozenset[URIRef]


def grouped(checks: list[tuple[str | None, Check]]) -> tuple[Group, ...]:
    """Put the checks of one focus set together by path; each comes with the path in SPARQL's writing."""
    by_path: dict[str | None, list[Check]] = {}
    for path, check in checks:
        by_path.setdefault(path, []).append(check)
    return tuple(Group(predicate_of(path), tuple(own), _screen(path, own)) for path, own in by_path.items())


def predicate_of(path: str | None) -> str | None:
    """The predicate of a path that is one step, forwards or backwards."""
    bare = (path or "").removeprefix("^")
    return bare[1:-1] if re.fullmatch(r"<[^<>]*>", bare) else None


def _screen(path: str | None, checks: list[Check]) -> str | None:
    faults = [check.fault for check in checks if check.fault is not None]
    if len(faults) < 2:
        return None
    if path is None:
        return f"SELECT DISTINCT ?this WHERE {{ {FOCUS} FILTER({' || '.join(faults)}) }}"
    reach = f"?this {path} ?value"
    if any(check.without_values for check in checks if check.fault is not None):
        reach = f"OPTIONAL {{ {reach} }}"
    return f"SELECT DISTINCT ?this WHERE {{ {FOCUS} {reach} FILTER({' || '.join(faults)}) }}"
