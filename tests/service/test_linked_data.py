"""Identifiers answer with a page or RDF, by header or suffix, and can be kept in a cache."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

ACTIVITY = "/id/rodtrad/activity/20-a10"
IRI = "https://w3id.org/rodtrad" + ACTIVITY
FORMATS = {
    "text/turtle": ("ttl", ox.RdfFormat.TURTLE),
    "application/n-triples": ("nt", ox.RdfFormat.N_TRIPLES),
    "application/ld+json": ("jsonld", ox.RdfFormat.JSON_LD),
}


@pytest.mark.parametrize("media", FORMATS)
def test_rdf_by_accept_and_by_suffix_is_the_same_graph(client: TestClient, media: str) -> None:
    suffix, form = FORMATS[media]
    by_accept = client.get(ACTIVITY, headers={"accept": media})
    by_suffix = client.get(f"{ACTIVITY}.{suffix}")
    assert by_accept.headers["content-type"].startswith(media)
    assert by_suffix.headers["content-type"].startswith(media)
    one, other = (set(ox.parse(answer.content, format=form)) for answer in (by_accept, by_suffix))
    assert one == other
    about = {str(quad.subject.value) for quad in one}
    # The participation and the link that belong to the activity come along.
    assert IRI in about and f"{IRI.replace('activity', 'participation')}-1" in about
    assert any(quad.object == ox.Literal("Bilaga 1, Validering") for quad in one)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html;q=0.4, text/turtle;q=0.9", "text/turtle"),
        ("text/html, text/turtle;q=0.9", "text/html"),
        ("application/*", "application/n-triples"),
        ("*/*", "text/html"),
        ("text/turtle;q=0, application/ld+json", "application/ld+json"),
    ],
)
def test_q_values_decide(client: TestClient, accept: str, expected: str) -> None:
    answer = client.get(ACTIVITY, headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == expected
    assert "Accept" in answer.headers["vary"]


def test_nothing_that_fits_is_406_and_lists_what_there_is(client: TestClient) -> None:
    answer = client.get(ACTIVITY, headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["errors"][0]["hint_en"]


def test_alternates_stand_in_the_header(client: TestClient) -> None:
    link = client.get(ACTIVITY).headers["link"]
    assert f'<{ACTIVITY}.ttl>; rel="alternate"; type="text/turtle"' in link
    assert 'rel="describedby"' in link


def test_head_equals_get_without_a_body(client: TestClient) -> None:
    got, head = client.get(ACTIVITY), client.head(ACTIVITY)
    assert head.status_code == 200 and head.content == b""
    for name in ("etag", "content-type", "link", "vary", "content-length"):
        assert head.headers[name] == got.headers[name]


def test_same_generation_is_304_and_another_language_is_not(client: TestClient) -> None:
    tag = client.get(ACTIVITY).headers["etag"]
    assert client.get(ACTIVITY, headers={"if-none-match": tag}).status_code == 304
    assert client.get(ACTIVITY + "?lang=en", headers={"if-none-match": tag}).status_code == 200
    assert client.get(ACTIVITY, headers={"if-none-match": tag, "accept": "text/turtle"}).status_code == 200


def test_terms_schemes_publications_and_foreign_iris_have_pages(client: TestClient) -> None:
    for path in (
        "/ns/status",
        "/scheme/basis/stated",
        "/graph/rodtrad/utvardering-2021-20",
        f"/resource?iri={IRI}",
    ):
        assert client.get(path, headers={"accept": "text/html"}).status_code == 200, path
        assert client.get(path, headers={"accept": "text/turtle"}).status_code == 200, path


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_unknown_identifier_is_404_with_suggestions(client: TestClient, accept: str) -> None:
    answer = client.get("/id/rodtrad/activity/20-a999", headers={"accept": accept})
    assert answer.status_code == 404
    assert "/id/rodtrad/activity/20-a1" in answer.text


@pytest.mark.parametrize("iri", ["not an iri", "x", "http://a b", "http://a/<b>", "http://a/}", ""])
def test_what_is_no_iri_is_400(client: TestClient, iri: str) -> None:
    answer = client.get("/resource", params={"iri": iri})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "not-an-iri"
