"""A framework level that is mapped to nothing, or to something unlike it, is named with its file."""

from __future__ import annotations

from pathlib import Path

import pytest
from rodtrad.ontology.framework_levels import check_files

LEVEL = """
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix scheme: <https://w3id.org/rodtrad/scheme/> .
@prefix type: <https://w3id.org/rodtrad/scheme/level-type/> .
@prefix chain: <https://w3id.org/rodtrad/scheme/chain-level/> .
@prefix kind: <https://w3id.org/rodtrad/scheme/objective-kind/> .
@prefix basis: <https://w3id.org/rodtrad/scheme/basis/> .
<https://w3id.org/rodtrad/id/20/framework-level/delmal> a rt:FrameworkLevel ; rt:levelType type:%s ; %s .
"""
BECAUSE = 'rt:unmappedBecause "Sägs inte."@sv , "Not said."@en'
CASES = {
    "mapped to nothing": ("objective-level", "rt:levelOrder 1", ["level-unmapped"]),
    "said in one language only": ("frame", 'rt:unmappedBecause "Ram."@sv', ["level-unmapped"]),
    "an empty reason": ("frame", 'rt:unmappedBecause ""@sv , " "@en', ["level-unmapped"]),
    "both": ("objective-level", f"skos:closeMatch kind:effect ; {BECAUSE}", ["level-mapped-and-unmapped"]),
    "goal beside chain": ("objective-level", "skos:closeMatch chain:outcome", ["level-not-like-to-like"]),
    "chain beside goal": ("chain-level", "skos:broadMatch kind:outcome", ["level-not-like-to-like"]),
    "a frame is beside nothing": ("frame", "skos:closeMatch kind:area", ["level-not-like-to-like"]),
    "no such concept": ("chain-level", "skos:closeMatch chain:utfall", ["level-target-unknown"]),
    "surer than the source": ("chain-level", "skos:exactMatch chain:outcome", ["level-surer-than-source"]),
    "stated": ("chain-level", "skos:exactMatch chain:outcome ; rt:correspondenceBasis basis:stated", []),
    "close": ("objective-level", "skos:closeMatch kind:effect", []),
    "declared unmapped": ("column", BECAUSE, []),
}


@pytest.mark.parametrize("case", CASES)
def test_faults(case: str, tmp_path: Path) -> None:
    level_type, rest, codes = CASES[case]
    path = tmp_path / "profil.ttl"
    path.write_text(LEVEL % (level_type, rest), encoding="utf-8")
    problems = check_files([path])
    assert [problem.code for problem in problems] == codes
    for problem in problems:
        assert problem.where.file == str(path)
        assert str(problem.where.iri).endswith("/framework-level/delmal")
        assert "delmal" in problem.message("sv")
        assert "delmal" in problem.message("en")
        assert problem.hint("sv") != problem.hint("en")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "trasig.ttl").write_text("@prefix rt: <x> .\nrt:a rt:b", encoding="utf-8")
    (tmp_path / "tom.ttl").write_text("", encoding="utf-8")
    problems = check_files(sorted(tmp_path.iterdir()))
    assert [(problem.code, problem.where.file) for problem in problems] == [
        ("ontology-syntax", str(tmp_path / "trasig.ttl"))
    ]
