"""Shapes of one's own: they test beside ours, and what is wrong with them is named with file and shape."""

from __future__ import annotations

from pathlib import Path

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.shapes.own_shapes import with_own
from rodtrad.shapes.validation import validate

HEAD = (
    "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
DATA = b'<https://example.org/a> <https://example.org/p> "1" .\n'


def own(folder: Path, text: str) -> Path:
    file = folder / "egna.ttl"
    file.write_text(HEAD + text, "utf-8")
    return file


BAD = {
    "shape-term-unknown": ("ex:S a sh:NodeShape ; sh:targetClas ex:C ; sh:nodeKind sh:IRI .", "targetClas"),
    "shape-not-covered": ("ex:S sh:targetClass ex:C ; sh:rule ex:R .", "rule"),
    "shape-recursive": ("ex:S sh:targetClass ex:C ; sh:node ex:S .", "https://example.org/S"),
    "shape-query-broken": (
        'ex:S sh:targetClass ex:C ; sh:sparql [ sh:select "SELECT $this { $this" ] .',
        "https://example.org/S",
    ),
    "shapes-unreadable": ("ex:S a sh:NodeShape", "egna.ttl"),
    "shapes-without-target": ("ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .", "egna.ttl"),
}


@pytest.mark.parametrize("code", BAD)
def test_what_is_wrong_is_named_with_file_and_shape(code: str, tmp_path: Path) -> None:
    text, named = BAD[code]
    with pytest.raises(RodtradError) as caught:
        with_own([own(tmp_path, text)])
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.file) == (code, "egna.ttl")
    for lang in ("sv", "en"):
        assert named in problem.message(lang)
    if not code.startswith("shapes-"):
        assert problem.where.iri == "https://example.org/S"


def test_own_shapes_are_tested_beside_ours_with_their_own_words(tmp_path: Path) -> None:
    text = (
        "ex:S sh:targetSubjectsOf ex:p ; sh:property ex:S-p , ex:S-q .\n"
        'ex:S-p sh:path ex:p ; sh:pattern "^2" ; sh:severity sh:Warning ; sh:message "Börja med 2."@sv .\n'
        "ex:S-q sh:path ex:q ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 1 .\n"
    )
    report = validate(DATA, [], "bas", shapes=with_own([own(tmp_path, text)]))
    found = {finding.rule: finding for finding in report.findings}
    assert found.keys() == {"S-p", "S-q"}
    assert found["S-p"].severity == "warning"
    assert found["S-p"].messages == {"sv": "Börja med 2.", "en": "Börja med 2."}
    assert found["S-q"].severity == "violation"
    assert "QualifiedMinCount" in found["S-q"].messages["en"]
    assert "https://example.org/a" in found["S-q"].messages["sv"]
    assert report.blocks


@pytest.mark.parametrize(
    "number", [3_000, pytest.param(1_000_000, marks=pytest.mark.deep)], ids=["few", "a million"]
)
def test_findings_beyond_the_cap_are_counted_and_not_kept(number: int, tmp_path: Path) -> None:
    text = "ex:S sh:targetSubjectsOf ex:p ; sh:property ex:S-p . ex:S-p sh:path ex:p ; sh:nodeKind sh:IRI ."
    lines = (f'<https://example.org/{i}> <https://example.org/p> "1" .\n' for i in range(number))
    report = validate("".join(lines).encode(), [], "bas", shapes=with_own([own(tmp_path, text)]), cap=100)
    assert len(report.findings) == 100
    assert report.total == number
    assert sum(report.counts.values()) == sum(report.severities.values()) == number
    assert report.blocks
    assert not report.conforms
