"""``rodtrad ontology check``: sound as shipped, and every fault named with its file and term."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rodtrad.examples
import rodtrad.ontology
from rodtrad.ontology import files
from rodtrad.ontology.mappings import table_files
from rodtrad.service.cli import app
from typer.testing import CliRunner, Result

ONTOLOGY = Path(rodtrad.ontology.__file__).parent
EXAMPLES = Path(rodtrad.examples.__file__).parent
CIDS = "cids.sssom.tsv"


def call(*arguments: str | Path, lang: str = "en") -> Result:
    return CliRunner().invoke(app, ["ontology", "check", *map(str, arguments), "--lang", lang])


def copy(folder: Path, source: Path, good: str, bad: str) -> Path:
    """A copy of a standing file with its first ``good`` replaced."""
    text = source.read_text(encoding="utf-8")
    assert good in text
    path = folder / source.name
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    return path


def module(name: str) -> Path:
    return next(path for path in files() if path.name == name)


def profile(name: str) -> Path:
    return next(EXAMPLES.glob(f"national/frameworks/**/{name}"))


def test_the_vocabulary_as_shipped_is_sound() -> None:
    told = call()
    assert told.exit_code == 0, told.stderr
    assert "The vocabulary is sound." in told.stdout
    assert "100.0 % of classes and properties have name and definition in both languages" in told.stdout


def test_counts_as_json() -> None:
    told = call("--format", "json")
    report = json.loads(told.stdout)
    counts = report["counts"]
    assert (told.exit_code, report["problems"]) == (0, [])
    assert counts["mappings"] >= 150
    assert counts["mapped_vocabularies"] >= 15
    assert counts["mapped"] >= 70
    assert counts["documented"] == 100
    assert min(counts[name] for name in ("classes", "properties", "concepts", "levels")) > 40


def test_a_copy_without_faults_stands_in_for_its_namesake(tmp_path: Path) -> None:
    same = [copy(tmp_path, path, "", "") for path in (module("chain.ttl"), ONTOLOGY / "mappings" / CIDS)]
    told = call(*same)
    assert (told.exit_code, told.stderr) == (0, "")


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    source = module("chain.ttl")
    good = "rt:Output a owl:Class ;"
    line = source.read_text(encoding="utf-8").partition(good)[0].count("\n") + 1
    told = call(copy(tmp_path, source, good, "rt:Output a owl:Class owl:Class ;"))
    assert told.exit_code == 1
    assert "chain.ttl" in told.stderr
    assert f"line {line} " in told.stderr


@pytest.mark.parametrize("bad", ['rdfs:label "Prestation"@sv ;', ""])
def test_a_term_without_a_label_in_both_languages_is_told(bad: str, tmp_path: Path) -> None:
    told = call(copy(tmp_path, module("chain.ttl"), 'rdfs:label "Prestation"@sv , "Output"@en ;', bad))
    assert told.exit_code == 1
    assert "chain.ttl" in told.stderr
    assert "https://w3id.org/rodtrad/ns/Output" in told.stderr


def test_a_term_without_a_definition_is_told(tmp_path: Path) -> None:
    before, term, after = module("chain.ttl").read_text(encoding="utf-8").partition("rt:Output a owl:Class")
    path = tmp_path / "chain.ttl"
    path.write_text(
        before + term + after.replace("skos:definition", "skos:editorialNote", 1), encoding="utf-8"
    )
    told = call(path)
    assert told.exit_code == 1
    assert "chain.ttl" in told.stderr
    assert "https://w3id.org/rodtrad/ns/Output" in told.stderr


@pytest.mark.parametrize(
    ("good", "bad", "term"),
    [
        ("\tcids:Activity\t", "\tcids:Aktivitet\t", "https://ontology.commonapproach.org/cids#Aktivitet"),
        ("rt:Activity\t", "rt:Aktivitet\t", "https://w3id.org/rodtrad/ns/Aktivitet"),
    ],
)
def test_a_mapping_to_a_term_that_does_not_exist_is_told(
    good: str, bad: str, term: str, tmp_path: Path
) -> None:
    source = next(path for path in table_files() if path.name == CIDS)
    line = source.read_text(encoding="utf-8").partition(good)[0].count("\n") + 1
    told = call(copy(tmp_path, source, good, bad))
    assert told.exit_code == 1
    assert f"{CIDS}:{line}" in told.stderr
    assert term in told.stderr


def test_a_term_taken_out_of_its_module_leaves_its_mappings_faulty(tmp_path: Path) -> None:
    told = call(copy(tmp_path, module("learning.ttl"), "rt:Lesson a owl:Class", "rt:Learnt a owl:Class"))
    assert told.exit_code == 1
    assert "prov.sssom.tsv:" in told.stderr
    assert "https://w3id.org/rodtrad/ns/Lesson" in told.stderr


def test_a_framework_level_mapped_to_nothing_is_told(tmp_path: Path) -> None:
    good = "    skos:closeMatch chain-level:activity ;\n"
    told = call(copy(tmp_path, profile("gavleborg.ttl"), good, ""))
    assert told.exit_code == 1
    assert "gavleborg.ttl" in told.stderr
    assert "gavleborg-aktiviteter" in told.stderr


def test_faults_in_swedish_and_as_json(tmp_path: Path) -> None:
    path = copy(tmp_path, ONTOLOGY / "mappings" / CIDS, "\tcids:Activity\t", "\tcids:Aktivitet\t")
    assert "finns inte i någon ordlista" in call(path, lang="sv").stderr
    told = call(path, "--format", "json")
    (problem,) = json.loads(told.stdout)["problems"]
    assert told.exit_code == 1
    assert problem["code"] == "mapping-unknown-object"
    assert problem["where"]["file"].startswith(CIDS + ":")
    assert problem["where"]["iri"] == "https://w3id.org/rodtrad/ns/Activity"


def test_a_file_of_another_kind_or_none_cannot_be_checked(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("", encoding="utf-8")
    assert call(other).exit_code == 2
    assert "notes.txt" in call(other).stderr
    assert call(tmp_path / "none.ttl").exit_code == 2


def test_the_vocabulary_is_still_written() -> None:
    told = CliRunner().invoke(app, ["ontology", "--format", "nt"])
    assert told.exit_code == 0
    assert "<https://w3id.org/rodtrad/ns/Activity>" in told.stdout
