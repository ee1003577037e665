"""The question what a term corresponds to elsewhere, against what the domain says of the levels."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from rodtrad.ontology.names import RT, SCHEME
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

IATI = "https://iatistandard.org/en/iati-standard/203/"
CODE = IATI + "codelists/resulttype/#"
CIDS = "https://ontology.commonapproach.org/cids#"
SKOS = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True)
class Case:
    """What is asked, and the relation and target of every row."""

    asked: tuple[dict[str, str], ...]
    rows: tuple[set[tuple[str, str]], ...]


# The names of the levels are shifted: outcome in IATI is the short-term effect here.
CASES = {
    "correspondences-of-a-term": Case(
        asked=(
            {"term": str(SCHEME["chain-level/output"]), "vocabulary": IATI},
            {"term": str(SCHEME["chain-level/outcome"]), "vocabulary": IATI},
            {"term": str(SCHEME["chain-level/short-term-effect"]), "vocabulary": IATI},
            {"term": str(SCHEME["chain-level/long-term-effect"]), "vocabulary": IATI},
            {"term": str(RT.Outcome), "vocabulary": CIDS},
            {"term": str(RT.Outcome), "vocabulary": "cids"},
            {"term": str(RT.Contradiction)},
        ),
        rows=(
            {("closeMatch", CODE + "1")},
            {("relatedMatch", CODE + "2")},
            {("closeMatch", CODE + "2")},
            {("closeMatch", CODE + "3")},
            {("broadMatch", CIDS + "Outcome")},
            {("broadMatch", CIDS + "Outcome")},
            set(),
        ),
    ),
}
QUERY = "correspondences-of-a-term"
ASKED = list(zip(CASES[QUERY].asked, CASES[QUERY].rows, strict=True))


@pytest.mark.parametrize(("asked", "expected"), ASKED)
def test_answer(asked: dict[str, str], expected: set[tuple[str, str]], engine: Engine) -> None:
    answer = run(engine, find(QUERY), asked)
    found = [(row["relation"].value.removeprefix(SKOS), row["target"].value) for row in answer.rows]
    assert len(found) == len(expected)
    assert set(found) == expected


def test_without_a_vocabulary_every_one_is_told_with_its_name(engine: Engine) -> None:
    answer = run(engine, find(QUERY), {"term": str(RT.Indicator)}, "en")
    names = {row["vocabulary"].label for row in answer.rows}
    assert len(answer.rows) == 9
    assert {"Common Impact Data Standard", "International Aid Transparency Initiative standard"} <= names
    assert {row["target"].label for row in answer.rows} >= {
        "Variable",
        "result/indicator",
        "PerformanceIndicator",
    }


def test_answer_changes_with_the_data(engine: Engine, without) -> None:
    asked = {"term": str(SCHEME["chain-level/output"]), "vocabulary": IATI}
    with without(CODE + "1") as poorer:
        assert not run(poorer, find(QUERY), asked).rows
    assert run(engine, find(QUERY), asked).rows
