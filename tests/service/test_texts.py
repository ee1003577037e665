"""The words of the pages: all there, in both languages, none left over."""

from __future__ import annotations

import re
import string
from decimal import Decimal
from pathlib import Path

import pytest
import rodtrad.service
from rodtrad.service.negotiation import best, language, wants_html
from rodtrad.service.texts import number, texts

SERVICE = Path(rodtrad.service.__file__).parent
SOURCES = [*SERVICE.glob("*.py"), *(SERVICE / "templates").rglob("*.html")]


def test_both_languages_have_the_same_blanks() -> None:
    for key, words in texts().items():
        assert set(words) == {"sv", "en"}, key
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(words[one]) if name} for one in ("sv", "en")
        ]
        assert blanks[0] == blanks[1], key


def test_every_named_text_exists_and_none_is_left_over() -> None:
    source = "\n".join(path.read_text("utf-8") for path in SOURCES)
    named = set(re.findall(r"\bt(?:ext)?\('?\"?([a-z][\w-]+)['\"]\s*[,)]", source))
    assert {key for key in named if key not in texts()} == set()
    # Keys made of a fixed beginning and a value, such as count_Activity.
    beginnings = set(re.findall(r"['\"]([a-z][a-z0-9_]*_)['\"{]", source)) | {"gap_"}
    quoted = set(re.findall(r"['\"]([a-z][\w-]+)['\"]", source))
    spare = {key for key in texts() if key not in named | quoted and not key.startswith(tuple(beginnings))}
    assert spare == set()


@pytest.mark.parametrize(
    ("value", "lang", "written"),
    [
        (1234567, "sv", "1\u00a0234\u00a0567"),
        (1234567, "en", "1,234,567"),
        (Decimal("1234.50"), "sv", "1\u00a0234,5"),
        (Decimal("0.125"), "en", "0.125"),
        (Decimal("100"), "sv", "100"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: Decimal, lang: str, written: str) -> None:
    assert number(value, "sv" if lang == "sv" else "en") == written


@pytest.mark.parametrize(
    ("asked", "header", "expected"),
    [
        (None, None, "sv"),
        (None, "de,fr;q=0.5", "sv"),
        (None, "en-US,en;q=0.9,sv;q=0.8", "en"),
        (None, "sv,en", "sv"),
        ("en", "sv", "en"),
        ("xx", "en", "en"),
        (None, "en;q=abc", "sv"),
    ],
)
def test_language_of_a_page(asked: str | None, header: str | None, expected: str) -> None:
    assert language(asked, header) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "a/b"),
        ("c/*;q=0.5, a/b;q=0.1", "c/d"),
        ("*/*;q=0.1, a/b;q=0", "c/d"),
        ("x/y", None),
        (";;,,q=", None),
    ],
)
def test_best_media_type(accept: str, expected: str | None) -> None:
    assert best(accept, ("a/b", "c/d")) == expected


def test_a_browser_is_told_from_a_program() -> None:
    assert wants_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    assert not wants_html("*/*")
    assert not wants_html("application/json, text/html;q=0.5")
    assert not wants_html(None)
