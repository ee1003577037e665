"""What our words correspond to in other vocabularies.

The correspondences stand in SSSOM tables (``mappings/*.sssom.tsv``), one per foreign vocabulary,
and one for the terms that have none. The foreign terms stand in ``mappings/terms/*.tsv`` with the
file and version that each list was read from, so that every table can be checked without a network.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from .problems import Problem, RodtradError, Where

FOLDER = Path(__file__).parent / "mappings"
TABLE, TERM_LIST = ".sssom.tsv", ".tsv"
SSSOM = Namespace("https://w3id.org/sssom/")
NO_TERM = SSSOM.NoTermFound
PREDICATES = (
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
)

_PREFIXES = {
    "skos": str(SKOS),
    "owl": str(OWL),
    "rdfs": str(RDFS),
    "semapv": "https://w3id.org/semapv/vocab/",
    "sssom": str(SSSOM),
}
_TABLE_KEYS = (
    "curie_map",
    "license",
    "mapping_date",
    "mapping_set_id",
    "mapping_set_title",
    "mapping_set_version",
    "subject_source",
)
_LIST_KEYS = ("date", "licence", "read_from", "title", "version", "vocabulary")
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "object_source",
    "mapping_justification",
    "confidence",
    "mapping_cardinality",
    "author_label",
    "comment",
)


@dataclass(frozen=True)
class ForeignTerm:
    """A term of another vocabulary; ``kind`` is class, property or concept."""

    iri: URIRef
    label: str
    kind: str
    vocabulary: str


@dataclass(frozen=True)
class Vocabulary:
    """A foreign vocabulary as we have read it; ``key`` names its files and ``read_from`` their origin."""

    key: str
    iri: str
    title: str
    version: str
    date: str
    licence: str
    read_from: str
    note: str
    terms: tuple[ForeignTerm, ...]


@dataclass(frozen=True)
class Mapping:
    """One row of a table. ``target`` is None where no term was found; ``confidence`` is 0–1."""

    subject: URIRef
    subject_label: str
    predicate: URIRef
    target: URIRef | None
    target_label: str
    target_source: str
    justification: str
    confidence: float
    cardinality: str
    author: str
    comment: str
    file: str
    line: int

    @property
    def where(self) -> Where:
        """The row: file and line, and our term."""
        return Where(file=f"{self.file}:{self.line}", iri=str(self.subject))


@dataclass(frozen=True)
class Table:
    """A mapping table as read: its metadata, its rows, and what made a row unreadable."""

    file: str
    metadata: dict[str, Any]
    rows: tuple[Mapping, ...]
    problems: tuple[Problem, ...] = field(default=())


def table_files() -> tuple[Path, ...]:
    """Every mapping table, in a fixed order."""
    return tuple(sorted(FOLDER.glob(f"*{TABLE}")))


def term_list_files() -> tuple[Path, ...]:
    """Every list of foreign terms, in a fixed order."""
    return tuple(sorted((FOLDER / "terms").glob(f"*{TERM_LIST}")))


@cache
def mappings() -> tuple[Mapping, ...]:
    """Every row of every table, with those that say that no term was found.

    Raises:
        RodtradError: ``mapping-table`` for a table that cannot be read.
    """
    tables = [read_table(path) for path in table_files()]
    problems = [problem for table in tables for problem in table.problems]
    if problems:
        raise RodtradError(problems)
    return tuple(row for table in tables for row in table.rows)


@cache
def vocabularies() -> tuple[Vocabulary, ...]:
    """The foreign vocabularies with the terms that we know of them.

    Raises:
        RodtradError: ``mapping-table`` for a list that cannot be read.
    """
    return tuple(read_terms(path) for path in term_list_files())


def mapping_triples(rows: Sequence[Mapping] | None = None) -> Iterator[tuple[URIRef, URIRef, URIRef]]:
    """The correspondences as statements, without the rows that found no term."""
    for row in mappings() if rows is None else rows:
        if row.target is not None:
            yield row.subject, row.predicate, row.target


def foreign_names(graph: Graph) -> Iterator[tuple[URIRef, URIRef, Node]]:
    """What the mapped foreign terms and their vocabularies are called, so that an answer can name them.

    A term that ``graph`` has a name for keeps it.
    """
    targets = {row.target for row in mappings()}
    titles: dict[str, list[str]] = {}
    for vocabulary in vocabularies():
        terms = [term for term in vocabulary.terms if term.iri in targets]
        if terms:
            titles.setdefault(vocabulary.iri, []).append(vocabulary.title)
            yield URIRef(vocabulary.iri), SKOS.notation, Literal(vocabulary.key)
        for term in terms:
            yield term.iri, RDFS.isDefinedBy, URIRef(vocabulary.iri)
            if (term.iri, RDFS.label, None) not in graph:
                yield term.iri, RDFS.label, Literal(term.label, lang="en")
    # Two vocabularies of one publisher may share a namespace.
    for iri, names in titles.items():
        yield URIRef(iri), RDF.type, DCTERMS.Standard
        yield URIRef(iri), RDFS.label, Literal("; ".join(names), lang="en")


def read_table(path: Path) -> Table:
    """Read one SSSOM table; faults are given with their line, and the rows without fault are kept."""
    try:
        header, body = _parts(path)
        metadata = _metadata(header, _TABLE_KEYS)
    except _Fault as fault:
        return Table(path.name, {}, (), (_problem(path, fault),))
    lines = _lines(body, len(header))
    first = next(lines, (len(header) + 1, []))
    if tuple(first[1]) != _COLUMNS:
        fault = _Fault(first[0], "columns: " + ", ".join(_COLUMNS))
        return Table(path.name, metadata, (), (_problem(path, fault),))
    rows, problems = [], []
    prefixes = _PREFIXES | metadata["curie_map"]
    for number, cells in lines:
        try:
            rows.append(_row(path, number, cells, prefixes))
        except _Fault as fault:
            problems.append(_problem(path, fault))
    return Table(path.name, metadata, tuple(rows), tuple(problems))


def read_terms(path: Path) -> Vocabulary:
    """Read one list of foreign terms.

    Raises:
        RodtradError: ``mapping-table`` naming file and line.
    """
    key = path.name.removesuffix(TERM_LIST)
    try:
        header, body = _parts(path)
        about = _metadata(header, _LIST_KEYS)
        terms = []
        for number, cells in _lines(body, len(header)):
            if len(cells) != 3 or (cells[2] not in ("kind", "class", "property", "concept")):
                raise _Fault(number, "iri, label, kind (class|property|concept)")
            if cells[2] != "kind":
                terms.append(ForeignTerm(URIRef(cells[0]), cells[1], cells[2], key))
    except _Fault as fault:
        raise RodtradError(_problem(path, fault)) from None
    return Vocabulary(
        key=key,
        iri=about["vocabulary"],
        title=about["title"],
        version=str(about["version"]),
        date=str(about["date"]),
        licence=about["licence"],
        read_from=about["read_from"],
        note=about.get("note", ""),
        terms=tuple(terms),
    )


class _Fault(Exception):
    """What is wrong on a line of a table."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def _parts(path: Path) -> tuple[list[str], list[str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise _Fault(1, str(error)) from None
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return lines[:end], lines[end:]


