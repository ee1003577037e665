"""From measured values to one cell per place, period and group: each thing is counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from .findings import Finding, refuse
from .functions import Cell, fold, quotient
from .material import Material
from .members import Member

Key = tuple[str, tuple, frozenset[str]]


def leaf_of(material: Material, members: Sequence[Member], function: str) -> Cell:
    """The cell of the values that share place, period and group.

    A part gives way to its whole, what stands in several publications counts once, and different undertakings
    of the same place are put together. Refuses ``conflicting-values``.
    """
    if len(members) == 1:
        return _single(material, members[0])
    kept, findings = _without_parts(material, members)
    by_use: dict[tuple[str | None, str | None], list[Member]] = defaultdict(list)
    for one in kept:
        by_use[(one.use if one.use in material.followed else None, one.joint)].append(one)
    singles = []
    for same in by_use.values():
        if len({(one.value, one.text if one.value is None else "", one.unit) for one in same}) > 1:
            raise refuse("conflicting-values", places=[material.name(same[0].place)])
        if len(same) > 1:
            findings += (Finding("repeated", {"count": len(same)}),)
        singles.append(_single(material, same[0]))
    if len(singles) == 1:
        singles[0].findings += findings
        return singles[0]
    if function != "sum":
        raise refuse("conflicting-values", places=[material.name(members[0].place)])
    whole = fold(function, singles, "place", material.indicator.definition)
    first = singles[0]
    whole.place, whole.period, whole.name = first.place, first.period, first.name
    whole.findings += findings
    return whole


def count_joint_once(cells: Iterable[Cell]) -> tuple[Finding, ...]:
    """Let the first cell that tells of a joint initiative carry its value; the others count as present."""
    first: dict[str, Cell] = {}
    told: dict[str, int] = {}
    for cell in cells:
        joints = {member.joint for member in cell.members}
        joint = joints.pop() if len(joints) == 1 else None
        if joint is None:
            continue
        if joint not in first:
            first[joint] = cell
        elif first[joint].value != cell.value:
            raise refuse("conflicting-values", places=[first[joint].name, cell.name])
        else:
            cell.counted_elsewhere = True
            told[joint] = told.get(joint, 1) + 1
    return tuple(Finding("counted-once", {"count": count}) for count in told.values())


def check_effects(material: Material, members: Iterable[Member]) -> None:
    """Refuse ``attribution`` when several activities that lead to one measured effect each bring it."""
    feeding: dict[str, set[str]] = defaultdict(set)
    for one in members:
        followed = material.followed.get(one.use or "")
        for effect in followed.effects if followed else ():
            feeding[effect] |= followed.elements if followed else set()
    if any(len(elements) > 1 for elements in feeding.values()):
        raise refuse("attribution")


def _single(material: Material, member: Member) -> Cell:
    indicator = material.indicator
    key = (member.place, member.period.year, member.period.part, member.categories)
    above, below, weight = member.numerator, member.denominator, None
    if material.parts:
        numerator = material.parts.get((indicator.numerator or "", *key))
        denominator = material.parts.get((indicator.denominator or "", *key))
        weight = material.parts.get((indicator.weight or "", *key))
        above = numerator.value if above is None and numerator else above
        below = denominator.value if below is None and denominator else below
    value = member.value
    if member.indicator == indicator.numerator and above is not None and below:
        value = quotient(above, below, indicator.definition.factor)
    return Cell(
        place=member.place,
        period=member.period,
        name=material.name(member.place),
        value=value,
        numerator=above,
        denominator=below,
        weight=weight.value if weight else None,
        members=(member,),
        unreadable=member.unreadable,
    )


def _without_parts(material: Material, members: Sequence[Member]) -> tuple[list[Member], tuple[Finding, ...]]:
    """Leave out values of what is part of something whose value is also there (A8)."""
    elements = {element for one in members for element in _followed(material, one, "elements")}
    kept = [one for one in members if not _followed(material, one, "wholes") & elements]
    dropped = len(members) - len(kept)
    if not kept or not dropped:
        return list(members), ()
    return kept, (Finding("part-of-whole", {"count": dropped}),)


def _followed(material: Material, member: Member, name: str) -> frozenset[str]:
    followed = material.followed.get(member.use or "")
    return getattr(followed, name) if followed else frozenset()
