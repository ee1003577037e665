"""Questions as pages with filters, as data, with look-up of values, and explained row by row."""

from __future__ import annotations

import json

import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH
from rodtrad.queries import client as analyst
from rodtrad.queries.catalogue import catalogue, find
from rodtrad.queries.executables import executable_iri
from starlette.testclient import TestClient

HTML = {"accept": "text/html"}
QUERY = "cq08-documents-under-the-strategy"
COUNTS = "cq11-activities-by-type-and-region"


def test_the_list_is_narrowed_by_class_theme_and_words(client: TestClient) -> None:
    def listed(**chosen: str) -> set[str]:
        page = client.get("/questions", params=chosen, headers=HTML).text
        return {one for one in catalogue() if f'/questions/{one}"' in page or f"/questions/{one}?" in page}

    assert listed() == set(catalogue())
    missing = listed(**{"class": "saknas"})
    assert missing == {key for key, one in catalogue().items() if one.answerable.startswith("saknas")}
    lessons = listed(theme="lessons")
    assert "cq32-lessons-on-focus-area" in lessons and QUERY not in lessons
    assert listed(text="lärdomar validering") <= listed(text="lärdomar") < set(catalogue())
    assert "Ingen fråga passar" in client.get("/questions?text=zzz", headers=HTML).text


@pytest.mark.parametrize(
    ("query_id", "words"),
    [
        (QUERY, "De publicerade källorna räcker till ett svar"),
        ("what-the-sources-do-not-hold", "Källan håller inte svaret"),
    ],
)
def test_a_question_says_what_the_sources_suffice_for(client: TestClient, query_id: str, words: str) -> None:
    assert words in client.get(f"/questions/{query_id}", headers=HTML).text


def test_an_empty_answer_says_what_to_publish(client: TestClient) -> None:
    page = client.get("/questions/cq32-lessons-on-focus-area?area=other", headers=HTML).text
    assert "Inga rader" in page and "Lärande / Lärdom" in page
    english = client.get("/questions/cq32-lessons-on-focus-area?area=other&lang=en", headers=HTML).text
    assert "No rows" in english and "Learning / Lesson" in english
    body = client.get("/api/v1/queries/cq32-lessons-on-focus-area/results?area=other").json()
    assert body["rows"] == [] and "Lärande / Lärdom" in body["empty"]["publish"]


def test_the_catalogue_as_data_and_as_pages(client: TestClient) -> None:
    answer = client.get("/queries", headers={"accept": "text/turtle"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/turtle")
    graph = Graph().parse(data=answer.text, format="turtle")
    assert len(set(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))) == len(catalogue())
    one = client.get(f"/queries/{QUERY}", headers={"accept": "application/ld+json"})
    assert executable_iri(QUERY) in json.dumps(one.json())
    led = client.get(f"/queries/{QUERY}?lang=en", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, f"/questions/{QUERY}?lang=en")
    assert client.get("/queries/nope", headers={"accept": "text/turtle"}).status_code == 404
    assert client.get("/queries", headers={"accept": "image/png"}).status_code == 406


def test_values_of_a_parameter_are_looked_up(client: TestClient) -> None:
    path = f"/api/v1/queries/{QUERY}/parameters/region"
    assert [one["label"] for one in client.get(path, params={"q": "VÄSTERB"}).json()["candidates"]] == [
        "Västerbottens län"
    ]
    english = client.get(path, params={"q": "dalarna", "lang": "en"}).json()["candidates"]
    assert english == [{"iri": "https://w3id.org/rodtrad/id/ref/region/20", "label": "Dalarna County"}]
    assert client.get(path, params={"q": '") } #'}).json()["candidates"] == []
    unknown = client.get(f"/api/v1/queries/{QUERY}/parameters/colour")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (400, "unknown-parameter")


def test_wrong_values_are_explained_with_suggestions(client: TestClient) -> None:
    def told(query_id: str, **given: str) -> dict:
        return client.get(f"/api/v1/queries/{query_id}/results", params=given).json()["errors"][0]

    county = told(QUERY, region="Vesterbottens län")
    assert county["code"] == "unknown-parameter-value"
    assert county["hint_sv"].split(";")[0].count("Västerbottens län") == 1
    assert told("cq26-cycle-steps-in-month", month="maj")["code"] == "parameter-not-a-number"
    other = told(QUERY, region="https://w3id.org/rodtrad/id/ref/municipality/2080")
    assert other["code"] == "parameter-of-other-kind" and "Dalarnas län" in other["hint_sv"]
    page = client.get(f"/questions/{QUERY}?region=Vesterbottens+län&lang=en", headers=HTML)
    assert page.status_code == 400 and "Västerbotten County" in page.text


def test_explained_rows_over_http(client: TestClient) -> None:
    body = client.get(f"/api/v1/queries/{COUNTS}/results?region=20&explain=1").json()
    for row in body["rows"]:
        assert len(row["explain"]["members"]) == row["carriedOut"] + row["ongoing"]
        assert all(one["source"]["iri"] and one["section"] for one in row["explain"]["members"])
    assert body["generation"] >= 1
    assert body["publications"] and all(one["version"] for one in body["publications"])


def test_the_python_client_lists_asks_explains_and_traces(address: str) -> None:
    assert {one["id"] for one in analyst.list_queries(address)} == set(catalogue())
    asked = analyst.ask(address, COUNTS, region="20")
    explained = analyst.explain(address, COUNTS, region="20")
    assert [row["type"] for row in asked["rows"]] == [row["type"] for row in explained["rows"]]
    assert all("explain" in row for row in explained["rows"])
    activity = explained["rows"][0]["explain"]["members"][0]["iri"]
    assert analyst.trace(address, activity)["start"] == activity
    with pytest.raises(analyst.RodtradError, match="Atlantis"):
        analyst.ask(address, QUERY, region="Atlantis")


def test_class_and_themes_are_in_the_definition(client: TestClient) -> None:
    one = client.get(f"/api/v1/queries/{QUERY}").json()
    assert one["class"] == find(QUERY).answerable == "besvarad"
    assert one["themes"] == ["traceability"] and one["iri"] == executable_iri(QUERY)
