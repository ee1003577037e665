"""The house holds: arrows run one way, files stay small, every text exists in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ORDER = ["service", "examples", "loader", "queries", "shapes", "store", "ontology"]
"""A package may import only from those to its right."""
SOURCES = [path for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]
LINES = 500
ENGINES = {"pyoxigraph"}


def imports(path: Path) -> set[str]:
    """Packages of the house and outside modules that a file imports."""
    depth = len(path.relative_to(ROOT).parts) - 1
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.level <= depth:
                found |= {(node.module or "").split(".")[0]} if node.level == 0 else set()
            elif node.module:
                found.add("rodtrad." + node.module.split(".")[0])
            else:
                found |= {"rodtrad." + alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_run_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    left = {f"rodtrad.{name}" for name in ORDER[: ORDER.index(package)]}
    assert not imports(path) & left
    if package == "loader":
        assert not imports(path) & (ENGINES | {"rodtrad.store", "rodtrad.queries"})
    if package == "store":
        assert not imports(path) & {
            "fastapi",
            "starlette",
            "uvicorn",
            "typer",
            "rodtrad.shapes",
            "rodtrad.queries",
        }


def test_arrow_check_sees_an_arrow() -> None:
    assert "rodtrad.loader" in imports(ROOT / "service" / "publishing.py")
    assert "pyoxigraph" in imports(ROOT / "store" / "engine.py")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("name", ["ontology/problems.yaml", "service/commands.yaml"])
def test_texts_exist_in_both_languages_with_the_same_values(name: str) -> None:
    texts = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    for code, entry in texts.items():
        parts = entry if "title" in entry else {"text": entry}
        for part in (part for part in parts.values() if isinstance(part, dict)):
            assert set(part) == {"sv", "en"}, code
            assert all(words.strip() for words in part.values()), code
            assert (
                len({frozenset(re.findall(r"{(\w+?)(?:_sv|_en)?[}:]", words)) for words in part.values()})
                == 1
            ), code


def test_every_problem_code_in_the_sources_has_its_words() -> None:
    known = set(yaml.safe_load((ROOT / "ontology/problems.yaml").read_text(encoding="utf-8")))
    used = set()
    for path in SOURCES:
        used |= set(re.findall(r'Problem\(\s*"([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    assert used and used <= known


def test_the_project_names_no_package_registry() -> None:
    banned = re.compile(
        "|".join(["py" + "pi", "registry.np" + "mjs", "files.python" + "hosted", "crates" + r"\.io"]), re.I
    )
    texts = [
        ROOT / "constraints.txt",
        ROOT / "pyproject.toml",
        ROOT / "Makefile",
        *ROOT.glob("*.md"),
        *SOURCES,
    ]
    assert not [path for path in texts if banned.search(path.read_text(encoding="utf-8"))]
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")
