"""The page of an indicator: its series, what may be compared, and targets with both verdicts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup

from ..ontology.names import ROOT
from ..ontology.problems import Lang, Problem, RodtradError
from ..queries.rollup import Comparability, attainment, comparability
from ..queries.rollup.answer import safe
from ..queries.rollup.attainment_answer import table
from ..queries.rollup.consistency import Check
from .moment import backend_of
from .negotiation import CSV
from .rendering import language_of, links_of
from .series_svg import Frame, Said, frame, own_scales, picture, stacked
from .series_view import Panel, SeriesView, series_view, status_names, versions
from .texts import number, text
from .thread_files import style
from .words import readable

SVG = "image/svg+xml"
PICTURES = 24
_THOUSAND = 1000
router = APIRouter()
Places = Annotated[list[str] | None, Query(max_length=200)]


@dataclass(frozen=True)
class Told:
    """A check in words: ``answer`` is yes, no or nothing (to compare)."""

    name: str
    answer: str
    reasons: tuple[tuple[str, str, str], ...]


def indicator_values(request: Request, iri: str) -> Mapping[str, Any]:
    """What the page of an indicator shows beside what every resource shows."""
    backend, lang = backend_of(request), language_of(request)
    asked = request.query_params
    attained = attainment(backend, indicator=iri, lang=lang)
    found = series_view(
        backend, iri, lang, attained, group=asked.get("group", ""), places=asked.getlist("place")
    )
    headings, rows = table(attained)
    measured = any(panel.points for panel in found.panels)
    kept = {"iri": iri, "group": asked.get("group", ""), "place": next(iter(asked.getlist("place")), "")}
    links = links_of(request)
    return {
        "series": found,
        "kept": [(name, value) for name, value in asked.multi_items() if name != "group"],
        "pictures": _pictures(found, lang),
        "own_scales": own_scales(found.panels),
        "picture_count": min(len(found.panels), PICTURES),
        "statuses": status_names(found.statuses, lang),
        "measured": measured,
        "checks": _checks(comparability(backend, iri, lang=lang), found, lang) if measured else [],
        "target_headings": headings[1:-1],
        "target_rows": [
            row[1:-1] for row, one in zip(rows, attained.rows, strict=True) if one.target or one.humans
        ],
        "from_zero": all(one.low <= 0 for one in _scales(found.panels)),
        "versions": versions(backend, iri, lang),
        "series_csv": links.page("/series", format="csv", **kept),
        "series_svg": links.page("/series", format="svg", **kept),
        "rollup_address": links.page("/api/v1/rollup", indicator=iri, over="region"),
    }


@router.get("/series", summary="The measured values of an indicator, as a table or a picture", tags=["api"])
def series(
    request: Request, iri: str, format: str = "csv", group: str = "", place: Places = None
) -> Response:
    """The series that the page of an indicator shows. ``format`` is csv or svg; ``group`` is the choice of
    categories as the page names it; ``place`` a code or an IRI, several times or not at all."""
    backend, lang = backend_of(request), language_of(request)
    if format not in {"csv", "svg"}:
        raise RodtradError(Problem("not-acceptable", values={"accept": format[:80], "offered": "csv, svg"}))
    attained = attainment(backend, indicator=iri, lang=lang)
    found = series_view(backend, iri, lang, attained, group=group, places=[one for one in place or [] if one])
    name = iri.rpartition("/")[2][:80] if iri.startswith(ROOT) else "series"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{format}"',
        "Vary": "Accept-Language",
        "X-Generation": str(backend.generation),
    }
    if format == "csv":
        return Response(_csv(found, lang).encode(), headers=headers, media_type=f"{CSV}; charset=utf-8")
    drawn = _drawn(found, lang, style("svg.series"), attained.label(iri))
    if not drawn:
        raise RodtradError(Problem("unknown-resource", values={"iri": iri[:300]}))
    return Response(stacked(drawn), headers=headers, media_type=SVG)


def _pictures(found: SeriesView, lang: Lang) -> list[tuple[Panel, Markup]]:
    """The first places with their pictures; the writer of the picture escapes every text."""
    drawn = _drawn(found.first(PICTURES), lang)
    panels = [panel for panel in found.first(PICTURES).panels if panel.points or panel.marks]
    return [(panel, Markup(one)) for panel, one in zip(panels, drawn, strict=True)] if drawn else []  # noqa: S704


def _scales(panels: Sequence[Panel]) -> list[Frame]:
    """The scale of each panel that has something to show."""
    filled = [panel for panel in panels if panel.points or panel.marks]
    apart = own_scales(filled)
    found = [frame([panel] if apart else filled, filled) for panel in filled]
    return [one for one in found if one is not None]


def _drawn(found: SeriesView, lang: Lang, own_style: str = "", heading: str = "") -> list[str]:
    names = status_names(found.statuses, lang)
    said = Said(
        target=text("series_target", lang),
        baseline=text("series_baseline", lang),
        break_at=text("series_break", lang),
        number=lambda value: number(_short(value), lang),
        statuses=lambda one: names.get(one, readable(one)),
    )
    panels = [panel for panel in found.panels if panel.points or panel.marks]
    scales, drawn = _scales(panels), []
    if len(scales) != len(panels):
        return []
    for panel, scale in zip(panels, scales, strict=True):
        title = text("series_of", lang, place=panel.name.text, unit=found.unit or "–")
        title = f"{heading}: {title}" if heading else title
        drawn.append(picture(panel, scale, title, said, own_style))
    return drawn


def _short(value: Decimal) -> Decimal:
    """As many figures as a picture has room for; the table has them all."""
    if value == value.to_integral_value():
        return value
    return Decimal(f"{value:.0f}") if abs(value) >= _THOUSAND else Decimal(f"{value:.3g}")


def _csv(found: SeriesView, lang: Lang) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    heads = ("place", "time", "value", "unit", "status", "break")
    writer.writerow([*(text(f"series_column_{head}", lang) for head in heads), "IRI"])
    names, broken = status_names(found.statuses, lang), found.broken
    yes = text("said_yes", lang)
    for panel in found.panels:
        for point in panel.points:
            value = "" if point.value is None else f"{point.value:f}"
            row = [panel.name.text, point.time, value, found.unit, names[point.status]]
            writer.writerow([safe(cell) for cell in [*row, yes if point.time in broken else "", point.iri]])
    return "\ufeff" + buffer.getvalue()


def _checks(found: Comparability, shown: SeriesView, lang: Lang) -> list[Told]:
    """The three checks; nothing to compare is said as that, not as a yes or a no."""
    alone = {"transversal": shown.places < 2, "longitudinal": found.longitudinal.compared == 0}
    alone["definitional"] = not found.definitional.reasons and found.definitional.compared < 2
    told = []
    for check in found.checks:
        answer = "nothing" if alone[check.name] else "yes" if check.comparable else "no"
        told.append(Told(check.name, answer, () if answer == "nothing" else _reasons(check, lang)))
    return told


def _reasons(check: Check, lang: Lang) -> tuple[tuple[str, str, str], ...]:
    """Each sentence once, with the rule and what it holds for."""
    found: dict[str, tuple[str, list[str]]] = {}
    for one in check.reasons:
        sentence = one.finding.sentence(lang)
        found.setdefault(sentence, (one.finding.kind.rule, []))[1].extend(one.between)
    return tuple((sentence, rule, _shortened(between, lang)) for sentence, (rule, between) in found.items())


def _shortened(names: Sequence[str], lang: Lang, most: int = 6) -> str:
    several = list(dict.fromkeys(names))
    if len(several) <= most:
        return ", ".join(several)
    return text("series_between", lang, first=several[0], last=several[-1], n=number(len(several), lang))
