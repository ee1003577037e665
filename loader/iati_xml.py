"""IATI 2.03 as XML: the elements in the order of the schema, each text with its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree

from ..ontology.names import RT, SCHEME
from ..ontology.problems import Lang

Texts = Mapping[str, str]
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IRI = f"{{{RT}}}iri"
_OWN = "99"


@dataclass(frozen=True)
class Number:
    """A value of one year: ``baseline``, ``target`` or ``actual``; without a value its comment tells."""

    element: str
    year: int
    value: str | None
    comment: Texts


@dataclass(frozen=True)
class Indicator:
    """What a result is measured by; ``iri`` is None where the result itself tells."""

    iri: str | None
    measure: str
    ascending: str | None
    titles: Texts
    descriptions: Texts
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Result:
    """One result of the type 1 output, 2 outcome, 3 impact or 9 other."""

    iri: str
    type: str
    titles: Texts
    descriptions: Texts
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Party:
    """An organisation in a role."""

    role: str
    type: str | None
    names: Texts


@dataclass(frozen=True)
class Date:
    """A date; only the year of it is known."""

    type: str
    day: str


@dataclass(frozen=True)
class Reporter:
    """Who reports; ``secondary`` when it tells of another's work."""

    ref: str
    type: str
    secondary: bool
    names: Texts


@dataclass(frozen=True)
class Activity:
    """One iati-activity; ``sector`` is a focus area's code and names, ``related`` pairs of type and ref."""

    identifier: str
    iri: str
    hierarchy: str
    titles: Texts
    descriptions: Texts
    parties: tuple[Party, ...]
    status: str
    dates: tuple[Date, ...]
    country: str | None
    sector: tuple[str, Texts] | None
    related: tuple[tuple[str, str], ...]
    results: tuple[Result, ...]


def write(activities: Sequence[Activity], reporter: Reporter, lang: Lang) -> bytes:
    """The whole file, indented, in UTF-8."""
    ElementTree.register_namespace("rt", str(RT))
    root = ElementTree.Element("iati-activities", {"version": "2.03"})
    for activity in activities:
        _activity(root, activity, reporter, lang)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _activity(root: ElementTree.Element, one: Activity, reporter: Reporter, lang: Lang) -> None:
    node = _add(root, "iati-activity", {_LANG: lang, "hierarchy": one.hierarchy, "linked-data-uri": one.iri})
    _add(node, "iati-identifier").text = one.identifier
    secondary = "1" if reporter.secondary else "0"
    attributes = {"ref": reporter.ref, "type": reporter.type, "secondary-reporter": secondary}
    _narrate(_add(node, "reporting-org", attributes), reporter.names)
    _narrate(_add(node, "title"), one.titles)
    _narrate(_add(node, "description"), one.descriptions or one.titles)
    for party in one.parties:
        attributes = {"role": party.role} | ({"type": party.type} if party.type else {})
        _narrate(_add(node, "participating-org", attributes), party.names)
    _add(node, "activity-status", {"code": one.status})
    for date in one.dates:
        _year_only(_add(node, "activity-date", {"type": date.type, "iso-date": date.day}), date)
    if one.country:
        _add(node, "recipient-country", {"code": one.country})
    if one.sector:
        code, names = one.sector
        attributes = {"vocabulary": _OWN, "vocabulary-uri": str(SCHEME["focus-area"]), "code": code}
        _narrate(_add(node, "sector", attributes), names)
    for kind, ref in one.related:
        _add(node, "related-activity", {"type": kind, "ref": ref})
    for result in one.results:
        _result(node, result)


def _result(parent: ElementTree.Element, one: Result) -> None:
    node = _add(parent, "result", {"type": one.type, _IRI: one.iri})
    _titled(node, one.titles, one.descriptions)
    for indicator in one.indicators:
        attributes = {"measure": indicator.measure}
        if indicator.ascending:
            attributes["ascending"] = indicator.ascending
        if indicator.iri:
            attributes[_IRI] = indicator.iri
        child = _add(node, "indicator", attributes)
        _titled(child, indicator.titles, indicator.descriptions)
        _numbers(child, indicator.numbers)


def _numbers(parent: ElementTree.Element, numbers: Sequence[Number]) -> None:
    ordered = sorted(numbers, key=lambda n: (n.element != "baseline", n.year, n.element != "target", n.value))
    for number in ordered:
        if number.element == "baseline":
            _number(parent, number, {"year": str(number.year)})
    rest = [number for number in ordered if number.element != "baseline"]
    for year, group in groupby(rest, key=lambda number: number.year):
        period = _add(parent, "period")
        _add(period, "period-start", {"iso-date": f"{year:04}-01-01"})
        _add(period, "period-end", {"iso-date": f"{year:04}-12-31"})
        for number in group:
            _number(period, number, {})


def _number(parent: ElementTree.Element, number: Number, attributes: dict[str, str]) -> None:
    value = {} if number.value is None else {"value": number.value}
    node = _add(parent, number.element, attributes | value)
    if number.comment:
        _narrate(_add(node, "comment"), number.comment)


def _titled(node: ElementTree.Element, titles: Texts, descriptions: Texts) -> None:
    _narrate(_add(node, "title"), titles)
    if descriptions:
        _narrate(_add(node, "description"), descriptions)


def _narrate(node: ElementTree.Element, texts: Texts) -> None:
    for lang, text in sorted(texts.items(), reverse=True):
        _add(node, "narrative", {_LANG: lang}).text = _clean(text)


def _year_only(node: ElementTree.Element, date: Date) -> None:
    year = date.day[:4]
    _narrate(node, {"sv": f"Bara året är känt: {year}", "en": f"Only the year is known: {year}"})


def _add(
    parent: ElementTree.Element, name: str, attributes: Mapping[str, str] | None = None
) -> ElementTree.Element:
    return ElementTree.SubElement(parent, name, dict(attributes or {}))


def _clean(text: str) -> str:
    """XML 1.0 has no place for most control characters."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
