"""An answer to a question, and the forms in which it is handed out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import xlsxwriter

from ..ontology.problems import Lang
from .header import Column, Query
from .wanted import what_to_publish

_NUMBERS = {"integer", "decimal", "year"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MAX_LINK = 2079
_WORDS = {
    "answer": {"sv": "Svar", "en": "Answer"},
    "origin": {"sv": "Fråga och källa", "en": "Question and source"},
    "question": {"sv": "Fråga", "en": "Question"},
    "coverage": {"sv": "Vad svaret säger", "en": "What the answer says"},
    "id": {"sv": "Frågans id och version", "en": "Id and version of the question"},
    "generation": {"sv": "Generation av data", "en": "Generation of data"},
    "sources": {"sv": "Källor", "en": "Sources"},
    "publications": {"sv": "Publiceringar", "en": "Publications"},
    "publish": {"sv": "Rader fås när detta publiceras", "en": "Rows come when this is published"},
    "sparql": {"sv": "SPARQL", "en": "SPARQL"},
}


@dataclass(frozen=True)
class Cell:
    """One value. ``label`` is what to show; ``iri`` is set when the value is a resource."""

    value: str
    label: str
    iri: str | None = None
    datatype: str | None = None


@dataclass(frozen=True)
class Answer:
    """The rows that a question got. A cell that the data do not give is left out of its row.

    Attributes:
        sparql: The query as it was asked, with the asker's terms.
        generation: The state of the store that answered, if the engine knows it.
    """

    query: Query
    lang: Lang
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Cell], ...]
    sparql: str
    generation: int | None = None

    def to_csv(self, variant: Literal["plain", "sv"] = "plain") -> str:
        """The rows as CSV. A resource takes two columns: its label and its IRI.

        ``sv`` is what Swedish Excel opens by a click: byte order mark, semicolon, decimal comma, and an
        apostrophe before text that would be read as a formula.
        """
        buffer = io.StringIO()
        swedish = variant == "sv"
        writer = csv.writer(buffer, delimiter=";" if swedish else ",", lineterminator="\r\n")
        writer.writerow([heading for column in self.columns for heading in self._headings(column)])
        for row in self.rows:
            writer.writerow([text for column in self.columns for text in _texts(column, row, swedish)])
        return ("\ufeff" if swedish else "") + buffer.getvalue()

    def to_json(self) -> str:
        """The rows as objects, with the question, its columns, the SPARQL and the generation."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)

    @property
    def publications(self) -> dict[str, str]:
        """The publications that the rows come from, each with its label."""
        cells = [row["publication"] for row in self.rows if "publication" in row]
        return {cell.iri: cell.label for cell in sorted(cells, key=lambda one: one.value) if cell.iri}

    def why_empty(self) -> dict[str, str] | None:
        """For an answer without rows: what the question covers, and what a region publishes to get rows."""
        if self.rows:
            return None
        publish = what_to_publish(self.query, self.lang)
        return {"coverage": self.query.coverage[self.lang]} | ({"publish": publish} if publish else {})

    def as_dict(self) -> dict[str, Any]:
        """What ``to_json`` writes."""
        query, lang = self.query, self.lang
        return {
            "query": query.id,
            "version": query.version,
            "cq": list(query.cq),
            "class": query.answerable,
            "title": query.title[lang],
            "question": query.question[lang],
            "coverage": query.coverage[lang],
            "lang": lang,
            "generation": self.generation,
            "columns": [
                {"name": one.name, "type": one.type, "label": one.labels[lang], "unit": one.unit}
                for one in self.columns
            ],
            "rows": [
                {one.name: _json(one, row[one.name]) if one.name in row else None for one in self.columns}
                for row in self.rows
            ],
            "publications": [{"iri": iri, "label": label} for iri, label in self.publications.items()],
            "empty": self.why_empty(),
            "sparql": self.sparql,
        }

    def to_xlsx(self) -> bytes:
        """The answer as a workbook: one sheet with the rows, one with question, sources and SPARQL."""
        buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(buffer, options) as book:
            self._write_rows(book)
            self._write_origin(book)
        return buffer.getvalue()

    def _write_rows(self, book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet(_WORDS["answer"][self.lang])
        bold, wrap = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        for at, column in enumerate(self.columns):
            sheet.write_string(0, at, self._headings(column)[0], bold)
            sheet.set_column(at, at, 12 if column.type in _NUMBERS else 36)
        for line, row in enumerate(self.rows, 1):
            for at, column in enumerate(self.columns):
                cell = row.get(column.name)
                number = _number(column, cell) if cell else None
                if cell is None:
                    continue
                if number is not None:
                    sheet.write_number(line, at, float(number))
                elif cell.iri and cell.iri.startswith("http") and len(cell.iri) <= _MAX_LINK:
                    sheet.write_url(line, at, cell.iri, string=cell.label)
                else:
                    sheet.write_string(line, at, cell.label, wrap)
        sheet.freeze_panes(1, 0)
        if self.rows:
            sheet.autofilter(0, 0, len(self.rows), len(self.columns) - 1)

    def _write_origin(self, book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet(_WORDS["origin"][self.lang])
        bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 110)
        for line, (key, text) in enumerate(self._origin()):
            sheet.write_string(line, 0, _WORDS[key][self.lang], bold)
            sheet.write_string(line, 1, text, wrap)

    def _origin(self) -> Iterator[tuple[str, str]]:
        query, lang = self.query, self.lang
        yield "question", query.question[lang]
        yield "coverage", query.coverage[lang]
        yield "id", f"{query.id} {query.version}"
        if self.generation is not None:
            yield "generation", str(self.generation)
        sources = sorted({row["source"].label for row in self.rows if "source" in row})
        if sources:
            yield "sources", "\n".join(sources)
        if self.publications:
            yield "publications", "\n".join(f"{label} <{iri}>" for iri, label in self.publications.items())
        empty = self.why_empty()
        if empty and "publish" in empty:
            yield "publish", empty["publish"]
        yield "sparql", self.sparql

    def _headings(self, column: Column) -> list[str]:
        heading = column.labels[self.lang] + (f" ({column.unit})" if column.unit else "")
        return [heading, f"{heading} (IRI)"] if column.type == "iri" else [heading]


def _texts(column: Column, row: dict[str, Cell], swedish: bool) -> list[str]:
    cell = row.get(column.name)
    if column.type == "iri":
        label, iri = (cell.label, cell.iri or "") if cell else ("", "")
        return [_safe(label) if swedish else label, iri]
    if cell is None:
        return [""]
    if _number(column, cell) is not None:
        return [cell.value.replace(".", ",") if swedish else cell.value]
    return [_safe(cell.value) if swedish else cell.value]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(column: Column, cell: Cell) -> Decimal | None:
    if column.type not in _NUMBERS:
        return None
    try:
        number = Decimal(cell.value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _json(column: Column, cell: Cell) -> object:
    if cell.iri:
        return {"iri": cell.iri, "label": cell.label}
    number = _number(column, cell)
    if number is not None:
        return int(number) if number == number.to_integral_value() else float(number)
    if column.type == "boolean":
        return cell.value in {"true", "1"}
    return cell.value
