"""A report as a document: headings, tables with header rows, footnotes, its language set."""

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
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Row
from docx.text.paragraph import Paragraph

from ...ontology.problems import Lang
from .content import Block, Briefing, Cell, Listing, Missing, Table
from .definitions import word
from .footnotes import Footnotes, linked
from .plain import plain

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
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)


class _Writer:
    def __init__(self, document: Document, briefing: Briefing) -> None:
        self._document, self._briefing = document, briefing
        self._lang: Lang = briefing.lang
        self._notes = {note.number: note for note in briefing.notes}
        self._footnotes = Footnotes(document)

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
        self._footnotes.write()

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

    def _fill(self, paragraph: Paragraph, cell: Cell) -> None:
        paragraph._p.append(linked(self._document.part, cell.text, cell.iri))
        if cell.note:
            self._footnotes.add(paragraph, self._notes[cell.note])


def _repeat(row: _Row) -> None:
    """The row is a header: read as one, and repeated on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _describe(table: WordTable, caption: str) -> None:
    for name in ("w:tblCaption", "w:tblDescription"):
        made = OxmlElement(name)
        made.set(qn("w:val"), plain(caption))
        table._tbl.tblPr.append(made)
