"""Whatever is sent: an answer in the 400s with a problem detail, nothing changed, and the service stands."""

from __future__ import annotations

import io
import socket
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import quote, urlsplit

import httpx2 as httpx
import pytest
from rodtrad.service.negotiation import XLSX
from rodtrad.store import Store
from rodtrad.store.tokens import Tokens

from .datasets import graph_of, turtle
from .running import Running, running

GRAPH = graph_of("ont")
LIMIT = 4_000_000


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with short limits over a store of its own."""
    place = tmp_path_factory.mktemp("strict")
    Store(place / "store").publish_many([], by="test", vocabulary=b"<urn:a> <urn:b> <urn:c> .\n")
    limits = {"max_upload_bytes": LIMIT, "body_timeout_s": 2, "header_timeout_s": 2, "upload_timeout_s": 20, "upload_memory_mb": 1500}  # fmt: skip
    with running(place / "store", log=place / "log", **limits) as made:
        yield made


@pytest.fixture(scope="module")
def client(strict: Running) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {strict.token('--admin')}"}
    with httpx.Client(base_url=strict.address, headers=headers, timeout=90) as made:
        yield made


def archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return packed.getvalue()


def many_entries(count: int) -> bytes:
    return archive(**{f"{number}.csv": b"" for number in range(count)})


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">'
    + b"".join(
        f'<!ENTITY {b} "{f"&{a};" * 20}">'.encode() for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + b']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&i;</rdf:RDF>'
)
BOMB = b"\0" * 80_000_000
BODIES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "turtle cut": ("text/turtle", lambda: b"<urn:a> <urn:b> "),
    "turtle not text": ("text/turtle", lambda: b"\xff\xfe\x00\x01"),
    "turtle with a bad iri": ("text/turtle", lambda: b"<urn:a b> <urn:b> 1 ."),
    "turtle with an escape to a bad iri": ("text/turtle", lambda: rb"<urn:a\u0020b> <urn:b> 1 ."),
    "turtle with a relative iri": ("text/turtle", lambda: b"<a> <urn:b> 1 ."),
    "turtle nested deep": ("text/turtle", lambda: b"<urn:a> <urn:b> " + b"[ <urn:c> " * 100_000),
    "turtle lists nested deep": ("text/turtle", lambda: b"<urn:a> <urn:b> " + b"(" * 100_000 + b")" * 100_000 + b" ."),
    "turtle triple terms nested deep": ("text/turtle", lambda: b"<<" * 50_000 + b"<urn:a> <urn:b> <urn:c>" + b">>" * 50_000),
    "turtle with no publication": ("text/turtle", lambda: b"<urn:a> <urn:b> 1 ."),
    "turtle with a huge literal": ("text/turtle", lambda: b'<urn:a> <urn:b> "' + b"x" * 3_000_000 + b'" .'),
    "n-triples cut": ("application/n-triples", lambda: b"<urn:a> <urn:b> \"x"),
    "n-quads of another graph": ("application/n-quads", lambda: f"<urn:a> <urn:b> <urn:c> <{graph_of('x', '21')}> .".encode()),
    "trig of another graph": ("application/trig", lambda: f"<{graph_of('x', '21')}> {{ <urn:a> <urn:b> <urn:c> }}".encode()),
    "json-ld cut": ("application/ld+json", lambda: b'{"@id": "urn:a", '),
    "json-ld of another graph": ("application/ld+json", lambda: b'{"@id": "urn:g", "@graph": [{"@id": "urn:a", "urn:b": 1}]}'),
    "json-ld remote context": ("application/ld+json", lambda: b'{"@context": "http://127.0.0.1:9/c", "@id": "urn:a", "b": 1}'),
    "json-ld nested deep": ("application/ld+json", lambda: b'{"urn:p":' * 50_000 + b"1" + b"}" * 50_000),
    "json arrays nested deep": ("application/ld+json", lambda: b"[" * 200_000 + b"]" * 200_000),
    "rdf/xml cut": ("application/rdf+xml", lambda: b"<rdf:RDF"),
    "rdf/xml with any dtd": ("application/rdf+xml", lambda: b'<!DOCTYPE r []><r xmlns="urn:x"/>'),
    "rdf/xml with a dtd in utf-16": ("application/rdf+xml", lambda: '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r []><r/>'.encode("utf-16")),
    "rdf/xml billion laughs": ("application/rdf+xml", lambda: LAUGHS),
    "rdf/xml external entity": ("application/rdf+xml", lambda: b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'),
    "rdf/xml nested deep": ("application/rdf+xml", lambda: b'<r xmlns="urn:x">' * 50_000),
    "workbook that is none": (XLSX, lambda: b"PK\x03\x04 and then nothing"),
    "workbook without sheets": (XLSX, lambda: archive(**{"[Content_Types].xml": b"<Types/>"})),
    "workbook bomb": (XLSX, lambda: archive(**{"xl/workbook.xml": BOMB, "[Content_Types].xml": b"<Types/>"})),
    "workbook with entities": (XLSX, lambda: archive(**{"[Content_Types].xml": LAUGHS, "xl/workbook.xml": LAUGHS})),
    "zip that is none": ("application/zip", lambda: b"PK"),
    "zip bomb": ("application/zip", lambda: archive(**{"1-publicering.csv": BOMB})),
    "zip of too many": ("application/zip", lambda: many_entries(1200)),
    "zip of nothing": ("application/zip", lambda: archive()),
    "form without parts": ("multipart/form-data; boundary=x", lambda: b"--x--"),
    "form without boundary": ("multipart/form-data", lambda: b"anything"),
    "media type unknown": ("text/html", lambda: b"<p>"),
    "media type none": ("", lambda: turtle("ont").encode()),
    "media type nonsense": ("text/turtle; charset=utf-16", lambda: turtle("ont").encode("utf-16")),
    "too large": ("text/turtle", lambda: b"#" * (LIMIT + 1)),
}  # fmt: skip


def unharmed(client: httpx.Client, answer: httpx.Response, before: int) -> None:
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code and (body["errors"] or body["report"])
    for leak in ("Traceback", "/work/", "site-packages", ".py", "panicked", "root:x:", "/tmp/"):
        assert leak not in answer.text, leak
    assert client.get("/healthz").json()["generation"] == before


FINE_WITHOUT_RULES = {"turtle with no publication", "turtle with a huge literal", "zip of nothing"}
HEAD_LIMIT = 30_000  # A longer query does not fit into the head of a request.


@pytest.mark.parametrize(
    ("tier", "name"),
    [
        (tier, name)
        for tier in ("bas", "none")
        for name in BODIES
        if tier == "bas" or name not in FINE_WITHOUT_RULES
    ],
)
def test_bodies(client: httpx.Client, name: str, tier: str) -> None:
    media, body = BODIES[name]
    before = client.get("/healthz").json()["generation"]
    headers = {"Content-Type": media} if media else {}
    began = time.monotonic()
    answer = client.put("/graphs", params={"graph": GRAPH, "tier": tier}, content=body(), headers=headers)
    assert time.monotonic() - began < 60
    unharmed(client, answer, before)


HEADERS = {
    "gzip": ({"Content-Encoding": "gzip", "Content-Type": "text/turtle"}, 415),
    "zstd": ({"Content-Encoding": "zstd", "Content-Type": "text/turtle"}, 415),
    "bad if-match": ({"If-Match": '"none"', "Content-Type": "text/turtle"}, 412),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers(client: httpx.Client, name: str) -> None:
    headers, status = HEADERS[name]
    before = client.get("/healthz").json()["generation"]
    answer = client.put(
        "/graphs", params={"graph": GRAPH, "tier": "none"}, content="<urn:a> <urn:b> 1 .", headers=headers
    )
    unharmed(client, answer, before)
    assert answer.status_code == status


QUERIES = {
    "cut": ("SELECT", "query-syntax"),
    "nothing": (" ", "query-missing"),
    "groups nested deep": ("SELECT * WHERE " + "{" * 20_000 + "}" * 20_000, "query-too-deep"),
    "parentheses nested deep": ("SELECT * WHERE { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }", "query-too-deep"),
    "long sum": ("SELECT * WHERE { BIND(" + "+".join(["1"] * 2_000) + " AS ?x) }", "query-chain-too-long"),
    "long path": ("SELECT * WHERE { ?s " + "/".join(["<urn:p>"] * 2_000) + " ?o }", "query-chain-too-long"),
    "service": ("SELECT * WHERE { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }", "query-service-refused"),
    "load": ("LOAD <http://127.0.0.1:9/>", "query-load-refused"),
    "update": ("DROP ALL", "query-update-refused"),
    "null": ("SELECT * WHERE { ?s ?p \x00 }", "query-syntax"),
    "lone surrogate": ("SELECT * WHERE { ?s ?p '\\uD800' }", "query-syntax"),
    "bad iri": ("SELECT * WHERE { <a b> ?p ?o }", "query-syntax"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (by, name)
        for by in ("get", "post")
        for name in QUERIES
        if by == "post" or len(QUERIES[name][0]) <= HEAD_LIMIT
    ],
)
def test_queries(client: httpx.Client, name: str, by: str) -> None:
    before = client.get("/healthz").json()["generation"]
    text, code = QUERIES[name]
    accept = {"Accept": "application/json"}
    if by == "get":
        answer = client.get("/sparql", params={"query": text}, headers=accept)
    else:
        answer = client.post("/sparql", data={"query": text}, headers=accept)
    unharmed(client, answer, before)
    assert answer.status_code == 400 and answer.json()["errors"][0]["code"] == code


def test_what_is_only_named_is_never_fetched(client: httpx.Client) -> None:
    """Imports, shapes, graphs of a query and sources are names of things; a server that waits hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        here = f"http://127.0.0.1:{canary.getsockname()[1]}"
        said = turtle("ont") + (
            f"<{GRAPH}> <http://www.w3.org/2002/07/owl#imports> <{here}/i> ; "
            f"<http://www.w3.org/ns/shacl#shapesGraph> <{here}/s> ; <http://purl.org/dc/terms/source> <{here}/d> .\n"
        )
        for tier in ("bas", "none"):
            headers = {"Content-Type": "text/turtle"}
            parameters = {"graph": GRAPH, "tier": tier, "dry-run": "true"}
            answer = client.put("/graphs", params=parameters, content=said, headers=headers)
            assert answer.status_code < 500, answer.text
        for query in (
            f"ASK FROM <{here}/f> {{ ?s ?p ?o }}",
            f"ASK FROM NAMED <{here}/n> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"ASK {{ GRAPH <{here}/g> {{ ?s ?p ?o }} }}",
        ):
            accept = {"Accept": "application/sparql-results+json"}
            asked = client.get("/sparql", params={"query": query}, headers=accept)
            assert asked.status_code == 200 and asked.json()["boolean"] is False, asked.text
        given = {"query": "ASK { ?s ?p ?o }", "default-graph-uri": f"{here}/p"}
        assert client.get("/sparql", params=given, headers=accept).json()["boolean"] is False
        canary.settimeout(0.5)
        with pytest.raises(TimeoutError):
            canary.accept()


