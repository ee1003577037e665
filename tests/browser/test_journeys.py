"""Ten journeys through the pages, as a first-time visitor makes them.

1. from the start page to an activity, up its thread to the national strategy
2. from a county's thread to a place where it is broken, and why
3. a national question, "20 av 21", and the county of which the source says nothing
4. one search box, and a thing that was not reached, as plain as any other
5. a question with a form, its answer, and where a row comes from
6. from a strategy, down its tree of goals, to an indicator with its series and its target
7. an indicator of several places: may they be compared, and is the line whole
8. a workbook with a fault: the finding at its cell, before anything is published
9. a publication: its report, and what the generation brought
10. the year of a region: what is next, and the same as a list

Each in both languages, on a desktop and on a phone, with and without JavaScript: two of the eight
combinations always, all in the full run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from rodtrad.service.texts import text

from ..service.test_reports import filled

pytestmark = pytest.mark.browser

ALWAYS = {("sv", 1280, True), ("en", 360, False)}
WAYS = [
    pytest.param(
        (lang, width, script),
        id=f"{lang}-{width}-{'script' if script else 'no-script'}",
        marks=() if (lang, width, script) in ALWAYS else pytest.mark.deep,
    )
    for lang in ("sv", "en")
    for width in (1280, 360)
    for script in (True, False)
]
ID = "/id/rodtrad"
EUROSTAT = "/id/ref/indicator/eurostat-nama-10r-3gdp-mio-nac.html"
COUNTY = {"sv": "Dalarnas län", "en": "Dalarna County"}


class Visit:
    """A page, the words of its language, and pictures numbered after the journey."""

    def __init__(self, page: Page, lang: str, width: int, name: str, keep: Callable[[Page, str], None]):
        self.page, self.lang, self.width, self.name, self.keep = page, lang, width, name, keep
        self.seen = 0

    def __call__(self, key: str, **values: object) -> str:
        return text(key, "en" if self.lang == "en" else "sv", **values)

    def title(self, expected: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(expected)
        self.look()

    def look(self) -> None:
        """Keep a picture; nothing may need scrolling sideways, and the language is said."""
        self.seen += 1
        self.keep(self.page, f"{self.name}-{self.seen}")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, self.page.url
        assert self.page.locator("html").get_attribute("lang") == self.lang

    def follow(self, name: str) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()


@pytest.fixture(params=WAYS)
def visit(request, opened, screenshot):
    lang, width, script = request.param
    number = re.search(r"test_(\d+)", request.node.name)
    assert number
    name = f"journey-{number[1]}-{lang}-{width}{'' if script else '-no-script'}"
    with opened(lang=lang, width=width, script=script) as page:
        yield Visit(page, lang, width, name, screenshot)


def test_01_from_the_start_to_the_national_strategy(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    visit.look()
    page.locator(".tiles").first.get_by_role("link", name=COUNTY[visit.lang]).click()
    visit.title(COUNTY[visit.lang])
    page.get_by_role("link", name="Dala Valideringscentrum (DVC)", exact=True).last.click()
    visit.title("Dala Valideringscentrum (DVC)")
    visit.follow(visit("see_thread_here"))
    visit.look()
    strategy = page.locator("svg.chain a").first
    expect(strategy).to_contain_text(re.compile("strateg"))
    strategy.focus()
    page.keyboard.press("Enter")
    visit.title(re.compile("2015–2020"))


def test_02_where_a_county_thread_is_broken(visit: Visit) -> None:
    page = visit.page
    page.goto("/thread?iri=https://w3id.org/rodtrad/id/ref/region/20")
    visit.look()
    broken = page.locator("main").get_by_text(re.compile(r"^(brott|breaks): \d+$")).first
    expect(broken).to_be_visible()
    page.goto("/thread?iri=https://w3id.org/rodtrad/id/rodtrad/activity/20-a20")
    expect(
        page.locator("main").get_by_text(re.compile("källan anger|the source", re.IGNORECASE)).first
    ).to_be_visible()
    visit.look()


def test_03_twenty_of_twenty_one(visit: Visit) -> None:
    page = visit.page
    missing = {"sv": "Östergötlands län", "en": "Östergötland County"}[visit.lang]
    page.goto("/national")
    expect(page.locator("main")).to_contain_text(
        {"sv": "Minst 20 av 21", "en": "At least 20 of 21"}[visit.lang]
    )
    expect(page.locator("main").get_by_role("link", name=missing).first).to_be_visible()
    visit.look()
    page.locator("main a[href*='/sides/cq01']").first.click()
    rows = page.locator("main table tbody tr")
    assert rows.count() >= 21
    visit.look()


def test_04_the_one_search_box(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    page.get_by_role("searchbox").fill("lärcentrum" if visit.lang == "sv" else "lärcentra")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"^\d+ "))
    visit.look()
    page.locator("select[name=certainty]").select_option(index=1)
    page.locator("main form button").first.click()
    result = page.locator("main section li a").first
    said = result.inner_text()
    result.click()
    visit.title(said)


def test_05_a_question_with_a_form(visit: Visit) -> None:
    page = visit.page
    page.goto("/questions")
    page.locator("main a[href*='/questions/cq08-documents-under-the-strategy']").first.click()
    page.get_by_role("combobox").select_option(label=COUNTY[visit.lang])
    page.get_by_role("button", name=visit("choose")).click()
    row = page.get_by_role("cell", name="Handlingsplan för kompetensförsörjning").first
    expect(row).to_be_visible()
    visit.look()
    row.get_by_role("link").first.click()
    visit.title(re.compile("Handlingsplan för kompetensförsörjning"))
    expect(page.get_by_text(visit("provenance"))).to_be_visible()


def test_06_from_a_strategy_to_an_indicator(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{ID}/document/20-ds-dalastrategin-2030.html")
    visit.look()
    page.locator("main summary").filter(has_text="10").first.click()
    page.locator("main a[href*='vaxthusgaser']").first.click()
    visit.title(re.compile("växthusgaser"))
    picture = page.locator("svg.series:not(.key)").first
    expect(picture.locator("circle.dot")).to_have_count(13)
    expect(picture.locator("path.is-target")).to_have_count(1)
    expect(page.locator("main table").first).to_contain_text("5.15" if visit.lang == "en" else "5,15")
    assert "utfall" not in page.locator("main").inner_text().casefold()


def test_07_may_they_be_compared(visit: Visit) -> None:
    page = visit.page
    page.goto(EUROSTAT)
    expect(page.get_by_role("heading", name=visit("series_compare"))).to_be_visible()
    assert page.locator("figure svg.series").count() >= 21
    visit.look()
    names = page.locator("main figure figcaption").all_inner_texts()
    assert len(names) == len(set(names))
    assert not re.search(
        r"\b(rank|topp|bäst|sämst|best|worst)\b", page.locator("main").inner_text().casefold()
    )


def test_08_a_workbook_with_a_fault(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.goto("/check")
    visit.look()
    page.locator("#file").set_input_files(filled(tmp_path / "fel.xlsx", "2019"))
    page.locator("#tier").select_option("kedja")
    page.get_by_role("button", name=visit("check_run")).click()
    expect(page.locator("#outcome")).to_contain_text(re.compile("Aktiviteter!"), timeout=60_000)
    expect(page.get_by_role("link", name=visit("check_marked"))).to_be_visible()
    visit.look()


def test_09_a_publication_and_what_it_brought(visit: Visit) -> None:
    page = visit.page
    page.goto("/publications")
    visit.look()
    page.locator("main a[href*='/graph/rodtrad/utvardering-2021-20']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    visit.look()
    page.goto("/publications")
    page.locator("main p a[href*='/publications/history']").first.click()
    visit.look()


def test_10_the_year_of_a_region(visit: Visit) -> None:
    page = visit.page
    page.goto("/cycles")
    page.locator("main a[href*='/cycles/24']").first.click()
    expect(page.locator("svg[role=img]").first).to_be_visible()
    expect(page.locator("main a[href*='/calendar/24.ics']")).to_be_visible()
    listed = page.locator("main").inner_text()
    assert all(month in listed for month in ("2026-04-30", "2026-12-31")) or "2027" in listed
    visit.look()
