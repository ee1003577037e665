"""Targets and baselines: what must hold before they are put together, and what is said instead (A13, A14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from ..parameters import Engine
from .definition import Definition
from .findings import Finding
from .material import Material
from .members import Member, read_members

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"
_REACHED = {
    "higher": lambda value, target, _: value >= target,
    "lower": lambda value, target, _: value <= target,
    "range": lambda value, target, most: most is not None and target <= value <= most,
}


def objection(engine: Engine, material: Material) -> Finding | None:
    """Why the targets or baselines that were read must not be put together, if they must not."""
    inside = [one for one in material.members if one.place in material.level]
    if "place" not in material.ask.over or not inside:
        return None
    if material.ask.cls == "Baseline":
        periods = sorted({one.period.text for one in inside})
        return Finding("base-periods-differ", {"differences": periods}) if len(periods) > 1 else None
    if material.ask.cls != "Target":
        return None
    kinds = {one.target_kind for one in inside}
    if kinds <= {"absolute"} and len({one.period for one in inside}) == 1:
        return None
    counted = Counter(states(engine, material, inside).values())
    return Finding("targets-not-absolute", {name: counted[name] for name in (MET, UNMET, UNKNOWN)})


def states(engine: Engine, material: Material, targets: Iterable[Member]) -> dict[str, str]:
    """Whether each target is met, unmet or unknown, by place: against the latest value up to its year.

    Only absolute targets and those of direction are judged here: others need what this does not know.
    """
    definition = material.indicator.definition
    values, _ = read_members(engine, material.indicator)
    told: dict[str, list[Member]] = {}
    for one in sorted((one for one in values if one.value is not None), key=lambda one: one.period):
        if one.indicator == definition.iri and not one.categories:
            told.setdefault(one.place, []).append(one)
    return {one.place: met(definition, one, told.get(one.place, [])) for one in targets}


def met(definition: Definition, target: Member, values: list[Member]) -> str:
    """Whether a target is met by values in the order of time. A target of 0 is a target like others."""
    held = [one.value for one in values if one.period.year <= target.period.year and one.value is not None]
    reached = _REACHED.get(definition.direction)
    if not held or reached is None:
        return UNKNOWN
    if target.target_kind == "absolute" and target.value is not None:
        return MET if reached(held[-1], target.value, target.value_max) else UNMET
    if target.target_kind == "direction-only" and len(held) > 1 and definition.direction != "range":
        changed = held[-1] != held[0]
        return MET if changed and reached(held[-1], held[0], None) else UNMET
    return UNKNOWN


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
