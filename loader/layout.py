"""What the headings of a sheet stand for, when reading one and when writing one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..ontology.problems import LANGS
from ..shapes.form import Column, Form, Names, Sheet
from .references import normal

ID = "Id"
_NUMBERED = re.compile(r"(.*\S)\s*?\s(\d{1,3})")
_IN_LANGUAGE = re.compile(r"(.*\S)\s*\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)")


@dataclass(frozen=True)
class Slot:
    """Where a cell's value belongs in a class.

    Attributes:
        column: The column of the row's own class.
        nested: The column of the nested class, when ``column`` folds one.
        number: Which of the folded nodes, from 1.
        lang: The language of a twin column, as in "Aktivitet (en)".
    """

    column: Column
    nested: Column | None = None
    number: int | None = None
    lang: str | None = None

    @property
    def leaf(self) -> Column:
        """The column that says how the cell is read."""
        return self.nested or self.column

    @property
    def key(self) -> tuple[str, str | None, int | None, str | None]:
        return (self.column.iri, self.nested.iri if self.nested else None, self.number, self.lang)

    def title(self, lang: str) -> str:
        name = self.leaf.names.get(lang) or next(iter(self.leaf.names.values()))
        if self.number is not None:
            return f"{name} {self.number}"
        return f"{name} ({self.lang})" if self.lang else name


@dataclass
class Heading:
    """One column of a sheet: its text and what it stands for in each class; no slots for the Id column."""

    text: str
    is_class: bool = False
    is_id: bool = False
    slots: dict[str, Slot] = field(default_factory=dict)

    def slot(self, form: Form) -> Slot | None:
        return self.slots.get(str(form.iri))


def headings(sheet: Sheet, lang: str, counts: Mapping[str, int] | None = None) -> list[Heading]:
    """The columns of a sheet as they are written: the class first, the Id last.

    Args:
        lang: The language of the headings.
        counts: How many numbered groups a folding column needs, when more than the declared number.
    """
    found: dict[str, Heading] = {}
    placed: dict[str, tuple[float, int, int]] = {}
    before: dict[str, set[str]] = {}
    for rank, form in enumerate(sheet.forms):
        previous: str | None = None
        for place, slot in enumerate(_slots(form, counts or {})):
            text = slot.title(lang)
            found.setdefault(text, Heading(text)).slots[str(form.iri)] = slot
            position = (slot.column.order, rank, place)
            placed[text] = min(position, placed.get(text, position))
            before.setdefault(text, set()).update({previous} if previous else ())
            previous = text
    ordered = [found[text] for text in _merged(placed, before)]
    first = [Heading(sheet.class_column[lang], is_class=True)] if sheet.class_column else []
    return [*first, *ordered, Heading(ID, is_id=True)]


def _merged(placed: Mapping[str, tuple[float, int, int]], before: Mapping[str, set[str]]) -> list[str]:
    """One order that keeps each class's own: a note that ends every class ends the sheet."""
    left, ordered = sorted(placed, key=lambda text: placed[text]), []
    while left:
        free = (text for text in left if not before[text].intersection(left) - {text})
        chosen = next(free, left[0])
        left.remove(chosen)
        ordered.append(chosen)
    return ordered


def find_heading(sheet: Sheet, text: str) -> Heading | None:
    """What a heading that a user wrote stands for, in either language; ``None`` when it is unknown."""
    wanted = normal(text)
    if sheet.class_column and wanted in _normal(sheet.class_column):
        return Heading(text, is_class=True)
    if wanted == normal(ID):
        return Heading(text, is_id=True)
    slots = {str(form.iri): slot for form in sheet.forms if (slot := _find_slot(form, wanted))}
    return Heading(text, slots=slots) if slots else None


def heading_names(sheet: Sheet) -> list[str]:
    """All heading texts that are known on the sheet, in both languages."""
    return list(dict.fromkeys(heading.text for lang in LANGS for heading in headings(sheet, lang)))


def _slots(form: Form, counts: Mapping[str, int]) -> Iterator[Slot]:
    for column in form.columns:
        if column.nested is None:
            yield Slot(column)
        elif column.fold_each:
            yield from (Slot(column, nested) for nested in column.nested.columns)
        else:
            for number in range(1, max(column.fold or 1, counts.get(column.iri, 0)) + 1):
                yield from (Slot(column, nested, number) for nested in column.nested.columns)


def _find_slot(form: Form, wanted: str) -> Slot | None:
    numbered, twin = _NUMBERED.fullmatch(wanted), _IN_LANGUAGE.fullmatch(wanted)
    for column in form.columns:
        if column.nested is None:
            if wanted in _normal(column.names):
                return Slot(column)
            if twin and column.is_text and normal(twin[1]) in _normal(column.names):
                return Slot(column, lang=twin[2])
        elif column.fold_each:
            for nested in column.nested.columns:
                if wanted in _normal(nested.names):
                    return Slot(column, nested)
        elif numbered and int(numbered[2]) > 0:
            for nested in column.nested.columns:
                if normal(numbered[1]) in _normal(nested.names):
                    return Slot(column, nested, int(numbered[2]))
    return None


def _normal(names: Names) -> set[str]:
    return {normal(name) for name in names.values()}
