"""A report as a document: headings, tables with header rows, endnotes, its language set."""

from __future__ import annotations

import datetime as dt
import io
from typing import cast

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.package import OpcPackage
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Row
from docx.text.paragraph import Paragraph

from ...ontology.problems import Lang
from .content import Block, Briefing, Cell, Listing, Missing, Table
from .definitions import word
from .endnotes import Endnotes, linked
from .plain import plain

# Letters that a column has room for at least, and those after which it is not made wider.
_NARROW, _WIDE = 8, 40
_LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
_LEFT_OUT = ("/thumbnail", "/extended-properties")
_PROPERTIES = ("author", "last_modified_by", "comments", "keywords", "category", "subject")


def to_docx(briefing: Briefing) -> bytes:
    """The document. Its properties tell nothing of who made it, or when."""
    document = docx.Document()
    _properties(document, briefing)
    _Writer(document, briefing).write()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _properties(document: Document, briefing: Briefing) -> None:
    properties = document.core_properties
    for name in _PROPERTIES:
        setattr(properties, name, "")
    properties.title = plain(briefing.title)[:255]
    properties.language = _LANGUAGES[briefing.lang]
    properties.created = properties.modified = dt.datetime(2026, 1, 1)
    # The template of the library brings a picture of itself and the name of a program.
    package = cast(OpcPackage, document.part.package)
    relations = package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith(_LEFT_OUT)]:
        del relations[key]
    look = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rPr')}")
    language = look.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        look.append(language)
    language.set(qn("w:val"), _LANGUAGES[briefing.lang])
    document.styles["Normal"].font.size = Pt(9)  # type: ignore[union-attr]
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)


class _Writer:
    def __init__(self, document: Document, briefing: Briefing) -> None:
        self._document, self._briefing = document, briefing
        self._lang: Lang = briefing.lang
        self._notes = {note.number: note for note in briefing.notes}
        self._endnotes = Endnotes(document)

    def write(self) -> None:
        briefing = self._briefing
        self._document.add_heading(plain(f"{briefing.title}: {briefing.subject}"), 0)
        for line in (briefing.lead, *briefing.remarks):
            self._document.add_paragraph(plain(line))
        for section in briefing.sections:
            heading = self._document.add_heading(plain(section.heading), section.level)
            heading.paragraph_format.page_break_before = section.own_page
            if section.text:
                self._document.add_paragraph(plain(section.text))
            for one in section.answers:
                paragraph = self._document.add_paragraph()
                paragraph.add_run(f"{word('answers', self._lang)} {one.id} (")
                paragraph._p.append(linked(self._document.part, one.label, one.iri))
                paragraph.add_run(plain(f"): {one.how}"))
            for block in section.blocks:
                self._block(block, section.level + 1)
        if briefing.notes:
            self._document.add_heading(
                word("sources", self._lang), 1
            ).paragraph_format.page_break_before = True
        self._endnotes.write()

    def _block(self, block: Block, level: int) -> None:
        if block.caption:
            self._document.add_heading(plain(block.caption), level)
        if isinstance(block, Missing):
            self._document.add_paragraph(plain(block.text))
            return
        if isinstance(block, Listing):
            for item in block.items:
                self._fill(self._document.add_paragraph(style="List Bullet"), item)
        else:
            self._table(block)
        if block.more:
            self._document.add_paragraph(word("more", self._lang, n=block.more))

    def _table(self, block: Table) -> None:
        table = self._document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
        _describe(table, block.caption)
        for column, cell in zip(block.columns, table.rows[0].cells, strict=True):
            run = cell.paragraphs[0].add_run(plain(column.label))
            run.bold = True
        _repeat(table.rows[0])
        for row in block.rows:
            written = table.add_row()
            for column, value, cell in zip(block.columns, row, written.cells, strict=True):
                self._fill(cell.paragraphs[0], value)
                if column.numeric:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._share(table, block)

    def _share(self, table: WordTable, block: Table) -> None:
        """Divide the width of the page between the columns after what they hold."""
        page = self._document.sections[0]
        room = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
        held = [
            max(len(column.label), *(len(row[at].text) for row in block.rows), _NARROW)
            for at, column in enumerate(block.columns)
        ]
        parts = [min(one, _WIDE) for one in held]
        table.autofit = False
        for at, part in enumerate(parts):
            width = Emu(room * part // sum(parts))
            table.columns[at].width = width
            for cell in table.columns[at].cells:
                cell.width = width

    def _fill(self, paragraph: Paragraph, cell: Cell) -> None:
        paragraph._p.append(linked(self._document.part, cell.text, cell.iri))
        if cell.note:
            self._endnotes.add(paragraph, self._notes[cell.note])


def _repeat(row: _Row) -> None:
    """The row is a header: read as one, and repeated on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _describe(table: WordTable, caption: str) -> None:
    for name in ("w:tblCaption", "w:tblDescription"):
        made = OxmlElement(name)
        made.set(qn("w:val"), plain(caption))
        table._tbl.tblPr.append(made)
