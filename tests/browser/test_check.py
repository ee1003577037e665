"""A workbook is dropped, mended after its red cells, and published with a token, all in the browser."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect
from rodtrad.service.commands.stores import prepared_store

from ..service.running import Running, running
from ..service.test_reports import filled

pytestmark = pytest.mark.browser
RED = "FFFFC9CE"
DROP = """([content, name]) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  const form = document.getElementById("try");
  for (const kind of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    place = tmp_path_factory.mktemp("check") / "store"
    prepared_store(place)
    with running(place, trial_budget_s=600) as one:
        yield one


@pytest.fixture(scope="module")
def address(service: Running) -> str:
    return service.address


@pytest.fixture
def books(tmp_path: Path) -> tuple[Path, Path]:
    """A workbook whose second activity ends before it begins, and a sound one."""
    return filled(tmp_path / "fel.xlsx", "2019"), filled(tmp_path / "bra.xlsx")


@pytest.fixture
def talking(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page, and the addresses that it asked; refusals are expected here."""
    page = browser.new_page(base_url=address, locale="sv-SE")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    yield page, asked
    page.close()
    assert not [one for one in asked if not one.startswith((address, "data:"))]


@pytest.mark.parametrize(("lang", "script", "width"), [("sv", True, 1280), ("en", False, 360)])
def test_findings_and_red_cells_come_at_once(
    opened,
    screenshot: Callable[[Page, str], None],
    books: tuple[Path, Path],
    lang: str,
    script: bool,
    width: int,
) -> None:
    with opened(lang=lang, script=script, width=width) as page:
        page.goto("/check")
        page.locator("#tier").select_option("kedja")
        if script:
            content = base64.b64encode(books[0].read_bytes()).decode()
            page.evaluate(DROP, [content, "fel.xlsx"])
            expect(page.get_by_text("Vald fil: fel.xlsx")).to_be_visible()
        else:
            page.locator("#file").set_input_files(books[0])
        page.locator("button[value=show]").click()
        expect(page.locator("#found")).to_contain_text("fel.xlsx", timeout=60_000)
        expect(page.locator("#outcome")).to_contain_text("Aktiviteter!")
        screenshot(page, f"check-{lang}-{width}")
        with page.expect_download() as coming:
            page.locator("a[download]").click()
        book = openpyxl.load_workbook(BytesIO(coming.value.path().read_bytes()))
        assert any(cell.fill.fgColor.rgb == RED for row in book["Aktiviteter"] for cell in row)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_token_publishes_and_is_not_kept(
    talking: tuple[Page, list[str]], service: Running, books: tuple[Path, Path], screenshot
) -> None:
    page, asked = talking
    token = service.token("--publisher", "20")
    page.goto("/check")
    said = page.locator("#published")
    button = page.get_by_role("button", name="Publicera filen")
    button.click()
    expect(said).to_have_text("Välj en fil först.")
    page.locator("#file").set_input_files(books[0])
    button.click()
    expect(said).to_have_text("Skriv din nyckel först.")
    page.get_by_label("Nyckel").fill("wrong")
    button.click()
    expect(said).to_contain_text("(401)", timeout=60_000)
    page.get_by_label("Nyckel").fill(service.token("--publisher", "01"))
    button.click()
    expect(said).to_contain_text("(403)", timeout=60_000)
    page.locator("#tier").select_option("kedja")
    page.get_by_label("Nyckel").fill(token)
    button.click()
    expect(said).to_contain_text("(422)", timeout=60_000)
    expect(said).to_contain_text("Aktiviteter!")
    page.locator("#file").set_input_files(books[1])
    button.click()
    expect(said).to_contain_text("Publicerat i läge", timeout=60_000)
    screenshot(page, "publish-sv")
    expect(page.get_by_label("Nyckel")).to_have_value("")
    assert not [one for one in asked if token in one]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    said.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_much_that_would_be_removed_is_asked_about(
    talking: tuple[Page, list[str]], service: Running, books: tuple[Path, Path], tmp_path: Path
) -> None:
    page, _ = talking
    token = service.token("--publisher", "20")
    book = openpyxl.load_workbook(books[1])
    sheet = book["Aktiviteter"]
    name = next(cell.column for cell in sheet[1] if cell.value == "Aktivitet")
    status = next(cell.column for cell in sheet[1] if cell.value == "Status")
    for number in range(40):
        sheet.cell(4 + number, name).value = f"Aktivitet nummer {number}"
        sheet.cell(4 + number, status).value = "planerad"
    book.save(tmp_path / "stor.xlsx")
    page.goto("/check")
    said, confirm = page.locator("#published"), page.locator("#confirm")
    button = page.get_by_role("button", name="Publicera filen")
    for path in (tmp_path / "stor.xlsx", books[1]):
        page.locator("#file").set_input_files(path)
        page.get_by_label("Nyckel").fill(token)
        expect(confirm).to_be_hidden()
        button.click()
        expect(said).to_contain_text("läge" if path != books[1] else "(409)", timeout=60_000)
    expect(said).to_contain_text("finns inte i den nya versionen")
    confirm.click()
    expect(said).to_contain_text("Publicerat i läge", timeout=60_000)
