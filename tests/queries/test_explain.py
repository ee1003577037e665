"""What lies behind a row: what it counts, where each thing is said, and the path up the chain."""

from __future__ import annotations

import pytest
import yaml
from rodtrad.queries.catalogue import find
from rodtrad.queries.explain import MAX_ROWS, explain, not_explained, to_text
from rodtrad.queries.header import parse
from rodtrad.queries.lint import lint_folder
from rodtrad.queries.runner import run

from ..test_house import ROOT

PRIORITY = "https://w3id.org/rodtrad/id/ref/priority/ns2015-kompetensforsorjning"


@pytest.mark.parametrize(
    ("query_id", "params", "counted"),
    [
        ("cq11-activities-by-type-and-region", {"region": "20"}, ("carriedOut", "ongoing")),
        ("cq12-common-types-by-focus-area", {}, ("activities",)),
        ("cq15-regions-with-the-same-kind-of-work", {"area": "validation"}, ("activities",)),
    ],
)
def test_a_counted_row_names_as_many_members_as_it_counts(engine, query_id, params, counted) -> None:
    answer = run(engine, find(query_id), params)
    found = explain(engine, answer)
    assert len(found) == min(len(answer.rows), MAX_ROWS) > 1
    for row, why in zip(answer.rows, found, strict=False):
        assert len({one.iri for one in why.members}) == sum(int(row[name].value) for name in counted)
        assert all(one.source and one.section and one.publication for one in why.members)


@pytest.mark.parametrize(
    ("query_id", "column"),
    [
        ("cq04-results-without-stated-activity", "result"),
        ("cq32-lessons-on-focus-area", "lesson"),
        ("cq34-documented-failures", "item"),
        ("cq08-documents-under-the-strategy", "document"),
    ],
)
def test_a_row_about_a_thing_says_where_the_thing_is_said(engine, query_id: str, column: str) -> None:
    query = find(query_id)
    answer = run(engine, query, {one.name: one.example for one in query.parameters if one.required})
    for row, why in zip(answer.rows, explain(engine, answer), strict=False):
        mine = [one for one in why.members if one.column == column]
        assert row[column].iri in {one.iri for one in mine}
        if "section" in row:
            assert row["section"].value in {one.section for one in mine}


def test_a_chain_question_shows_the_way_link_by_link(engine) -> None:
    query = find("cq01-activity-to-strategy")
    answer = run(engine, query, {"activity": query.parameters[0].example})
    found = explain(engine, answer)
    for row, why in zip(answer.rows, found, strict=True):
        assert why.paths
        for way in why.paths:
            assert way.steps[0].start.iri == row["step"].iri
            assert way.steps[-1].end.iri == row["above"].iri
            assert all(a.end == b.start for a, b in zip(way.steps, way.steps[1:], strict=False))
    assert any("→" in line for line in to_text(found[0]))


def test_what_no_longer_is_said_leaves_the_explanation(engine, without) -> None:
    query = find("cq12-common-types-by-focus-area")
    before = explain(engine, run(engine, query, {}))[0].members
    gone = before[0].publication.iri
    theirs = {one.iri for one in before if one.publication.iri == gone}
    with without(gone) as less:
        after = explain(less, run(less, query, {}))[0].members
    assert theirs
    assert {one.iri for one in after} == {one.iri for one in before} - theirs


def test_a_krona_is_followed_to_the_result(engine) -> None:
    query = find("cq83-money-behind-a-result")
    answer = run(engine, query, {})
    ways = [
        (row, way)
        for row, why in zip(answer.rows, explain(engine, answer), strict=False)
        for way in why.paths
    ]
    assert ways
    for row, way in ways:
        assert (way.steps[0].start.iri, way.steps[-1].end.iri) == (row["money"].iri, row["result"].iri)


def test_an_answer_without_rows_has_nothing_to_explain(engine) -> None:
    query = find("cq67-frameworks-that-use-a-word")
    answer = run(engine, query, {"word": "finns inte"})
    assert explain(engine, answer) == ()
    told = answer.as_dict()["empty"]
    assert told["coverage"] == query.coverage["sv"]


def test_an_empty_answer_names_the_sheet_that_would_fill_it(engine) -> None:
    query = find("cq32-lessons-on-focus-area")
    answer = run(engine, query, {"area": "other"})
    empty = answer.why_empty()
    assert not answer.rows and empty
    assert "Lärande / Lärdom" in empty["publish"] and "Område" in empty["publish"]
    assert run(engine, query, {"area": "validation"}).why_empty() is None


def test_explaining_queries_keep_the_house_rules() -> None:
    assert lint_folder(ROOT / "queries" / "explain") == []


def test_declared_paths_and_members_name_questions_and_columns_that_exist() -> None:
    declared = yaml.safe_load((ROOT / "queries" / "explain" / "paths.yaml").read_text("utf-8"))
    for query_id, ends in declared.items():
        assert set(ends.values()) <= {one.name for one in find(query_id).columns}, query_id
    for path in (ROOT / "queries" / "explain").glob("cq*.rq"):
        assert {one.name for one in parse(path.read_text("utf-8"), path.name).parameters} <= {
            one.name for one in find(path.stem).columns
        }


def test_rows_that_are_not_explained_are_said_to_be_left_out(engine) -> None:
    many = run(engine, find("cq02-below-a-priority"), {"priority": PRIORITY}, "sv")
    assert len(many.rows) > 100 == len(explain(engine, many))
    said = not_explained(many)
    assert said and f"100 av {len(many.rows)}" in said["sv"] and f"100 of {len(many.rows)}" in said["en"]
    assert not_explained(run(engine, find("cq45-capacity-tools-in-use"), {}, "sv")) is None
