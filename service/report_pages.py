"""A report as a page: grouped by rule, most severe first, each finding with cell, resource and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..ontology.names import ID, ROOT
from ..ontology.problems import Lang
from ..shapes.report import SEVERITIES, Finding, Report, rule_iri, summary
from .rendering import environment
from .texts import number, text

if TYPE_CHECKING:
    from .publishing import Submission

_SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One finding as it is shown; ``place`` is file, sheet and cell, empty where there is none."""

    place: str
    iri: str
    message: str

    @property
    def name(self) -> str:
        """The resource as people tell it apart: the end of its IRI."""
        return self.iri.removeprefix(str(ID))


@dataclass(frozen=True)
class Group:
    """The findings of one rule."""

    rule: str
    severity: str
    count: int
    lines: tuple[Line, ...]
    hints: tuple[str, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True)
class ReportView:
    """A report in one language; ``held_back``: something in it keeps the publication back at its tier."""

    summary: str
    conforms: bool
    held_back: bool
    groups: tuple[Group, ...]


def grouped(report: Report, lang: Lang) -> ReportView:
    """The report as its page shows it."""
    found: dict[tuple[int, str], list[Finding]] = {}
    for finding in report.findings:
        found.setdefault((SEVERITIES.index(finding.severity), finding.rule), []).append(finding)
    groups = tuple(
        Group(
            rule,
            SEVERITIES[level],
            report.counts.get(rule, len(findings)),
            tuple(_line(one, lang) for one in findings[:_SHOWN]),
            tuple(dict.fromkeys(one.hints.get(lang, "") for one in findings))[:3],
        )
        for (level, rule), findings in sorted(found.items())
    )
    return ReportView(summary(report, lang), report.conforms, report.blocks, groups)


def _line(finding: Finding, lang: Lang) -> Line:
    where = finding.where
    place = f"{where.file or ''} {where.sheet or ''}!{where.cell}" if where and where.cell else ""
    return Line(place.strip(), finding.focus, finding.messages.get(lang, ""))


def standalone(submission: Submission, lang: Lang) -> str:
    """A page of its own, to be kept as a file: addresses lead to the identifiers."""
    report = submission.report
    return (
        environment()
        .get_template("report_alone.html")
        .render(
            t=lambda key, **named: text(key, lang, **named),
            n=lambda value: number(value, lang),
            lang=lang,
            title=text("report", lang),
            file=submission.path.name,
            report=grouped(report, lang) if report else None,
            problems=[one.as_dict() for one in submission.reading.problems],
            notices=[],
            resource_href=lambda iri: iri if iri.startswith(ROOT) else None,
            rule_href=rule_iri,
        )
    )
