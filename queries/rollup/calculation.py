"""From material to results: one for each period, place and group that is not put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .axes import over_breakdown, over_place, over_time, used_findings
from .findings import Finding, Refused, merged, verdict_of
from .functions import Cell
from .leaves import leaf_of
from .material import Material
from .members import Member
from .period import Period
from .tables import REFUSED, defaults

Categories = frozenset[str]
Grid = dict[tuple[str, Period], Cell]


@dataclass(frozen=True)
class Result:
    """One number, or the refusal to give one.

    Attributes:
        value: ``None`` when refused, and for lists and distributions.
        lower, upper: Bounds, when things may have been counted several times.
        share: Parts with values as a share of the parts expected.
        weight_covered: What the parts with values weigh, as a share of what all parts weigh, where the
            indicator has a weight or a denominator and every part has a value of it.
        missing: Names of the parts without values; ``suppressed`` are among them.
        distribution: How many have each value, when values are not put together.
        refusal: The finding that forbade it.
    """

    place: str
    place_label: str
    period: str | None
    categories: Categories
    value: Decimal | None
    unit: str
    verdict: str
    findings: tuple[Finding, ...]
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    expected: int = 1
    present: int = 1
    lower: Decimal | None = None
    upper: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    distribution: Mapping[str, int] | None = None
    refusal: Finding | None = None
    published: Finding | None = None
    rules: tuple[str, ...] = ()
    weight_covered: Decimal | None = None

    @property
    def share(self) -> Decimal | None:
        """The share of the expected parts that have values, to four decimals."""
        return (Decimal(self.present) / self.expected).quantize(Decimal("0.0001")) if self.expected else None


def calculate(material: Material) -> tuple[Result, ...]:
    """Every result of the question, in the order of group, place code and time."""
    groups = _groups(material)
    if not groups:
        return (_refusal(material, frozenset(), None, Refused(Finding("no-observations")), {}),)
    return tuple(result for categories, members in groups for result in _group(material, categories, members))


def refusals(material: Material, objection: Finding) -> tuple[Result, ...]:
    """The one result of a question that is refused before anything is put together."""
    keyed: dict[tuple[str, Period], dict[Categories, list[Member]]] = defaultdict(dict)
    for member in material.members:
        keyed[member.place, member.period].setdefault(member.categories, []).append(member)
    return (_refusal(material, frozenset(), None, Refused(objection), keyed),)


def _groups(material: Material) -> list[tuple[Categories, dict[Categories, list[Member]]]]:
    """The members by the groups that stay apart; each with its members by their own groups."""
    by_categories: dict[Categories, list[Member]] = defaultdict(list)
    for member in material.members:
        by_categories[member.categories].append(member)
    totals = {category for one in material.breakdowns.values() for category in one.totals}
    wanted = material.ask.category
    if wanted:
        by_categories = defaultdict(
            list, {c: m for c, m in by_categories.items() if wanted in c and c - {wanted} <= totals}
        )
    if "breakdown" in material.ask.over:
        return [(frozenset(), dict(by_categories))] if by_categories else []
    if not wanted and any(categories <= totals for categories in by_categories):
        whole = {c: m for c, m in by_categories.items() if c <= totals}
        return [(frozenset(), {frozenset(): [one for members in whole.values() for one in members]})]
    return [(c, {c: by_categories[c]}) for c in sorted(by_categories, key=sorted)]


def _group(
    material: Material, categories: Categories, by_own: Mapping[Categories, Sequence[Member]]
) -> Iterator[Result]:
    keyed: dict[tuple[str, Period], dict[Categories, list[Member]]] = defaultdict(dict)
    for own, members in by_own.items():
        for member in members:
            keyed[member.place, member.period].setdefault(own, []).append(member)
    over = material.ask.over
    separate: dict[tuple[str, Period | None], list[tuple[str, Period]]] = defaultdict(list)
    for place, when in keyed:
        if "place" in over and place != material.parent.iri and place not in material.level:
            continue
        group = ("" if "place" in over else place, None if "time" in over else when)
        separate[group].append((place, when))
    if "place" not in over and material.ask.place:
        separate = defaultdict(list, {g: keys for g, keys in separate.items() if g[0] == material.ask.place})
    if not separate:
        yield _refusal(material, categories, None, Refused(Finding("no-observations")), {})
    for (place, when), keys in sorted(separate.items(), key=lambda pair: _order(material, *pair[0])):
        part = {key: keyed[key] for key in keys}
        yield _one(material, categories, place, when, part)


def _order(material: Material, place: str, when: Period | None) -> tuple:
    known = material.places.get(place)
    return (known.code if known else "", place, when or Period(0, 0, "", ""))


def _one(
    material: Material,
    categories: Categories,
    place: str,
    when: Period | None,
    keyed: Mapping[tuple[str, Period], Mapping[Categories, list[Member]]],
) -> Result:
    try:
        grid = {key: _leaf(material, own) for key, own in keyed.items()}
        if len(grid) == 1 and not material.ask.over & {"place", "time"}:
            whole = next(iter(grid.values()))
        else:
            whole = _folded(material, grid)
        findings = (*material.findings, *whole.findings)
        findings += used_findings(material, whole, {finding.code for finding in whole.findings})
        return _result(material, categories, place, when, whole, merged(findings))
    except Refused as refused:
        return _refusal(material, categories, when, refused, keyed, place)


def _folded(material: Material, grid: Grid) -> Cell:
    over = material.ask.over
    if "place" not in over:
        return over_time(material, list(grid.values()))
    by_period: dict[Period, dict[str, Cell]] = defaultdict(dict)
    by_place: dict[str, dict[Period, Cell]] = defaultdict(dict)
    for (place, when), cell in grid.items():
        by_period[when][place] = cell
        by_place[place][when] = cell
    parent = material.parent.iri
    if "time" in over and material.indicator.definition.running_total:
        latest = {place: over_time(material, list(cells.values())) for place, cells in by_place.items()}
        return over_place(material, latest, latest.get(parent))
    wholes = []
    for when, cells in by_period.items():
        whole = over_place(material, cells, cells.get(parent))
        wholes.append(whole if whole.period == when else replace(whole, period=when))
    return over_time(material, wholes) if "time" in over else wholes[0]


def _leaf(material: Material, own: Mapping[Categories, list[Member]]) -> Cell:
    definition = material.indicator.definition
    if len(own) == 1 and "breakdown" not in material.ask.over:
        (members,) = own.values()
        if len(members) == 1:
            return leaf_of(material, members, "")
    default = definition.default
    function = (definition.functions.get("place") or default.functions["place"]) if default else ""
    cells = {categories: leaf_of(material, members, function) for categories, members in own.items()}
    if "breakdown" in material.ask.over and any(cells):
        return over_breakdown(material, cells)
    return next(iter(cells.values()))


def _result(
    material: Material,
    categories: Categories,
    place: str,
    when: Period | None,
    whole: Cell,
    findings: tuple[Finding, ...],
) -> Result:
    definition = material.indicator.definition
    unit = next((one.unit for one in whole.members), definition.unit)
    count = definition.kind not in {"share", "rate", "mean"}
    period = when or whole.period
    return Result(
        place=place or material.parent.iri,
        place_label=material.name(place or material.parent.iri),
        period=period.text if period else _span(whole.members),
        categories=categories,
        value=whole.value,
        unit=definition.unit_word if unit == definition.unit else unit,
        verdict=verdict_of(findings),
        findings=findings,
        members=_sorted(material, whole.members),
        missing=whole.missing,
        suppressed=whole.suppressed,
        expected=whole.expected,
        present=whole.present,
        lower=whole.lower,
        upper=whole.value if whole.lower is not None and count else None,
        numerator=whole.numerator,
        denominator=whole.denominator,
        distribution=whole.distribution or None,
        rules=_rules(material, findings),
        weight_covered=_weight_covered(material, categories, period, whole.missing),
    )


def _weight_covered(
    material: Material, categories: Categories, when: Period | None, missing: Sequence[str]
) -> Decimal | None:
    indicator = material.indicator
    of = indicator.weight or indicator.denominator
    if "place" not in material.ask.over or of is None or when is None or not material.level:
        return None
    key = (when.year, when.part, categories)
    weights = {place.label: material.parts.get((of, iri, *key)) for iri, place in material.level.items()}
    known = {name: one.value for name, one in weights.items() if one and one.value is not None}
    every = sum(known.values(), Decimal(0))
    if len(known) < len(material.level) or every <= 0:
        return None
    covered = sum((value for name, value in known.items() if name not in missing), Decimal(0))
    return (covered / every).quantize(Decimal("0.0001"))


def _refusal(
    material: Material,
    categories: Categories,
    when: Period | None,
    refused: Refused,
    keyed: Mapping[tuple[str, Period], Mapping[Categories, list[Member]]],
    place: str = "",
) -> Result:
    members = tuple(one for own in keyed.values() for many in own.values() for one in many)
    parent = material.parent.iri
    total = next((one for one in members if one.place == parent and one.value is not None), None)
    published = None
    if total is not None and place == "" and refused.finding.code != "suppressed-derivable":
        published = Finding("published-value", {"place": material.parent.label, "value": total.value})
    findings = merged((*material.findings, refused.finding))
    parts = {one.place for one in members if one.place != parent and one.value is not None}
    return Result(
        place=place or parent,
        place_label=material.name(place or parent),
        period=when.text if when else _span(members),
        categories=categories,
        value=None,
        unit=material.indicator.definition.unit_word,
        verdict=REFUSED,
        findings=findings,
        members=_sorted(material, members),
        missing=tuple(one.label for iri, one in material.level.items() if iri not in parts)
        if "place" in material.ask.over
        else (),
        expected=len(material.level) if "place" in material.ask.over else 1,
        present=len(parts & set(material.level)) if "place" in material.ask.over else len(parts),
        refusal=refused.finding,
        published=published,
        rules=_rules(material, findings),
    )


def _rules(material: Material, findings: Sequence[Finding]) -> tuple[str, ...]:
    definition = material.indicator.definition
    default = defaults().get((definition.kind, definition.additivity))
    used = {finding.kind.rule for finding in findings} | ({default.rule} if default else set())
    return tuple(sorted(used | {"A1"}, key=lambda one: int(one[1:])))


def _sorted(material: Material, members: Sequence[Member]) -> tuple[Member, ...]:
    def key(member: Member) -> tuple:
        place = material.places.get(member.place)
        return (place.code if place else "", member.place, member.period, member.observation)

    return tuple(sorted(members, key=key)) if len(members) > 1 else tuple(members)


def _span(members: Sequence[Member]) -> str | None:
    periods = sorted({one.period for one in members})
    if not periods:
        return None
    first, last = periods[0].text, periods[-1].text
    return first if first == last else f"{first}–{last}"
