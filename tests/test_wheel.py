"""The wheel holds what it should and nothing else, and does the main job in an empty environment."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {".py", ".ttl", ".yaml", ".rq", ".csv", ".html", ".svg", ".css", ".js", ".xml", ".tsv", ".json"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    files = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in files.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(copy)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_list_of_files(wheel: Path) -> None:
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert {name.split("/")[0] for name in names} == {"rodtrad"}
    assert {Path(name).suffix for name in names} <= ALLOWED
    assert {name.split("/")[1] for name in names if name.count("/") > 1} == {
        "ontology", "shapes", "queries", "store", "loader", "service", "examples",
    }  # fmt: skip
    kinds = {"shapes": "*.ttl", "queries": "*.rq", "store": "*.rq", "examples": "*.csv", "service": "*.html"}
    for package in ("ontology", "shapes", "queries", "store", "loader", "service", "examples"):
        for pattern in ("*.py", kinds.get(package, "*.ttl")):
            for path in (ROOT / package).rglob(pattern):
                assert f"rodtrad/{path.relative_to(ROOT)}" in names


@pytest.mark.xdist_group("wheel")
def test_main_job_from_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-c", ROOT / "constraints.txt", wheel], check=True, cwd=tmp_path)
    done = subprocess.run(
        [environment / "bin" / "rodtrad", "demo", "--no-serve", "--lang", "sv", "--data", tmp_path / "store"],
        check=True, capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert "Dalarnas län" in done.stdout
    assert "20 av 21 län" in done.stdout
