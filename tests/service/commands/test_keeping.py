"""Keeping a store for years on the command line: back up, restore, archive, purge; each write is logged."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from rodtrad.service.cli import app
from rodtrad.store import Store
from rodtrad.store.audit import entries
from typer.testing import CliRunner, Result

A, B = (f"https://w3id.org/rodtrad/graph/20/{name}" for name in "ab")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = Store(tmp_path / "data")
    for graph, word in ((A, "Hemligt"), (B, "Öppet"), (A, "Hemligt igen")):
        line = f'<http://e/{graph[-1]}> <http://e/p> "{word}" .\n'.encode()
        store.publish(graph, line, by="x", received=("f.csv", word.encode()))
    return tmp_path / "data"


def test_back_up_restore_and_go_on_elsewhere(data: Path, tmp_path: Path) -> None:
    done = run("backup", tmp_path / "copy", "--data", data)
    assert (done.exit_code, done.stdout) == (0, "3\n")
    assert run("verify", "--data", tmp_path / "copy").exit_code == 0
    done = run("restore", tmp_path / "copy", "--data", tmp_path / "new")
    assert (done.exit_code, done.stdout) == (0, "3\n")
    assert run("verify", "--data", tmp_path / "new").exit_code == 0
    assert Store(tmp_path / "new").graph(A) == Store(data).graph(A)
    assert run("restore", tmp_path / "copy", "--data", tmp_path / "new").exit_code == 2
    assert [line["action"] for line in entries(tmp_path / "new")] == ["restore"]
    assert [line["action"] for line in entries(data)] == ["backup"]


def test_purge_says_what_it_takes_takes_it_everywhere_and_is_logged(data: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy", "--data", data)
    assert run("purge", A, "--data", data).exit_code == 2, "a reason is needed"
    tried = run("purge", A, "--reason", "begäran 3", "--dry-run", "--data", data)
    assert (tried.exit_code, len(tried.stdout.split("\n"))) == (0, 5)  # two versions, two received files
    assert Store(data).current().number == 3
    done = run(
        "purge", A, "--reason", "begäran 3", "--backup", tmp_path / "copy", "--by", "Eva", "--data", data
    )
    assert done.exit_code == 0, done.output
    for folder in (data, tmp_path / "copy"):
        assert len(list(folder.rglob("*.purged"))) == 4
        assert run("verify", "--data", folder).exit_code == 0
    assert list(Store(data).current().graphs) == [B]
    logged = [(line["action"], line["by"], line.get("reason")) for line in entries(data)]
    assert logged == [
        ("backup", "local", None), ("purge", "Eva", "begäran 3"), ("purge-backup", "Eva", None)
    ]  # fmt: skip
    assert run("purge", "https://e/unknown", "--reason", "x", "--data", data).exit_code == 2
    assert entries(data)[-1]["outcome"] == "nothing-to-purge"


def test_expired_needs_a_number_of_days_and_spares_what_is_young(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("purge", "--expired", "--data", data).exit_code == 2
    monkeypatch.setenv("RODTRAD_RETENTION_DAYS", "30")
    done = run("purge", "--expired", "--data", data)
    assert (done.exit_code, done.stdout) == (0, "")
    assert Store(data).current().number == 3
    assert Store(data).received(A, 1) == ("f.csv", b"Hemligt")


def test_an_archive_holds_the_received_file_only_when_asked(data: Path, tmp_path: Path) -> None:
    assert run("archive", A, tmp_path / "a.zip", "--data", data).exit_code == 0
    assert (
        run("archive", A, tmp_path / "b.zip", "--with-private", "--generation", 1, "--data", data).exit_code
        == 0
    )
    with zipfile.ZipFile(tmp_path / "a.zip") as public, zipfile.ZipFile(tmp_path / "b.zip") as whole:
        assert "received/f.csv" not in public.namelist()
        assert whole.read("received/f.csv") == b"Hemligt"
        assert b"igen" in public.read("data.nt") and b"igen" not in whole.read("data.nt")


def test_a_difference_as_a_patch(data: Path) -> None:
    done = run("diff", 1, 3, "--format", "patch", "--data", data)
    assert done.stdout.splitlines()[1:] == [
        "TX .",
        f'D <http://e/a> <http://e/p> "Hemligt" <{A}> .',
        f'A <http://e/a> <http://e/p> "Hemligt igen" <{A}> .',
        f'A <http://e/b> <http://e/p> "Öppet" <{B}> .',
        "TC .",
    ]


def test_going_back_is_logged_whatever_comes_of_it(data: Path) -> None:
    assert run("rollback", 1, "--by", "Eva", "--data", data).stdout == "4\n"
    assert run("rollback", 9, "--data", data).exit_code == 2
    logged = [(line["action"], line["by"], line["outcome"], line.get("generation")) for line in entries(data)]
    assert logged == [("rollback", "Eva", "done", 4), ("rollback", "local", "unknown-generation", None)]
