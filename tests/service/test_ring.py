"""The picture of the year: every step has its number, and no number hides another."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("address", ["/cycles/24", "/cycles/20", "/cycles/bergslund?on=2026-01-15"])
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_each_step_has_a_number_of_its_own_and_a_line_in_the_list(
    client: TestClient, address: str, lang: str
) -> None:
    page = client.get(address, params={"lang": lang}).text
    found = re.search(r'<svg class="year-ring".*?</svg>', page)
    if found is None:
        assert 'class="year"' not in page
        return
    badges = [
        (float(x), float(y))
        for x, y in re.findall(r'circle class="badge" cx="([\d.]+)" cy="([\d.]+)"', found[0])
    ]
    listed = page.split("<figcaption>")[1].split("</figcaption>")[0].count("<li>")
    assert len(badges) == listed == len(re.findall(r'<path class="step', found[0])) > 0
    for (x1, y1), (x2, y2) in combinations(badges, 2):
        assert (x1 - x2) ** 2 + (y1 - y2) ** 2 >= 18**2
    months = [
        (float(x), float(y)) for x, y in re.findall(r'text class="month" x="([\d.]+)" y="([\d.]+)"', found[0])
    ]
    assert len(months) == 12
    # A month of four letters is at most 34 wide: inside the picture, and clear of the arcs (12 wide).
    assert all(17 <= x <= 443 and 12 <= y <= 456 for x, y in months)
    assert all(((x - 230) ** 2 + (y - 4 - 230) ** 2) ** 0.5 - 20 > 172 + 6 for x, y in months)
