"""Why a row stands in an answer: its members, where each is said, and the paths between them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import yaml

from ..ontology.problems import Lang
from .answer import Answer, Cell
from .catalogue import read_folder
from .header import Query
from .parameters import JSON, Engine, with_iris
from .runner import look_up_labels
from .thread import Link, Named, Path, Trace
from .trace import trace

_HERE = FilePath(__file__).parent / "explain"
MAX_ROWS = 100
MAX_PATHS = 10
_BATCH = 300
_ORIGINS = "origins"
_ABOUT = {"source", "publication", "basis", "region"}


@dataclass(frozen=True)
class Member:
    """A thing behind a row, and where it is said. ``column`` is where it stands, if it is not counted."""

    iri: str
    label: str
    column: str | None = None
    source: Named | None = None
    section: str | None = None
    basis: Named | None = None
    publication: Named | None = None
    constructed: bool = False


@dataclass(frozen=True)
class Step:
    """One link of a path, with the words between its ends and where the link is said."""

    start: Named
    words: str
    end: Named
    kind: str
    basis: Named | None = None
    section: str | None = None
    source: Named | None = None


@dataclass(frozen=True)
class Way:
    """A path: its links, and what is weakest on it."""

    steps: tuple[Step, ...]
    why: str


@dataclass(frozen=True)
class Explanation:
    """What lies behind one row."""

    members: tuple[Member, ...]
    paths: tuple[Way, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The explanation as JSON values; what is not said is left out."""
        return {
            "members": [_said(asdict(one)) for one in self.members],
            "paths": [
                {"steps": [_said(asdict(step)) for step in way.steps], "why": way.why} for way in self.paths
            ],
        }


def explain(engine: Engine, answer: Answer) -> tuple[Explanation, ...]:
    """What lies behind each of the first ``MAX_ROWS`` rows of an answer, in the order of the rows.

    A question that counts names its members by a query of its own in ``queries/explain``; for every other one
    the members are the things of the row. ``paths.yaml`` there names the columns between which paths run.
    """
    rows = answer.rows[:MAX_ROWS]
    counted = _counted(engine, answer, rows)
    behind = [_each_once(_own(row), more) for row, more in zip(rows, counted, strict=True)]
    told = _origins(engine, {iri for found in behind for iri in found})
    labels = _labels(engine, told, answer.lang)
    ways = _Ways(engine, answer.lang)
    return tuple(
        Explanation(
            tuple(
                _member(iri, column, row, labels)
                for iri, column in found.items()
                for row in told.get(iri, ())
            ),
            ways.of(answer.rows[at], _paths().get(answer.query.id)),
        )
        for at, found in enumerate(behind)
    )


def not_explained(answer: Answer) -> dict[str, str] | None:
    """What to say, by language, of an answer that has more rows than are explained."""
    count = len(answer.rows)
    if count <= MAX_ROWS:
        return None
    return {
        "sv": f"De första {MAX_ROWS} av {count} rader är förklarade. Snäva av frågan för att se fler.",
        "en": f"The first {MAX_ROWS} of {count} rows are explained. Narrow the question to see more.",
    }


def to_text(explanation: Explanation) -> list[str]:
    """The explanation as lines for reading."""
    lines = []
    for one in explanation.members:
        named = [one.source, one.basis]
        said = [*(name.label for name in named if name), one.section or ""]
        lines.append(f"{one.label} <{one.iri}>: " + " · ".join(part for part in said if part))
    for way in explanation.paths:
        first = way.steps[0].start.label if way.steps else ""
        lines.append(first + "".join(f" → {step.words} → {step.end.label}" for step in way.steps))
        lines.append(f"  {way.why}")
    return lines


