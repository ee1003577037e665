"""Sets a target against measured values. Nobody's verdict is read here: only numbers are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from ...ontology import label
from ...ontology.names import SCHEME
from ...ontology.problems import LANGS
from .findings import Finding
from .members import Member
from .series import Categories, Conflict, Series, at, known
from .tables import required_of, unit_of

MET, SO_FAR, NOT_YET, UNMET, UNKNOWN = "met", "reached-so-far", "not-yet", "unmet", "unknown"
_PER_CENT, _POINTS, _TIMES = "percent", "percentage-points", "times"
_WIDE = Context(prec=40)


@dataclass(frozen=True)
class Target:
    """A target as it is published. ``stated`` holds the properties that it has."""

    iri: str
    indicator: str
    place: str
    kind: str
    value: Decimal | None = None
    most: Decimal | None = None
    unit: str = ""
    power: int | None = None
    year: int | None = None
    baseline_year: int | None = None
    compared_with: tuple[str, ...] = ()
    comparison: str = "level"
    between: tuple[str, ...] = ()
    categories: Categories = frozenset()
    use: str | None = None
    publication: str | None = None
    stated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judged:
    """What the numbers say of a target. ``members`` are the values that were used."""

    verdict: str
    findings: tuple[Finding, ...]
    value: Decimal | None = None
    period: str | None = None
    members: tuple[Member, ...] = ()


class Unknown(Exception):
    """It cannot be worked out; the finding says why."""

    def __init__(self, code: str, **values: object) -> None:
        self.finding = Finding(code, values)
        super().__init__(code)


@dataclass
class Case:
    """A target beside the values of its place and of the places that it is compared with.

    ``others`` gives those places with their names.
    """

    target: Target
    series: Series
    others: Mapping[str, str]

    def __post_init__(self) -> None:
        self.direction = self.series.indicator.definition.direction
        self.told: list[Finding] = []
        self.used: list[Member] = []

    def values(self, place: str = "", categories: Categories | None = None) -> tuple[Member, ...]:
        """The values of a place up to the target's year."""
        try:
            found = self.series.of(
                place or self.target.place, self.target.categories if categories is None else categories
            )
        except Conflict as conflict:
            raise Unknown("values-conflict", period=conflict.period) from None
        year = self.target.year
        kept = tuple(one for one in found if year is None or one.period.year <= year)
        if found and not kept and not place:
            raise Unknown("year-not-measured", year=str(year))
        return kept

    def latest(self) -> Member:
        values = self.values()
        if not values:
            raise Unknown("no-values")
        self.used.append(values[-1])
        return values[-1]

    def start(self, values: Sequence[Member], *, first: bool) -> Member:
        """The value that change is counted from; ``first``: the first of all where none is stated."""
        target = self.target
        found = self.series.baseline(target.place, target.use, target.baseline_year)
        if found is None and target.baseline_year:
            found = at(values, target.baseline_year)
        if found is None and not target.baseline_year and first and values:
            found = values[0]
            self.told.append(Finding("from-first", {"since": found.period.text}))
        if found is None:
            raise Unknown("no-baseline")
        self.unbroken(found, values[-1])
        self.used.append(found)
        return found

    def unbroken(self, a: Member, b: Member) -> None:
        broken = self.series.broken(a, b)
        if broken is not None:
            raise Unknown("target-across-break", period=str(broken.first or "–"))

    def goal(self) -> Decimal:
        """The target's number in the power of ten of its indicator."""
        assert self.target.value is not None
        return self.scaled(self.target.value)

    def scaled(self, number: Decimal) -> Decimal:
        definition, target = self.series.indicator.definition, self.target
        unit, power = unit_of(target.unit) if target.unit else (definition.unit, definition.power)
        if target.unit and definition.unit and unit != definition.unit:
            raise Unknown("target-unit-differs", target_unit=target.unit, unit=definition.unit_word)
        power = power if target.power is None else target.power
        return number.scaleb(power - definition.power if target.unit or target.power is not None else 0)

    def better(self, value: Decimal, than: Decimal, *, alike: bool = True) -> bool:
        """Whether one value is better than another, or as good."""
        if self.direction not in {"higher", "lower"}:
            raise Unknown("no-direction")
        if value == than:
            return alike
        return value > than if self.direction == "higher" else value < than


