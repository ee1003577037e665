"""The measured values of an indicator as series: one for each place and group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..parameters import Engine
from .definition import Indicator, Version
from .members import Breakdown, Member, Place, read_breakdowns, read_members, read_places, read_publications

Categories = frozenset[str]


class Conflict(Exception):
    """Several different values stand for the same place, time and group."""

    def __init__(self, period: str) -> None:
        self.period = period
        super().__init__(period)


@dataclass(frozen=True)
class Series:
    """Everything measured of one indicator, by place and group, and its baselines.

    ``unknown`` are the suppressed and missing values, which no calculation may use.
    """

    indicator: Indicator
    values: Mapping[tuple[str, Categories], tuple[Member, ...]]
    baselines: tuple[Member, ...]
    breakdowns: Mapping[str, Breakdown]
    unknown: Mapping[tuple[str, Categories], tuple[Member, ...]] = field(default_factory=dict)

    def of(self, place: str, categories: Categories = frozenset()) -> tuple[Member, ...]:
        """The values of a place in the order of time; of all groups together when none is named.

        Raises Conflict.
        """
        totals = {category for one in self.breakdowns.values() for category in one.totals}
        found = [
            one
            for (where, groups), members in self.values.items()
            if where == place and (groups == categories or (groups - totals == categories - totals))
            for one in members
        ]
        by_period: dict[str, Member] = {}
        for one in sorted(found, key=lambda one: one.period):
            before = by_period.setdefault(one.period.text, one)
            if before.value != one.value:
                raise Conflict(one.period.text)
        return tuple(by_period.values())

    def baseline(self, place: str, use: str | None, year: int | None) -> Member | None:
        """The baseline of a place, of the use if one is named, in the year if one is named."""
        found = [
            one
            for one in self.baselines
            if one.place == place
            and (year is None or one.period.year == year)
            and (use is None or one.use in {None, use})
        ]
        return found[0] if len(found) == 1 else None

    def broken(self, a: Member, b: Member) -> Version | None:
        """The version that breaks the series between two values, if one does."""
        if a.indicator != b.indicator:
            return None
        points = ((one.version, one.period.year) for one in (a, b))
        return next(iter(self.indicator.broken_between(a.indicator, points)), None)


def read_series(engine: Engine, indicator: Indicator) -> Series:
    """Read what is measured of an indicator. Values of specialisations are not its own here."""
    own = indicator.definition.iri
    members, _ = read_members(engine, indicator)
    baselines, _ = read_members(engine, indicator, "Baseline")
    publications = read_publications(engine, members)
    made_up = {iri for iri, one in publications.items() if one.constructed}
    values: dict[tuple[str, Categories], list[Member]] = {}
    unknown: dict[tuple[str, Categories], list[Member]] = {}
    real = [one for one in members if one.publication not in made_up]
    # A made-up indicator has made-up values only; elsewhere they never enter.
    for one in real or members:
        if one.indicator == own:
            kept = unknown if one.value is None else values
            kept.setdefault((one.place, one.categories), []).append(one)
    categories = {category for _, groups in (*values, *unknown) for category in groups}
    return Series(
        indicator=indicator,
        values={key: tuple(found) for key, found in values.items()},
        baselines=tuple(one for one in baselines if one.indicator == own and one.value is not None),
        breakdowns=read_breakdowns(engine, categories),
        unknown={key: tuple(found) for key, found in unknown.items()},
    )


def places_within(engine: Engine, whole: Iterable[str], own: str) -> dict[str, Place]:
    """The places that lie directly in the whole and are of the same kind as ``own``.

    The wholes themselves when they are several, or when ``own`` does not lie in them.
    """
    wholes = list(whole)
    found = read_places(engine, wholes, "sv")
    inside = {iri: place for iri, (place, parents) in found.items() if set(wholes) & parents - {iri}}
    if len(wholes) > 1 or own not in inside:
        return {iri: place for iri, (place, _) in found.items() if iri in wholes}
    return {iri: place for iri, place in inside.items() if place.kinds == inside[own].kinds}


def at(values: Sequence[Member], year: int) -> Member | None:
    """The last value of a year."""
    found = [one for one in values if one.period.year == year]
    return found[-1] if found else None


def known(one: Member) -> Decimal:
    """The number of a value that has one."""
    assert one.value is not None
    return one.value
