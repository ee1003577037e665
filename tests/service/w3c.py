"""Runs the W3C's HTTP tests: reads the requests of a manifest and compares the answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
STATUS = {
    "OK": (200,),
    "Created": (201,),
    "NoContent": (204,),
    "NotFound": (404,),
    "BadRequest": (400,),
    "StatusCode2xx": range(200, 300),
    "StatusCode3xx": range(300, 400),
    "StatusCode4xx": range(400, 500),
    "StatusCode5xx": range(500, 600),
}
TABULAR = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
BOOLEAN = {"application/sparql-results+json", "application/sparql-results+xml"}
RDF_MEDIA = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


@dataclass(frozen=True)
class Exchange:
    """One request and what its answer must be."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str | None
    answer_body: str | None
    answer_media: str | None
    answer_headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One test: its exchanges in order."""

    name: str
    exchanges: tuple[Exchange, ...]


def cases(manifest: Path) -> list[Case]:
    """The tests of a manifest in its order."""
    graph = Graph().parse(manifest, format="turtle")
    found = []
    for node in graph.subjects(RDF.type, None):
        for connection in graph.objects(node, MF.action):
            requests = graph.value(connection, HT.requests)
            if requests is None:
                continue
            name = str(node).rpartition("#")[2].rpartition("/")[2]
            found.append(Case(name, tuple(_exchange(graph, one) for one in Collection(graph, requests))))
    return sorted(found, key=lambda case: case.name)


def _headers(graph: Graph, node) -> dict[str, str]:
    listed = graph.value(node, HT.headers)
    if listed is None:
        return {}
    items = list(Collection(graph, listed)) or [listed]
    return {
        str(graph.value(one, HT.fieldName)): str(graph.value(one, HT.fieldValue))
        for one in items
        if graph.value(one, HT.fieldName)
    }


def _chars(graph: Graph, node) -> str | None:
    body = graph.value(node, HT.body)
    return None if body is None else str(graph.value(body, CNT.chars) or "")


def _encoding(graph: Graph, node) -> str:
    body = graph.value(node, HT.body)
    return str(graph.value(body, CNT.characterEncoding) or "utf-8") if body is not None else "utf-8"


def _exchange(graph: Graph, node: URIRef) -> Exchange:
    answer = graph.value(node, HT.resp)
    boolean = graph.value(answer, MF.expectedBoolean)
    form = graph.value(answer, MF.expectedFormat)
    headers = _headers(graph, answer)
    return Exchange(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        _headers(graph, node),
        (_chars(graph, node) or "").encode(_encoding(graph, node)),
        tuple(str(one).rpartition("#")[2] for one in graph.objects(answer, MF.expectedStatus)),
        None if boolean is None else bool(boolean.toPython()),
        None if form is None else str(form),
        _chars(graph, answer),
        next((value for name, value in headers.items() if name.lower() == "content-type"), None),
        headers,
    )


def compare(exchange: Exchange, answer: httpx.Response) -> None:
    """Assert that the answer is as the test says."""
    wanted = [code for name in exchange.statuses for code in STATUS[name]]
    assert answer.status_code in wanted, (exchange, answer.status_code, answer.text[:500])
    media = answer.headers.get("content-type", "").partition(";")[0]
    if exchange.boolean is not None:
        assert answer.json()["boolean"] is exchange.boolean, (exchange, answer.text)
    if exchange.format == "boolean":
        assert media in BOOLEAN
    elif exchange.format == "tabular":
        assert media in TABULAR
    elif exchange.format == "RDF":
        assert media in RDF_MEDIA
    if exchange.answer_body and exchange.answer_body.strip() and exchange.method != "HEAD":
        expected = Graph().parse(data=exchange.answer_body, format="turtle")
        got = Graph().parse(data=answer.text, format="turtle")
        assert isomorphic(expected, got), (exchange, answer.text)
    if exchange.answer_media and answer.status_code == 200:
        assert media == exchange.answer_media.partition(";")[0].strip()


def with_location(text: str, location: str) -> str:
    """The path that an earlier answer gave, where a test speaks of it."""
    return re.sub(r"\$LOCATION\$", location, text)
