"""Reads CSV sheets: a folder with one file per sheet, or one such file."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from ..ontology.problems import Problem, Where
from .archive_guard import MAX_ENTRY_BYTES, MAX_TOTAL_BYTES
from .tables import Table, Tables
from .workbook import clean

_NUMBER = re.compile(r"^\d+[-_ ]+")


def read_csv_folder(folder: Path) -> Tables:
    """Read each ``*.csv`` in name order; the sheet is the file's name without its leading number."""
    files = sorted(folder.glob("*.csv"))
    if not files:
        return Tables(problems=(Problem("folder-without-sheets", Where(file=folder.name)),))
    if sum(file.stat().st_size for file in files) > MAX_TOTAL_BYTES:
        problem = Problem(
            "file-too-large", Where(file=folder.name), {"limit": f"{MAX_TOTAL_BYTES // 2**20} MB"}
        )
        return Tables(problems=(problem,))
    read = [read_csv(file, f"{folder.name}/{file.name}") for file in files]
    return Tables(
        tuple(table for part in read for table in part.tables),
        tuple(problem for part in read for problem in part.problems),
    )


def read_csv(file: Path, name: str | None = None) -> Tables:
    """Read one sheet: UTF-8 with or without byte order mark, comma or semicolon between cells."""
    where = Where(file=name or file.name)
    if file.stat().st_size > MAX_ENTRY_BYTES:
        return Tables(
            problems=(Problem("file-too-large", where, {"limit": f"{MAX_ENTRY_BYTES // 2**20} MB"}),)
        )
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Tables(problems=(Problem("csv-not-utf8", where, {"position": error.start}),))
    try:
        rows = parse_csv(text)
    except csv.Error as error:
        return Tables(problems=(Problem("csv-broken", where, {"reason": error}),))
    return Tables((Table(where.file or "", sheet_of(file), rows),))


def parse_csv(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a CSV text; what separates cells is seen from the heading line.

    Raises:
        csv.Error: A quotation that does not end, or a cell of more than 131 072 characters.
    """
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = ";" if _outside_quotes(first, ";") > _outside_quotes(first, ",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return tuple(tuple(clean(cell) for cell in row) for row in reader)


def sheet_of(file: Path) -> str:
    """The sheet that a file is named for.

    >>> sheet_of(Path("1-publicering.csv"))
    'publicering'
    """
    return _NUMBER.sub("", clean(file.stem))


def _outside_quotes(line: str, character: str) -> int:
    return sum(part.count(character) for part in line.split('"')[::2])
