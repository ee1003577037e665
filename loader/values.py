"""Reads the text of one cell as a number, a year, a date, yes or no, or plain text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal as Choice

from rdflib import RDF, XSD, Literal, URIRef

from ..shapes.form import Column

MAX_TEXT = 10_000
TRUE = {"ja", "yes", "true", "sant", "j", "y", "1"}
FALSE = {"nej", "no", "false", "falskt", "n", "0"}
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(?!\d))")
# As many digits as the query engine computes with exactly.
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?", re.ASCII)
_DIGITS = r"\d[\d \u00a0\u2009\u202f]*(?:[.,]\d+)?"
_RANGE = re.compile(rf"(-?{_DIGITS})\s*(?:[-–—−]|till|to|\.\.)\s*({_DIGITS})", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(frozen=True)
class Parsed:
    """What a text was read as; ``code`` names a problem or a remark, ``term`` is ``None`` on a problem."""

    term: Literal | None
    code: str | None = None
    severity: Choice["violation", "warning", "info"] = "violation"
    values: Mapping[str, object] = field(default_factory=dict)


def parse(column: Column, text: str, lang: str) -> Parsed:
    """Read ``text`` as the column's datatype; texts are tagged with ``lang``."""
    datatype = column.datatype or XSD.string
    if len(text) > MAX_TEXT:
        return Parsed(None, "text-too-long", values={"length": len(text), "limit": MAX_TEXT})
    if _CONTROL.search(text):
        return Parsed(None, "text-with-control-characters")
    if datatype == RDF.langString:
        return Parsed(Literal(text, lang=lang))
    if datatype == XSD.string:
        return Parsed(Literal(text))
    if datatype in (XSD.integer, XSD.decimal):
        return _parse_number(column, text)
    if datatype == XSD.boolean:
        return _parse_boolean(text)
    if datatype == XSD.date:
        return _parse_date(text)
    return _parse_other(text, datatype)


def canonical(number: Decimal) -> str:
    """The one way in which a number is written, so that equal numbers are equal texts.

    >>> canonical(Decimal("10.50")), canonical(Decimal("-0")), canonical(Decimal("1E+3"))
    ('10.5', '0', '1000')
    """
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    digits = digits.lstrip("0") or "0"
    digits = "0" + digits if digits.startswith(".") else digits
    return digits if digits == "0" else sign + digits


def split_values(text: str, separator: str) -> list[str]:
    """The values in one cell; a value that holds the separator stands in double quotation marks.

    >>> split_values('a; "b; c" ;d;', ";")
    ['a', 'b; c', 'd']
    """
    parts = [part.strip() for part in _split_outside_quotes(text, separator)]
    quoted = ((_QUOTED.fullmatch(part), part) for part in parts if part)
    return [match[1].replace('""', '"') if match else part for match, part in quoted]


def join_values(values: list[str], separator: str) -> str:
    """The opposite of ``split_values``."""
    written = [
        f'"{value.replace(chr(34), chr(34) * 2)}"' if separator in value or value.startswith('"') else value
        for value in values
    ]
    return f"{separator} ".join(written)


def _split_outside_quotes(text: str, separator: str) -> list[str]:
    quoted = re.compile(rf"\s*{_QUOTED.pattern}\s*(?={re.escape(separator)}|$)")
    parts, start = [], 0
    while start < len(text):
        opening = quoted.match(text, start)
        end = opening.end() if opening else text.find(separator, start)
        end = len(text) if end < 0 else end
        parts.append(text[start:end])
        start = end + len(separator)
    return parts


def _parse_number(column: Column, text: str) -> Parsed:
    found = _RANGE.fullmatch(text)
    ends = [_plain(end) for end in found.groups()] if found else []
    if ends and all(_NUMBER.fullmatch(end) for end in ends) and Decimal(ends[0]) <= Decimal(ends[1]):
        return Parsed(None, "number-is-range", values={"low": ends[0], "high": ends[1]})
    bare = _plain(text)
    if not _NUMBER.fullmatch(bare):
        return Parsed(None, "bad-year" if _is_year(column) else "bad-number")
    number = Decimal(bare)
    low, high = column.minimum, column.maximum
    whole = number == number.to_integral_value()
    if column.datatype == XSD.integer and not whole:
        return Parsed(None, "bad-year" if _is_year(column) else "number-not-whole")
    if (low is not None and number < low) or (high is not None and number > high):
        code = "bad-year" if _is_year(column) else "number-out-of-bounds"
        values = {"low": "–" if low is None else low, "high": "–" if high is None else high}
        return Parsed(None, code, values=values)
    term = Literal(canonical(number), datatype=column.datatype, normalize=False)
    if "," in text:
        return Parsed(term, "decimal-comma", "info", {"number": term})
    if _SPACES.search(text):
        return Parsed(term, "number-with-spaces", "info", {"number": term})
    return Parsed(term)


def _plain(text: str) -> str:
    bare = _SPACES.sub("", text.strip()).replace("−", "-")
    return bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare


def _is_year(column: Column) -> bool:
    return column.datatype == XSD.integer and (column.minimum or 0) >= 1000


def _parse_boolean(text: str) -> Parsed:
    word = text.strip().casefold()
    if word in TRUE | FALSE:
        return Parsed(Literal("true" if word in TRUE else "false", datatype=XSD.boolean))
    return Parsed(None, "bad-boolean")


def _parse_date(text: str) -> Parsed:
    try:
        return Parsed(Literal(dt.date.fromisoformat(text.strip()).isoformat(), datatype=XSD.date))
    except ValueError:
        return Parsed(None, "bad-date")


def _parse_other(text: str, datatype: URIRef) -> Parsed:
    term = Literal(text, datatype=datatype, normalize=False)
    if term.ill_typed:
        return Parsed(None, "bad-value", values={"kind": datatype.rsplit("#", 1)[-1]})
    return Parsed(term)
