"""A chain as a picture needs it: elements in level columns, links, and where each element stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .words import Words

NODE_WIDTH = 184.0
COLUMN_GAP = 48.0
INDENT = 15.0
NODE_GAP = 14.0
WAY_GAP = 8.0
LINE_HEIGHT = 16.0
PADDING = 9.0
LINE_CHARACTERS = 22
MAX_LINES = 5
EMPTY_WIDTH = 108.0
EMPTY_ROOM = 76.0
_SWEEPS = 8
_LEVELLINGS = 4
_DEEPEST = 12


@dataclass(frozen=True)
class Element:
    """One element of the chain.

    Attributes:
        column: Index of its level column, 0 the leftmost.
        kind: What it is, in words. state: How it stands, in words; empty where none is given.
        state_key: The notation of the state, for the way the frame is drawn.
        gap: Why the thread breaks here, in words; empty where it does not.
        focus: Whether the reader asked about this one.
        class_name: Local name of its class. regions: The counties that it is about.
        years: The first and the last year stated for it; empty where none is.
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
    class_name: str = ""
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


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
class Passage:
    """Where a link runs level through a column that it passes, between the elements that stand there."""

    start: float
    end: float
    y: float


@dataclass(frozen=True)
class Layout:
    """All places. ``boxes`` in reading order: column by column, from above; ``passages`` by link."""

    bands: tuple[Band, ...]
    boxes: Mapping[str, Box]
    links: tuple[Link, ...]
    passages: Mapping[Link, tuple[Passage, ...]]
    width: float
    height: float


def lay_out(chain: Chain, top: float) -> Layout:
    """Place every element so that links are short and cross little. ``top`` is the room for headings.

    Elements of one column that link to each other stand as an outline: the later one below, set in. A link
    that passes a column gets a way of its own there, so that it never seems to go through an element.
    """
    column_of = {element.iri: element.column for element in chain.elements}
    links = tuple(link for link in chain.links if link.left in column_of and link.right in column_of)
    ways = {link: _ways(link, column_of) for link in links}
    members = [[e.iri for e in chain.elements if e.column == index] for index in range(len(chain.columns))]
    trees = [
        _Outline(
            [*own, *dict.fromkeys(way for several in ways.values() for at, way in several if at == index)],
            links,
        )
        for index, own in enumerate(members)
    ]
    bands, x = [], 0.0
    for column, own, tree in zip(chain.columns, members, trees, strict=True):
        width = NODE_WIDTH + INDENT * tree.deepest if own else EMPTY_WIDTH
        bands.append(Band(column, x, width, not own))
        x += width + COLUMN_GAP
    neighbours = _neighbours(links, ways, column_of)
    order = _ordered(trees, neighbours)
    lines = {element.iri: wrap(element.label.text) for element in chain.elements}
    heights = {iri: PADDING * 2 + LINE_HEIGHT * (len(lines[iri]) + 1) for iri in lines}
    tops = [top + (EMPTY_ROOM if band.empty else 0) for band in bands]
    y = _levels(order, neighbours, heights, tops)
    elements = {element.iri: element for element in chain.elements}
    boxes = {
        iri: Box(
            elements[iri],
            bands[index].x + INDENT * trees[index].indent[iri],
            y[iri],
            heights[iri],
            lines[iri],
        )
        for index, column in enumerate(order)
        for iri in column
        if iri in elements
    }
    passages = {
        link: tuple(
            Passage(bands[at].x - 4, bands[at].x + bands[at].width + 4, y[way]) for at, way in several
        )
        for link, several in ways.items()
    }
    width = bands[-1].x + bands[-1].width if bands else 0.0
    height = max((y[iri] + heights.get(iri, 0) for iri in y), default=top) + 26
    return Layout(tuple(bands), boxes, links, passages, width, height)


def _ways(link: Link, column_of: Mapping[str, int]) -> tuple[tuple[int, str], ...]:
    """The ways of a link through the columns between its ends. Links drawn alike join before the effect that
    they share, and part after what governs."""
    shared = link.right if link.causal else link.left
    name = f" {link.causal} {link.basis} {link.state} {shared}"
    between = range(column_of[link.left] + 1, column_of[link.right])
    return tuple((column, f"{column}{name}") for column in between)


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


