"""Values as they stand in a file, before anything is settled: one row per value, all texts untouched."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ...ontology.problems import Problem, RodtradError, Where
from ..archive_guard import MAX_ENTRY_BYTES
from ..csv_folder import MAX_TOTAL_BYTES
from ..tables import column_letters
from ..workbook import read_workbook

ROW = "row"
CATEGORY = "category:"
"""Prefix of a column that holds the words of one breakdown."""
COLUMNS = ("file", ROW, "column", "indicator", "place", "time", "value", "unit", "status")


@dataclass(frozen=True)
class Breakdown:
    """How the words of one breakdown are understood.

    Attributes:
        scheme: The code list: of the vocabulary, or one that the publication brings.
        labels: The name of a code list that the publication brings, by language.
        words: What a word of the file stands for, when it is not a name of the concept.
        total: The word for all groups together.
        exclusive, exhaustive: Whether groups are disjoint, and cover all.
    """

    scheme: str
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    total: str | None = None
    exclusive: bool = True
    exhaustive: bool = True


@dataclass(frozen=True)
class Raw:
    """What a reader found in its files.

    Attributes:
        frame: The columns ``COLUMNS`` and one ``category:<key>`` per breakdown; all texts but ``row``.
        breakdowns: By key.
        levels: The kind of place that a bare name means in a file: region, municipality or country.
        time_formats: How six digits are to be read in a file: "yyyymm" or "yyyyqq".
        allowed: The corrections that the user has allowed beyond those always made.
        breaks: Per indicator key, the years from which a new definition holds.
        no_places: Per file, words in the column of places that mean no place there, such as "00" for what
            could not be divided among counties.
    """

    frame: pl.DataFrame
    breakdowns: Mapping[str, Breakdown] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    time_formats: Mapping[str, str] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    breaks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    no_places: Mapping[str, frozenset[str]] = field(default_factory=dict)


def text_frame(
    path: Path, separator: str = ",", encoding: str | None = None, quote: str | None = '"'
) -> pl.DataFrame:
    """A CSV or TSV file as texts, with the row number that a spreadsheet shows; empty cells are null.

    Raises:
        RodtradError: The file is missing, too large, or not text in this encoding.
    """
    data = read_bytes(path)
    try:
        text = data.decode(encoding or "utf-8-sig")
    except (UnicodeDecodeError, LookupError) as error:
        raise RodtradError(
            Problem("statistics-encoding", Where(file=path.name), {"encoding": encoding or "utf-8"})
        ) from error
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode()),
            separator=separator,
            infer_schema=False,
            quote_char=quote,
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError as error:
        values = {"reason": str(error).splitlines()[0][:200]}
        raise RodtradError(Problem("statistics-not-a-table", Where(file=path.name), values)) from error
    return frame.with_row_index(ROW, 2).with_columns(pl.col(ROW).cast(pl.Int64))


def sheet_frame(path: Path, sheet: str | None, header: int = 1) -> pl.DataFrame:
    """A sheet of a workbook as texts; ``header`` is the number of the row with the headings."""
    read = read_workbook(path)
    if read.problems:
        raise RodtradError(read.problems)
    table = next((t for t in read.tables if sheet in (None, t.sheet)), None)
    if table is None or len(table.rows) < header:
        raise RodtradError(
            Problem("statistics-no-such-sheet", Where(file=path.name), {"sheet": sheet or "–"})
        )
    names = [name.strip() or f"_{i}" for i, name in enumerate(table.rows[header - 1])]
    rows = [(*row, *("",) * (len(names) - len(row)))[: len(names)] for row in table.rows[header:]]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frame = frame.with_row_index(ROW, header + 1).with_columns(pl.col(ROW).cast(pl.Int64))
    return frame.with_columns(pl.col(name).replace("", None) for name in names)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, unpacked when its name ends with ``.gz``, within the limits for files."""
    if not path.is_file():
        raise RodtradError(Problem("file-not-found", Where(file=path.name)))
    limit = Problem("file-too-large", Where(file=path.name), {"limit": f"{MAX_TOTAL_BYTES // 2**20} MB"})
    if path.stat().st_size > MAX_ENTRY_BYTES:
        raise RodtradError(limit)
    if path.suffix != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as stream:
            data = stream.read(MAX_TOTAL_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RodtradError(Problem("file-unreadable", Where(file=path.name), {"kind": "gz"})) from error
    if len(data) > MAX_TOTAL_BYTES:
        raise RodtradError(limit)
    return data


def letters(frame: pl.DataFrame, column: str) -> str:
    """The letter by which a spreadsheet names a column of a frame from ``text_frame``."""
    return column_letters(frame.columns.index(column) - 1)


def joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Raw frames of several tables as one."""
    if not frames:
        return pl.DataFrame(schema={name: pl.Int64 if name == ROW else pl.String for name in COLUMNS})
    return pl.concat(frames, how="diagonal")
