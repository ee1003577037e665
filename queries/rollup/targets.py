"""Targets and baselines: what must hold before they are put together, and what is said instead (A13, A14)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ..parameters import Engine
from .attainment import read_targets, states
from .findings import Finding
from .material import Material


def objection(engine: Engine, material: Material) -> Finding | None:
    """Why the targets or baselines that were read must not be put together, if they must not."""
    if "place" not in material.ask.over:
        return None
    if material.ask.cls == "Target":
        return _targets(engine, material)
    inside = [one for one in material.members if one.place in material.level]
    if material.ask.cls == "Baseline":
        periods = sorted({one.period.text for one in inside})
        return Finding("base-periods-differ", {"differences": periods}) if len(periods) > 1 else None
    return None


def _targets(engine: Engine, material: Material) -> Finding | None:
    """Only levels for one year are put together; of others it is counted how many are met (A13)."""
    years = material.ask.years
    inside = [
        one
        for one in read_targets(engine, [material.indicator.definition.iri])
        if one.place in material.level and (not years or one.year in years)
    ]
    same = {one.kind for one in inside} <= {"absolute"} and len({one.year for one in inside}) == 1
    if not inside or (same and inside[0].year):
        return None
    return Finding("targets-not-absolute", states(engine, inside, "sv"))


def as_verdicts(material: Material) -> Material:
    """The material with human verdicts as what is put together: counted, never averaged (A15)."""
    definition = replace(
        material.indicator.definition,
        kind="ordinal",
        additivity="non-additive",
        functions={},
        factor=Decimal(1),
    )
    indicator = replace(material.indicator, definition=definition)
    return replace(material, indicator=indicator, findings=(*material.findings, Finding("verdicts")))
