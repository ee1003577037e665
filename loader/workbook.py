"""Reads .xlsx workbooks."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

from defusedxml import DefusedXmlException, ElementTree
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from ..ontology.problems import Problem, Where
from .archive_guard import Contents, Refused, inspect
from .tables import Table, Tables, address

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PERCENT_FORMATS = {9, 10}
_QUOTED = re.compile(r'"[^"]*"|\\.')


def read_workbook(path: Path) -> Tables:
    """Read every sheet; a file that must not or cannot be opened gives one problem and no tables."""
    where = Where(file=path.name)
    try:
        contents = inspect(path)
        percents, errors = _special_cells(path, contents)
        book = CalamineWorkbook.from_path(str(path))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    except Refused as refused:
        return Tables(problems=(refused.problem,))
    except (CalamineError, DefusedXmlException, ElementTree.ParseError, KeyError, ValueError, OSError):
        return Tables(problems=(Problem("file-unreadable", where, {"kind": "xlsx"}),))
    tables = [_table(path.name, name, rows, percents.get(name, set())) for name, rows in sheets.items()]
    problems = [
        Problem("cell-holds-error", Where(file=path.name, sheet=name, cell=cell))
        for name in names
        for cell in sorted(errors.get(name, ()))
    ]
    return Tables(tuple(tables), tuple(problems))


def _table(file: str, name: str, rows: list, percents: set[str]) -> Table:
    texts = []
    for i, row in enumerate(rows):
        cells = tuple(
            _percent(value) if percents and address(i, j) in percents else text_of(value)
            for j, value in enumerate(row)
        )
        texts.append(cells)
    return Table(file, name, tuple(texts))


def text_of(value: object) -> str:
    """A cell's value as text: whole numbers without decimals, dates as year-month-day.

    >>> text_of(3.0), text_of(0.1 + 0.2), text_of(True)
    ('3', '0.3', 'true')
    """
    match value:
        case str():
            return clean(value)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(Decimal(format(value, ".15g")))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
    return "" if value is None else str(value)


def clean(text: str) -> str:
    """One form of line ends and of composed letters, so that equal looking texts are equal."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _number(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{_number(Decimal(format(value, '.15g')) * 100)} %"
    return text_of(value)


def _special_cells(path: Path, contents: Contents) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The cells shown as per cent, whose stored number is a hundredth, and those with an error, by sheet."""
    with ZipFile(path) as archive:
        names = archive.namelist()
        styles = archive.read("xl/styles.xml") if "xl/styles.xml" in names else b""
        sheets = _sheet_entries(archive) if "xl/workbook.xml" in names else {}
    percent_styles = _percent_styles(styles) if styles else set()
    percents = {
        sheet: {
            cell for cell, style in contents.styled_cells.get(entry, {}).items() if style in percent_styles
        }
        for sheet, entry in sheets.items()
    }
    return percents, {sheet: contents.error_cells.get(entry, set()) for sheet, entry in sheets.items()}


def _sheet_entries(archive: ZipFile) -> dict[str, str]:
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return {
        sheet.get("name", ""): posixpath.normpath(
            posixpath.join("/xl", targets.get(sheet.get(RELATION), ""))
        ).lstrip("/")
        for sheet in book.iter(f"{MAIN}sheet")
    }


def _percent_styles(styles: bytes) -> set[int]:
    root = ElementTree.fromstring(styles)
    formats = set(PERCENT_FORMATS)
    for number_format in root.iter(f"{MAIN}numFmt"):
        if "%" in _QUOTED.sub("", number_format.get("formatCode", "")):
            formats.add(int(number_format.get("numFmtId", "-1")))
    cell_formats = root.find(f"{MAIN}cellXfs")
    return {
        i
        for i, cell_format in enumerate(cell_formats if cell_formats is not None else ())
        if int(cell_format.get("numFmtId", "0")) in formats
    }
