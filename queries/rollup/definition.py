"""What an indicator measures and how it may be put together, as its definition and its versions say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from ...ontology.names import PREFIXES, RT
from ...ontology.problems import Problem, RodtradError
from ..parameters import Engine
from .reading import rows
from .tables import AXES, Default, defaults, tail, unit_of

_RT = str(RT)
_TYPE = PREFIXES["rdf"] + "type"
_LABELS = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")


@dataclass(frozen=True)
class Definition:
    """The part of an indicator's or a version's definition that decides what its values may be used for.

    Attributes:
        functions: What the definition itself says for each axis.
        unit: The base unit; ``power`` is the power of ten that the values are written in.
        factor: What a ratio is multiplied by (100 for percentages).
        noise: The most that disclosure control usually changes one value.
    """

    iri: str
    label: str = ""
    kind: str = ""
    additivity: str = ""
    functions: Mapping[str, str] = field(default_factory=dict)
    unit_word: str = ""
    unit: str = ""
    power: int = 0
    factor: Decimal = Decimal(1)
    running_total: bool = False
    distinctness: str = ""
    entity: str = ""
    population: str = ""
    direction: str = ""
    period_type: str = ""
    price_base: str = ""
    noise: Decimal = Decimal(0)
    restricts: frozenset[str] = frozenset()
    weight_label: str = ""

    @property
    def default(self) -> Default | None:
        """The default of its kind of measure, if there is one."""
        return defaults().get((self.kind, self.additivity))


@dataclass(frozen=True)
class Version:
    """A definition as it held in some years; ``broken`` when values before it are not comparable."""

    definition: Definition
    first: int | None
    last: int | None
    broken: bool
    named: str


@dataclass(frozen=True)
class Indicator:
    """An indicator with what its roll-up needs: ratio parts, weight, specialisations, versions."""

    definition: Definition
    numerator: str | None
    denominator: str | None
    weight: str | None
    specialisations: Mapping[str, Definition]
    versions: Mapping[str, tuple[Version, ...]]
    parts: Mapping[str, Definition]
    declared: bool = True

    def of(self, iri: str) -> Definition:
        """The definition of the indicator itself, of a specialisation, or of a part."""
        if iri == self.definition.iri:
            return self.definition
        return self.specialisations.get(iri) or self.parts[iri]

    def version(self, indicator: str, named: str | None, year: int) -> Version | None:
        """The version that a value follows: the named one, else the one that holds in the year.

        The first known one holds for what is older, unless it broke with what was before it.
        """
        versions = self.versions.get(indicator, ())
        if named:
            return next((one for one in versions if one.named == named), None)
        if versions and year < (versions[0].first or 0) and not versions[0].broken:
            return versions[0]
        held = [
            one for one in versions if (one.first or 0) <= year and (one.last is None or year <= one.last)
        ]
        return max(held, key=lambda one: one.first or 0) if held else None

    def broken_between(self, indicator: str, points: Iterable[tuple[str | None, int]]) -> list[Version]:
        """The versions that break a series, whose values are given as version (if one holds) and year.

        A value that no version holds for stands after those that began before it.
        """
        versions = self.versions.get(indicator, ())
        order = {one.named: number for number, one in enumerate(versions)}
        at = [
            order.get(named or "", sum((one.first or 0) <= year for one in versions) - 1)
            for named, year in points
        ]
        return [one for one in versions[min(at) + 1 : max(at) + 1] if one.broken] if at else []


def read_indicator(engine: Engine, iri: str) -> Indicator:
    """Read an indicator with all that belongs to it. Raises RodtradError ``unknown-resource``."""
    related = rows(engine, "related", {"indicator": [iri]})
    roles: dict[str, list[str]] = {}
    for row in related:
        roles.setdefault(row["role"], []).append(row["related"])
    every = [iri, *(row["related"] for row in related)]
    facts: dict[str, dict[str, list[str]]] = {}
    for row in rows(engine, "definitions", {"indicator": sorted(set(every))}):
        facts.setdefault(row["item"], {}).setdefault(row["property"], []).append(row["value"])
    if iri not in facts:
        raise RodtradError(Problem("unknown-resource", values={"iri": iri}))
    definitions = {one: _definition(one, facts.get(one, {})) for one in every}
    weight = _first(roles.get("weight"))
    base = replace(definitions[iri], weight_label=definitions[weight].label if weight else "")
    parts = {one for role in ("numerator", "denominator", "weight") for one in roles.get(role, [])}
    return Indicator(
        definition=base,
        numerator=_first(roles.get("numerator")),
        denominator=_first(roles.get("denominator")),
        weight=weight,
        specialisations={
            one: _inherited(definitions[one], base) for one in roles.get("specialisation", ()) if one != iri
        },
        versions=_versions(facts, definitions),
        parts={one: definitions[one] for one in parts},
        declared=str(RT.Indicator) in facts[iri].get(_TYPE, ()),
    )


def _definition(iri: str, facts: Mapping[str, list[str]]) -> Definition:
    def word(name: str) -> str:
        return _first(facts.get(_RT + name)) or ""

    unit, power = unit_of(word("unit"))
    return Definition(
        iri=iri,
        label=next((facts[name][0] for name in _LABELS if name in facts), tail(iri)),
        kind=tail(word("measureKind")),
        additivity=tail(word("additivity")),
        functions={axis: tail(word(f"functionOver{axis.title()}")) for axis in AXES},
        unit_word=word("unit"),
        unit=unit,
        power=power + int(word("unitMultiplier") or 0),
        factor=number(word("ratioFactor")) or Decimal(1),
        running_total=tail(word("cumulation")) == "running-total",
        distinctness=tail(word("distinctness")),
        entity=word("countedEntity"),
        population=word("population"),
        direction=tail(word("direction")),
        period_type=tail(word("periodType")),
        price_base=tail(word("priceBase")),
        noise=number(word("disclosureNoise")) or Decimal(0),
        restricts=frozenset(tail(value) for value in facts.get(_RT + "restricts", ())),
    )


def _inherited(own: Definition, base: Definition) -> Definition:
    """A definition in which what it leaves unsaid is as in its base."""
    return replace(
        own,
        kind=own.kind or base.kind,
        additivity=own.additivity or base.additivity,
        unit_word=own.unit_word or base.unit_word,
        unit=own.unit or base.unit,
        power=own.power if own.unit_word or own.power else base.power,
        distinctness=own.distinctness or base.distinctness,
        entity=own.entity or base.entity,
        population=own.population or base.population,
        direction=own.direction or base.direction,
        period_type=own.period_type or base.period_type,
        price_base=own.price_base or base.price_base,
    )


def _versions(
    facts: Mapping[str, Mapping[str, list[str]]], definitions: Mapping[str, Definition]
) -> dict[str, tuple[Version, ...]]:
    found: dict[str, list[Version]] = {}
    for item, said in facts.items():
        for base in said.get(_RT + "versionOf", ()):
            if base in definitions:
                version = Version(
                    definition=_inherited(_definition(item, said), definitions[base]),
                    first=_year(said.get(_RT + "validFrom")),
                    last=_year(said.get(_RT + "validTo")),
                    broken=_first(said.get(_RT + "breakWithPrevious")) in {"true", "1"},
                    named=item,
                )
                found.setdefault(base, []).append(version)
    return {
        base: tuple(sorted(ones, key=lambda one: (one.first or 0, one.named))) for base, ones in found.items()
    }


def number(text: str | None) -> Decimal | None:
    """A decimal number, ``None`` when the text is not one; infinities are none."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Decimal(1) if text == "true" else Decimal(0) if text == "false" else None
    return value if value.is_finite() else None


def _year(values: list[str] | None) -> int | None:
    text = _first(values)
    return int(text[:4]) if text and text[:4].isdigit() else None


def _first(values: Iterable[str] | None) -> str | None:
    return next(iter(values), None) if values else None
