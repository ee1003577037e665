"""Reads a publication that is written in RDF."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.sax import SAXException

from rdflib import RDF, XSD, BNode, Dataset, Graph, Literal, URIRef
from rdflib.exceptions import ParserError
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from ..ontology.context import CONTEXT_IRI
from ..ontology.names import GRAPH, RT
from ..ontology.problems import Problem, Where
from .archive_guard import MAX_ENTRY_BYTES
from .jsonld import with_our_context
from .ntriples import is_statement
from .reading import Reading
from .values import canonical

SUFFIXES = {
    ".ttl": "turtle",
    ".nt": "nt",
    ".trig": "trig",
    ".nq": "nquads",
    ".jsonld": "json-ld",
    ".rdf": "xml",
}
_PUBLICATION = re.compile(re.escape(str(GRAPH)) + r"([A-Za-z0-9._-]+)/([A-Za-z0-9._-]+)")
_SYNTAX_ERRORS = (
    BadSyntax,
    ParserError,
    SAXException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    RecursionError,
)
_WHOLE_NUMBERS = {
    XSD[name] for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
}


class _Refused(Exception):
    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def rdf_files(path: Path) -> list[Path]:
    """The RDF files that make one publication: the file itself, or those of a folder without sheets."""
    if path.is_dir():
        return [] if any(path.glob("*.csv")) else [f for f in sorted(path.iterdir()) if _is_rdf(f)]
    return [path] if _is_rdf(path) else []


def _is_rdf(path: Path) -> bool:
    return path.suffix.casefold() in SUFFIXES and path.is_file()


def read_rdf(path: Path) -> Reading:
    """Read one RDF file, or all those of a folder taken together, as one publication.

    The publication is described once, in the graph that it names, and there are no blank nodes.
    Each typed resource gets its publication and the region that it is about, as rows of a workbook do.
    """
    graph = Graph()
    name = path.name
    try:
        files = rdf_files(path)
        if sum(file.stat().st_size for file in files) > MAX_ENTRY_BYTES:
            raise _Refused("file-too-large", limit=f"{MAX_ENTRY_BYTES // 2**20} MB")
        datasets = []
        for file in files:
            name = file.name if file == path else f"{path.name}/{file.name}"
            data = file.read_bytes()
            _check_text(data)
            datasets.append(_parse(data, SUFFIXES[file.suffix.casefold()]))
        name = path.name
        graph = _merged(datasets)
        iri = _publication(graph)
        _check_graphs(datasets, iri)
    except _Refused as refused:
        problem = Problem(refused.code, Where(file=name), refused.values)
        return Reading(graph, None, None, None, None, (), (problem,))
    match = _PUBLICATION.fullmatch(iri)
    assert match is not None
    subjects = [s for s in graph.objects(iri, RT.subject) if isinstance(s, URIRef)]
    subject = subjects[0] if len(subjects) == 1 else None
    _complete(graph, iri, subject)
    problems = tuple(_blank_nodes(graph, path.name))
    return Reading(graph, iri, match[1], match[2], subject, (), problems)


def _check_text(data: bytes) -> None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Refused("rdf-not-utf8", position=error.start) from None
    if "\x00" in text:
        raise _Refused("rdf-not-utf8", position=text.index("\x00"))


def _parse(data: bytes, kind: str) -> Dataset:
    text = data.decode("utf-8-sig")
    if kind == "xml" and (found := re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE)):
        raise _Refused("rdf-doctype", line=_line_of(text, found.start()))
    dataset = Dataset(default_union=False)
    log = logging.getLogger("rdflib.term")
    level = log.level
    try:
        log.setLevel(logging.CRITICAL)
        if kind == "json-ld":
            text = _with_contexts(text)
        base = None if kind in ("nt", "nquads") else str(GRAPH)
        target = dataset if kind in ("trig", "nquads", "json-ld") else dataset.default_graph
        target.parse(data=text, format=kind, publicID=base)
    except _SYNTAX_ERRORS as error:
        raise _syntax(error, text, kind) from None
    finally:
        log.setLevel(level)
    return dataset


def _with_contexts(text: str) -> str:
    """The text with our own context in it, where it refers to that."""
    document = json.loads(text)
    if CONTEXT_IRI in text:
        document = with_our_context(document)
        text = json.dumps(document)
    _check_contexts(document)
    return text


def _check_contexts(value: object) -> None:
    """Refuse contexts that would have to be fetched."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            context = item.get("@context")
            parts = context if isinstance(context, list) else [context]
            remote = next((part for part in (*parts, item.get("@import")) if isinstance(part, str)), None)
            if remote is not None:
                raise _Refused("rdf-remote-context", value=remote)
            waiting.extend(item.values())


