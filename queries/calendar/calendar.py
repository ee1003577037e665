"""Reads the cycles of the merged view and answers what is due, overdue, unanswered and clashing on a day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ...ontology.problems import Lang, Problem, RodtradError
from ..catalogue import read_folder
from ..header import Query
from ..parameters import JSON, Engine, with_iris
from .due import Clash, Cycle, Held, Occasion, Step, Unplaced, clashes, occasions, round_ends

_STATED = "/stated"
Row = Mapping[str, str]


@dataclass(frozen=True)
class Decision:
    """Something that was decided about what is reviewed."""

    iri: str
    label: str
    changes: frozenset[str]
    day: date | None
    year: int | None
    forum: str | None


@dataclass(frozen=True)
class Calendar:
    """What the cycles say of the days ``first`` to ``last``, seen on the day ``on``.

    Attributes:
        silent: Follow-ups held by ``on`` to which somebody who was asked has not answered.
    """

    lang: Lang
    first: date
    last: date
    on: date
    cycles: tuple[Cycle, ...]
    steps: tuple[Step, ...]
    occasions: tuple[Occasion, ...]
    unplaced: tuple[Unplaced, ...]
    silent: tuple[Held, ...]
    clashes: tuple[Clash, ...]
    decisions: tuple[Decision, ...]
    generation: int | None = None

    def decided(self, occasion: Occasion) -> tuple[Decision, ...]:
        """The decisions on what was reviewed, within the round, after it, by the day ``on``."""
        reviewed = {iri for one in occasion.held for iri in one.reviews}
        days = [one.day for one in occasion.held if one.day]
        return tuple(
            one
            for one in self.decisions
            if one.changes & reviewed and one.day and one.day.year < round_ends(occasion)
            if days and min(days) <= one.day <= self.on
        )

    def next_for(self, iri: str) -> Occasion | None:
        """The next occasion that is to review a thing."""
        return next(
            (one for one in self.occasions if iri in one.step.reviews and one.state in ("coming", "now")),
            None,
        )

    def as_dict(self) -> dict[str, Any]:
        """The whole answer as JSON takes it."""
        return {
            "on": self.on.isoformat(),
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "generation": self.generation,
            "occasions": [self._occasion(one) for one in self.occasions],
            "withoutTime": [{**_step(one.step), "reason": one.reason} for one in self.unplaced],
            "notAnswered": [
                {
                    "followUp": one.iri,
                    "label": one.label,
                    "date": _day(one.day),
                    "parties": _names(one.silent),
                }
                for one in self.silent
            ],
            "perGoal": self._goals(),
            "clashes": [
                {
                    "cycles": [_cycle(one.first), _cycle(one.second)],
                    "months": None if one.months is None else list(one.months),
                    "sharedGoals": _names(one.shared),
                }
                for one in self.clashes
            ],
        }

    def _occasion(self, one: Occasion) -> dict[str, Any]:
        return {
            **_step(one.step),
            "begins": one.begins.isoformat(),
            "due": one.due.isoformat(),
            "state": one.state,
            "held": [
                {"followUp": held.iri, "label": held.label, "date": _day(held.day)} for held in one.held
            ],
            "left": _names(one.left),
            "notAnswered": _names(one.silent),
            "decisions": [
                {"decision": made.iri, "label": made.label, "date": _day(made.day), "forum": made.forum}
                for made in self.decided(one)
            ],
        }

    def _goals(self) -> list[dict[str, Any]]:
        found = []
        for iri, name in sorted(self.reviewed().items(), key=lambda pair: (pair[1], pair[0])):
            overdue = [one for one in self.occasions if one.state == "overdue" and iri in one.left]
            following = self.next_for(iri)
            found.append(
                {
                    "iri": iri,
                    "label": name,
                    "overdue": [one.due.isoformat() for one in overdue],
                    "next": following.due.isoformat() if following else None,
                }
            )
        return found

    def reviewed(self) -> dict[str, str]:
        """Everything that a step is to review, by IRI with its label."""
        return {iri: name for step in self.steps for iri, name in step.reviews.items()}


def calendar(
    engine: Engine,
    holders: Iterable[str] = (),
    *,
    first: date,
    last: date,
    on: date,
    lang: Lang = "sv",
    constructed: bool = False,
) -> Calendar:
    """What is due between two days, seen on the day ``on``.

    ``holders`` are the IRIs of those whose cycles are asked for; without any, everybody's but the
    made-up ones, unless ``constructed``.
    Raises RodtradError ``value-unreadable`` when the last day comes before the first.
    """
    if last < first:
        given = f"{first.isoformat()}–{last.isoformat()}"
        raise RodtradError(Problem("value-unreadable", values={"name": "from–to", "given": given}))
    asked = sorted(set(holders))
    terms = {"holder": asked} if asked else {}
    told = _rows(engine, "held", terms, lang)
    held, logged = _held(told), {row["publication"] for row in told}
    cycles = [
        replace(one, logged=one.publication in logged)
        for one in _cycles(_rows(engine, "cycles", terms, lang))
        if asked or constructed or not one.constructed
    ]
    steps = _steps(_rows(engine, "steps", terms, lang), cycles)
    placed, unplaced = occasions(steps, held, first, last, on)
    shown = {one.publication for one in cycles}
    silent = (one for one in held if one.silent and _by(one, on) and one.publication in shown)
    return Calendar(
        lang=lang,
        first=first,
        last=last,
        on=on,
        cycles=tuple(cycles),
        steps=tuple(steps),
        occasions=tuple(placed),
        unplaced=tuple(unplaced),
        silent=tuple(silent),
        clashes=tuple(clashes(cycles, steps)),
        decisions=_decisions(_rows(engine, "decisions", terms, lang)),
        generation=getattr(engine, "generation", None),
    )


@cache
def _queries() -> Mapping[str, Query]:
    return read_folder(Path(__file__).parent)


def _rows(engine: Engine, name: str, terms: Mapping[str, list[str]], lang: Lang) -> list[Row]:
    answer = json.loads(engine.query(with_iris(_queries()[name].text, terms, lang), JSON))
    return [{key: cell["value"] for key, cell in row.items()} for row in answer["results"]["bindings"]]


def _cycles(rows: Iterable[Row]) -> list[Cycle]:
    """One cycle for each of those who hold it; two sources that tell of it make no second."""
    found: dict[tuple[str, str], Cycle] = {}
    for row in rows:
        found.setdefault((row["cycle"], row["holder"]), _cycle_of(row))
    return list(found.values())


def _cycle_of(row: Row) -> Cycle:
    return Cycle(
        iri=row["cycle"],
        label=row["label"],
        holder=row["holder"],
        holder_label=row.get("holderLabel", ""),
        code=row.get("code", ""),
        region=row.get("region"),
        scope=row.get("scope"),
        part=row.get("part"),
        least=_number(row, "least"),
        most=_number(row, "most"),
        between=_number(row, "between"),
        between_stated=row.get("betweenBasis", _STATED).endswith(_STATED),
        start=_date(row.get("start")),
        note=row.get("note"),
        basis=row["basis"],
        source=row.get("source"),
        publication=row["publication"],
        constructed=row.get("constructed") == "true",
    )


def _steps(rows: Iterable[Row], cycles: Iterable[Cycle]) -> list[Step]:
    holders: dict[str, list[Cycle]] = {}
    for cycle in cycles:
        holders.setdefault(cycle.iri, []).append(cycle)
    found: dict[tuple[str, str], Step] = {}
    for row in rows:
        for cycle in holders.get(row["cycle"], []):
            key = (row["step"], cycle.holder)
            if key not in found:
                found[key] = _step_of(row, cycle)
            if "reviewed" in row:
                found[key].reviews[row["reviewed"]] = row["reviewedLabel"]
    return list(found.values())


def _step_of(row: Row, cycle: Cycle) -> Step:
    return Step(
        iri=row["step"],
        label=row["label"],
        cycle=cycle,
        order=_number(row, "order"),
        month=_number(row, "month"),
        month_to=_number(row, "monthTo"),
        year=_number(row, "year"),
        year_stated=row.get("yearBasis", _STATED).endswith(_STATED),
        interval=_number(row, "interval"),
        feeds=row.get("feeds"),
        instrument=row.get("instrument"),
        note=row.get("note"),
        basis=row["basis"],
    )


def _held(rows: Iterable[Row]) -> list[Held]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["followUp"], []).append(row)
    return [
        Held(
            iri=iri,
            label=several[0]["label"],
            step=several[0].get("step"),
            day=_date(several[0].get("date")),
            year=_number(several[0], "year"),
            publication=several[0]["publication"],
            reviews=frozenset(row["reviewed"] for row in several if "reviewed" in row),
            asked={row["asked"]: row["askedLabel"] for row in several if "asked" in row},
            silent={
                row["asked"]: row["askedLabel"]
                for row in several
                if "asked" in row and row["answered"] != "true"
            },
        )
        for iri, several in groups.items()
    ]


def _decisions(rows: Iterable[Row]) -> tuple[Decision, ...]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["decision"], []).append(row)
    return tuple(
        Decision(
            iri=iri,
            label=several[0]["label"],
            changes=frozenset(row["changes"] for row in several),
            day=_date(several[0].get("date")),
            year=_number(several[0], "year"),
            forum=several[0].get("forum"),
        )
        for iri, several in groups.items()
    )


def _by(held: Held, on: date) -> bool:
    return held.day <= on if held.day else bool(held.year and held.year <= on.year)


def _number(row: Row, name: str) -> int | None:
    return int(row[name]) if name in row else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _names(several: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"iri": iri, "label": name} for iri, name in several.items()]


def _cycle(one: Cycle) -> dict[str, Any]:
    return {"iri": one.iri, "label": one.label, "scope": one.scope}


def _step(one: Step) -> dict[str, Any]:
    return {
        "step": one.iri,
        "label": one.label,
        "cycle": {**_cycle(one.cycle), "interpretedRounds": not one.cycle.between_stated},
        "holder": {"iri": one.cycle.holder, "label": one.cycle.holder_label, "code": one.cycle.code},
        "feeds": one.feeds,
        "reviews": _names(one.reviews),
        "interpretedYear": not one.year_stated,
        "basis": one.basis,
        "source": one.cycle.source,
        "publication": one.cycle.publication,
        "constructed": one.cycle.constructed,
    }


@dataclass(frozen=True)
class Holder:
    """Somebody who has cycles, with the code that stands in addresses."""

    iri: str
    label: str
    code: str
    region: str | None
    constructed: bool


def holders(engine: Engine, lang: Lang = "sv") -> list[Holder]:
    """Those who have cycles, by code."""
    found = {
        one.holder: Holder(one.holder, one.holder_label, one.code, one.region, one.constructed)
        for one in _cycles(_rows(engine, "cycles", {}, lang))
    }
    return sorted(found.values(), key=lambda one: (one.constructed, one.code, one.label, one.iri))
