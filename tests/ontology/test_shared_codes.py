"""The code words of the coded region files and registers lead to exactly one concept each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib.namespace import SKOS
from rodtrad.ontology import vocabulary_graph
from rodtrad.ontology.names import SCHEME

Word = tuple[str, str]
"""A code list and a word that should be found in it."""


def governing(region: dict[str, Any]) -> Iterator[Word]:
    yield "completeness", region["source"]["completeness"]
    for document in region["governing"]:
        yield "document-kind", document["kind"]
    if link := region.get("activities_link"):
        yield "alignment-level", link["level"]
        yield "basis", link["basis"]


def resources(region: dict[str, Any]) -> Iterator[Word]:
    for resource in region.get("resources", []):
        yield "resource-kind", resource["kind"]
        yield "basis", resource["basis"]
        fund = resource.get("fund")
        # A region that names itself as the source of money means its own budget.
        if fund and fund != region["region"]["name"]:
            yield "fund", fund


def activities(region: dict[str, Any]) -> Iterator[Word]:
    for activity in region["activities"]:
        yield "focus-area", activity["area"]
        yield "activity-status", activity["status"]
        if activity["generic_type"]:
            yield "generic-activity", activity["generic_type"]
        if role := activity.get("region_role"):
            yield "region-role", role
        if basis := activity.get("area_basis"):
            yield "basis", basis
        for actor in activity.get("actors", []):
            yield "actor-type", actor["type"]
            if role := actor.get("role"):
                yield "participation-role", role
        for reached in [*activity.get("outputs", []), *activity.get("outcomes", [])]:
            yield "achievement-state", reached["state"]
            if basis := reached.get("link_basis"):
                yield "basis", basis


def learning(region: dict[str, Any]) -> Iterator[Word]:
    for result in region["results"]:
        yield "achievement-state", result["state"]
        yield "certainty", result["certainty"]
        yield "focus-area", result["focus_area"]
        if result["level"]:
            yield "chain-level", result["level"]
        # "ingen" says that there is no link, so there is nothing to look up.
        if result["link_basis"] != "ingen":
            yield "basis", result["link_basis"]
    for obstacle in region["challenges"]:
        yield "obstacle-kind", obstacle["kind"]
    for lesson in region["lessons"]:
        yield "focus-area", lesson["focus_area"]
    if direction := region["movement"].get("direction"):
        yield "movement-direction", direction


def registers(folder: Path) -> Iterator[Word]:
    actors = json.loads((folder / "actors.json").read_text(encoding="utf-8"))
    for actor in [*actors["actors"], *actors["unspecified"]]:
        yield "actor-type", actor["type"]
        yield "basis", actor.get("certainty", "angiven")
    for joint in json.loads((folder / "joint.json").read_text(encoding="utf-8"))["joint"]:
        yield "joint-kind", joint["kind"]
        yield "basis", joint["certainty"]
        for fund in joint.get("funds", []):
            yield "fund", fund
        for participant in joint.get("participants", []):
            yield "basis", participant["basis"]


def found(scheme: str, text: str) -> list[str]:
    graph = vocabulary_graph()
    wanted = " ".join(text.split()).casefold()
    return sorted(
        {
            str(concept)
            for concept in graph.subjects(SKOS.inScheme, SCHEME[scheme])
            for path in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation)
            for name in graph.objects(concept, path)
            if " ".join(str(name).split()).casefold() == wanted
        }
    )


def test_every_code_word_of_the_regions_names_one_concept(shared: Path) -> None:
    paths = sorted((shared / "domain" / "regions").glob("*.json"))
    assert len(paths) == 21
    words: set[Word] = set()
    for path in paths:
        region = json.loads(path.read_text(encoding="utf-8"))
        for part in (governing, resources, activities, learning):
            words.update(part(region))
    assert {scheme for scheme, _ in words} >= {"activity-status", "fund", "generic-activity", "obstacle-kind"}
    assert {word: found(*word) for word in words if len(found(*word)) != 1} == {}


def test_every_code_word_of_the_registers_names_one_concept(shared: Path) -> None:
    words = set(registers(shared / "domain" / "registers"))
    assert words
    assert {word: found(*word) for word in words if len(found(*word)) != 1} == {}


@pytest.mark.parametrize(
    ("scheme", "text", "concept"),
    [
        ("completeness", "urval", "completeness/sample"),
        ("activity-status", "ej påbörjad", "activity-status/not-begun"),
        ("generic-activity", "9 Forskning, analys, uppföljning och utvärdering", "generic-activity/9"),
        ("participation-role", "deltar (planerat)", "participation-role/to-take-part"),
        ("basis", "trolig", "basis/interpreted"),
    ],
)
def test_a_code_word_leads_to_its_meaning(scheme: str, text: str, concept: str) -> None:
    assert found(scheme, text) == [str(SCHEME[concept])]
