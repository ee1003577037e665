"""The answer of a roll-up and the forms in which it is handed out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from ...ontology import label
from ...ontology.names import SCHEME
from ...ontology.problems import Lang
from .calculation import Result
from .findings import shown
from .members import Member, Publication

_WORDS = {
    "place": {"sv": "Plats", "en": "Place"},
    "period": {"sv": "Tid", "en": "Time"},
    "group": {"sv": "Grupp", "en": "Group"},
    "value": {"sv": "Mätvärde", "en": "Measured value"},
    "unit": {"sv": "Enhet", "en": "Unit"},
    "verdict": {"sv": "Giltighet", "en": "Verdict"},
    "covered": {"sv": "Täckning", "en": "Coverage"},
    "rules": {"sv": "Regler", "en": "Rules"},
    "missing": {"sv": "Saknas", "en": "Missing"},
    "explanation": {"sv": "Förklaring", "en": "Explanation"},
    "alternative": {"sv": "I stället", "en": "Instead"},
    "status": {"sv": "Status", "en": "Status"},
    "publication": {"sv": "Publicering", "en": "Publication"},
    "source": {"sv": "Källa", "en": "Source"},
    "observation": {"sv": "Adress", "en": "Address"},
    "answer": {"sv": "Svar", "en": "Answer"},
    "members": {"sv": "Mätvärden", "en": "Measured values"},
    "origin": {"sv": "Fråga", "en": "Question"},
    "of": {"sv": "av", "en": "of"},
    "weight": {"sv": "procent av vikten", "en": "per cent of the weight"},
}
_COLUMNS = [
    "place",
    "period",
    "group",
    "value",
    "unit",
    "verdict",
    "covered",
    "missing",
    "rules",
    "explanation",
    "alternative",
]
_MEMBER_COLUMNS = [
    "place",
    "period",
    "group",
    "value",
    "unit",
    "status",
    "source",
    "publication",
    "observation",
]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Rollup:
    """The results of a roll-up with the SPARQL that found the members and the generation that answered."""

    indicator: str
    label: str
    over: tuple[str, ...]
    lang: Lang
    results: tuple[Result, ...]
    sparql: str
    generation: int | None
    names: Mapping[str, str]
    publications: Mapping[str, Publication]

    @property
    def result(self) -> Result:
        """The only result. Raises ValueError when there are several."""
        if len(self.results) != 1:
            raise ValueError(f"{len(self.results)} results: read them from .results")
        return self.results[0]

    @property
    def refused(self) -> bool:
        """Whether every result is a refusal."""
        return all(one.refusal is not None for one in self.results)

    def explanation(self, result: Result, lang: Lang | None = None) -> str:
        """What the value says and does not say, in sentences."""
        return " ".join(finding.sentence(lang or self.lang) for finding in result.findings)

    def alternative(self, result: Result, lang: Lang | None = None) -> str:
        """The nearest that can be answered instead of a refused value."""
        said = [result.published.sentence(lang or self.lang)] if result.published else []
        if result.refusal:
            said.append(result.refusal.alternative(lang or self.lang))
        return " ".join(one for one in said if one)

    def covered(self, result: Result) -> str:
        """Coverage in words: "20 av 21"."""
        said = f"{result.present} {_WORDS['of'][self.lang]} {result.expected}"
        if result.weight_covered is None or result.weight_covered == 1:
            return said
        share = shown(result.weight_covered * 100, self.lang)
        return f"{said} ({share} {_WORDS['weight'][self.lang]})"

    def table(self) -> tuple[list[str], list[list[object]]]:
        """The results as headings and rows for reading."""
        return [_WORDS[name][self.lang] for name in _COLUMNS], [self._row(one) for one in self.results]

    def member_table(self) -> tuple[list[str], list[list[object]]]:
        """The members of all results as headings and rows."""
        headings = [_WORDS[name][self.lang] for name in _MEMBER_COLUMNS]
        members = {one.observation: one for result in self.results for one in result.members}
        return headings, [list(self._member(one).values()) for one in members.values()]

    def as_dict(self) -> dict[str, Any]:
        """What ``to_json`` writes."""
        return {
            "indicator": self.indicator,
            "label": self.label,
            "over": list(self.over),
            "lang": self.lang,
            "generation": self.generation,
            "results": [self._json(one) for one in self.results],
            "sparql": self.sparql,
        }

    def to_json(self) -> str:
        """Every result with its verdict, rules, members and explanation; numbers as exact text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)

    def to_csv(self) -> str:
        """One line per result."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        headings, rows = self.table()
        writer.writerow(headings)
        writer.writerows([safe(cell) for cell in row] for row in rows)
        return buffer.getvalue()

    def to_xlsx(self) -> bytes:
        """A workbook: results, members, and the question with its SPARQL."""
        buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(buffer, options) as book:
            bold = book.add_format({"bold": True})
            for name, (headings, rows) in (("answer", self.table()), ("members", self.member_table())):
                sheet = book.add_worksheet(_WORDS[name][self.lang])
                for column, heading in enumerate(headings):
                    sheet.write_string(0, column, heading, bold)
                for line, row in enumerate(rows, 1):
                    for column, cell in enumerate(row):
                        if isinstance(cell, Decimal):
                            sheet.write_number(line, column, float(cell))
                        else:
                            sheet.write_string(line, column, "" if cell is None else str(cell))
                sheet.freeze_panes(1, 0)
                sheet.autofit()
            sheet = book.add_worksheet(_WORDS["origin"][self.lang])
            for line, text in enumerate((self.label, self.indicator, str(self.generation), self.sparql)):
                sheet.write_string(line, 0, text)
        return buffer.getvalue()

    def _row(self, result: Result) -> list[object]:
        return [
            result.place_label,
            result.period,
            self._groups(result.categories),
            _value(result),
            result.unit,
            _verdict(result, self.lang),
            self.covered(result),
            shown(result.missing, self.lang) if result.missing else "",
            " ".join(result.rules),
            self.explanation(result),
            self.alternative(result),
        ]

    def _groups(self, categories: frozenset[str]) -> str:
        return ", ".join(sorted(self.names.get(one, one.rpartition("/")[2]) for one in categories))

    def _member(self, member: Member) -> dict[str, object]:
        publication = self.publications.get(member.publication or "")
        return {
            "place": self.names.get(member.place, member.place.rpartition("/")[2]),
            "period": member.period.text,
            "group": self._groups(member.categories),
            "value": member.value if member.value is not None else member.text or None,
            "unit": member.unit,
            "status": member.status,
            "source": publication.source if publication else None,
            "publication": member.publication,
            "observation": member.observation,
        }

    def _json(self, result: Result) -> dict[str, Any]:
        order = {"exact", "refused"}
        return {
            "place": {"iri": result.place, "label": result.place_label},
            "period": result.period,
            "categories": sorted(result.categories),
            "value": text_of(result.value),
            "unit": result.unit,
            "verdict": result.verdict,
            "verdict_label": _verdict(result, self.lang),
            "verdicts": sorted({one.kind.verdict for one in result.findings} - (order - {result.verdict})),
            "rules": list(result.rules),
            "findings": [
                {
                    "code": one.code,
                    "rule": one.kind.rule,
                    "verdict": one.kind.verdict,
                    "sentence_sv": one.sentence("sv"),
                    "sentence_en": one.sentence("en"),
                }
                for one in result.findings
            ],
            "coverage": {
                "expected": result.expected,
                "present": result.present,
                "share": text_of(result.share),
                "weight_share": text_of(result.weight_covered),
                "text": self.covered(result),
                "missing": list(result.missing),
                "suppressed": list(result.suppressed),
            },
            "lower": text_of(result.lower),
            "upper": text_of(result.upper),
            "numerator": text_of(result.numerator),
            "denominator": text_of(result.denominator),
            "distribution": dict(result.distribution) if result.distribution else None,
            "refusal": self._refusal(result),
            "explanation": self.explanation(result),
            "members": [{**member, "value": text_of(member["value"])} for member in self._members(result)],
            "derived_from": [member.observation for member in result.members],
        }

    def _members(self, result: Result) -> Iterator[dict[str, object]]:
        return (self._member(member) for member in result.members)

    def _refusal(self, result: Result) -> dict[str, Any] | None:
        if result.refusal is None:
            return None
        reason = result.refusal.kind.reason or ""
        return {
            "reason": reason,
            "reason_label": label(SCHEME[f"refusal-reason/{reason}"], self.lang),
            "rule": result.refusal.kind.rule,
            "sentence": result.refusal.sentence(self.lang),
            "alternative_sv": self.alternative(result, "sv"),
            "alternative_en": self.alternative(result, "en"),
        }


def _value(result: Result) -> object:
    if result.distribution:
        return "; ".join(f"{name}: {count}" for name, count in result.distribution.items())
    return result.value


def _verdict(result: Result, lang: Lang) -> str:
    return label(SCHEME[f"rollup-verdict/{result.verdict}"], lang)


def text_of(value: object) -> str | None:
    """A number as exact text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if value is None else str(value)


def safe(cell: object) -> str:
    """A cell of CSV that no spreadsheet reads as a formula."""
    text = text_of(cell) or ""
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text
