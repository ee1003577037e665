"""What is tested at each tier, what keeps a publication back there, and that this is not the same as conforming."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import SH, Literal, URIRef
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import RT, RULE, SCHEME
from rodtrad.shapes.library import Library, library, shape_files
from rodtrad.shapes.report import Report
from rodtrad.shapes.validation import rules, validate

HERE = Path(__file__).parent
TIERS = ("none", "bas", "kedja", "full")


def ntriples(file: Path) -> bytes:
    store = ox.Store()
    store.load(file.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())


def report(rule: str, tier: str, shapes: Library | None = None) -> Report:
    file = min((HERE / rule).glob("invalid.*.ttl"))
    return validate(ntriples(file), [vocabulary(), ntriples(HERE / "context.ttl")], tier, shapes=shapes)


@pytest.mark.parametrize(
    ("rule", "blocked"),
    [
        (
            "RT-B-001",
            {"none": False, "bas": True, "kedja": True, "full": True},
        ),  # a violation, tested from bas
        (
            "RT-B-018",
            {"none": False, "bas": False, "kedja": False, "full": True},
        ),  # a warning, tested from bas
        ("RT-K-001", {"none": False, "bas": False, "kedja": True, "full": True}),  # a violation, from kedja
        ("RT-K-004", {"none": False, "bas": False, "kedja": False, "full": True}),  # a warning, from kedja
        ("RT-K-005", {"none": False, "bas": False, "kedja": False, "full": False}),  # a note, from kedja
        ("RT-F-001", {"none": False, "bas": False, "kedja": False, "full": True}),  # a warning, from full
        ("RT-F-009", {"none": False, "bas": False, "kedja": False, "full": False}),  # a note, from full
    ],
)
def test_what_keeps_a_publication_back_at_each_tier(rule: str, blocked: dict[str, bool]) -> None:
    assert {tier: report(rule, tier).blocks for tier in TIERS} == blocked


def test_a_publication_with_notes_only_does_not_conform_and_is_not_kept_back() -> None:
    found = report("RT-K-005", "full")
    assert (found.conforms, found.blocks) == (False, False)


@pytest.mark.parametrize(
    ("rule", "tested"),
    [("RT-B-001", {"bas", "kedja", "full"}), ("RT-K-001", {"kedja", "full"}), ("RT-F-001", {"full"})],
)
def test_a_tier_tests_its_own_rules_and_those_of_the_tiers_below(rule: str, tested: set[str]) -> None:
    found = {tier for tier in TIERS if rule in {finding.rule for finding in report(rule, tier).findings}}
    assert found == tested


def test_ids_say_the_tier() -> None:
    letters = {"bas": "B", "chain": "K", "full": "F"}
    assert [rule.id for rule in rules() if rule.id[3] != letters[rule.tier]] == []


def changed(*, add: tuple[URIRef, URIRef, URIRef] | None = None, drop: URIRef | None = None) -> Library:
    own = Library.read(shape_files())
    if add:
        own.graph.add(add)
    if drop:
        own.graph.remove((drop, RT.blockingSeverity, None))
    return own


def test_what_blocks_is_data_a_single_rule_can_be_made_to_block() -> None:
    stricter = changed(add=(SCHEME["tier/chain"], RT.blockingRule, RULE["RT-K-005"]))
    assert report("RT-K-005", "kedja", stricter).blocks
    assert not report("RT-K-005", "full", stricter).blocks


def test_what_blocks_is_data_a_tier_can_be_made_to_block_nothing() -> None:
    milder = changed(drop=SCHEME["tier/bas"])
    assert not report("RT-B-001", "bas", milder).blocks
    assert report("RT-B-001", "kedja", milder).blocks


def test_every_tier_declares_what_blocks_it() -> None:
    graph = library().graph
    blocking = {
        str(graph.value(tier, RT.tierOrder)): set(graph.objects(tier, RT.blockingSeverity))
        for tier in graph.subjects(RT.tierOrder)
    }
    assert blocking == {
        "0": set(),
        "1": {SH.Violation},
        "2": {SH.Violation},
        "3": {SH.Violation, SH.Warning},
    }
    assert Literal("full") in set(graph.objects(SCHEME["tier/full"], RT.tierName))
