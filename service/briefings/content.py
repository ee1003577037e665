"""A report as data, before it is written in any format."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ...ontology.problems import Lang


@dataclass(frozen=True)
class Cell:
    """One value.

    Attributes:
        text: What people read, the words "at least" included.
        number: The value when it is a number; a year is one too.
        at_least: The number is counted over a selection, so it is a lower bound.
        year: The number is a year, written without separators.
        iri: The resource that the value is, or for a number the one that it stands in.
        note: The number of the note that tells the source.
    """

    text: str
    number: Decimal | None = None
    at_least: bool = False
    year: bool = False
    iri: str | None = None
    note: int | None = None


@dataclass(frozen=True)
class Column:
    """The heading of a column."""

    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under headings. ``more`` is how many rows were left out for want of room."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int = 0


@dataclass(frozen=True)
class Listing:
    """Short texts one under the other, each with its source."""

    caption: str
    items: tuple[Cell, ...]
    more: int = 0


@dataclass(frozen=True)
class Missing:
    """What was asked for and is not in the data."""

    caption: str
    text: str


@dataclass(frozen=True)
class Weakness:
    """A known weakness of reporting that a section answers, and how."""

    id: str
    iri: str
    label: str
    how: str


Block = Table | Listing | Missing


@dataclass(frozen=True)
class Section:
    """A part of a report. ``own_page``: it begins on a new page in print."""

    heading: str
    text: str
    level: int
    own_page: bool
    blocks: tuple[Block, ...]
    answers: tuple[Weakness, ...]


@dataclass(frozen=True)
class Piece:
    """A piece of a note; ``iri`` is what it leads to."""

    text: str
    iri: str | None = None


@dataclass(frozen=True)
class Note:
    """Where a statement comes from."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return " · ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Briefing:
    """A whole report.

    Attributes:
        subject: The county that it is about; empty for the nation.
        generation: The state of the store that answered.
    """

    id: str
    title: str
    subject: str
    lead: str
    remarks: tuple[str, ...]
    lang: Lang
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    generation: int
