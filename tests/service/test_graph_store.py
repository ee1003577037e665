"""Publishing over HTTP: what is taken, what is refused and why, and that nothing is lost."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rodtrad.loader import build_workbook
from rodtrad.service.negotiation import XLSX

from .datasets import BASE, activity, described, graph_of, turtle
from .running import Running

TURTLE = {"Content-Type": "text/turtle"}
SHEETS = {
    "1-publicering.csv": (
        "Rubrik,Utgivare,Datamängd,Gäller län,Fullständighet\n"
        "Våra insatser,Region Dalarna,{name},Dalarnas län,fullständig\n"
    ),
    "4-aktiviteter.csv": "Aktivitet,Status\nVuxenutbildning nära,pågående\nValidering,genomförd\n",
}


@pytest.fixture(scope="module")
def client(live: Running) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {live.token('--publisher', '20')}"}
    with httpx.Client(base_url=live.address, headers=headers, timeout=120) as made:
        yield made


def generation(client: httpx.Client) -> int:
    return client.get("/healthz").json()["generation"]


def put(client: httpx.Client, name: str, body: str | bytes, headers=TURTLE, **query: str) -> httpx.Response:
    return client.put("/graphs", params={"graph": graph_of(name), **query}, content=body, headers=headers)


def code(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.json()["errors"][0]["code"]


def held(client: httpx.Client, name: str) -> Graph:
    answer = client.get(
        "/graphs", params={"graph": graph_of(name)}, headers={"Accept": "application/n-triples"}
    )
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format="nt")


def test_a_dataset_is_published_and_read_back_as_it_was_sent(client: httpx.Client) -> None:
    before = generation(client)
    answer = put(client, "tur", turtle("tur", "a1", "a2"))
    assert answer.status_code == 201, answer.text
    done = answer.json()
    assert done["generation"] == before + 1 == int(answer.headers["x-generation"])
    assert answer.headers["location"] == f"{client.base_url}".rstrip("/") + "/graphs/20/tur"
    assert done["report"]["tier"] == "bas" and done["report"]["blocks"] is False
    assert done["created"] and done["statements"] == len(held(client, "tur"))
    assert isomorphic(held(client, "tur"), Graph().parse(data=turtle("tur", "a1", "a2"), format="turtle"))
    # The next query after the answer sees it.
    asked = f"ASK {{ GRAPH <{graph_of('tur')}> {{ <{activity('a2')}> ?p ?o }} }}"
    found = client.get("/sparql", params={"query": asked}, headers={"Accept": "application/json"})
    assert found.json()["boolean"] is True


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_every_rdf_syntax_gives_the_same_graph(client: httpx.Client, media: str, form: ox.RdfFormat) -> None:
    name = media.rpartition("/")[2].replace("+", "-")
    triples = (quad.triple for quad in ox.parse(turtle(name, "a1").encode(), ox.RdfFormat.TURTLE))
    body = ox.serialize(triples, format=form)
    assert body is not None
    answer = put(client, name, body, {"Content-Type": media})
    assert answer.status_code == 201, answer.text
    assert isomorphic(held(client, name), Graph().parse(data=turtle(name, "a1"), format="turtle"))


def sheets(folder: Path, name: str) -> Path:
    folder.mkdir()
    for file, text in SHEETS.items():
        (folder / file).write_text(text.format(name=name), encoding="utf-8")
    return folder


def test_a_workbook_and_a_zip_of_sheets_are_published(client: httpx.Client, tmp_path: Path) -> None:
    build_workbook(sheets(tmp_path / "book", "bok"), tmp_path / "bok.xlsx")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for one in sorted(sheets(tmp_path / "zip", "zip").iterdir()):
            file.write(one, f"../outside/{one.name}")  # The folders of an archive are not gone to.
    for name, media, body in (
        ("bok", XLSX, (tmp_path / "bok.xlsx").read_bytes()),
        ("zip", "application/zip", archive.getvalue()),
    ):
        answer = put(client, name, body, {"Content-Type": media})
        assert answer.status_code == 201, answer.text
        labels = {
            str(one)
            for one in held(client, name).objects(None, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))
        }
        assert {"Vuxenutbildning nära", "Validering"} <= labels


def test_blocking_rules_refuse_with_the_report_and_change_nothing(client: httpx.Client) -> None:
    before = generation(client)
    answer = put(client, "fel", turtle("fel", "a1") + described("fel", "utan", label=""))
    assert answer.status_code == 422 and code_of_report(answer) == [("RT-B-001", activity("utan"))]
    assert generation(client) == before
    assert client.get("/graphs", params={"graph": graph_of("fel")}).status_code == 404


def code_of_report(answer: httpx.Response) -> list[tuple[str, str]]:
    body = answer.json()
    assert body["report"]["blocks"] is True and body["status"] == 422
    return [
        (one["rule"], one["focus"]) for one in body["report"]["findings"] if one["severity"] == "violation"
    ]


def test_the_tier_decides_what_blocks(client: httpx.Client) -> None:
    lonely = turtle("niva", "a1")
    assert put(client, "niva", lonely, tier="full", **{"dry-run": "1"}).json()["report"]["tier"] == "full"
    answer = put(client, "niva", lonely, tier="hög")
    assert answer.status_code == 400 and code(answer) == "unknown-tier"


def test_the_same_content_again_makes_no_generation(client: httpx.Client) -> None:
    first = put(client, "samma", turtle("samma", "a1"))
    again = put(client, "samma", turtle("samma", "a1") + "# en kommentar\n")
    assert again.status_code == 200 and again.json()["changed"] is False
    assert again.json()["generation"] == first.json()["generation"] == generation(client)


def test_a_dry_run_judges_and_changes_nothing(client: httpx.Client) -> None:
    before = generation(client)
    answer = put(client, "prov", turtle("prov", "a1"), **{"dry-run": "true"})
    assert answer.status_code == 200 and answer.json()["dry_run"] and "report" in answer.json()
    assert generation(client) == before
    assert client.get("/graphs", params={"graph": graph_of("prov")}).status_code == 404


def test_much_removal_has_to_be_confirmed(client: httpx.Client) -> None:
    put(client, "mycket", turtle("mycket", "a1", "a2", "a3", "a4"))
    before = generation(client)
    answer = put(client, "mycket", turtle("mycket", "a1", "a2"))
    assert answer.status_code == 409 and code(answer) == "removes-much"
    # The list of what would go.
    assert activity("a3") in answer.text and activity("a4") in answer.text
    assert activity("a1") not in answer.text and generation(client) == before
    confirmed = put(client, "mycket", turtle("mycket", "a1", "a2"), confirm="removal")
    assert confirmed.status_code == 200 and confirmed.json()["changes"][-1]["resources_removed"] == 2
    # One of five resources, 20 %, is not more than 20 %.
    put(client, "litet", turtle("litet", "a1", "a2", "a3", "a4"))
    assert put(client, "litet", turtle("litet", "a1", "a2", "a3")).status_code == 200


def test_if_match_guards_against_a_lost_update(client: httpx.Client) -> None:
    first = put(client, "tagg", turtle("tagg", "a1"))
    got = client.get("/graphs", params={"graph": graph_of("tagg")})
    for tag in (first.headers["etag"], got.headers["etag"]):
        fine = put(client, "tagg", turtle("tagg", "a1"), {**TURTLE, "If-Match": tag})
        assert fine.status_code == 200
    changed = put(client, "tagg", turtle("tagg", "a1", "a2"), {**TURTLE, "If-Match": first.headers["etag"]})
    assert changed.status_code == 200
    stale = put(client, "tagg", turtle("tagg", "a1"), {**TURTLE, "If-Match": first.headers["etag"]})
    assert stale.status_code == 412 and code(stale) == "graph-changed"
    assert len(held(client, "tagg")) == changed.json()["statements"]
    exists = put(client, "tagg", turtle("tagg", "a1"), {**TURTLE, "If-None-Match": "*"})
    assert exists.status_code == 412
    known = {"If-None-Match": client.get("/graphs", params={"graph": graph_of("tagg")}).headers["etag"]}
    assert client.get("/graphs", params={"graph": graph_of("tagg")}, headers=known).status_code == 304


def test_too_large_is_413_declared_or_not(client: httpx.Client) -> None:
    before = generation(client)
    body = turtle("stor", "a1").encode() + b"#" * 2_000_000
    declared = put(client, "stor", body)
    chunked = put(client, "stor", (body[at : at + 65_536] for at in range(0, len(body), 65_536)))  # type: ignore[arg-type]
    assert (declared.status_code, code(declared)) == (413, "body-too-large")
    assert (chunked.status_code, code(chunked)) == (413, "body-too-large")
    assert generation(client) == before


def test_post_creates_and_merges(client: httpx.Client) -> None:
    created = client.post(
        "/graphs", params={"graph": graph_of("post")}, content=turtle("post", "a1"), headers=TURTLE
    )
    assert created.status_code == 201 and created.headers["location"].endswith("/graphs/20/post")
    more = client.post("/graphs/20/post", content=turtle("post", "a2"), headers=TURTLE)
    assert more.status_code == 200
    assert isomorphic(held(client, "post"), Graph().parse(data=turtle("post", "a1", "a2"), format="turtle"))
    unnamed = client.post("/graphs", content=turtle("post-2", "a1"), headers=TURTLE)
    assert unnamed.status_code == 201 and unnamed.headers["location"].endswith("/graphs/20/post-2")


def test_delete_takes_away_and_history_keeps(client: httpx.Client) -> None:
    published = put(client, "bort", turtle("bort", "a1")).json()["generation"]
    gone = client.delete("/graphs", params={"graph": graph_of("bort")})
    assert gone.status_code == 200 and gone.json()["generation"] == published + 1
    assert client.get("/graphs/20/bort").status_code == 404
    assert client.delete("/graphs/20/bort").status_code == 404
    for _ in range(40):
        past = client.get("/sparql", params={"query": f"ASK {{ <{activity('a1')}> ?p ?o }}", "asOf": published}, headers={"Accept": "application/json"})  # fmt: skip
        if past.status_code != 503:
            break
    assert past.json()["boolean"] is True


def test_the_merged_view_is_read_and_not_written(client: httpx.Client) -> None:
    put(client, "sedd", turtle("sedd", "sedd-1"))
    merged = client.get("/graphs?default", headers={"Accept": "application/n-triples"})
    assert activity("sedd-1") in merged.text and f"{graph_of('sedd')}>" in merged.text
    for method in ("PUT", "POST", "DELETE"):
        answer = client.request(method, "/graphs?default", content=turtle("sedd"), headers=TURTLE)
        assert answer.status_code == 403 and code(answer) == "default-graph-computed", method


@pytest.mark.parametrize("path", ["/graphs?graph=" + graph_of("x"), "/graphs/20/x"])
def test_content_of_another_graph_is_refused(client: httpx.Client, path: str) -> None:
    before = generation(client)
    mismatch = client.put(path, content=turtle("y", "a1"), headers=TURTLE)
    assert mismatch.status_code in (400, 409, 422) and code(mismatch) == "graph-mismatch"
    for media, form in (("application/trig", ox.RdfFormat.TRIG), ("application/n-quads", ox.RdfFormat.N_QUADS), ("application/ld+json", ox.RdfFormat.JSON_LD)):  # fmt: skip
        other = ox.NamedNode(graph_of("x", "21"))
        quads = [
            *ox.parse(turtle("x", "a1").encode(), ox.RdfFormat.TURTLE),
            ox.Quad(ox.NamedNode(activity("a1", "21")), ox.NamedNode("urn:p"), ox.Literal("x"), other),
        ]
        answer = client.put(
            path, content=ox.serialize(quads, format=form) or b"", headers={"Content-Type": media}
        )
        assert 400 <= answer.status_code < 500, (media, answer.text)
    assert generation(client) == before
    assert graph_of("x", "21") not in client.get("/graphs?default").text


def test_resources_of_another_publisher_are_refused(client: httpx.Client) -> None:
    before = generation(client)
    text = (
        turtle("andra", "a1")
        + f'<{activity("a1", "21")}> a rt:Activity ; rdfs:label "Stulen"@sv ; rt:inPublication <{graph_of("andra")}> .'
    )
    answer = put(client, "andra", text)
    assert answer.status_code == 422, answer.text
    assert activity("a1", "21") in {focus for _, focus in code_of_report(answer)}
    assert generation(client) == before


@pytest.mark.parametrize(
    "said",
    [
        f'<{activity("a1", "21")}> rdfs:label "Stulen"@sv .',
        f"<{activity('a1', '21')}> a rt:Activity .",
        f'<{graph_of("annan", "21")}> rdfs:label "Stulen"@sv .',
        f'<{BASE}/id/ref/region/20> rdfs:label "Stulen"@sv .',
        f'<{BASE}/ns/Activity> rdfs:label "Stulen"@sv .',
    ],
)
def test_a_statement_about_another_is_refused_also_outside_any_publication(
    client: httpx.Client, said: str
) -> None:
    """The resource does not say that it belongs to this publication; its name is enough to refuse it."""
    before = generation(client)
    answer = put(client, "andra", turtle("andra", "a1") + said)
    assert 400 <= answer.status_code < 500, answer.text
    assert generation(client) == before
    assert "Stulen" not in client.get("/graphs?default", headers={"Accept": "application/n-triples"}).text


def test_publish_to_a_service(live: Running, tmp_path: Path) -> None:
    folder = sheets(tmp_path / "till", "till")
    secret = live.token("--publisher", "20")
    environment = {**os.environ, "RODTRAD_TOKEN": secret}
    command = [sys.executable, "-m", "rodtrad.service.cli", "publish", str(folder), "--to", live.address]
    first = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    number, graph = first.stdout.split()
    assert graph == graph_of("till")
    assert httpx.get(live.address + "/healthz").json()["generation"] >= int(number)
    (folder / "4-aktiviteter.csv").write_text("Aktivitet,Status\n,pågående\n", encoding="utf-8")
    refused = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert refused.returncode == 1 and secret not in refused.stderr + refused.stdout
    environment["RODTRAD_TOKEN"] = "rtr_fel"
    wrong = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert wrong.returncode == 1 and "rtr_fel" not in wrong.stderr
