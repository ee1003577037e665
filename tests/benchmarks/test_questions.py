"""The benchmark of the questions asks every one in every way, and says why a figure is missing."""

from __future__ import annotations

import time

import pytest
from rodtrad.queries.catalogue import catalogue
from rodtrad.queries.runner import run
from rodtrad.store import Store

from benchmarks import measure, questions
from benchmarks.copies import copies


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory, example_store: Store) -> list[questions.Figure]:
    data = tmp_path_factory.mktemp("nation") / "examples.nq"
    with data.open("w", encoding="utf-8") as file:
        file.writelines(copies(0, example_store))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measure, "REPEATS", 1)
        return list(questions.figures(data))


def test_every_question_is_asked_with_its_values_and_of_the_whole_nation(
    figures: list[questions.Figure],
) -> None:
    assert {one.question for one in figures} == set(catalogue())
    given = {one.given for one in figures if one.question == "cq83-money-behind-a-result"}
    assert given == {"region 24", "–"}


def test_rows_are_those_of_the_catalogue(figures: list[questions.Figure], example_store: Store) -> None:
    assert not [one for one in figures if one.failed]
    engine = example_store.engine()
    for question in list(catalogue().values())[::10]:
        for given in questions.ways(question):
            rows = len(run(engine, question, given).rows)
            assert rows in {one.rows for one in figures if one.question == question.id}, question.id


def test_a_question_without_end_is_stopped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "LIMIT_S", 0.2)
    monkeypatch.setattr(questions, "_measured", lambda *_: time.sleep(30))
    question = next(iter(catalogue().values()))
    figure = questions._apart(None, question, {}, "–")
    assert (figure.rows, figure.failed) == (0, "not within 0.2 s")
