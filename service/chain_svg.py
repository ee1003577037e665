"""The picture of a chain: SVG with links in reading order, made on the server.

Lines differ by more than colour: a stated link is one line, an interpreted one two thin lines, what is
expected is dashed, what governs is dotted. All words come from the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape as escape_text

from .chain import LINE_HEIGHT, NODE_WIDTH, PADDING, Band, Box, Chain, Layout, Link, lay_out

HEADING_ROOM = 56.0
MARGIN = 8.0
LANE = 18.0


@dataclass(frozen=True)
class Caption:
    """The words that belong to the picture as a whole."""

    title: str
    description: str
    lang: str


def draw(chain: Chain, caption: Caption, href: Callable[[str], str]) -> str:
    """Return the chain as an ``<svg>`` element. ``href`` gives the address of an element's page."""
    layout = lay_out(chain, HEADING_ROOM + LANE)
    width, height = layout.width + 2 * MARGIN, layout.height + MARGIN
    parts = [
        f'<svg class="chain" xmlns="http://www.w3.org/2000/svg" viewBox="{-MARGIN:g} 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="group" aria-labelledby="chain-title chain-desc">',
        f'<title id="chain-title">{_text(caption.title)}</title>',
        f'<desc id="chain-desc">{_text(caption.description)}</desc>',
        *(_band(band, layout.height) for band in layout.bands),
        '<g class="links" aria-hidden="true">',
        *(_link(link, layout) for link in layout.links),
        "</g>",
        *(_box(box, href, caption.lang) for box in layout.boxes.values()),
        "</svg>",
    ]
    return "\n".join(parts)


def _band(band: Band, height: float) -> str:
    parts = [f'<g class="band{" empty" if band.empty else ""}">']
    parts.append(
        f'<rect x="{band.x - 6:.1f}" y="0" width="{band.width + 12:.1f}" height="{height:.1f}" rx="4"/>'
    )
    parts.append(_lines(band.column.heading, band.x + 4, 20, "heading", 15 if band.empty else 25))
    if band.empty:
        parts.append(_lines(band.column.empty, band.x + 4, HEADING_ROOM + LANE + 12, "missing", 16))
    return "".join([*parts, "</g>"])


def _lines(text: str, x: float, y: float, cls: str, width: int) -> str:
    from .chain import wrap

    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + at * LINE_HEIGHT:.1f}">{_text(line)}</tspan>'
        for at, line in enumerate(wrap(text, width, 6))
    )
    return f'<text class="{cls}">{spans}</text>'


def _link(link: Link, layout: Layout) -> str:
    path = _path(layout.boxes[link.left], layout.boxes[link.right])
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
    drawn = f'<path class="{_attribute(classes)}" d="{path}"/>'
    if link.causal and link.basis == "interpreted":
        drawn += f'<path class="core is-{_attribute(link.state)}" d="{path}"/>'
    return drawn


def _path(left: Box, right: Box) -> str:
    start, end = left.x + NODE_WIDTH, right.x
    if end > start:
        bend = (end - start) / 2 if end - start < 200 else 60
        near = end - bend
        if end - start < 200:
            return f"M{start:.1f} {left.middle:.1f}C{start + bend:.1f} {left.middle:.1f} {near:.1f} {right.middle:.1f} {end:.1f} {right.middle:.1f}"
        return (
            f"M{start:.1f} {left.middle:.1f}C{start + 60:.1f} {left.middle:.1f} {near - 60:.1f} {right.middle:.1f} "
            f"{near:.1f} {right.middle:.1f}L{end:.1f} {right.middle:.1f}"
        )
    # Against the reading direction: up in the gap, along the lane under the headings, down again.
    lane, turn = HEADING_ROOM + LANE / 2, 14
    return (
        f"M{left.x:.1f} {left.middle:.1f}H{left.x - turn:.1f}V{lane:.1f}"
        f"H{right.x + NODE_WIDTH + turn:.1f}V{right.middle:.1f}H{right.x + NODE_WIDTH:.1f}"
    )


def _box(box: Box, href: Callable[[str], str], page_lang: str) -> str:
    element = box.element
    classes = f"node is-{element.state_key or 'none'}{' focus' if element.focus else ''}"
    said = " · ".join(part for part in (element.kind, element.state) if part)
    lang = element.label.lang
    marked = f' lang="{_attribute(lang)}"' if lang and lang != page_lang else ""
    label = "".join(
        f'<tspan x="{box.x + PADDING:.1f}" y="{box.y + PADDING + LINE_HEIGHT * (at + 0.8):.1f}">{_text(line)}</tspan>'
        for at, line in enumerate(box.lines)
    )
    foot = box.y + box.height - PADDING - 1
    parts = [
        f'<a href="{_attribute(href(element.iri))}" class="{_attribute(classes)}">',
        f"<title>{_text(element.label.text)} ({_text(said)}){_text('. ' + element.gap if element.gap else '')}</title>",
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{NODE_WIDTH:g}" height="{box.height:.1f}" rx="3"/>',
        f'<text class="label"{marked}>{label}</text>',
        f'<text class="said" x="{box.x + PADDING:.1f}" y="{foot:.1f}">{_text(_short(said))}</text>',
        "</a>",
    ]
    if element.gap:
        x, y = box.x + NODE_WIDTH, box.middle
        parts.append(f'<path class="break" aria-hidden="true" d="M{x:.1f} {y:.1f}h16m0 -7v14m5 -14v14"/>')
    return "".join(parts)


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29].rstrip() + "…"


def _text(value: str) -> str:
    return escape_text("".join(one for one in value if one >= " " or one in "\t\n"))


def _attribute(value: str) -> str:
    return escape_text(value, {'"': "&quot;", "'": "&#39;"})
