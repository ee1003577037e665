"""Parameters become terms, labels follow the language, and answers are handed out in every form."""

from __future__ import annotations

import csv
import io
import json

import pytest
from openpyxl import load_workbook
from rodtrad.ontology.names import ID, RT, SCHEME
from rodtrad.ontology.problems import Problem, RodtradError
from rodtrad.queries.answer import Answer, Cell
from rodtrad.queries.catalogue import catalogue, find, pages
from rodtrad.queries.header import Query
from rodtrad.queries.parameters import bind, candidates, matching, parameter_lines
from rodtrad.queries.runner import run

LESSONS = "cq32-lessons-on-focus-area"
DALARNA = str(ID["ref/region/20"])


def refused(engine, query_id: str, params: dict[str, str]) -> Problem:
    with pytest.raises(RodtradError) as caught:
        run(engine, find(query_id), params)
    return caught.value.problems[0]


@pytest.mark.parametrize(
    "given", ["validation", "Validering", " validering ", SCHEME["focus-area/validation"]]
)
def test_a_concept_is_found_by_notation_label_or_iri(engine, given: str) -> None:
    assert len(run(engine, find(LESSONS), {"area": str(given)}).rows) == 4


@pytest.mark.parametrize("given", ["20", "Dalarnas län", "dalarna county", DALARNA])
def test_a_county_is_found_by_code_label_or_iri(engine, given: str) -> None:
    sparql = run(engine, find("cq08-documents-under-the-strategy"), {"region": given}).sparql
    assert f"VALUES (?region) {{ (<{DALARNA}>) }}" in sparql


def test_a_word_that_fits_nothing_lists_what_there_is(engine) -> None:
    problem = refused(engine, LESSONS, {"area": "valdering"})
    assert problem.code == "unknown-parameter-value"
    assert "Validering" in problem.hint("sv") and "Yrkesvux" in problem.hint("sv")


def test_a_misspelt_word_is_answered_with_what_is_nearest(engine) -> None:
    first = refused(engine, LESSONS, {"area": "valdering"}).hint("sv").split(";")[0]
    assert "Validering" in first
    county = refused(engine, "cq08-documents-under-the-strategy", {"region": "Vesterbottens län"})
    assert "Västerbottens län" in county.hint("sv").split(";")[0]


def test_what_is_written_so_far_finds_candidates(engine) -> None:
    parameter = find("cq08-documents-under-the-strategy").parameter("region")
    assert parameter
    assert [one.label for one in matching(engine, parameter, "sv", "västerb")] == ["Västerbottens län"]
    assert len(matching(engine, parameter, "sv", "")) >= 21


def test_an_ambiguous_word_lists_the_candidates(engine) -> None:
    problem = refused(engine, "cq61-source-of-a-statement", {"statement": "kompetensförsörjning"})
    assert problem.code == "ambiguous-parameter-value"
    assert problem.hint("sv").count("<http") > 1


def test_an_iri_outside_the_code_list_is_refused(engine) -> None:
    assert refused(engine, LESSONS, {"area": DALARNA}).code == "parameter-of-other-kind"


@pytest.mark.parametrize(
    "given", ['x") } ?s ?p ?o #', 'a" . ?x ?y ?z . "', "<http://x> <http://y>", "http://x y"]
)
def test_a_value_is_a_term_and_never_text(engine, given: str) -> None:
    assert refused(engine, LESSONS, {"area": given}).code == "unknown-parameter-value"
    word = run(engine, find("cq67-frameworks-that-use-a-word"), {"word": given})
    assert word.rows == ()


def test_missing_and_unknown_parameters(engine) -> None:
    assert refused(engine, LESSONS, {}).code == "missing-parameter"
    assert "area=validation" in refused(engine, LESSONS, {"area": " "}).hint("sv")
    assert refused(engine, LESSONS, {"area": "validation", "year": "2020"}).code == "unknown-parameter"
    assert refused(engine, "cq26-cycle-steps-in-month", {"month": "maj"}).code == "parameter-not-a-number"


def test_an_optional_parameter_that_is_left_out_does_not_restrict(engine) -> None:
    query = find("cq89-planned-not-done")
    every, one = run(engine, query), run(engine, query, {"region": "20"})
    assert len(every.rows) > len(one.rows) > 0
    assert "region/20" not in every.sparql


def test_a_default_is_used(engine) -> None:
    assert str(RT.Lesson) in run(engine, find("coverage-of-question"), {}).sparql


def test_english_falls_back_to_swedish(engine) -> None:
    row = run(engine, find(LESSONS), {"area": "validation"}, "en").rows[0]
    assert row["area"].label == "Validation"
    assert row["region"].label.endswith("County")
    assert row["lesson"].label


def test_labels_that_the_query_does_not_give_are_looked_up(engine) -> None:
    row = run(engine, find(LESSONS), {"area": "validation"}).rows[0]
    assert row["source"].label.startswith("Utvärdering av det regionala")
    assert row["basis"].label == "angiven"


def test_candidates_of_a_code_list(engine) -> None:
    parameter = find(LESSONS).parameter("area")
    assert parameter
    assert [one.label for one in candidates(engine, parameter, "sv")][:2] == ["Analys och prognoser", "Annat"]


