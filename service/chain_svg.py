"""The picture of a chain: SVG with links in reading order, made on the server.

Lines differ by more than colour: a stated link is one line, an interpreted one two thin lines, what is
expected is dashed, what governs is dotted. All words come from the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape as escape_text

from .chain import (
    INDENT,
    LINE_HEIGHT,
    NODE_WIDTH,
    PADDING,
    Band,
    Box,
    Chain,
    Layout,
    Link,
    Passage,
    lay_out,
    wrap,
)

HEADING_ROOM = 56.0
MARGIN = 8.0
LANE = 18.0


@dataclass(frozen=True)
class Caption:
    """The words that belong to the picture as a whole."""

    title: str
    description: str
    lang: str


def arrange(chain: Chain) -> Layout:
    """Lay out a chain with room for the headings above it."""
    return lay_out(chain, HEADING_ROOM + LANE)


def draw(layout: Layout, caption: Caption, href: Callable[[str], str], style: str = "") -> str:
    """Return the chain as an ``<svg>`` element. ``href`` gives the address of an element's page.

    ``style`` goes into the picture, for one that stands alone. Elements are numbered in reading order, and
    links carry the numbers of their ends, so that a program can follow a path.
    """
    number = {iri: at for at, iri in enumerate(layout.boxes)}
    width, height = layout.width + 2 * MARGIN, layout.height + MARGIN
    parts = [
        '<svg class="chain" xmlns="http://www.w3.org/2000/svg" role="group" '
        f'viewBox="{-MARGIN:g} 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        'aria-labelledby="chain-title chain-desc">',
        f'<title id="chain-title">{_text(caption.title)}</title>',
        f'<desc id="chain-desc">{_text(caption.description)}</desc>',
        *([f"<style>{_text(style)}</style>"] if style else []),
        *(_band(band, layout.height) for band in layout.bands),
        '<g class="links" aria-hidden="true">',
        *(_link(link, layout, number) for link in layout.links),
        "</g>",
        *(_box(box, href, caption.lang, number[iri]) for iri, box in layout.boxes.items()),
        "</svg>",
    ]
    return "\n".join(parts)


def _band(band: Band, height: float) -> str:
    parts = [f'<g class="band{" empty" if band.empty else ""}">']
    parts.append(
        f'<rect x="{band.x - 6:.1f}" y="0" width="{band.width + 12:.1f}" height="{height:.1f}" rx="4"/>'
    )
    parts.append(_lines(band.column.heading, band.x + 4, 20, "heading", 14 if band.empty else 24, 4))
    if band.empty:
        parts.append(_lines(band.column.empty, band.x + 4, HEADING_ROOM + LANE + 12, "missing", 15))
    return "".join([*parts, "</g>"])


def _lines(text: str, x: float, y: float, cls: str, width: int, most: int = 6) -> str:
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + at * LINE_HEIGHT:.1f}">{_text(line)} </tspan>'
        for at, line in enumerate(wrap(text, width, most))
    )
    return f'<text class="{cls}">{spans}</text>'


def _link(link: Link, layout: Layout, number: Mapping[str, int]) -> str:
    path = _path(layout.boxes[link.left], layout.boxes[link.right], layout.passages[link])
    classes = " ".join(
        part
        for part in (
            "link",
            "causal" if link.causal else "governs",
            link.basis,
            f"is-{link.state}",
            link.contribution,
        )
        if part
    )
    ends = f'data-a="{number[link.left]}" data-b="{number[link.right]}"'
    drawn = f'<path class="{_attribute(classes)}" {ends} d="{path}"/>'
    if link.causal and link.basis == "interpreted":
        drawn += f'<path class="core is-{_attribute(link.state)}" {ends} d="{path}"/>'
    return drawn


def _path(left: Box, right: Box, passages: Sequence[Passage]) -> str:
    if left.element.column == right.element.column:
        return _within_column(left, right)
    start, end = left.x + NODE_WIDTH, right.x
    if end > start:
        parts = [f"M{start:.1f} {left.middle:.1f}"]
        x, y = start, left.middle
        for one in passages:
            parts.append(f"{_bend(x, y, one.start, one.y)}H{one.end:.1f}")
            x, y = one.end, one.y
        return "".join([*parts, _bend(x, y, end, right.middle)])
    # Against the reading direction: up in the gap, along the lane under the headings, down again.
    lane, turn = HEADING_ROOM + LANE / 2, 16
    return (
        f"M{left.x:.1f} {left.middle:.1f}H{left.x - turn:.1f}V{lane:.1f}"
        f"H{right.x + NODE_WIDTH + turn:.1f}V{right.middle:.1f}H{right.x + NODE_WIDTH:.1f}"
    )


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (x + to_x) / 2
    return f"C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _within_column(left: Box, right: Box) -> str:
    """Down along the outline, or, where the element does not stand under this one, around its left side."""
    if right.x > left.x and right.y > left.y:
        return f"M{left.x + INDENT / 2:.1f} {left.y + left.height:.1f}V{right.middle:.1f}H{right.x:.1f}"
    side = min(left.x, right.x) - 12
    return f"M{left.x:.1f} {left.middle:.1f}H{side:.1f}V{right.middle:.1f}H{right.x:.1f}"


def _box(box: Box, href: Callable[[str], str], page_lang: str, number: int) -> str:
    element = box.element
    classes = f"node is-{element.state_key or 'none'}{' focus' if element.focus else ''}"
    said = " · ".join(part for part in (element.kind, element.state) if part)
    lang = element.label.lang
    marked = f' lang="{_attribute(lang)}"' if lang and lang != page_lang else ""
    x, y = box.x + PADDING, box.y + PADDING
    label = "".join(
        f'<tspan x="{x:.1f}" y="{y + LINE_HEIGHT * (at + 0.8):.1f}">{_text(line)} </tspan>'
        for at, line in enumerate(box.lines)
    )
    described = f"{element.label.text} ({said})" + (f". {element.gap}" if element.gap else "")
    foot = box.y + box.height - PADDING - 1
    parts = [
        f'<a href="{_attribute(href(element.iri))}" class="{_attribute(classes)}" '
        f'data-n="{number}" data-column="{element.column}">',
        f"<title>{_text(described)}</title>",
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{NODE_WIDTH:g}" height="{box.height:.1f}" rx="3"/>',
        f'<text class="label"{marked}>{label}</text>',
        f'<text class="said" x="{box.x + PADDING:.1f}" y="{foot:.1f}">{_text(_short(said))}</text>',
        "</a>",
    ]
    if element.gap:
        end = box.x + NODE_WIDTH
        parts.append(
            f'<path class="break" aria-hidden="true" d="M{end:.1f} {box.middle:.1f}h16m0 -7v14m5 -14v14"/>'
        )
    return "".join(parts)


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29].rstrip() + "…"


def _text(value: str) -> str:
    return escape_text("".join(one for one in value if one >= " " or one in "\t\n"))


def _attribute(value: str) -> str:
    return escape_text(value, {'"': "&quot;", "'": "&#39;"})
