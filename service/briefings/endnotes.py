"""Endnotes and links in a document: what python-docx leaves to those who write the parts themselves."""

from __future__ import annotations

from typing import cast

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from .content import Note
from .plain import link, plain

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml"
_SEPARATORS = (("separator", -1), ("continuationSeparator", 0))


class Endnotes:
    """The endnotes of one document, written when they are all known.

    At the end and not at the foot: every number has a source, and sources would fill the pages.
    """

    def __init__(self, document: Document) -> None:
        self._style = cast(ParagraphStyle, document.styles.add_style("Endnote Text", WD_STYLE_TYPE.PARAGRAPH))
        self._style.font.size = Pt(8)
        self._style.paragraph_format.space_after = Pt(2)
        numbers = _element("w:endnotePr")
        numbers.append(_element("w:numFmt", **{"w:val": "decimal"}))
        document.sections[0]._sectPr.insert(0, numbers)
        self._root = parse_xml(f"<w:endnotes {nsdecls('w')}/>")
        self._part = Part(PackURI("/word/endnotes.xml"), _TYPE, b"", document.part.package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.ENDNOTES)
        for kind, number in _SEPARATORS:
            note = _element("w:endnote", **{"w:type": kind, "w:id": str(number)})
            paragraph, run = OxmlElement("w:p"), OxmlElement("w:r")
            run.append(OxmlElement(f"w:{kind}"))
            paragraph.append(run)
            note.append(paragraph)
            self._root.append(note)
        self._next = 1

    def add(self, paragraph: Paragraph, note: Note) -> None:
        """Put an endnote after a paragraph, a space apart: a number must not grow when it is copied."""
        paragraph._p.append(_run("\u202f"))
        run = OxmlElement("w:r")
        run.append(_raised())
        run.append(_element("w:endnoteReference", **{"w:id": str(self._next)}))
        paragraph._p.append(run)
        body = OxmlElement("w:p")
        look = OxmlElement("w:pPr")
        look.append(_element("w:pStyle", **{"w:val": self._style.style_id}))
        body.append(look)
        mark = OxmlElement("w:r")
        mark.append(_raised())
        mark.append(OxmlElement("w:endnoteRef"))
        body.append(mark)
        for at, piece in enumerate(note.pieces):
            body.append(_run(" " if at == 0 else " · "))
            body.append(linked(self._part, piece.text, piece.iri))
        end = _element("w:endnote", **{"w:id": str(self._next)})
        end.append(body)
        self._root.append(end)
        self._next += 1

    def write(self) -> None:
        """Put the endnotes into the document."""
        self._part._blob = serialize_part_xml(self._root)


def linked(part: Part, text: str, iri: str | None):
    """A run of text, led to an address where there is one."""
    address = link(iri)
    if address is None:
        return _run(text)
    relation = part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    made = _element("w:hyperlink", **{"r:id": relation})
    made.append(_run(text, is_link=True))
    return made


def _run(text: str, *, is_link: bool = False):
    run = OxmlElement("w:r")
    if is_link:
        look = OxmlElement("w:rPr")
        look.append(_element("w:color", **{"w:val": "0B5394"}))
        look.append(_element("w:u", **{"w:val": "single"}))
        run.append(look)
    words = _element("w:t", **{"xml:space": "preserve"})
    words.text = plain(text)
    run.append(words)
    return run


def _raised():
    look = OxmlElement("w:rPr")
    look.append(_element("w:vertAlign", **{"w:val": "superscript"}))
    return look


def _element(name: str, **attributes: str):
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made
