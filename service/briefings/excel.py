"""A report as a workbook: one sheet to read, one with the sources, numbers as numbers."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ...ontology.problems import Lang
from .content import Block, Briefing, Cell, Listing, Missing, Table
from .definitions import word
from .plain import link, plain

_MAX_TEXT = 32_767
_FIRST_WIDTH, _WIDTH = 52, 22


def to_xlsx(briefing: Briefing) -> bytes:
    """The workbook. Its dates and properties tell nothing of who made it, or when."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": plain(briefing.title), "created": dt.datetime(2026, 1, 1)})
        _Sheets(book, briefing).write()
    return buffer.getvalue()


class _Sheets:
    def __init__(self, book: xlsxwriter.Workbook, briefing: Briefing) -> None:
        self._briefing = briefing
        self._lang: Lang = briefing.lang
        self._sources_name = word("sources", self._lang)
        self._sheet = book.add_worksheet(word("report", self._lang))
        self._sources = book.add_worksheet(self._sources_name)
        top = {"valign": "top", "text_wrap": True}
        self._formats: dict[str, Format] = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "heading": book.add_format({"bold": True, "font_size": 13}),
            "caption": book.add_format({"bold": True}),
            "column": book.add_format({"bold": True, "bottom": 1, **top}),
            "text": book.add_format(top),
            "link": book.add_format({**top, "font_color": "#0b5394", "underline": 1}),
            "number": book.add_format({"valign": "top", "num_format": "#,##0.######"}),
            "whole": book.add_format({"valign": "top", "num_format": "#,##0"}),
            "year": book.add_format({"valign": "top", "num_format": "0"}),
            "at_least": book.add_format({"valign": "top", "num_format": _at_least(self._lang)}),
        }
        self._line = 0

    def write(self) -> None:
        sheet, briefing = self._sheet, self._briefing
        blocks = [block for section in briefing.sections for block in section.blocks]
        widest = max([len(block.columns) for block in blocks if isinstance(block, Table)], default=1)
        sheet.set_column(0, 0, _FIRST_WIDTH)
        sheet.set_column(1, max(1, widest), _WIDTH)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        self._say(f"{briefing.title}: {briefing.subject}", "title")
        for line in (briefing.lead, *briefing.remarks):
            self._say(line)
        breaks = []
        for section in briefing.sections:
            self._line += 1
            if section.own_page:
                breaks.append(self._line)
            self._say(section.heading, "heading")
            if section.text:
                self._say(section.text)
            for one in section.answers:
                self._say(f"{word('answers', self._lang)} {one.id} ({one.label}): {one.how}")
            for block in section.blocks:
                self._block(block)
        sheet.set_h_pagebreaks(breaks)
        self._write_sources()

    def _say(self, text: str, form: str | None = None) -> None:
        self._sheet.write_string(self._line, 0, _cut(text), self._formats[form] if form else None)
        self._line += 1

    def _block(self, block: Block) -> None:
        self._line += 1
        if block.caption:
            self._say(block.caption, "caption")
        if isinstance(block, Missing):
            self._say(block.text)
            return
        if isinstance(block, Table):
            for at, column in enumerate(block.columns):
                self._sheet.write_string(self._line, at, _cut(column.label), self._formats["column"])
            heading = word("note", self._lang)
            self._sheet.write_string(self._line, len(block.columns), heading, self._formats["column"])
            self._line += 1
        rows = [(item,) for item in block.items] if isinstance(block, Listing) else block.rows
        for row in rows:
            for at, cell in enumerate(row):
                # A sentence with a number in it stays a sentence.
                self._cell(self._sheet, self._line, at, cell, as_number=isinstance(block, Table))
            note = next((cell.note for cell in row if cell.note), None)
            if note:
                address = f"internal:'{self._sources_name}'!A{note + 1}"
                self._sheet.write_url(self._line, len(row), address, self._formats["link"], str(note))
            self._line += 1
        if block.more:
            self._say(word("more", self._lang, n=block.more))

    def _cell(self, sheet: Worksheet, line: int, at: int, cell: Cell, *, as_number: bool) -> None:
        address = link(cell.iri)
        if cell.number is not None and as_number:
            if address:
                sheet.write_url(line, at, address)
            sheet.write_number(line, at, float(cell.number), self._formats[_form(cell)])
        elif address:
            sheet.write_url(line, at, address, self._formats["link"], _cut(cell.text))
        else:
            sheet.write_string(line, at, _cut(cell.text), self._formats["text"])

    def _write_sources(self) -> None:
        sheet = self._sources
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, 5, 45)
        sheet.write_string(0, 0, word("note", self._lang), self._formats["column"])
        sheet.write_string(0, 1, self._sources_name, self._formats["column"])
        for note in self._briefing.notes:
            sheet.write_number(note.number, 0, note.number, self._formats["year"])
            for at, piece in enumerate(note.pieces, 1):
                self._cell(sheet, note.number, at, Cell(piece.text, iri=piece.iri), as_number=False)
        sheet.freeze_panes(1, 0)


def _form(cell: Cell) -> str:
    if cell.year or cell.at_least:
        return "year" if cell.year else "at_least"
    return "whole" if cell.number is not None and cell.number == cell.number.to_integral_value() else "number"


def _at_least(lang: Lang) -> str:
    words = word("at_least", lang, n="").strip()
    return f'"{words} "#,##0'


def _cut(text: str) -> str:
    return plain(text)[:_MAX_TEXT]