@pytest.mark.parametrize("attack", ["\r\nX-Injected: 1", "> } ; DROP ALL #", "\x00", "a" * 20_000, "../../etc/passwd", "{{7*7}}", "'\"><script>"])  # fmt: skip
@pytest.mark.parametrize("path", ["/resource?iri=", "/graphs?graph=", "/id/", "/graphs/", "/dumps/", "/api/v1/trace?iri=", "/healthz?asOf=", "/sparql?query=ASK+%7B%7D&default-graph-uri=", "/problems/", "/rules/"])  # fmt: skip
def test_texts_in_addresses_stay_texts(client: httpx.Client, path: str, attack: str) -> None:
    answer = client.get(path + quote(attack, safe=""), headers={"Accept": "text/html"})
    assert answer.status_code < 500 and "x-injected" not in answer.headers
    assert "<script>" not in answer.text and "root:x:" not in answer.text
    if attack == "{{7*7}}":
        assert ">49<" not in answer.text


def wire(strict: Running) -> socket.socket:
    parts = urlsplit(strict.address)
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def read_all(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionError:
        pass
    return found


def test_a_head_that_never_ends_is_cut(strict: Running) -> None:
    with wire(strict) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        began = time.monotonic()
        assert read_all(connection) == b"" and time.monotonic() - began < 10
    with wire(strict) as connection:  # Also when it is the second on its connection.
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /h")
        began = time.monotonic()
        assert read_all(connection).count(b"HTTP/1.1 200") == 1 and time.monotonic() - began < 12


def test_a_head_that_is_too_large_is_refused(strict: Running) -> None:
    with wire(strict) as connection:
        with suppress(ConnectionError):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 300_000 + b"\r\n\r\n")
        assert not read_all(connection).startswith(b"HTTP/1.1 2")
    assert httpx.get(strict.address + "/healthz").status_code == 200


