"""Questions on the command line, answered from a store."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rodtrad.queries.catalogue import catalogue
from rodtrad.service.cli import app
from rodtrad.service.commands.stores import load_examples, prepared_store
from rodtrad.store import Store
from typer.testing import CliRunner, Result

ACTIVITY = "https://w3id.org/rodtrad/id/rodtrad/activity/20-a10"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    load_examples(Store(folder))
    return folder


def rodtrad(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_sparql_counts_the_activities_of_the_evaluation(data: Path) -> None:
    query = "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT (COUNT(?a) AS ?n) WHERE { ?a a rt:Activity ; rt:about ?r }"
    done = rodtrad("sparql", query, "--data", data, "--format", "csv")
    assert done.stdout.split() == ["n", "417"]


def test_sparql_refuses_to_call_others(data: Path) -> None:
    done = rodtrad("sparql", "SELECT ?s { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "--data", data)
    assert done.exit_code == 2
    assert "SERVICE" in done.stderr


def test_questions_are_listed_and_answered_in_each_format(data: Path, tmp_path: Path) -> None:
    listed = json.loads(rodtrad("query", "--data", data, "--format", "json", "--lang", "en").stdout)
    assert len(listed) >= 20
    ask = ("query", "cq32-lessons-on-focus-area", "-p", "area=validering", "--data", data)
    rows = list(csv.reader(io.StringIO(rodtrad(*ask, "--format", "csv").stdout)))
    answer = json.loads(rodtrad(*ask, "--format", "json").stdout)
    assert len(rows) - 1 == len(answer["rows"]) == 4
    assert rodtrad(*ask, "--format", "xlsx", "--out", tmp_path / "a.xlsx").exit_code == 0
    assert (tmp_path / "a.xlsx").stat().st_size > 2000


def test_the_catalogue_is_written_as_shacl_executables() -> None:
    done = rodtrad("query", "--list", "--format", "turtle")
    assert done.exit_code == 0
    assert done.stdout.count("sh:SPARQLSelectExecutable") == len(catalogue())


def test_rows_are_explained_and_an_empty_answer_says_what_to_publish(data: Path) -> None:
    ask = ("query", "cq11-activities-by-type-and-region", "-p", "region=20", "--data", data, "--explain")
    rows = json.loads(rodtrad(*ask, "--format", "json").stdout)["rows"]
    for row in rows:
        assert len(row["explain"]["members"]) == row["carriedOut"] + row["ongoing"]
    said = rodtrad(*ask, "--lang", "sv").stderr
    assert "Rad 1" in said and "Bilaga 1" in said
    empty = rodtrad("query", "cq32-lessons-on-focus-area", "-p", "area=other", "--data", data, "--lang", "sv")
    assert "Inga rader" in empty.stderr and "Lärande / Lärdom" in empty.stderr


def test_a_wrong_parameter_names_the_candidates(data: Path) -> None:
    done = rodtrad(
        "query", "cq32-lessons-on-focus-area", "-p", "area=valdering", "--data", data, "--lang", "sv"
    )
    assert done.exit_code == 2
    assert "validering" in done.stderr.lower()


def test_trace_ends_in_the_national_strategy_and_says_that_no_objective_is_given(data: Path) -> None:
    done = rodtrad("trace", ACTIVITY, "--data", data, "--lang", "sv")
    assert "En nationell strategi för hållbar regional tillväxt och attraktionskraft 2015–2020" in done.stdout
    assert "källan anger inget mål" in done.stdout
    as_json = json.loads(rodtrad("trace", ACTIVITY, "--data", data, "--json").stdout)
    assert {link["kind"] for link in as_json["links"]} >= {"definitional", "governance"}


def test_one_request_without_a_server(data: Path) -> None:
    assert json.loads(rodtrad("get", "/healthz", "--data", data).stdout)["status"] == "ok"
    assert rodtrad("get", "/regions/99", "--data", data).exit_code == 1


def test_a_place_that_cannot_be_used_is_named_not_raised(data: Path, tmp_path: Path) -> None:
    gone, bytes_file = tmp_path / "none" / "x", tmp_path / "latin.rq"
    bytes_file.write_bytes("# å".encode("latin-1"))
    for arguments in (
        ("sparql", f"@{gone}", "--data", data),
        ("sparql", "ASK { ?s ?p ?o }", "--data", data, "--format", "csv", "--out", gone),
        ("template", gone),
    ):
        done = rodtrad(*arguments)
        assert (done.exit_code, str(gone) in done.stderr) == (2, True), arguments
    done = rodtrad("sparql", f"@{bytes_file}", "--data", data)
    assert (done.exit_code, "UTF-8" in done.stderr) == (2, True)


def test_demo_never_removes_what_somebody_published(tmp_path: Path) -> None:
    before = prepared_store(tmp_path).current()
    done = rodtrad("demo", "--no-serve", "--data", tmp_path)
    assert (done.exit_code, str(tmp_path) in done.stderr) == (2, True)
    assert Store(tmp_path).current() == before


def test_one_request_from_inside_an_event_loop(data: Path) -> None:
    async def inside() -> Result:
        return rodtrad("get", "/healthz", "--data", data)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(asyncio.run, inside()).result()
    assert json.loads(done.stdout)["status"] == "ok"
