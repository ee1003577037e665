"""Periods as they are written in data: a year, a quarter, a month, several years."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_FORMS = (
    ("year", re.compile(r"(?P<year>\d{4})")),
    ("month", re.compile(r"(?P<year>\d{4})(-|M)(?P<part>\d{2})")),
    ("quarter", re.compile(r"(?P<year>\d{4})-?[QK](?P<part>[1-4])")),
    ("day", re.compile(r"(?P<year>\d{4})-(?P<part>\d{2}-\d{2})")),
    ("school-year", re.compile(r"(?P<first>\d{4})/(?P<year>\d{2}|\d{4})")),
    ("years", re.compile(r"(?P<first>\d{4})[-–](?P<year>\d{4})")),
)
YEAR, MID_YEAR = "year", "midyear"
_PER_YEAR = {YEAR: 1, MID_YEAR: 1, "school-year": 1, "quarter": 4, "month": 12}


class Period(NamedTuple):
    """A time that a value holds for. ``year`` is the year that it ends in."""

    year: int
    part: int
    kind: str
    text: str


@lru_cache(4096)
def period(text: str, kind: str = "") -> Period | None:
    """Read a period, ``None`` when unreadable; ``kind`` says what a year is of (mid-year, school year).

    >>> period("2024Q3")
    Period(year=2024, part=3, kind='quarter', text='2024Q3')
    """
    for name, form in _FORMS:
        match = form.fullmatch(text.strip())
        if match:
            parts = match.groupdict()
            year = parts["year"] if len(parts["year"]) == 4 else parts["first"][:2] + parts["year"]
            part = int(str(parts.get("part") or parts.get("first") or 0).replace("-", ""))
            return Period(int(year), part, kind if name == "year" and kind in _PER_YEAR else name, text)
    return None


def expected(years: Iterable[int], found: Iterable[Period]) -> int:
    """How many periods of the kind that was found fill the years; what is found when that cannot be said."""
    kinds = {one.kind for one in found}
    per_year = _PER_YEAR.get(kinds.pop(), 0) if len(kinds) == 1 else 0
    return per_year * len(set(years))
