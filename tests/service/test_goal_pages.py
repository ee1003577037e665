"""The goals of a strategy: all are there, under what the source puts them, with what each has and lacks."""

from __future__ import annotations

import re

import pytest
from rodtrad.service.backend import EngineBackend
from rodtrad.service.goal_pages import Branch, read_goals
from rodtrad.store import Store
from starlette.testclient import TestClient

from .facts import Facts

BASE = "https://w3id.org/rodtrad"
DALARNA = "/id/rodtrad/document/20-ds-dalastrategin-2030"
MADE_UP = "/id/bergslund/document/bergslund-2030"
CLIMATE = "A climate-smart Dalarna"


@pytest.fixture(scope="module")
def facts(example_store: Store) -> Facts:
    return Facts(example_store)


def below(facts: Facts, root: str) -> set[str]:
    """Every objective and priority under a root, link by link."""
    goals = facts.of_class("Objective") | facts.of_class("Priority")
    found: set[str] = set()
    wanted = [root]
    while wanted:
        one = wanted.pop()
        more = set(facts.subjects("under", one)) - found
        found |= more
        wanted += more
    return found & goals


def flat(branches: tuple[Branch, ...]) -> list[Branch]:
    return [one for branch in branches for one in (branch, *flat(branch.below))]


@pytest.mark.parametrize("document", [DALARNA, MADE_UP, "/id/rodtrad/document/22-rus-ett-vasternorrland"])
def test_every_goal_is_in_the_tree_under_what_the_source_says(
    document: str, example_store: Store, facts: Facts
) -> None:
    found = read_goals(EngineBackend(example_store), BASE + document, "sv")
    shown = flat(found.tree)
    assert {one.goal.value.iri for one in shown} == below(facts, BASE + document)
    for parent in shown:
        for child in parent.below:
            assert parent.goal.value.iri in facts.values(child.goal.value.iri or "", "under")


def test_indicators_and_targets_are_those_of_the_source(example_store: Store, facts: Facts) -> None:
    found = read_goals(EngineBackend(example_store), BASE + DALARNA, "en")
    climate = next(one.goal for one in flat(found.tree) if one.goal.value.text == CLIMATE)
    measures = set(facts.subjects("indicatorFor", climate.value.iri or ""))
    targets = {one for one, indicator in facts.pairs("indicator") if indicator in measures}
    assert {one.iri for one in climate.indicators} == measures
    assert climate.targets == len(targets & facts.of_class("Target")) == 1
    assert climate.without_target == len(measures) - 1


def test_the_strategy_uses_its_own_words_until_the_national_are_asked_for(client: TestClient) -> None:
    own = client.get(DALARNA + ".html", params={"lang": "sv"}).text
    assert '<span class="level">Målområde (mål)</span>' in own
    national = client.get(DALARNA + ".html", params={"lang": "sv", "words": "national"}).text
    assert "Målområde (mål)" not in national
    assert '<span class="level">Mål</span>' in national
    assert re.search(r'href="/id/rodtrad/objective/[^"]*words=national"', national)
    assert "words=framework" in national


def test_gaps_are_named_and_planned_is_not_done(client: TestClient) -> None:
    page = client.get(MADE_UP + ".html", params={"lang": "sv"}).text
    assert "ingen indikator" in page
    tourism = page.split("Fler helårsjobb")[1].split("</div>")[0]
    assert re.search(r"Aktiviteter: 2: 1 [^,]+, 1 planerad", tourism)
    # A sample whose goals no activity is tied to says so once, not as a gap of each goal.
    dalarna = client.get(DALARNA + ".html", params={"lang": "sv"}).text
    assert "Ingen aktivitet här är knuten" in dalarna
    assert "ingen aktivitet</span>" not in dalarna


def test_activities_of_a_sample_are_lower_bounds(example_store: Store, facts: Facts) -> None:
    backend = EngineBackend(example_store)
    priority = f"{BASE}/id/ref/priority/ns2015-kompetensforsorjning"
    own = read_goals(backend, priority, "sv").own
    assert own is not None
    told = set(facts.subjects("priority", priority)) & facts.of_class("Activity")
    assert own.at_least
    assert own.activities >= len(told)
    assert own.activities > 300
    assert sum(number for _, number in own.statuses) == own.activities
    made_up = flat(read_goals(backend, BASE + MADE_UP, "sv").tree)
    assert any(one.goal.activities and not one.goal.at_least for one in made_up)


def test_goals_that_cross_stand_in_a_matrix(example_store: Store, facts: Facts) -> None:
    backend = EngineBackend(example_store)
    roots = [f"{BASE}/id/rodtrad/document/{one}" for one in ("24-rus-rus-2020", "21-rus-rus-2020")]
    for root in roots:
        inside = below(facts, root)
        wanted = {one for one in inside if len(facts.values(one, "under") & inside) > 1}
        matrix = read_goals(backend, root, "sv").matrix
        assert matrix is not None
        assert wanted
        assert {goal.value.iri for goal, _ in matrix.rows} >= wanted
        for goal, belongs in matrix.rows:
            ticked = {column.iri for column, yes in zip(matrix.columns, belongs, strict=True) if yes}
            assert ticked >= facts.values(goal.value.iri or "", "under") & inside
    assert read_goals(backend, BASE + DALARNA, "sv").matrix is None