def _metadata(header: Sequence[str], needed: Sequence[str]) -> dict[str, Any]:
    try:
        data = yaml.safe_load("\n".join(line.removeprefix("#") for line in header))
    except yaml.YAMLError as error:
        raise _Fault(1, str(error).splitlines()[0]) from None
    missing = [key for key in needed if key not in (data if isinstance(data, dict) else {})]
    if missing:
        raise _Fault(1, ", ".join(missing))
    return data


def _lines(body: Sequence[str], offset: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(csv.reader(body, delimiter="\t", quoting=csv.QUOTE_NONE), offset + 1):
        if cells:
            yield number, cells


def _row(path: Path, number: int, cells: Sequence[str], prefixes: dict[str, str]) -> Mapping:
    if len(cells) != len(_COLUMNS):
        raise _Fault(number, f"{len(cells)} ≠ {len(_COLUMNS)}")
    cell = dict(zip(_COLUMNS, cells, strict=True))
    target = _expanded(cell["object_id"], prefixes, number)
    try:
        confidence = float(cell["confidence"])
    except ValueError:
        raise _Fault(number, f"confidence: {cell['confidence']!r}") from None
    return Mapping(
        subject=_expanded(cell["subject_id"], prefixes, number),
        subject_label=cell["subject_label"],
        predicate=_expanded(cell["predicate_id"], prefixes, number),
        target=None if target == NO_TERM else target,
        target_label=cell["object_label"],
        target_source=cell["object_source"],
        justification=cell["mapping_justification"],
        confidence=confidence,
        cardinality=cell["mapping_cardinality"],
        author=cell["author_label"],
        comment=cell["comment"],
        file=path.name,
        line=number,
    )


def _expanded(name: str, prefixes: dict[str, str], number: int) -> URIRef:
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in prefixes:
        raise _Fault(number, f"prefix: {name!r}")
    return URIRef(prefixes[prefix] + local)


def _problem(path: Path, fault: _Fault) -> Problem:
    return Problem("mapping-table", Where(file=f"{path.name}:{fault.line}"), {"fault": str(fault)})
