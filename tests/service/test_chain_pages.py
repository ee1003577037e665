"""The page of a thread stays readable at any size, and its picture, outline, tables and files agree."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from .chains import county_store, served

SVG = "{http://www.w3.org/2000/svg}"
ACTIVITY = "https://w3id.org/rodtrad/id/allby-lan/activity/7"
HTML = {"accept": "text/html", "accept-language": "sv"}


@pytest.fixture(scope="module", params=[1, 46, 510], ids=["10", "300", "3000"])
def county(request: pytest.FixtureRequest) -> Iterator[tuple[TestClient, str]]:
    store, graph = county_store(request.param)
    with served(store) as client:
        yield client, graph


@pytest.fixture(scope="module")
def large() -> Iterator[tuple[TestClient, str]]:
    store, graph = county_store(510)
    with served(store) as client:
        yield client, graph


def page(client: TestClient, iri: str, **asked: object) -> str:
    answer = client.get("/thread", params={"iri": iri, **asked}, headers=HTML)
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


def rows(client: TestClient, iri: str, **asked: object) -> list[list[str]]:
    answer = client.get("/thread.csv", params={"iri": iri, **asked}, headers={"accept-language": "sv"})
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]


def test_a_chain_of_any_size_is_quick_and_small(county: tuple[TestClient, str]) -> None:
    client, graph = county
    page(client, graph)
    start = time.perf_counter()
    shown = page(client, graph)
    assert time.perf_counter() - start < 4
    assert len(shown.encode()) < 900_000
    drawn = '<svg class="chain" xmlns' in shown
    assert drawn == (len(rows(client, graph)) <= 300)
    # What is not drawn is in an outline and an overview, before any table.
    if not drawn:
        assert shown.index('id="overview"') < shown.index('id="outline"') < shown.index('id="elements"')


def test_picture_tables_and_files_hold_the_same(county: tuple[TestClient, str]) -> None:
    client, graph = county
    elements, links = rows(client, graph), rows(client, graph, part="links")
    svg = ElementTree.fromstring(client.get("/thread.svg", params={"iri": graph}).text)
    drawn = [one.get("href", "").split("/id/")[-1] for one in svg.iter(f"{SVG}a")]
    assert drawn == [row[-1].split("/id/")[-1] for row in elements]
    assert svg.find(f"{SVG}style") is not None
    joined = {
        (drawn[int(one.get("data-a", ""))], drawn[int(one.get("data-b", ""))])
        for one in svg.iter(f"{SVG}path")
        if one.get("data-a")
    }
    assert joined == {tuple(iri.split("/id/")[-1] for iri in row[-2:]) for row in links}
    shown = page(client, graph)
    table = shown[shown.index('id="elements"') : shown.index('id="links"')]
    assert table.count('<th scope="row">') == min(len(elements), 200 if len(elements) > 300 else 300)


def test_overview_counts_every_element_by_area_and_level(large: tuple[TestClient, str]) -> None:
    client, graph = large
    shown = page(client, graph)
    table = shown[shown.index('<table class="overview">') : shown.index('id="outline"')]
    assert table.count("<tr>") == 1 + 6 + 1  # six objectives, and what stands under none
    for activity_row in rows(client, graph, level=2):
        assert "/activity/" in activity_row[-1]
    assert len(rows(client, graph, level=2)) == 510
    # Activities point to priorities of one of six objectives or to none; effects may serve another one.
    objective = "https://w3id.org/rodtrad/id/allby-lan/objective/3"
    found = rows(client, graph, area=objective, level=2)
    counted = re.search(r'area=[^"]*objective%2F3&amp;level=2">(\d+)<', table)
    assert counted is not None and int(counted[1]) == len(found) > 0
    # An objective stands in its own area only.
    assert [row[-1] for row in rows(client, graph, area=objective) if "/objective/" in row[-1]] == [objective]
    outside = rows(client, graph, area="none", level=2)
    assert outside and not {row[-1] for row in outside} & {row[-1] for row in found}


def test_outline_shows_the_first_and_leads_to_all(large: tuple[TestClient, str]) -> None:
    client, graph = large
    shown = page(client, graph)
    outline = shown[shown.index('id="outline"') : shown.index('class="downloads')]
    assert "Visa alla, " in outline and "focus=" in outline
    assert outline.count("<details") >= 7 * 4


def test_focus_draws_one_element_with_its_neighbours(large: tuple[TestClient, str]) -> None:
    client, graph = large
    shown = page(client, graph, focus=ACTIVITY)
    svg = shown[shown.index('<svg class="chain" xmlns') :]
    svg = svg[: svg.index("</svg>")]
    names = set(re.findall(r'href="/id/allby-lan/([\w-]+/\d+)', svg))
    # Two steps before: the money, the priority and its objective; two after: the output and its outcome.
    assert {"resource/7", "activity/7", "output/7", "outcome/7"} <= names
    assert not any(name.startswith("short-term-effect") for name in names) and len(names) == 6
    assert svg.count(" focus") == 1
    # Effects that lie outside the picture are not said to be missing in the source.
    assert "Källan anger ingen effekt" not in svg and "ryms inte i det" in re.sub("<[^>]+>", "", svg)
    # Effects of its own lie outside the picture: that is no break.
    assert 'class="break"' not in svg


def test_priority_keeps_its_objective_its_work_and_the_money_for_it(large: tuple[TestClient, str]) -> None:
    client, graph = large
    priority = "https://w3id.org/rodtrad/id/allby-lan/priority/4"
    found = {row[-1].split("/id/allby-lan/")[1] for row in rows(client, graph, priority=priority)}
    work = {one for one in found if one.startswith("activity/")}
    assert {"priority/4", "objective/4", "document/rus"} <= found and work
    assert "priority/5" not in found
    assert {one.replace("activity", "resource") for one in work} == {
        one for one in found if one.startswith("resource/")
    }


def test_years_leave_out_what_is_stated_for_other_years_only(client: TestClient) -> None:
    region = "https://w3id.org/rodtrad/id/ref/region/20"
    all_rows, later = rows(client, region), rows(client, region, **{"from": 2100})
    assert later and len(later) < len(all_rows)
    assert all(row[4] == "" for row in later)
    assert {row[-1] for row in all_rows if not row[4]} == {row[-1] for row in later}


def test_a_county_may_see_its_own_words_beside_the_national_ones(client: TestClient) -> None:
    region = "https://w3id.org/rodtrad/id/ref/region/24"
    own = page(client, region, words="framework")
    assert "Regionens egna ord:" in own
    headings = {row[0] for row in rows(client, region, words="framework")}
    national = {row[0] for row in rows(client, region)}
    assert headings != national and all(
        any(one == plain or one.endswith(f"({plain})") for plain in national) for one in headings
    )


def test_where_no_own_words_are_told_of_the_page_says_so(large: tuple[TestClient, str]) -> None:
    client, graph = large
    shown = page(client, graph, words="framework")
    assert "De nationella orden visas." in shown and "Regionens egna ord:" not in shown


@pytest.mark.parametrize(
    "asked",
    [
        {"level": "x"},
        {"level": "99"},
        {"from": "-1"},
        {"page": "0"},
        {"page": "9" * 50},
        {"area": "'\"><script>"},
        {"focus": "no iri"},
        {"region": "> } DROP ALL"},
        {"words": "framework", "region": "> } DROP ALL"},
        {"priority": "\u202e"},
    ],
)
def test_what_cannot_be_meant_is_shown_safely(large: tuple[TestClient, str], asked: dict[str, str]) -> None:
    client, graph = large
    for path in ("/thread", "/thread.svg", "/thread.csv"):
        answer = client.get(path, params={"iri": graph, **asked}, headers=HTML)
        assert answer.status_code in (200, 400), (path, answer.text[:200])
        assert "'\"><script>" not in answer.text


def test_a_formula_in_a_name_is_not_run_by_a_spreadsheet() -> None:
    from rodtrad.service.chain import Chain, Column, Element
    from rodtrad.service.thread_files import elements_csv
    from rodtrad.service.words import Words

    one = Element("urn:x", Words("=HYPERLINK(1)"), 0, "slag", years=(2020, 2022))
    written = elements_csv(Chain((Column("Led", ""),), (one,), ()), [one], "sv")
    assert list(csv.reader(io.StringIO(written)))[1][1] == "'=HYPERLINK(1)"
    assert "2020–2022" in written
