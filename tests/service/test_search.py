"""Search over HTTP and at the command line: facets by name, hostile words, nothing unescaped."""

from __future__ import annotations

import json
import time

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.service.cli import app
from rodtrad.service.search import QUESTION, Searches
from rodtrad.store import Store
from starlette.testclient import TestClient
from typer.testing import CliRunner

API = "/api/v1/search"


def test_a_facet_takes_name_notation_or_iri(client: TestClient) -> None:
    answers = [
        client.get(API, params={"q": "validering", "type": "Lesson", "region": region}).json()
        for region in ("22", "Västernorrlands län", "https://w3id.org/rodtrad/id/ref/region/22")
    ]
    assert answers[0] == answers[1] == answers[2]
    assert [one["label"] for one in answers[0]["hits"]] == [
        "Riktad kunskapshöjning sänker trösklar för validering"
    ]
    hit = answers[0]["hits"][0]
    assert hit["region"] == ["Västernorrlands län"] and hit["area"] == ["Validering"]
    assert hit["publications"] and not hit["constructed"]
    assert {"text": "validering", "match": True} in hit["name"]


def test_questions_rules_and_terms_are_found(client: TestClient) -> None:
    kinds = {
        kind: client.get(API, params={"q": asked, "type": kind}).json()["hits"][0]["page"]
        for kind, asked in ((QUESTION, "samma slags hinder"), ("Rule", "RT B 001"), ("Class", "lärdom"))
    }
    assert kinds[QUESTION] == "/questions/cq33-regions-with-the-same-obstacle"
    assert kinds["Rule"] == "/rules/RT-B-001" and kinds["Class"] == "/ns/Lesson"
    for page in kinds.values():
        assert client.get(page, headers={"accept": "text/html"}, follow_redirects=True).status_code == 200


def test_unknown_facet_value_is_explained(client: TestClient) -> None:
    answer = client.get(API, params={"q": "x", "region": "Atlantis"})
    assert answer.status_code == 400 and "unknown-parameter-value" in answer.json()["type"]
    assert "Dalarnas län" in answer.text
    page = client.get("/search", params={"q": "x", "area": "Atlantis"})
    assert page.status_code == 400 and "Validering" in page.text


@pytest.mark.parametrize("asked", ['"', "(AND", "*" * 3000, "%00", "<script>", "region:(", "a" * 3000])
def test_words_are_never_syntax(client: TestClient, asked: str) -> None:
    assert client.get(API, params={"q": asked}).status_code == 200
    assert client.get("/search", params={"q": asked}).status_code == 200


def test_pages_through(client: TestClient) -> None:
    first, second = (client.get(API, params={"q": "län", "offset": at}).json() for at in (0, 20))
    assert first["total"] == second["total"] > 40
    assert not {one["iri"] for one in first["hits"]} & {one["iri"] for one in second["hits"]}
    assert client.get(API, params={"q": "län", "limit": 10**9}).json()["hits"][100:] == []
    assert client.get("/search", params={"q": "län", "offset": "9999999"}).status_code == 200


def test_texts_are_escaped_and_marked(hostile: TestClient) -> None:
    page = hostile.get("/search", params={"q": "alert script"}).text
    assert "<mark>alert</mark>" in page and "<mark>script</mark>" in page
    assert "<script>alert" not in page and "<img src=x" not in page


def test_page_in_both_languages_without_words(client: TestClient) -> None:
    assert "Search in all texts" in client.get("/search?lang=en").text
    assert "Inget här innehåller orden" in client.get("/search?q=kvantfysik").text


def test_constructed_is_marked(client: TestClient) -> None:
    hits = client.get(API, params={"q": "halverade avhoppen", "type": "Lesson"}).json()["hits"]
    assert [one["constructed"] for one in hits] == [True]
    assert "konstruerat" in client.get("/search", params={"q": "halverade avhoppen", "type": "Lesson"}).text


def test_each_generation_has_its_own_index(example_store: Store) -> None:
    searches = Searches(example_store)
    number = example_store.current().number
    assert searches.of(number) is searches.of(number)
    empty = searches.of(0)
    assert 0 < len(empty) < len(searches.of(number))
    with pytest.raises(RodtradError) as raised:
        searches.of(10**6)
    assert raised.value.problems[0].code == "unknown-generation"


def test_an_index_under_way_asks_for_patience(example_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rodtrad.service.search.build", lambda *_: time.sleep(2))
    with pytest.raises(RodtradError) as raised:
        Searches(example_store, wait_s=0.01).of(1)
    assert raised.value.problems[0].code == "search-loading" and raised.value.problems[0].http_status == 503


def test_command_line(example_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rodtrad.service.commands.searching.store_or_examples", lambda *_: example_store)
    runner = CliRunner()
    ask = ["search", "valideringen", "-p", "type=Lesson", "-p", "region=12", "--lang", "sv"]
    found = runner.invoke(app, [*ask, "--format", "json"])
    assert found.exit_code == 0
    assert json.loads(found.stdout)["hits"][0]["label"] == "Branschvalidering är den del som kommit längst"
    assert "Branschvalidering" in runner.invoke(app, [*ask, "--format", "csv"]).stdout
    assert runner.invoke(app, ["search", "kvantfysik"]).exit_code == 1
    wrong = runner.invoke(app, ["search", "x", "-p", "färg=röd"])
    assert wrong.exit_code == 2 and "certainty" in wrong.output
