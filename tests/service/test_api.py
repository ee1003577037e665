"""The API for programs: questions, answers, trace, health, and its description."""

from __future__ import annotations

import csv
import io

import pytest
from rodtrad.queries.catalogue import catalogue
from starlette.testclient import TestClient

QUERY = "/api/v1/queries/cq08-documents-under-the-strategy"
ACTIVITY = "https://w3id.org/rodtrad/id/rodtrad/activity/20-a10"


def test_list_and_definition(client: TestClient) -> None:
    listed = client.get("/api/v1/queries").json()["queries"]
    assert [one["id"] for one in listed] == list(catalogue())
    one = client.get(QUERY + "?lang=en").json()
    assert one["parameters"][0] == {
        "name": "region",
        "type": "iri",
        "class": "rt:Region",
        "scheme": None,
        "required": True,
        "default": None,
        "example": "20",
        "label": "County",
    }
    assert "SELECT" in one["sparql"]


def test_answer_in_every_format(client: TestClient) -> None:
    rows = client.get(QUERY + "/results?region=20").json()["rows"]
    assert rows
    plain = client.get(QUERY + "/results?region=20&format=csv")
    assert plain.headers["content-type"].startswith("text/csv")
    assert len(list(csv.reader(io.StringIO(plain.text)))) == len(rows) + 1
    swedish = client.get(QUERY + "/results?region=20&format=csv-sv").content
    assert swedish.startswith(b"\xef\xbb\xbf") and b";" in swedish.splitlines()[0]
    assert client.get(QUERY + "/results?region=20&format=xlsx").content[:2] == b"PK"
    by_header = client.get(QUERY + "/results?region=20", headers={"accept": "text/csv"})
    assert by_header.text == plain.text


def test_a_parameter_takes_notation_label_or_iri(client: TestClient) -> None:
    answers = [
        client.get(QUERY + "/results", params={"region": value}).json()["rows"]
        for value in ("20", "dalarnas län", "https://w3id.org/rodtrad/id/ref/region/20")
    ]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/queries/nope", 404, "unknown-query"),
        ("/api/v1/queries/nope/results", 404, "unknown-query"),
        (QUERY + "/results", 400, "missing-parameter"),
        (QUERY + "/results?region=Atlantis", 400, "unknown-parameter-value"),
        (QUERY + "/results?region=20&colour=red", 400, "unknown-parameter"),
        (QUERY + "/results?region=20&format=pdf", 406, "not-acceptable"),
        ("/api/v1/trace", 400, "value-missing"),
        (f"/api/v1/trace?iri={ACTIVITY}&direction=sideways", 400, "bad-direction"),
        ("/rules/nope", 404, "unknown-rule"),
        ("/regions/99", 404, "unknown-region"),
        ("/sides/nope", 404, "unknown-query"),
        ("/thread?iri=urn:nope", 404, "unknown-resource"),
        ("/thread?iri=no%20iri", 400, "not-an-iri"),
        ("/thread", 400, "value-missing"),
        ("/problems/nope", 404, "page-not-found"),
        ("/nope", 404, "page-not-found"),
        ("/static/nope.css", 404, "page-not-found"),
    ],
)
def test_every_failure_has_one_shape(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail", "instance", "errors"} <= set(body)
    assert body["status"] == status
    first = body["errors"][0]
    assert first["code"] == code
    assert {"where", "value", "message_sv", "message_en", "hint_sv", "hint_en"} <= set(first)
    assert client.get(body["type"]).status_code == 200
    page = client.get(path, headers={"accept": "text/html"})
    assert page.status_code == status and "<h1" in page.text and code in page.text


def test_wrong_method_says_so(client: TestClient) -> None:
    answer = client.delete("/sparql")
    assert answer.status_code == 405 and answer.json()["errors"][0]["code"] == "method-not-allowed"
    assert "GET" in answer.headers["allow"]


def test_unforeseen_error_reveals_only_a_reference(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret /etc/path")

    monkeypatch.setattr("rodtrad.service.pages.publications", broken)
    for accept in ("application/json", "text/html"):
        answer = client.get("/publications", headers={"accept": accept})
        assert answer.status_code == 500
        assert "secret" not in answer.text and "Traceback" not in answer.text
        assert "nosniff" in answer.headers["x-content-type-options"]
    body = client.get("/publications").json()
    assert len(body["errors"][0]["value"]["reference"]) == 12


def test_trace_leads_to_the_national_strategy(client: TestClient) -> None:
    answer = client.get("/api/v1/trace", params={"iri": ACTIVITY, "direction": "up"})
    assert answer.status_code == 200
    assert "document/nationell-strategi-2015-2020" in answer.text
    assert client.get("/api/v1/trace", params={"iri": ACTIVITY, "direction": "down"}).status_code == 200


def test_health_and_description(client: TestClient) -> None:
    health = client.get("/healthz").json()
    assert health["status"] == "ok" and health["generation"] == 1
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/api/v1/queries/{query_id}/results", "/api/v1/trace", "/healthz"} <= set(paths)
