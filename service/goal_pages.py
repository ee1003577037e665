"""The goals under a strategy or a goal: a tree, a matrix where they cross, and what each has and lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from ..ontology.problems import Lang
from .backend import Backend, Row, ask
from .links import switched
from .moment import backend_of
from .rendering import language_of
from .words import Labels, Value, iri_of, iris_in, last_part, property_name, rt

_DEEPEST = 12
_COMPLETE = "complete"


@dataclass(frozen=True)
class Goal:
    """A goal with what it has.

    Attributes:
        level: What the strategy itself calls goals of this kind, or the national word.
        statuses: Number of activities by status.
        at_least: Some activity comes from a sample.
        wanted: An objective is wanted to be measured; a priority need not be.
    """

    value: Value
    level: str
    indicators: tuple[Value, ...]
    with_target: frozenset[str]
    targets: int
    activities: int
    statuses: tuple[tuple[Value, int], ...]
    at_least: bool
    wanted: bool
    perspectives: tuple[Value, ...]

    @property
    def without_target(self) -> int:
        return sum(one.iri not in self.with_target for one in self.indicators)


@dataclass(frozen=True)
class Branch:
    """A goal with those under it; ``again`` when it is shown in full further up."""

    goal: Goal
    below: tuple[Branch, ...]
    again: bool = False


@dataclass(frozen=True)
class Matrix:
    """Goals that stand under several things at once: a row each, and where they belong."""

    columns: tuple[Value, ...]
    rows: tuple[tuple[Goal, tuple[bool, ...]], ...]


@dataclass(frozen=True)
class Goals:
    """Everything under one root. ``own`` describes the root where it is a goal itself."""

    tree: tuple[Branch, ...]
    matrix: Matrix | None
    number: int
    own: Goal | None
    own_words: bool
    translated: bool
    active: bool

    @property
    def levels(self) -> Mapping[str, int]:
        """How many goals there are of each level."""
        seen: dict[str | None, str] = {}
        stack = list(self.tree)
        while stack:
            one = stack.pop(0)
            seen[one.goal.value.iri] = one.goal.level
            stack += one.below
        return Counter(seen.values())


def goal_values(request: Request, iri: str) -> Mapping[str, Any]:
    """What the page of a strategy or a goal shows beside its fields."""
    national = request.query_params.get("words") == "national"
    query = dict(request.query_params)
    return {
        "goals": read_goals(backend_of(request), iri, language_of(request), own_words=not national),
        "words_href": switched(request.url.path, query, "words", "framework" if national else "national"),
    }


def read_goals(backend: Backend, root: str, lang: Lang, *, own_words: bool = True) -> Goals:
    """Read what stands under a document or a goal."""
    rows = ask(backend, "goal-tree", root=root)
    items = sorted({iri_of(row["item"]) for row in rows})
    wanted = [*items, root]
    measures, work = ask(backend, "goal-measures", item=wanted), ask(backend, "goal-activities", item=wanted)
    labels = Labels(backend, {root, *iris_in(rows), *iris_in(measures), *_concepts(work)}, lang)
    parents: dict[str, list[str]] = {}
    for row in rows:
        one = parents.setdefault(iri_of(row["item"]), [])
        if iri_of(row["parent"]) not in one:
            one.append(iri_of(row["parent"]))
    made = {
        iri: _goal(
            iri, [row for row in rows if iri_of(row["item"]) == iri], measures, work, labels, own_words
        )
        for iri in wanted
    }
    inside = {*items, root}
    below: dict[str, list[str]] = {}
    for iri, above in parents.items():
        for one in above:
            if one in inside:
                below.setdefault(one, []).append(iri)
    shown: set[str] = set()
    tree = _branches(root, below, made, shown, 0)
    return Goals(
        tree=tree,
        matrix=_matrix(root, parents, made, labels),
        number=len(items),
        own=made[root] if any(iri_of(row["item"]) == root for row in (*measures, *work)) else None,
        own_words=own_words,
        active=bool(work),
        translated=any("level" in row for row in rows),
    )


def _concepts(work: Sequence[Row]) -> set[str]:
    return {iri_of(row["status"]) for row in work if "status" in row}


def _branches(
    iri: str, below: Mapping[str, Sequence[str]], made: Mapping[str, Goal], shown: set[str], depth: int
) -> tuple[Branch, ...]:
    found = []
    for one in sorted(below.get(iri, ()), key=lambda one: (made[one].level, made[one].value.text)):
        if one in shown or depth >= _DEEPEST:
            found.append(Branch(made[one], (), again=True))
            continue
        shown.add(one)
        found.append(Branch(made[one], _branches(one, below, made, shown, depth + 1)))
    return tuple(found)


def _goal(
    iri: str,
    rows: Sequence[Row],
    measures: Sequence[Row],
    work: Sequence[Row],
    labels: Labels,
    own_words: bool,
) -> Goal:
    mine = [row for row in measures if iri_of(row["item"]) == iri]
    done = [row for row in work if iri_of(row["item"]) == iri]
    indicators = sorted({iri_of(row["indicator"]) for row in mine})
    statuses: dict[str, set[str]] = {}
    for row in done:
        if "status" in row:
            statuses.setdefault(iri_of(row["status"]), set()).add(iri_of(row["activity"]))
    return Goal(
        value=Value(labels.words(iri), iri),
        level=_level(rows, labels, own_words),
        indicators=tuple(Value(labels.words(one), one) for one in indicators),
        with_target=frozenset(iri_of(row["indicator"]) for row in mine if "target" in row),
        targets=len({iri_of(row["target"]) for row in mine if "target" in row}),
        activities=len({iri_of(row["activity"]) for row in done}),
        statuses=tuple(
            (Value(labels.words(one), one), len(several)) for one, several in sorted(statuses.items())
        ),
        at_least=any(last_part(iri_of(row.get("completeness", ""))) != _COMPLETE for row in done),
        wanted=any(iri_of(row["class"]) == rt("Objective") for row in rows),
        perspectives=_named(rows, "perspective", labels),
    )


def _level(rows: Sequence[Row], labels: Labels, own_words: bool) -> str:
    """What the strategy calls it, with the national word in brackets; the national word where it has none."""
    classes = sorted({iri_of(row["class"]) for row in rows})
    national = property_name(classes[0], labels.lang) if classes else ""
    own = _named(rows, "level", labels) if own_words else ()
    if own and own[0].text.casefold() != national.casefold():
        return f"{own[0].text} ({national.lower()})"
    return national


def _named(rows: Sequence[Row], name: str, labels: Labels) -> tuple[Value, ...]:
    found = sorted({iri_of(row[name]) for row in rows if name in row})
    return tuple(Value(labels.words(one), one) for one in found)


def _matrix(
    root: str, parents: Mapping[str, Sequence[str]], made: Mapping[str, Goal], labels: Labels
) -> Matrix | None:
    """The goals that cross: under several things inside this tree, or seen from a perspective."""
    inside = {iri: [one for one in above if one in made and one != root] for iri, above in parents.items()}
    crossing = {
        iri: [*above, *(one.iri or "" for one in made[iri].perspectives)] for iri, above in inside.items()
    }
    several = {iri: places for iri, places in crossing.items() if len(places) > 1 or made[iri].perspectives}
    columns = sorted(
        {one for places in several.values() for one in places}, key=lambda one: labels.words(one).text
    )
    if len(columns) < 2:
        return None
    rows = [
        (made[iri], tuple(one in places for one in columns))
        for iri, places in sorted(several.items(), key=lambda pair: made[pair[0]].value.text)
    ]
    return Matrix(tuple(Value(labels.words(one), one) for one in columns), tuple(rows))
