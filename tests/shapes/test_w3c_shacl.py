"""The W3C's SHACL tests pass or are refused by name; the page that tells so is current."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from .w3c_suite import PAGE, Case, Outcome, cases, outcome, page

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def outcomes(shared: Path) -> Mapping[Case, Outcome]:
    return {case: outcome(case) for case in cases(shared / "w3c" / "shacl")}


def test_no_test_fails_and_what_is_refused_is_known(outcomes: Mapping[Case, Outcome]) -> None:
    assert {f"{c.group}/{c.name}": o.detail for c, o in outcomes.items() if o.verdict == "failed"} == {}
    refused = {f"{c.group}/{c.name}": o.detail for c, o in outcomes.items() if o.verdict == "refused"}
    assert refused == {
        "core/property/datatype-ill-formed": "sh:datatype http://www.w3.org/2001/XMLSchema#byte",
        "sparql/pre-binding/shapesGraph-001": "sh:select: ?shapesGraph",
    }
    assert Counter(o.verdict for o in outcomes.values()) == {"passed": 119, "refused": 2}


def test_a_wrong_expectation_is_noticed(shared: Path) -> None:
    """A comparison that took anything for equal would pass every test."""
    case = next(c for c in cases(shared / "w3c" / "shacl") if c.name == "minCount-001")
    for triple in list(case.manifest):
        if str(triple[1]).endswith("#focusNode"):
            case.manifest.remove(triple)
            case.manifest.add((triple[0], triple[1], case.iri))
    assert outcome(case).verdict == "failed"


def test_the_page_of_results_is_current(outcomes: Mapping[Case, Outcome]) -> None:
    assert PAGE.read_text("utf-8") == page(outcomes)
