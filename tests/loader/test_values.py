"""How numbers, several values in a cell, and names are understood."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef
from rodtrad.loader.values import canonical, join_values, parse, split_values
from rodtrad.shapes.form import Column, load_forms


def column(path: str) -> Column:
    return next(c for form in load_forms().all for c in form.columns if str(c.path).endswith(f"/ns/{path}"))


@pytest.mark.parametrize(
    ("text", "number", "remark"),
    [
        ("184", "184", None),
        ("10.50", "10.5", None),
        ("007", "7", None),
        ("-0.0", "0", None),
        ("−3", "-3", None),
        ("1,5", "1.5", "decimal-comma"),
        ("1 600", "1600", "number-with-spaces"),
        ("1\u00a0600\u00a0000", "1600000", "number-with-spaces"),
        ("1 600,25", "1600.25", "decimal-comma"),
        ("0.100000000000000005", "0.100000000000000005", None),
    ],
)
def test_a_number_keeps_every_digit_and_is_written_in_one_way(text, number, remark):
    parsed = parse(column("value"), text, "sv")
    assert (str(parsed.term), parsed.code) == (number, remark)


@pytest.mark.parametrize(
    "text",
    [
        "1 60",
        "1,600,000",
        "1.600,50",
        "1e3",
        "Infinity",
        "NaN",
        "½",
        "٣",
        "40 st",
        "--4",
        "9" * 19,
        "0." + "1" * 19,
    ],
)
def test_what_is_not_plainly_a_number_is_not_guessed(text):
    parsed = parse(column("value"), text, "sv")
    assert (parsed.term, parsed.code) == (None, "bad-number")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("4–5", "4", "5"), ("4 - 5", "4", "5"), ("4 till 5", "4", "5"), ("1 600–2 000,5", "1600", "2000.5")],
)
def test_a_range_is_told_with_both_ends(text, low, high):
    parsed = parse(column("value"), text, "sv")
    assert (parsed.code, parsed.values) == ("number-is-range", {"low": low, "high": high})


def test_half_a_year_is_not_a_year():
    assert parse(column("periodStart"), "2019.5", "sv").code == "bad-year"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_canonical_numbers_are_equal_exactly_when_the_numbers_are(number):
    text = canonical(number)
    assert Decimal(text) == number
    assert canonical(Decimal(text)) == text
    assert canonical(number + Decimal("0.0000000")) == text


values = st.lists(st.text(min_size=1).map(str.strip).filter(bool), max_size=5)


@given(values)
def test_several_values_in_a_cell_are_read_back(texts):
    assert split_values(join_values(texts, ";"), ";") == texts


def test_quotation_marks_inside_a_value_do_not_hide_the_separator():
    assert split_values('kallas "DVC"; "ett; två"', ";") == ['kallas "DVC"', "ett; två"]


def test_a_long_cell_of_separators_is_split_quickly():
    assert split_values(";" * 100_000, ";") == []


def test_every_declared_column_has_names_in_both_languages_and_a_known_kind_of_value():
    for form in load_forms().all:
        for c in form.columns:
            assert set(c.names) == {"sv", "en"}, c.iri
            assert c.datatype or c.cls or c.scheme or c.nested or c.refers_to_column, c.iri
            assert isinstance(c.path, URIRef)
