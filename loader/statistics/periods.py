"""Reads the ways in which files write time."""

from __future__ import annotations

import re
from dataclasses import dataclass

_YEAR = re.compile(r"(\d{4})(?:\.0)?")
_RANGE = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})")
_SCHOOL = re.compile(r"(\d{4})\s*[-–/]\s*(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-Mm]\s*(\d{1,2})")
_QUARTER = re.compile(r"(\d{4})\s*-?[QqKk]\s*([1-4])")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?")
_SIX = re.compile(r"(\d{4})(\d{2})")
_FIRST, _LAST = 1900, 2100


@dataclass(frozen=True)
class Time:
    """A time as it is stored: the year, or the last year of a longer period, and the period if no year.

    ``kind`` is a notation of the scheme period-type.
    """

    year: int
    period: str | None
    kind: str


def parse_time(text: str, six_digits: str | None = None) -> Time | None:
    """Read a time; ``None`` when it is none, or can be read in two ways.

    Args:
        text: "2011", "2004-2007", "2020M01", "2020-01", "2024Q1", "1975K1", "2024-11-01" or "200701".
        six_digits: "yyyymm" or "yyyyqq"; without it six digits are not understood.

    >>> parse_time("2004-2007"), parse_time("200701")
    (Time(year=2007, period='2004/2007', kind='years'), None)
    >>> parse_time("200701", "yyyyqq")
    Time(year=2007, period='2007Q1', kind='quarter')
    """
    text = text.strip()
    found = _years(text) or _within(text, six_digits)
    return found if found and _FIRST <= found.year <= _LAST else None


def _years(text: str) -> Time | None:
    if match := _YEAR.fullmatch(text):
        return Time(int(match[1]), None, "year")
    if match := _RANGE.fullmatch(text):
        first, last = int(match[1]), int(match[2])
        return Time(last, f"{first}/{last}", "years") if first < last else None
    return None


def _within(text: str, six_digits: str | None) -> Time | None:
    if match := _QUARTER.fullmatch(text):
        return Time(int(match[1]), f"{match[1]}Q{match[2]}", "quarter")
    if match := _DAY.fullmatch(text):
        return Time(int(match[1]), f"{match[1]}-{match[2]}-{match[3]}", "day")
    if (match := _MONTH.fullmatch(text)) and 1 <= int(match[2]) <= 12:
        return Time(int(match[1]), f"{match[1]}-{int(match[2]):02}", "month")
    if (match := _SIX.fullmatch(text)) and six_digits == "yyyyqq" and 1 <= int(match[2]) <= 4:
        return Time(int(match[1]), f"{match[1]}Q{int(match[2])}", "quarter")
    if match and six_digits == "yyyymm" and 1 <= int(match[2]) <= 12:
        return Time(int(match[1]), f"{match[1]}-{match[2]}", "month")
    if (match := _SCHOOL.fullmatch(text)) and int(match[2]) == (int(match[1]) + 1) % 100:
        return Time(int(match[1]) + 1, f"{match[1]}/{int(match[1]) + 1}", "school-year")
    return None
