"""``rodtrad validate --shapes``: a user's own shapes beside ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from rodtrad.examples import publications
from rodtrad.service.cli import app
from typer.testing import CliRunner, Result

HEAD = (
    "@prefix ex: <https://example.org/> . @prefix rt: <https://w3id.org/rodtrad/ns/> . "
    "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
)


def validate(folder: Path, text: str) -> Result:
    (folder / "egna.ttl").write_text(HEAD + text, "utf-8")
    dalarna = next(path for path in publications() if path.name == "20-dalarna")
    return CliRunner().invoke(
        app, ["validate", str(dalarna), "--lang", "en", "--shapes", str(folder / "egna.ttl")]
    )


def test_own_shapes_add_findings(tmp_path: Path) -> None:
    shape = "ex:MustHaveCost sh:targetClass rt:Activity ; sh:property ex:Cost . "
    cost = 'ex:Cost sh:path ex:cost ; sh:minCount 1 ; sh:message "State the cost."@en .'
    found = validate(tmp_path, shape + cost)
    assert found.exit_code == 1
    assert "Cost" in found.output
    assert "State the cost." in found.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ex:S sh:targetClass rt:Activity ; sh:node ex:S .", "refers to itself"),
        ("ex:S sh:targetClass rt:Activity ; sh:minCuont 1 .", "minCuont"),
        ('ex:S sh:targetClass rt:Activity ; sh:sparql [ sh:select "SELECT $this {" ] .', "not valid SPARQL"),
        ("ex:S a", "egna.ttl"),
    ],
)
def test_a_broken_shape_is_named_with_its_file_and_ends_with_2(text: str, said: str, tmp_path: Path) -> None:
    found = validate(tmp_path, text)
    assert found.exit_code == 2
    assert "egna.ttl" in found.output
    assert said in found.output
