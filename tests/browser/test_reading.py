"""Reading with a keyboard, without script, on a narrow screen and on paper, in either language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_question_is_answered_with_keyboard_only_and_without_script(opened, lang: str) -> None:
    with opened(lang=lang, script=False) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.url.endswith("#content")
        page.goto("/questions/cq08-documents-under-the-strategy")
        page.get_by_role("combobox").focus()
        page.keyboard.type("Dal")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("cell", name="Handlingsplan för kompetensförsörjning").first).to_be_visible()


def test_language_can_be_switched_and_stays(opened) -> None:
    with opened(lang="sv") as page:
        page.goto("/regions/20")
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dalarna County")
        page.get_by_role("link", name="Questions", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Questions")
        assert page.locator("html").get_attribute("lang") == "en"


def test_sparql_form_answers_without_script(opened, screenshot: Callable[[Page, str], None]) -> None:
    with opened(lang="sv", script=False) as page:
        page.goto("/sparql")
        page.get_by_role("textbox").fill(
            "SELECT ?s WHERE { ?s a <https://w3id.org/rodtrad/ns/Lesson> } ORDER BY ?s"
        )
        page.get_by_role("button", name="Kör frågan").click()
        expect(page.get_by_role("status")).to_contain_text("rader")
        screenshot(page, "sparql-sv-no-script")


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(opened, width: int) -> None:
    with opened(lang="sv", width=width) as page:
        for path in (
            "/",
            "/regions/20",
            "/sides/cq79-regions-side-by-side",
            "/publications",
            "/sparql",
            "/thread?iri=https://w3id.org/rodtrad/id/ref/region/20",
        ):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_thread_prints_whole_on_a_page(opened) -> None:
    with opened(lang="sv") as page:
        page.goto("/thread?iri=https://w3id.org/rodtrad/graph/bergslund/exempel-2025")
        page.set_viewport_size({"width": 1000, "height": 700})
        page.emulate_media(media="print")
        box = page.locator("svg.chain[role=group]").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 1000
        expect(page.locator("nav.main")).to_be_hidden()
