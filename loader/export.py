"""Turns a publication back into the sheets that it could have been read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rdflib import DCTERMS, RDF, XSD, Graph, Literal, URIRef
from rdflib.compare import to_isomorphic
from rdflib.term import Node

from ..ontology.names import GRAPH, RT
from ..ontology.problems import LANGS, Problem, RodtradError, Where
from ..shapes.form import SEPARATOR, Column, Form, Forms, Sheet, load_forms
from . import words
from .csv_folder import read_csv_folder
from .csv_writer import write_csv_sheets
from .layout import Heading, Slot, find_heading, headings
from .nested_names import NestedNames
from .ntriples import ntriples
from .reader import read_tables
from .references import References, normal
from .resolver import Resolver
from .rows import Key, Row, find_sheet, local_id
from .statements import pair_separator, property_names
from .tables import Cell, Table
from .values import join_values
from .workbook import clean
from .workbook_writer import Content, write_sheets

_DIGITS = re.compile(r"(\d+)")
_End = tuple[URIRef, Node]


def write_workbook(
    graph: Graph,
    path: Path,
    lang: str = "sv",
    references: References | None = None,
    forms: Forms | None = None,
) -> tuple[Problem, ...]:
    """Write a publication as a workbook in the layout of the template.

    Args:
        references: Names of what the publication refers to; without them such references are whole addresses.

    Returns:
        A warning when something of the publication has no place in a workbook.

    Raises:
        RodtradError: The graph does not hold exactly one publication.
    """
    export = Export(graph, lang, references, forms)
    write_sheets(path, lang, export.contents)
    return export.losses()


def write_csv_folder(
    graph: Graph,
    path: Path,
    lang: str = "sv",
    references: References | None = None,
    forms: Forms | None = None,
) -> tuple[Problem, ...]:
    """Write a publication as a folder of CSV sheets; as ``write_workbook`` in all else."""
    export = Export(graph, lang, references, forms)
    write_csv_sheets(path, lang, export.contents)
    return export.losses()


def build_workbook(csv_folder: Path, xlsx: Path, forms: Forms | None = None) -> None:
    """Build the workbook of a folder of CSV sheets, with the cells as they are and the template's layout.

    Raises:
        RodtradError: The folder cannot be read, or has a sheet that the template does not have.
    """
    forms = forms or load_forms()
    tables = read_csv_folder(csv_folder)
    problems = list(tables.problems)
    placed: dict[URIRef, Table] = {}
    for table in tables.tables:
        sheet = find_sheet(forms, table.sheet)
        if sheet is None:
            values = {"value": table.sheet, "nearest": "–", "allowed_sv": "–", "allowed_en": "–"}
            problems.append(Problem("unknown-sheet", table.where(), values))
        else:
            placed[sheet.iri] = table
    if problems:
        raise RodtradError(problems)
    lang = _language_of(forms, placed)
    write_sheets(xlsx, lang, [_as_template(sheet, lang, placed.get(sheet.iri)) for sheet in forms.sheets])


class Export:
    """The sheets of one publication; ``contents`` has one entry for each declared sheet."""

    def __init__(self, graph: Graph, lang: str, references: References | None, forms: Forms | None) -> None:
        found = sorted(s for s in graph.subjects(RDF.type, RT.Publication) if isinstance(s, URIRef))
        if len(found) != 1:
            code = "rdf-several-publications" if found else "rdf-no-publication"
            raise RodtradError(Problem(code, Where(), {"count": len(found), "found": ", ".join(found[:5])}))
        self.graph = graph
        self.lang = lang
        self.iri = found[0]
        self.publisher, _, self.dataset = self.iri.removeprefix(GRAPH).partition("/")
        self.forms = forms or load_forms()
        self.references = references or References.from_ntriples(self._assumed())
        language, prefix = graph.value(self.iri, DCTERMS.language), graph.value(self.iri, RT.idPrefix)
        self.text_lang = str(language) if language else "sv"
        self.prefix = str(prefix) if prefix else None
        self.rows = {sheet.iri: self._rows(sheet) for sheet in self.forms.sheets}
        self.all_rows = [row for rows in self.rows.values() for row in rows]
        self.resolver = Resolver(
            self.forms, self.references, self.all_rows, self.iri, self.publisher, self.prefix, self.text_lang
        )
        self.names = NestedNames(self.publisher, self.all_rows)
        for row in self.all_rows:
            self._fill(row)
        self.contents = [self._content(sheet) for sheet in self.forms.sheets]

    def losses(self) -> tuple[Problem, ...]:
        """What reading the sheets again would not give back."""
        tables = [_table(content, self.lang) for content in self.contents]
        again = read_tables(tables, self.references, self.text_lang, self.forms)
        lost = to_isomorphic(self.graph) - to_isomorphic(again.graph)
        if not lost:
            return ()
        subjects = sorted({str(s) for s in lost.subjects()})
        values = {"count": len(lost), "resources": len(subjects), "first": subjects[0]}
        return (Problem("not-in-workbook", Where(iri=subjects[0]), values, "warning"),)

    def _assumed(self) -> bytes:
        """What the publication refers to, taken to be of the right class: nothing else is known of it."""
        assumed = Graph()
        for form in self.forms.all:
            for column in form.columns:
                if column.cls is not None:
                    values = (o for o in self.graph.objects(None, column.path) if isinstance(o, URIRef))
                    for value in values:
                        assumed.add((value, RDF.type, column.cls))
        for actor in self.graph.objects(self.iri, RT.publisher):
            assumed.add((actor, RT.publisherId, Literal(self.publisher)))
        return ntriples(assumed)

    def _rows(self, sheet: Sheet) -> list[Row]:
        rows = []
        for form in sheet.forms:
            found = (s for s in self.graph.subjects(RDF.type, form.target_class) if isinstance(s, URIRef))
            for iri in sorted(found, key=_natural):
                head = Cell("–", f"A{len(rows) + 2}")
                row = Row(form, Table("", sheet.names[self.lang], ()), {}, head, iri=iri)
                row.local = iri.rsplit("/", 1)[-1]
                # Names come first: references are written as names only where these are unambiguous.
                for column in form.columns:
                    if column.datatype is not None:
                        self._write_literals(row, Slot(column), iri)
                rows.append(row)
        return rows

    def _fill(self, row: Row) -> None:
        for column in row.form.columns:
            nodes = sorted(self._values(row.iri, column), key=_natural)
            if column.nested is None and column.datatype is None:
                self._write_references(row, Slot(column), [n for n in nodes if isinstance(n, URIRef)])
            elif column.nested is not None and column.fold_each:
                self._write_each(row, column, column.nested, nodes)
            elif column.nested is not None:
                for number, node in self._numbered(row, nodes):
                    for nested in column.nested.columns:
                        self._write_nested(row, Slot(column, nested, number), node)
        bare = row.local
        if self.prefix and bare.startswith(f"{self.prefix}-"):
            bare = bare[len(self.prefix) + 1 :]
        if row.form.target_class != RT.Publication and local_id(row) != bare:
            row.id_cell = Cell(bare, "")

    def _values(self, subject: Node, column: Column) -> list[Node]:
        if column.inverse:
            return list(self.graph.subjects(column.path, subject))
        return list(self.graph.objects(subject, column.path))

    def _write_literals(self, row: Row, slot: Slot, subject: Node) -> None:
        leaf = slot.leaf
        by_lang: dict[str | None, list[str]] = {}
        for value in sorted(self._values(subject, leaf), key=_natural):
            if isinstance(value, Literal):
                lang = value.language if value.language != self.text_lang else None
                by_lang.setdefault(lang if leaf.is_text else None, []).append(self._word(value))
        for lang, texts in by_lang.items():
            text = join_values(texts, leaf.separator) if leaf.separator else texts[0]
            self._set(row, replace(slot, lang=lang), text)

    def _word(self, value: Literal) -> str:
        if value.datatype == XSD.boolean:
            return words.YES_NO[self.lang][0 if str(value) in ("true", "1") else 1]
        return str(value)

    def _write_nested(self, row: Row, slot: Slot, node: Node) -> None:
        if slot.leaf.datatype is not None:
            self._write_literals(row, slot, node)
        else:
            values = (v for v in self._values(node, slot.leaf) if isinstance(v, URIRef))
            self._write_references(row, slot, sorted(values, key=_natural))

    def _write_each(self, row: Row, column: Column, form: Form, nodes: list[Node]) -> None:
        key = next(nested for nested in form.columns if nested.iri == column.fold_each)
        ends = [(end, node) for node in nodes for end in self._values(node, key) if isinstance(end, URIRef)]
        ends.sort(key=lambda pair: _natural(pair[0]))
        while ends != (kept := self._named_alike(row, form, ends)):
            ends = kept
        several = replace(key, separator=key.separator or SEPARATOR)
        self._write_references(row, Slot(column, several), [end for end, _ in ends])
        for nested in form.columns:
            if nested is key:
                continue
            texts = []
            for _, node in ends:
                scratch = Row(row.form, row.table, {}, row.head)
                self._write_nested(scratch, Slot(column, nested), node)
                texts.append(next(iter(scratch.cells.values()), Cell("", "")).text)
            shared = texts[0] if len(set(texts)) == 1 else f" {pair_separator(nested)} ".join(texts)
            self._set(row, Slot(column, nested), shared if texts else "")

    def _named_alike(self, row: Row, form: Form, ends: list[_End]) -> list[_End]:
        """Those that reading the cell again would call the same: any other would come back as a new node."""
        names = self.names.each(row, form, (end for end, _ in ends))
        return [(end, node) for end, node in ends if names[end] == node]

    def _write_references(self, row: Row, slot: Slot, iris: list[URIRef]) -> None:
        leaf = slot.leaf
        if leaf.refers_to_column:
            self._set(row, slot, join_values(self._column_names(set(iris)), leaf.separator or SEPARATOR))
            return
        texts = [self._reference(leaf, iri) for iri in iris]
        joined = f"{leaf.separator or SEPARATOR} ".join(texts)
        if len(iris) > 1 and self.resolver.values(leaf, joined) != iris:
            joined = f"{leaf.separator or SEPARATOR} ".join(map(str, iris))
        self._set(row, slot, joined)

    def _reference(self, column: Column, iri: URIRef) -> str:
        """The shortest text that leads to the resource: its name, else its Id, else its address."""
        known, own = self.references.get(str(iri)), self.resolver.by_iri.get(str(iri))
        options: list[str | None] = []
        if column.scheme is not None:
            options = [known.label(self.lang), known.notation] if known else []
        elif own is not None:
            short = own.local.removeprefix(f"{self.prefix}-") if self.prefix else own.local
            options = [next((text for rank, text in own.names() if rank == 0), None), short, own.local]
        elif known is not None:
            options = [known.label(self.text_lang)]
        single = replace(column, separator=None)
        fitting = (text for text in options if text and "\n" not in text)
        return next((text for text in fitting if self.resolver.values(single, text) == [iri]), str(iri))

    def _column_names(self, wanted: set[URIRef]) -> list[str]:
        """Names of columns that together stand for these properties and no others."""
        names = property_names(self.forms)
        columns = [column for form in self.forms.all for column in form.columns if column.nested is None]
        chosen: list[str] = []
        left = set(wanted)
        for column in columns:
            name = column.names.get(self.lang, "")
            paths = names.get(normal(name), set())
            if paths & left and paths <= wanted:
                chosen.append(name)
                left -= paths
        return [*chosen, *sorted(left)]

    def _numbered(self, row: Row, nodes: list[Node]) -> list[tuple[int, Node]]:
        """Each nested node with the number that its identifier ends in, or else the next free one."""
        placed: dict[int, Node] = {}
        others: list[Node] = []
        for node in nodes:
            last = str(node).rpartition("-")[2]
            number = int(last) if last.isascii() and last.isdecimal() and len(last) <= 3 else 0
            if number > 0 and number not in placed:
                placed[number] = node
            else:
                others.append(node)
        free = (number for number in range(1, len(nodes) + 1000) if number not in placed)
        for node in others:
            placed[next(free)] = node
        return sorted(placed.items())

    def _set(self, row: Row, slot: Slot, text: str) -> None:
        if text:
            row.cells[slot.key] = Cell(text, "")

    def _content(self, sheet: Sheet) -> Content:
        rows = self.rows[sheet.iri]
        columns = _with_extras(sheet, self.lang, ((row.form, key) for row in rows for key in row.cells))
        texts = [[self._text(row, heading) for heading in columns] for row in rows]
        return Content(sheet, columns, texts)

    def _text(self, row: Row, heading: Heading) -> str:
        if heading.is_class:
            return row.form.names[self.lang]
        if heading.is_id:
            return row.id_cell.text if row.id_cell else ""
        slot = heading.slot(row.form)
        cell = row.cells.get(slot.key) if slot else None
        return cell.text if cell else ""


def _with_extras(sheet: Sheet, lang: str, used: Iterable[tuple[Form, Key]]) -> list[Heading]:
    """The template's headings, with more numbers and with languages where cells need them."""
    used = list(used)
    counts: dict[str, int] = {}
    for _, (column, _, number, _) in used:
        counts[column] = max(counts.get(column, 0), number or 0)
    found = headings(sheet, lang, counts)
    twins = sorted({(str(form.iri), str(key[0]), key[3]) for form, key in used if key[3]})
    for form_iri, column_iri, twin_lang in twins:
        base = next(i for i, h in enumerate(found) if _stands_for(h, form_iri, column_iri))
        slot = Slot(found[base].slots[form_iri].column, lang=twin_lang)
        text = slot.title(lang)
        same = next((h for h in found if h.text == text), None)
        if same is None:
            found.insert(base + 1, same := Heading(text))
        same.slots[form_iri] = slot
    return found


