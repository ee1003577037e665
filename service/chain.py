"""A chain as a picture needs it: elements in level columns, links, and where each element stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .words import Words

NODE_WIDTH = 184.0
COLUMN_GAP = 60.0
NODE_GAP = 14.0
LINE_HEIGHT = 16.0
PADDING = 9.0
LINE_CHARACTERS = 25
MAX_LINES = 5
_SWEEPS = 8


@dataclass(frozen=True)
class Element:
    """One element of the chain.

    Attributes:
        column: Index of its level column, 0 the leftmost.
        kind: What it is, in words. state: How it stands, in words; empty where none is given.
        state_key: The notation of the state, for the way the frame is drawn.
        gap: Why the thread breaks here, in words; empty where it does not.
        focus: Whether the reader asked about this one.
    """

    iri: str
    label: Words
    column: int
    kind: str
    state: str = ""
    state_key: str = ""
    gap: str = ""
    focus: bool = False
    source: str = ""


@dataclass(frozen=True)
class Link:
    """One link, from the left element to the right one.

    Attributes:
        relation: What the link says, in words.
        causal: Whether it says that one thing leads to another; else it says what governs what.
        basis: stated, interpreted, or empty where none is given. state: achieved or expected.
        basis_words: The basis in words. contribution: Its notation where the link has one.
    """

    left: str
    right: str
    relation: str
    causal: bool
    basis: str = ""
    state: str = "expected"
    basis_words: str = ""
    state_words: str = ""
    contribution: str = ""
    source: str = ""


@dataclass(frozen=True)
class Column:
    """One level: its heading, and what to say when nothing stands in it."""

    heading: str
    empty: str


@dataclass(frozen=True)
class Chain:
    """Elements and links, with the columns that they stand in. ``hidden`` counts elements left out."""

    columns: tuple[Column, ...]
    elements: tuple[Element, ...]
    links: tuple[Link, ...]
    hidden: int = 0


@dataclass(frozen=True)
class Box:
    """Where an element stands: left upper corner, size, and its label broken into lines."""

    element: Element
    x: float
    y: float
    height: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Band:
    """The horizontal room of one level column."""

    column: Column
    x: float
    width: float
    empty: bool


@dataclass(frozen=True)
class Layout:
    """All places; ``boxes`` in reading order: column by column, from above."""

    bands: tuple[Band, ...]
    boxes: Mapping[str, Box]
    links: tuple[Link, ...]
    width: float
    height: float = 0.0
    top: float = field(default=0.0)


def lay_out(chain: Chain, top: float) -> Layout:
    """Place every element so that links are short and cross little. ``top`` is the room for headings."""
    known = {element.iri for element in chain.elements}
    links = tuple(link for link in chain.links if link.left in known and link.right in known)
    layers, bands = _layers(chain, links)
    order = _ordered(layers, links)
    boxes = _place(order, links, bands, {element.iri: element for element in chain.elements}, top)
    width = bands[-1].x + bands[-1].width if bands else 0.0
    height = max((box.y + box.height for box in boxes.values()), default=top) + 26
    return Layout(tuple(bands), boxes, links, width, height, top)


def wrap(text: str, width: int = LINE_CHARACTERS, most: int = MAX_LINES) -> tuple[str, ...]:
    """Break a label into lines of at most ``width`` characters; what does not fit ends in an ellipsis.

    >>> wrap("Årligt kunskapsmaterial om arbetsmarknad", 16, 2)
    ('Årligt', 'kunskapsmateria…')
    """
    lines: list[str] = []
    for word in text.split():
        while word:
            if lines and len(lines[-1]) + 1 + len(word) <= width:
                lines[-1] += " " + word
                word = ""
            elif len(word) <= width:
                lines.append(word)
                word = ""
            else:
                lines.append(word[: width - 1] + "-")
                word = word[width - 1 :]
            if len(lines) > most:
                last = lines[most - 1].rstrip("-")
                return (*lines[: most - 1], last[: width - 1].rstrip() + "…")
    return tuple(lines) or ("–",)


def _layers(chain: Chain, links: Sequence[Link]) -> tuple[list[list[str]], list[Band]]:
    """Elements by layer. A column has several layers when its own elements lead to each other."""
    layers: list[list[str]] = []
    bands: list[Band] = []
    x = 0.0
    for index, column in enumerate(chain.columns):
        members = [element.iri for element in chain.elements if element.column == index]
        depth = _depths(members, links)
        own = [[iri for iri in members if depth[iri] == d] for d in range(max(depth.values(), default=0) + 1)]
        count = len(own) if members else 0
        width = count * NODE_WIDTH + (count - 1) * COLUMN_GAP if members else 112.0
        bands.append(Band(column, x, width, not members))
        layers += own if members else []
        x += width + COLUMN_GAP
    return layers, bands


def _depths(members: Iterable[str], links: Sequence[Link]) -> dict[str, int]:
    """How many links within the column come before each element; a circle is cut where it closes."""
    inside = set(members)
    before: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if link.left in inside and link.right in inside:
            before[link.right].append(link.left)
    depth: dict[str, int] = {}

    def of(iri: str, seen: frozenset[str]) -> int:
        if iri not in depth:
            earlier = [of(one, seen | {iri}) + 1 for one in before[iri] if one not in seen and len(seen) < 12]
            depth[iri] = max(earlier, default=0)
        return depth[iri]

    for iri in inside:
        of(iri, frozenset({iri}))
    return depth


def _ordered(layers: list[list[str]], links: Sequence[Link]) -> list[list[str]]:
    """Order within layers by the mean place of the neighbours, swept back and forth."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for link in links:
        neighbours[link.left].append(link.right)
        neighbours[link.right].append(link.left)
    layer_of = {iri: index for index, layer in enumerate(layers) for iri in layer}
    place = {iri: at / max(len(layer), 1) for layer in layers for at, iri in enumerate(layer)}
    order = [list(layer) for layer in layers]
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for index in range(len(order)) if forward else reversed(range(len(order))):
            means: dict[str, float] = {}
            for iri in order[index]:
                near = [
                    place[other]
                    for other in neighbours[iri]
                    if (layer_of[other] < index if forward else layer_of[other] > index)
                ]
                means[iri] = sum(near) / len(near) if near else place[iri]
            order[index].sort(key=means.__getitem__)
            for at, iri in enumerate(order[index]):
                place[iri] = (at + 0.5) / len(order[index])
    return order


