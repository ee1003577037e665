"""Reads files of figures as one publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib import Graph

from ...ontology.problems import Problem, RodtradError, Where
from ..ntriples import ntriples
from ..reading import Origin, Reading
from ..references import References
from .breakdowns import describe
from .formats import FORMATS, Source, mapped
from .head import Head, read_head
from .settle import Settled, settle
from .versions import describe_versions
from .writing import bulk_ntriples, value_origins, write_rows


@dataclass(frozen=True)
class Bulk:
    """A publication read in bulk.

    Attributes:
        reading: All but the observations; its problems and origins are those of the whole.
        data: The whole publication as sorted N-Triples.
        observations: How many values it holds.
    """

    reading: Reading
    data: bytes
    observations: int


def read_statistics(
    kind: str, paths: Sequence[Path], references: References, lang: str | None = None
) -> Reading:
    """Read files of figures into a graph, as a workbook is read.

    Args:
        kind: A format of ``FORMATS``, or the path of a mapping in YAML.
        paths: The files; a folder stands for the files that the format knows in it.
        references: What words may refer to outside the files.
        lang: The language of texts; ``None`` = Swedish.

    Returns:
        The reading, with every correction among its problems as information.

    Raises:
        RodtradError: A file or the mapping cannot be read at all.
    """
    source, head, settled, words = _settled(kind, paths, references, lang)
    graph = _described(source, head, settled, words)
    reading = head.reading
    if reading.graph_iri is not None:
        write_rows(graph, settled.frame, reading.graph_iri, reading.subject, words)
    return _whole(head, graph, settled)


def read_bulk(kind: str, paths: Sequence[Path], references: References, lang: str | None = None) -> Bulk:
    """The same as ``read_statistics`` for many values: a column at a time, straight to N-Triples."""
    source, head, settled, words = _settled(kind, paths, references, lang)
    graph = _described(source, head, settled, words)
    reading = head.reading
    lines = ntriples(graph).decode().splitlines(keepends=True)
    if reading.graph_iri is not None:
        lines += bulk_ntriples(settled.frame, reading.graph_iri, reading.subject, words)
    data = "".join(sorted(set(lines))).encode()
    return Bulk(_whole(head, graph, settled), data, settled.frame.height)


def _settled(
    kind: str, paths: Sequence[Path], references: References, lang: str | None
) -> tuple[Source, Head, Settled, str]:
    words = lang or "sv"
    if kind in FORMATS:
        source = FORMATS[kind](paths)
    elif Path(kind).suffix in (".yaml", ".yml"):
        source = mapped(Path(kind), paths)
    else:
        values = {"value": kind, "allowed": ", ".join(sorted(FORMATS))}
        raise RodtradError(Problem("statistics-format", Where(), values))
    head = read_head(source.description, references, words)
    return source, head, settle(source.raw, head, references, words), words


def _described(source: Source, head: Head, settled: Settled, lang: str) -> Graph:
    graph = Graph()
    graph += head.graph
    describe(graph, source.raw.breakdowns.items(), settled.groups, head.publisher, lang)
    describe_versions(graph, source.raw, head, lang)
    for statement in source.statements(head):
        graph.add(statement)
    return graph


def _whole(head: Head, graph: Graph, settled: Settled) -> Reading:
    origins: tuple[Origin, ...] = (*head.origins, *value_origins(settled.frame))
    return replace(head.reading, graph=graph, origins=origins, problems=(*head.problems, *settled.problems))
