"""``/gaps``: white spots as a matrix to print; every question with a row, a column and a cell is one."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from ..ontology.problems import Lang, Problem, RodtradError
from ..queries.answer import Answer
from ..queries.catalogue import catalogue, find
from ..queries.header import Query
from ..queries.runner import run
from .backend import Backend, ask
from .moment import backend_of
from .publications import publications
from .questions import FORMATS, download, shown_rows
from .regions import regions
from .rendering import language_of, render
from .words import Labels, Value, iri_of, iris_in

router = APIRouter()
_MATRIX = {"row", "column", "cell"}
_COUNTY = "cq20-focus-areas-not-worked-with"


def matrices() -> list[Query]:
    """The questions whose answers are the cells of a matrix."""
    return [query for query in catalogue().values() if {column.name for column in query.columns} >= _MATRIX]


@router.get("/gaps", summary="White spots as a matrix", tags=["pages"])
def gaps(
    request: Request, kind: str = "", region: str = "", publication: str = "", format: str | None = None
) -> Response:
    """Priorities set against capacity tools or kinds of actors: what is done, planned, empty or unknown.

    ``kind`` is the id of a question of that form; ``region`` takes a county, ``publication`` one publication;
    ``format`` csv, csv-sv, xlsx or json. Planned is not done, and in a sample silence is no proof.
    """
    lang, backend = language_of(request), backend_of(request)
    query = find(kind) if kind else matrices()[0]
    if query not in matrices():
        raise RodtradError(Problem("unknown-query", values={"query": kind, "suggestions": ""}))
    answer = _asked(backend, query, region, publication, lang)
    if format is not None:
        if format not in FORMATS:
            raise RodtradError(
                Problem("not-acceptable", values={"accept": format, "offered": ", ".join(FORMATS)})
            )
        return download(answer, format, query.id)
    shown = shown_rows(backend, query, answer.rows, lang)
    places: dict[str, dict] = {}
    columns: dict[str, object] = {}
    for row, cells in zip(answer.rows, shown, strict=True):
        columns.setdefault(row["column"].value, cells["column"])
        line = places.setdefault(row["row"].value, {"name": cells["row"], "cells": {}})
        line["cells"][row["column"].value] = cells
    values = {
        "title": query.title[lang],
        "query": query,
        "matrices": matrices(),
        "columns": columns,
        "lines": places,
        "regions": regions(backend, lang),
        "region": region,
        "publication": publication,
        "publications": [one for one in publications(backend, lang) if one.iri in _iris(answer)],
        "activities": _activities(backend, _iris(answer), lang),
    }
    return render(request, "gaps.html", values)


def _activities(
    backend: Backend, published: set[str], lang: Lang
) -> dict[tuple[str, str], list[tuple[Value, Value]]]:
    """What stands in each cell, by row and column: every activity with its status."""
    rows = ask(backend, "gap-activities", publication=sorted(published)) if published else []
    labels = Labels(backend, iris_in(rows), lang)
    found: dict[tuple[str, str], list[tuple[Value, Value]]] = {}
    for row in rows:
        cell = found.setdefault((iri_of(row["row"]), iri_of(row["column"])), [])
        cell.append((labels.value(row["activity"]), labels.value(row["status"])))
    return found


def _iris(answer: Answer) -> set[str]:
    return {row["publication"].value for row in answer.rows}


def _asked(backend: Backend, query: Query, region: str, publication: str, lang: Lang) -> Answer:
    """The cells of one publication, or of all that a county is the subject of."""
    if publication or not region:
        return run(backend, query, {"publication": publication} if publication else {}, lang)
    # The question on one county's gaps looks the county up, and says what is wrong with a value.
    county = {row["region"].value for row in run(backend, find(_COUNTY), {"region": region}, lang).rows}
    told = [one.iri for one in publications(backend, lang) if one.region and one.region.iri in county]
    answers = [run(backend, query, {"publication": iri}, lang) for iri in told]
    if not answers:
        return replace(run(backend, query, {}, lang), rows=())
    return replace(answers[0], rows=tuple(row for one in answers for row in one.rows))
