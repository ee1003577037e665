"""Looking back over HTTP: generations, differences, rollback, the archive, and what a purge leaves."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import GRAPH, ID
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from rodtrad.store.audit import entries
from rodtrad.store.patch import quads
from rodtrad.store.tokens import Tokens
from starlette.testclient import TestClient

G, OTHER = str(GRAPH["20/prov"]), str(GRAPH["20/annan"])
RT, RDFS = "https://w3id.org/rodtrad/ns/", "http://www.w3.org/2000/01/rdf-schema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def thing(name: str, label: str, **more: str) -> str:
    made = f'<{ID}20/activity/{name}> {TYPE} <{RT}Activity> .\n<{ID}20/activity/{name}> <{RDFS}label> "{label}"@sv .\n'
    return made + "".join(
        f'<{ID}20/activity/{name}> <{RT}{key}> "{value}" .\n' for key, value in more.items()
    )


@pytest.fixture
def served() -> Iterator[tuple[TestClient, Store]]:
    """Generation 2 holds a, b and c; 3 changes the note of b, takes c and adds d; 4 is another publication."""
    store = Store(None)
    store.publish_many([], by="test", vocabulary=vocabulary())
    first = thing("a", "Kartläggning") + thing("b", "Möte", note="före") + thing("c", "Bortvald")
    second = thing("a", "Kartläggning") + thing("b", "Möte", note="efter") + thing("d", "Tillagd")
    store.publish(G, first.encode(), by="20:1234", received=("a.csv", b"as sent"), report=b"{}")
    store.publish(G, second.encode(), by="20:1234", confirm_removal=True)
    store.publish(OTHER, thing("e", "Annat").encode(), by="20:1234")
    backend = StoreBackend(store, settings := Settings())
    with TestClient(create_app(settings, backend), raise_server_exceptions=False) as client:
        yield client, store
    backend.close()


def bearer(store: Store, publisher: str = "") -> dict[str, str]:
    return {"Authorization": f"Bearer {Tokens(store.folder).create(publisher)}"}


def test_every_generation_has_a_page_that_says_what_it_changed(served) -> None:
    client, _ = served
    page = client.get("/publications/history").text
    assert [page.index(f">{number}</a></th>") for number in (4, 3, 2, 1)] == sorted(
        page.index(f">{number}</a></th>") for number in (4, 3, 2, 1)
    )
    assert "1234" not in page, "which token it was is for the log"
    one = client.get("/publications/3")
    assert one.status_code == 200
    assert "ny version" in one.text and "3 påståenden till, 3 bort" in one.text
    assert "from=2" in one.text and "to=4" in one.text
    assert client.get("/publications/5").status_code == 404
    assert (
        client.get("/publications/history", headers={"Accept-Language": "en"}).text.count("new version") == 1
    )


def test_the_difference_is_told_by_name_with_values_before_and_after(served) -> None:
    client, _ = served
    page = client.get("/publications/diff", params={"from": 2, "to": 3}).text
    assert "1 tillkomna, 1 borttagna och 1 ändrade resurser" in page
    added, removed, changed = (
        page.index(f"<h3>{word}</h3>") for word in ("Tillkomna", "Borttagna", "Ändrade")
    )
    assert added < page.index("Tillagd") < removed < page.index("Bortvald") < changed < page.index("Möte")
    assert changed < page.index("före") < page.index("efter")
    assert "Kartläggning" not in page
    assert "samma sak" in client.get("/publications/diff", params={"from": 3, "to": 3}).text
    assert client.get("/publications/diff", params={"from": 0, "to": 2}).status_code == 200
    assert client.get("/publications/diff", params={"from": 2}).status_code == 400
    assert client.get("/publications/diff", params={"from": 2, "to": 99}).status_code == 404


def test_the_difference_is_also_a_patch(served) -> None:
    client, store = served
    asked = client.get(
        "/publications/diff", params={"from": 2, "to": 4}, headers={"Accept": "application/rdf-patch"}
    )
    assert asked.headers["content-type"].startswith("application/rdf-patch")
    before = set(quads(G, store.graph(G, 2)).decode().splitlines())
    after = {line for one in (G, OTHER) for line in quads(one, store.graph(one, 4)).decode().splitlines()}
    lines = [line.split(" ", 1) for line in asked.text.splitlines()]
    gone, new = ({rest for sign, *rest in lines for rest in rest if sign == which} for which in "DA")
    assert gone and gone <= before
    assert (before - gone) | new == after
    again = client.get("/publications/diff", params={"from": 2, "to": 4, "format": "patch"})
    assert again.text == asked.text
    refused = client.get("/publications/diff", params={"from": 2, "to": 4}, headers={"Accept": "image/png"})
    assert refused.status_code == 406


def test_only_administrators_roll_back_and_it_is_a_generation_of_its_own(served) -> None:
    client, store = served
    assert client.post("/publications/2/rollback").status_code == 401
    assert client.post("/publications/2/rollback", headers=bearer(store, "20")).status_code == 403
    assert store.current().number == 4
    done = client.post("/publications/2/rollback", headers=bearer(store))
    assert (done.status_code, done.json()) == (200, {"generation": 5, "restored": 2})
    assert store.graph(G) == store.graph(G, 2)
    assert "Bortvald" in client.get("/id/20/activity/c").text
    assert "Återgång till läge 2" in client.get("/publications/5").text
    assert len(store.generations()) == 5
    assert client.post("/publications/77/rollback", headers=bearer(store)).status_code == 404
    logged = [(line["action"], line["outcome"]) for line in entries(store.folder)]
    assert logged == [("rollback", "done"), ("rollback", "unknown-generation")]


def test_a_purged_generation_is_gone_and_says_why(served) -> None:
    client, store = served
    assert client.get("/id/20/activity/a", params={"asOf": 4}).status_code == 200
    store.purge(G, reason="begäran 12", by="admin")
    client.app.state.backend.refresh()
    assert client.get("/id/20/activity/a").status_code in (404, 410)
    for path, parameters in (("/regions", {"asOf": 3}), ("/publications/diff", {"from": 2, "to": 4})):
        answer = client.get(path, params=parameters)
        assert answer.status_code == 410
        assert "begäran 12" in answer.text
    assert "begäran 12" in client.get("/publications/2").text
    assert client.post("/publications/3/rollback", headers=bearer(store)).status_code == 410
    assert client.get("/publications/archive", params={"graph": G}).status_code == 404


def test_too_little_disk_refuses_what_is_sent_and_reading_goes_on() -> None:
    store = Store(None)
    store.publish_many([], by="test", vocabulary=vocabulary())
    backend = StoreBackend(store, settings := Settings(min_free_bytes=2**60))
    with TestClient(create_app(settings, backend), raise_server_exceptions=False) as client:
        headers = bearer(store, "20") | {"Content-Type": "application/n-triples"}
        sent = client.put("/graphs", params={"graph": G}, headers=headers, content=thing("a", "A").encode())
        assert (sent.status_code, sent.json()["errors"][0]["code"]) == (507, "disk-low")
        assert client.get("/publications/history").status_code == 200
    backend.close()
    assert [line["outcome"] for line in entries(store.folder)] == ["disk-low"]


def test_a_publication_for_the_archive_holds_all_with_hashes(served) -> None:
    client, store = served
    store.rollback(2, by="x")
    sent = client.get("/publications/archive", params={"graph": G})
    with zipfile.ZipFile(io.BytesIO(sent.content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert set(files) == {
        "data.nt",
        "report.json",
        "context.jsonld",
        "README.sv.txt",
        "README.en.txt",
        "manifest.json",
    }
    assert files["data.nt"] == store.graph(G)
    manifest = json.loads(files["manifest.json"])
    assert manifest["identifier"] == G and manifest["publisher"] == "20" and manifest["licence"] is None
    said = {one["name"]: one["sha256"] for one in manifest["files"]}
    assert said == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "manifest.json"
    }
    assert client.get("/publications/archive", params={"graph": G}).content == sent.content
    own = client.get("/publications/archive", params={"graph": G}, headers=bearer(store, "20"))
    with zipfile.ZipFile(io.BytesIO(own.content)) as packed:
        assert packed.read("received/a.csv") == b"as sent"
    assert own.headers["cache-control"] == "private, no-store"
    other = client.get("/publications/archive", params={"graph": G}, headers=bearer(store, "08"))
    assert other.status_code == 403
