"""The made-up county shows one whole thread and two broken ones, from a workbook without technical ids."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from rdflib import RDF, RDFS
from rodtrad.examples import publications
from rodtrad.ontology.names import RT

THREAD = (
    ("Resource", "Projektmedel till Validering nära dig"),
    ("Intervention", "Validering nära dig"),
    ("Activity", "Validering av vårdkunnande i fyra lärcentra"),
    ("Output", "Valideringar som genomförts"),
    ("Outcome", "Deltagare som fått intyg på sitt vårdkunnande"),
    ("ShortTermEffect", "Validerade som fått nytt uppdrag eller fast tjänst inom ett år"),
    ("LongTermEffect", "Andelen tjänster utan rätt utbildad personal har sjunkit"),
    ("Objective", "Färre tjänster i vård och omsorg saknar rätt utbildad personal"),
)


@pytest.fixture
def county(facts):
    return facts("bergslund")


@pytest.fixture
def thread(county) -> list:
    labelled = {(cls, county.cell(node, RDFS.label)): node for cls, _ in THREAD for node in county.of(cls)}
    return [labelled[step] for step in THREAD]


def test_it_is_published_by_the_county_itself_and_marked(county) -> None:
    node = county.reading.graph_iri
    assert county.reading.problems == ()
    assert str(node).endswith("/graph/bergslund/exempel-2025")
    assert county.cell(node, "constructed") == "true"
    assert county.cell(node, "framework") == "Resultatkedja i Ramverk för strategiskt lärande"


def test_it_is_no_place_of_the_country(county) -> None:
    assert county.reading.subject is None
    assert not list(county.graph.subject_objects(RT.about))
    assert not list(county.graph.subject_objects(RT.inRegion))


def test_only_the_made_up_county_is_marked(readings) -> None:
    marked = {
        name
        for name, reading in readings.items()
        if str(reading.graph.value(reading.graph_iri, RT.constructed)) == "true"
    }
    assert marked == {"bergslund"}


def test_the_workbook_has_no_technical_id(county) -> None:
    folder = next(path for path in publications() if path.name == "bergslund")
    files = sorted(folder.glob("*.csv"))
    assert len(files) == 9
    for file in files:
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
        assert rows
        assert "Id" not in rows[0], file.name
        assert not [cell for row in rows for cell in row.values() if cell.startswith("http")]


def test_the_thread_holds_from_money_to_objective(county, thread: list) -> None:
    money, intervention, activity, output, outcome, short, long, objective = thread
    graph = county.graph
    assert (money, RT.resourceFor, intervention) in graph
    assert (activity, RT.partOfIntervention, intervention) in graph
    assert (output, RT.producedBy, activity) in graph
    for cause, effect in ((output, outcome), (outcome, short), (short, long)):
        (link,) = graph.subjects(RT.effect, effect)
        assert (link, RT.cause, cause) in graph
        assert county.cell(link, "basis") == "angiven"
        assert county.cell(link, "assumption")
        assert county.cell(link, "evidence")
        assert county.cell(link, "contribution") in {"huvudsaklig", "delvis"}
        assert county.cell(link, "externalInfluence") in {"låg", "medel"}
    assert (long, RT.serves, objective) in graph


def test_all_of_the_thread_has_happened_in_order(county, thread: list) -> None:
    _, _, activity, *effects, _ = thread
    assert county.cell(activity, "status") == "genomförd"
    assert {county.cell(node, "state") for node in effects} == {"uppnådd"}
    years = [int(county.cell(activity, "periodEnd")), *(int(county.cell(node, "year")) for node in effects)]
    assert years == sorted(years) == [2021, 2021, 2021, 2022, 2025]


def test_the_money(county, thread: list) -> None:
    money, intervention, *_ = thread
    assert county.row(money, "value", "unit", "fund")[2:] == ("2500000", "kr", "ESF")
    assert county.row(intervention, "granted", "paid", "fund", "owner")[2:] == (
        "2500000",
        "2350000",
        "ESF",
        "region-bergslund",
    )


def test_the_words_are_those_of_the_framework(county, thread: list, readings) -> None:
    graph = readings["frameworks"].graph
    levels = [county.graph.value(node, RT.frameworkLevel) for node in thread[3:]]
    own = {graph.value(level, RT.levelOf) for level in levels}
    assert own == {county.graph.value(county.reading.graph_iri, RT.framework)}
    assert [county.text(level) for level in levels] == [
        "Prestationer",
        "Utfall",
        "Kortsiktiga samhällseffekter",
        "Långsiktiga samhällseffekter",
        "Effektmål",
    ]


def test_the_objective_can_be_followed_up(county, thread: list) -> None:
    graph, objective = county.graph, thread[-1]
    (indicator,) = graph.subjects(RT.indicatorFor, objective)
    measured = {
        cls: sorted(
            (county.cell(node, "year"), county.cell(node, "value"))
            for node in county.of(cls)
            if (node, RT.indicator, indicator) in graph
        )
        for cls in ("Baseline", "Target", "Observation")
    }
    assert measured == {
        "Baseline": [("2018", "20")],
        "Target": [("2030", "12")],
        "Observation": [("2021", "18"), ("2023", "16"), ("2025", "14")],
    }
    (assessment,) = graph.subjects(RT.assesses, objective)
    assert county.cell(assessment, "verdict") == "delvis uppfyllt"


def test_the_thread_has_its_upper_half(county, thread: list) -> None:
    graph, activity, objective = county.graph, thread[2], thread[-1]
    strategy = next(graph.objects(objective, RT.under))
    assert county.cell(strategy, "documentKind") == "RUS"
    (part,) = graph.objects(activity, RT.governedBy)
    assert county.cell(part, "documentKind") == "delstrategi"
    (priority,) = graph.objects(activity, RT.priority)
    assert {objective, part} == set(graph.objects(priority, RT.under))
    (need,) = county.of("Need")
    assert next(graph.objects(need, RT.under)) == strategy


def test_the_gaps_are_there_to_be_found(county) -> None:
    graph = county.graph
    followed = set(graph.objects(None, RT.cause))
    broken = [node for node in county.of("Output") if node not in followed]
    assert [county.cell(node, RDFS.label) for node in broken] == ["Rapport om helårsarbete i besöksnäringen"]
    planned = [node for node in county.of("Activity") if county.cell(node, "status") == "planerad"]
    assert [county.cell(node, RDFS.label) for node in planned] == [
        "Mötesplats för besöksnäringens arbetsgivare"
    ]
    assert not list(graph.subjects(RT.producedBy, planned[0]))
    measured = set(graph.objects(None, RT.indicatorFor))
    unmeasured = [node for node in county.of("Objective") if node not in measured]
    assert [county.cell(node, RDFS.label) for node in unmeasured] == ["Fler helårsjobb i besöksnäringen"]


def test_every_sheet_and_both_languages_are_shown(county) -> None:
    named = {
        node
        for node in county.graph.subjects(RDFS.label)
        if (node, RDF.type, RT.Publication) not in county.graph
    }
    languages = {node: {label.language for label in county.graph.objects(node, RDFS.label)} for node in named}
    keyed = county.of("Target") | county.of("Baseline") | county.of("Observation")
    assert {node for node, found in languages.items() if "en" not in found} <= keyed
    folder = next(path for path in publications() if path.name == "bergslund")
    assert {Path(file).name[0] for file in folder.glob("*.csv")} == set("123456789")
