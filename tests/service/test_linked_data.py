"""Identifiers answer with a page or RDF, by header or suffix, and can be kept in a cache."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rodtrad.service.app import create_app
from rodtrad.service.backend import EngineBackend
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

ACTIVITY = "/id/rodtrad/activity/20-a10"
PAGE = ACTIVITY + ".html"
IRI = "https://w3id.org/rodtrad" + ACTIVITY
FORMATS = {
    "text/turtle": ("ttl", ox.RdfFormat.TURTLE),
    "application/n-triples": ("nt", ox.RdfFormat.N_TRIPLES),
    "application/ld+json": ("jsonld", ox.RdfFormat.JSON_LD),
}


@pytest.mark.parametrize("media", FORMATS)
def test_rdf_by_accept_and_by_suffix_is_the_same_graph(client: TestClient, media: str) -> None:
    suffix, form = FORMATS[media]
    by_accept = client.get(ACTIVITY, headers={"accept": media}, follow_redirects=True)
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
    assert answer.status_code == 303 and answer.headers["vary"] == "Accept"
    answer = client.get(answer.headers["location"], headers={"accept": accept})
    assert answer.status_code == 200
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


def test_a_thing_is_not_its_description(client: TestClient) -> None:
    answer = client.get(ACTIVITY + "?lang=en", headers={"accept": "text/html"})
    assert answer.status_code == 303 and answer.headers["location"] == ACTIVITY + ".html?lang=en"
    assert f'<{ACTIVITY}.ttl>; rel="describedby"' in answer.headers["link"]
    # A publication is a document, so it answers itself.
    assert client.get("/graph/rodtrad/utvardering-2021-20").status_code == 200


def test_head_equals_get_without_a_body(client: TestClient) -> None:
    got, head = client.get(PAGE), client.head(PAGE)
    assert head.status_code == 200 and head.content == b""
    for name in ("etag", "content-type", "link", "vary", "content-length"):
        assert head.headers[name] == got.headers[name]


def test_same_generation_is_304_and_another_language_is_not(client: TestClient) -> None:
    tag = client.get(PAGE).headers["etag"]
    assert client.get(PAGE, headers={"if-none-match": tag}).status_code == 304
    assert client.get(PAGE + "?lang=en", headers={"if-none-match": tag}).status_code == 200
    assert client.get(ACTIVITY + ".ttl", headers={"if-none-match": tag}).status_code == 200


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


@pytest.mark.parametrize(
    "path", [PAGE, "/sparql", "/catalog", "/api/v1/queries", "/id/rodtrad/activity/none", "/dumps/none"]
)
def test_every_page_of_the_web_may_read_without_credentials(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asked = {"origin": "https://example.org", "access-control-request-method": "GET"}
    preflight = client.options(path, headers=asked)
    assert preflight.status_code == 204 and preflight.headers["access-control-allow-origin"] == "*"
    assert "authorization" not in preflight.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/update"),
        ("PUT", "/graphs"),
        ("POST", "/graphs/20/x"),
        ("DELETE", "/graphs/20/x"),
        ("PUT", "/sparql"),
    ],
)
def test_no_page_of_another_site_may_write(client: TestClient, method: str, path: str) -> None:
    preflight = client.options(
        path, headers={"origin": "https://example.org", "access-control-request-method": method}
    )
    assert preflight.status_code == 403 and "access-control-allow-origin" not in preflight.headers
    form = client.request(
        method, path, data={"update": "CLEAR ALL"}, headers={"origin": "https://example.org"}
    )
    assert form.status_code in (401, 405) and "access-control-allow-origin" not in form.headers


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/turtle"])  # fmt: skip
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/update"), ("PUT", "/graphs?graph=urn:g"), ("POST", "/graphs?graph=urn:g"), ("DELETE", "/graphs?graph=urn:g")],
)  # fmt: skip
def test_what_a_page_may_send_unasked_changes_nothing(
    client: TestClient, method: str, path: str, media: str
) -> None:
    """A browser sends these without a preflight; cookies are no credentials here, so none is let in."""
    before = client.get("/healthz").json()["generation"]
    for text in ("CLEAR ALL", "update=CLEAR%20ALL", "<urn:a> <urn:b> 1 ."):
        headers = {"origin": "https://example.org", "content-type": media, "cookie": "token=x; session=y"}
        answer = client.request(method, path, content=text, headers=headers)
        assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer")
        assert "set-cookie" not in answer.headers and "access-control-allow-origin" not in answer.headers
    assert client.get("/healthz").json()["generation"] == before


def test_what_was_taken_away_is_410_and_says_when_and_by_whom() -> None:
    store, graph = Store(None), "https://w3id.org/rodtrad/graph/20/x"
    line = (
        '<https://w3id.org/rodtrad/id/20/activity/{}> <http://www.w3.org/2000/01/rdf-schema#label> "{}" .\n'
    )
    both, one = "".join(line.format(n, n) for n in "ab"), line.format("a", "a")
    store.publish(graph, both.encode(), by="test")
    backend = EngineBackend(store)
    app = create_app(Settings(), backend)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        assert client.get("/id/20/activity/b").status_code == 303
        day = store.publish(graph, one.encode(), by="test", confirm_removal=True).created[:10]
        backend.refresh()
        for path in ("/id/20/activity/b", "/id/20/activity/b.ttl", "/id/20/activity/b.html"):
            answer = client.get(path)
            assert answer.status_code == 410, path
            assert graph in answer.text and day in answer.text
            assert answer.headers["link"] == f'<{path}?asOf=1>; rel="predecessor-version"'
            assert client.get(f"{path}?asOf=1").status_code in (200, 303)
        assert client.get("/id/20/activity/a").status_code == 303
        assert client.get("/id/20/activity/c").status_code == 404
        # What comes back is there again.
        store.publish(graph, both.encode(), by="test")
        backend.refresh()
        assert client.get("/id/20/activity/b").status_code == 303
        store.retire(graph, by="test")
        backend.refresh()
        assert client.get("/id/20/activity/a.ttl").status_code == 410
