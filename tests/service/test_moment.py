"""Pages, questions and free queries of the past."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import GRAPH, ID
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

G = str(GRAPH["20/prov"])
THING = f"{ID}20/activity/x"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
QUESTION = f"SELECT ?name WHERE {{ <{THING}> {LABEL} ?name }} ORDER BY ?name"


def lines(*names: str) -> bytes:
    """One thing with names, as a publication."""
    rdf, rt = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "https://w3id.org/rodtrad/ns/"
    made = [f"<{THING}> {rdf} <{rt}Activity> ."] + [f'<{THING}> {LABEL} "{name}"@sv .' for name in names]
    return "\n".join(sorted(made)).encode() + b"\n"


@pytest.fixture(scope="module")
def past() -> Iterator[tuple[TestClient, Store]]:
    store = Store(None)
    store.publish_many([], by="test", vocabulary=vocabulary())
    for name in ("ett", "två", "tre", "fyra"):
        store.publish(G, lines(name), by="test", confirm_removal=True)
        time.sleep(0.01)
    backend = StoreBackend(store, settings := Settings())
    with TestClient(create_app(settings, backend), raise_server_exceptions=False) as client:
        yield client, store
    backend.close()


def patient(client: TestClient, path: str, **parameters: str):
    """Ask until what is being loaded has been loaded, as the answer says one should."""
    for _ in range(240):
        answer = client.get(path, params=parameters, headers={"Accept": "application/sparql-results+json"})
        if answer.status_code != 503:
            return answer
        assert answer.json()["errors"][0]["code"] == "as-of-loading" and answer.headers["Retry-After"]
        time.sleep(0.25)
    raise AssertionError("never loaded")


def names(answer) -> list[str]:
    return [row["name"]["value"] for row in answer.json()["results"]["bindings"]]


def test_each_generation_answers_with_its_own_data_and_says_which(past):
    client, _ = past
    # Generation 1 is the vocabulary alone; more are asked for than may be loaded at a time.
    for number, expected in ((2, "ett"), (3, "två"), (4, "tre"), (5, "fyra"), (2, "ett")):
        answer = patient(client, "/sparql", query=QUESTION, asOf=str(number))
        assert names(answer) == [expected]
        assert answer.headers["X-Generation"] == str(number)
    assert names(client.get("/sparql", params={"query": QUESTION})) == ["fyra"]


def test_a_time_means_the_generation_that_held_then(past):
    client, store = past
    answer = patient(client, "/sparql", query=QUESTION, asOf=store.generation(3).created)
    assert names(answer) == ["två"]
    today = store.generation(5).created[:10]
    assert names(patient(client, "/sparql", query=QUESTION, asOf=today)) == ["fyra"]


def test_pages_of_the_past_say_so_and_keep_the_moment_in_their_links(past):
    client, _ = past
    for _ in range(240):
        page = client.get("/resource", params={"iri": THING, "asOf": "3"}, headers={"Accept": "text/html"})
        if page.status_code == 200:
            break
        time.sleep(0.25)
    assert "två" in page.text and "fyra" not in page.text
    assert "som de var vid 3" in page.text and "asOf=3" in page.text.split("<footer")[0]
    assert "som de var" not in client.get("/", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [("99", 404, "unknown-generation"), ("igår", 400, "value-unreadable"), ("-1", 400, "value-unreadable")],
)
def test_a_moment_that_is_none_is_explained(past, asked, status, code):
    answer = past[0].get("/sparql", params={"query": QUESTION, "asOf": asked})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_what_another_program_publishes_is_answered_soon(past):
    client, store = past
    before = store.current().number
    store.publish(G, lines("fem"), by="test", confirm_removal=True)
    deadline = time.monotonic() + 60
    while names(client.get("/sparql", params={"query": QUESTION})) != ["fem"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert client.get("/healthz").json()["generation"] == before + 1
