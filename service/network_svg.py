"""The picture of an actor's network: the actor, what it takes part in, and who else takes part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

WIDTH = 900.0
_ROW = 46.0
_BOX = 36.0
_COLUMNS = ((0.0, 190.0), (265.0, 330.0), (670.0, 230.0))
_LETTER = 7.0


@dataclass(frozen=True)
class Node:
    """A box: its address, what it is called and a second line, such as a role."""

    iri: str
    name: str
    said: str = ""


def network(
    own: Node,
    things: Sequence[Node],
    others: Sequence[Node],
    links: Sequence[tuple[str, str]],
    title: str,
    href: Callable[[str], str],
) -> str:
    """Draw the network. ``links`` pairs a thing with another actor; a thing has its role on line two."""
    rows = max(len(things), len(others), 1)
    height = rows * _ROW + 8
    middle = {one.iri: _y(number, len(things), rows) for number, one in enumerate(things)}
    right = {one.iri: _y(number, len(others), rows) for number, one in enumerate(others)}
    here = height / 2
    parts = [
        f'<svg class="network" viewBox="0 0 {WIDTH:g} {height:g}" role="group" aria-label={quoteattr(title)}>'
    ]
    ends = [start + width for start, width in _COLUMNS]
    parts += [_curve("owns", ends[0], here, _COLUMNS[1][0], y) for y in middle.values()]
    for thing, other in links:
        if thing in middle and other in right:
            parts.append(_curve("with", ends[1], middle[thing], _COLUMNS[2][0], right[other]))
    parts.append(_box(own, 0, here, None, "self"))
    parts += [_box(one, 1, middle[one.iri], href) for one in things]
    parts += [_box(one, 2, right[one.iri], href) for one in others]
    return "".join([*parts, "</svg>"])


def _y(number: int, several: int, rows: int) -> float:
    """The middle of a box; a shorter column stands in the middle of the height."""
    return 4 + ((rows - several) / 2 + number + 0.5) * _ROW


def _curve(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    bend = (x1 + x2) / 2
    return f'<path class="{kind}" d="M{x1:g} {y1:.1f}C{bend:g} {y1:.1f} {bend:g} {y2:.1f} {x2:g} {y2:.1f}"/>'


def _box(one: Node, column: int, y: float, href: Callable[[str], str] | None, kind: str = "") -> str:
    x, width = _COLUMNS[column]
    said = escape(_cut(one.said, width)) if one.said else ""
    first = y - 3 if said else y + 4
    inner = (
        f"<title>{escape(' – '.join(word for word in (one.name, one.said) if word))}</title>"
        f'<rect x="{x + 1:g}" y="{y - _BOX / 2:.1f}" width="{width - 2:g}" height="{_BOX:g}" rx="3"/>'
        f'<text x="{x + 10:g}" y="{first:.1f}">{escape(_cut(one.name, width))}</text>'
    )
    if said:
        inner += f'<text class="role" x="{x + 10:g}" y="{y + 12:.1f}">{said}</text>'
    if href is None:
        return f'<g class="{kind}">{inner}</g>'
    return f'<a class="node" href={quoteattr(href(one.iri))}>{inner}</a>'


def _cut(words: str, width: float) -> str:
    most = int((width - 18) / _LETTER)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
