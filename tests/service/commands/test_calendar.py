"""``rodtrad followups`` over the shipped examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import icalendar
import pytest
from rodtrad.ontology import vocabulary
from rodtrad.service.cli import app
from rodtrad.store import Store, Upload
from typer.testing import CliRunner, Result

Ask = Callable[..., Result]


@pytest.fixture(scope="module")
def ask(example_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    folder: Path = tmp_path_factory.mktemp("cycles")
    graphs = example_store.current().graphs
    uploads = [
        Upload(iri, example_store.graph(iri)) for iri in graphs if "/ref/" in iri or "bergslund" in iri
    ]
    Store(folder).publish_many(uploads, by="test", vocabulary=vocabulary())
    return lambda *words: CliRunner().invoke(
        app, ["followups", "--lang", "sv", "--data", str(folder), *words]
    )


def test_what_is_overdue_is_told_and_sets_the_exit_code(ask: Ask) -> None:
    answer = ask("--region", "bergslund", "--on", "2026-01-15", "--format", "json")
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert found["on"] == "2026-01-15"
    assert [one["state"] for one in found["occasions"]].count("overdue") == 3


def test_the_calendar_can_be_written_for_calendar_programs(ask: Ask) -> None:
    answer = ask("--region", "24", "--on", "2026-01-15", "--ics")
    assert len(list(icalendar.Calendar.from_ical(answer.stdout).walk("VEVENT"))) == 15
    assert answer.exit_code == 0


def test_an_unknown_code_is_explained(ask: Ask) -> None:
    answer = ask("--region", "99")
    assert answer.exit_code == 2
    assert "99" in answer.stderr
