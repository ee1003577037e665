"""A large chain in one look: how many elements each area has at each level, and which they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..ontology.problems import Lang
from .chain import Chain, Element
from .chain_parts import NO_AREA, Areas
from .texts import text
from .words import Words

_SHOWN = 20
Here = Callable[..., str]


@dataclass(frozen=True)
class Cell:
    """Some elements of one level: how many, how many of them break the thread, and where all are listed."""

    heading: str
    count: int
    breaks: int
    address: str
    first: tuple[tuple[Element, str], ...] = ()

    @property
    def more(self) -> int:
        return self.count - len(self.first)


@dataclass(frozen=True)
class Row:
    """One area with its cells; ``count`` is how many different elements it has."""

    label: Words
    count: int
    breaks: int
    address: str
    cells: tuple[Cell, ...]


def overview(chain: Chain, areas: Areas, whole: Chain, lang: Lang, here: Here) -> list[Row]:
    """Every area with the number of its elements at every level, zero included."""
    return _rows(chain, areas, whole, lang, here, named=False)


def outline(chain: Chain, areas: Areas, whole: Chain, lang: Lang, here: Here) -> list[Row]:
    """Every area with its levels that are not empty and the first elements of each."""
    return _rows(chain, areas, whole, lang, here, named=True)


def _rows(chain: Chain, areas: Areas, whole: Chain, lang: Lang, here: Here, *, named: bool) -> list[Row]:
    counted = areas.counted(chain)
    labels = {one.iri: one.label for one in whole.elements}
    labels[NO_AREA] = Words(text("thread_no_area", lang), lang)
    rows = []
    for area in (*areas.all, NO_AREA):
        address = area or "none"
        own = [counted.get((area, level), []) for level in range(len(chain.columns))]
        if not any(own):
            continue
        cells = tuple(
            Cell(
                column.heading,
                len(several),
                sum(bool(one.gap) for one in several),
                here(area=address, level=level, page=None),
                tuple((one, here(focus=one.iri)) for one in several[:_SHOWN]) if named else (),
            )
            for level, (column, several) in enumerate(zip(chain.columns, own, strict=True))
            if several or not named
        )
        row = Row(
            labels[area],
            sum(cell.count for cell in cells),
            sum(cell.breaks for cell in cells),
            here(area=address),
            cells,
        )
        rows.append(row)
    return rows
