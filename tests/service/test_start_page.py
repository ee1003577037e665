"""The start page: what is here in one look, what is new, what is due, and one box to search in."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import GRAPH, RT, SCHEME
from rodtrad.service import start_page
from rodtrad.service.app import create_app
from rodtrad.service.backend import EngineBackend
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

HTML = {"accept": "text/html"}
_FIGURE = re.compile(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", re.DOTALL)


def start(client: TestClient, lang: str = "sv") -> str:
    answer = client.get("/", params={"lang": lang}, headers=HTML)
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


def section(shown: str, name: str) -> str:
    return shown[shown.index(f'aria-labelledby="{name}"') :].partition("</section>")[0]


def figures(shown: str) -> dict[str, str]:
    return {
        name: re.sub(r"<.*?>", "", value).strip() for name, value in _FIGURE.findall(section(shown, "here"))
    }


def told(store: Store) -> Graph:
    """What all publications say that are not made up, without what the store derives."""
    whole = Graph()
    for iri in store.current().graphs:
        graph = Graph().parse(data=store.graph(iri), format="nt")
        if (URIRef(iri), RDF.type, RT.Publication) in graph and (
            URIRef(iri), RT.constructed, Literal(True)
        ) not in graph:  # fmt: skip
            whole += graph
    return whole


def test_the_figures_are_those_of_the_publications(client: TestClient, example_store: Store) -> None:
    graph = told(example_store)
    next_to: dict[object, set[object]] = defaultdict(set)
    broken = {SCHEME["contribution/none"], SCHEME["contribution/counteracting"]}
    for link in graph.subjects(RDF.type, RT.CausalLink):
        if graph.value(link, RT.contribution) not in broken:
            next_to[graph.value(link, RT.cause)].add(graph.value(link, RT.effect))
    for output, activity in graph.subject_objects(RT.producedBy):
        next_to[activity].add(output)
    outcomes = set(graph.subjects(RDF.type, RT.Outcome))
    activities = set(graph.subjects(RDF.type, RT.Activity))
    reached = {
        one: next_to[one] | {two for step in next_to[one] for two in next_to[step]} for one in activities
    }
    chains = sum(1 for one in activities if reached[one] & outcomes)
    shown = figures(start(client))
    assert shown["aktiviteter där källan säger vad de ledde till"] == f"minst {chains}"
    assert shown["av 21 län har uppgifter här"] == "21"
    assert shown["av 21 län: arbetet knyts till en strategi"] == "minst 20"
    # No region has published anything itself: the evaluation and the coders have.
    assert shown["regioner har själva publicerat"] == "0"


def test_a_real_thread_is_one_click_away(client: TestClient, example_store: Store) -> None:
    shown = section(start(client), "begin")
    first = re.search(r'href="(/thread\?iri=([^"]+?))(?:&amp;[^"]*)?">Följ en verklig tråd', shown)
    assert first and "bergslund" not in first[0]
    graph, activity = told(example_store), first[2].replace("%3A", ":").replace("%2F", "/")
    assert (URIRef(activity), RDF.type, RT.Activity) in graph
    thread = client.get(first[1].replace("&amp;", "&"), headers=HTML)
    assert thread.status_code == 200 and "uppnådd" in thread.text


def test_the_one_box_searches_everything(client: TestClient) -> None:
    shown = start(client)
    form = shown[shown.index('<form method="get" action="/search"') :].partition("</form>")[0]
    assert 'role="search"' in form and '<label for="q">' in form and 'name="q"' in form
    assert "validering" in client.get("/search?q=validering&lang=sv", headers=HTML).text


def test_what_is_due_comes_by_day_and_what_is_late_first(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start_page, "today", lambda _: date(2026, 1, 15))
    shown = section(start(client), "due")
    days = re.findall(r"<time>(.*?)</time>", shown)
    # The annual cycle of Region Västerbotten begins in January and reports to the government in February.
    assert days[:2] == ["2026-01-31", "2026-02-28"] and days == sorted(days)
    assert "Återrapportering till regeringen" in shown and "Region Västerbotten" in shown


def test_a_new_day_is_a_new_page(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_page, "today", lambda _: date(2026, 1, 15))
    tag = client.get("/", headers=HTML).headers["etag"]
    known = {**HTML, "if-none-match": tag}
    assert client.get("/", headers=known).status_code == 304
    monkeypatch.setattr(start_page, "today", lambda _: date(2026, 1, 16))
    assert client.get("/", headers=known).status_code == 200


def _publication(name: str, note: str) -> bytes:
    graph = f"<{GRAPH['rodtrad/' + name]}>"
    return (
        f'{graph} <http://www.w3.org/2000/01/rdf-schema#label> "{name}"@sv .\n'
        f"{graph} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{RT.Publication}> .\n"
        f'{graph} <{RT.note}> "{note}" .\n'
    ).encode()


def test_the_latest_publications_come_first_with_what_they_changed() -> None:
    store = Store(None)
    store.set_vocabulary(vocabulary())
    for name, note in (("first", "a"), ("second", "a"), ("first", "b")):
        store.publish(str(GRAPH[f"rodtrad/{name}"]), _publication(name, note), by="test")
    with TestClient(create_app(Settings(), EngineBackend(store))) as one:
        shown = section(start(one), "news")
        assert re.findall(r"<bdi>(.*?)</bdi>", shown) == ["first", "second", "first"]
        assert "ny version" in shown
        newest = store.current().number
        diff = re.search(r'href="(/publications/diff\?from=(\d+)&amp;to=(\d+)[^"]*)"', shown)
        assert diff and (int(diff[2]), int(diff[3])) == (newest - 1, newest)
        assert one.get(diff[1].replace("&amp;", "&"), headers=HTML).status_code == 200


def test_an_empty_store_has_a_start_page_too() -> None:
    store = Store(None)
    store.set_vocabulary(vocabulary())
    with TestClient(create_app(Settings(), EngineBackend(store))) as one:
        shown = start(one)
        assert "Inget publicerat än." in shown and figures(shown)["av 21 län har uppgifter här"] == "0"
        assert one.get("/national", headers=HTML).status_code == 200