def _place(
    order: list[list[str]],
    links: Sequence[Link],
    bands: Sequence[Band],
    elements: Mapping[str, Element],
    top: float,
) -> dict[str, Box]:
    lines = {iri: wrap(elements[iri].label.text) for layer in order for iri in layer}
    heights = {iri: PADDING * 2 + LINE_HEIGHT * (len(lines[iri]) + 1) for iri in lines}
    y = _heights_to_places(order, links, heights, top)
    boxes: dict[str, Box] = {}
    used: dict[int, float] = {}
    for layer in order:
        column = elements[layer[0]].column
        x = used.get(column, bands[column].x)
        used[column] = x + NODE_WIDTH + COLUMN_GAP
        for iri in layer:
            boxes[iri] = Box(elements[iri], x, y[iri], heights[iri], lines[iri])
    return boxes


def _heights_to_places(
    order: list[list[str]], links: Sequence[Link], heights: Mapping[str, float], top: float
) -> dict[str, float]:
    """Bring each element level with its neighbours, as far as those above and below it leave room."""
    y: dict[str, float] = {}
    for layer in order:
        at = top
        for iri in layer:
            y[iri] = at
            at += heights[iri] + NODE_GAP
    neighbours: dict[str, list[str]] = defaultdict(list)
    for link in links:
        neighbours[link.left].append(link.right)
        neighbours[link.right].append(link.left)
    tallest = max(range(len(order)), key=lambda i: sum(heights[iri] for iri in order[i]), default=0)
    for _ in range(4):
        for index, layer in enumerate(order):
            if index == tallest:
                continue
            wanted = []
            for iri in layer:
                near = [y[other] + heights[other] / 2 for other in neighbours[iri]]
                wanted.append(
                    (sum(near) / len(near) if near else y[iri] + heights[iri] / 2) - heights[iri] / 2
                )
            for iri, at in zip(layer, _spread(wanted, [heights[iri] for iri in layer], top), strict=True):
                y[iri] = at
    return y


def _spread(wanted: Sequence[float], heights: Sequence[float], top: float) -> list[float]:
    """The places nearest to the wanted ones that keep order and distance (pool adjacent violators)."""
    offsets = [0.0]
    for height in heights[:-1]:
        offsets.append(offsets[-1] + height + NODE_GAP)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append((want - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, n), (b, m) = pools[-2:]
            pools[-2:] = [((a * n + b * m) / (n + m), n + m)]
    level = [value for value, count in pools for _ in range(count)]
    return [max(value, top) + offset for value, offset in zip(level, offsets, strict=True)]
