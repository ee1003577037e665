"""What is declared not public leaves by no face of the service; its publisher gets it back."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from rodtrad.ontology.names import GRAPH
from rodtrad.ontology.privacy import private_properties
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.cli import app
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from rodtrad.store.tokens import Tokens
from starlette.testclient import TestClient
from typer.testing import CliRunner

G = str(GRAPH["20/insatser"])
NAME, MAIL = "Anna Hemlig", "anna.hemlig@example.org"
SECRETS = ("Hemlig", "hemlig")
ROW = {
    "Rubrik": "Våra insatser 2026",
    "Utgivare": "Region Dalarna",
    "Datamängd": "insatser",
    "Gäller län": "Dalarnas län",
    "Fullständighet": "fullständig",
    "Kontaktperson (visas inte)": NAME,
    "Kontaktpersonens e-post (visas inte)": MAIL,
}


def written(folder: Path, row: dict[str, str]) -> Path:
    folder.mkdir()
    with (folder / "1-publicering.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, row)
        rows.writeheader()
        rows.writerow(row)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("privacy")
    for number, title in enumerate(("Våra insatser 2025", "Våra insatser 2026")):
        folder = written(place / str(number), ROW | {"Rubrik": title})
        done = CliRunner().invoke(app, ["publish", str(folder), "--data", str(place / "data")])
        assert done.exit_code == 0, done.output
    return place / "data"


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    store = Store(data)
    backend = StoreBackend(store, settings := Settings())
    with TestClient(create_app(settings, backend), raise_server_exceptions=False) as made:
        yield made
    backend.close()


def test_two_fields_are_declared_not_public() -> None:
    assert {iri.rpartition("/")[2] for iri in private_properties()} == {"contactName", "contactEmail"}


@pytest.mark.parametrize(
    ("path", "parameters", "accept"),
    [
        ("/graphs", {"graph": G}, "application/n-triples"),
        ("/graphs", {"graph": G}, "application/ld+json"),
        ("/graph/20/insatser", {}, "text/html"),
        ("/graph/20/insatser", {}, "text/turtle"),
        ("/graph/20/insatser", {"asOf": "2"}, "text/html"),
        ("/publications", {}, "text/html"),
        ("/publications/history", {}, "text/html"),
        ("/publications/diff", {"from": "1", "to": "3"}, "text/html"),
        ("/publications/diff", {"from": "1", "to": "3"}, "application/rdf-patch"),
        ("/sparql", {"query": f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"}, "text/turtle"),
        ("/sparql", {"query": f"SELECT * {{ <{G}> ?p ?o }}"}, "text/csv"),
        ("/sparql", {"query": f"DESCRIBE <{G}>"}, "application/n-triples"),
    ],
)  # fmt: skip
def test_no_face_shows_it(client: TestClient, path: str, parameters: dict[str, str], accept: str) -> None:
    for _ in range(240):
        answer = client.get(path, params=parameters, headers={"Accept": accept})
        if answer.status_code != 503:  # An earlier generation is being loaded.
            break
        time.sleep(0.25)
    assert answer.status_code == 200
    assert "insatser" in answer.text
    assert [secret for secret in SECRETS if secret in answer.text] == []


def test_the_merged_view_knows_the_fields_but_not_their_values(client: TestClient) -> None:
    answer = client.get("/graphs", params={"default": ""}, headers={"Accept": "application/n-triples"})
    assert "ns/contactEmail" in answer.text, "the vocabulary says what the field means"
    assert NAME not in answer.text and MAIL not in answer.text


def test_only_the_received_file_and_the_side_file_hold_it(data: Path) -> None:
    store = Store(data)
    entries = [one.graphs[G] for one in store.generations() if G in one.graphs]
    assert len({entry.data for entry in entries}) == 2
    allowed = {name for entry in entries for name in (entry.received, entry.private)}
    unpack = zstandard.ZstdDecompressor()
    for path in (data / "objects").rglob("*.zst"):
        content = unpack.decompress(path.read_bytes())
        if content[:4] == b"\x28\xb5\x2f\xfd":  # Origins are packed once more.
            content = unpack.stream_reader(content).read()
        assert NAME.encode() not in content or path.name.partition(".")[0] in allowed
    assert store.private(G).count(b"\n") == 2
    assert store.origins(G), "other cells are still traced"
    for path in (data / "generations").iterdir():
        assert NAME not in path.read_text("utf-8")
    assert NAME not in (data / "audit.jsonl").read_text("utf-8")


def test_the_publisher_alone_gets_it_back(client: TestClient, data: Path) -> None:
    def files(**headers: str) -> dict[str, bytes]:
        answer = client.get("/publications/archive", params={"graph": G}, headers=headers)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            return {name: packed.read(name) for name in packed.namelist()}

    public = files()
    assert [name for name, content in public.items() if NAME.encode() in content] == []
    assert "origins.csv" in public
    token = Tokens(data).create("20")
    own = files(Authorization=f"Bearer {token}")
    assert NAME.encode() in own["private.nt"] and MAIL.encode() in own["private.nt"]
    assert any(name.startswith("received/") for name in own)


def test_merging_and_updating_keep_it(client: TestClient, data: Path) -> None:
    admin = {"Authorization": f"Bearer {Tokens(data).create('')}"}
    note = f'INSERT DATA {{ GRAPH <{G}> {{ <{G}> <https://w3id.org/rodtrad/ns/note> "mer" }} }}'
    done = client.post("/update", params={"tier": "none"}, data={"update": note}, headers=admin)
    assert done.status_code == 200, done.text
    more = f'<{G}> <https://w3id.org/rodtrad/ns/note> "än mer" .'.encode()
    headers = admin | {"Content-Type": "application/n-triples"}
    done = client.post("/graphs", params={"graph": G, "tier": "none"}, content=more, headers=headers)
    assert done.status_code == 200, done.text
    store = Store(data)
    assert b"mer" in store.graph(G) and MAIL.encode() not in store.graph(G)
    assert MAIL.encode() in store.private(G)