@pytest.mark.parametrize("query_id", catalogue())
def test_the_file_runs_as_it_stands_and_says_the_same_as_its_examples(engine, query_id: str) -> None:
    query = find(query_id)
    examples = {parameter.name: parameter.example for parameter in query.parameters}
    answer = run(engine, query, examples)
    assert len(engine.rows(query.text)) == len(answer.rows) > 0
    assert len(run(engine, query, examples, "en").rows) == len(answer.rows)


@pytest.mark.parametrize("query_id", catalogue())
def test_rows_have_an_order_of_their_own(engine, query_id: str) -> None:
    """Two engines must give the rows in one order, so the keys of ORDER BY may not be equal in two rows."""
    query = find(query_id)
    required = {parameter.name: parameter.example for parameter in query.parameters if parameter.required}
    rows = engine.rows(bind(engine, query, required, "sv"))
    keys = [
        name.strip("?")
        for name in query.text.rsplit("ORDER BY", 1)[1].replace("DESC(", "").replace(")", "").split()
    ]
    told = [tuple(str(row.get(key.rpartition("?")[2])) for key in keys) for row in rows]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("query_id", [*catalogue(), *pages()])
def test_parameter_lines_name_the_parameters(query_id: str) -> None:
    query = catalogue().get(query_id) or pages()[query_id]
    assert set(parameter_lines(query.text)) - {"lang"} == {parameter.name for parameter in query.parameters}


def test_what_is_made_up_stays_out_of_the_nation(engine, without) -> None:
    national = [query for query in catalogue().values() if not any(one.required for one in query.parameters)]
    for query in national:
        # A question that also tells of the made-up county marks each of its rows.
        unmarked_rows = [row for row in run(engine, query).rows if "constructed" not in row]
        cells = [cell.value for row in unmarked_rows for cell in row.values()]
        assert not [cell for cell in cells if "bergslund" in cell.casefold()], query.id
    # The made-up lesson is there, and only its mark keeps it out.
    before = run(engine, find("lessons-by-focus-area")).rows
    with without(str(RT.constructed)) as unmarked:
        after = run(unmarked, find(LESSONS), {"area": "validation"}).rows
        assert [row for row in after if "bergslund" in row["lesson"].value]
    assert sum(int(row["lessons"].value) for row in before) == 52


def answer() -> Answer:
    query = Query.model_validate(
        {
            "id": "made-up",
            "version": 1,
            "title": {"sv": "T", "en": "T"},
            "question": {"sv": "Vad?", "en": "What?"},
            "coverage": {"sv": "Allt.", "en": "All."},
            "columns": [
                {"name": "thing", "type": "iri", "labels": {"sv": "Sak", "en": "Thing"}},
                {
                    "name": "share",
                    "type": "decimal",
                    "labels": {"sv": "Andel", "en": "Share"},
                    "unit": "procent",
                },
                {"name": "words", "type": "string", "labels": {"sv": "Ord", "en": "Words"}},
            ],
        }
    )
    row = {
        "thing": Cell("http://x.example/a", 'Å; "A"', "http://x.example/a"),
        "share": Cell("2.5", "2.5"),
        "words": Cell("=1+1", "=1+1"),
    }
    return Answer(query, "sv", query.columns, (row, {"share": Cell("-3", "-3")}), "SELECT", 7)


def test_csv() -> None:
    rows = list(csv.reader(io.StringIO(answer().to_csv())))
    assert rows[0] == ["Sak", "Sak (IRI)", "Andel (procent)", "Ord"]
    assert rows[1] == ['Å; "A"', "http://x.example/a", "2.5", "=1+1"]
    assert rows[2] == ["", "", "-3", ""]


def test_csv_for_swedish_excel() -> None:
    text = answer().to_csv("sv")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert rows[1] == ['Å; "A"', "http://x.example/a", "2,5", "'=1+1"]
    assert rows[2][2] == "-3"


def test_json() -> None:
    told = json.loads(answer().to_json())
    assert told["rows"][0] == {
        "thing": {"iri": "http://x.example/a", "label": 'Å; "A"'},
        "share": 2.5,
        "words": "=1+1",
    }
    assert (
        told["rows"][1]["thing"] is None
        and told["generation"] == 7
        and told["columns"][1]["unit"] == "procent"
    )


def test_workbook(engine) -> None:
    book = load_workbook(io.BytesIO(answer().to_xlsx()))
    sheet = book["Svar"]
    assert [cell.value for cell in sheet[1]] == ["Sak", "Andel (procent)", "Ord"]
    assert sheet["A2"].hyperlink.target == "http://x.example/a"
    assert (sheet["B2"].value, sheet["C2"].value, sheet["C2"].data_type) == (2.5, "=1+1", "s")
    real = load_workbook(io.BytesIO(run(engine, find(LESSONS), {"area": "validation"}).to_xlsx()))
    told = {row[0].value: row[1].value for row in real["Fråga och källa"]}
    assert told["Källor"].startswith("Utvärdering av det regionala")
    assert "VALUES (?area)" in told["SPARQL"]
