"""What every file format is read into: sheets of cells, each cell with its address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..ontology.problems import Problem, Where


@dataclass(frozen=True)
class Cell:
    """One cell: ``text`` as the user sees it, ``address`` as a spreadsheet names it ("B7")."""

    text: str
    address: str

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True)
class Table:
    """One sheet of one file; ``rows`` are the texts of all rows from the first, short rows allowed."""

    file: str
    sheet: str
    rows: tuple[tuple[str, ...], ...]

    def row(self, number: int) -> tuple[Cell, ...]:
        """The cells of a row, counted from 0."""
        return tuple(Cell(text, address(number, i)) for i, text in enumerate(self.rows[number]))

    def header(self) -> tuple[int, tuple[Cell, ...]]:
        """The first row that holds anything and its number; no cells when the sheet is empty."""
        for number, texts in enumerate(self.rows):
            if any(text.strip() for text in texts):
                return number, self.row(number)
        return len(self.rows), ()

    def body(self) -> Iterator[tuple[Cell, ...]]:
        """The rows below the header that hold anything, each at least as long as the header."""
        first, header = self.header()
        for number in range(first + 1, len(self.rows)):
            if any(text.strip() for text in self.rows[number]):
                cells = self.row(number)
                missing = range(len(cells), len(header))
                yield (*cells, *(Cell("", address(number, i)) for i in missing))

    def where(self, cell: str | None = None) -> Where:
        return Where(file=self.file, sheet=self.sheet, cell=cell)


@dataclass(frozen=True)
class Tables:
    """What a file gave: its tables, and what was wrong with the file itself."""

    tables: tuple[Table, ...] = ()
    problems: tuple[Problem, ...] = ()


def address(row: int, column: int) -> str:
    """The name of a cell, both counted from 0.

    >>> address(6, 1), address(0, 27)
    ('B7', 'AB1')
    """
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """The name of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
