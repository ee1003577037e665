"""What a page may weigh: bytes on the wire, scripts, requests, elements, and how much moves while it loads."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.browser

PAGES = yaml.safe_load((Path(__file__).parents[1] / "service" / "pages.yaml").read_text("utf-8"))
SHIFTS = """() => new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) moved += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 150);
})"""
# Kilobytes before any compression, requests, elements; layout shift as Lighthouse calls good.
BUDGET = {"page": 200, "style": 30, "script": 60, "requests": 8, "elements": 6_000, "shift": 0.1}


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_weighs_more_than_its_budget(opened, width: int) -> None:
    over: dict[str, dict[str, float]] = {}
    heaviest: dict[str, tuple[float, str]] = {}
    with opened(lang="sv", width=width) as page:
        sizes: list[tuple[str, int]] = []
        page.on(
            "requestfinished", lambda one: sizes.append((one.resource_type, one.sizes()["responseBodySize"]))
        )
        for path in PAGES:
            sizes.clear()
            page.goto(path, wait_until="load")
            moved = page.evaluate(SHIFTS)
            kinds = {"document": "page", "stylesheet": "style", "script": "script"}
            weight = {name: sum(n for kind, n in sizes if kind == key) / 1000 for key, name in kinds.items()}
            weight |= {
                "requests": len(sizes),
                "elements": page.evaluate("document.getElementsByTagName('*').length"),
                "shift": moved,
            }
            for name, value in weight.items():
                heaviest[name] = max(heaviest.get(name, (0, "")), (round(value, 3), path))
            exceeded = {name: value for name, value in weight.items() if value > BUDGET[name]}
            if exceeded:
                over[path] = exceeded
    print(heaviest)
    assert over == {}
