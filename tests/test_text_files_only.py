"""A class, a rule and a question are added by text files alone and are everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = Path(__file__).parent / "text_files_only"
PLACES = {
    "ontology.ttl": "ontology/pilot.ttl",
    "form.ttl": "shapes/forms/pilot.ttl",
    "rule.ttl": "shapes/rules/pilot.ttl",
    "pilots.rq": "queries/catalogue/pilots.rq",
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("extended")
    package = folder / "rodtrad"
    for name in ("ontology", "shapes", "queries", "store", "loader", "service", "examples"):
        shutil.copytree(ROOT / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "__init__.py", package)
    for source, target in PLACES.items():
        shutil.copy(FILES / source, package / target)
    script = f"import sys; sys.path.insert(0, {str(folder)!r}); sys.argv = ['use', {str(folder)!r}]\n"
    script += (
        (FILES / "use.py").read_text(encoding="utf-8").replace("from __future__ import annotations\n", "")
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_column_is_in_the_template(seen: dict) -> None:
    assert seen["template"]


def test_the_reader_knows_the_class(seen: dict) -> None:
    assert seen["problems"] == []


def test_the_rule_finds_the_row_without_a_year_at_its_cell(seen: dict) -> None:
    assert [focus for focus, _ in seen["findings"]] == ["vinterskola"]
    assert seen["findings"][0][1].endswith("3")


def test_the_question_answers_in_the_api_and_on_its_page(seen: dict) -> None:
    assert [row["until"] for row in seen["api"]["rows"]] == [2027, None]
    status, page = seen["question"]
    assert status == 200
    assert "Sommarskola" in page


@pytest.mark.parametrize(
    ("name", "text"), [("rule", "Försök utan slut"), ("class", "Försöksverksamhet"), ("resource", "2027")]
)
def test_the_pages_show_it(seen: dict, name: str, text: str) -> None:
    status, page = seen[name]
    assert status == 200
    assert text in page
