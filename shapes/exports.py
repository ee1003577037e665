"""A report as Turtle and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlsxwriter
from rdflib import SH, Literal, URIRef

from ..ontology.names import RT
from ..ontology.problems import LANGS, Lang
from .report import Finding, Report, rule_iri, summary

_HEADINGS = {
    "sv": (
        "Fil",
        "Blad",
        "Cell",
        "Regel",
        "Allvar",
        "Anmärkning",
        "Gör så här",
        "Resurs",
        "Egenskap",
        "Värde",
    ),
    "en": (
        "File",
        "Sheet",
        "Cell",
        "Rule",
        "Severity",
        "Finding",
        "What to do",
        "Resource",
        "Property",
        "Value",
    ),
}
_SHEET = {"sv": "Anmärkningar", "en": "Findings"}
_SEVERITY_WORD = {
    "sv": {"violation": "fel", "warning": "varning", "info": "upplysning"},
    "en": {"violation": "violation", "warning": "warning", "info": "note"},
}
_WIDTHS = (22, 16, 8, 11, 11, 60, 60, 50, 40, 40)


def to_turtle(report: Report) -> str:
    """The report as a ``sh:ValidationReport``, each result with its rule."""
    lines = [
        f"@prefix sh: <{SH}> .",
        f"@prefix rt: <{RT}> .",
        "",
        "[] a sh:ValidationReport ;",
        f"    rt:findingsInTotal {report.total} ;",
        f"    rt:blocks {str(report.blocks).lower()} ;",
    ]
    results = [_result(finding) for finding in report.findings]
    lines.append(f"    sh:conforms {str(report.conforms).lower()}" + (" ;" if results else " ."))
    if results:
        lines.append("    sh:result " + " ,\n        ".join(results) + " .")
    return "\n".join(lines) + "\n"


def _result(finding: Finding) -> str:
    parts = [
        "a sh:ValidationResult",
        f"sh:focusNode {_node(finding.focus)}",
        f"sh:resultSeverity sh:{finding.severity.capitalize()}",
        f"sh:sourceConstraintComponent sh:{finding.component}",
        f"rt:rule <{rule_iri(finding.rule)}>",
    ]
    if not finding.shape.startswith("_:"):
        parts.append(f"sh:sourceShape <{finding.shape}>")
    if finding.path:
        parts.append(f"sh:resultPath {_path(finding.path)}")
    if finding.value is not None:
        parts.append(f"sh:value {_node(finding.value)}")
    parts += [
        f"sh:resultMessage {Literal(finding.messages[lang], lang=lang).n3()}"
        for lang in LANGS
        if lang in finding.messages
    ]
    return "[ " + " ; ".join(parts) + " ]"


def _node(text: str) -> str:
    if text.startswith('"'):
        return text
    return "[]" if text.startswith("_:") else URIRef(text).n3()


def _path(path: str) -> str:
    if "<" in path or "(" in path:
        return Literal(path).n3()
    return f"[ sh:inversePath <{path[1:]}> ]" if path.startswith("^") else f"<{path}>"


def to_xlsx(report: Report, lang: Lang = "sv") -> bytes:
    """The findings as a workbook: one row each, with cell, rule, message and what to do."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(_SHEET[lang])
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_string(0, 0, summary(report, lang), bold)
        for column, (heading, width) in enumerate(zip(_HEADINGS[lang], _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, heading, bold)
        for row, finding in enumerate(report.findings, start=3):
            for column, text in enumerate(_cells(finding, lang)):
                sheet.write_string(row, column, text[:32_000], wrap)
        sheet.freeze_panes(3, 0)
        sheet.autofilter(2, 0, 2 + len(report.findings), len(_WIDTHS) - 1)
    return buffer.getvalue()


def _cells(finding: Finding, lang: Lang) -> Iterator[str]:
    where = finding.where
    yield from ((where.file if where else None) or "", (where.sheet if where else None) or "")
    yield (where.cell if where else None) or ""
    yield from (finding.rule, _SEVERITY_WORD[lang][finding.severity])
    yield from (finding.messages.get(lang, ""), finding.hints.get(lang, ""))
    yield from (finding.focus, finding.path or "", finding.value or "")
