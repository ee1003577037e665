"""Reads the numbers of a report back from its data, its page, its workbook and its document."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser

from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from openpyxl.workbook import Workbook
from rodtrad.service.briefings.content import (
    Briefing,
    Listing,
    Missing,
    Table,
)
from rodtrad.service.briefings.definitions import definitions

REGIONAL = [one.id for one in definitions().values() if one.about == "region"]
EVERY = [*((one, code) for one in REGIONAL for code in ("bergslund", "20")), ("national", None)]


class Page(HTMLParser):
    """Reads the tables of a page: text by cell, and the value of each ``data`` element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: list[tuple[list[str], list[list[Decimal | None]]]] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self._caption: list[str] | None = None
        self._in_caption = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        if tag == "a":
            self.links.append(str(given.get("href")))
        elif tag == "table":
            self.tables.append(([], []))
        elif tag == "caption":
            self._in_caption = True
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag == "td":
            self.tables[-1][1][-1].append(None)
        elif tag == "data" and self.tables and self.tables[-1][1] and self.tables[-1][1][-1]:
            self.tables[-1][1][-1][-1] = Decimal(str(given["value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self._in_caption = False

    def handle_data(self, data: str) -> None:
        if self._in_caption:
            self.tables[-1][0].append(data)

    def numbers(self) -> list[tuple[str, list[list[Decimal | None]]]]:
        return [("".join(caption), rows[1:]) for caption, rows in self.tables]


def of_content(made: Briefing) -> list[tuple[str, list[list[Decimal | None]]]]:
    return [
        (table.caption, [[None if cell.year else cell.number for cell in row] for row in table.rows])
        for table in tables(made)
    ]


def of_word(document: Document) -> list[tuple[str, list[list[Decimal | None]]]]:
    """Numbers as people read them in the document; which columns hold numbers shows in their alignment."""
    found, caption = [], ""
    for child in document.element.body.iterchildren():
        if child.tag == qn("w:p"):
            paragraph = Paragraph(child, document)
            caption = paragraph.text if str(paragraph.style.name).startswith("Heading") else caption
        elif child.tag == qn("w:tbl"):
            rows = [
                [_read(cell.paragraphs[0]) for cell in row.cells]
                for row in WordTable(child, document).rows[1:]
            ]
            found.append((caption, rows))
    return found


def _read(paragraph: Paragraph) -> Decimal | None:
    text = "".join(one.text or "" for one in paragraph._p.iter(qn("w:t"))).rstrip("\u202f")
    words = re.sub(r"^(minst|at least) ", "", text).replace("\u00a0", "")
    # Years are numbers to the eye; they are compared by their text elsewhere.
    if paragraph.alignment is None or not re.fullmatch(r"-?\d+(,\d+)?", words):
        return None
    return Decimal(words.replace(",", "."))


def of_workbook(book: Workbook, made: Briefing) -> list[tuple[str, list[list[Decimal | None]]]]:
    sheet, found, line = book["Rapport"], [], 1
    for table in tables(made):
        while (
            sheet.cell(line, 1).value != table.caption
            or sheet.cell(line + 1, 1).value != table.columns[0].label
        ):
            line += 1
        line += 2
        rows = []
        for _ in table.rows:
            values = [sheet.cell(line, at) for at in range(1, len(table.columns) + 1)]
            rows.append([_number(one) for one in values])
            line += 1
        found.append((table.caption, rows))
    return found


def _number(cell) -> Decimal | None:
    if isinstance(cell.value, bool) or not isinstance(cell.value, (int, float)) or cell.number_format == "0":
        return None
    return Decimal(repr(cell.value)).normalize() if isinstance(cell.value, float) else Decimal(cell.value)


def without_years(matrices: list, made: Briefing) -> list:
    """A document has no formats: its years are taken away where the content says that they are years."""
    return [
        (
            caption,
            [
                [None if cell.year else value for value, cell in zip(values, row, strict=True)]
                for values, row in zip(rows, table.rows, strict=True)
            ],
        )
        for (caption, rows), table in zip(matrices, tables(made), strict=True)
    ]


def tables(made: Briefing) -> list[Table]:
    return [block for section in made.sections for block in section.blocks if isinstance(block, Table)]


def table(made: Briefing, caption: str) -> list[list[str]]:
    found = next(one for one in tables(made) if one.caption == caption)
    return [[cell.text for cell in row] for row in found.rows]


def listed(made: Briefing, caption: str) -> list[str]:
    blocks = [block for section in made.sections for block in section.blocks]
    found = next(one for one in blocks if isinstance(one, Listing) and one.caption == caption)
    return [item.text for item in found.items]


def missing(made: Briefing) -> dict[str, str]:
    blocks = [block for section in made.sections for block in section.blocks]
    return {one.caption: one.text for one in blocks if isinstance(one, Missing)}


def path_of(briefing_id: str, code: str | None, **more: str) -> str:
    asked = {"region": code, **more} if code else more
    return f"/briefings/{briefing_id}?" + "&".join(f"{key}={value}" for key, value in asked.items())
