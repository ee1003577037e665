"""What a report says in each of its forms, and where it says the fault is."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

import pytest
from python_calamine import CalamineWorkbook
from rdflib import RDF, SH, Graph
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import RT, RULE
from rodtrad.shapes import report as module
from rodtrad.shapes.exports import to_turtle, to_xlsx
from rodtrad.shapes.report import MAX_FINDINGS, Report, from_json, locate, to_json, to_text
from rodtrad.shapes.validation import validate

A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ID = "https://w3id.org/rodtrad/id/x1"
SCHEME = "https://w3id.org/rodtrad/scheme"
YEAR = "http://www.w3.org/2001/XMLSchema#integer"


@dataclass(frozen=True)
class Origin:
    iri: str
    path: str
    file: str
    sheet: str
    cell: str
    text: str = ""


def activity(name: str, *more: str) -> str:
    iri = f"<{ID}/activity/{name}>"
    return "".join(f"{iri} {rest} .\n" for rest in (f"<{A}> <{RT.Activity}>", *more))


LABEL = '<http://www.w3.org/2000/01/rdf-schema#label> "Dagar; <b>\\"möten\\"</b>"@sv'
STATUS = f"<{RT.status}> <{SCHEME}/activity-status/ongoing>"
DATA = (
    activity("a", LABEL, STATUS, f'<{RT.periodStart}> "1"^^<{YEAR}>', f'<{RT.periodEnd}> "0"^^<{YEAR}>')
    + activity("b", LABEL)
    + activity("c", LABEL, STATUS)
)
ORIGINS = [
    Origin(f"{ID}/activity/a", str(RT.status), "insatser.xlsx", "Aktiviteter", "H2"),
    Origin(f"{ID}/activity/a", str(RT.periodStart), "insatser.xlsx", "Aktiviteter", "I2"),
    Origin(
        f"{ID}/activity/b", "http://www.w3.org/2000/01/rdf-schema#label", "insatser.xlsx", "Aktiviteter", "A3"
    ),
]


@pytest.fixture(scope="module")
def report() -> Report:
    return locate(validate(DATA.encode(), [vocabulary()], "kedja"), ORIGINS)


def test_findings_stand_most_severe_first_with_numbers_by_rule(report: Report) -> None:
    assert [finding.severity for finding in report.findings] == ["violation"] * 4 + ["warning"] * 3 + [
        "info"
    ] * 3
    assert report.counts == {"RT-B-001": 1, "RT-B-006": 2, "RT-K-010": 1, "RT-K-004": 3, "RT-K-014": 3}
    assert report.severities == {"violation": 4, "warning": 3, "info": 3}
    assert (report.total, report.conforms, report.blocks, report.tier) == (10, False, True, "chain")


def test_a_finding_is_placed_in_its_cell_and_a_missing_value_in_its_row(report: Report) -> None:
    places = {
        (found.rule, found.focus[-1], str(found.path).rpartition("/")[2]): found.where
        for found in report.findings
    }
    assert str(places["RT-K-010", "a", "periodStart"]) == f"insatser.xlsx Aktiviteter!I2 {ID}/activity/a"
    assert str(places["RT-B-001", "b", "status"]) == f"insatser.xlsx Aktiviteter!A3 {ID}/activity/b"
    assert str(places["RT-K-014", "c", "None"]) == f"{ID}/activity/c"


def test_text_is_grouped_and_counted_in_both_languages(report: Report) -> None:
    swedish, english = to_text(report, "sv"), to_text(report, "en")
    assert swedish.startswith("Nivå kedja: 4 fel, 3 varningar, 3 upplysningar. Publicering hindras")
    assert english.startswith("Tier chain: 4 violations, 3 warnings, 3 notes. Publication is held back")
    assert "RT-B-001 · 1 fel\n  insatser.xlsx Aktiviteter!A3" in swedish
    assert "RT-K-004 · 3 varningar" in swedish
    assert "Kolumnen ”Status” är tom men måste fyllas i." in swedish
    assert "The column “Status” is empty but must be filled in." in english
    assert swedish.index("RT-B-001") < swedish.index("RT-K-010") < swedish.index("RT-K-004")
    assert "… och 2 till" in to_text(report, "sv", per_rule=1)


def test_json_holds_every_finding_with_both_languages(report: Report) -> None:
    body = json.loads(to_json(report))
    assert body["total"] == len(body["findings"]) == 10
    first = body["findings"][0]
    assert first["rule"] == "RT-B-001"
    assert first["where"] == {
        "file": "insatser.xlsx",
        "sheet": "Aktiviteter",
        "cell": "A3",
        "iri": f"{ID}/activity/b",
    }
    assert {first["message_sv"], first["message_en"], first["hint_sv"], first["hint_en"]} & {""} == set()


def test_a_stored_report_is_read_back_as_it_was(report: Report) -> None:
    assert from_json(to_json(report)) == report


def test_turtle_is_a_validation_report_with_our_rules(report: Report) -> None:
    graph = Graph().parse(data=to_turtle(report), format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    results = list(graph.objects(node, SH.result))
    assert len(results) == 10
    assert graph.value(node, SH.conforms).toPython() is False
    assert sorted(graph.objects(None, RT.rule)).count(RULE["RT-K-014"]) == 3
    (ended,) = graph.subjects(RT.rule, RULE["RT-K-010"])
    assert graph.value(ended, SH.resultPath) == RT.periodStart
    assert {message.language for message in graph.objects(ended, SH.resultMessage)} == {"sv", "en"}


def test_workbook_lists_the_findings_with_cell_rule_message_and_hint(report: Report) -> None:
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(report, "sv")))
        .get_sheet_by_name("Anmärkningar")
        .to_python()
    )
    assert rows[0][0].startswith("Nivå kedja: 4 fel")
    assert rows[2][:6] == ["Fil", "Blad", "Cell", "Regel", "Allvar", "Anmärkning"]
    assert rows[3][:5] == ["insatser.xlsx", "Aktiviteter", "A3", "RT-B-001", "fel"]
    assert len(rows) == 3 + 10


def test_a_report_without_findings_says_so() -> None:
    empty = validate(b"", [vocabulary()], "full")
    assert (empty.conforms, empty.blocks, empty.total) == (True, False, 0)
    assert to_text(empty, "sv") == "Inga anmärkningar på nivå full.\n"
    graph = Graph().parse(data=to_turtle(empty), format="turtle")
    assert [said.toPython() for said in graph.objects(None, SH.conforms)] == [True]


def test_more_findings_than_the_cap_are_counted_and_said() -> None:
    number = MAX_FINDINGS + 5
    data = "".join(activity(str(n), LABEL) for n in range(number))
    capped = validate(data.encode(), [vocabulary()], "bas")
    assert len(capped.findings) == MAX_FINDINGS
    assert capped.total == number == capped.counts["RT-B-001"]
    assert f"{number} fel. De {MAX_FINDINGS} första visas." in to_text(capped, "sv")


def test_personal_data_is_not_repeated_in_the_report() -> None:
    text = f'<{RT.note}> "Ring Anna, 070-123 45 67 eller 19640823-3234"'
    own = f"<{RT.inPublication}> <https://w3id.org/rodtrad/graph/x1/test>"
    found = validate(activity("a", LABEL, STATUS, text, own).encode(), [vocabulary()], "kedja")
    assert {"RT-B-018", "RT-B-019"} <= found.counts.keys()
    for form in (to_text(found, "sv"), to_json(found), to_turtle(found)):
        assert "070" not in form
        assert "3234" not in form


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("anna.ek@region.se", True),
        ("08-123 45 67", True),
        ("+46 70 123 45 67", True),
        ("640823-3234", True),
        ("640883-3234", True),
        ("Perioden 2018-2020, 25 000 000 kronor, dnr 2019-01-01", False),
        ("org.nr 232100-0180", False),
        ("1600 företag, 10-12 kurser, @regionen", False),
    ],
)
def test_personal_data_is_told_from_years_money_and_organisation_numbers(text: str, personal: bool) -> None:
    own = f"<{RT.inPublication}> <https://w3id.org/rodtrad/graph/x1/test>"
    data = activity("a", LABEL, STATUS, f'<{RT.note}> "{text}"', own).encode()
    found = validate(data, [vocabulary()], "kedja").counts.keys()
    assert bool(found & {"RT-B-018", "RT-B-019"}) is personal


def test_the_words_of_the_report_exist_in_both_languages() -> None:
    assert all(set(words) == {"sv", "en"} for words in (*module._WORDS.values(), *module._NUMBERED.values()))
