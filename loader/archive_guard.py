"""Looks through a workbook's zip file before anything opens it.

The sizes in a zip file's directory are the sender's claim, so each entry is unpacked here and counted.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..ontology.problems import Problem, Where

MAX_ENTRY_BYTES = 50 * 1024 * 1024
MAX_TOTAL_BYTES = 200 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_RATIO = 100
RATIO_FROM_BYTES = 1024 * 1024
MAX_CELLS = 2_000_000

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,9})([0-9]{1,12})["'][^>]*>""")
_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["']([0-9]{1,6})["']""")


@dataclass
class Contents:
    """What the look-through saw, by the name of the entry of each sheet."""

    error_cells: dict[str, set[str]] = field(default_factory=dict)
    styled_cells: dict[str, dict[str, int]] = field(default_factory=dict)


class Refused(Exception):
    """The file is not opened; ``problem`` says why."""

    def __init__(self, code: str, where: Where, **values: object) -> None:
        self.problem = Problem(code, where, values)
        super().__init__(code)


def inspect(path: Path) -> Contents:
    """Unpack and count every entry of a workbook.

    Raises:
        Refused: Too large, too many cells, macros, links to other files, or not a zip file.
    """
    where = Where(file=path.name)
    if path.stat().st_size > MAX_TOTAL_BYTES:
        raise Refused("file-too-large", where, limit=f"{MAX_TOTAL_BYTES // 2**20} MB")
    try:
        with ZipFile(path) as archive, path.open("rb") as raw:
            entries = archive.infolist()
            _check_directory(entries, where)
            return _look_through(raw, entries, where)
    except (BadZipFile, OSError, ValueError, struct.error, zlib.error, NotImplementedError):
        raise Refused("file-unreadable", where, kind="xlsx") from None


def _check_directory(entries: list[ZipInfo], where: Where) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Refused("file-too-large", where, limit=f"{MAX_ENTRIES} delar/parts")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise Refused("file-too-large", where, limit=f"{MAX_TOTAL_BYTES // 2**20} MB")
    for entry in entries:
        name = entry.filename.replace("\\", "/").casefold()
        if "vbaproject" in name or "/macrosheets/" in name:
            raise Refused("file-has-macros", where)
        if "/externallinks/" in name:
            raise Refused("file-has-external-links", where)
        if entry.flag_bits & 1 or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Refused("file-unreadable", where, kind="xlsx")
        _check_size(entry, entry.file_size, where)


def _check_size(entry: ZipInfo, size: int, where: Where) -> None:
    if size > MAX_ENTRY_BYTES:
        raise Refused("file-too-large", where, limit=f"{MAX_ENTRY_BYTES // 2**20} MB")
    if size > RATIO_FROM_BYTES and size > MAX_RATIO * max(entry.compress_size, 1):
        raise Refused("file-too-large", where, limit=f"{MAX_RATIO}:1")


def _look_through(raw: BinaryIO, entries: list[ZipInfo], where: Where) -> Contents:
    contents, total = Contents(), 0
    for entry in entries:
        data = _unpack(raw, entry)
        _check_size(entry, len(data), where)
        total += len(data)
        if total > MAX_TOTAL_BYTES:
            raise Refused("file-too-large", where, limit=f"{MAX_TOTAL_BYTES // 2**20} MB")
        if "/worksheets/" in entry.filename and entry.filename.endswith(".xml"):
            _look_at_cells(entry.filename, data, contents, where)
    return contents


def _unpack(raw: BinaryIO, entry: ZipInfo) -> bytes:
    """The entry's bytes, at most one more than is allowed."""
    raw.seek(entry.header_offset)
    header = struct.unpack("<4s2B4HL2L2H", raw.read(30))
    raw.seek(header[10] + header[11], 1)
    packed = raw.read(entry.compress_size)
    if entry.compress_type == ZIP_STORED:
        return packed
    return zlib.decompressobj(-15).decompress(packed, MAX_ENTRY_BYTES + 1)


def _look_at_cells(name: str, data: bytes, contents: Contents, where: Where) -> None:
    rows = columns = 0
    errors, styled = contents.error_cells.setdefault(name, set()), contents.styled_cells.setdefault(name, {})
    for match in _CELL.finditer(data):
        letters, row = match[1].decode().upper(), int(match[2])
        rows, columns = max(rows, row), max(columns, _column_number(letters))
        if _ERROR.search(match[0]):
            errors.add(f"{letters}{row}")
        style = _STYLE.search(match[0])
        if style and style[1] != b"0":
            styled[f"{letters}{row}"] = int(style[1])
    # The reading library holds the whole rectangle in memory, however few cells are filled.
    if rows * columns > MAX_CELLS:
        raise Refused("sheet-too-large", where, rows=rows, columns=columns, limit=MAX_CELLS)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
