"""The pages of an actor and of an obstacle: what is stated, with whom and where, and never more than that."""

from __future__ import annotations

import re

import pytest
from rodtrad.service.actor_pages import MOST_OTHERS, MOST_THINGS, read_network
from rodtrad.service.backend import EngineBackend
from rodtrad.store import Store
from starlette.testclient import TestClient

from .facts import Facts

BASE = "https://w3id.org/rodtrad"
AGENCY = "/id/ref/actor/arbetsformedlingen"


@pytest.fixture(scope="module")
def facts(example_store: Store) -> Facts:
    return Facts(example_store)


def shared(facts: Facts, actor: str) -> dict[str, set[str]]:
    """What an actor takes part in, with the other actors of each."""
    holder = {part: thing for thing, part in facts.pairs("participation")}
    who: dict[str, set[str]] = {}
    for part, one in facts.pairs("actor"):
        if part in holder:
            who.setdefault(holder[part], set()).add(one)
    return {thing: actors - {actor} for thing, actors in who.items() if actor in actors}


def test_all_participations_and_all_others_are_there(example_store: Store, facts: Facts) -> None:
    found = read_network(EngineBackend(example_store), BASE + AGENCY, "sv")
    wanted = shared(facts, BASE + AGENCY)
    assert len(wanted) > MOST_THINGS
    assert {part.thing.iri: {one.iri for one in part.others} for part in found.parts} == wanted
    assert {one.iri for one, _ in found.others} == set().union(*wanted.values())


def test_the_picture_is_bounded_and_says_so_and_the_table_is_whole(client: TestClient, facts: Facts) -> None:
    page = client.get(AGENCY + ".html", params={"lang": "sv"}).text
    wanted = shared(facts, BASE + AGENCY)
    picture = re.findall(r'<svg class="network".*?</svg>', page)[0]
    assert picture.count("<a ") <= MOST_THINGS + MOST_OTHERS
    assert f"{MOST_THINGS} av {len(wanted)} deltaganden" in page
    table = page.split('id="network-table"')[1].split("</table>")[0]
    assert table.count('<th scope="row">') == len(wanted)
    assert f"Minst {len(wanted)} att delta i" in page


def test_roles_are_those_that_are_stated(example_store: Store, facts: Facts) -> None:
    found = read_network(EngineBackend(example_store), BASE + AGENCY, "sv")
    mine = set(facts.subjects("actor", BASE + AGENCY))
    for part in found.parts:
        own = facts.values(part.thing.iri or "", "participation") & mine
        stated = set().union(*(facts.values(one, "role") for one in own))
        assert {role.iri for role in part.roles} == stated


def test_an_actor_without_participations_says_so(client: TestClient, facts: Facts) -> None:
    busy = {actor for _, actor in facts.pairs("actor")}
    idle = sorted(facts.of_class("Actor") - busy)[0]
    page = client.get(idle.removeprefix(BASE) + ".html", params={"lang": "sv"})
    assert page.status_code == 200
    assert "Inga deltaganden är återgivna här" in page.text
    assert '<svg class="network"' not in page.text


def test_an_obstacle_names_the_counties_with_the_same_kind(client: TestClient, facts: Facts) -> None:
    by_kind: dict[str, list[str]] = {}
    for one, found in sorted(facts.pairs("obstacleKind")):
        if not found.endswith("/other") and facts.values(one, "about"):
            by_kind.setdefault(found, []).append(one)
    kind, several = max(by_kind.items(), key=lambda pair: len(pair[1]))
    ours = several[0]
    same = {one for one in facts.subjects("obstacleKind", kind) if one != ours}
    counties = sorted({place for one in same for place in facts.values(one, "about")})
    page = client.get(ours.removeprefix(BASE) + ".html", params={"lang": "sv"}).text
    assert len(counties) > 1
    table = page.split('id="same"')[1].split("</table>")[0]
    assert [BASE + one for one in re.findall(r'<th scope="row"><a href="([^"?]+)', table)] == counties
    assert "minst dessa län" in page
