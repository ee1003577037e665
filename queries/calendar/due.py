"""From declared cycles to days: when a step comes, whether it was held, and which cycles meet in time.

Only what the source says is placed in time. A step without a month, or one that comes every few years in a
cycle whose beginning is not told, is left unplaced with the reason.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Literal

YEAR = 12
State = Literal["coming", "now", "held", "partly-held", "overdue", "not-told"]
Reason = Literal["no-month", "no-length", "no-beginning", "not-whole-years"]


@dataclass(frozen=True)
class Cycle:
    """A recurring course.

    Attributes:
        least: Months that it takes at least.
        most: Months that it takes at most.
        between: Months from the beginning of one round to the next, where it is not the length.
        between_stated: Whether the source says so.
        start: The first day of the first round.
        logged: Whether follow-ups held are published, so that one that is lacking can be called overdue.
    """

    iri: str
    label: str
    holder: str = ""
    holder_label: str = ""
    code: str = ""
    region: str | None = None
    scope: str | None = None
    part: str | None = None
    least: int | None = None
    most: int | None = None
    between: int | None = None
    between_stated: bool = True
    start: date | None = None
    note: str | None = None
    basis: str = ""
    source: str | None = None
    publication: str = ""
    constructed: bool = False
    logged: bool = False

    @property
    def every(self) -> int | None:
        """Months between two rounds, where that is known."""
        if self.between:
            return self.between
        if self.most:
            return self.most
        return YEAR if self.least and self.least <= YEAR else None

    @property
    def overlaps(self) -> bool:
        """Whether a round begins before the one before it has ended."""
        return bool(self.every and self.least and self.least > self.every)


@dataclass(frozen=True)
class Step:
    """Something that is to happen in a cycle. ``month`` is 1–12, ``year`` the year of the cycle, 1 first.

    Attributes:
        interval: Years between two times, where the source gives them for the step itself.
        reviews: What is to be taken up, by IRI with its label.
    """

    iri: str
    label: str
    cycle: Cycle
    order: int | None = None
    month: int | None = None
    month_to: int | None = None
    year: int | None = None
    year_stated: bool = True
    interval: int | None = None
    feeds: str | None = None
    instrument: str | None = None
    note: str | None = None
    basis: str = ""
    reviews: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A follow-up that took place. ``silent`` are those who were asked and have not answered, by IRI."""

    iri: str
    label: str
    step: str | None
    day: date | None
    year: int | None
    reviews: frozenset[str] = frozenset()
    asked: dict[str, str] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    publication: str = ""


@dataclass(frozen=True)
class Occasion:
    """One time that a step comes: from ``begins`` to ``due``, both days counted."""

    step: Step
    begins: date
    due: date
    state: State
    held: tuple[Held, ...] = ()
    left: dict[str, str] = field(default_factory=dict)

    @property
    def silent(self) -> dict[str, str]:
        """Those who were asked at this occasion and have not answered."""
        return {iri: name for one in self.held for iri, name in one.silent.items()}


@dataclass(frozen=True)
class Unplaced:
    """A step that cannot be placed in time, and why."""

    step: Step
    reason: Reason


@dataclass(frozen=True)
class Clash:
    """Two cycles of one holder. ``months`` are those in which both have a step; ``None`` when not known.

    Attributes:
        shared: What both are to review, by IRI with its label.
    """

    first: Cycle
    second: Cycle
    months: tuple[int, ...] | None
    shared: dict[str, str]


def why_unplaced(step: Step) -> Reason | None:
    """Why a step has no days; ``None`` when it has."""
    if step.month is None:
        return "no-month"
    every = _every(step)
    if every is None:
        return "no-length"
    if every % YEAR:
        return "not-whole-years"
    if every > YEAR and step.cycle.start is None:
        return "no-beginning"
    return None


