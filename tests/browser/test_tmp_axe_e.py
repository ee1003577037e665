"""axe finds nothing against WCAG 2.0–2.2 A and AA on any type of page, light and dark, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAGES = ["/ns", "/ns/Activity", "/ns/status", "/ontology/chain", "/scheme/activity-status"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MISSING = "/id/rodtrad/activity/20-a999"


@pytest.mark.parametrize(("lang", "scheme"), [("sv", "light"), ("en", "dark")])
def test_axe_finds_nothing(opened, lang: str, scheme: str) -> None:
    found: dict[str, list[str]] = {}
    axe = Axe()
    with opened(lang=lang, scheme=scheme) as page:
        for path in PAGES:
            page.goto(path)
            result = axe.run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
            faults = [
                f"{one['id']}: {one['nodes'][0]['html'][:160]} – {one['nodes'][0]['failureSummary'][:300]}"
                for one in result.response["violations"]
            ]
            if faults:
                found[path] = faults
    assert found == {}


def test_axe_finds_nothing_on_an_error_page(browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    assert page.goto(MISSING).status == 404
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    page.close()
    assert [one["id"] for one in result.response["violations"]] == []


def test_every_control_can_be_seen_when_it_has_focus(opened) -> None:
    with opened(lang="sv") as page:
        page.goto("/thread?iri=https://w3id.org/rodtrad/id/rodtrad/activity/20-a10")
        for _ in range(24):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => { const e = document.activeElement; const s = getComputedStyle(e);
                const r = e.querySelector(':scope > rect');
                return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)
                  || (r !== null && parseFloat(getComputedStyle(r).strokeWidth) >= 3); }"""
            )
            assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_targets_are_large_enough(opened) -> None:
    with opened(lang="sv", width=375) as page:
        page.goto("/")
        sizes = page.locator("nav a, .tile a, .button, footer a").evaluate_all(
            "all => all.map(e => [e.textContent.trim(), e.getBoundingClientRect().height])"
        )
        assert sizes
        assert [one for one in sizes if one[1] < 24] == []
