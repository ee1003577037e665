"""The reports as files: the same numbers in page, workbook and document, each with its source."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from rodtrad import examples
from rodtrad.loader import References, ntriples, pack_origins, read
from rodtrad.ontology import vocabulary
from rodtrad.service.backend import EngineBackend
from rodtrad.service.briefing_pages import FILES
from rodtrad.service.briefings.building import build
from rodtrad.service.briefings.content import (
    Briefing,
    Cell,
    Column,
    Listing,
    Missing,
    Note,
    Piece,
    Section,
    Table,
)
from rodtrad.service.cli import app
from rodtrad.store import Store, Upload
from starlette.testclient import TestClient
from typer.testing import CliRunner

from .briefing_readers import (
    EVERY,
    REGIONAL,
    Page,
    of_content,
    of_word,
    of_workbook,
    path_of,
    tables,
    without_years,
)


@pytest.fixture(scope="module")
def backend(example_store: Store) -> EngineBackend:
    return EngineBackend(example_store)


@pytest.fixture(scope="module")
def bergslund(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The made-up county as its workbook was published, with the cells that its statements came from."""
    uploads: list[Upload] = []
    made_up = next(path for group in examples.groups() for path in group if path.name == "bergslund")
    for path in (*examples.national(), made_up):
        references = References.from_ntriples(vocabulary(), *(one.data for one in uploads))
        reading = read([path], references)
        uploads.append(
            Upload(str(reading.graph_iri), ntriples(reading.graph), origins=pack_origins(reading.origins))
        )
    store = Store(tmp_path_factory.mktemp("bergslund"))
    store.publish_many(uploads, by="test", vocabulary=vocabulary())
    return store


# The three formats


@pytest.mark.parametrize(("briefing_id", "code"), EVERY)
def test_page_workbook_and_document_give_the_same_numbers(
    client: TestClient, backend: EngineBackend, briefing_id: str, code: str | None
) -> None:
    made = build(backend, briefing_id, code)
    expected = of_content(made)
    assert sum(value is not None for _, rows in expected for row in rows for value in row) or (
        briefing_id == "five-questions" or (briefing_id, code) == ("popular", "20")
    )
    page = client.get(path_of(briefing_id, code))
    assert page.status_code == 200, page.text[:300]
    assert Page(page.text).numbers() == expected
    workbook = client.get(path_of(briefing_id, code, format="xlsx"))
    assert of_workbook(openpyxl.load_workbook(io.BytesIO(workbook.content)), made) == expected
    document = client.get(path_of(briefing_id, code, format="docx"))
    assert without_years(of_word(docx.Document(io.BytesIO(document.content))), made) == expected


@pytest.mark.parametrize(("briefing_id", "code"), EVERY)
def test_every_number_and_every_row_leads_to_its_source(
    client: TestClient, backend: EngineBackend, briefing_id: str, code: str | None
) -> None:
    made = build(backend, briefing_id, code)
    notes = {note.number: note for note in made.notes}
    rows = [row for one in tables(made) for row in one.rows]
    numbers = [cell for row in rows for cell in row if cell.number is not None and not cell.year]
    assert all(any(piece.iri for piece in notes[cell.note].pieces) for cell in numbers)
    assert all(any(cell.note for cell in row) or all(c.number is None for c in row[1:]) for row in rows)
    page = Page(client.get(path_of(briefing_id, code)).text)
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= page.ids | {"content"}
    outer = {link for link in page.links if link.startswith(("/id/", "/graph/", "/questions/"))}
    assert outer
    for link in sorted(outer)[:: max(1, len(outer) // 5)]:
        assert client.get(link).status_code in (200, 303), link


def test_documents_have_endnotes_that_lead_on(backend: EngineBackend) -> None:
    made = build(backend, "board", "bergslund")
    file = zipfile.ZipFile(io.BytesIO(FILES["docx"][1](made)))
    body, notes = file.read("word/document.xml").decode(), file.read("word/endnotes.xml").decode()
    used = re.findall(r'<w:endnoteReference w:id="(\d+)"', body)
    assert used == re.findall(r'<w:endnote w:id="(\d+)"', notes) and len(used) >= len(made.notes)
    relations = ElementTree.fromstring(file.read("word/_rels/endnotes.xml.rels"))
    addresses = {one.get("Id"): str(one.get("Target")) for one in relations}
    linked = {addresses[one] for one in re.findall(r'r:id="(\w+)"', notes)}
    assert "https://w3id.org/rodtrad/graph/bergslund/exempel-2025" in linked
    assert any("/id/bergslund/observation/" in one for one in linked)


def test_notes_name_source_section_publication_and_cell(bergslund: Store, backend: EngineBackend) -> None:
    text = "\n".join(note.text for note in build(EngineBackend(bergslund), "yearly", "bergslund").notes)
    # Row 2 of sheet 5 holds the 184 validations in its column L; row 2 of sheet 3 the 2 350 000 kronor in K.
    assert "Valideringar som genomförts · Påhittat underlag för exemplet Bergslund · " in text
    assert re.search(r"Valideringar som genomförts .* blad .*, cell L2$", text, re.MULTILINE)
    assert re.search(r"Validering nära dig .* blad .*, cell K2$", text, re.MULTILINE)
    dalarna = "\n".join(note.text for note in build(backend, "conditions", "20").notes)
    assert "Bilaga 1, Resultat av arbetet" in dalarna


# The files


def test_documents_can_be_read_by_all_and_tell_nothing_of_their_maker(backend: EngineBackend) -> None:
    made = build(backend, "conditions", "bergslund")
    content = FILES["docx"][1](made)
    document = docx.Document(io.BytesIO(content))
    properties = document.core_properties
    assert properties.language == "sv-SE" and properties.title == "Återrapportering av villkorsbeslutet"
    assert [properties.author, properties.last_modified_by, properties.comments] == ["", "", ""]
    levels = [
        str(one.style.name) for one in document.paragraphs if str(one.style.name)[:5] in ("Title", "Headi")
    ]
    assert levels[:3] == ["Title", "Heading 1", "Heading 2"]
    for one in document.tables:
        assert one.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert one._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    file = zipfile.ZipFile(io.BytesIO(content))
    assert 'w:lang w:val="sv-SE"' in file.read("word/styles.xml").decode()
    assert not [name for name in file.namelist() if "thumbnail" in name or name.endswith("app.xml")]
    whole = b"".join(file.read(name) for name in file.namelist()).lower()
    assert b"python-docx" not in whole and str(Path.home()).encode() not in whole
    english = docx.Document(io.BytesIO(FILES["docx"][1](build(backend, "conditions", "bergslund", "en"))))
    assert english.core_properties.language == "en-GB"


def test_workbooks_tell_nothing_of_their_maker(backend: EngineBackend) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FILES["xlsx"][1](build(backend, "board", "bergslund"))))
    assert book.properties.creator in (None, "") and book.properties.lastModifiedBy in (None, "")
    assert book.sheetnames == ["Rapport", "Källor"]
    numbers = [cell for row in book["Rapport"].iter_rows() for cell in row if isinstance(cell.value, int)]
    assert any(
        cell.value == 161 and cell.hyperlink and "/observation/" in cell.hyperlink.target for cell in numbers
    )


