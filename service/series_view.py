"""The measured values of an indicator as they are shown: one panel for each place, in county order.

A line may be drawn between two values only when nothing is missing between them and the definition holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from ..ontology import label
from ..ontology.names import SCHEME
from ..ontology.problems import Lang
from ..queries.rollup import Attainment
from ..queries.rollup.definition import read_indicator
from ..queries.rollup.judging import Case, Target, Unknown
from ..queries.rollup.members import Member
from ..queries.rollup.series import Categories, Series, read_series
from .backend import Backend, ask
from .words import Labels, Value, Words, iri_of, last_part

_PARTS = {"quarter": 4, "month": 12}
_DRAWN = frozenset({"absolute", "threshold", "pathway"})


@dataclass(frozen=True)
class Point:
    """One measured value; ``value`` is ``None`` where it is suppressed or missing.

    Attributes:
        at: The time as a decimal year.
        step: The number of its period, counted from year 0.
        status: Notation of the observation status.
        conflict: Another value stands for the same time.
    """

    time: str
    at: float
    step: int
    value: Decimal | None
    status: str
    iri: str
    member: Member
    conflict: bool = False


@dataclass(frozen=True)
class Mark:
    """A target or a baseline that has a place in the picture."""

    kind: str
    at: float
    year: str
    value: Decimal
    iri: str


@dataclass(frozen=True)
class Break:
    """Between which times the definition changed so that values before and after are not comparable."""

    at: float
    year: str


@dataclass(frozen=True)
class Panel:
    """The series of one place."""

    place: str
    name: Words
    points: tuple[Point, ...]
    marks: tuple[Mark, ...]
    breaks: tuple[Break, ...]
    runs: tuple[tuple[Point, ...], ...]

    def at(self, time: str) -> tuple[Point, ...]:
        """The values for one time; several when the sources differ."""
        return tuple(one for one in self.points if one.time == time)


@dataclass(frozen=True)
class Group:
    """One choice of categories, such as women of one age."""

    key: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class SeriesView:
    """Everything that the picture and the table show. ``places`` is the number before any is left out."""

    iri: str
    unit: str
    panels: tuple[Panel, ...]
    groups: tuple[Group, ...]
    places: int
    factor: int = 0

    @property
    def times(self) -> tuple[str, ...]:
        """Every time that some place has a value for, in order."""
        found = {point.time: point.step for panel in self.panels for point in panel.points}
        return tuple(sorted(found, key=lambda time: (found[time], time)))

    @property
    def broken(self) -> frozenset[str]:
        """The first times after a break."""
        return frozenset(
            after.time
            for panel in self.panels
            for before, after in pairwise(panel.points)
            if any(before.at < one.at < after.at for one in panel.breaks)
        )

    @property
    def statuses(self) -> frozenset[str]:
        return frozenset(point.status for panel in self.panels for point in panel.points)

    def first(self, most: int) -> SeriesView:
        """The same with no more than ``most`` places."""
        return replace(self, panels=self.panels[:most])


def series_view(
    backend: Backend,
    iri: str,
    lang: Lang,
    attained: Attainment,
    *,
    group: str = "",
    places: Sequence[str] = (),
) -> SeriesView:
    """Read the series of an indicator for one group of categories and, if named, some places."""
    series = read_series(backend, read_indicator(backend, iri))
    definition = series.indicator.definition
    every = {key: (*series.values.get(key, ()), *series.unknown.get(key, ())) for key in _keys(series)}
    held = {categories for _, categories in every}
    groups = _groups(backend, held, series, group, lang)
    chosen = next((key for key, one in groups.items() if one.chosen), frozenset[str]())
    found = {place: members for (place, categories), members in every.items() if categories == chosen}
    targets = [row.target for row in attained.rows if row.target is not None]
    told = found.keys() | ({one.place for one in targets} if not found else set())
    names = Labels(backend, told, lang)
    order = sorted(told, key=lambda place: (last_part(place).isdigit(), last_part(place), place))
    wanted = [place for place in order if not places or place in places or last_part(place) in places]
    step = _step(found.values())
    panels = tuple(
        _panel(series, place, names.words(place), found.get(place, ()), targets, chosen, step)
        for place in wanted
    )
    shown = tuple(groups.values()) if len(groups) > 1 else ()
    return SeriesView(iri, definition.unit_word, panels, shown, len(order), definition.power)


def _keys(series: Series) -> set[tuple[str, Categories]]:
    return series.values.keys() | series.unknown.keys()


def _groups(
    backend: Backend, held: Iterable[Categories], series: Series, asked: str, lang: Lang
) -> dict[Categories, Group]:
    """The choices of categories; the one asked for is chosen, else the one with the most totals."""
    labels = Labels(backend, {category for one in held for category in one}, lang)
    totals = {category for one in series.breakdowns.values() for category in one.totals}

    def name(categories: Categories) -> str:
        own = sorted(categories, key=lambda one: (one in totals, labels.words(one).text))
        return ", ".join(labels.words(one).text for one in own)

    ordered = sorted(held, key=lambda one: (len(one - totals), _natural(name(one))))
    keys = {one: "+".join(sorted(last_part(category) for category in one)) for one in ordered}
    chosen = next((one for one in ordered if keys[one] == asked), ordered[0] if ordered else None)
    return {one: Group(keys[one], name(one), one == chosen) for one in ordered}


def _natural(name: str) -> tuple[int, str]:
    figures = "".join(char if char.isdigit() else " " for char in name).split()
    return (int(figures[0]) if figures else -1, name)


def _panel(
    series: Series,
    place: str,
    name: Words,
    members: Sequence[Member],
    targets: Sequence[Target],
    chosen: Categories,
    step: int,
) -> Panel:
    values: dict[int, set[Decimal | None]] = {}
    for one in members:
        values.setdefault(_number(one), set()).add(one.value)
    points = tuple(
        Point(
            one.period.text,
            _when(one),
            _number(one),
            one.value,
            one.status,
            one.observation,
            one,
            len(values[_number(one)]) > 1,
        )
        for one in sorted(members, key=lambda one: (one.period, one.observation))
    )
    breaks: dict[str, Break] = {}
    for a, b in pairwise(points):
        version = series.broken(a.member, b.member)
        if version is not None:
            breaks.setdefault(version.named, Break((a.at + b.at) / 2, str(version.first or "")))
    marks = [
        Mark("baseline", _when(one), one.period.text, one.value, one.observation)
        for one in series.baselines
        if one.place == place and one.value is not None
    ]
    for target in targets:
        mark = _target(series, target, chosen) if target.place == place else None
        marks += [mark] if mark else []
    return Panel(
        place, name, points, tuple(marks), tuple(breaks.values()), _runs(points, breaks.values(), step)
    )


def _target(series: Series, target: Target, chosen: Categories) -> Mark | None:
    """Where a target stands in the picture; ``None`` when it is no level of its own, or has no year."""
    totals = {category for one in series.breakdowns.values() for category in one.totals}
    if target.kind not in _DRAWN or target.comparison != "level" or target.compared_with:
        return None
    if target.value is None or target.year is None or target.categories - totals != chosen - totals:
        return None
    try:
        goal = Case(target, series, {}).goal()
    except Unknown:
        return None
    return Mark("target", float(target.year), str(target.year), goal, target.iri)


def _runs(points: Sequence[Point], breaks: Iterable[Break], step: int) -> tuple[tuple[Point, ...], ...]:
    """Stretches of values that a line may join."""
    runs: list[list[Point]] = []
    before: Point | None = None
    cuts = [one.at for one in breaks]
    for point in points:
        if point.value is None:
            before = None
            continue
        joined = (
            before is not None
            and point.step - before.step == step
            and not (point.conflict or before.conflict)
            and not any(before.at < cut < point.at for cut in cuts)
        )
        if joined:
            runs[-1].append(point)
        else:
            runs.append([point])
        before = point
    return tuple(tuple(run) for run in runs)


def _step(series: Iterable[Sequence[Member]]) -> int:
    """How far apart the values usually stand: the least distance that is found."""
    found = [
        b - a for members in series for a, b in pairwise(sorted({_number(one) for one in members})) if b > a
    ]
    return min(found, default=1)


def _number(one: Member) -> int:
    parts = _PARTS.get(one.period.kind)
    return one.period.year * parts + one.period.part - 1 if parts else one.period.year


def _when(one: Member) -> float:
    parts = _PARTS.get(one.period.kind)
    return one.period.year + (one.period.part - 1) / parts if parts else float(one.period.year)


@dataclass(frozen=True)
class DefinitionVersion:
    """A definition of the indicator as it held for a while."""

    name: Value
    first: str
    last: str
    broke: bool
    reason: str


def versions(backend: Backend, iri: str, lang: Lang) -> list[DefinitionVersion]:
    """The versions of the definition in the order of time."""
    rows = ask(backend, "indicator-versions", indicator=iri)
    labels = Labels(backend, {iri_of(row["version"]) for row in rows}, lang)
    found = {
        iri_of(row["version"]): DefinitionVersion(
            labels.value(row["version"]),
            iri_of(row.get("from", "")),
            iri_of(row.get("to", "")),
            iri_of(row.get("broke", "")) in {"true", "1"},
            label(iri_of(row["reason"]), lang) if "reason" in row else "",
        )
        for row in rows
    }
    return list(found.values())


def status_names(statuses: Iterable[str], lang: Lang) -> Mapping[str, str]:
    """What the observation statuses are called."""
    return {one: label(SCHEME[f"observation-status/{one}"], lang) for one in sorted(statuses)}
