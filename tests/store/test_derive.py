"""What follows from links: never more than the source says."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from rodtrad.store import Store, Upload
from rodtrad.store.derive import rules
from rodtrad.store.index import DERIVED

Turtle = Callable[[str], bytes]
PUBLISHERS = """
g20:a rt:publisher <https://example.org/region-20> .
g08:a rt:publisher <https://example.org/region-08> .
"""
CHAIN = """
x:money a rt:Resource ; rt:inPublication g20:a ; rt:resourceFor x:project .
x:project a rt:Intervention ; rt:inPublication g20:a .
x:activity a rt:Activity ; rt:inPublication g20:a ;
    rt:partOfIntervention x:project ; rt:status status:carried-out .
x:output a rt:Output ; rt:inPublication g20:a ; rt:producedBy x:activity ; rt:state state:achieved .
x:outcome a rt:Outcome ; rt:inPublication g20:a ; rt:state state:achieved ; rt:serves x:objective .
x:effect a rt:LongTermEffect ; rt:inPublication g20:a ; rt:state state:expected ; rt:serves x:vision .
x:link1 a rt:CausalLink ; rt:inPublication g20:a ; rt:basis basis:stated ;
    rt:cause x:output ; rt:effect x:outcome .
x:link2 a rt:CausalLink ; rt:inPublication g20:a ; rt:basis basis:stated ;
    rt:cause x:outcome ; rt:effect x:effect .
"""
STEPS = {("money", "project"), ("project", "activity"), ("activity", "output"), ("output", "outcome")}


def derived(data: bytes) -> dict[str, set[tuple[str, str]]]:
    """Derived pairs by property, everything by its last name."""
    store = Store()
    store.publish_many([Upload("https://w3id.org/rodtrad/graph/20/a", data)], by="test")
    pairs: dict[str, set[tuple[str, str]]] = {}
    if store.current().derived:
        for line in store.graph(DERIVED).decode().splitlines():
            subject, prop, thing = (re.split("[/>]", iri)[-2] for iri in line.split(" ")[:3])
            pairs.setdefault(prop, set()).add((subject, thing))
    return pairs


def test_a_stated_chain_reaches_from_money_to_objective(turtle: Turtle) -> None:
    found = derived(turtle(PUBLISHERS + CHAIN))
    assert found["leadsTo"] == STEPS | {("outcome", "effect")}
    starts, ends = ("money", "project", "activity"), ("outcome", "objective", "effect", "vision")
    assert found["contributesTo"] == {(start, end) for start in starts for end in ends}


def test_what_is_only_expected_was_not_led_to(turtle: Turtle) -> None:
    found = derived(turtle(PUBLISHERS + CHAIN))
    assert found["ledTo"] == STEPS
    starts = ("money", "project", "activity")
    assert found["contributedTo"] == {(start, end) for start in starts for end in ("outcome", "objective")}


@pytest.mark.parametrize("status", ["planned", "cancelled", "not-begun", "unknown"])
def test_an_activity_that_did_not_happen_led_to_nothing(turtle: Turtle, status: str) -> None:
    found = derived(turtle(PUBLISHERS + CHAIN.replace("status:carried-out", f"status:{status}")))
    assert found["leadsTo"] == STEPS | {("outcome", "effect")}
    assert found["ledTo"] == {("output", "outcome")}
    assert "contributedTo" not in found


def test_an_ongoing_activity_counts_as_having_happened(turtle: Turtle) -> None:
    assert (
        derived(turtle(PUBLISHERS + CHAIN.replace("status:carried-out", "status:ongoing")))["ledTo"] == STEPS
    )


def test_an_interpreted_link_leads_but_does_not_contribute(turtle: Turtle) -> None:
    data = CHAIN.replace(
        "x:link1 a rt:CausalLink ; rt:inPublication g20:a ; rt:basis basis:stated",
        "x:link1 a rt:CausalLink ; rt:inPublication g20:a ; rt:basis basis:interpreted",
    )
    found = derived(turtle(PUBLISHERS + data))
    assert found["leadsTo"] == STEPS | {("outcome", "effect")}
    assert found["ledTo"] == STEPS
    assert "contributesTo" not in found and "contributedTo" not in found


def test_a_link_without_basis_does_not_count_as_stated(turtle: Turtle) -> None:
    found = derived(turtle(PUBLISHERS + CHAIN.replace("rt:basis basis:stated ;", "")))
    assert ("output", "outcome") in found["leadsTo"]
    assert "contributesTo" not in found


@pytest.mark.parametrize("contribution", ["none", "counteracting"])
def test_no_contribution_and_counteraction_lead_nowhere(turtle: Turtle, contribution: str) -> None:
    data = CHAIN + f"x:link1 rt:contribution contribution:{contribution} ."
    found = derived(turtle(PUBLISHERS + data))
    assert found["leadsTo"] == STEPS - {("output", "outcome")} | {("outcome", "effect")}
    assert "contributesTo" not in found


@pytest.mark.parametrize("contribution", ["main", "partial", "unknown"])
def test_other_contributions_lead_on(turtle: Turtle, contribution: str) -> None:
    data = CHAIN + f"x:link1 rt:contribution contribution:{contribution} ."
    assert ("activity", "outcome") in derived(turtle(PUBLISHERS + data))["contributesTo"]


FOREIGN = """
y:effect a rt:Outcome ; rt:inPublication g08:a ; rt:state state:achieved .
y:output a rt:Output ; rt:inPublication g08:a ; rt:state state:achieved ; rt:producedBy x:activity .
y:activity a rt:Activity ; rt:inPublication g08:a ;
    rt:status status:ongoing ; rt:partOfIntervention x:project .
