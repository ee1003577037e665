"""The forms in which objective attainment is handed out: JSON, a table, CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from ...ontology import label
from ...ontology.names import SCHEME
from ...ontology.problems import Lang
from .answer import safe, text_of
from .attainment import Attainment, Human, Row
from .findings import shown
from .judging import Judged, Target

_WORDS = {
    "indicator": {"sv": "Indikator", "en": "Indicator"},
    "place": {"sv": "Plats", "en": "Place"},
    "kind": {"sv": "Slag av målvärde", "en": "Kind of target"},
    "target": {"sv": "Målvärde", "en": "Target"},
    "year": {"sv": "År", "en": "Year"},
    "value": {"sv": "Mätvärde", "en": "Measured value"},
    "period": {"sv": "Tid", "en": "Time"},
    "computed": {"sv": "Räknat", "en": "Computed"},
    "why": {"sv": "Räkning", "en": "Calculation"},
    "human": {"sv": "Bedömt av människor", "en": "Judged by people"},
    "constructed": {"sv": "Konstruerat", "en": "Constructed"},
}
_YES = {"sv": "ja", "en": "yes"}
_UNSAID = {"sv": "omdömet finns inte i källan", "en": "the verdict is not in the source"}


def as_dict(found: Attainment) -> dict[str, Any]:
    """Every target with the verdict of the numbers and, apart from it, those of people."""
    return {
        "asked": {"iri": found.asked, "label": found.label(found.asked)},
        "lang": found.lang,
        "generation": found.generation,
        "computed_counts": found.counts(),
        "human": [_human(found, one) for one in found.humans],
        "targets": [_row(found, row) for row in found.rows],
    }


def to_json(found: Attainment) -> str:
    """What ``as_dict`` holds; numbers as exact text."""
    return json.dumps(as_dict(found), ensure_ascii=False, indent=1)


def table(found: Attainment) -> tuple[list[str], list[list[object]]]:
    """One row per target or indicator without one; the first is the objective when people have judged it."""
    rows = [_line(found, row) for row in found.rows]
    if found.humans:
        rows.insert(0, [found.label(found.asked), *[""] * 8, _people(found, found.humans), ""])
    return [words[found.lang] for words in _WORDS.values()], rows


def to_csv(found: Attainment) -> str:
    """The table with numbers as exact text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    headings, rows = table(found)
    writer.writerow(headings)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def verdict_label(judged: Judged, lang: Lang) -> str:
    """The computed verdict in words."""
    return label(SCHEME[f"attainment-verdict/{judged.verdict}"], lang)


def explanation(judged: Judged, lang: Lang) -> str:
    """What was compared with what, or why it could not be."""
    return " ".join(one.sentence(lang) for one in judged.findings)


def _line(found: Attainment, row: Row) -> list[object]:
    target, judged, lang = row.target, row.judged, found.lang
    return [
        found.label(row.indicator),
        found.label(target.place) if target else "",
        _kind(target, lang),
        _wanted(target, lang),
        target.year if target else "",
        judged.value if judged else "",
        judged.period if judged else "",
        verdict_label(judged, lang) if judged else "",
        explanation(judged, lang) if judged else "",
        _people(found, row.humans),
        _YES[lang] if row.constructed else "",
    ]


def _kind(target: Target | None, lang: Lang) -> str:
    return label(SCHEME[f"target-kind/{target.kind}"], lang) if target and target.kind else ""


def _wanted(target: Target | None, lang: Lang) -> str:
    if target is None or target.value is None:
        return ""
    number = shown(target.value, lang)
    number += f"–{shown(target.most, lang)}" if target.most is not None else ""
    return f"{number} {target.unit}".strip()


def _people(found: Attainment, humans: tuple[Human, ...]) -> str:
    lang = found.lang
    told = []
    for one in humans:
        verdict = found.label(one.verdict) if one.verdict else _UNSAID[lang]
        who = ", ".join(word for word in (found.label(one.assessor), one.year or "") if word)
        told.append(f"{found.label(one.assessment)}: {verdict}" + (f" ({who})" if who else ""))
    return "; ".join(told)


def _row(found: Attainment, row: Row) -> dict[str, Any]:
    target, judged = row.target, row.judged
    return {
        "indicator": {"iri": row.indicator, "label": found.label(row.indicator)},
        "target": None if target is None else _target(found, target),
        "computed": None if judged is None else _judged(judged, found.lang),
        "human": [_human(found, one) for one in row.humans],
        "constructed": row.constructed,
    }


def _target(found: Attainment, target: Target) -> dict[str, Any]:
    return {
        "iri": target.iri,
        "place": {"iri": target.place, "label": found.label(target.place)},
        "kind": target.kind or None,
        "value": text_of(target.value),
        "value_max": text_of(target.most),
        "unit": target.unit or None,
        "year": target.year,
        "baseline_year": target.baseline_year,
        "compared_with": list(target.compared_with),
        "publication": target.publication,
    }


def _judged(judged: Judged, lang: Lang) -> dict[str, Any]:
    return {
        "verdict": judged.verdict,
        "verdict_label": verdict_label(judged, lang),
        "value": text_of(judged.value),
        "period": judged.period,
        "findings": [
            {"code": one.code, "sentence_sv": one.sentence("sv"), "sentence_en": one.sentence("en")}
            for one in judged.findings
        ],
        "derived_from": [one.observation for one in judged.members],
    }


def _human(found: Attainment, one: Human) -> dict[str, Any]:
    return {
        "assessment": {"iri": one.assessment, "label": found.label(one.assessment)},
        "on": {"iri": one.on, "label": found.label(one.on)},
        "verdict": None if one.verdict is None else {"iri": one.verdict, "label": found.label(one.verdict)},
        "assessor": None if one.assessor is None else found.label(one.assessor),
        "year": one.year,
        "evidence": one.evidence,
        "section": one.section,
        "publication": one.publication,
    }
