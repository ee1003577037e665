"""The nation on one page: the same numbers as the publications hold, the same in map and table, never a ranking."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rodtrad.ontology import vocabulary_graph
from rodtrad.ontology.names import ID, RT
from rodtrad.store import Store
from starlette.testclient import TestClient

HTML = {"accept": "text/html"}
TILE = re.compile(
    r'<li class="(told|silent|nothing) row-(\d) column-(\d)"><a href="/regions/(\d\d)[^"]*">'
    r'.*?<span class="place">.*?<bdi>(.*?)</bdi>.*?<span class="said">(.*?)</span></a></li>',
    re.DOTALL,
)
LINE = re.compile(
    r"<tr><td>(\d\d)</td><th scope=\"row\">.*?</th><td>(?:<span class=\"none\">)?(.*?)(?:</span>)?</td></tr>",
    re.DOTALL,
)


def page(client: TestClient, show: str = "", lang: str = "sv") -> str:
    answer = client.get("/national", params={"show": show, "lang": lang}, headers=HTML)
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


@pytest.fixture(scope="session")
def real(example_store: Store) -> list[Graph]:
    """Every publication that is not made up, read by rdflib and not by the engine."""
    found = []
    for iri, entry in example_store.current().graphs.items():
        if not entry.data:
            continue
        graph = Graph().parse(data=example_store.graph(iri), format="nt")
        if (URIRef(iri), RT.constructed, Literal(True)) not in graph and (
            None,
            RDF.type,
            RT.Publication,
        ) in graph:
            found.append(graph)
    return found


@cache
def counties() -> dict[str, str]:
    graph = vocabulary_graph()
    return {str(graph.value(one, RT.code)): str(one) for one in graph.subjects(RDF.type, RT.Region)}


def test_one_county_is_missing_and_named(client: TestClient, real: list[Graph]) -> None:
    tied = {
        str(graph.value(work, RT.about))
        for graph in real
        for work in graph.subjects(RDF.type, RT.RegionalWork)
        if (work, RT.alignedTo, None) in graph
    }
    assert set(counties().values()) - tied == {str(ID["ref/region/05"])}
    shown = page(client)
    headline = shown[shown.index('<section class="headline"') : shown.index("</section>")]
    assert "Minst 20 av 21 län" in headline
    assert re.findall(r'href="/regions/(\d\d)', headline) == ["05"] and "Östergötlands län" in headline
    assert "/sides/cq01-work-tied-to-strategy" in headline
    assert [tile[3] for tile in TILE.findall(page(client))] and "anger inget" in dict(LINE.findall(shown))[
        "05"
    ]


@pytest.mark.parametrize("kind", ["Lesson", "Objective", "Target", "Activity", "Observation"])
def test_the_numbers_are_those_of_the_publications(client: TestClient, real: list[Graph], kind: str) -> None:
    things = {
        (str(about), thing)
        for graph in real
        for thing in graph.subjects(RDF.type, RT[kind])
        for about in graph.objects(thing, RT.about)
    }
    counts = Counter(about for about, _ in things)
    said = dict(LINE.findall(page(client, kind)))
    assert list(said) == sorted(counties())
    for code, iri in counties().items():
        number = re.sub(r"\D", "", said[code])
        assert (int(number) if number else 0) == counts[iri], code
        assert number or said[code] == "anger inget"


def test_map_and_table_say_the_same(client: TestClient) -> None:
    for show in ("", "Target", "cq34-documented-failures"):
        shown = page(client, show)
        tiles = TILE.findall(shown)
        assert {tile[3]: tile[5] for tile in tiles} == dict(LINE.findall(shown))
        assert len({tile[1:3] for tile in tiles}) == len(tiles) == 21
        # The state is in words and in the pattern of the tile, and the two agree.
        assert {
            (tile[0] == "told") == (tile[5] not in ("anger inget", "inga uppgifter här")) for tile in tiles
        } == {True}


def test_tiles_lie_as_the_counties_lie(client: TestClient) -> None:
    tiles = {tile[3]: (int(tile[1]), int(tile[2])) for tile in TILE.findall(page(client))}
    north_to_south = ["25", "24", "22", "21", "19", "04"]
    assert [tiles[code][0] for code in north_to_south] == sorted({tiles[code][0] for code in north_to_south})
    assert tiles["12"][0] == tiles["10"][0] == max(row for row, _ in tiles.values())
    for west, east in (
        ("14", "05"),
        ("13", "08"),
        ("08", "09"),
        ("17", "03"),
        ("23", "22"),
        ("12", "10"),
        ("04", "01"),
    ):
        assert tiles[west][1] < tiles[east][1], (west, east)


def test_a_question_and_its_page_side_by_side_count_alike(client: TestClient) -> None:
    sides = client.get("/sides/cq01-work-tied-to-strategy?lang=sv", headers=HTML).text
    assert "Minst 20 av 21 län har uppgifter." in sides
    assert "/national?show=cq01-work-tied-to-strategy" in sides
    failures = page(client, "cq34-documented-failures")
    told = sum(tile[0] == "told" for tile in TILE.findall(failures))
    assert f"Minst {told} av 21 län" in failures and 0 < told < 21


def test_it_is_read_in_english(client: TestClient) -> None:
    shown = page(client, "Target", "en")
    assert "At least 20 of 21 counties" in shown and "gives none" in shown and "anger inget" not in shown


def test_what_cannot_be_shown_is_explained(client: TestClient) -> None:
    assert client.get("/national?show=Nonsense", headers=HTML).status_code == 404
    assert client.get("/national?show=%3Cscript%3E", headers=HTML).status_code == 404


def test_a_county_without_any_source_is_told_apart(hostile: TestClient) -> None:
    tiles = {tile[3]: tile for tile in TILE.findall(page(hostile, "Activity"))}
    assert tiles["20"][0] == "told" and "minst 1" in tiles["20"][5]
    assert tiles["21"][0] == "nothing" and tiles["21"][5] == "inga uppgifter här"
