"""The answer to a query as bytes, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ..ontology.problems import Problem, RodtradError

SELECT_FORMATS: dict[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS: dict[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


class Output:
    """Takes what a serialiser writes, up to a number of bytes; over it raises ``result-too-large``."""

    def __init__(self, limit: int | None = None) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        self._limit = limit

    def write(self, piece: bytes) -> int:
        self._size += len(piece)
        if self._limit is not None and self._size > self._limit:
            raise RodtradError(Problem("result-too-large", values={"limit": self._limit}))
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Asked for by the serialiser; nothing is held back."""

    def body(self) -> bytes:
        return b"".join(self._pieces)


def distinct(triples: Iterable[ox.Triple], limit: int | None) -> Iterator[ox.Triple]:
    """Each triple once, up to a number of triples; over it raises ``result-too-many``."""
    seen: set[ox.Triple] = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            if limit is not None and len(seen) > limit:
                raise _too_many(limit)
            yield triple


def check_rows(body: bytes, accept: str, limit: int | None) -> None:
    """Raise ``result-too-many`` when a written SELECT answer has more rows than the limit."""
    if limit is not None and _rows(body, accept, limit) > limit:
        raise _too_many(limit)


def _too_many(limit: int) -> RodtradError:
    return RodtradError(Problem("result-too-many", values={"limit": limit}))


def _rows(body: bytes, accept: str, limit: int) -> int:
    match accept:
        case "text/tab-separated-values":
            return body.count(b"\n") - 1
        case "text/csv":
            lines = body.count(b"\n") - 1
            return lines if lines <= limit else sum(1 for _ in csv.reader(io.StringIO(body.decode()))) - 1
        case "application/sparql-results+xml":
            return body.count(b"<result>") + body.count(b"<result/>")
        case _:
            # Never fewer than there are; read exactly only when it matters.
            most = body.count(b'},{"') + body.count(b"{}") + 1
            return most if most <= limit else len(json.loads(body).get("results", {}).get("bindings", ()))
