"""The analyst's client gives typed rows from an engine and from an endpoint."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.queries import client

SPARQL = 'SELECT ?n ?d ?b ?t ?missing WHERE { VALUES (?n ?d ?b ?t) { (3 2.50 true "å"@sv) } } ORDER BY ?n'
ROW = {"n": 3, "d": Decimal("2.5"), "b": True, "t": "å", "missing": None}


@pytest.fixture
def endpoint(engine) -> Iterator[str]:
    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            broken = "BROKEN" in form["query"][0]
            self.send_response(400 if broken else 200)
            self.send_header("Content-Type", self.headers["Accept"])
            self.end_headers()
            self.wfile.write(b"no" if broken else engine.query(form["query"][0], self.headers["Accept"]))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    server.server_close()


def test_rows_are_typed(engine) -> None:
    table = client.query(engine, SPARQL)
    assert table.columns == ("n", "d", "b", "t", "missing")
    assert table.rows == (ROW,)


def test_an_endpoint_gives_the_same(endpoint: str) -> None:
    assert client.query(endpoint, SPARQL).rows == (ROW,)


def test_polars(engine) -> None:
    frame = client.query(engine, SPARQL).to_polars()
    assert frame.columns == ["n", "d", "b", "t", "missing"]
    assert frame["n"].sum() == 3 and frame["d"].sum() == 2.5


def test_pandas_or_a_clear_word(engine) -> None:
    table = client.query(engine, SPARQL)
    try:
        assert table.to_pandas().shape == (1, 5)
    except RodtradError as error:
        assert error.problems[0].code == "missing-library"


@pytest.mark.parametrize("bad", ["SELECT BROKEN", None])
def test_an_endpoint_that_fails_is_told(endpoint: str, bad: str | None) -> None:
    address = endpoint if bad else "http://127.0.0.1:9/sparql"
    with pytest.raises(RodtradError) as caught:
        client.query(address, bad or SPARQL)
    assert caught.value.problems[0].code == "endpoint-failed"
    assert json.dumps(caught.value.problems[0].as_dict())
