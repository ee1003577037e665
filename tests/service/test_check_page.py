"""A file is tried in the browser: findings at once, the copy with coloured cells, and nothing kept."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rodtrad.ontology.problems import RodtradError
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.check_page import read_form
from rodtrad.service.commands.stores import prepared_store
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

from .test_reports import filled

HTML = {"Accept": "text/html"}
RED = "FFFFC9CE"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("check") / "store"
    prepared_store(place)
    return place


@pytest.fixture(scope="module")
def pages(folder: Path) -> Iterator[TestClient]:
    yield from _client(folder, trial_budget_s=600)


def _client(folder: Path, **settings: float) -> Iterator[TestClient]:
    chosen = Settings(data=folder, **settings)
    backend = StoreBackend(Store(folder), chosen)
    with TestClient(create_app(chosen, backend), raise_server_exceptions=False) as one:
        yield one
    backend.close()


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return filled(tmp_path_factory.mktemp("book") / "sound.xlsx").read_bytes()


@pytest.fixture(scope="module")
def faulty(workbook: bytes) -> tuple[bytes, str, str]:
    """The same with a state that is not in the list of states: content, sheet and cell."""
    book = load_workbook(BytesIO(workbook))
    sheet = book["Aktiviteter"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Status")
    place = sheet.cell(3, column)
    place.value = "Utfal <script>"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue(), sheet.title, place.coordinate


def post(client: TestClient, content: bytes, name: str = "min region.xlsx", lang: str = "sv", **fields: str):
    data = {"tier": "bas", "do": "show", **fields}
    return client.post(f"/check?lang={lang}", files={"file": (name, content)}, data=data, headers=HTML)


def test_form_says_that_nothing_is_kept_and_offers_a_template(pages: TestClient) -> None:
    page = pages.get("/check?lang=sv", headers=HTML)
    assert "Ingenting sparas" in page.text
    assert 'type="password"' in page.text and 'autocomplete="off"' in page.text
    token = re.search(r'<input type="password"[^>]*>', page.text)[0]
    assert "name=" not in token
    address = unescape(re.search(r'href="(/template.xlsx[^"]*)"', page.text)[1])
    assert load_workbook(BytesIO(pages.get(address).content)).sheetnames[0]


@pytest.mark.parametrize(("lang", "words"), [("sv", "Anmärkningar på"), ("en", "Findings on")])
def test_findings_name_the_cell_the_fix_and_escape_what_was_written(
    pages: TestClient, faulty: tuple[bytes, str, str], folder: Path, lang: str, words: str
) -> None:
    content, sheet, cell = faulty
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file())
    answer = post(pages, content, lang=lang)
    assert answer.status_code == 200
    assert words in answer.text and f"{sheet}!{cell}" in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")
    after = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file())
    assert after == before


def test_copy_with_red_cells_comes_with_the_findings_and_by_the_button(
    pages: TestClient, faulty: tuple[bytes, str, str]
) -> None:
    content, sheet, cell = faulty
    page = post(pages, content).text
    inline = b64decode(re.search(r'href="data:[^;]+;base64,([^"]+)"', page)[1])
    button = post(pages, content, do="download")
    assert "attachment" in button.headers["content-disposition"]
    for marked in (inline, button.content):
        assert load_workbook(BytesIO(marked))[sheet][cell].fill.fgColor.rgb == RED


def test_sound_workbook_may_be_published_and_stricter_tier_says_more(
    pages: TestClient, workbook: bytes
) -> None:
    loose, strict = post(pages, workbook), post(pages, workbook, tier="full")
    assert "Filen kan publiceras på den här nivån." in loose.text
    rules = [re.findall(r'id="(rule-[^"]+)"', one.text) for one in (loose, strict)]
    assert set(rules[1]) > set(rules[0])
    # Most severe first.
    order = [("violation", "warning", "info").index(one.rpartition("-")[2]) for one in rules[1]]
    assert order == sorted(order)
    assert all(f"/rules/{one.removeprefix('rule-').rpartition('-')[0]}" in strict.text for one in rules[1])


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("virus.exe", b"MZ", 415, ".exe"),
        ("", b"", 400, "ingen fil"),
        ("<img src=x>.doc", b"x", 415, ".doc"),
    ],
)
def test_what_is_no_such_file_is_told(
    pages: TestClient, name: str, content: bytes, status: int, code: str
) -> None:
    answer = post(pages, content, name=name or "tom.xlsx")
    assert answer.status_code == status
    assert code in answer.text and "<img src=x" not in answer.text


def test_broken_workbook_is_told_without_a_fault_of_ours(pages: TestClient) -> None:
    answer = post(pages, b"PK\x03\x04 no workbook")
    assert answer.status_code < 500 and 'class="' in answer.text
    assert pages.post("/check", content=b"x", headers={"Content-Type": "text/plain"}).status_code == 400
    assert post(pages, b"x", tier="none").status_code == 400


@pytest.mark.parametrize("content", [b"", b"\r\n--b\r\n", b"a\r\n--bx", bytes(range(256)) * 9, b"\r\n\r\n--"])
def test_file_arrives_byte_for_byte(content: bytes) -> None:
    head = b'--q\r\nContent-Disposition: form-data; name="tier"\r\n\r\nbas\r\n'
    head += b'--q\r\nContent-Disposition: form-data; name="file"; filename="C:\\x\\a.xlsx"\r\n\r\n'
    sent = read_form(head + content + b"\r\n--q--\r\n", 'multipart/form-data; boundary="q"')
    assert (sent.fields, sent.name, sent.content) == ({"tier": "bas"}, "a.xlsx", content)


@pytest.mark.parametrize("media", ["multipart/form-data", "text/plain; boundary=q", ""])
def test_body_that_is_no_form_is_refused(media: str) -> None:
    with pytest.raises(RodtradError) as raised:
        read_form(b"--q\r\n\r\n--q--", media)
    assert raised.value.problems[0].code == "form-unreadable"


def test_one_address_cannot_try_files_all_the_time(folder: Path, workbook: bytes) -> None:
    for client in _client(folder, trial_budget_s=0.05):
        kind = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        assert client.post("/api/v1/validate", content=workbook, headers=kind).status_code == 200
        refused = client.post("/api/v1/validate", content=workbook, headers=kind)
        assert refused.status_code == 429
        assert refused.json()["errors"][0]["code"] == "trial-budget"
        assert int(refused.headers["retry-after"]) > 0
        assert post(client, workbook).status_code == 429
        # Queries have a budget of their own.
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
