"""The SPARQL protocol: forms of request, formats, datasets, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

RT = "https://w3id.org/rodtrad/ns/"
SELECT = f"SELECT ?lesson WHERE {{ ?lesson a <{RT}Lesson> }} ORDER BY ?lesson LIMIT 3"
CONSTRUCT = f"CONSTRUCT {{ ?s a <{RT}Lesson> }} WHERE {{ ?s a <{RT}Lesson> }}"
DALARNA = "https://w3id.org/rodtrad/graph/rodtrad/utvardering-2021-20"


def test_get_form_and_direct_post_answer_alike(client: TestClient) -> None:
    by_get = client.get("/sparql", params={"query": SELECT})
    by_form = client.post("/sparql", data={"query": SELECT})
    direct = client.post("/sparql", content=SELECT, headers={"content-type": "application/sparql-query"})
    assert by_get.status_code == by_form.status_code == direct.status_code == 200
    assert by_get.json() == by_form.json() == direct.json()
    assert len(by_get.json()["results"]["bindings"]) == 3
    assert by_get.headers["content-type"] == "application/sparql-results+json"


def test_all_select_formats_hold_the_same_rows(client: TestClient) -> None:
    def ask(media: str) -> bytes:
        answer = client.get("/sparql", params={"query": SELECT}, headers={"accept": media})
        assert answer.headers["content-type"].partition(";")[0] == media
        return answer.content

    rows = [
        one["lesson"]["value"]
        for one in json.loads(ask("application/sparql-results+json"))["results"]["bindings"]
    ]
    assert [row[0] for row in csv.reader(io.StringIO(ask("text/csv").decode()))][1:] == rows
    assert [one.strip("<>") for one in ask("text/tab-separated-values").decode().split()[1:]] == rows
    space = "{http://www.w3.org/2005/sparql-results#}"
    found = ElementTree.fromstring(ask("application/sparql-results+xml")).iter(f"{space}uri")
    assert [one.text for one in found] == rows


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_graph_formats(client: TestClient, media: str, form: ox.RdfFormat) -> None:
    answer = client.get("/sparql", params={"query": CONSTRUCT}, headers={"accept": media})
    assert answer.headers["content-type"].partition(";")[0] == media
    # 21 evaluations and the made-up county have lessons.
    assert len(list(ox.parse(answer.content, format=form))) > 21


def test_default_format_is_turtle_for_graphs_and_q_values_count(client: TestClient) -> None:
    assert (
        client.get("/sparql", params={"query": CONSTRUCT}).headers["content-type"].startswith("text/turtle")
    )
    answer = client.get(
        "/sparql", params={"query": SELECT}, headers={"accept": "text/csv;q=0.2, text/xml;q=0.5"}
    )
    assert answer.headers["content-type"] == "application/sparql-results+xml"


def test_named_dataset_holds_only_that_publication(client: TestClient) -> None:
    count = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s a <{RT}Activity> }}"
    whole = client.get("/sparql", params={"query": count}).json()
    one = client.get("/sparql", params={"query": count, "default-graph-uri": DALARNA}).json()
    number = lambda answer: int(answer["results"]["bindings"][0]["n"]["value"])  # noqa: E731
    assert number(one) == 21
    assert number(whole) > 400


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("SELECT", 400, "query-syntax"),
        ("DELETE WHERE { ?s ?p ?o }", 400, None),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400, None),
        ("", 400, "query-missing"),
    ],
)
def test_refusals_are_problem_details(client: TestClient, query: str, status: int, code: str | None) -> None:
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert code is None or answer.json()["errors"][0]["code"] == code
    page = client.get(
        "/sparql", params={"query": query or " ", "format": "csv"}, headers={"accept": "text/html"}
    )
    assert page.status_code == status and "<h1" in page.text


def test_two_queries_or_none_are_refused(client: TestClient) -> None:
    assert client.get(f"/sparql?query={SELECT}&query={SELECT}").status_code == 400
    assert client.post("/sparql", data={"nothing": "x"}).status_code == 400


def test_wrong_content_is_415_and_too_much_413(client: TestClient) -> None:
    assert client.post("/sparql", content=SELECT, headers={"content-type": "text/plain"}).status_code == 415
    assert client.post("/sparql", files={"query": b"x"}).status_code == 415
    headers = {"content-type": "application/sparql-query"}
    declared = client.post("/sparql", content=SELECT + " " * 20_000, headers=headers)
    streamed = client.post("/sparql", content=iter([b" " * 15_000, b" " * 15_000]), headers=headers)
    for answer in (declared, streamed):
        assert answer.status_code == 413
        assert answer.json()["errors"][0]["value"]["limit"] == "20000"
    assert client.post("/sparql", content=b"\xff\xfe", headers=headers).status_code == 400


def test_runaway_is_stopped_with_503(client: TestClient) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    answer = client.get("/sparql", params={"query": runaway})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert client.get("/healthz").status_code == 200


def test_form_works_for_people(client: TestClient) -> None:
    headers = {"accept": "text/html"}
    form = client.get("/sparql", headers=headers)
    assert form.status_code == 200 and "<textarea" in form.text
    table = client.get("/sparql", params={"query": SELECT}, headers=headers).text
    assert table.count("<tr>") == 4 and 'href="/id/' in table
    assert (
        "Svaret är ja." in client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}, headers=headers).text
    )
    wrong = client.get("/sparql", params={"query": "SELECT nothing"}, headers=headers)
    assert wrong.status_code == 400 and 'role="alert"' in wrong.text and "SELECT nothing" in wrong.text
