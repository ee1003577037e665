"""The picture of a year: a ring of twelve months with the steps of the cycles, made on the server.

The picture says nothing that the table below it does not say; its text alternative says the same in words.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import date
from math import cos, pi, sin
from xml.sax.saxutils import escape

from ..queries.calendar import Occasion

SIZE = 460.0
OUTER = 172.0
LANE = 26.0
_MONTHS = 12
_MONTH_AT = 34.0
_BADGE = 9.5


def ring(occasions: Sequence[Occasion], year: int, title: str, months: Sequence[str], words: str) -> str:
    """The steps that come in ``year``, each cycle on a ring of its own; ``words`` is the text alternative."""
    lanes = sorted({(one.step.cycle.label, one.step.cycle.iri) for one in occasions})
    parts = [
        f'<svg class="year-ring" viewBox="0 0 {SIZE:g} {SIZE:g}" width="{SIZE:g}" height="{SIZE:g}" '
        f'role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">',
        f"<title>{escape(title)}</title><desc>{escape(words)}</desc>",
    ]
    for number, (_, _iri) in enumerate(lanes):
        parts.append(
            f'<circle class="lane" cx="{SIZE / 2:g}" cy="{SIZE / 2:g}" r="{OUTER - number * LANE:g}"/>'
        )
    for month, name in enumerate(months, 1):
        x, y = _point(OUTER + _MONTH_AT, (month - 0.5) / _MONTHS)
        parts.append(
            f'<text class="month" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{escape(name)}</text>'
        )
        (x1, y1), (x2, y2) = (
            _point(OUTER - 8, (month - 1) / _MONTHS),
            _point(OUTER + 8, (month - 1) / _MONTHS),
        )
        parts.append(f'<path class="tick" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>')
    badges: list[tuple[float, float]] = []
    for one in occasions:
        lane = lanes.index((one.step.cycle.label, one.step.cycle.iri))
        parts.append(_arc(one, year, OUTER - lane * LANE))
        badges.append(_free(OUTER - lane * LANE, _part(min(one.due, date(year, 12, 31))), badges))
    # The numbers come last: they lie on top of every arc, and are those of the list beside the picture.
    for number, (x, y) in enumerate(badges, 1):
        parts.append(f'<circle class="badge" cx="{x:.1f}" cy="{y:.1f}" r="{_BADGE:g}"/>')
        parts.append(f'<text class="badge" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{number}</text>')
    return "".join([*parts, "</svg>"])


def _arc(one: Occasion, year: int, radius: float) -> str:
    begins, ends = max(one.begins, date(year, 1, 1)), min(one.due, date(year, 12, 31))
    start, stop = _part(begins), _part(ends)
    (x1, y1), (x2, y2) = _point(radius, start), _point(radius, stop)
    large = 1 if stop - start > 0.5 else 0
    said = escape(f"{one.step.label} ({one.due.isoformat()})")
    path = f"M{x1:.1f} {y1:.1f}A{radius:g} {radius:g} 0 {large} 1 {x2:.1f} {y2:.1f}"
    return f'<path class="step is-{one.state}" d="{path}"><title>{said}</title></path>'


def _free(radius: float, part: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """A place for a number at the end of an arc, or before it on the arc where another number stands."""
    step = (2 * _BADGE + 2) / (2 * pi * radius)
    places = [_point(radius, part - step * number) for number in range(int(1 / step))]
    return next((one for one in places if all(_apart(one, other) for other in taken)), places[0])


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 >= (2 * _BADGE) ** 2


def _part(day: date) -> float:
    """How much of the year has passed when a day begins."""
    return (day.timetuple().tm_yday - 1) / (366 if isleap(day.year) else 365)


def _point(radius: float, part: float) -> tuple[float, float]:
    angle = 2 * pi * part - pi / 2
    return SIZE / 2 + radius * cos(angle), SIZE / 2 + radius * sin(angle)