class _Outline:
    """The elements of one column as trees: who stands under whom. A circle is cut where it closes."""

    def __init__(self, members: Sequence[str], links: Sequence[Link]) -> None:
        self.members = list(members)
        self.depth: dict[str, int] = {}
        inside = set(members)
        self._above: dict[str, list[str]] = defaultdict(list)
        for link in links:
            if link.left in inside and link.right in inside and link.left != link.right:
                self._above[link.right].append(link.left)
        for iri in self.members:
            self._depth_of(iri, frozenset({iri}))
        self.parent = {
            iri: max(
                (one for one in self._above[iri] if self.depth[one] < self.depth[iri]),
                key=self.depth.__getitem__,
            )
            for iri in self.members
            if any(self.depth[one] < self.depth[iri] for one in self._above[iri])
        }
        self.indent = {iri: self._indent(iri) for iri in self.members}

    @property
    def deepest(self) -> int:
        return max(self.indent.values(), default=0)

    def flat(self, key: Mapping[str, float]) -> list[str]:
        """The members in the order of the outline; those under one parent by ``key``."""
        below: dict[str | None, list[str]] = defaultdict(list)
        for iri in self.members:
            below[self.parent.get(iri)].append(iri)
        waiting = sorted(below[None], key=key.__getitem__, reverse=True)
        found = []
        while waiting:
            iri = waiting.pop()
            found.append(iri)
            waiting += sorted(below[iri], key=key.__getitem__, reverse=True)
        return found

    def _depth_of(self, iri: str, seen: frozenset[str]) -> int:
        if iri not in self.depth:
            earlier = [
                self._depth_of(one, seen | {one}) + 1
                for one in self._above[iri]
                if one not in seen and len(seen) <= _DEEPEST
            ]
            self.depth[iri] = max(earlier, default=0)
        return self.depth[iri]

    def _indent(self, iri: str) -> int:
        steps = 0
        while iri in self.parent:
            iri, steps = self.parent[iri], steps + 1
        return steps


def _ordered(trees: Sequence[_Outline], neighbours: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Order within columns by the mean place of the neighbours in other columns, swept back and forth."""
    column_of = {iri: index for index, tree in enumerate(trees) for iri in tree.members}
    place = {iri: at / max(len(tree.members), 1) for tree in trees for at, iri in enumerate(tree.members)}
    order = [list(tree.members) for tree in trees]
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for index in range(len(trees)) if forward else reversed(range(len(trees))):
            means: dict[str, float] = {}
            for iri in order[index]:
                near = [place[one] for one in neighbours.get(iri, ()) if (column_of[one] < index) is forward]
                means[iri] = sum(near) / len(near) if near else place[iri]
            order[index] = trees[index].flat(means)
            for at, iri in enumerate(order[index]):
                place[iri] = (at + 0.5) / len(order[index])
    return order


def _neighbours(
    links: Sequence[Link], ways: Mapping[Link, Sequence[tuple[int, str]]], column_of: Mapping[str, int]
) -> dict[str, list[str]]:
    """What each element and way is joined to in other columns."""
    found: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if column_of[link.left] == column_of[link.right]:
            continue
        for one, other in pairwise([link.left, *(way for _, way in ways[link]), link.right]):
            found[one].append(other)
            found[other].append(one)
    return found


def _levels(
    order: Sequence[Sequence[str]],
    neighbours: Mapping[str, Sequence[str]],
    heights: Mapping[str, float],
    tops: Sequence[float],
) -> dict[str, float]:
    """Bring each element level with its neighbours, as far as those above and below it leave room."""
    offsets = [_offsets(members, heights) for members in order]
    y = {
        iri: top + offset
        for members, own, top in zip(order, offsets, tops, strict=True)
        for iri, offset in zip(members, own, strict=True)
    }
    longest = max(range(len(order)), key=lambda index: max(offsets[index], default=0), default=0)
    for _ in range(_LEVELLINGS):
        for index, members in enumerate(order):
            if index == longest:
                continue
            wanted = []
            for iri in members:
                near = [y[other] + heights.get(other, 0) / 2 for other in neighbours.get(iri, ())]
                wanted.append(sum(near) / len(near) - heights.get(iri, 0) / 2 if near else y[iri])
            y.update(zip(members, _spread(wanted, offsets[index], tops[index]), strict=True))
    return y


def _offsets(members: Sequence[str], heights: Mapping[str, float]) -> list[float]:
    """How far below the first each member stands at the closest."""
    found, at = [], 0.0
    for iri in members:
        found.append(at)
        at += heights[iri] + NODE_GAP if iri in heights else WAY_GAP
    return found


def _spread(wanted: Sequence[float], offsets: Sequence[float], top: float) -> list[float]:
    """The places nearest to the wanted ones that keep order and distance (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append((want - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, n), (b, m) = pools[-2:]
            pools[-2:] = [((a * n + b * m) / (n + m), n + m)]
    level = [value for value, count in pools for _ in range(count)]
    return [max(value, top) + offset for value, offset in zip(level, offsets, strict=True)]