def occasions(
    steps: Iterable[Step], held: Sequence[Held], first: date, last: date, on: date
) -> tuple[list[Occasion], list[Unplaced]]:
    """The times between two days that steps come, with what is known of each on the day ``on``."""
    placed: list[Occasion] = []
    unplaced: list[Unplaced] = []
    for step in steps:
        reason = why_unplaced(step)
        if reason:
            unplaced.append(Unplaced(step, reason))
            continue
        placed += [_occasion(step, year, held, on) for year in _years(step, first.year - 1, last.year)]
    inside = [one for one in placed if one.begins <= last and one.due >= first]
    return sorted(inside, key=lambda one: (one.due, one.begins, one.step.label, one.step.iri)), unplaced


def clashes(cycles: Iterable[Cycle], steps: Iterable[Step]) -> list[Clash]:
    """Pairs of cycles of the same holder, whether they have steps in the same month, and what both review.

    A cycle and the larger one of which it is part are no pair.
    """
    own: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        own.setdefault((step.cycle.iri, step.cycle.holder), []).append(step)
    found = []
    for one, two in combinations(sorted(cycles, key=lambda cycle: (cycle.code, cycle.label, cycle.iri)), 2):
        if one.holder != two.holder or one.part == two.iri or two.part == one.iri:
            continue
        first, second = (own.get((cycle.iri, cycle.holder), []) for cycle in (one, two))
        months, others = _months(first), _months(second)
        reviewed = {iri for step in first for iri in step.reviews}
        shared = {iri: name for step in second for iri, name in step.reviews.items() if iri in reviewed}
        known = tuple(sorted(months & others)) if months and others else None
        found.append(Clash(one, two, known, shared))
    return found


def round_ends(occasion: Occasion) -> int:
    """The first calendar year that no longer belongs to the round of an occasion."""
    return occasion.begins.year + (_every(occasion.step) or YEAR) // YEAR


def _every(step: Step) -> int | None:
    return step.interval * YEAR if step.interval else step.cycle.every


def _first_year(step: Step) -> int | None:
    start = step.cycle.start
    if start is None:
        return None
    if step.year:
        return start.year + step.year - 1
    return start.year if (step.month or YEAR) >= start.month else start.year + 1


def _years(step: Step, first: int, last: int) -> Iterator[int]:
    """The calendar years, within two, in which a step begins."""
    begins = _first_year(step)
    every = (_every(step) or YEAR) // YEAR
    for year in range(max(first, 1), last + 1):
        if begins is None or (year >= begins and (year - begins) % every == 0):
            yield year


def _occasion(step: Step, year: int, held: Sequence[Held], on: date) -> Occasion:
    month = step.month or 1
    until = step.month_to or month
    ends = year if until >= month else year + 1
    begins, due = date(year, month, 1), date(ends, until, monthrange(ends, until)[1])
    taken = tuple(one for one in held if one.step == step.iri and _belongs(one, step, year, on))
    reviewed = {iri for one in taken for iri in one.reviews}
    left = {iri: name for iri, name in step.reviews.items() if iri not in reviewed}
    return Occasion(step, begins, due, _state(step, begins, due, on, taken, left), taken, left)


def _belongs(one: Held, step: Step, year: int, on: date) -> bool:
    """A follow-up counts for the round in whose years it was held, also when it was late."""
    when = one.day.year if one.day else one.year
    if when is None or (one.day or date(when, 1, 1)) > on:
        return False
    return year <= when < year + (_every(step) or YEAR) // YEAR


def _state(
    step: Step, begins: date, due: date, on: date, taken: Sequence[Held], left: dict[str, str]
) -> State:
    if taken and not left:
        return "held"
    if on < begins:
        return "coming"
    if on <= due:
        return "partly-held" if taken else "now"
    if not step.cycle.logged:
        return "not-told"
    return "overdue"


def _months(steps: Iterable[Step]) -> set[int]:
    found: set[int] = set()
    for step in steps:
        if step.month is None:
            continue
        until = step.month_to or step.month
        length = (until - step.month) % YEAR
        found |= {(step.month - 1 + more) % YEAR + 1 for more in range(length + 1)}
    return found
