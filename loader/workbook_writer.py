"""Writes workbooks in the declared layout: empty as a template, or with rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import xlsxwriter
from rdflib import XSD, URIRef
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from .. import __version__
from ..ontology import label
from ..ontology.names import slug
from ..ontology.problems import Problem, RodtradError, Where
from ..shapes.form import Sheet
from . import words
from .layout import Heading, Slot
from .references import References, listed
from .tables import address
from .workbook import text_of

VERSION_PROPERTY = "rodtrad-template"
LAST_ROW = 5000
MAX_CELL = 32_767
MAX_MESSAGE = 255
NUMBERS = (XSD.integer, XSD.decimal)


@dataclass(frozen=True)
class Content:
    """One sheet to write: its headings, and rows with a text per heading."""

    sheet: Sheet
    headings: Sequence[Heading]
    rows: Sequence[Sequence[str]] = ()


@dataclass
class _Lists:
    """The drop-down lists: a title, the name that cells use, and the words."""

    found: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def name(self, key: str, title: str, choices: Sequence[str]) -> str:
        name = "list_" + slug(key).replace("-", "_")
        self.found.setdefault(name, (title, list(choices)))
        return name


def write_sheets(path: Path, lang: str, contents: Sequence[Content]) -> None:
    """Write a workbook with guidance, the given sheets and the code lists; equal contents, equal bytes.

    Raises:
        RodtradError: A text is longer than a cell of a workbook can hold.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": words.TITLE[lang], "created": dt.datetime(2026, 1, 1)})
    book.set_custom_property(VERSION_PROPERTY, __version__)
    writer = _Writer(book, lang)
    writer.read_me(contents)
    for content in contents:
        writer.sheet(content)
    writer.code_lists()
    book.close()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, lang: str) -> None:
        self.book = book
        self.lang = lang
        self.lists = _Lists()
        self.references = References.from_ntriples()
        wrap = {"text_wrap": True, "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True, **wrap, "bg_color": "#E8EEF4", "bottom": 1})
        self.plain = book.add_format({**wrap, "bg_color": "#F4F6F8", "bottom": 1})
        self.text = book.add_format({"num_format": "@", **wrap})
        self.whole = book.add_format({"num_format": "0", "valign": "top"})
        self.number = book.add_format({"valign": "top"})

    def read_me(self, contents: Sequence[Content]) -> None:
        lang = self.lang
        page = self.book.add_worksheet(words.READ_ME[lang])
        page.set_column(0, 1, 26)
        page.set_column(2, 2, 14)
        page.set_column(3, 3, 34)
        page.set_column(4, 4, 90)
        page.write_string(0, 0, words.TITLE[lang], self.title)
        for i, line in enumerate(words.ADVICE[lang], 2):
            page.write_string(i, 0, line)
        row = len(words.ADVICE[lang]) + 3
        for j, name in enumerate(words.COLUMNS[lang]):
            page.write_string(row, j, name, self.bold)
        for content in contents:
            for heading in content.headings:
                if any(slot.number not in (None, 1) for slot in heading.slots.values()):
                    continue
                row += 1
                kinds = listed(f.names[lang] for f in content.sheet.forms if heading.slot(f))
                required = words.YES_NO[lang][0] if _required(heading) else ""
                shown = kinds if heading.slots and content.sheet.class_column else ""
                cells = (content.sheet.names[lang], heading.text, required, shown, self._description(heading))
                for j, text in enumerate(cells):
                    page.write_string(row, j, text, self.text)

    def sheet(self, content: Content) -> None:
        page = self.book.add_worksheet(content.sheet.names[self.lang])
        page.freeze_panes(1, 2 if content.sheet.class_column else 1)
        for j, heading in enumerate(content.headings):
            page.write_string(0, j, heading.text, self.bold if _required(heading) else self.plain)
            page.write_comment(0, j, self._help(content.sheet, heading), {"x_scale": 2, "y_scale": 1.5})
            page.set_column(j, j, _width(heading), self._format(heading))
            self._choices(page, content.sheet, heading, j)
        for i, row in enumerate(content.rows, 1):
            for j, (heading, text) in enumerate(zip(content.headings, row, strict=True)):
                if text:
                    self._cell(page, content.sheet, heading, i, j, text)
        page.autofilter(0, 0, max(len(content.rows), 1), len(content.headings) - 1)

    def code_lists(self) -> None:
        page = self.book.add_worksheet(words.CODE_LISTS[self.lang])
        page.protect()
        page.freeze_panes(1, 0)
        for j, (name, (title, choices)) in enumerate(self.lists.found.items()):
            page.set_column(j, j, 28)
            page.write_string(0, j, title, self.bold)
            for i, choice in enumerate(choices, 1):
                page.write_string(i, j, choice, self.text)
            column = xl_col_to_name(j, True)
            place = f"'{words.CODE_LISTS[self.lang]}'!{column}$2:{column}${len(choices) + 1}"
            self.book.define_name(name, f"={place}")

    def _cell(self, page: Worksheet, sheet: Sheet, heading: Heading, i: int, j: int, text: str) -> None:
        if len(text) > MAX_CELL:
            where = Where(sheet=sheet.names[self.lang], cell=address(i, j))
            raise RodtradError(Problem("text-too-long", where, {"length": len(text), "limit": MAX_CELL}))
        if _is_number(heading) and (number := _exact(text)) is not None:
            page.write_number(i, j, number)
        else:
            page.write_string(i, j, text)

    def _choices(self, page: Worksheet, sheet: Sheet, heading: Heading, j: int) -> None:
        lang = self.lang
        leaves = [slot.leaf for slot in heading.slots.values()]
        several = any(slot.leaf.separator or slot.column.fold_each for slot in heading.slots.values())
        schemes = {leaf.scheme for leaf in leaves}
        if heading.is_class:
            title = words.NAMES_CLASS[lang].format(sheet=sheet.names[lang])
            name = self.lists.name(
                f"kind {sheet.iri.rsplit('/', 1)[-1]}", title, [f.names[lang] for f in sheet.forms]
            )
        elif leaves and all(leaf.datatype == XSD.boolean for leaf in leaves):
            name = self.lists.name("yes no", words.NAMES_YES_NO[lang], words.YES_NO[lang])
        elif len(schemes) == 1 and (scheme := schemes.pop()) is not None:
            concepts = [c.label(lang) or str(c.iri) for c in self.references.concepts(scheme)]
            if not concepts:
                return
            name = self.lists.name(scheme.rsplit("/", 1)[-1], label(scheme, lang), concepts)
        else:
            return
        page.data_validation(
            1,
            j,
            LAST_ROW,
            j,
            {
                "validate": "list",
                "source": f"={name}",
                "error_title": words.NOT_IN_LIST[lang],
                "error_message": words.CHOOSE[lang],
                "error_type": "warning" if several else "stop",
            },
        )

    def _help(self, sheet: Sheet, heading: Heading) -> str:
        lang = self.lang
        parts = [self._description(heading)]
        if _required(heading):
            parts.append(words.REQUIRED[lang])
        if sheet.class_column and heading.slots:
            kinds = listed(form.names[lang] for form in sheet.forms if heading.slot(form))
            parts.append(words.FOR_KINDS[lang].format(kinds=kinds))
        separators = {slot.leaf.separator for slot in heading.slots.values()} - {None}
        if separators:
            parts.append(words.SEVERAL[lang].format(separator=" ".join(sorted(map(str, separators)))))
        return "\n".join(part for part in parts if part)

    def _description(self, heading: Heading) -> str:
        lang = self.lang
        if heading.is_class:
            return words.KIND_OF_ROW[lang]
        if heading.is_id:
            return words.ID_HELP[lang]
        texts = [slot.leaf.descriptions.get(lang, "") for slot in heading.slots.values()]
        classes: list[URIRef] = [slot.leaf.cls for slot in heading.slots.values() if slot.leaf.cls]
        texts += [words.REFERS[lang].format(kind=label(cls, lang)) for cls in classes]
        return " ".join(dict.fromkeys(text for text in texts if text))

    def _format(self, heading: Heading) -> Format:
        if not _is_number(heading):
            return self.text
        whole = all(slot.leaf.datatype == XSD.integer for slot in heading.slots.values())
        return self.whole if whole else self.number


def _required(heading: Heading) -> bool:
    return heading.is_class or any(
        slot.leaf.required and slot.nested is None and slot.lang is None for slot in heading.slots.values()
    )


def _is_number(heading: Heading) -> bool:
    return bool(heading.slots) and all(slot.leaf.datatype in NUMBERS for slot in heading.slots.values())


def _exact(text: str) -> float | None:
    """The number, when a workbook can hold it without changing it."""
    try:
        number = float(Decimal(text))
    except (InvalidOperation, OverflowError):
        return None
    return number if text_of(number) == text else None


def _width(heading: Heading) -> int:
    slots: list[Slot] = list(heading.slots.values())
    if heading.is_id or _is_number(heading):
        return 12
    if any(slot.leaf.is_text and slot.lang is None for slot in slots):
        return 44
    return max(16, min(len(heading.text) + 4, 30))
