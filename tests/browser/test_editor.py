"""The query editor opens on request, marks the fault, lets the keyboard out and asks no other host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BUILT = Path(__file__).parents[2] / "node_modules/@zazuko/yasqe/build/yasqe.min.js"
LESSONS = "SELECT ?s WHERE { ?s a <https://w3id.org/rodtrad/ns/Lesson> } ORDER BY ?s"


@pytest.fixture(autouse=True)
def installed(lacking) -> None:
    if not BUILT.is_file():
        lacking(f"{BUILT} is missing; make setup installs it with npm")


def open_editor(page: Page) -> None:
    page.locator("#open-editor").click()
    page.locator("#editor[data-ready]").wait_for()


def test_nothing_of_the_editor_is_loaded_before_it_is_asked_for(opened) -> None:
    with opened(lang="sv") as page:
        loaded: list[str] = []
        page.on("response", lambda one: loaded.append(one.url))
        page.goto("/sparql")
        page.wait_for_load_state("networkidle")
        assert not [one for one in loaded if "vendor" in one or "editor" in one]
        open_editor(page)
        page.wait_for_load_state("networkidle")
        assert len([one for one in loaded if "vendor" in one]) == 2
        assert page.evaluate("Object.keys(localStorage).length") == 0


@pytest.mark.parametrize(("lang", "scheme", "width"), [("sv", "light", 1280), ("en", "dark", 360)])
def test_axe_finds_nothing_when_it_is_open(
    opened, screenshot: Callable[[Page, str], None], lang: str, scheme: str, width: int
) -> None:
    with opened(lang=lang, scheme=scheme, width=width) as page:
        page.goto("/sparql?example=cq08-documents-under-the-strategy")
        open_editor(page)
        screenshot(page, f"editor-{lang}-{width}")
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
        found = [(one["id"], one["nodes"][0]["html"][:200]) for one in result.response["violations"]]
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_tab_leaves_the_editor_both_ways(opened) -> None:
    with opened(lang="sv") as page:
        page.goto("/sparql")
        open_editor(page)
        expect(page.get_by_role("textbox", name="Fråga i SPARQL")).to_be_focused()
        page.keyboard.type("ASK {")
        # Once more through the part that scrolls.
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Kör frågan")).to_be_focused()
        for _ in range(3):
            page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.closest('#editor')") is None


def test_query_written_in_the_editor_is_run_by_the_form(opened) -> None:
    with opened(lang="sv") as page:
        page.goto("/sparql")
        open_editor(page)
        page.keyboard.insert_text(LESSONS)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").first).to_contain_text("rader")
        expect(page.locator("#query")).to_have_value(LESSONS)


def test_our_prefix_is_added_when_it_is_used(opened) -> None:
    with opened(lang="sv") as page:
        page.goto("/sparql")
        open_editor(page)
        page.keyboard.type("SELECT ?s WHERE { ?s a rt:Lesson")
        expect(page.locator("#query")).to_have_value(
            "PREFIX rt: <https://w3id.org/rodtrad/ns/>\nSELECT ?s WHERE { ?s a rt:Lesson"
        )


def test_place_of_the_fault_is_marked(browser, address: str) -> None:
    page = browser.new_page(base_url=address, locale="sv-SE")
    page.goto("/sparql?query=SELECT+%3Fs+WHERE+%7B%0A++%3Fs+a+nope%3AClass+.%0A%7D")
    open_editor(page)
    assert page.locator(".CodeMirror .fault-place").count() == 1
    line = page.locator(".CodeMirror-code > div", has=page.locator(".fault-line"))
    expect(line).to_contain_text("nope:Class")
    page.close()


def test_text_can_be_copied(opened) -> None:
    with opened(lang="sv") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto("/questions/cq08-documents-under-the-strategy?region=20")
        page.locator(".copies summary", has_text="curl").click()
        page.locator("button[data-of=copy-curl]").click()
        expect(page.get_by_text("Kopierat")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator("#copy-curl").text_content()