def judge(target: Target, series: Series, others: Mapping[str, str]) -> Judged:
    """Set a target against the values. What cannot be worked out is unknown, with the reason."""
    case = Case(target, series, others)
    try:
        _complete(target)
        reached, value, period = JUDGES[target.kind](case)
    except Unknown as unknown:
        return Judged(UNKNOWN, (*case.told, unknown.finding), members=tuple(case.used))
    verdict = _timed(case, reached, period)
    findings = tuple(case.told)
    if verdict == UNKNOWN:
        findings += (Finding("year-not-measured", {"year": str(target.year)}),)
    return Judged(verdict, findings, value, period.period.text, tuple(dict.fromkeys(case.used)))


def _complete(target: Target) -> None:
    if target.kind not in JUDGES:
        raise Unknown("kind-missing")
    for name, words in required_of(SCHEME[f"target-kind/{target.kind}"]).items():
        if name not in target.stated:
            raise Unknown("statement-missing", **{f"property_{lang}": words[lang] for lang in LANGS})


def _timed(case: Case, reached: bool, used: Member) -> str:
    """The verdict, by whether the target's year has been measured."""
    year = case.target.year
    if year is None or used.period.year == year:
        return MET if reached else UNMET
    try:
        later = any(
            one.period.year > year for one in case.series.of(case.target.place, case.target.categories)
        )
    except Conflict:
        later = False
    if later and not reached:
        return UNKNOWN
    return SO_FAR if reached else NOT_YET


def _absolute(case: Case) -> tuple[bool, Decimal, Member]:
    latest, goal = case.latest(), case.goal()
    value = known(latest)
    told = {"value": value, "period": latest.period.text, "target": goal}
    if case.target.most is not None:
        most = case.scaled(case.target.most)
        case.told.append(Finding("compared-range", told | {"most": most}))
        return goal <= value <= most, value, latest
    case.told.append(Finding("compared", told))
    return case.better(value, goal) if value != goal else True, value, latest


def _threshold(case: Case) -> tuple[bool, Decimal, Member]:
    reached, value, latest = _absolute(case)
    if case.target.year is None and case.target.most is None:
        goal, values = case.goal(), case.values()
        count = sum(case.better(known(one), goal) for one in values)
        case.told.append(Finding("each-time", {"count": len(values), "reached": count, "target": goal}))
    return reached, value, latest


def _change(case: Case) -> tuple[bool, Decimal, Member]:
    target, definition = case.target, case.series.indicator.definition
    latest = case.latest()
    start = case.start(case.values(), first=False)
    unit = unit_of(target.unit)[0] if target.unit else definition.unit
    now, then, wanted = known(latest), known(start), target.value or Decimal(0)
    if unit == _PER_CENT and definition.unit == _PER_CENT:
        raise Unknown("change-ambiguous")
    if unit in {_PER_CENT, _TIMES} and not then:
        raise Unknown("baseline-zero")
    if unit == _PER_CENT:
        change, measure = _WIDE.divide((now - then) * 100, then), unit
    elif unit == _TIMES:
        change, measure = _WIDE.divide(now, then), unit
    elif unit == _POINTS and definition.unit == _PER_CENT:
        change, measure = now - then, unit
    else:
        change, measure, wanted = now - then, "", case.goal()
    case.told.append(Finding("changed", _moved(case, start, latest, change, measure)))
    rises = case.direction == "higher" or (
        case.direction != "lower" and wanted > (1 if unit == _TIMES else 0)
    )
    if case.direction not in {"higher", "lower"} and not wanted:
        raise Unknown("no-direction")
    return change >= wanted if rises else change <= wanted, now, latest


def _moved(case: Case, start: Member, latest: Member, change: Decimal, measure: str) -> dict[str, object]:
    word = case.series.indicator.definition.unit_word
    return {
        "start": known(start),
        "since": start.period.text,
        "value": known(latest),
        "period": latest.period.text,
        "change": change,
        **{
            f"measure_{lang}": label(SCHEME[f"unit/{measure}"], lang).casefold() if measure else word
            for lang in LANGS
        },
    }


