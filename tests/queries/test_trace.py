"""The thread follows what the facts tie together, says what kind of tie it is, and where it stops."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import ID
from rodtrad.ontology.problems import RodtradError
from rodtrad.queries.thread import Trace
from rodtrad.queries.trace import MAX_DEPTH, trace
from rodtrad.store import Engine

OURS = str(ID["rodtrad/"])
MONEY = str(ID["bergslund/resource/projektmedel-till-validering-nara-dig"])
PREFIXES = """
@prefix : <http://x.example/> .
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix basis: <https://w3id.org/rodtrad/scheme/basis/> .
@prefix state: <https://w3id.org/rodtrad/scheme/achievement-state/> .
@prefix contribution: <https://w3id.org/rodtrad/scheme/contribution/> .
"""


def small(turtle: str) -> Engine:
    store = ox.Store()
    store.load(vocabulary(), format=ox.RdfFormat.N_TRIPLES)
    store.load((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return Engine(store, 1)


def local(iri: str) -> str:
    return iri.rpartition("/")[2]


def tied(region: dict, activity: dict) -> Iterator[tuple[str, str, str | None]]:
    """What the JSON says follows from an activity: start, end and the basis of the tie."""
    code = region["region"]["lan_code"]
    own = f"{code}-{activity['id']}"
    for output in activity["outputs"]:
        yield own, f"{own}-{output['id']}", "angiven"
    for outcome in activity.get("outcomes", []):
        for cause in outcome["from"]:
            start = own if cause == activity["id"] else f"{own}-{cause}"
            yield start, f"{own}-{outcome['id']}", outcome["link_basis"]
    for result in region["results"]:
        if activity["id"] in result["from"]:
            yield own, f"{code}-{result['id']}", result["link_basis"]


def test_every_activity_leads_where_the_facts_say(engine, regions: list[dict]) -> None:
    for region in (regions[0], regions[7], regions[15]):
        for activity in region["activities"]:
            iri = f"{OURS}activity/{region['region']['lan_code']}-{activity['id']}"
            thread = trace(engine, iri, "up")
            found = {
                (local(link.start), local(link.end), link.basis and link.basis.label)
                for link in thread.links
                if link.kind in {"causal", "definitional"}
            }
            assert found == set(tied(region, activity)), iri


def test_every_result_rests_on_what_the_facts_say(engine, regions: list[dict]) -> None:
    region = next(one for one in regions if one["region"]["lan_code"] == "20")
    for result in region["results"]:
        thread = trace(engine, f"{OURS}result/20-{result['id']}", "down")
        causes = {local(link.start) for link in thread.links if local(link.end) == f"20-{result['id']}"}
        assert causes == {f"20-{row}" for row in result["from"]}
        if not result["from"]:
            assert [one.words for one in thread.breaks] == ["källan anger ingen aktivitet"]


def test_governance_runs_from_the_mandate_to_the_national_strategy(engine) -> None:
    thread = trace(engine, f"{OURS}activity/20-a12", "up")
    ways = [[local(link.end) for link in path.links] for path in thread.paths if path.kind == "governance"]
    assert ["m3", "villkorsbeslut-2018", "nationell-strategi-2015-2020"] in ways
    assert all(
        link.kind != "governance" for path in thread.paths if path.kind == "causal" for link in path.links
    )


def test_the_work_as_a_whole_stands_by_itself(engine, regions: list[dict]) -> None:
    levels = {"dokument", "mål", "prioritering"}
    for region in regions:
        code, said = region["region"]["lan_code"], region.get("activities_link")
        thread = trace(engine, f"{OURS}activity/{code}-a1", "up")
        whole = [link for link in thread.whole_work if link.kind == "whole-work"]
        assert [link.level.label for link in whole if link.level] == ([said["level"]] if said else [])
        assert not said or said["level"] in levels
        assert not {link for path in thread.paths for link in path.links} & set(whole)


def test_a_thread_says_where_it_stops(engine) -> None:
    thread = trace(engine, f"{OURS}activity/20-a12", "up")
    stops = {local(one.node): one.words for one in thread.breaks}
    assert stops == {
        "20-a12-u1": "källan anger ingen effekt och inget mål",
        "20-r2": "källan anger inget mål",
    }
    english = trace(engine, f"{OURS}activity/20-a12", "up", "en")
    assert "the source gives no objective" in english.to_text()


def test_the_made_up_county_has_a_whole_thread(engine) -> None:
    thread = trace(engine, MONEY, "up")
    levels = [
        [level.label for link in path.links if (level := thread.node(link.end).level)]
        for path in thread.paths
    ]
    chain = ["aktivitet", "aktivitet", "prestation", "utfall", "kortsiktig effekt", "långsiktig effekt"]
    assert chain in levels
    whole = thread.paths[levels.index(chain)]
    assert [link.kind for link in whole.links][:2] == ["money", "definitional"]
    assert thread.start.constructed and "konstruerat" in thread.to_text()
    assert any(thread.node(link.end).cls.label == "Mål" for link in whole.links if thread.node(link.end).cls)


def test_up_and_down_meet(engine) -> None:
    up = trace(engine, MONEY, "up")
    last = next(link.end for link in up.links if "long-term-effect/" in link.end)
    down = trace(engine, last, "down")
    assert MONEY in {node.iri for node in down.nodes}


CHAIN = """
:a a rt:Activity ; rdfs:label "A"@sv . :u a rt:Outcome ; rdfs:label "U"@sv . :e a rt:ShortTermEffect .
:o a rt:Objective . :d a rt:GoverningDocument .
:l1 rt:cause :a ; rt:effect :u ; rt:basis basis:stated ; rt:evidence "enkät" .
:l2 rt:cause :u ; rt:effect :e ; rt:basis basis:interpreted ; rt:evidence "enkät" .
:a rt:leadsTo :u ; rt:ledTo :u . :u rt:leadsTo :e ; rt:ledTo :e .
:e rt:serves :o . :o rt:under :d .
"""


def thread_of(turtle: str, start: str = "a") -> Trace:
    return trace(small(turtle), f"http://x.example/{start}", "up")


@pytest.mark.parametrize(
    ("change", "weakness", "traceability"),
    [
        ((), "interpreted", "low"),
        (("basis:interpreted", "basis:stated"), "sound", "high"),
        (
            ('rt:basis basis:interpreted ; rt:evidence "enkät"', "rt:basis basis:stated"),
            "no-evidence",
            "medium",
        ),
        (("rt:ledTo :e .", "."), "not-achieved", "low"),
        (("; rt:basis basis:interpreted", ""), "basis-unknown", "low"),
    ],
)
def test_a_path_is_as_strong_as_its_weakest_link(change: tuple, weakness: str, traceability: str) -> None:
    turtle = CHAIN.replace(*change) if change else CHAIN
    turtle = turtle.replace("rt:leadsTo :e ; .", "rt:leadsTo :e .")
    (path,) = thread_of(turtle).paths
    assert [local(link.end) for link in path.links] == ["u", "e", "o", "d"]
    assert (path.weakest.weakness, path.traceability, path.kind) == (weakness, traceability, "both")


def test_what_does_not_contribute_is_not_followed() -> None:
    turtle = CHAIN.replace(":u rt:leadsTo :e ; rt:ledTo :e .", "")
    (path,) = thread_of(turtle).paths
    assert [local(link.end) for link in path.links] == ["u"]


def test_a_cycle_is_walked_once() -> None:
    turtle = CHAIN + ":l3 rt:cause :e ; rt:effect :a . :e rt:leadsTo :a ."
    thread = thread_of(turtle)
    assert len(thread.links) == 5 and len(thread.paths) == 1
    assert not thread.truncated


def test_a_thread_that_is_too_long_says_so() -> None:
    step = ":n{i} a rt:Outcome ; rt:leadsTo :n{j} . :k{i} rt:cause :n{i} ; rt:effect :n{j} ."
    thread = thread_of("\n".join(step.format(i=i, j=i + 1) for i in range(20)), "n0")
    assert thread.truncated
    assert [len(path.links) for path in thread.paths] == [MAX_DEPTH]
    assert "visas inte hel" in thread.to_text()


def test_what_is_made_up_is_not_reached_from_what_is_real() -> None:
    turtle = CHAIN + ":p rt:constructed true . :l2 rt:inPublication :p ."
    (path,) = thread_of(turtle).paths
    assert [local(link.end) for link in path.links] == ["u"]


def test_json_points_into_its_own_lists(engine) -> None:
    thread = trace(engine, f"{OURS}activity/20-a12", "up")
    told = json.loads(thread.to_json())
    for path, told_path in zip(thread.paths, told["paths"], strict=True):
        assert [told["links"][at]["end"] for at in told_path["links"]] == [link.end for link in path.links]
        assert told_path["why_sv"] and told_path["why_en"]
    assert told["start"] in {node["iri"] for node in told["nodes"]}


@pytest.mark.parametrize(
    ("iri", "direction", "code"),
    [
        ("http://x.example/nothing", "up", "unknown-resource"),
        ("not an iri", "up", "unknown-resource"),
        (f"{OURS}activity/20-a12", "sideways", "bad-direction"),
    ],
)
def test_refusals(engine, iri: str, direction: str, code: str) -> None:
    with pytest.raises(RodtradError) as caught:
        trace(engine, iri, direction)  # type: ignore[arg-type]
    assert caught.value.problems[0].code == code
