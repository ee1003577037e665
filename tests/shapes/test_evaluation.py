"""The shipped publications: sound at tier bas, and at kedja exactly the gaps that the coded facts have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from rodtrad.examples import groups, publications
from rodtrad.loader import Reading, References, ntriples, read
from rodtrad.ontology import vocabulary
from rodtrad.shapes.report import Report, locate
from rodtrad.shapes.validation import Engine, validate

FOLDERS = [path.name for path in publications()]
REGIONS = sorted(path.name for path in publications() if path.parent.name == "evaluation")
DONE, EXPECTED, FAILED = "uppnådd", "förväntad", "ej uppnådd"


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    for group in groups():
        references = References.from_ntriples(
            vocabulary(), *(ntriples(reading.graph) for reading in found.values())
        )
        found |= {path.name: read([path], references) for path in group}
    return found


@pytest.fixture(scope="module")
def data(readings: dict[str, Reading]) -> dict[str, bytes]:
    return {name: ntriples(reading.graph) for name, reading in readings.items()}


def report(data: Mapping[str, bytes], name: str, tier: str, engine: Engine = "compiled") -> Report:
    context = [vocabulary(), *(others for folder, others in data.items() if folder != name)]
    return validate(data[name], context, tier, engine)


def test_there_are_21_regions_in_the_evaluation() -> None:
    assert len(REGIONS) == 21


@pytest.mark.parametrize("name", FOLDERS)
def test_every_shipped_publication_is_sound_at_bas(name: str, data: dict[str, bytes]) -> None:
    assert [(found.rule, found.focus) for found in report(data, name, "bas").findings] == []


def gaps(region: dict[str, Any]) -> Iterator[str]:
    """The rules that the facts of one region break, once for each place; computed from the JSON alone."""
    from_results = Counter(cause for result in region["results"] for cause in set(result["from"]))
    reached_by = {
        cause for result in region["results"] if result["state"] == DONE for cause in result["from"]
    }
    for activity in region["activities"]:
        outputs, outcomes = activity["outputs"], activity.get("outcomes", [])
        followed = {cause for outcome in outcomes for cause in outcome["from"]}
        if activity["mandate_part"] is None:
            yield "RT-K-004"
        if not outputs and activity["id"] not in from_results:
            yield "RT-K-014"
        yield from ("RT-K-005" for output in outputs if output["id"] not in followed)
        rule = {"planerad": "RT-K-007", "ej påbörjad": "RT-K-007", "avbruten": "RT-K-015"}.get(
            activity["status"]
        )
        if rule:
            yield from (rule for output in outputs if output["state"] == DONE)
            assert activity["id"] not in reached_by
        state = {output["id"]: output["state"] for output in outputs}
        for outcome in outcomes:
            if not outcome["from"]:
                yield "RT-K-006"
            elif outcome["state"] == DONE and {state[cause] for cause in outcome["from"]} <= {
                EXPECTED,
                FAILED,
            }:
                yield "RT-K-013"
    for result in region["results"]:
        if not result["from"]:
            yield "RT-K-006"
        if result["level"] is None and FAILED not in result["state"] and result["certainty"] != "ej uppnått":
            yield "RT-K-012"
        if result["level"] in ("utfall", "kortsiktig effekt", "långsiktig effekt"):
            yield from ("RT-K-002" for _ in set(result["from"]))


@pytest.mark.shared
@pytest.mark.parametrize("name", REGIONS)
def test_the_gaps_at_kedja_are_those_of_the_coded_facts(
    name: str, data: dict[str, bytes], shared: Path
) -> None:
    region = json.loads((shared / f"domain/regions/{name[3:]}.json").read_text("utf-8"))
    found = report(data, name, "kedja")
    assert found.counts == Counter(gaps(region))
    assert not found.blocks


@pytest.mark.shared
def test_the_gaps_of_all_regions_together(data: dict[str, bytes], shared: Path) -> None:
    """Counted by hand from the coded facts: 27 activities outside the mandate, 30 results without activity."""
    total: Counter[str] = Counter()
    for name in REGIONS:
        total.update(report(data, name, "kedja").counts)
    assert total == {
        "RT-K-002": 210,
        "RT-K-004": 27,
        "RT-K-005": 334,
        "RT-K-006": 30,
        "RT-K-012": 11,
        "RT-K-014": 1,
        "RT-K-015": 1,
    }


def test_findings_on_a_shipped_publication_have_their_cell(
    readings: dict[str, Reading], data: dict[str, bytes]
) -> None:
    placed = locate(report(data, "20-dalarna", "kedja"), readings["20-dalarna"].origins)
    assert placed.findings
    assert all(found.where and found.where.sheet and found.where.cell for found in placed.findings)


def outcome(found: Report) -> list[tuple[str, str, str | None, str | None]]:
    return [(finding.rule, finding.focus, finding.path, finding.value) for finding in found.findings]


@pytest.mark.parametrize("name", ["20-dalarna", "bergslund"])
def test_both_engines_say_the_same_of_a_publication(name: str, data: dict[str, bytes]) -> None:
    context = [vocabulary(), data["mandate"], data["frameworks"]]
    assert outcome(validate(data[name], context, "full")) == outcome(
        validate(data[name], context, "full", "pyshacl")
    )


@pytest.mark.deep
def test_both_engines_say_the_same_of_all_publications_together(data: dict[str, bytes]) -> None:
    everything = b"".join(data.values())
    ours = validate(everything, [vocabulary()], "full")
    assert ours.total > 900
    assert outcome(ours) == outcome(validate(everything, [vocabulary()], "full", "pyshacl"))
