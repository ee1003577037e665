"""First pass: finds the rows of all sheets, and gives each its identifier."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rdflib import URIRef

from ..ontology.names import resource_iri, slug
from ..ontology.problems import LANGS, Problem
from ..shapes.form import Column, Form, Forms, Names, Sheet
from .layout import Heading, find_heading, heading_names
from .references import NAME_RANK, listed, normal
from .tables import Cell, Table, address
from .values import split_values

SLUG_LENGTH = 80
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Key = tuple[str, str | None, int | None, str | None]


@dataclass(eq=False)
class Row:
    """One row of a sheet that describes one resource.

    Attributes:
        cells: By what they stand for; only columns that the sheet has.
        head: The cell to show for the row as a whole.
        id_cell: The Id; ``None`` when the sheet has no such column or the cell is empty.
        local: The last part of the identifier; empty until it is minted.
    """

    form: Form
    table: Table
    cells: dict[Key, Cell]
    head: Cell
    id_cell: Cell | None = None
    local: str = ""
    iri: URIRef = field(default_factory=lambda: URIRef(""))

    def cell(self, column: Column, nested: Column | None = None, number: int | None = None) -> Cell | None:
        """The cell of a column; ``None`` when the sheet has no such column."""
        return self.cells.get((column.iri, nested.iri if nested else None, number, None))

    def twins(self, column: Column) -> Iterator[tuple[str, Cell]]:
        """The cells of a column in other languages."""
        for (iri, _, _, lang), cell in self.cells.items():
            if iri == column.iri and lang:
                yield lang, cell

    def numbers(self, column: Column) -> list[int]:
        """Which numbered groups of a folding column hold anything."""
        used = {key[2] for key, cell in self.cells.items() if key[0] == column.iri and key[2] and cell}
        return sorted(number for number in used if number)

    def text(self, path: URIRef) -> Cell | None:
        """The filled cell of the column with this property."""
        found = (self.cell(column) for column in self.form.columns if column.path == path)
        return next((cell for cell in found if cell), None)

    def names(self) -> Iterator[tuple[int, str]]:
        """The names by which other rows may refer to this one; 0 for its label, 1 for other names."""
        for column in self.form.columns:
            rank = NAME_RANK.get(str(column.path))
            if rank is None or column.inverse:
                continue
            for cell in (self.cell(column), *(cell for _, cell in self.twins(column))):
                if cell:
                    texts = split_values(cell.text, column.separator) if column.separator else [cell.text]
                    yield from ((rank, text) for text in texts)


class RowFinder:
    """Reads tables into rows and notes what is wrong with sheets, headings and class words."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.problems: list[Problem] = []

    def find(self, tables: Iterable[Table], ignored: frozenset[str]) -> list[Row]:
        """All rows of all tables, but for sheets whose name is in ``ignored``."""
        rows: list[Row] = []
        for table in tables:
            if normal(table.sheet) in ignored or not table.header()[1]:
                continue
            sheet = find_sheet(self.forms, table.sheet)
            if sheet is None:
                self._unknown_sheet(table)
            else:
                rows.extend(self._rows(table, sheet))
        return rows

    def _unknown_sheet(self, table: Table) -> None:
        names = [sheet.names[lang] for lang in LANGS for sheet in self.forms.sheets]
        values = {"value": table.sheet, "nearest": nearest(table.sheet, names)}
        values |= {f"allowed_{lang}": listed(s.names[lang] for s in self.forms.sheets) for lang in LANGS}
        self._problem("unknown-sheet", table, None, **values)

    def _rows(self, table: Table, sheet: Sheet) -> Iterator[Row]:
        number, header = table.header()
        known = self._headings(table, sheet, header)
        self._missing_class_heading(table, sheet, number, known)
        for cells in table.body():
            for cell in cells:
                if cell and cell.address.rstrip("0123456789") not in known:
                    self._problem("cell-without-heading", table, cell, value=shown(cell.text))
            row = self._row(table, sheet, cells, known)
            if row is not None:
                yield row

    def _headings(self, table: Table, sheet: Sheet, header: tuple[Cell, ...]) -> dict[str, Heading | None]:
        """What each column letter stands for; ``None`` for headings that are already reported."""
        known: dict[str, Heading | None] = {}
        seen: dict[object, Cell] = {}
        for cell in header:
            if not cell:
                continue
            letter = cell.address.rstrip("0123456789")
            heading = known[letter] = find_heading(sheet, cell.text)
            if heading is None:
                near = nearest(cell.text, heading_names(sheet))
                self._problem("unknown-heading", table, cell, value=shown(cell.text), nearest=near)
                continue
            means = (heading.is_class, heading.is_id, *sorted((i, s.key) for i, s in heading.slots.items()))
            first = seen.setdefault(means, cell)
            if first is not cell:
                known[letter] = None
                self._problem("repeated-heading", table, cell, value=cell.text, first=first.address)
        return known

    def _missing_class_heading(
        self, table: Table, sheet: Sheet, header_row: int, known: dict[str, Heading | None]
    ) -> None:
        headings = [heading for heading in known.values() if heading]
        where = Cell("", address(header_row, 0))
        if len(sheet.forms) > 1 and sheet.class_column and not any(h.is_class for h in headings):
            self._problem("missing-heading", table, where, **both("column", sheet.class_column))

    def _row(
        self, table: Table, sheet: Sheet, cells: tuple[Cell, ...], known: dict[str, Heading | None]
    ) -> Row | None:
        placed = [(known.get(cell.address.rstrip("0123456789")), cell) for cell in cells]
        form = self._form(table, sheet, placed)
        if form is None:
            return None
        row = Row(form, table, {}, next(cell for cell in cells if cell))
        for heading, cell in placed:
            if heading is None:
                continue
            slot = heading.slot(form)
            if heading.is_id and cell:
                row.id_cell = cell
            elif slot is not None:
                row.cells[slot.key] = cell
            elif cell and heading.slots:
                self._problem(
                    "cell-not-for-class", table, cell, column=heading.text, **both("class", form.names)
                )
        return row

    def _form(self, table: Table, sheet: Sheet, placed: list[tuple[Heading | None, Cell]]) -> Form | None:
        cell = next((cell for heading, cell in placed if heading and heading.is_class), None)
        if len(sheet.forms) == 1 and not cell:
            return sheet.forms[0]
        allowed = {f"allowed_{lang}": listed(form.names[lang] for form in sheet.forms) for lang in LANGS}
        if cell is None:
            # The heading is missing, which is told once for the sheet.
            return None
        if not cell:
            self._problem("missing-class-word", table, cell, **allowed)
            return None
        for form in sheet.forms:
            if normal(cell.text) in {form.kind, *(normal(name) for name in form.names.values())}:
                return form
        words = [form.names[lang] for lang in LANGS for form in sheet.forms]
        near = nearest(cell.text, words)
        self._problem("unknown-class-word", table, cell, value=shown(cell.text), nearest=near, **allowed)
        return None

    def _problem(self, code: str, table: Table, cell: Cell | None, **values: object) -> None:
        self.problems.append(Problem(code, table.where(None if cell is None else cell.address), values))


