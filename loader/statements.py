"""Second pass: turns rows into statements, each with the cell that it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import PROV
from rdflib.term import Node

from ..ontology.names import RT
from ..ontology.problems import LANGS, Problem
from ..shapes.form import SEPARATOR, Column, Form, Forms
from .nested_names import NestedNames
from .reading import Origin
from .references import is_iri, normal
from .resolver import Resolver, Unresolved
from .rows import Row, both, shown
from .tables import Cell
from .values import MAX_TEXT, parse, split_values

KEY_SEPARATOR = " · "
TEXT_PAIR_SEPARATOR = "|"


@dataclass(frozen=True)
class Setting:
    """What holds for every row of a publication; cells are those of the publication's own row."""

    publisher: str
    graph_iri: URIRef
    subject: URIRef | None
    lang: str
    publication: Row | None


class StatementWriter:
    """Writes the statements of rows into a graph, with origins and problems."""

    def __init__(self, forms: Forms, resolver: Resolver, setting: Setting, rows: Iterable[Row]) -> None:
        self.forms = forms
        self.resolver = resolver
        self.setting = setting
        self.graph = Graph()
        self.origins: list[Origin] = []
        self.problems: list[Problem] = []
        self._missing_headings: set[tuple[int, str]] = set()
        self.names = NestedNames(setting.publisher, rows)

    def write(self, row: Row) -> None:
        """Write one row and the nested nodes that are folded into it."""
        self._write_type(row, row.iri, row.form, row.head)
        for column in row.form.columns:
            if column.nested is None:
                self._write_column(row, column)
            elif column.fold_each:
                self._write_each(row, column, column.nested)
            else:
                self._write_numbered(row, column, column.nested)
        if row.form.label is None:
            self._write_key_label(row)

    def _write_type(self, row: Row, iri: URIRef, form: Form, head: Cell) -> None:
        self._add(row, head, iri, RDF.type, form.target_class)
        setting, own = self.setting, self.setting.publication
        if row is own and iri == row.iri:
            self._add(row, head, iri, RDF.type, PROV.Activity)
            return
        if own is None:
            return
        from_dataset = own.text(URIRef("http://purl.org/dc/terms/identifier")) or own.head
        self._add(own, from_dataset, iri, RT.inPublication, setting.graph_iri)
        if setting.subject is not None:
            self._add(own, own.text(RT.subject) or own.head, iri, RT.about, setting.subject)

    def _write_column(self, row: Row, column: Column) -> None:
        cell = row.cell(column)
        if cell is None or not cell:
            self._note_empty(row, row.iri, column, cell)
        else:
            self._write_cell(row, row.iri, column, cell, self.setting.lang)
        for lang, twin in row.twins(column):
            if twin:
                self._write_cell(row, row.iri, column, twin, lang)

    def _write_cell(self, row: Row, iri: URIRef, column: Column, cell: Cell, lang: str) -> None:
        for term in self._terms(row, column, cell, cell.text.strip(), lang):
            if column.inverse and isinstance(term, URIRef):
                self._add(row, cell, term, column.path, iri)
            elif not column.inverse:
                self._add(row, cell, iri, column.path, term)

    def _terms(self, row: Row, column: Column, cell: Cell, text: str, lang: str) -> list[Node]:
        if column.refers_to_column:
            return self._properties(row, column, cell, text)
        if column.datatype is None:
            if len(text) > MAX_TEXT:
                values = {"length": len(text), "limit": MAX_TEXT}
                self._problem("text-too-long", row, cell, column, values)
                return []
            found = self.resolver.values(column, text)
            for value in found:
                if isinstance(value, Unresolved):
                    self._problem(value.code, row, cell, column, value.values)
            return [value for value in found if not isinstance(value, Unresolved)]
        texts = split_values(text, column.separator) if column.separator else [text]
        return [term for one in texts if (term := self._literal(row, column, cell, one, lang)) is not None]

    def _literal(self, row: Row, column: Column, cell: Cell, text: str, lang: str) -> Literal | None:
        parsed = parse(column, text, lang)
        if parsed.code:
            values = {"value": shown(text), **parsed.values}
            self._problem(parsed.code, row, cell, column, values, parsed.severity)
        return parsed.term

    def _properties(self, row: Row, column: Column, cell: Cell, text: str) -> list[Node]:
        names = self._column_names()
        found: list[Node] = []
        for name in split_values(text, column.separator or ";"):
            if is_iri(name):
                found.append(URIRef(name))
            elif normal(name) in names:
                found.extend(sorted(names[normal(name)]))
            else:
                self._problem("unknown-column-name", row, cell, column, {"value": shown(name)})
        return found

    def _column_names(self) -> dict[str, set[URIRef]]:
        return property_names(self.forms)

    def _write_numbered(self, row: Row, column: Column, form: Form) -> None:
        for number in row.numbers(column):
            iri = self.names.iri(row, form, str(number))
            cells = [(n, c) for n in form.columns if (c := row.cell(column, n, number)) is not None]
            head = next(cell for _, cell in cells if cell)
            self._write_type(row, iri, form, head)
            self._link(row, column, iri, head)
            for nested, cell in cells:
                if cell:
                    self._write_cell(row, iri, nested, cell, self.setting.lang)
                else:
                    self._note_empty(row, iri, nested, cell)

    def _write_each(self, row: Row, column: Column, form: Form) -> None:
        key = next(nested for nested in form.columns if nested.iri == column.fold_each)
        key_cell = row.cell(column, key)
        key = replace(key, separator=key.separator or SEPARATOR)
        others = [(n, c) for n in form.columns if n.iri != key.iri and (c := row.cell(column, n)) is not None]
        filled = [(nested, cell) for nested, cell in others if cell]
        if key_cell is None or not key_cell:
            for nested, cell in filled:
                self._problem("nested-without-key", row, cell, nested, both("key", key.names))
            return
        found = self._terms(row, key, key_cell, key_cell.text.strip(), self.setting.lang)
        nodes = self.names.each(row, form, (value for value in found if isinstance(value, URIRef)))
        for end, iri in nodes.items():
            self._write_type(row, iri, form, key_cell)
            self._link(row, column, iri, key_cell)
            self._add(row, key_cell, iri, key.path, end)
        for nested, cell in filled:
            self._write_shared(row, list(nodes.values()), nested, cell, len(found))

    def _write_shared(self, row: Row, nodes: list[URIRef], nested: Column, cell: Cell, count: int) -> None:
        """A cell beside several nodes: one value for all, or as many values as there are nodes."""
        text, lang = cell.text.strip(), self.setting.lang
        parts = [part.strip() for part in text.split(pair_separator(nested))]
        if len(nodes) > 1 and len(nodes) == count == len(parts):
            for iri, part in zip(nodes, parts, strict=True):
                for term in self._terms(row, nested, cell, part, lang) if part else ():
                    self._add(row, cell, iri, nested.path, term)
        else:
            for term in self._terms(row, nested, cell, text, lang):
                for iri in nodes:
                    self._add(row, cell, iri, nested.path, term)

    def _link(self, row: Row, column: Column, node: URIRef, cell: Cell) -> None:
        if column.inverse:
            self._add(row, cell, node, column.path, row.iri)
        else:
            self._add(row, cell, row.iri, column.path, node)

    def _write_key_label(self, row: Row) -> None:
        texts = []
        for column in row.form.key:
            cell = row.cell(column)
            if cell is None or not cell:
                continue
            values = list(self.graph.objects(row.iri, column.path))
            names = [self.resolver.label(v) if isinstance(v, URIRef) else str(v) for v in values]
            texts.extend(sorted(names) or [cell.text.strip()])
        label = Literal(KEY_SEPARATOR.join(texts), lang=self.setting.lang)
        self._add(row, row.head, row.iri, RDFS.label, label)

    def _note_empty(self, row: Row, iri: URIRef, column: Column, cell: Cell | None) -> None:
        if cell is not None:
            self._origin(row, cell, iri, column.path)
        if not column.required:
            return
        if cell is not None:
            self._problem("missing-cell", row, cell, column)
        elif (id(row.table), column.iri) not in self._missing_headings:
            self._missing_headings.add((id(row.table), column.iri))
            header = row.table.header()[1]
            self._problem("missing-heading", row, header[0], column)

    def _add(self, row: Row, cell: Cell, subject: Node, prop: URIRef, value: Node) -> None:
        triple = (subject, prop, value)
        if triple not in self.graph:
            self.graph.add(triple)
            self._origin(row, cell, subject, prop)

    def _origin(self, row: Row, cell: Cell, subject: Node, prop: URIRef) -> None:
        table = row.table
        self.origins.append(
            Origin(str(subject), str(prop), table.file, table.sheet, cell.address, cell.text.strip())
        )

    def _problem(
        self,
        code: str,
        row: Row,
        cell: Cell,
        column: Column,
        values: object = None,
        severity: str = "violation",
    ) -> None:
        given = {**both("column", column.names), **(values if isinstance(values, dict) else {})}
        where = row.table.where(cell.address)
        self.problems.append(Problem(code, where, given, severity))  # type: ignore[arg-type]


def property_names(forms: Forms) -> dict[str, set[URIRef]]:
    """The properties that each column name stands for, over all sheets and both languages."""
    names: dict[str, set[URIRef]] = {}
    for form in forms.all:
        for column in form.columns:
            for lang in LANGS:
                if column.nested is None and lang in column.names:
                    names.setdefault(normal(column.names[lang]), set()).add(column.path)
    return names


def pair_separator(nested: Column) -> str:
    """What stands between values that belong to one node each: texts may hold semicolons."""
    return ";" if nested.datatype is None else TEXT_PAIR_SEPARATOR
