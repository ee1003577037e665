"""The SPARQL page: examples, the place of a fault, and an editor that is there only when it is asked for."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from rodtrad.queries.catalogue import catalogue
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.settings import Settings
from rodtrad.service.sparql_page import as_example, fault_in, query_form
from rodtrad.store import Store
from starlette.testclient import TestClient

ROOT = Path(__file__).parents[2]
HTML = {"Accept": "text/html"}
SCRIPT_BYTES = 60_000


def test_every_question_is_an_example_that_runs_as_it_stands(client: TestClient) -> None:
    page = client.get("/sparql", headers=HTML).text
    listed = re.findall(r'<option value="([^"]+)"', page)
    assert sorted(listed) == sorted(catalogue())
    chosen = client.get("/sparql", params={"example": "cq08-documents-under-the-strategy"}, headers=HTML).text
    text = as_example(catalogue()["cq08-documents-under-the-strategy"])
    assert "SELECT" in chosen.split("<textarea")[1] and "#+ id" not in text
    answer = client.get("/sparql", params={"query": text}, headers={"Accept": "application/json"})
    assert answer.json()["results"]["bindings"]


def test_unknown_example_gives_the_empty_form(client: TestClient) -> None:
    answer = client.get("/sparql", params={"example": "<script>"}, headers=HTML)
    assert answer.status_code == 200 and "<script>" not in answer.text.split("<textarea")[1]


def test_place_of_a_fault_is_shown(client: TestClient) -> None:
    query = "SELECT ?s WHERE {\n  ?s a nope:Class .\n}\n"
    answer = client.get("/sparql", params={"query": query}, headers=HTML)
    assert answer.status_code == 400
    line, column = (int(re.search(rf'data-{name}="(\d+)"', answer.text)[1]) for name in ("line", "column"))
    # A prefix that is not declared: the engine stops at the sign after the name.
    assert (line, column) == (2, len("  ?s a nope:Class") + 1)
    assert "?s a nope:Class<mark> </mark>." in answer.text
    assert 'aria-describedby="query-problem"' in answer.text
    assert "copy-curl" not in answer.text


def test_hostile_query_is_shown_as_text(client: TestClient) -> None:
    answer = client.get(
        "/sparql", params={"query": "SELECT </textarea><script>alert(1)</script>"}, headers=HTML
    )
    assert "<script>alert" not in answer.text


def test_fault_outside_the_query_has_no_place() -> None:
    from rodtrad.store.guard import syntax_problem

    assert fault_in("x", syntax_problem("error at 7:1: more")) is None
    assert fault_in("x", syntax_problem("no place")) is None
    assert query_form("# SELECT\nASK {}") == "ASK"


@pytest.mark.parametrize("path", ["/sparql", "/questions/cq08-documents-under-the-strategy", "/check"])
def test_scripts_of_a_page_weigh_little(client: TestClient, path: str) -> None:
    page = client.get(path, headers=HTML).text
    sources = re.findall(r'<script src="([^"]+)"', page)
    assert sources and not [one for one in sources if "vendor" in one]
    assert sum(len(client.get(one).content) for one in sources) < SCRIPT_BYTES


def test_page_stands_without_the_editor(example_store: Store, tmp_path: Path) -> None:
    settings = Settings(editor_folder=tmp_path)
    backend = StoreBackend(example_store, settings)
    with TestClient(create_app(settings, backend)) as client:
        page = client.get("/sparql", headers=HTML)
        assert page.status_code == 200
        assert "open-editor" not in page.text and "<textarea" in page.text
        assert client.get("/static/vendor/yasqe.min.js").status_code == 404
    backend.close()


def test_editor_comes_from_here_and_nothing_else_of_its_folder(client: TestClient, lacking) -> None:
    if not (ROOT / "node_modules/@zazuko/yasqe/build").is_dir():
        lacking("the editor is missing; make setup installs it with npm")
    script = client.get("/static/vendor/yasqe.min.js")
    assert script.status_code == 200 and script.headers["content-type"].startswith("text/javascript")
    assert client.get("/static/vendor/yasqe.min.css").status_code == 200
    for other in ("yasqe.min.js.map", "../package.json", "..%2fpackage.json"):
        assert client.get(f"/static/vendor/{other}").status_code == 404
    if shutil.which("git"):
        assert "node_modules/" in (ROOT / ".gitignore").read_text("utf-8").split()


def test_lock_file_names_no_address_to_download_from() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert packages["node_modules/@zazuko/yasqe"]["integrity"].startswith("sha512-")
    assert not [name for name, one in packages.items() if "resolved" in one]
    assert "://" not in (ROOT / "package-lock.json").read_text("utf-8")
    assert not [name for name, one in packages.items() if name and "integrity" not in one]