def test_a_lower_bound_is_a_number_that_reads_as_one(backend: EngineBackend) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FILES["xlsx"][1](build(backend, "conditions", "20"))))
    cell = next(
        row[1] for row in book["Rapport"].iter_rows() if row[0].value == "Hinder" and row[1].value is not None
    )
    assert cell.value == 2 and cell.number_format == '"minst "#,##0'


@pytest.mark.parametrize("briefing_id", REGIONAL)
def test_hostile_texts_stay_texts(hostile: TestClient, briefing_id: str) -> None:
    page = hostile.get(path_of(briefing_id, "20"))
    assert page.status_code == 200 and "<script>alert" not in page.text and "<img src=x" not in page.text
    book = openpyxl.load_workbook(io.BytesIO(hostile.get(path_of(briefing_id, "20", format="xlsx")).content))
    assert not [c for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]
    document = docx.Document(io.BytesIO(hostile.get(path_of(briefing_id, "20", format="docx")).content))
    assert "\u202e" not in document.element.xml


def test_what_looks_like_a_formula_or_breaks_xml_is_written_as_text() -> None:
    bad = '=HYPERLINK("http://x.example","\x07klicka")'
    row = (Cell(bad, iri="javascript:alert(1)", note=1),)
    block = Table(bad, (Column(bad),), (row,))
    part = Section(bad, bad, 1, False, (block, Listing(bad, row), Missing(bad, bad)), ())
    made = Briefing("x", bad, bad, bad, (bad,), "sv", (part,), (Note(1, (Piece(bad, "javascript:x"),)),), 1)
    book = openpyxl.load_workbook(io.BytesIO(FILES["xlsx"][1](made)))
    cells = [
        cell for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.value is not None
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink and "javascript" in str(cell.hyperlink.target)]
    document = docx.Document(io.BytesIO(FILES["docx"][1](made)))
    assert document.tables[0].rows[1].cells[0].text.rstrip("\u202f") == bad.replace("\x07", "")


def test_the_command_line_writes_the_same_document(bergslund: Store, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    arguments = [
        "briefing",
        "board",
        "--region",
        "bergslund",
        "--data",
        str(bergslund.folder),
        "--out",
        str(out),
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    made = build(EngineBackend(bergslund), "board", "bergslund")
    assert without_years(of_word(docx.Document(str(out))), made) == of_content(made)
    page = CliRunner().invoke(app, [*arguments[:-2], "--format", "html"])
    assert page.exit_code == 0 and "Lärande genom hela livet, nära hemmet" in page.stdout


def test_the_command_line_lists_reports_and_says_what_is_missing() -> None:
    listing = CliRunner().invoke(app, ["briefing", "--lang", "en"])
    assert listing.exit_code == 0 and "board: Material for the political board" in listing.stdout
    refused = CliRunner().invoke(app, ["briefing", "board", "--region", "20"])
    assert refused.exit_code == 2 and "--out" in refused.output
