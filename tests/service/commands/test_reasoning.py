"""``rodtrad ontology reason``: verdict and time, what clashes, and why it cannot be said without Java."""

from __future__ import annotations

from pathlib import Path

import pytest
from rodtrad.service.cli import app
from typer.testing import CliRunner, Result

PREFIXES = """@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def reason(*arguments: object, scope: str = "ontology") -> Result:
    return CliRunner().invoke(app, ["ontology", "reason", "--scope", scope, *map(str, arguments)])


def axioms(folder: Path, text: str) -> Path:
    path = folder / "axioms.ttl"
    path.write_text(PREFIXES + text, encoding="utf-8")
    return path


def test_what_ships_is_consistent_with_data_and_mappings() -> None:
    answer = reason("--lang", "en", scope="mappings")
    assert answer.exit_code == 0, answer.output
    assert "Nothing contradicts anything" in answer.stdout
    assert "the vocabulary, data and mappings" in answer.stdout


def test_a_wrong_axiom_is_named_with_exit_code_1(tmp_path: Path) -> None:
    wrong = axioms(tmp_path, "rt:Output rdfs:subClassOf rt:Activity .")
    answer = reason("--with", wrong, "--lang", "sv")
    assert answer.exit_code == 1
    assert "motsägelser" in answer.stdout
    assert "ns/Output" in answer.stderr and "ns/Activity" in answer.stderr


def test_what_is_left_out_can_be_listed() -> None:
    answer = reason("--left-out", "--lang", "en")
    assert answer.exit_code == 0
    assert "says nothing that logic can use" in answer.stdout
    assert "datatype that HermiT does not know" in answer.stdout


def test_without_java_the_reason_is_told_with_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = reason("--lang", "sv")
    assert answer.exit_code == 2
    assert answer.stdout == "" and "Java" in answer.stderr


def test_axioms_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    answer = reason("--with", axioms(tmp_path, "rt:Output rdfs:subClassOf"), "--lang", "en")
    assert answer.exit_code == 2
    assert "axioms.ttl" in answer.stderr
