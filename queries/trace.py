"""Follows the thread: from a krona or an activity up to effects, objectives and strategy, or down again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path as FilePath
from typing import Literal

from ..ontology.names import RT
from ..ontology.problems import Lang, Problem, RodtradError
from .catalogue import read_folder
from .parameters import JSON, Engine, with_iris
from .runner import look_up_labels
from .thread import Break, Link, Money, Named, Node, Path, Trace

__all__ = ["trace"]

MAX_DEPTH = 12
MAX_NODES = 5_000
MAX_PATHS = 500

Direction = Literal["up", "down"]
Row = Mapping[str, str]


def trace(engine: Engine, iri: str, direction: Direction, lang: Lang = "sv") -> Trace:
    """Every path from a resource ``up`` to what it led to and stands under, or ``down`` to what it rests on.

    Causes, definitions, money and governance are told apart on each link; what is said of a region's work
    as a whole stands by itself. Cycles are walked once. At most ``MAX_DEPTH`` steps and ``MAX_PATHS`` paths
    are followed; ``truncated`` says when that was not enough.
    Raises RodtradError: ``bad-direction``, ``unknown-resource``.
    """
    if direction not in ("up", "down"):
        raise RodtradError(Problem("bad-direction", values={"direction": direction}))
    reader = _Reader(engine, lang)
    start = reader.start(iri)
    if not start:
        raise RodtradError(Problem("unknown-resource", values={"iri": iri}))
    reader.with_constructed = any(_true(row, "constructed") for row in start)
    steps, cut_walk = reader.walk([iri], direction)
    whole = reader.ask("whole-work", {"node": [iri]}) if direction == "up" else []
    above, _ = (
        reader.walk(sorted({row["to"] for row in whole if "to" in row}), "up") if whole else ([], False)
    )
    reached = {iri} | {row[end] for row in [*steps, *above] for end in ("from", "to")}
    reached |= {row[end] for row in whole for end in ("work", "to") if end in row}
    facts = reader.ask("nodes", {"node": sorted(reached)})
    stops = reader.ask(f"breaks-{direction}", {"node": sorted({iri} | _ends(steps))})
    names = reader.names([*steps, *above, *whole, *facts, *stops])
    links = tuple(_link(row, names) for row in steps)
    nodes = _nodes(reached, facts, names)
    paths, cut_paths = _paths(iri, links, direction)
    return Trace(
        start=nodes[iri],
        direction=direction,
        lang=lang,
        nodes=tuple(nodes.values()),
        links=links,
        paths=paths,
        breaks=tuple(Break(row["node"], _named(row["missing"], names), row["words"]) for row in stops),
        whole_work=tuple(
            [_whole(row, names) for row in whole if "to" in row] + [_link(row, names) for row in above]
        ),
        truncated=cut_walk or cut_paths,
        generation=getattr(engine, "generation", None),
    )


class _Reader:
    """Asks the questions of ``queries/trace``. What is made up is followed only from what is made up."""

    with_constructed = False

    def __init__(self, engine: Engine, lang: Lang) -> None:
        self._engine = engine
        self._lang: Lang = lang

    def ask(self, query_id: str, iris: Mapping[str, Sequence[str]]) -> list[Row]:
        text = with_iris(_texts()[query_id], iris, self._lang)
        bindings = json.loads(self._engine.query(text, JSON))["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    def start(self, iri: str) -> list[Row]:
        try:
            return self.ask("nodes", {"node": [iri]})
        except ValueError:
            return []

    def walk(self, starts: Sequence[str], direction: Direction) -> tuple[list[Row], bool]:
        """The links met on the way, each once, and whether the way was cut off."""
        here, there = ("from", "to") if direction == "up" else ("to", "from")
        seen, frontier = set(starts), list(starts)
        steps: dict[tuple[str, ...], Row] = {}
        for _ in range(MAX_DEPTH):
            if not frontier:
                return list(steps.values()), False
            rows = [
                row
                for row in self.ask("edges", {here: frontier})
                if self.with_constructed or not _true(row, "constructed")
            ]
            for row in rows:
                steps.setdefault((row["from"], row["to"], row["property"], row.get("link", "")), row)
            frontier = sorted({row[there] for row in rows} - seen)
            seen.update(frontier)
            if len(seen) > MAX_NODES:
                return list(steps.values()), True
        return list(steps.values()), bool(frontier)

    def names(self, rows: Iterable[Row]) -> dict[str, str]:
        iris = {
            value for row in rows for value in row.values() if value.startswith(("http:", "https:", "urn:"))
        }
        return look_up_labels(self._engine, iris, self._lang)


@cache
def _texts() -> Mapping[str, str]:
    return {key: query.text for key, query in read_folder(FilePath(__file__).parent / "trace").items()}


def _ends(steps: Iterable[Row]) -> set[str]:
    return {row[end] for row in steps for end in ("from", "to")}


def _nodes(reached: Iterable[str], facts: Sequence[Row], names: Mapping[str, str]) -> dict[str, Node]:
    told: dict[str, Row] = {}
    for row in facts:
        told.setdefault(row["node"], row)
    found = {}
    for iri in sorted(reached):
        row = told.get(iri, {})
        found[iri] = Node(
            iri=iri,
            label=names.get(iri) or _tail(iri),
            cls=_maybe(row, "class", names),
            level=_maybe(row, "level", names),
            state=_maybe(row, "state", names),
            publication=_maybe(row, "publication", names),
            source=_maybe(row, "source", names),
            section=row.get("section"),
            constructed=_true(row, "constructed"),
            money=_money(row, names),
        )
    return found


def _money(row: Row, names: Mapping[str, str]) -> Money | None:
    if not {"fund", "granted", "paid", "amount"} & set(row):
        return None
    return Money(
        fund=_maybe(row, "fund", names),
        granted=row.get("granted"),
        paid=row.get("paid"),
        amount=row.get("amount"),
        unit=row.get("unit"),
        case=row.get("case"),
    )


def _link(row: Row, names: Mapping[str, str]) -> Link:
    return Link(
        start=row["from"],
        end=row["to"],
        kind=row["kind"],  # type: ignore[arg-type]
        relation=Named(row["property"], row["words"]),
        link=row.get("link"),
        basis=_maybe(row, "basis", names),
        state=_state(row),
        assumption=row.get("assumption"),
        evidence=row.get("evidence"),
        external=_maybe(row, "external", names),
        contribution=_maybe(row, "contribution", names),
        publication=_maybe(row, "publication", names),
        source=_maybe(row, "source", names),
        section=row.get("section"),
    )


def _state(row: Row) -> Literal["achieved", "not-achieved"] | None:
    if "achieved" not in row:
        return None
    return "achieved" if _true(row, "achieved") else "not-achieved"


def _whole(row: Row, names: Mapping[str, str]) -> Link:
    return Link(
        start=row["work"],
        end=row["to"],
        kind="whole-work",
        relation=Named(str(RT.alignedTo), row["words"]),
        basis=_maybe(row, "basis", names),
        level=_maybe(row, "level", names),
        publication=_maybe(row, "publication", names),
        source=_maybe(row, "source", names),
        section=row.get("section"),
    )


def _paths(start: str, links: Sequence[Link], direction: Direction) -> tuple[tuple[Path, ...], bool]:
    """The simple paths from ``start`` to where no link goes on, and whether there are more than the limit."""
    onward: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        onward[link.start if direction == "up" else link.end].append(link)
    found: list[Path] = []
    stack: list[tuple[str, tuple[Link, ...], frozenset[str]]] = [(start, (), frozenset({start}))]
    while stack:
        here, walked, seen = stack.pop()
        steps = [(link, link.end if direction == "up" else link.start) for link in onward[here]]
        steps = [(link, there) for link, there in steps if there not in seen]
        if walked and (not steps or len(walked) == MAX_DEPTH):
            if len(found) == MAX_PATHS:
                return tuple(found), True
            found.append(Path(walked))
            continue
        stack += [(there, (*walked, link), seen | {there}) for link, there in reversed(steps)]
    return tuple(found), False


def _true(row: Row, name: str) -> bool:
    return row.get(name) in {"true", "1"}


def _named(iri: str, names: Mapping[str, str]) -> Named:
    return Named(iri, names.get(iri) or _tail(iri))


def _maybe(row: Row, name: str, names: Mapping[str, str]) -> Named | None:
    return _named(row[name], names) if name in row else None


def _tail(iri: str) -> str:
    return iri.rstrip("/#").rpartition("/")[2]
