"""A copy of a submitted workbook in which each cell with a remark is coloured and says what to do.

All else stays as it was: formats, drop-down lists, formulas and other sheets. A folder of CSV sheets gets a
workbook with the same cells. Such a copy can be corrected and sent in: the list of remarks is not read.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ..ontology.problems import Lang, Where
from . import words
from .csv_folder import read_csv_folder
from .received import cleaned
from .references import normal

COLOURS: Mapping[str, str] = {"violation": "FFFFC9CE", "warning": "FFFFEBA0", "info": "FFDDEBF9"}
"""Fills by severity, ARGB; red is what has to be corrected. The comment says it in words."""
_MOST = 10
_LONGEST = 32_000
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_WIDTHS = (16, 9, 11, 11, 60, 60, 50)


@dataclass(frozen=True)
class Remark:
    """What is said about a cell: by which rule or problem, how severe, and what to do."""

    where: Where
    code: str
    severity: str
    message: str
    hint: str


def marked_copy(path: Path, remarks: Sequence[Remark], lang: Lang, summary: str) -> bytes:
    """Return the workbook, or the folder of CSV sheets as one, with coloured cells and a list of the remarks.

    The file must have been looked through (``archive_guard.inspect``), as reading does.
    """
    book = _of_csv(path) if path.is_dir() else _opened(path)
    _without_earlier_marks(book)
    sheets = {normal(sheet.title): sheet for sheet in book.worksheets}
    placed: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        sheet, cell = sheets.get(normal(remark.where.sheet or "")), remark.where.cell or ""
        if sheet is not None and _CELL.fullmatch(cell):
            placed.setdefault((sheet.title, cell), []).append(remark)
    for (title, cell), found in placed.items():
        _mark(book[title], cell, found, lang)
    _listed(book, remarks, sheets, lang, summary)
    buffer = BytesIO()
    book.save(buffer)
    return cleaned("marked.xlsx", buffer.getvalue())


def _opened(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(path, rich_text=True)


def _of_csv(folder: Path) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in read_csv_folder(folder).tables:
        sheet = book.create_sheet(table.sheet[:31])
        sheet.freeze_panes = "A2"
        for i, row in enumerate(table.rows, 1):
            for j, text in enumerate(row, 1):
                if text:
                    _write(sheet, i, j, text).font = Font(bold=i == 1)
    return book


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Write text as text, whatever it begins with."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
    cell.data_type = "s"
    return cell


def _without_earlier_marks(book: Workbook) -> None:
    """Take away what an earlier copy was marked with."""
    for sheet in list(book.worksheets):
        if normal(sheet.title) in words.FINDINGS_SHEETS:
            book.remove(sheet)
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.has_style and cell.fill.fgColor.rgb in COLOURS.values():
                    cell.fill = PatternFill()
                    if isinstance(cell, Cell) and cell.comment:
                        before = cell.comment.text.partition(words.REMARK_MARK)[0].rstrip()
                        cell.comment = Comment(before, "") if before else None


def _mark(sheet: Worksheet, place: str, remarks: Sequence[Remark], lang: Lang) -> None:
    cell = sheet[place]
    if isinstance(cell, MergedCell):
        span = next(one for one in sheet.merged_cells.ranges if place in one)
        cell = sheet.cell(span.min_row, span.min_col)
    worst = next(one for one in COLOURS if one in {remark.severity for remark in remarks} | {"info"})
    cell.fill = PatternFill("solid", fgColor=COLOURS[worst])
    parts = [
        f"{words.SEVERITIES[remark.severity][lang]} {remark.code}: {remark.message}\n{remark.hint}"
        for remark in remarks[:_MOST]
    ]
    if len(remarks) > _MOST:
        parts.append(f"… {len(remarks) - _MOST}")
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    text = before + words.REMARK_MARK + "\n" + "\n\n".join(parts)
    cell.comment = Comment(ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST], "", height=160, width=360)


def _listed(
    book: Workbook, remarks: Sequence[Remark], sheets: Mapping[str, Worksheet], lang: Lang, summary: str
) -> None:
    page = book.create_sheet(words.FINDINGS[lang], 0)
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    _write(page, 1, 1, summary).font = Font(bold=True)
    for j, (name, width) in enumerate(zip(words.FINDINGS_COLUMNS[lang], _WIDTHS, strict=True), 1):
        _write(page, 3, j, name).font = Font(bold=True)
        page.column_dimensions[chr(64 + j)].width = width
    wrap = Alignment(wrap_text=True, vertical="top")
    for i, remark in enumerate(remarks, 4):
        where = remark.where
        severity = words.SEVERITIES[remark.severity][lang]
        texts = (where.sheet, where.cell, remark.code, severity, remark.message, remark.hint, where.iri)
        for j, text in enumerate(texts, 1):
            _write(page, i, j, text or "").alignment = copy(wrap)
        page.cell(i, 4).fill = PatternFill("solid", fgColor=COLOURS[remark.severity])
        sheet = sheets.get(normal(where.sheet or ""))
        if sheet is not None and _CELL.fullmatch(where.cell or ""):
            link, name = page.cell(i, 2), sheet.title.replace("'", "''")
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{name}'!{where.cell}")
            link.font = Font(underline="single", color="FF0563C1")
    page.freeze_panes = "A4"
