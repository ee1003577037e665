"""The picture of a series, made on the server: readable without colour, and never a line where there is none.

Measured values are joined only within a run; targets and baselines are marks of other shapes with their
words beside them; a break in the definition is a dashed upright line that no other line crosses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from xml.sax.saxutils import escape, quoteattr

from .series_view import Mark, Panel, Point

WIDTH, HEIGHT = 420.0, 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 16.0, 30.0, 34.0
_TICKS = 4
_TIMES = 5
_NEAR = 16.0
_LETTER = 7.4


@dataclass(frozen=True)
class Said:
    """The words that a picture needs, in the reader's language."""

    target: str
    baseline: str
    break_at: str
    number: Callable[[Decimal], str]
    statuses: Callable[[str], str]


@dataclass(frozen=True)
class Frame:
    """From values to places in the picture."""

    first: float
    last: float
    low: float
    high: float
    ticks: tuple[float, ...]

    def x(self, at: float) -> float:
        return _LEFT + (at - self.first) / (self.last - self.first) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: Decimal | float) -> float:
        return (
            HEIGHT - _BOTTOM - (float(value) - self.low) / (self.high - self.low) * (HEIGHT - _TOP - _BOTTOM)
        )


def frame(panels: Sequence[Panel], of: Sequence[Panel] | None = None) -> Frame | None:
    """The scales of some panels; ``of`` are those whose times are shared. ``None`` without any value."""
    numbers = [float(one.value) for panel in panels for one in panel.points if one.value is not None]
    numbers += [float(mark.value) for panel in panels for mark in panel.marks]
    shared = of or panels
    times = [one.at for panel in shared for one in (*panel.points, *panel.marks)]
    if not numbers or not times:
        return None
    ticks = _ticks(min(numbers), max(numbers))
    first, last = min(times), max(times)
    pad = (last - first) * 0.02 or 0.5
    return Frame(first - pad, last + pad, ticks[0], ticks[-1], ticks)


