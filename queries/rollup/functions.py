"""The functions that put cells together along one axis. Decimal throughout: what is not exact is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow

from .definition import Definition
from .findings import Finding, refuse
from .members import UNKNOWN, Member
from .period import Period

_EXACT = Context(prec=60, Emax=400, traps=[Inexact, InvalidOperation, Overflow])
_QUOTIENT = Context(prec=60)
_PLACES = Decimal("1e-10")


@dataclass(slots=True)
class Cell:
    """A value on its way up: one measured value, or several put together.

    ``value`` is ``None`` when it is unknown. ``lower`` is what the value is at least when things may be
    counted several times. ``missing`` names what it lacks. A ``dropped`` cell was of no use to the function.
    """

    place: str | None = None
    period: Period | None = None
    name: str = ""
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    weight: Decimal | None = None
    lower: Decimal | None = None
    members: tuple[Member, ...] = ()
    expected: int = 1
    present: int = 1
    missing: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    distribution: Mapping[str, int] = field(default_factory=dict)
    counted_elsewhere: bool = False
    unreadable: bool = False
    dropped: bool = False

    @property
    def known(self) -> bool:
        """Whether there is something to put together: a value, or words where the measure is words."""
        if self.dropped:
            return False
        return self.value is not None or bool(self.distribution) or self.unreadable or self._said

    @property
    def _said(self) -> bool:
        said = any(one.text and one.status not in UNKNOWN for one in self.members)
        return said or self.numerator is not None


def total(values: Sequence[Decimal]) -> Decimal:
    """The exact sum. Refuses ``not-computable`` when sixty digits do not hold it."""
    try:
        result = Decimal(0)
        for value in values:
            result = _EXACT.add(result, value)
        return result
    except (Inexact, InvalidOperation, Overflow):
        raise refuse("not-computable") from None


def quotient(numerator: Decimal, denominator: Decimal, factor: Decimal) -> Decimal:
    """numerator ÷ denominator × factor, to ten decimals. Refuses ``zero-denominator``."""
    if not denominator:
        raise refuse("zero-denominator")
    try:
        exact = _QUOTIENT.divide(_QUOTIENT.multiply(numerator, factor), denominator)
        return _EXACT.plus(exact.quantize(_PLACES, context=_QUOTIENT)).normalize(_QUOTIENT)
    except (Inexact, InvalidOperation, Overflow):
        raise refuse("not-computable") from None


def fold(name: str, cells: Sequence[Cell], axis: str, definition: Definition) -> Cell:
    """Put cells together along an axis with a function of the scheme ``aggregation-function``.

    The caller has made sure that the cells share definition, level and kind of time, and fills in what the
    result lacks. Refuses what must not be put together.
    """
    whole = _joined(cells)
    if name in {"none", ""}:
        raise refuse("non-additive", kind=definition.kind, axis=axis, **value_range(cells))
    if any(cell.unreadable for cell in cells):
        raise refuse("not-computable")
    FUNCTIONS[name]([cell for cell in cells if not cell.counted_elsewhere], axis, definition, whole)
    return whole


def _joined(cells: Sequence[Cell]) -> Cell:
    members = tuple(member for cell in cells for member in cell.members)
    findings = tuple(finding for cell in cells for finding in cell.findings)
    return Cell(members=members, findings=findings)


def _sum(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
    known = [cell for cell in cells if cell.value is not None]
    whole.value = total([cell.value for cell in known if cell.value is not None])
    whole.findings += (Finding("sum", {"axis": axis}),)
    count = sum(max(1, len(cell.members)) for cell in known)
    if definition.noise and count > 1:
        kept = [one for one in whole.findings if one.code != "noisy-parts"]
        told = {"count": count, "tolerance": definition.noise * count}
        whole.findings = (*kept, Finding("noisy-parts", told))
    if definition.kind == "amount" and axis == "time" and definition.price_base == "running":
        whole.findings += (Finding("running-prices"),)
    if definition.kind == "count" and definition.distinctness != "unique" and len(known) > 1:
        lowers = [cell.value if cell.lower is None else cell.lower for cell in known]
        whole.lower = max(value for value in lowers if value is not None)
        values = {"entity": definition.entity or "–", "lower": whole.lower, "upper": whole.value}
        kept = [one for one in whole.findings if one.code != "may-repeat"]
        whole.findings = (*kept, Finding("may-repeat", values))


def _ratio(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
    if not any(cell.numerator is not None for cell in cells):
        _weighted(cells, axis, definition, whole)
        return
    used = [cell for cell in cells if cell.numerator is not None and cell.denominator]
    dropped = [cell for cell in cells if cell.numerator is None or not cell.denominator]
    if not used:
        raise refuse("zero-denominator")
    whole.numerator = total([cell.numerator for cell in used if cell.numerator is not None])
    whole.denominator = total([cell.denominator for cell in used if cell.denominator is not None])
    whole.value = quotient(whole.numerator, whole.denominator, definition.factor)
    values = {"numerator": whole.numerator, "denominator": whole.denominator}
    kept = [one for one in whole.findings if one.code != "ratio-of-sums"]
    whole.findings = (*kept, Finding("ratio-of-sums", values))
    if dropped:
        whole.findings += (Finding("parts-dropped", {"places": sorted(cell.name for cell in dropped)}),)
        for cell in dropped:
            cell.dropped = True


def _weighted(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
    known = [cell for cell in cells if cell.value is not None]
    used = [cell for cell in known if cell.weight is not None]
    if not used:
        raise refuse("ratio-without-parts", **value_range(cells))
    whole.weight = total([cell.weight for cell in used if cell.weight is not None])
    products = [_QUOTIENT.multiply(cell.value or Decimal(0), cell.weight or Decimal(0)) for cell in used]
    whole.value = quotient(total(products), whole.weight, Decimal(1))
    whole.findings += (Finding("weighted-mean", {"weight": definition.weight_label}),)
    if len(used) < len(known):
        dropped = [cell for cell in known if cell.weight is None]
        whole.findings += (Finding("parts-dropped", {"places": sorted(cell.name for cell in dropped)}),)
        for cell in dropped:
            cell.dropped = True


def _latest(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
    known = [cell for cell in cells if cell.value is not None or cell.distribution]
    last = max(known, key=lambda cell: cell.period or (0, 0, "", "")) if known else None
    if last is None:
        return
    whole.value, whole.lower, whole.weight = last.value, last.lower, last.weight
    whole.numerator, whole.denominator = last.numerator, last.denominator
    whole.members, whole.findings, whole.distribution = last.members, last.findings, last.distribution
    whole.period = last.period
    if definition.running_total:
        whole.findings += (Finding("running-total"),)
    elif len(cells) > 1:
        whole.findings += (Finding("latest", {"period": last.period.text if last.period else "–"}),)


def _extreme(pick: Callable[..., Decimal], name: str) -> Callable[..., None]:
    def function(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
        known = [cell.value for cell in cells if cell.value is not None]
        whole.value = pick(known) if known else None
        whole.findings += (Finding("extreme", {"which": name}),)

    return function


def _distinct(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
    whole.value = Decimal(len({cell.value for cell in cells if cell.value is not None}))
    whole.findings += (Finding("sum", {"axis": axis}),)


def _count_true(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
    known = [cell for cell in cells if cell.value is not None]
    whole.value = Decimal(sum(cell.value != 0 for cell in known))
    whole.findings += (Finding("count-true", {"count": whole.value, "present": len(known)}),)


def _distribution(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
    counted: Counter[str] = Counter()
    for cell in cells:
        counted.update(cell.distribution or [member.text for member in cell.members if member.text])
    whole.distribution = dict(sorted(counted.items()))
    whole.findings += (Finding("distribution"),)


def _list(cells: Sequence[Cell], axis: str, definition: Definition, whole: Cell) -> None:
    whole.findings += (Finding("list"),)


def value_range(cells: Sequence[Cell]) -> dict[str, object]:
    """The lowest and the highest value, for what is said when they are not put together."""
    known = [cell.value for cell in cells if cell.value is not None]
    return {"lowest": min(known), "highest": max(known)} if known else {}


FUNCTIONS: Mapping[str, Callable[[Sequence[Cell], str, Definition, Cell], None]] = {
    "sum": _sum,
    "ratio-of-sums": _ratio,
    "weighted-mean": _ratio,
    "latest": _latest,
    "distinct-count": _distinct,
    "maximum": _extreme(max, "maximum"),
    "minimum": _extreme(min, "minimum"),
    "count-true": _count_true,
    "distribution": _distribution,
    "list": _list,
}