y:link a rt:CausalLink ; rt:inPublication g08:a ; rt:basis basis:stated ;
    rt:cause x:activity ; rt:effect y:effect .
x:project a rt:Intervention ; rt:inPublication g20:a .
x:activity a rt:Activity ; rt:inPublication g20:a ; rt:status status:carried-out .
"""


def test_nobody_draws_links_from_anothers_cause(turtle: Turtle) -> None:
    assert derived(turtle(PUBLISHERS + FOREIGN)) == {}


def test_the_owner_of_the_cause_may_point_at_anothers_effect(turtle: Turtle) -> None:
    data = FOREIGN.replace(
        "y:link a rt:CausalLink ; rt:inPublication g08:a", "y:link a rt:CausalLink ; rt:inPublication g20:a"
    )
    assert derived(turtle(PUBLISHERS + data))["contributedTo"] == {("activity", "effect")}


def test_two_datasets_of_one_publisher_are_one_owner(turtle: Turtle) -> None:
    same = PUBLISHERS.replace("region-08", "region-20")
    found = derived(turtle(same + FOREIGN))
    assert found["leadsTo"] == {("activity", "effect"), ("activity", "output"), ("project", "activity")}


def test_a_cycle_ends_and_nothing_leads_to_itself(turtle: Turtle) -> None:
    data = (
        CHAIN
        + """
    x:back a rt:CausalLink ; rt:inPublication g20:a ; rt:basis basis:stated ;
    rt:cause x:effect ; rt:effect x:outcome .
    x:self a rt:CausalLink ; rt:inPublication g20:a ; rt:basis basis:stated ;
    rt:cause x:effect ; rt:effect x:effect .
    """
    )
    found = derived(turtle(PUBLISHERS + data))
    assert found["leadsTo"] == STEPS | {("outcome", "effect"), ("effect", "outcome")}
    assert len(found["contributesTo"]) == 12


def test_an_output_is_not_what_a_thread_arrives_at(turtle: Turtle) -> None:
    data = """
    x:activity a rt:Activity ; rt:inPublication g20:a .
    x:output a rt:Output ; rt:inPublication g20:a ; rt:producedBy x:activity .
    """
    assert derived(turtle(PUBLISHERS + data)) == {"leadsTo": {("activity", "output")}}


def test_a_subclass_counts_as_its_class(turtle: Turtle) -> None:
    data = CHAIN.replace("a rt:Activity", "a x:Course") + "x:Course rdfs:subClassOf rt:Activity ."
    assert ("activity", "vision") in derived(turtle(PUBLISHERS + data))["contributesTo"]


def test_alignment_climbs_to_all_that_stands_above(turtle: Turtle) -> None:
    data = """
    x:activity a rt:Activity ; rt:mandatePart x:part ; rt:priority x:priority ; rt:governedBy x:plan .
    x:part dcterms:isPartOf x:decision . x:decision dcterms:isPartOf x:strategy .
    x:priority rt:under x:objective . x:objective rt:under x:rus .
    x:project a rt:Intervention ; rt:priority x:priority .
    """
    above = {"part", "decision", "strategy", "priority", "objective", "rus", "plan"}
    found = derived(turtle(data))
    assert found == {"alignedWith": {("activity", name) for name in above}}


def test_alignment_is_no_cause(turtle: Turtle) -> None:
    found = derived(turtle(PUBLISHERS + CHAIN + "x:activity rt:priority x:priority ."))
    assert not [pair for pair in found["contributesTo"] if pair[1] == "priority"]


def test_derived_statements_are_in_the_merged_view_and_in_their_graph(turtle: Turtle) -> None:
    store = Store()
    store.publish("https://w3id.org/rodtrad/graph/20/a", turtle(PUBLISHERS + CHAIN), by="test")
    for pattern in ("?s rt:leadsTo ?o", f"GRAPH <{DERIVED}> {{ ?s rt:leadsTo ?o }}"):
        query = f"PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
        assert store.engine().rows(query)[0]["n"].value == "5"
    steps = 'SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?p), "/step/")) }'
    assert store.engine().rows(steps) == []


def test_derived_statements_leave_with_their_reason(turtle: Turtle) -> None:
    store = Store()
    graph = "https://w3id.org/rodtrad/graph/20/a"
    store.publish(graph, turtle(PUBLISHERS + CHAIN), by="test")
    store.retire(graph, by="test")
    assert store.engine().rows("SELECT * { ?s ?p ?o }") == []


def test_rules_keep_the_house_rules() -> None:
    for rule in rules():
        for body in re.findall(r"NOT EXISTS\s*{([^}]*)}", rule):
            assert " . " not in body.strip(" .") and ";" not in body
        assert "SERVICE" not in rule