def _syntax(error: Exception, text: str, kind: str) -> _Refused:
    line: int | None = None
    reason = str(error).strip().splitlines()
    if isinstance(error, BadSyntax):
        line, reason = error.lines + 1, [str(error._why)]  # type: ignore[attr-defined]
    elif isinstance(error, json.JSONDecodeError):
        line, reason = error.lineno, [error.msg]
    elif isinstance(error, RecursionError):
        reason = ["too deeply nested"]
    elif hasattr(error, "getLineNumber"):
        line, reason = error.getLineNumber(), [error.getMessage()]  # type: ignore[attr-defined]
    elif kind in ("nt", "nquads"):
        line = _failing_line(text)
    values = {"line": line or "–", "reason": (reason or [type(error).__name__])[0][:200]}
    return _Refused("rdf-syntax", **values)


def _failing_line(text: str) -> int | None:
    """N-Triples and N-Quads are read line by line, and the first that cannot be read alone is the one."""
    for number, line in enumerate(text.split("\n"), 1):
        if is_statement(line):
            continue
        try:
            Dataset().parse(data=line, format="nquads")
        except _SYNTAX_ERRORS:
            return number
    return None


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _merged(datasets: Sequence[Dataset]) -> Graph:
    merged = Graph()
    for dataset in datasets:
        for subject, prop, value, _ in dataset.quads():
            merged.add((subject, prop, _normal_literal(value)))
    return merged


def _normal_literal(value: Node) -> Node:
    """Equal numbers as equal texts, and no datatype on plain text: as the store would write them."""
    if not isinstance(value, Literal) or value.datatype is None:
        return value
    if value.datatype == XSD.string:
        return Literal(str(value))
    if value.datatype == XSD.decimal or value.datatype in _WHOLE_NUMBERS:
        try:
            number = Decimal(str(value))
            if number.is_finite() and abs(number.adjusted()) < 60:
                return Literal(canonical(number), datatype=value.datatype, normalize=False)
        except InvalidOperation:
            return value
    return value


def _publication(graph: Graph) -> URIRef:
    found = sorted(set(graph.subjects(RDF.type, RT.Publication)), key=str)
    if not found:
        raise _Refused("rdf-no-publication")
    if len(found) > 1:
        raise _Refused("rdf-several-publications", count=len(found), found=", ".join(map(str, found[:5])))
    iri = found[0]
    if not isinstance(iri, URIRef) or not _PUBLICATION.fullmatch(iri):
        raise _Refused("rdf-publication-name", found=iri, wanted=f"{GRAPH}{{utgivare}}/{{datamangd}}")
    return iri


def _check_graphs(datasets: Sequence[Dataset], iri: URIRef) -> None:
    for graph in (graph for dataset in datasets for graph in dataset.graphs()):
        if graph.identifier not in (iri, DATASET_DEFAULT_GRAPH_ID) and len(graph):
            raise _Refused("rdf-other-graph", found=graph.identifier, wanted=iri)


def _complete(graph: Graph, iri: URIRef, subject: URIRef | None) -> None:
    for resource in {s for s in graph.subjects(RDF.type) if isinstance(s, URIRef) and s != iri}:
        graph.add((resource, RT.inPublication, iri))
        if subject is not None and (resource, RT.about, None) not in graph:
            graph.add((resource, RT.about, subject))


def _blank_nodes(graph: Graph, file: str) -> Iterator[Problem]:
    """One problem per property that leads to or from a blank node."""
    seen: dict[str, str] = {}
    for subject, prop, value in graph:
        if isinstance(value, BNode) and not isinstance(subject, BNode):
            seen.setdefault(str(prop), str(subject))
        elif isinstance(subject, BNode) and not isinstance(value, BNode):
            seen.setdefault(str(prop), str(value)[:80])
    for prop in sorted(seen):
        yield Problem("rdf-blank-node", Where(file=file), {"property": prop, "near": seen[prop]})
