"""Putting cells together along place, time and breakdown, with what each axis demands first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from rdflib import URIRef

from ...ontology.names import SCHEME
from .definition import Definition, Version
from .findings import Finding, Refused, refuse
from .functions import Cell, fold, value_range
from .leaves import check_effects, count_joint_once
from .material import Material
from .members import Breakdown, Member
from .period import Period, expected
from .tables import divisions

_MONEY = "amount"
_COUNTING = frozenset({"sum", "count-true", "distinct-count", "distribution"})


def function_for(definition: Definition, axis: str) -> str:
    """The function over an axis: the indicator's own, else the default. Refuses what no rule allows (A1)."""
    default, own = definition.default, definition.functions.get(axis, "")
    if default is None:
        raise refuse("no-function", axis=axis)
    chosen = own or default.functions[axis]
    if chosen not in default.allowed[axis]:
        raise refuse(default.otherwise, axis=axis, kind=definition.kind)
    if axis == "time" and definition.running_total:
        return "latest"
    return chosen


def over_breakdown(material: Material, cells: Mapping[frozenset[str], Cell]) -> Cell:
    """Put the groups of one place and period together, one breakdown after the other (A9)."""
    while True:
        schemes = {material.breakdowns[c].iri for cats in cells for c in cats if c in material.breakdowns}
        if not schemes:
            return next(iter(cells.values()))
        scheme = min(schemes)
        by_rest: dict[frozenset[str], dict[str, Cell]] = defaultdict(dict)
        for categories, cell in cells.items():
            own = [c for c in categories if c in material.breakdowns and material.breakdowns[c].iri == scheme]
            by_rest[categories - set(own)][own[0] if own else ""] = cell
        breakdown = next(one for one in material.breakdowns.values() if one.iri == scheme)
        cells = {rest: _one_breakdown(material, breakdown, groups) for rest, groups in by_rest.items()}


def _one_breakdown(material: Material, breakdown: Breakdown, groups: Mapping[str, Cell]) -> Cell:
    definition = material.indicator.definition
    totals = [cell for category, cell in groups.items() if not category or category in breakdown.totals]
    parts = {category: cell for category, cell in groups.items() if category in breakdown.groups}
    parts = {c: cell for c, cell in parts.items() if breakdown.broader.get(c) not in parts}
    known = [cell for cell in parts.values() if cell.known]
    top = {c for c in breakdown.groups if breakdown.broader.get(c) not in breakdown.groups}
    if totals and totals[0].known:
        total = replace(totals[0])
        if parts:
            _guard_secret(parts.values(), known, definition)
            total.findings += (Finding("total-category"),)
            if breakdown.summable and len(known) == len(top):
                total.findings += _difference(definition, total, known, "breakdown", "breakdown-differs")
        return total
    function = function_for(definition, "breakdown")
    if not breakdown.summable and function in {"sum", "ratio-of-sums", "weighted-mean"}:
        raise refuse("breakdown-overlaps", **value_range(known))
    if not known:
        return next(iter(groups.values()))
    whole = fold(function, known, "breakdown", definition)
    whole.place, whole.period, whole.name = known[0].place, known[0].period, known[0].name
    absent = [URIRef(c) for c in sorted(top) if c not in parts or not parts[c].known]
    if absent:
        whole.findings += (Finding("breakdown-incomplete", {"places": absent}),)
    return whole


def over_place(material: Material, cells: Mapping[str, Cell], total: Cell | None) -> Cell:
    """Put the parts of the whole together; a published total goes before its parts (A8, A11, A12)."""
    definition = material.indicator.definition
    level = material.level
    inside = {iri: cells[iri] for iri in level if iri in cells}
    known = {iri: cell for iri, cell in inside.items() if cell.known}
    _same_kind_of_place(material, known)
    absent = tuple(place.label for iri, place in level.items() if iri not in known)
    secret = tuple(cell.name for iri, cell in inside.items() if iri not in known and _is_secret(cell))
    with_total = material.ask.published and total is not None and total.known
    if not known and not with_total:
        raise refuse("no-observations")
    function = function_for(definition, "place")
    if with_total and total is not None:
        whole = _published(material, function, total, list(inside.values()), list(known.values()))
        whole.missing = absent
    else:
        whole = _from_parts(material, function, list(known.values()), len(level))
        left = tuple(place.label for iri, place in level.items() if iri not in known or not known[iri].known)
        whole.missing = left
        present = len(level) - len(left)
        told = {"present": present, "expected": len(level), "places": list(left)}
        whole.findings += (Finding("missing" if left else "coverage", told),)
        if secret:
            whole.findings += (Finding("suppressed", {"places": list(secret)}),)
        whole.expected, whole.present = len(level), present
        _check_threshold(material, whole)
    whole.place, whole.suppressed = material.parent.iri, secret
    whole.name = material.parent.label
    return whole


def _from_parts(material: Material, function: str, cells: Sequence[Cell], places: int) -> Cell:
    if places == len(cells) == 1:
        return replace(cells[0], findings=(*cells[0].findings, Finding("read-back")))
    members = [member for cell in cells for member in cell.members]
    check_effects(material, members)
    once = count_joint_once(cells)
    same_definition(material, members)
    whole = fold(function, cells, "place", material.indicator.definition)
    whole.period = cells[0].period
    whole.findings += once
    return whole