def _direction(case: Case) -> tuple[bool, Decimal, Member]:
    latest = case.latest()
    start = case.start(case.values(), first=True)
    if start.period == latest.period:
        raise Unknown("one-value", period=latest.period.text)
    now, then = known(latest), known(start)
    case.told.append(Finding("changed", _moved(case, start, latest, now - then, "")))
    return case.better(now, then, alike=False), now, latest


def _relative(case: Case) -> tuple[bool, Decimal, Member]:
    latest = case.latest()
    series = {place: case.values(place) for place in case.others if place != case.target.place}
    same = {place: _same_period(values, latest) for place, values in series.items()}
    absent = [case.others[place] for place, one in same.items() if one is None]
    if absent or not same:
        raise Unknown("others-missing", places=absent or ["–"])
    found = {place: one for place, one in same.items() if one is not None}
    case.used += found.values()
    better = _COMPARED[case.target.comparison](case, latest, found, series)
    if 0 < sum(better) < len(better):
        raise Unknown("others-divided", better=sum(better), places=len(better))
    return all(better), known(latest), latest


def _same_period(values: Sequence[Member], latest: Member) -> Member | None:
    return next((one for one in values if one.period.text == latest.period.text), None)


def _level(
    case: Case, latest: Member, found: Mapping[str, Member], series: Mapping[str, Sequence[Member]]
) -> list[bool]:
    told = [f"{case.others[place]} {known(one).normalize():f}" for place, one in found.items()]
    value = known(latest)
    case.told.append(Finding("beside-others", {"value": value, "period": latest.period.text, "others": told}))
    lead = case.goal() if case.target.value is not None else Decimal(0)
    lead = lead if case.direction == "higher" else -lead
    return [case.better(value, known(one) + lead) for one in found.values()]


def _since(case: Case, series: Mapping[str, Sequence[Member]]) -> tuple[Member, dict[str, Member]]:
    """The own value that change is counted from, and those of the others at the same time."""
    mine = case.values()
    shared = set.intersection(*({one.period.text for one in values} for values in (mine, *series.values())))
    start = case.start([one for one in mine if one.period.text in shared], first=True)
    then = {place: _same_period(values, start) for place, values in series.items()}
    absent = [case.others[place] for place, one in then.items() if one is None]
    if absent:
        raise Unknown("others-missing", places=absent)
    if start.period == mine[-1].period:
        raise Unknown("one-value", period=start.period.text)
    return start, {place: one for place, one in then.items() if one is not None}


def _changes(
    case: Case, latest: Member, found: Mapping[str, Member], series: Mapping[str, Sequence[Member]]
) -> list[bool]:
    start, then = _since(case, series)

    def change(now: Member, before: Member) -> Decimal:
        if not known(before):
            raise Unknown("baseline-zero")
        return _WIDE.divide((known(now) - known(before)) * 100, known(before))

    mine = change(latest, start)
    theirs = {place: change(one, then[place]) for place, one in found.items()}
    told = [f"{case.others[place]} {one.quantize(Decimal('0.01')):f}" for place, one in theirs.items()]
    values = {"change": mine, "since": start.period.text, "others": told}
    case.told.append(Finding("change-beside-others", values))
    return [case.better(mine, one) for one in theirs.values()]


def _distance(
    case: Case, latest: Member, found: Mapping[str, Member], series: Mapping[str, Sequence[Member]]
) -> list[bool]:
    start, then = _since(case, series)
    before = {place: abs(known(start) - known(one)) for place, one in then.items()}
    now = {place: abs(known(latest) - known(one)) for place, one in found.items()}
    told = [f"{case.others[place]} {before[place]:f} → {one:f}" for place, one in now.items()]
    values = {"since": start.period.text, "period": latest.period.text, "others": told}
    case.told.append(Finding("distance-beside-others", values))
    return [one < before[place] for place, one in now.items()]