class _Ways:
    """Paths of rows; each start is followed once."""

    def __init__(self, engine: Engine, lang: Lang) -> None:
        self._engine = engine
        self._lang: Lang = lang
        self._found: dict[str, Trace] = {}

    def of(self, row: Mapping[str, Cell], ends: Mapping[str, str] | None) -> tuple[Way, ...]:
        if ends is None or ends["from"] not in row or not row[ends["from"]].iri:
            return ()
        start = row[ends["from"]].value
        if start not in self._found:
            self._found[start] = trace(self._engine, start, "up", self._lang)
        followed = self._found[start]
        end = row[ends["to"]].value if ends.get("to") in row else None
        ways: dict[tuple[Step, ...], Way] = {}
        for path in followed.paths:
            met = [at for at, link in enumerate(path.links) if link.end == end]
            if end is not None and not met:
                continue
            walked = Path(path.links if end is None else path.links[: met[0] + 1])
            steps = tuple(_step(followed, link) for link in walked.links)
            ways.setdefault(steps, Way(steps, followed.why(walked)))
            if len(ways) == MAX_PATHS:
                break
        return tuple(ways.values())


def _step(followed: Trace, link: Link) -> Step:
    return Step(
        Named(link.start, followed.node(link.start).label),
        link.relation.label,
        Named(link.end, followed.node(link.end).label),
        link.kind,
        link.basis,
        link.section,
        link.source,
    )


def _own(row: Mapping[str, Cell]) -> list[tuple[str | None, str]]:
    return [(name, cell.iri) for name, cell in row.items() if cell.iri and name not in _ABOUT]


def _each_once(*parts: Sequence[tuple[str | None, str]]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for column, iri in (pair for part in parts for pair in part):
        found.setdefault(iri, column)
    return found


def _counted(
    engine: Engine, answer: Answer, rows: Sequence[Mapping[str, Cell]]
) -> list[list[tuple[str | None, str]]]:
    """The members that a declared query gives for each row."""
    declared = _declared().get(answer.query.id)
    if declared is None or answer.query.id == _ORIGINS:
        return [[] for _ in rows]
    names = [one.name for one in declared.parameters]
    asked = {name: sorted({row[name].value for row in rows if name in row}) for name in names}
    if not rows or not all(asked.values()):
        return [[] for _ in rows]
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for term in _ask(engine, with_iris(declared.text, asked, answer.lang)):
        found[tuple(term.get(name, "") for name in names)].append(term["member"])
    return [
        [(None, iri) for iri in found[tuple(row[name].value if name in row else "" for name in names)]]
        for row in rows
    ]


def _origins(engine: Engine, iris: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """Where each thing is said; what no publication says (a code list, a county) is left out."""
    told: dict[str, list[dict[str, str]]] = defaultdict(list)
    listed = sorted(iris)
    for at in range(0, len(listed), _BATCH):
        text = with_iris(_declared()[_ORIGINS].text, {"member": listed[at : at + _BATCH]})
        for row in _ask(engine, text):
            told[row["member"]].append(row)
    return told


def _labels(engine: Engine, told: Mapping[str, list[dict[str, str]]], lang: Lang) -> dict[str, str]:
    told_of = ("source", "basis", "publication")
    names = {row[key] for rows in told.values() for row in rows for key in told_of if key in row}
    return look_up_labels(engine, names | set(told), lang)


def _member(iri: str, column: str | None, row: Mapping[str, str], labels: Mapping[str, str]) -> Member:
    def named(key: str) -> Named | None:
        return Named(row[key], labels.get(row[key], row[key])) if key in row else None

    return Member(
        iri,
        labels.get(iri, iri),
        column,
        named("source"),
        row.get("section"),
        named("basis"),
        named("publication"),
        row.get("constructed") in {"true", "1"},
    )


def _ask(engine: Engine, text: str) -> list[dict[str, str]]:
    bindings = json.loads(engine.query(text, JSON))["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@cache
def _declared() -> Mapping[str, Query]:
    return read_folder(_HERE)


@cache
def _paths() -> Mapping[str, Mapping[str, str]]:
    with (_HERE / "paths.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)