def own_scales(panels: Sequence[Panel]) -> bool:
    """Whether the places differ so much in size that one scale would flatten some of them."""
    spans = []
    for panel in panels:
        found = [abs(float(one.value)) for one in panel.points if one.value is not None]
        spans += [max(found)] if found else []
    return len(spans) > 1 and max(spans) > 4 * max(min(spans), 1e-12)


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Even steps around the values; from zero where that takes little room."""
    if 0 < low < high / 2 or low == high > 0:
        low = 0.0
    span = (high - low) or abs(high) or 1.0
    raw = span / _TICKS
    power = 10 ** floor(log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if raw <= power * factor * 1.0001)
    start = floor(low / step + 1e-9)
    stop = max(ceil(high / step - 1e-9), start + 1)
    return tuple(round(number * step, 10) for number in range(start, stop + 1))


def picture(panel: Panel, scale: Frame, title: str, said: Said, style: str = "") -> str:
    """One panel as SVG. ``style`` is given to a picture that leaves the page."""
    parts = [
        f'<svg class="series" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'role="img" aria-label={quoteattr(title)}>'
    ]
    if style:
        parts.append(f"<style>{style}</style><title>{escape(title)}</title>")
        parts.append(f'<text class="title" x="4" y="14">{escape(title)}</text>')
    parts += _axes(scale, said)
    for one in panel.breaks:
        x = scale.x(one.at)
        parts.append(f'<path class="break" d="M{x:.1f} {_TOP:g}V{HEIGHT - _BOTTOM:g}"/>')
        side = "end" if x > WIDTH / 2 else "start"
        shift = -4 if side == "end" else 4
        words = escape(f"{said.break_at} {one.year}".strip())
        place = f'x="{x + shift:.1f}" y="{_TOP - 4:g}" text-anchor="{side}"'
        parts.append(f'<text class="break-words" {place}>{words}</text>')
    for run in panel.runs:
        if len(run) > 1:
            places = " ".join(f"{scale.x(p.at):.1f},{scale.y(_known(p)):.1f}" for p in run)
            parts.append(f'<polyline class="line" points="{places}"/>')
    parts += [_dot(point, scale, said) for point in panel.points]
    parts += _labels(panel, scale, said)
    return "".join([*parts, "</svg>"])


def stacked(drawn: Sequence[str]) -> str:
    """Several pictures as one that stands alone, one below the other."""
    height = HEIGHT * len(drawn)
    moved = [
        one.replace("<svg ", f'<svg y="{HEIGHT * number:g}" width="{WIDTH:g}" height="{HEIGHT:g}" ', 1)
        for number, one in enumerate(drawn)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" '
    return head + f'width="{WIDTH * 2:g}" height="{height * 2:g}">' + "".join(moved) + "</svg>"


def _known(point: Point) -> Decimal:
    assert point.value is not None
    return point.value


def _axes(scale: Frame, said: Said) -> list[str]:
    parts = []
    for tick in scale.ticks:
        y = scale.y(tick)
        parts.append(f'<path class="grid" d="M{_LEFT:g} {y:.1f}H{WIDTH - _RIGHT:g}"/>')
        words = escape(said.number(Decimal(f"{tick:.10f}".rstrip("0").rstrip("."))))
        parts.append(f'<text class="tick" x="{_LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{words}</text>')
    first, last = ceil(scale.first), floor(scale.last)
    step = max(1, ceil((last - first) / _TIMES))
    for year in range(first, last + 1, step):
        x = scale.x(year)
        parts.append(f'<path class="tick-mark" d="M{x:.1f} {HEIGHT - _BOTTOM:g}v5"/>')
        parts.append(
            f'<text class="tick" x="{x:.1f}" y="{HEIGHT - _BOTTOM + 19:g}" text-anchor="middle">{year}</text>'
        )
    return parts


def _dot(point: Point, scale: Frame, said: Said) -> str:
    x, status = scale.x(point.at), said.statuses(point.status)
    if point.value is None:
        y = HEIGHT - _BOTTOM
        words = escape(f"{point.time}: {status}")
        cross = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
        return f'<path class="gone" d="{cross}"><title>{words}</title></path>'
    words = escape(
        f"{point.time}: {said.number(point.value)}" + (f" ({status})" if point.status != "final" else "")
    )
    y = scale.y(point.value)
    return (
        f'<circle class="dot is-{escape(point.status)}" cx="{x:.1f}" cy="{y:.1f}" r="3.6">'
        f"<title>{words}</title></circle>"
    )


def _labels(panel: Panel, scale: Frame, said: Said) -> list[str]:
    """The last value, the targets and the baselines in words, kept apart from each other."""
    parts: list[str] = []
    taken: list[tuple[float, float, float]] = []
    values = [one for one in panel.points if one.value is not None]
    wanted: list[tuple[float, float, str, str]] = []
    if values:
        last = values[-1]
        wanted.append((scale.x(last.at), scale.y(_known(last)), said.number(_known(last)), "last"))
    for mark in panel.marks:
        x, y = scale.x(mark.at), scale.y(mark.value)
        taken.append((x - 6, 12, y + 4))
        parts.append(_shape(mark, x, y))
        word = said.target if mark.kind == "target" else said.baseline
        wanted.append((x, y, f"{word} {mark.year}: {said.number(mark.value)}", mark.kind))
    for x, y, words, kind in wanted:
        wide = len(words) * _LETTER
        middle = min(max(x - wide / 2, _LEFT), WIDTH - 2 - wide)
        heights = [y - 9, y + 18, y - 9 - _NEAR, y + 18 + _NEAR]
        tries = [(middle, height) for height in heights]
        # Beside the last value there is no line to hide, if there is room.
        if kind == "last" and x + 8 + wide < WIDTH:
            tries.insert(0, (x + 8, y + 4))
        left, at = next((one for one in tries if _free(one[0], wide, one[1], taken)), tries[0])
        taken.append((left, wide, at))
        parts.append(f'<text class="said is-{kind}" x="{left:.1f}" y="{at:.1f}">{escape(words)}</text>')
    return parts


def _free(left: float, wide: float, y: float, taken: Sequence[tuple[float, float, float]]) -> bool:
    inside = _TOP - 4 < y < HEIGHT - _BOTTOM - 3
    return inside and not any(
        abs(y - other) < _NEAR and left < start + width and start < left + wide
        for start, width, other in taken
    )


def _shape(mark: Mark, x: float, y: float) -> str:
    path = (
        f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z"
        if mark.kind == "target"
        else f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z"
    )
    return f'<path class="mark is-{mark.kind}" d="{path}"/>'
