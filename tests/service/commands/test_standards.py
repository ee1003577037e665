"""``rodtrad export --format cids|iati``: a published dataset in the standards of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rodtrad.examples
from defusedxml import ElementTree
from rodtrad.service.cli import app
from typer.testing import CliRunner, Result

GRAPH = "https://w3id.org/rodtrad/graph/bergslund/exempel-2025"
ACTORS = "https://w3id.org/rodtrad/graph/ref/aktorer"
BERGSLUND = Path(rodtrad.examples.__file__).parent / "bergslund"


def rodtrad_(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the made-up county."""
    folder = tmp_path_factory.mktemp("data")
    assert rodtrad_("publish", BERGSLUND, "--data", folder).exit_code == 0
    return folder


def test_a_dataset_as_cids(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "bergslund.jsonld"
    answer = rodtrad_("export", GRAPH, target, "--format", "cids", "--data", data, "--lang", "sv")
    assert answer.exit_code == 0, answer.output
    assert "Outcome\t4" in answer.stdout
    assert "har ingen plats för 2 av slaget prestation" in answer.stderr
    kinds = [node["@type"] for node in json.loads(target.read_text(encoding="utf-8"))["@graph"]]
    assert kinds.count("cids:Outcome") == 4 and kinds.count("cids:Organization") == 1


def test_a_dataset_as_iati_under_a_registered_identifier(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "bergslund.xml"
    answer = rodtrad_(
        "export", GRAPH, target, "--format", "iati", "--iati-org", "SE-0-1", "--data", data, "--lang", "en"
    )
    assert answer.exit_code == 0, answer.output
    assert "type 2\t2" in answer.stdout and "registered" not in answer.stderr
    root = ElementTree.parse(target).getroot()
    assert root.get("version") == "2.03" and len(root) == 4
    assert str(root[0].findtext("iati-identifier")).startswith("SE-0-1-")


@pytest.mark.parametrize("standard", ["cids", "iati"])
def test_a_dataset_without_a_chain_says_why(data: Path, tmp_path: Path, standard: str) -> None:
    target = tmp_path / "out"
    answer = rodtrad_("export", ACTORS, target, "--format", standard, "--data", data, "--lang", "en")
    assert answer.exit_code == 2
    assert ACTORS in answer.stderr and standard.upper() in answer.stderr
    assert not target.exists()
