"""Reads a publication from files: workbooks and CSV sheets, or one file of RDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import DCTERMS, URIRef

from ..ontology.names import RT, graph_iri, slug
from ..ontology.problems import Problem, Where
from ..shapes.form import Forms, load_forms
from .csv_folder import read_csv, read_csv_folder
from .rdf import SUFFIXES, rdf_files, read_rdf
from .reading import Reading
from .references import References
from .resolver import Resolver, Unresolved
from .rows import Row, RowFinder, both, find_sheet, mint, shown
from .statements import Setting, StatementWriter
from .tables import Table, Tables
from .words import GUIDANCE_SHEETS
from .workbook import read_workbook

UNKNOWN_PUBLISHER = "unknown"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def read(
    paths: Sequence[Path], references: References, lang: str | None = None, forms: Forms | None = None
) -> Reading:
    """Read one publication.

    Args:
        paths: Its files: ``.xlsx`` workbooks, folders of ``.csv`` sheets and single such sheets taken
            together, or one RDF file, or a folder of RDF files.
        references: What cells may refer to outside the files.
        lang: The language of texts when the publication does not tell; ``None`` = Swedish.
        forms: The declarations to read by; ``None`` = those of the package.

    Returns:
        The reading. What is wrong is among its problems, never raised, and never hides what comes after it.
    """
    forms = forms or load_forms()
    if len(paths) == 1 and rdf_files(paths[0]):
        return read_rdf(paths[0])
    parts = [_read_file(path) for path in paths]
    tables = [table for part in parts for table in part.tables]
    problems = [problem for part in parts for problem in part.problems]
    reading = read_tables(tables, references, lang or "sv", forms, bool(problems))
    return Reading(
        reading.graph,
        reading.graph_iri,
        reading.publisher,
        reading.dataset,
        reading.subject,
        reading.origins,
        (*problems, *reading.problems),
    )


def read_tables(
    tables: Sequence[Table], references: References, lang: str, forms: Forms, incomplete: bool = False
) -> Reading:
    """Read one publication from tables; ``incomplete`` when some file could not be read."""
    finder = RowFinder(forms)
    rows = finder.find(tables, GUIDANCE_SHEETS)
    head = _read_head(rows, references, forms, lang)
    problems = finder.problems
    if not (incomplete and not rows):
        problems = [*problems, *head.problems, *_several(rows, tables, forms)]
    publisher, dataset = head.publisher, head.dataset
    known = graph_iri(publisher, dataset) if publisher and dataset else None
    graph = known or graph_iri(UNKNOWN_PUBLISHER, UNKNOWN_PUBLISHER)
    problems = [*problems, *mint(rows, publisher or UNKNOWN_PUBLISHER, head.prefix)]
    if head.row is not None:
        head.row.iri = graph
    resolver = Resolver(
        forms, references, rows, known, publisher or UNKNOWN_PUBLISHER, head.prefix, head.lang
    )
    setting = Setting(publisher or UNKNOWN_PUBLISHER, graph, _subject(head, resolver), head.lang, head.row)
    writer = StatementWriter(forms, resolver, setting, rows)
    for row in rows:
        if row.form.target_class != RT.Publication or row is head.row:
            writer.write(row)
    found = _in_file_order([*problems, *writer.problems], tables)
    return Reading(
        writer.graph, known, publisher, dataset, setting.subject, tuple(writer.origins), tuple(found)
    )


@dataclass
class _Head:
    """What the publication's own row says."""

    row: Row | None
    publisher: str | None
    dataset: str | None
    prefix: str | None
    lang: str
    problems: list[Problem]