def find_sheet(forms: Forms, name: str) -> Sheet | None:
    """The sheet with this name in either language, as written or as a file name."""
    wanted = {normal(name), slug(name)}
    for sheet in forms.sheets:
        for own in sheet.names.values():
            if wanted & {normal(own), slug(own)}:
                return sheet
    return None


def local_id(row: Row) -> str:
    """The last part of a row's identifier, before any prefix: its Id, else its key as a slug."""
    if row.id_cell:
        text = row.id_cell.text.strip()
        return text if _SAFE.fullmatch(text) else slug_of(text)
    return slug_of(" ".join(key_texts(row)))


def key_texts(row: Row) -> list[str]:
    """The texts of the cells that identify the row."""
    cells = (row.cell(column) for column in row.form.key)
    return [cell.text.strip() for cell in cells if cell]


def slug_of(text: str) -> str:
    """A slug that tells long texts apart and is never empty for a text that is not.

    >>> slug_of("Validering"), slug_of("")
    ('validering', '')
    """
    short, whole = slug(text), "-".join(filter(None, map(slug, text.split())))
    if len(whole) <= SLUG_LENGTH and short:
        return short
    if not text.strip():
        return ""
    mark = hashlib.sha256(normal(text).encode()).hexdigest()[:8]
    return f"{short[: SLUG_LENGTH - 9].rstrip('-')}-{mark}" if short else mark


def mint(rows: Iterable[Row], publisher: str, prefix: str | None) -> list[Problem]:
    """Give each row its identifier; rows without key, and two of a class with the same, are problems."""
    problems: list[Problem] = []
    seen: dict[tuple[str, str], Row] = {}
    for row in rows:
        local = local_id(row)
        if not local:
            if not any(column.required for column in row.form.key):
                problems.append(_missing_key(row))
            local = slug(f"{row.table.sheet} {row.head.address}")
        row.local = f"{prefix}-{local}" if prefix else local
        row.iri = resource_iri(publisher, row.form.kind, row.local)
        first = seen.setdefault((row.form.kind, row.local.casefold()), row)
        if first is not row:
            problems.append(_same_identifier(row, first))
    return problems


def nearest(text: str, names: Iterable[str], most: int = 3) -> str:
    """The names most like ``text``, for a message; ``–`` when none is like it."""
    by_normal = {normal(name): name for name in names}
    found = difflib.get_close_matches(normal(text)[:200], by_normal, most, 0.6)
    return listed(by_normal[name] for name in found)


def shown(text: str, most: int = 80) -> str:
    """A cell's text in a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _missing_key(row: Row) -> Problem:
    column = row.form.key[0].names if row.form.key else {"sv": "Id"}
    return Problem("missing-key", row.table.where(row.head.address), both("column", column))


def _same_identifier(row: Row, first: Row) -> Problem:
    where = f"{first.table.sheet}!{(first.id_cell or first.head).address}"
    if row.id_cell:
        values = {"value": shown(row.id_cell.text), "first": where}
        return Problem("duplicate-id", row.table.where(row.id_cell.address), values)
    cell = next((cell for column in row.form.key if (cell := row.cell(column))), row.head)
    values = {"value": shown(" · ".join(key_texts(row))), "first": where}
    return Problem("duplicate-name", row.table.where(cell.address), values)


def both(name: str, words: Names) -> dict[str, object]:
    """Words of both languages as the values ``name_sv`` and ``name_en`` of a problem."""
    return {f"{name}_{lang}": words.get(lang) or next(iter(words.values()), "–") for lang in LANGS}