def _stands_for(heading: Heading, form: str, column: str) -> bool:
    slot = heading.slots.get(form)
    return slot is not None and slot.lang is None and str(slot.column.iri) == str(column)


def _table(content: Content, lang: str) -> Table:
    rows = [tuple(h.text for h in content.headings), *(tuple(map(clean, row)) for row in content.rows)]
    return Table("", content.sheet.names[lang], tuple(rows) if content.rows else ())


def _as_template(sheet: Sheet, lang: str, table: Table | None) -> Content:
    if table is None:
        return Content(sheet, headings(sheet, lang))
    number, header = table.header()
    meant = [find_heading(sheet, cell.text) or Heading(cell.text) for cell in header]
    forms = {str(form.iri): form for form in sheet.forms}
    used = [(forms[i], slot.key) for h in meant for i, slot in h.slots.items()]
    columns = _with_extras(sheet, lang, used)
    places: list[int] = []
    for heading in meant:
        place = next((i for i, known in enumerate(columns) if _same(known, heading)), None)
        if place is None or place in places:
            columns.append(heading)
            place = len(columns) - 1
        places.append(place)
    rows = []
    for texts in table.rows[number + 1 :]:
        row = [""] * len(columns)
        for place, text in zip(places, texts, strict=False):
            row[place] = text
        rows.append(row)
    return Content(sheet, columns, rows)


def _same(one: Heading, other: Heading) -> bool:
    if one.is_class or one.is_id or not one.slots:
        return (one.is_class, one.is_id, one.text) == (other.is_class, other.is_id, other.text) or (
            one.is_class and other.is_class
        )
    return {i: s.key for i, s in one.slots.items()} == {i: s.key for i, s in other.slots.items()}


def _language_of(forms: Forms, placed: Mapping[URIRef, Table]) -> str:
    """The language in which most headings are written."""
    counts = dict.fromkeys(LANGS, 0)
    for sheet in forms.sheets:
        if sheet.iri in placed:
            texts = {normal(cell.text) for cell in placed[sheet.iri].header()[1]}
            for lang in LANGS:
                counts[lang] += sum(normal(heading.text) in texts for heading in headings(sheet, lang))
    return max(LANGS, key=lambda lang: counts[lang])


def _natural(term: object) -> tuple[Sequence[object], str]:
    """Order in which 2 comes before 10."""
    parts = [(int(p), "") if p.isdecimal() and p.isascii() else (0, p) for p in _DIGITS.split(str(term))]
    return parts, str(getattr(term, "language", "") or "")
