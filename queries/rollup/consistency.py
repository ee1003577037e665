"""May these be compared, and if not, why? By definition, between places, and over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Any

from ...ontology.names import SCHEME
from ...ontology.problems import Lang
from ..parameters import Engine
from ..runner import look_up_labels
from .axes import breaks, kind_of_time
from .definition import Definition, Indicator, read_indicator
from .findings import Finding, shown
from .material import Ask, Material, read_material
from .members import Member
from .names import resolve
from .rollup import read_years
from .tables import REFUSED

_ALL = frozenset({"place", "time"})


@dataclass(frozen=True)
class Reason:
    """Something that stands in the way of a comparison, or is worth knowing; ``between`` says of what."""

    finding: Finding
    between: tuple[str, ...]

    @property
    def forbids(self) -> bool:
        """Whether the comparison must not be made."""
        return self.finding.kind.verdict == REFUSED


@dataclass(frozen=True)
class Check:
    """One of the three checks. ``compared`` is the number of pairs or series looked at."""

    name: str
    compared: int
    reasons: tuple[Reason, ...]

    @property
    def comparable(self) -> bool:
        """Whether nothing forbids the comparison, and there was something to compare."""
        return self.compared > 0 and not any(reason.forbids for reason in self.reasons)


@dataclass(frozen=True)
class Comparability:
    """The three checks on one indicator, or on several beside each other."""

    indicators: tuple[str, ...]
    labels: tuple[str, ...]
    lang: Lang
    definitional: Check
    transversal: Check
    longitudinal: Check
    sparql: str
    generation: int | None

    @property
    def checks(self) -> tuple[Check, Check, Check]:
        """The checks in their order."""
        return (self.definitional, self.transversal, self.longitudinal)

    def as_dict(self) -> dict[str, Any]:
        """The checks with the reasons in both languages."""
        return {
            "indicators": [
                {"iri": iri, "label": name} for iri, name in zip(self.indicators, self.labels, strict=True)
            ],
            "generation": self.generation,
            "checks": {
                check.name: {
                    "comparable": check.comparable,
                    "compared": check.compared,
                    "reasons": [_reason(one) for one in check.reasons],
                }
                for check in self.checks
            },
            "sparql": self.sparql,
        }

    def table(self) -> tuple[list[str], list[list[object]]]:
        """One row per reason; a check without reasons has one row."""
        words = {
            "sv": (["Prövning", "Jämförbart", "Mellan", "Skäl", "Regel"], ("ja", "nej")),
            "en": (["Check", "Comparable", "Between", "Reason", "Rule"], ("yes", "no")),
        }
        headings, (yes, no) = words[self.lang]
        rows: list[list[object]] = []
        for check in self.checks:
            answer = yes if check.comparable else no
            for one in check.reasons:
                sentence, rule = one.finding.sentence(self.lang), one.finding.kind.rule
                rows.append([check.name, answer, " / ".join(one.between), sentence, rule])
            if not check.reasons:
                rows.append([check.name, answer, "", "", ""])
        return headings, rows


def comparability(
    engine: Engine,
    indicators: str | Sequence[str],
    *,
    years: str | Sequence[int] = (),
    place: str | None = None,
    lang: Lang = "sv",
) -> Comparability:
    """Check the values of one indicator, or the definitions of several, against each other.

    Raises RodtradError: ``unknown-parameter-value`` (with candidates), ``bad-years``.
    """
    named = [indicators] if isinstance(indicators, str) else list(indicators)
    iris = list(dict.fromkeys(resolve(engine, "indicator", one, lang) for one in named))
    read = [read_indicator(engine, iri) for iri in iris]
    ask = Ask(
        indicator=iris[0],
        over=_ALL,
        years=read_years(years),
        place=resolve(engine, "place", place, lang) if place else None,
    )
    material = read_material(engine, read[0], ask, lang)
    labels = look_up_labels(engine, iris, lang)
    return Comparability(
        indicators=tuple(iris),
        labels=tuple(labels.get(iri, iri) for iri in iris),
        lang=lang,
        definitional=_definitional(read),
        transversal=_transversal(material, lang),
        longitudinal=_longitudinal(material),
        sparql=material.sparql,
        generation=getattr(engine, "generation", None),
    )


def _definitional(indicators: Sequence[Indicator]) -> Check:
    """Between the indicators, between one and its specialisations, and between its versions in time."""
    pairs = [(a.definition, b.definition) for a, b in combinations(indicators, 2)]
    for indicator in indicators:
        pairs += [(indicator.definition, one) for one in indicator.specialisations.values()]
        for versions in indicator.versions.values():
            pairs += [(a.definition, b.definition) for a, b in pairwise(versions)]
    reasons = [Reason(finding, (a.label, b.label)) for a, b in pairs for finding in differences(a, b)]
    return Check("definitional", max(len(pairs), 1), tuple(reasons))


def differences(a: Definition, b: Definition) -> Iterator[Finding]:
    """What keeps two definitions from being the same (A6, A7)."""
    if a.unit != b.unit:
        yield Finding("units-differ", {"differences": [a.unit_word or "–", b.unit_word or "–"]})
    elif a.power != b.power:
        yield Finding("rescaled")
    if a.population != b.population:
        yield Finding("populations-differ", {"differences": [a.population or "–", b.population or "–"]})
    told = [
        tuple(SCHEME[f"{scheme}/{word}"] if word else "–" for word in words)
        for scheme, *words in (
            ("measure-kind", a.kind, b.kind),
            ("additivity", a.additivity, b.additivity),
            ("direction", a.direction, b.direction),
        )
        if words[0] != words[1]
    ]
    if told:
        yield Finding("definitions-differ", {"differences": [one for pair in told for one in pair]})
    if a.period_type != b.period_type:
        kinds = [kind_of_time(one) if one else "–" for one in (a.period_type, b.period_type)]
        yield Finding("periods-differ", {"differences": kinds})


def _transversal(material: Material, lang: Lang) -> Check:
    """Between the places of one level, for each time."""
    by_period: dict[str, list[Member]] = defaultdict(list)
    for member in material.members:
        if member.place in material.level and member.value is not None:
            by_period[member.period.text].append(member)
    reasons: list[Reason] = []
    for when, members in sorted(by_period.items()):
        for code, told in _told(material):
            groups: dict[str, set[str]] = defaultdict(set)
            for member in members:
                groups[told(member)].add(material.name(member.place))
            if len(groups) > 1:
                sides = [
                    f"{shown(value or None, lang)}: {', '.join(sorted(names))}"
                    for value, names in sorted(groups.items())
                ]
                reasons.append(Reason(Finding(code, {"differences": sorted(groups)}), (when, *sides)))
        absent = [
            place.label for iri, place in material.level.items() if iri not in {m.place for m in members}
        ]
        if absent:
            counts = {"present": len(material.level) - len(absent), "expected": len(material.level)}
            reasons.append(Reason(Finding("missing", {**counts, "places": absent}), (when,)))
    return Check("transversal", len(by_period), tuple(reasons))


def _told(material: Material) -> list[tuple[str, Callable[[Member], str]]]:
    """What must be the same of values that are compared, with the finding when it is not."""
    money = material.indicator.definition.kind == "amount"
    definitions = material.indicator.of
    return [
        ("units-differ", lambda one: one.unit),
        ("price-bases-differ" if money else "base-periods-differ", lambda one: one.base),
        ("periods-differ", lambda one: kind_of_time(one.period.kind)),
        ("definitions-differ", lambda one: one.version or ""),
        ("populations-differ", lambda one: definitions(one.indicator).population),
        ("definitions-differ", lambda one: definitions(one.indicator).label),
    ]


def _longitudinal(material: Material) -> Check:
    """Along the series of each place."""
    series: dict[tuple[str, frozenset[str]], list[Member]] = defaultdict(list)
    for member in material.members:
        if member.value is not None:
            series[member.place, member.categories].append(member)
    reasons: list[Reason] = []
    long = {
        key: sorted(members, key=lambda one: one.period)
        for key, members in series.items()
        if len(members) > 1
    }
    for (place, categories), members in long.items():
        name = ", ".join([material.name(place), *sorted(one.rpartition("/")[2] for one in categories)])
        broken = breaks(material, members)
        reasons += [
            Reason(Finding("series-break", {"period": str(one.first or "–")}), (name,)) for one in broken
        ]
        for code, told in _told(material)[:3]:
            values = sorted({told(member) for member in members})
            if len(values) > 1:
                reasons.append(Reason(Finding(code, {"differences": values}), (name,)))
        reasons += _gaps(name, members)
        if material.indicator.definition.running_total and _falls(members):
            reasons.append(Reason(Finding("running-total-falls", {"places": [name]}), (name,)))
    return Check("longitudinal", len(long), tuple(_together(reasons)))


def _gaps(name: str, members: Sequence[Member]) -> list[Reason]:
    years = {member.period.year for member in members}
    absent = [str(year) for year in range(min(years), max(years)) if year not in years]
    told = {"present": len(years), "expected": len(years) + len(absent), "places": absent}
    return [Reason(Finding("missing", told), (name,))] if absent else []


def _falls(members: Sequence[Member]) -> bool:
    values = [member.value for member in members if member.value is not None]
    return any(after < before for before, after in pairwise(values))


def _together(reasons: Sequence[Reason]) -> list[Reason]:
    """One reason for all places that have the same."""
    found: dict[str, Reason] = {}
    for one in reasons:
        key = one.finding.sentence("sv")
        before = found.get(key)
        found[key] = replace(before, between=before.between + one.between) if before else one
    return list(found.values())


def _reason(reason: Reason) -> Mapping[str, Any]:
    finding = reason.finding
    return {
        "code": finding.code,
        "rule": finding.kind.rule,
        "forbids": reason.forbids,
        "between": list(reason.between),
        "sentence_sv": finding.sentence("sv"),
        "sentence_en": finding.sentence("en"),
    }