def _published(
    material: Material, function: str, total: Cell, inside: Sequence[Cell], known: Sequence[Cell]
) -> Cell:
    definition = material.indicator.definition
    if function == "none":
        raise refuse("non-additive", kind=definition.kind, axis="place", **value_range(known))
    if len(inside) == len(material.level):
        _guard_secret(inside, known, definition)
    whole = replace(total, members=total.members + tuple(m for cell in known for m in cell.members))
    whole.expected, whole.present = len(material.level), len(known)
    if known and len(known) == len(material.level):
        whole.findings += _difference(definition, total, known, "place", "total-differs", function)
    else:
        whole.findings += (Finding("published-total", {"parts": None, "difference": None}),)
    return whole


def _guard_secret(inside: Sequence[Cell] | object, known: Sequence[Cell], definition: Definition) -> None:
    """Refuse a total from which the only suppressed part could be worked out (A12)."""
    every = list(inside)  # type: ignore[call-overload]
    secret = [cell for cell in every if _is_secret(cell)]
    if len(secret) == 1 and len(known) == len(every) - 1:
        try:
            rest = fold("sum", known, "place", definition).value
        except Refused:
            rest = None
        raise refuse("suppressed-derivable", places=[secret[0].name], value=rest)


def _difference(
    definition: Definition, total: Cell, parts: Sequence[Cell], axis: str, code: str, function: str = ""
) -> tuple[Finding, ...]:
    """What a published total and its parts say of each other, with noise and rounding allowed for."""
    name = function or function_for(definition, axis)
    try:
        added = fold(name, parts, axis, definition).value
    except Refused:
        return (Finding("published-total", {"parts": None, "difference": None}),) if axis == "place" else ()
    if added is None or total.value is None:
        return ()
    difference = total.value - added
    told = {"parts": added, "difference": difference}
    findings = (Finding("published-total", told),) if axis == "place" else ()
    if not difference:
        return findings
    within = abs(difference) <= tolerance(definition, [total, *parts])
    return (*findings, Finding("within-noise" if within else code, told))


def tolerance(definition: Definition, cells: Sequence[Cell]) -> Decimal:
    """How far a total may lie from its parts: noise of each cell, and rounding where cells are rounded."""
    values = [cell.value for cell in cells if cell.value is not None]
    exponents = [int(value.as_tuple().exponent) for value in values if value]
    unit = max(exponents, default=0)
    rounding = Decimal(1).scaleb(unit) / 2 if unit < 0 or definition.power > 0 else Decimal(0)
    measured = sum(max(1, len(cell.members)) for cell in cells if cell.value is not None)
    return (definition.noise + rounding) * measured


def over_time(material: Material, cells: Sequence[Cell]) -> Cell:
    """Put the periods of one place together (A2, A5, A7)."""
    definition, years = material.indicator.definition, material.ask.years
    known = sorted(
        (cell for cell in cells if cell.known), key=lambda cell: cell.period or Period(0, 0, "", "")
    )
    if not known:
        raise refuse("no-observations")
    periods = [cell.period for cell in known if cell.period]
    kinds = sorted({one.kind for one in periods})
    if len(kinds) > 1:
        raise refuse("periods-differ", differences=[kind_of_time(kind) for kind in kinds])
    function = _function_over_time(definition, known)
    wanted = max(expected(years or range(periods[0].year, periods[-1].year + 1), periods), len(known))
    if len(known) == 1 and wanted == 1:
        return known[0]
    members = [member for cell in known for member in cell.members]
    if function not in {"latest", "list"}:
        _same_series(material, members)
        same_areas(members)
        _same_units(definition, members)
        _same_prices(definition, members)
    whole = fold(function, known, "time", definition)
    whole.place, whole.name = known[0].place, known[0].name
    if definition.running_total:
        whole.findings += _falls(known)
    if function != "latest":
        whole.findings += _absent_periods(years, periods, wanted)
        whole.expected = sum(cell.expected for cell in known) + wanted - len(known)
        whole.present = sum(cell.present for cell in known)
        whole.missing = tuple(dict.fromkeys(name for cell in known for name in cell.missing))
    else:
        last = known[-1]
        whole.expected, whole.present, whole.missing = last.expected, last.present, last.missing
    return whole


def _function_over_time(definition: Definition, known: Sequence[Cell]) -> str:
    try:
        return function_for(definition, "time")
    except Refused as refused:
        last = known[-1]
        values = dict(refused.finding.values) | {
            "value": last.value,
            "period": last.period and last.period.text,
        }
        raise refuse(refused.finding.code, **values) from None


def _absent_periods(years: Sequence[int], periods: Sequence[Period], wanted: int) -> tuple[Finding, ...]:
    if wanted <= len(periods):
        return (Finding("coverage", {"expected": wanted}),)
    told = {one.year for one in periods}
    absent = [str(year) for year in years if year not in told] or ["…"]
    return (Finding("missing", {"present": len(periods), "expected": wanted, "places": absent}),)


