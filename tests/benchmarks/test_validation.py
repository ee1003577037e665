"""The validation benchmark compares like with like: the same data, the same shapes, the same findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import SH

from benchmarks.validation import CYCLE_RULE, ENGINES, shapes, write


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    lines = write(4_000, 7, folder / "nation.nt", folder / "county.nt")
    assert lines == len((folder / "nation.nt").read_text("utf-8").splitlines())
    return folder / "nation.nt"


def test_the_county_is_a_part_of_the_nation(nation: Path) -> None:
    whole = nation.read_text("utf-8").splitlines()
    county = (nation.parent / "county.nt").read_text("utf-8").splitlines()
    assert 0 < len(county) < len(whole) / 10
    assert set(county) <= set(whole)


@pytest.mark.parametrize("what", ["core", "cycle"])
def test_every_engine_finds_as_much(what: str, nation: Path) -> None:
    found = {name: ENGINES[name](what, nation)["rows"] for name in ("rodtrad", "pyrudof", "pyshacl")}
    assert found["rodtrad"] > 20
    assert set(found.values()) == {found["rodtrad"]}


def test_the_core_rules_have_no_query_and_the_cycle_rule_stands_alone() -> None:
    assert not list(shapes("core").subjects(SH.sparql))
    assert len(set(shapes("core").subjects(SH.targetClass))) > 10
    assert {str(s) for s in shapes("cycle").subjects(SH.sparql)} == {CYCLE_RULE}