def test_a_body_that_comes_too_slowly_is_408(strict: Running) -> None:
    """One byte now and then: the answer comes at the limit of two seconds, while the sender goes on."""
    token = Tokens(strict.folder).create("")
    with wire(strict) as connection:
        head = f"PUT /graphs/20/ont HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: text/turtle\r\n"
        connection.sendall(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.settimeout(0.3)
        began, answer = time.monotonic(), b""
        while not answer and time.monotonic() - began < 10:
            connection.sendall(b"1\r\n#\r\n")
            with suppress(TimeoutError):
                answer = connection.recv(65_536)
        took = time.monotonic() - began
    assert answer.startswith(b"HTTP/1.1 408 ") and b"application/problem+json" in answer, answer[:300]
    assert 1.5 < took < 5
    assert httpx.get(strict.address + "/healthz").status_code == 200


def test_a_body_without_end_is_cut_at_the_limit(strict: Running) -> None:
    token = Tokens(strict.folder).create("")
    with wire(strict) as connection:
        head = f"PUT /graphs/20/ont HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: text/turtle\r\n"
        connection.sendall(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        piece, sent = b"10000\r\n" + b"#" * 65_536 + b"\r\n", 0
        with suppress(OSError):
            while sent < 50 * LIMIT:
                connection.sendall(piece)
                sent += 65_536
        assert LIMIT <= sent < 50 * LIMIT
    assert httpx.get(strict.address + "/healthz").status_code == 200