def _falls(cells: Sequence[Cell]) -> tuple[Finding, ...]:
    falls = sorted(
        {
            after.name
            for before, after in pairwise(cells)
            if before.value is not None and after.value is not None and after.value < before.value
        }
    )
    return (Finding("running-total-falls", {"places": falls}),) if falls else ()


def _same_kind_of_place(material: Material, cells: Mapping[str, Cell]) -> None:
    kinds = {kind for iri in cells for kind in material.level[iri].kinds}
    if len(kinds) > 1:
        raise refuse("levels-differ", differences=sorted(kinds))


def same_definition(material: Material, members: Sequence[Member]) -> None:
    """Refuse values that differ in unit, price base, version, population or kind of time (A6, A7, A16)."""
    definition = material.indicator.definition
    _same_units(definition, members)
    _same_prices(definition, members)
    kinds = sorted({member.period.kind for member in members})
    if len(kinds) > 1:
        raise refuse("periods-differ", differences=[kind_of_time(kind) for kind in kinds])
    same_areas(members)
    versions = {(member.indicator, member.version) for member in members}
    by_indicator: dict[str, set[str | None]] = defaultdict(set)
    for indicator, version in versions:
        by_indicator[indicator].add(version)
    for indicator, named in by_indicator.items():
        if len(named) > 1:
            _different_versions(material, indicator, named)


def same_areas(members: Sequence[Member]) -> None:
    """Refuse values whose places are coded after lists that divide the country differently (A7)."""
    known = divisions()
    found = {known.get(member.code_list, member.code_list): member.code_list for member in members}
    if found.keys() - {known[""]}:
        raise refuse("code-lists-differ", differences=[URIRef(one) for one in sorted(found.values()) if one])


def _different_versions(material: Material, indicator: str, named: set[str | None]) -> None:
    found = [one for one in material.indicator.versions.get(indicator, ()) if one.named in named]
    populations = {one.definition.population for one in found}
    code = "populations-differ" if len(populations) > 1 else "definitions-differ"
    raise refuse(code, differences=sorted(one.definition.label for one in found))


def _same_units(definition: Definition, members: Sequence[Member]) -> None:
    units = sorted({member.unit for member in members if member.value is not None})
    if len(units) > 1:
        code = "price-bases-differ" if definition.kind == _MONEY else "units-differ"
        raise refuse(code, differences=units)


def _same_prices(definition: Definition, members: Sequence[Member]) -> None:
    bases = sorted({member.base for member in members if member.value is not None})
    if len(bases) > 1:
        code = "price-bases-differ" if definition.kind == _MONEY else "base-periods-differ"
        raise refuse(code, differences=[base or "–" for base in bases])


def _same_series(material: Material, members: Sequence[Member]) -> None:
    """Refuse to go across a break of the series (A7)."""
    for broken in breaks(material, members):
        raise refuse("series-break", period=str(broken.first or "–"))


def breaks(material: Material, members: Sequence[Member]) -> list[Version]:
    """The versions that break the series that the members make."""
    points: dict[str, set[tuple[str | None, int]]] = defaultdict(set)
    for member in members:
        points[member.indicator].add((member.version, member.period.year))
    broken = material.indicator.broken_between
    return [one for indicator, found in points.items() for one in broken(indicator, found)]


def _check_threshold(material: Material, whole: Cell) -> None:
    threshold = material.ask.threshold
    if threshold is not None and whole.expected and Decimal(whole.present) / whole.expected < threshold:
        raise refuse(
            "coverage-too-low",
            present=whole.present,
            expected=whole.expected,
            threshold=threshold * 100,
            value=whole.value,
        )


def used_findings(material: Material, whole: Cell, functions: set[str]) -> tuple[Finding, ...]:
    """What the members themselves say: samples, status, conversion, specialisations (A6, A11, A12)."""
    found: list[Finding] = []
    samples = {iri for iri, one in material.publications.items() if one.sample}
    if any(member.publication in samples for member in whole.members):
        counting = bool(functions & _COUNTING) and not functions & {"ratio-of-sums", "weighted-mean"}
        found.append(Finding("sample", {"value": whole.value}) if counting else Finding("sample-ratio"))
    statuses = {member.status for member in whole.members}
    if "estimated" in statuses:
        found.append(Finding("estimated"))
    elif "provisional" in statuses:
        found.append(Finding("status", {"status": "provisional"}))
    if any(member.rescaled for member in whole.members):
        found.append(Finding("rescaled"))
    base = material.indicator
    for iri, one in base.specialisations.items():
        names = sorted({material.name(member.place) for member in whole.members if member.indicator == iri})
        if names:
            code = "specialisation-of-population" if "population" in one.restricts else "specialisation"
            found.append(Finding(code, {"places": names}))
    return tuple(found)


def _is_secret(cell: Cell) -> bool:
    return bool(cell.members) and all(member.status == "suppressed" for member in cell.members)


def kind_of_time(kind: str) -> URIRef:
    """The concept of a kind of time."""
    return SCHEME[f"period-type/{kind}"]
