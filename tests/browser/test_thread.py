"""The thread in a real browser: paths by keyboard and pointer, files, small screens, and 3,000 elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.service.chains import county_store

from ..conftest import listening

pytestmark = pytest.mark.browser

THREAD = "/thread?iri=https://w3id.org/rodtrad/graph/bergslund/exempel-2025"
# Not wait_for_function: its second look is an eval, which the page's policy forbids.
PAINTED = """() => new Promise((done) => {
  const look = () => {
    const entry = performance.getEntriesByName("first-contentful-paint")[0];
    if (entry) done(entry.startTime); else requestAnimationFrame(look);
  };
  look();
})"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def large() -> Iterator[str]:
    """The address of the thread of a county with 3,000 elements."""
    store, graph = county_store(510)
    with listening(store) as address:
        yield f"{address}/thread?lang=sv&iri={graph}"


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]


@pytest.mark.parametrize("width", [1280, 390])
def test_keyboard_follows_the_path(opened, screenshot: Callable[[Page, str], None], width: int) -> None:
    with opened(lang="sv", width=width) as page:
        page.goto(THREAD)
        expect(page.locator("#path")).to_contain_text("Peka på en ruta")
        node = page.locator("svg.chain a[data-column='2']").nth(1)
        node.focus()
        expect(page.locator("#path")).to_contain_text("delar leder hit")
        lit, all_nodes = (page.locator(f"svg.chain a{part}").count() for part in (".on-path", "[data-n]"))
        assert 1 < lit <= all_nodes and page.locator("svg.chain .link.on-path").count() >= 1
        screenshot(page, f"thread-path-{width}")
        page.keyboard.press("ArrowRight")
        column = "document.activeElement.dataset.column"
        assert int(page.evaluate(column)) > 2
        page.keyboard.press("ArrowLeft")
        assert int(page.evaluate(column)) <= 2
        number = int(page.evaluate("document.activeElement.dataset.n"))
        page.keyboard.press("Tab")
        assert int(page.evaluate("document.activeElement.dataset.n")) == number + 1
        page.keyboard.press("Escape")
        assert page.locator("svg.chain.tracing").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_pointer_shows_the_path_and_leaves_it(opened) -> None:
    with opened(lang="en") as page:
        page.goto(THREAD)
        page.locator("svg.chain a[data-column='2']").first.hover()
        expect(page.locator("#path")).to_contain_text("lead here")
        expect(page.locator("svg.chain.tracing")).to_have_count(1)
        page.locator("h1").hover()
        expect(page.locator("svg.chain.tracing")).to_have_count(0)


def test_picture_is_saved_as_png_with_its_colours(opened, tmp_path: Path) -> None:
    with opened(lang="sv") as page:
        page.goto(THREAD)
        with page.expect_download() as download:
            page.get_by_role("button", name="PNG").click()
        file = tmp_path / "thread.png"
        download.value.save_as(file)
        assert file.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" and file.stat().st_size > 20_000
        # The style of the picture holds also where it stands alone: its background is paper, not black.
        colours = page.evaluate(
            """async () => { const image = new Image();
            image.src = document.getElementById('png').dataset.source; await image.decode();
            const canvas = document.createElement('canvas');
            canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
            const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0);
            const data = pen.getImageData(0, 0, canvas.width, canvas.height).data; let black = 0, red = 0;
            for (let i = 0; i < data.length; i += 4) {
              if (data[i + 3] > 200 && data[i] < 5 && data[i + 1] < 5 && data[i + 2] < 5) black++;
              if (data[i] > 150 && data[i + 1] < 60 && data[i + 2] < 80) red++; }
            return [black / (data.length / 4), red]; }"""
        )
        assert colours[0] < 0.01 and colours[1] > 100


@pytest.mark.parametrize("width", [1280, 390])
def test_without_script_only_what_works_is_offered(
    opened, screenshot: Callable[[Page, str], None], width: int
) -> None:
    with opened(lang="sv", script=False, width=width) as page:
        page.goto(THREAD)
        expect(page.locator("#png")).to_be_hidden()
        expect(page.locator(".downloads a")).to_have_count(3)
        page.locator("details.narrow summary").click()
        page.get_by_label("Ord för nivåerna").select_option("framework")
        page.get_by_role("button", name="Visa", exact=True).click()
        expect(page.locator("details.narrow")).to_have_attribute("open", "")
        screenshot(page, f"thread-no-script-{width}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_3000_elements_are_painted_soon_and_walked_from_the_outline(
    browser: Browser, large: str, screenshot: Callable[[Page, str], None], script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda one: one.url.startswith("http://127.0.0.1") or elsewhere.append(one.url))
    page.goto(large)
    if script:
        painted = page.evaluate(PAINTED)
        print(f"first paint {painted:.0f} ms")
        assert painted < 5000
    expect(page.get_by_role("heading", name="Översikt: område och led")).to_be_visible()
    screenshot(page, f"thread-3000-{'script' if script else 'no-script'}")
    page.locator("details.outline > summary").first.click()
    page.locator("details.outline details.outline > summary").first.click()
    page.locator("details.outline details.outline a").first.click()
    expect(page.locator("svg.chain a.focus")).to_have_count(1)
    page.set_viewport_size({"width": 390, "height": 900})
    page.go_back()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.go_forward()
    expect(page.locator("svg.chain a.focus")).to_have_count(1)
    screenshot(page, f"thread-focus-{'script' if script else 'no-script'}")
    context.close()
    assert elsewhere == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_thread_small_or_large(
    browser: Browser, opened, large: str, scheme: str
) -> None:
    with opened(lang="sv", scheme=scheme) as page:
        page.goto(THREAD + "&words=framework&from=2020")
        page.locator("svg.chain a[data-n]").first.focus()
        assert violations(page) == []
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(large)
    for summary in page.locator("details.outline > summary").all()[:4]:
        if summary.is_visible():
            summary.click()
    found = violations(page)
    context.close()
    assert found == []
