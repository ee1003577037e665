"""What may be put together, what may be compared, and how far targets are met: three parts of ``/api/v1``."""

from __future__ import annotations

import csv
import io
import json

from fastapi import APIRouter, Query, Request, Response

from ..ontology.problems import Problem, RodtradError
from ..queries.rollup import Rollup, attainment, comparability, rollup, to_turtle
from ..queries.rollup import attainment_answer as answers
from .moment import backend_of
from .negotiation import CSV, JSON, TURTLE, XLSX, best, wants_html
from .questions import chosen_format
from .rendering import language_of

router = APIRouter()


@router.get("/api/v1/rollup", summary="One number from many, or why not", tags=["api"])
def put_together(
    request: Request,
    indicator: str,
    over: str = "region",
    year: str = "",
    place: str | None = None,
    category: str | None = None,
    threshold: str | None = None,
    of: str = "observations",
    midyear: bool = False,
    format: str | None = None,
) -> Response:
    """Values put together over ``over`` (region, time, breakdown; several with commas), with a verdict, the
    rules, the members and what is missing; or refused with the reason and the nearest alternative.

    ``indicator``, ``place`` and ``category`` take an IRI, an id or an unambiguous label; ``year`` takes 2023,
    2019-2023 or 2020,2022; ``threshold`` 0.9 or 90%; ``of`` observations, targets, baselines or assessments;
    ``midyear`` true lets values of the middle of a year stand beside those of calendar years;
    ``format`` json, csv, xlsx, or ttl: each result as an observation derived from its members.
    """
    form = "ttl" if _wants_turtle(request, format) else chosen_format(request, format)
    answer = rollup(
        backend_of(request),
        indicator,
        over,
        years=year,
        place=place or None,
        category=category or None,
        threshold=threshold or None,
        of=of,
        mid_year=midyear,
        lang=language_of(request),
    )
    return _headed(_written(answer, form), answer.generation or backend_of(request).generation)


@router.get("/api/v1/comparability", summary="May these be compared?", tags=["api"])
def compared(
    request: Request,
    indicator: list[str] = Query(min_length=1),  # noqa: B008
    year: str = "",
    place: str | None = None,
    format: str | None = None,
) -> Response:
    """The definitional, transversal and longitudinal checks of one indicator, or of several together,
    with the reason for each pair or series that must not be compared."""
    form = chosen_format(request, format)
    found = comparability(
        backend_of(request), indicator, years=year, place=place or None, lang=language_of(request)
    )
    generation = found.generation or backend_of(request).generation
    if form == "json":
        text = json.dumps(found.as_dict(), ensure_ascii=False, indent=1)
        return _headed(Response(text, media_type=JSON), generation)
    if not form.startswith("csv"):
        raise RodtradError(Problem("not-acceptable", values={"accept": form, "offered": "json, csv"}))
    buffer = io.StringIO()
    headings, rows = found.table()
    csv.writer(buffer, lineterminator="\r\n").writerows([headings, *rows])
    return _headed(_file(buffer.getvalue().encode(), CSV, "comparability.csv"), generation)


@router.get("/api/v1/attainment", summary="How far are targets met?", tags=["api"])
def attained(
    request: Request, objective: str | None = None, indicator: str | None = None, format: str | None = None
) -> Response:
    """The targets of an objective or of an indicator, each with the verdict that the numbers give and, beside
    it, those that people have given. Neither is worked out from the other.

    ``objective`` or ``indicator`` takes an IRI, an id or an unambiguous label; ``format`` json or csv.
    """
    form = chosen_format(request, format)
    found = attainment(
        backend_of(request),
        objective=objective or None,
        indicator=indicator or None,
        lang=language_of(request),
    )
    generation = found.generation or backend_of(request).generation
    if form == "json":
        return _headed(Response(answers.to_json(found), media_type=JSON), generation)
    if not form.startswith("csv"):
        raise RodtradError(Problem("not-acceptable", values={"accept": form, "offered": "json, csv"}))
    return _headed(_file(answers.to_csv(found).encode(), CSV, "attainment.csv"), generation)


def _wants_turtle(request: Request, asked: str | None) -> bool:
    accept = request.headers.get("accept")
    if asked is not None or wants_html(accept):
        return asked == "ttl"
    return best(accept, (JSON, CSV, XLSX, TURTLE)) == TURTLE


def _written(answer: Rollup, form: str) -> Response:
    if form == "json":
        return Response(answer.to_json(), media_type=JSON)
    if form == "ttl":
        return Response(to_turtle(answer), media_type=f"{TURTLE}; charset=utf-8")
    if form == "xlsx":
        return _file(answer.to_xlsx(), XLSX, "rollup.xlsx")
    return _file(answer.to_csv().encode(), CSV, "rollup.csv")


def _file(body: bytes, media: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, media_type=f"{media}; charset=utf-8" if media == CSV else media)


def _headed(response: Response, generation: int) -> Response:
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["X-Generation"] = str(generation)
    return response
