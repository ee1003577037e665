"""Each rule finds what it should in its invalid fixture and nothing in the valid one, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rodtrad.ontology import vocabulary
from rodtrad.shapes.library import Library, library, shape_files
from rodtrad.shapes.report import Report
from rodtrad.shapes.validation import Engine, rules, validate

HERE = Path(__file__).parent
FIXTURES = sorted(HERE.glob("RT-*/*valid.*.ttl"))
RULES = {rule.id: rule for rule in rules()}


def ntriples(file: Path) -> bytes:
    store = ox.Store()
    store.load(file.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())


@cache
def shapes_of(rule: str) -> Library:
    own = HERE / rule / "shapes.ttl"
    return Library.read([*shape_files(), own]) if own.exists() else library()


def run(file: Path, engine: Engine = "compiled") -> Report:
    rule = file.parent.name
    context = [vocabulary(), ntriples(HERE / "context.ttl")]
    return validate(ntriples(file), context, RULES[rule].tier, engine, shapes_of(rule))


def about(file: Path) -> str:
    line = next(line for line in file.read_text("utf-8").splitlines() if line.startswith("# about: "))
    return line.removeprefix("# about: ").strip()


def outcome(report: Report) -> set[tuple[str, str, str | None, str | None]]:
    return {(found.rule, found.focus, found.path, found.value) for found in report.findings}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_valid_and_an_invalid_fixture_that_differ_in_one_place(rule: str) -> None:
    files = {kind: sorted((HERE / rule).glob(f"{kind}.*.ttl")) for kind in ("valid", "invalid")}
    assert len(files["valid"]) == 1
    assert len(files["invalid"]) == 1
    valid, invalid = (
        [line for line in files[kind][0].read_text("utf-8").splitlines() if not line.startswith("#")]
        for kind in ("valid", "invalid")
    )
    changed: Sequence[str] = [
        line
        for line in unified_diff(valid, invalid, n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]
    assert len(changed) <= 2, changed


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_fixture_gives_exactly_its_rule_at_its_node(file: Path) -> None:
    report = run(file)
    found = [(finding.rule, finding.focus) for finding in report.findings]
    expected = [] if file.name.startswith("valid") else [(file.parent.name, about(file))]
    assert found == expected
    assert report.conforms == (not expected)


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_both_engines_say_the_same_of_a_fixture(file: Path) -> None:
    assert outcome(run(file)) == outcome(run(file, "pyshacl"))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_words_of_a_finding_are_filled_in_for_both_languages(rule: str) -> None:
    (finding,) = run(next((HERE / rule).glob("invalid.*.ttl"))).findings
    for text in (*finding.messages.values(), *finding.hints.values()):
        assert text.endswith(".")
        assert "{" not in text
        assert "””" not in text
        assert "“”" not in text
    assert finding.messages.keys() == finding.hints.keys() == {"sv", "en"}
    assert finding.severity == RULES[rule].severity


def test_nothing_is_said_of_nodes_that_only_the_context_describes() -> None:
    bad = ntriples(next((HERE / "RT-B-001").glob("invalid.*.ttl")))
    good = ntriples(next((HERE / "RT-B-001").glob("valid.*.ttl")))
    own = good.replace(b"/a1>", b"/a2>")
    assert validate(own, [vocabulary(), bad], "bas").conforms


def test_publishing_is_held_back_by_violations_only() -> None:
    by_severity = {
        RULES[rule].severity: run(next((HERE / rule).glob("invalid.*.ttl"))).blocks
        for rule in ("RT-K-001", "RT-K-004", "RT-K-005")
    }
    assert by_severity == {"violation": True, "warning": False, "info": False}


def test_tiers_include_the_lower_ones_and_none_tests_nothing() -> None:
    file = next((HERE / "RT-F-001").glob("invalid.*.ttl"))
    data = ntriples(file).replace(b"/basis/stated>", b"/completeness/sample>")
    context = [vocabulary(), ntriples(HERE / "context.ttl")]
    found = {
        tier: {finding.rule for finding in validate(data, context, tier).findings}
        for tier in ("none", "bas", "kedja", "full")
    }
    assert found == {
        "none": set(),
        "bas": {"RT-B-004"},
        "kedja": {"RT-B-004"},
        "full": {"RT-B-004", "RT-F-001"},
    }


def test_the_order_of_levels_is_read_from_the_vocabulary() -> None:
    file = next((HERE / "RT-K-001").glob("valid.*.ttl"))
    output = b"<https://w3id.org/rodtrad/scheme/chain-level/output> <https://w3id.org/rodtrad/ns/chainOrder> "
    other = vocabulary().replace(output + b'"2"', output + b'"4"')
    assert other != vocabulary()
    context = [other, ntriples(HERE / "context.ttl")]
    assert [found.rule for found in validate(ntriples(file), context, "kedja").findings] == ["RT-K-001"]
