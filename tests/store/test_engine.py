"""Answers in every format, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.store import Engine, Store, Upload

G20 = "https://w3id.org/rodtrad/graph/20/a"
G08 = "https://w3id.org/rodtrad/graph/08/a"
ROWS = "SELECT ?s ?o { ?s <http://example.org/p> ?o } ORDER BY ?s"
GRAPH = "CONSTRUCT { ?s <http://e/q> ?o } WHERE { ?s <http://example.org/p> ?o }"


@pytest.fixture
def engine(numbered: Callable[..., bytes]) -> Engine:
    store = Store()
    store.publish_many([Upload(G20, numbered(2)), Upload(G08, numbered(2, first=1))], by="x")
    return store.engine()


def code(engine: Engine, *arguments, **options) -> str:
    with pytest.raises(RodtradError) as error:
        engine.query(*arguments, **options)
    return error.value.problems[0].code


def test_select_in_four_formats(engine: Engine) -> None:
    names = [f"http://example.org/r{number}" for number in range(3)]
    bindings = json.loads(engine.query(ROWS))["results"]["bindings"]
    assert [row["s"]["value"] for row in bindings] == names
    table = list(csv.DictReader(io.StringIO(engine.query(ROWS, "text/csv").decode())))
    assert [(row["s"], row["o"]) for row in table] == [(name, str(n)) for n, name in enumerate(names)]
    assert engine.query(ROWS, "text/tab-separated-values").splitlines()[1] == b'<http://example.org/r0>\t"0"'
    assert engine.query(ROWS, "application/sparql-results+xml").count(b"<result>") == 3


def test_ask_and_graphs(engine: Engine) -> None:
    assert json.loads(engine.query("ASK { ?s ?p ?o }")) == {"head": {}, "boolean": True}
    assert len(engine.query(GRAPH, "application/n-triples").splitlines()) == 3
    assert len(json.loads(engine.query(GRAPH, "application/ld+json"))) == 3
    assert b"<http://example.org/r0>" in engine.query(GRAPH, "text/turtle")
    assert b'"1"' in engine.query("DESCRIBE <http://example.org/r1>", "application/n-triples")


def test_a_graph_holds_each_triple_once(engine: Engine) -> None:
    text = "CONSTRUCT { <http://e/a> <http://e/q> 1 } WHERE { ?s ?p ?o }"
    assert len(engine.query(text, "application/n-triples").splitlines()) == 1


def test_the_format_has_to_fit(engine: Engine) -> None:
    assert code(engine, ROWS, "text/turtle") == "query-format"
    assert code(engine, GRAPH, "text/csv") == "query-format"
    with pytest.raises(RodtradError):
        engine.rows("ASK {}")


def test_rows_leave_out_what_is_unbound(engine: Engine) -> None:
    rows = engine.rows("SELECT ?s ?x { ?s ?p ?o OPTIONAL { ?s <http://e/none> ?x } } ORDER BY ?s LIMIT 1")
    assert [{name: term.value for name, term in row.items()} for row in rows] == [
        {"s": "http://example.org/r0"}
    ]


def test_named_graphs_make_the_dataset(engine: Engine) -> None:
    def count(**options) -> int:
        return len(json.loads(engine.query(ROWS, **options))["results"]["bindings"])

    assert (count(), count(default_graphs=[G20]), count(default_graphs=[G20, G08])) == (3, 2, 3)
    assert (count(named_graphs=[G20]), count(default_graphs=["http://e/none"])) == (0, 0)
    inside = "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
    assert len(json.loads(engine.query(inside, named_graphs=[G20]))["results"]["bindings"]) == 2
    assert len(json.loads(engine.query(inside))["results"]["bindings"]) == 4
    assert code(engine, ROWS, default_graphs=["no iri"]) == "query-dataset"


FROM = [
    f"FROM <{G20}> FROM <{G08}>",
    f"FROM<{G20}>FROM<{G08}>",
    f"FROM <{G20}> FROM <{G20}> FROM <{G08}> FROM NAMED <{G20}>",
]


@pytest.mark.parametrize("clauses", FROM)
def test_a_triple_of_two_default_graphs_counts_once(engine: Engine, clauses: str) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {clauses} {{ ?s ?p ?o }}"
    assert engine.rows(query)[0]["n"].value == "3"
    short = "PREFIX g: <https://w3id.org/rodtrad/graph/> PREFIX : <https://w3id.org/rodtrad/graph/08/> "
    query = short + "SELECT (COUNT(*) AS ?n) FROM g:20\\/a FROM :a WHERE { ?s ?p ?o }"
    assert engine.rows(query)[0]["n"].value == "3"
    query = f"BASE <{G20}> SELECT (COUNT(*) AS ?n) FROM <a> FROM <../08/a> {{ ?s ?p ?o }}"
    assert engine.rows(query)[0]["n"].value == "3"
    query = f"SELECT (COUNT(*) AS ?n) {clauses} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert engine.rows(query)[0]["n"].value == ("2" if "NAMED" in clauses else "0")


def test_a_syntax_error_tells_the_place(engine: Engine) -> None:
    with pytest.raises(RodtradError) as error:
        engine.query("SELECT *\n{ ?s ?p }")
    (problem,) = error.value.problems
    assert problem.code == "query-syntax"
    assert (problem.values["line"], problem.values["column"]) == ("2", "10")
    assert "rad 2, kolumn 10" in problem.message("sv")


FORMATS = [
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
]


@pytest.mark.parametrize("accept", FORMATS)
def test_rows_are_counted_exactly(accept: str) -> None:
    tricky = ['},{"', "{}", "a\nb", "<result>", '"quoted"\n,', "plain"]
    lines = (f"<http://e/{n}> <http://e/p> {json.dumps(text)} .\n" for n, text in enumerate(tricky))
    store = Store()
    store.publish(G20, "".join(lines).encode(), by="x")
    text = "SELECT ?o ?none { ?s <http://e/p> ?o }"
    assert store.engine().query(text, accept, result_rows=6)
    assert code(store.engine(), text, accept, result_rows=5) == "result-too-many"
    empty = "SELECT ?none { ?s <http://e/p> ?o }"
    assert store.engine().query(empty, accept, result_rows=6)
    assert code(store.engine(), empty, accept, result_rows=5) == "result-too-many"


def test_graphs_and_bytes_are_limited_too(engine: Engine) -> None:
    assert engine.query(GRAPH, "text/turtle", result_rows=3)
    assert code(engine, GRAPH, "text/turtle", result_rows=2) == "result-too-many"
    size = len(engine.query(ROWS))
    assert engine.query(ROWS, result_bytes=size)
    assert code(engine, ROWS, result_bytes=size - 1) == "result-too-large"
    assert json.loads(engine.query("ASK {}", result_rows=0))["boolean"]