def _rank(case: Case) -> tuple[bool, Decimal, Member]:
    """Whether the place stands where the document wants it. The order of the others is not told."""
    latest = case.latest()
    value = known(latest)
    same = {place: _same_period(case.values(place), latest) for place in case.others if place != latest.place}
    case.used += [one for one in same.values() if one is not None]
    better = sum(case.better(known(one), value, alike=False) for one in same.values() if one is not None)
    absent = sum(one is None for one in same.values())
    told = {
        "value": value,
        "period": latest.period.text,
        "better": better,
        "places": len(same),
        "absent": absent,
    }
    case.told.append(Finding("order", told))
    wanted = case.target.value or Decimal(0)
    if better + 1 <= wanted < better + absent + 1:
        raise Unknown("order-open", absent=absent)
    return better + 1 <= wanted, value, latest


def _gap(case: Case) -> tuple[bool, Decimal, Member]:
    """Whether the difference between two groups has shrunk, or is at most the target's value."""
    if len(case.target.between) != 2:
        return _absolute(case) if case.target.value is not None else _direction(case)
    one, other = (
        {member.period: member for member in case.values(categories=case.target.categories | {group})}
        for group in case.target.between
    )
    both = sorted(one.keys() & other.keys())
    if not both:
        raise Unknown("groups-missing")
    gaps = [abs(known(one[when]) - known(other[when])) for when in both]
    case.used += [one[both[-1]], other[both[-1]]]
    case.told.append(Finding("gap-now", {"gap": gaps[-1], "period": both[-1].text}))
    if case.target.value is not None:
        return gaps[-1] <= case.goal(), gaps[-1], one[both[-1]]
    year = case.target.baseline_year
    base = next((n for n, when in enumerate(both) if when.year == year), None) if year else 0
    if base is None:
        raise Unknown("no-baseline")
    if base == len(both) - 1:
        raise Unknown("one-value", period=both[-1].text)
    case.unbroken(one[both[base]], one[both[-1]])
    case.used += [one[both[base]], other[both[base]]]
    case.told.append(Finding("gap-then", {"gap": gaps[base], "since": both[base].text}))
    return gaps[-1] < gaps[base], gaps[-1], one[both[-1]]


def _pathway(case: Case) -> tuple[bool, Decimal, Member]:
    """Whether the end is reached; and whether the value keeps up with the way there."""
    latest, goal, year = case.latest(), case.goal(), case.target.year or 0
    value, now = known(latest), latest.period.year
    case.told.append(Finding("compared", {"value": value, "period": latest.period.text, "target": goal}))
    if not case.direction and (first := case.values()[0]).value != goal:
        case.direction = "lower" if known(first) > goal else "higher"
    reached = case.better(value, goal)
    if not reached and now < year:
        _way(case, latest, goal, year)
    return reached, value, latest


def _way(case: Case, latest: Member, goal: Decimal, year: int) -> None:
    value, left = known(latest), year - latest.period.year
    told: dict[str, object] = {"target": goal, "year": str(year), "period": latest.period.text}
    case.told.append(Finding("path-needs", told | {"linear": _WIDE.divide(goal - value, Decimal(left))}))
    rates = value > 0 and goal > 0
    if rates:
        factor = _WIDE.power(_WIDE.divide(goal, value), _WIDE.divide(Decimal(1), Decimal(left)))
        case.told.append(Finding("path-rate-needs", {"rate": (factor - 1) * 100}))
    try:
        start = case.start(case.values(), first=True)
    except Unknown as unknown:
        if unknown.finding.code == "no-baseline":
            return
        raise
    gone = latest.period.year - start.period.year
    if gone <= 0:
        return
    share = _WIDE.divide(Decimal(gone), Decimal(year - start.period.year))
    begin = known(start)
    straight = begin + (goal - begin) * share
    steady = begin * _WIDE.power(_WIDE.divide(goal, begin), share) if rates and begin > 0 else straight
    held = [case.better(value, straight), case.better(value, steady)]
    code = "on-path" if all(held) else "path-depends" if any(held) else "behind-path"
    where = {"start": begin, "since": start.period.text, "linear": straight, "rate": steady}
    case.told.append(Finding(code, where))


JUDGES: Mapping[str, Callable[[Case], tuple[bool, Decimal, Member]]] = {
    "absolute": _absolute,
    "threshold": _threshold,
    "change": _change,
    "direction-only": _direction,
    "relative": _relative,
    "rank": _rank,
    "gap": _gap,
    "pathway": _pathway,
}
_COMPARED = {"level": _level, "change": _changes, "distance": _distance}
