"""Dalarna's strategy is told as the region's own files tell it, and what they lack is marked."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDFS
from rdflib.namespace import DCTERMS
from rodtrad.ontology.names import ID, RT

AREAS = {
    "Klimatsmart": "klimatsmart",
    "Konkurrenskraftigt": "konkurrenskraftigt",
    "Sammanhållet": "sammanhallet",
}
NAMES_OF_PEOPLE = ("Peter", "Gärd", "Junia")


@pytest.fixture
def strategy(facts):
    return facts("20-dalastrategin", prefix="20-ds-")


@pytest.fixture
def figures(shared: Path) -> Path:
    return shared / "data" / "statistics" / "dalarna-rus-2023"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def register_rows(strategy) -> list:
    return [
        node for node in strategy.of("Indicator") if strategy.cell(node, "namedIn") == "dalastrategin-2030"
    ]


def test_who_says_it_and_about_whom(strategy) -> None:
    node = strategy.reading.graph_iri
    assert strategy.reading.problems == ()
    assert str(node).endswith("/graph/rodtrad/dalastrategin-2030")
    assert strategy.reading.subject == ID["ref/region/20"]
    assert strategy.cell(node, "publisher") == "Röda tråden"
    assert strategy.cell(node, "completeness") == "urval"
    assert strategy.cell(node, DCTERMS.source) == "uppfoljning-dalastrategin"


def test_documents(strategy) -> None:
    paths = ("documentKind", "adoptedYear", "processStatus", DCTERMS.isPartOf)
    found = {row[0]: row[2:] for row in strategy.rows("GoverningDocument", *paths)}
    assert found.pop("dalastrategin-2030") == ("RUS", "2021", "antagen", None)
    assert found.pop("dalastrategin-2020") == ("RUS", None, "ersatt", None)
    assert Counter(row[0] for row in found.values()) == {"delstrategi": 4, "annat": 2}
    assert {row[3] for row in found.values()} == {"dalastrategin-2030"}
    revised = strategy.cell(ID["rodtrad/document/20-ds-dalastrategin-2030"], "note")
    assert "14 juni 2021" in revised
    assert "16 februari 2026" in revised


def test_the_tree_is_one_three_nine(strategy, figures: Path) -> None:
    kinds = strategy.count("Objective", "objectiveKind")
    assert kinds == {"övergripande mål": 1, "målområde": 3, "avsnitt": 9, "anges inte": 2}
    under = {node: strategy.cell(node, "under") for node in strategy.of("Objective")}
    assert Counter(under.values()) == {
        "dalastrategin-2030": 1,
        "overgripande": 3,
        "klimatsmart": 3,
        "konkurrenskraftigt": 4,
        "sammanhallet": 3,
        "innovationskraft": 1,
    }
    sections = {
        (
            strategy.cell(next(strategy.graph.objects(node, RT.under)), RDFS.label),
            strategy.cell(node, RDFS.label),
        )
        for node in under
        if strategy.cell(node, "objectiveKind") == "avsnitt"
    }
    judged = {(row["malomrade"], row["avsnitt"].removesuffix(" i Dalarna")) for row in judgements(figures)}
    assert sections == judged


def judgements(figures: Path) -> list[dict[str, str]]:
    return table(figures / "uppfoljning-2026-bedomning.csv")


def test_the_indicators_are_those_of_the_register(strategy, figures: Path) -> None:
    register = table(figures / "indicator-register.csv")
    assert len(register) == 37
    found = {
        (
            strategy.cell(node, RDFS.label),
            strategy.cell(node, "indicatorFor"),
            strategy.cell(node, "availability"),
        )
        for node in register_rows(strategy)
    }
    expected = {
        (row["indikator"], AREAS[row["malomrade"]], "publicerat" if row["datafil"] else "inte publicerat")
        for row in register
    }
    assert found == expected
    missing = {name for name, _, availability in found if availability == "inte publicerat"}
    assert len(missing) == 8
    assert {"Laddinfrastruktur för fordon", "Självskattad hälsa"} < missing


def test_sources_and_methods_are_carried_without_names_of_people(strategy, figures: Path) -> None:
    by_name = {strategy.cell(node, RDFS.label): node for node in register_rows(strategy)}
    for row in table(figures / "indicator-register.csv"):
        node = by_name[row["indikator"]]
        for key, path in (("kalla", "dataSource"), ("insamlingsmetod", "collectionMethod")):
            if not any(name in row[key] for name in NAMES_OF_PEOPLE):
                # The register misspells Länsstyrelsen.
                assert strategy.cell(node, path) == (row[key].replace("Länstyr", "Länsstyr") or None)
        for kpi in filter(None, row["kolada_kpi"].split(";")):
            assert kpi in strategy.cell(node, "note")
    text = strategy.graph.serialize(format="nt")
    assert not [name for name in NAMES_OF_PEOPLE if name in text]


def test_the_energy_and_climate_strategy_has_eight_indicators(strategy) -> None:
    named = strategy.count("Indicator", "namedIn")
    assert named == {"dalastrategin-2030": 37, "energi-och-klimatstrategin": 8}


def test_the_goal_tree(strategy, shared: Path) -> None:
    facts = json.loads((shared / "domain" / "frameworks.json").read_text(encoding="utf-8"))["dalarna"]
    tree = facts["goal_tree"]
    goal, gap = (ID[f"rodtrad/objective/20-ds-{name}"] for name in ("innovationskraft", "delstrategins-mal"))
    assert strategy.row(goal, "under", "frameworkLevel", "wantsLevel", "availability", "periodEnd")[1:] == (
        tree["rus_goal_sv"],
        "konkurrenskraftigt",
        "Mål i RUS",
        "långsiktig effekt",
        "publicerat",
        str(tree["target_year"]),
    )
    assert tree["substrategy_goal"] == "not given"
    assert strategy.row(gap, "under", "frameworkLevel", "availability")[2:] == (
        "innovationskraft",
        "Mål i delstrategi",
        "inte publicerat",
    )
    priorities = {row[1:] for row in strategy.rows("Priority", "under", "frameworkLevel")}
    assert priorities == {(text, "delstrategins-mal", "Prioriteringar") for text in tree["priorities_sv"]}


def test_the_pathway_to_2045_and_what_was_measured(strategy, figures: Path) -> None:
    (target,) = strategy.of("Target")
    indicator = "utslapp-av-klimatpaverkande-vaxthusgaser"
    assert strategy.row(target, "indicator", "targetKind", "value", "unit", "year")[2:] == (
        indicator,
        "bana",
        "1.25",
        "ton CO2e per invånare",
        "2045",
    )
    measured = {
        (strategy.cell(node, "year"), float(strategy.cell(node, "value")))
        for node in strategy.of("Observation")
        if strategy.cell(node, "indicator") == indicator
    }
    rows = table(figures / "vaxthusgaser.csv")
    assert measured == {(row["Ar"], float(row["UtslappPerInv"])) for row in rows if row["Id"] == "0020"}
    assert len(measured) == 13


def test_the_judgements_of_2026(strategy, figures: Path) -> None:
    sections = {node: strategy.cell(node, RDFS.label) for node in strategy.of("Objective")}
    found = {
        (
            sections[next(strategy.graph.objects(node, RT.assesses))],
            *strategy.row(node, "verdict", "assessor")[1:],
        )
        for node in strategy.of("Assessment")
    }
    expected = {
        (
            row["avsnitt"].removesuffix(" i Dalarna"),
            f"{row['indikatoromrade']}: bedömd riktning 2026",
            row["bedomd_riktning_2026"],
            "Region Dalarna",
        )
        for row in judgements(figures)
    }
    assert found == expected
    assert strategy.count("Assessment", "verdict") == {"positiv": 10, "oförändrad": 14, "negativ": 10}