def _read_head(rows: list[Row], references: References, forms: Forms, lang: str) -> _Head:
    row = next((row for row in rows if row.form.target_class == RT.Publication), None)
    head = _Head(row, None, None, None, lang, [])
    if row is None:
        return head
    dataset, prefix, language = (row.text(p) for p in (DCTERMS.identifier, RT.idPrefix, DCTERMS.language))
    if dataset:
        head.dataset = _safe(dataset.text) or None
        if head.dataset is None:
            where = row.table.where(dataset.address)
            head.problems.append(Problem("bad-name-in-identifier", where, {"value": shown(dataset.text)}))
    if prefix:
        head.prefix = _safe(prefix.text) or None
    if language:
        tag = language.text.strip().casefold()
        if _LANGUAGE.fullmatch(tag):
            head.lang = tag
        else:
            where = row.table.where(language.address)
            head.problems.append(Problem("bad-language", where, {"value": shown(language.text)}))
    head.publisher = _publisher(row, rows, references, forms, head)
    return head


def _publisher(row: Row, rows: list[Row], references: References, forms: Forms, head: _Head) -> str | None:
    """The id of the actor that the publisher's cell names: one of the workbook's own, or a known one."""
    cell = row.text(RT.publisher)
    column = next((column for column in row.form.columns if column.path == RT.publisher), None)
    if not cell or column is None or column.cls is None:
        return None
    mint(rows, UNKNOWN_PUBLISHER, head.prefix)
    resolver = Resolver(forms, references, rows, None, UNKNOWN_PUBLISHER, head.prefix, head.lang)
    actor = resolver.resource(cell.text, column.cls)
    if isinstance(actor, Unresolved):
        return None
    own, known = resolver.by_iri.get(str(actor)), references.get(actor)
    own_id = own.text(RT.publisherId) if own else None
    text = own_id.text if own_id else known.publisher_id if known else None
    if text and (publisher := _safe(text)):
        return publisher
    values = {"value": shown(cell.text)}
    head.problems.append(Problem("publisher-without-id", row.table.where(cell.address), values))
    return None


def _subject(head: _Head, resolver: Resolver) -> URIRef | None:
    cell = head.row.text(RT.subject) if head.row else None
    column = next((c for c in head.row.form.columns if c.path == RT.subject), None) if head.row else None
    if not cell or column is None or column.cls is None:
        return None
    found = resolver.resource(cell.text, column.cls)
    return None if isinstance(found, Unresolved) else found


def _several(rows: list[Row], tables: Sequence[Table], forms: Forms) -> list[Problem]:
    heads = [row for row in rows if row.form.target_class == RT.Publication]
    if len(heads) == 1:
        return []
    if heads:
        return [Problem("several-publications", row.table.where(row.head.address)) for row in heads[1:]]
    sheet = next((s for s in forms.sheets for f in s.forms if f.target_class == RT.Publication), None)
    table = next((t for t in tables if sheet and find_sheet(forms, t.sheet) is sheet), None)
    where = table.where() if table else Where(file=tables[0].file if tables else None)
    return [Problem("no-publication", where, both("sheet", sheet.names if sheet else {}))]


def _in_file_order(problems: list[Problem], tables: Sequence[Table]) -> list[Problem]:
    place = {(table.file, table.sheet): i for i, table in enumerate(tables)}

    def position(problem: Problem) -> tuple[int, int, int, str]:
        cell = problem.where.cell or ""
        letters = cell.rstrip("0123456789")
        row = cell[len(letters) :]
        table = place.get((problem.where.file or "", problem.where.sheet or ""), -1)
        return (table, int(row or 0), len(letters), letters)

    return sorted(problems, key=position)


def _safe(text: str) -> str:
    text = text.strip()
    return text if _SAFE.fullmatch(text) else slug(text)


def _read_file(path: Path) -> Tables:
    where = Where(file=path.name)
    suffix = path.suffix.casefold()
    if path.is_dir():
        return read_csv_folder(path)
    if not path.is_file():
        return Tables(problems=(Problem("file-not-found", where),))
    if suffix == ".xlsx":
        return read_workbook(path)
    if suffix == ".csv":
        return read_csv(path)
    if suffix in (".xlsm", ".xltm", ".xlam"):
        return Tables(problems=(Problem("file-has-macros", where),))
    if suffix in SUFFIXES:
        return Tables(problems=(Problem("rdf-with-other-files", where),))
    return Tables(problems=(Problem("file-kind-unknown", where, {"suffix": path.suffix or "–"}),))
