"""All 90 competency questions are dealt with as their class says, and the table in the documentation is true."""

from __future__ import annotations

from collections import Counter

import pytest
from rodtrad.queries.catalogue import catalogue
from rodtrad.queries.competency import CLASSES, competencies, themes, themes_of
from rodtrad.queries.runner import run
from rodtrad.service.question_table import documentation, proofs, rows_of, without_made_up
from rodtrad.store import Store

from ..test_house import ROOT

TESTS = ROOT / "tests" / "queries"
NUMBERS = [f"CQ{number:02d}" for number in range(1, 91)]


@pytest.fixture(scope="module")
def real(example_store: Store):
    return without_made_up(example_store).engine()


def test_there_are_ninety_in_four_classes() -> None:
    assert list(competencies()) == NUMBERS
    assert Counter(one.answerable for one in competencies().values()) == dict(
        zip(CLASSES, (30, 44, 8, 8), strict=True)
    )
    assert {one.theme for one in competencies().values()} == set(themes())


def test_the_class_of_each_is_that_of_the_domain_notes(shared) -> None:
    notes = (shared / "domain" / "frameworks.md").read_text("utf-8")
    for one in competencies().values():
        line = next(line for line in notes.splitlines() if line.startswith(f"| {one.number} |"))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[1:3] == [one.question["sv"], one.question["en"]]
        assert cells[4] == one.answerable


@pytest.mark.parametrize("number", NUMBERS)
def test_each_is_dealt_with_as_its_class_says(number: str, engine, real) -> None:
    asked = competencies()[number]
    assert asked.queries, "no question of the catalogue answers it"
    assert asked.answerable in {query.answerable for query in asked.queries}
    if asked.answerable == "saknas i källan":
        gaps = run(engine, catalogue()["what-the-sources-do-not-hold"], {"number": number}).rows
        assert gaps and all("why" in row and "remedy" in row and "source" in row for row in gaps)
        return
    rows = [rows_of(query, engine, real) for query in asked.queries]
    assert any(one.every for one in rows)
    if asked.answerable == "besvarad":
        assert any(one.real for one in rows)
    for query, got in zip(asked.queries, rows, strict=True):
        stated = {None: got.origin, "constructed": "made up"}.get(query.rows_from, query.rows_from)
        assert got.origin == stated, query.id


def test_every_question_of_the_catalogue_is_named_in_a_test_and_says_how_it_expects() -> None:
    assert not set(catalogue()) - set(proofs(TESTS))
    assert not [query.id for query in catalogue().values() if not query.expectation]


def test_themes_follow_the_numbers() -> None:
    assert themes_of(catalogue()["cq32-lessons-on-focus-area"]) == ("lessons",)


def test_the_table_in_the_documentation_is_current(example_store: Store) -> None:
    written = (ROOT / "docs" / "questions.md").read_text("utf-8")
    assert written == documentation(example_store, TESTS)
