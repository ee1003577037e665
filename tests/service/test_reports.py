"""A file is tried over HTTP without being published, and a publication's report has its page."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from rdflib import RDF, SH, Graph
from rodtrad.loader import write_template
from rodtrad.loader.marked_copy import COLOURS
from rodtrad.ontology.names import RT
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.commands.stores import prepared_store
from rodtrad.service.publishing import Context, check, publish
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GRAPH = "https://w3id.org/rodtrad/graph/20/insatser"
ROWS = {
    "Publicering": [
        {
            "Rubrik": "Våra insatser",
            "Utgivare": "Region Dalarna",
            "Datamängd": "insatser",
            "Gäller län": "Dalarnas län",
            "Fullständighet": "fullständig",
        }
    ],
    "Aktiviteter": [
        {"Aktivitet": "Vuxenutbildning nära", "Status": "pågående"},
        {"Aktivitet": "Kartlägga behov", "Status": "planerad", "Från år": "2024"},
    ],
}


def filled(path: Path, until: str = "2025") -> Path:
    """A workbook whose second activity begins in 2024 and ends in the given year."""
    write_template(path, "sv")
    book = openpyxl.load_workbook(path)
    for sheet, rows in ROWS.items():
        columns = {cell.value: cell.column for cell in book[sheet][1]}
        for number, row in enumerate(rows, 2):
            for name, value in row.items():
                book[sheet].cell(number, columns[name]).value = value
        if sheet == "Aktiviteter":
            book[sheet].cell(3, columns["Till år"]).value = until
    book.save(path)
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    place = tmp_path_factory.mktemp("reports")
    made = prepared_store(place / "store")
    path = filled(place / "insatser.xlsx")
    publish(made, [check(path, Context.of(made), "kedja")], by="20")
    return made


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[TestClient]:
    backend = StoreBackend(store, Settings(max_upload_bytes=300_000))
    with TestClient(create_app(Settings(max_upload_bytes=300_000), backend)) as one:
        yield one
    backend.close()


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return filled(tmp_path_factory.mktemp("faulty") / "a.xlsx", "2019").read_bytes()


def tried(client: TestClient, body: bytes, address: str = "", **headers: str):
    return client.post(f"/api/v1/validate{address}", content=body, headers={"Content-Type": XLSX, **headers})


def test_a_tried_file_gets_its_report_and_nothing_is_published(
    client: TestClient, store: Store, faulty: bytes
) -> None:
    before = store.current()
    answer = tried(client, faulty, "?tier=kedja")
    body = answer.json()
    assert (answer.status_code, body["publishable"], body["conforms"]) == (200, False, False)
    assert (body["report"]["blocks"], body["report"]["severities"]["violation"]) == (True, 1)
    found = body["report"]["findings"][0]
    assert found["rule"] == "RT-K-010"
    assert (found["where"]["sheet"], found["where"]["cell"][1:]) == ("Aktiviteter", "3")
    assert found["hint_sv"]
    assert store.current() == before


@pytest.mark.parametrize(
    ("tier", "publishable", "conforms"), [("bas", True, True), ("kedja", True, False), ("full", False, False)]
)
def test_each_tier_tells_what_holds_back_from_what_is_only_said(
    client: TestClient, tmp_path: Path, tier: str, publishable: bool, conforms: bool
) -> None:
    content = filled(tmp_path / "b.xlsx").read_bytes()
    body = tried(client, content, f"?tier={tier}").json()
    assert (body["publishable"], body["conforms"]) == (publishable, conforms)
    assert (body["report"]["blocks"], body["report"]["conforms"]) == (not publishable, conforms)
    page = tried(client, content, f"?tier={tier}&format=html&lang=sv").text
    assert ("Inget av detta hindrar publicering" in page) is (publishable and not conforms)
    assert ("Publicering hindras" in page) is not publishable
    assert ("Inga anmärkningar" in page) is conforms


def test_the_marked_copy_is_the_workbook_with_a_red_cell(client: TestClient, faulty: bytes) -> None:
    answer = tried(client, faulty, "?tier=kedja&lang=sv", Accept=XLSX)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[:2] == ["Anmärkningar", "Läs mig"]
    red = [
        cell.coordinate
        for row in book["Aktiviteter"].iter_rows()
        for cell in row
        if cell.has_style and cell.fill.fgColor.rgb == COLOURS["violation"]
    ]
    assert red == [book["Anmärkningar"]["B4"].value]
    assert "RT-K-010" in book["Aktiviteter"][red[0]].comment.text


def test_the_report_is_given_as_turtle_and_as_a_page(client: TestClient, faulty: bytes) -> None:
    graph = Graph().parse(data=tried(client, faulty, "?tier=kedja&format=ttl").text, format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert (
        graph.value(node, RT.blocks).toPython(),
        len(list(graph.subjects(SH.resultSeverity, SH.Violation))),
    ) == (True, 1)
    page = tried(client, faulty, "?tier=kedja&format=html&lang=sv").text
    assert 'href="/rules/RT-K-010?lang=sv"' in page
    assert "Aktiviteter!" in page
    assert "Publicering hindras tills felen är rättade." in page


@pytest.mark.parametrize(
    ("body", "media", "address", "status", "code"),
    [
        (b"x", "image/png", "", 415, "media-type-unsupported"),
        (b"x", XLSX, "?tier=guld", 400, "unknown-tier"),
        (b"x", XLSX, "?format=pdf", 406, "not-acceptable"),
        (b"x" * 300_001, XLSX, "", 413, "body-too-large"),
    ],
)
def test_what_cannot_be_tried_is_named(
    client: TestClient, body: bytes, media: str, address: str, status: int, code: str
) -> None:
    answer = client.post(f"/api/v1/validate{address}", content=body, headers={"Content-Type": media})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


def test_a_file_that_is_no_workbook_is_reported_as_unread(client: TestClient) -> None:
    body = tried(client, b"not a workbook").json()
    assert (body["publishable"], body["report"]) == (False, None)
    assert [one["code"] for one in body["reading"]] == ["file-unreadable"]
    page = tried(client, b"not a workbook", "?format=html&lang=sv").text
    assert "prövades inte mot reglerna" in page
    assert tried(client, b"not a workbook", "?format=ttl").status_code >= 400


def test_a_publication_has_the_page_of_its_report(client: TestClient) -> None:
    page = client.get("/reports", params={"graph": GRAPH, "lang": "sv"}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "RT-K-004" in page.text
    assert "Inget av detta hindrar publicering." in page.text
    assert "/reports?graph=" in client.get("/publications").text
    assert "/reports?graph=" in client.get("/graph/20/insatser", headers={"Accept": "text/html"}).text
    body = client.get("/reports", params={"graph": GRAPH, "format": "json"}).json()
    assert (body["blocks"], body["conforms"], body["counts"]["RT-K-004"]) == (False, False, 2)
    turtle = client.get("/reports", params={"graph": GRAPH, "format": "ttl"}).text
    assert len(list(Graph().parse(data=turtle, format="turtle").subjects(RDF.type, SH.ValidationResult))) > 1
    missing = client.get("/reports", params={"graph": GRAPH + "x"})
    assert missing.status_code == 404


def test_others_are_told_when_a_new_version_changes_what_is_found_in_theirs(
    client: TestClient, store: Store, tmp_path: Path
) -> None:
    """Dalarna has stated that its activity is part of the intervention of Värmland, which is then renamed."""
    base = "https://w3id.org/rodtrad/"
    theirs, ours = f"{base}graph/17/insatser", f"{base}graph/20/del"

    def written(name: str, graph: str, publisher: str, body: str) -> Path:
        path, dataset = tmp_path / name, graph.rpartition("/")[2]
        path.write_text(
            f"@prefix rt: <{base}ns/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
            f"@prefix dcterms: <http://purl.org/dc/terms/> .\n"
            f'<{graph}> a rt:Publication ; rdfs:label "P"@sv ; dcterms:identifier "{dataset}" ; rt:publisher <{base}id/ref/actor/{publisher}> ;\n'
            f"  rt:completeness <{base}scheme/completeness/complete> ; rt:inPublication <{graph}> .\n{body}",
            encoding="utf-8",
        )
        return path

    def intervention(local: str) -> str:
        return (
            f'<{base}id/17/intervention/{local}> a rt:Intervention ; rdfs:label "Insats"@sv ; '
            f"rt:inPublication <{theirs}> .\n"
        )

    activity = (
        f'<{base}id/20/activity/del> a rt:Activity ; rdfs:label "Del"@sv ; rt:inPublication <{ours}> ;\n'
        f"  rt:status <{base}scheme/activity-status/planned> ; "
        f"rt:partOfIntervention <{base}id/17/intervention/i1> .\n"
    )
    for path in (
        written("17.ttl", theirs, "region-varmland", intervention("i1")),
        written("20.ttl", ours, "region-dalarna", activity),
    ):
        submission = check(path, Context.of(store), "kedja")
        assert submission.publishable, (submission.reading.problems, submission.report)
        publish(store, [submission], by="test")
    renamed = check(
        written("17b.ttl", theirs, "region-varmland", intervention("i2")), Context.of(store), "kedja"
    )
    assert renamed.publishable
    made = publish(store, [renamed], by="17", confirm_removal=True)
    (note,) = made.notices[ours]
    assert note["generation"] == made.number
    assert "RT-B-005" in note["new"]
    assert note["resources"] == [f"{base}id/20/activity/del"]
    assert theirs not in made.notices
    client.app.state.backend.refresh()  # type: ignore[attr-defined]
    page = client.get("/reports", params={"graph": ours, "lang": "sv"}, headers={"Accept": "text/html"}).text
    assert "Efter att andra ändrat sina uppgifter" in page
    assert "berörs av andras ändringar" in client.get("/publications?lang=sv").text
    assert json.loads(store.current().to_json())["notices"][ours][0]["by"] == "17"
    own = check(
        written("20b.ttl", ours, "region-dalarna", activity.replace("/i1>", "/i2>")),
        Context.of(store),
        "kedja",
    )
    assert own.publishable
    assert ours not in publish(store, [own], by="20").notices
