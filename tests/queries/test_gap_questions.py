"""What no source holds is said, with where it dropped out and what a region would have to publish."""

from __future__ import annotations

from collections import Counter

import pytest
from rodtrad.ontology.names import RT
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run

QUESTION = "what-the-sources-do-not-hold"


def numbers(answer) -> set[str]:
    return {row["number"].value for row in answer.rows}


def left_open(frameworks: dict) -> list[dict]:
    classes = ("saknas i källan", "kräver regionens egna data")
    return [one for one in frameworks["competency_questions"] if one["class"] in classes]


def test_every_question_that_the_sources_leave_open_says_why(engine, frameworks):
    """The classes are those of the register of questions, read by plain Python."""
    open_ones = {one["id"] for one in left_open(frameworks)}
    assert len(open_ones) == 16
    for lang in ("sv", "en"):
        answer = run(engine, find(QUESTION), {}, lang)
        assert numbers(answer) == open_ones
        assert all(row["why"].value and row["remedy"].value and row["source"].value for row in answer.rows)


def test_sources_are_those_that_the_register_names(engine, frameworks):
    seeds = {
        "000": "ramverk-strategiskt-larande",
        "001": "reglab-regionala-resultat",
        "002": "rus-natverket-2025",
        "003": "sormland-internt-larande",
        "004": "utvardering-2021",
    }
    wanted = Counter((one["id"], seeds[seed]) for one in left_open(frameworks) for seed in one["seeds"])
    rows = run(engine, find(QUESTION), {}, "sv").rows
    assert Counter((row["number"].value, row["source"].value.rpartition("/")[2]) for row in rows) == wanted


def test_lost_figures_are_told_apart_from_what_was_never_published(engine):
    answer = run(engine, find(QUESTION), {}, "sv")
    lost = {
        row["number"].value for row in answer.rows if row["availability"].value.endswith("lost-in-source")
    }
    assert lost == {"CQ49", "CQ60"}
    words = run(engine, find(QUESTION), {"number": "CQ49"}, "sv").rows
    assert len(words) == 1 and "Figur 6" in words[0]["why"].value


@pytest.mark.parametrize("term", [f"{RT}competencyQuestion", f"{RT}SourceGap", f"{RT}remedy"])
def test_the_answer_rests_on_what_is_said(without, term):
    with without(term) as poorer:
        assert run(poorer, find(QUESTION), {}, "sv").rows == ()
