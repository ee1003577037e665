"""What validation says: findings with their place, and the forms in which a report is given out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..ontology import label
from ..ontology.names import RULE, SCHEME
from ..ontology.problems import LANGS, Lang, Where
from .rulebook import Severity

MAX_FINDINGS = 10_000
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")

_PLAIN = ("rule", "severity", "focus", "path", "value", "shape", "component")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "none": {"sv": "Inga anmärkningar på nivå {tier}.", "en": "No findings at tier {tier}."},
    "total": {"sv": "Nivå {tier}: {parts}.", "en": "Tier {tier}: {parts}."},
    "shown": {"sv": "De {shown} första visas.", "en": "The first {shown} are shown."},
    "blocks": {
        "sv": "Publicering hindras tills felen är rättade.",
        "en": "Publication is held back until these are corrected.",
    },
    "passes": {"sv": "Inget av detta hindrar publicering.", "en": "None of this holds publication back."},
    "more": {"sv": "… och {more} till", "en": "… and {more} more"},
    "fix": {"sv": "Gör så här", "en": "What to do"},
}
_NUMBERED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "violation": {"sv": ("fel", "fel"), "en": ("violation", "violations")},
    "warning": {"sv": ("varning", "varningar"), "en": ("warning", "warnings")},
    "info": {"sv": ("upplysning", "upplysningar"), "en": ("note", "notes")},
}


class OriginLike(Protocol):
    """Where a statement was read: the loader's origins have this form."""

    @property
    def iri(self) -> object: ...
    @property
    def path(self) -> object: ...
    @property
    def file(self) -> str | None: ...
    @property
    def sheet(self) -> str | None: ...
    @property
    def cell(self) -> str | None: ...


@dataclass(frozen=True)
class Finding:
    """One thing that a rule points out.

    ``focus`` is the IRI that it concerns; ``path`` the property (``^`` before it where it is followed
    backwards); ``value`` the value at fault, an IRI or a literal in N-Triples.
    """

    rule: str
    severity: Severity
    focus: str
    path: str | None
    value: str | None
    messages: Mapping[str, str]
    hints: Mapping[str, str]
    shape: str
    component: str
    where: Where | None = None

    def as_dict(self) -> dict[str, object]:
        """The form used by the command line, the API and stored reports alike."""
        where = vars(self.where) if self.where else {}
        return {
            "rule": self.rule,
            "severity": self.severity,
            "focus": self.focus,
            "path": self.path,
            "value": self.value,
            "shape": self.shape,
            "component": self.component,
            "where": {key: value for key, value in where.items() if value is not None},
            **{f"message_{lang}": self.messages.get(lang, "") for lang in LANGS},
            **{f"hint_{lang}": self.hints.get(lang, "") for lang in LANGS},
        }


@dataclass(frozen=True)
class Report:
    """The findings of one validation.

    ``conforms``: nothing at all was found. ``blocks``: something was found that keeps the publication back at
    this tier. ``total`` counts every finding, ``counts`` by rule; ``findings`` holds at most MAX_FINDINGS.
    """

    tier: str
    findings: tuple[Finding, ...]
    conforms: bool
    blocks: bool
    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    severities: Mapping[str, int] = field(default_factory=dict)


def locate(report: Report, origins: Iterable[OriginLike]) -> Report:
    """The report with the cell of each finding, where the origins know it.

    A finding about a missing value gets the first known cell of its row.
    """
    cells: dict[tuple[str, str], OriginLike] = {}
    rows: dict[str, OriginLike] = {}
    for origin in origins:
        cells.setdefault((str(origin.iri), str(origin.path or "")), origin)
        rows.setdefault(str(origin.iri), origin)

    def place(finding: Finding) -> Finding:
        path = (finding.path or "").removeprefix("^")
        origin = cells.get((finding.focus, path)) or rows.get(finding.focus)
        if origin is None:
            return replace(finding, where=Where(iri=finding.focus))
        return replace(finding, where=Where(origin.file, origin.sheet, origin.cell, finding.focus))

    return replace(report, findings=tuple(place(finding) for finding in report.findings))


def without_values_of(report: Report, paths: frozenset[str]) -> Report:
    """The same report with an ellipsis for the values of some properties."""

    def hidden(finding: Finding) -> Finding:
        if finding.path is None or finding.path.lstrip("^") not in paths or not finding.value:
            return finding
        said = {finding.value, finding.value.strip('"').rpartition('"^^')[0] or finding.value.strip('"')}
        messages = dict(finding.messages)
        for one in sorted(said, key=len, reverse=True):
            messages = {lang: text.replace(one, "…") for lang, text in messages.items()}
        return replace(finding, value=None, messages=messages)

    return replace(report, findings=tuple(hidden(one) for one in report.findings))


def to_text(report: Report, lang: Lang = "sv", per_rule: int = 20) -> str:
    """The report for people: grouped by rule, counted, most severe first."""
    lines = [summary(report, lang)]
    groups: dict[tuple[int, str], list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault((SEVERITIES.index(finding.severity), finding.rule), []).append(finding)
    for (level, rule), found in sorted(groups.items()):
        number = report.counts.get(rule, len(found))
        lines += ["", f"{rule} · {_number(number, SEVERITIES[level], lang)}"]
        lines += [
            f"  {finding.where or finding.focus}: {finding.messages.get(lang, '')}"
            for finding in found[:per_rule]
        ]
        if number > per_rule:
            lines.append("  " + _WORDS["more"][lang].format(more=number - min(per_rule, len(found))))
        hints = Counter(finding.hints.get(lang, "") for finding in found)
        lines.append(f"  {_WORDS['fix'][lang]}: {hints.most_common(1)[0][0]}")
    return "\n".join(lines) + "\n"


def summary(report: Report, lang: Lang) -> str:
    """One or two sentences: how much was found, and whether it holds publication back."""
    tier = label(SCHEME[f"tier/{report.tier}"], lang)
    if report.conforms:
        return _WORDS["none"][lang].format(tier=tier)
    parts = ", ".join(_number(report.severities[s], s, lang) for s in SEVERITIES if report.severities.get(s))
    text = _WORDS["total"][lang].format(tier=tier, parts=parts)
    if report.total > len(report.findings):
        text += " " + _WORDS["shown"][lang].format(shown=len(report.findings))
    return f"{text} {_WORDS['blocks' if report.blocks else 'passes'][lang]}"


def _number(number: int, severity: Severity, lang: Lang) -> str:
    return f"{number} {_NUMBERED[severity][lang][number != 1]}"


def to_json(report: Report) -> str:
    """The report as JSON, findings with message and hint in both languages."""
    body = {
        "tier": report.tier,
        "conforms": report.conforms,
        "blocks": report.blocks,
        "total": report.total,
        "severities": dict(report.severities),
        "counts": dict(sorted(report.counts.items())),
        "findings": [finding.as_dict() for finding in report.findings],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def from_json(text: bytes | str) -> Report:
    """The opposite of ``to_json``."""
    body = json.loads(text)
    findings = tuple(
        Finding(
            **{name: one[name] for name in _PLAIN},
            messages={lang: one[f"message_{lang}"] for lang in LANGS},
            hints={lang: one[f"hint_{lang}"] for lang in LANGS},
            where=Where(**one["where"]) if one["where"] else None,
        )
        for one in body["findings"]
    )
    names = ("tier", "conforms", "blocks", "total", "counts", "severities")
    return Report(findings=findings, **{name: body[name] for name in names})


def rule_iri(rule: str) -> str:
    """The IRI of a rule by its id."""
    return str(RULE[rule])
