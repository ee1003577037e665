"""Recomputes every published sum from its published parts and lists where they drift apart (A20)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ...ontology.problems import Lang
from ..parameters import Engine
from ..runner import look_up_labels
from .axes import tolerance
from .calculation import Result, calculate
from .definition import read_indicator
from .findings import Finding
from .functions import Cell
from .material import Ask, Material, read_material
from .reading import rows


@dataclass(frozen=True)
class Drift:
    """A published value of a whole beside what its parts give."""

    indicator: str
    label: str
    place: str
    period: str | None
    categories: frozenset[str]
    published: Decimal
    recomputed: Decimal
    allowed: Decimal

    @property
    def difference(self) -> Decimal:
        """Published less recomputed."""
        return self.published - self.recomputed

    @property
    def within(self) -> bool:
        """Whether the difference is within the tolerance."""
        return abs(self.difference) <= self.allowed

    def sentence(self, lang: Lang) -> str:
        """The drift in words."""
        return Finding("drift", {"value": self.published, "parts": self.recomputed}).sentence(lang)


@dataclass(frozen=True)
class Audit:
    """What was recomputed, what could not be, and where the published value and its parts differ."""

    compared: int
    not_comparable: int
    drifts: tuple[Drift, ...]

    @property
    def unexplained(self) -> tuple[Drift, ...]:
        """The drifts that neither noise nor rounding explains."""
        return tuple(one for one in self.drifts if not one.within)

    def table(self, lang: Lang) -> tuple[list[str], list[list[object]]]:
        """One row per drift."""
        headings = {
            "sv": ["Indikator", "Plats", "Tid", "Publicerat", "Ur delarna", "Skillnad", "Tillåten skillnad"],
            "en": ["Indicator", "Place", "Time", "Published", "From the parts", "Difference", "Allowed"],
        }
        told = [
            [one.label, one.place, one.period, one.published, one.recomputed, one.difference, one.allowed]
            for one in self.drifts
        ]
        return headings[lang], told


def audit(engine: Engine, lang: Lang = "sv") -> Audit:
    """Recompute each value that is published for a place beside values for the places in it."""
    pairs = sorted({(row["indicator"], row["whole"]) for row in rows(engine, "published-wholes", {})})
    labels = look_up_labels(engine, {iri for iri, _ in pairs}, lang)
    compared = not_comparable = 0
    drifts: list[Drift] = []
    for iri, whole in pairs:
        indicator = read_indicator(engine, iri)
        ask = Ask(indicator=iri, over=frozenset({"place"}), place=whole, published=False)
        material = read_material(engine, indicator, ask, lang)
        told = _published(material)
        for result in calculate(material):
            published = told.get((result.period, result.categories))
            if published is None or not result.present:
                continue
            if result.value is None or result.present < result.expected:
                not_comparable += 1
                continue
            compared += 1
            drift = _drift(material, labels.get(iri, iri), result, published)
            if drift.difference:
                drifts.append(drift)
    return Audit(compared, not_comparable, tuple(drifts))


def _published(material: Material) -> dict[tuple[str | None, frozenset[str]], Decimal]:
    """The values of the whole itself, by time and group; a group that is a total is the whole."""
    totals = {category for one in material.breakdowns.values() for category in one.totals}
    return {
        (one.period.text, frozenset() if one.categories <= totals else one.categories): one.value
        for one in material.members
        if one.place == material.parent.iri and one.value is not None
    }


def _drift(material: Material, label: str, result: Result, published: Decimal) -> Drift:
    assert result.value is not None
    cells = [Cell(value=member.value) for member in result.members] + [Cell(value=published)]
    return Drift(
        indicator=material.indicator.definition.iri,
        label=label,
        place=result.place_label,
        period=result.period,
        categories=result.categories,
        published=published,
        recomputed=result.value,
        allowed=tolerance(material.indicator.definition, cells),
    )
