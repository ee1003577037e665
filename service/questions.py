"""The questions of the catalogue as the pages and the API hand them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Request, Response

from ..ontology.problems import Lang, Problem, RodtradError
from ..queries.answer import Answer, Cell
from ..queries.catalogue import catalogue, find
from ..queries.competency import themes_of
from ..queries.header import Column, Query
from ..queries.parameters import MAX_CANDIDATES, candidates
from ..queries.runner import run
from .backend import Backend
from .moment import PARAMETER
from .negotiation import CSV, JSON, XLSX, best, wants_html
from .regions import RegionSummary, regions
from .texts import number
from .words import NUMERIC, Labels, Words

FORMATS = {"json": JSON, "csv": CSV, "csv-sv": CSV, "xlsx": XLSX}
_NOT_PARAMETERS = {"format", "lang", "explain", PARAMETER}


@dataclass(frozen=True)
class Choice:
    """One value in a select list."""

    value: str
    label: str


@dataclass(frozen=True)
class FormField:
    """A parameter as a field of a form.

    ``choices`` is empty where the value is written freely; then ``suggestions`` are some that fit.
    """

    name: str
    label: str
    kind: str
    required: bool
    value: str
    choices: tuple[Choice, ...] = ()
    suggestions: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Side:
    """What one county answers. ``answered`` is false too where the only rows say that no source does."""

    region: RegionSummary
    rows: tuple[dict[str, Cell], ...]
    answered: bool


@dataclass(frozen=True)
class ShownCell:
    """A cell of an answer with the language that its words are in."""

    words: Words
    iri: str | None = None


def shown_rows(
    backend: Backend, query: Query, rows: Iterable[Mapping[str, Cell]], lang: Lang
) -> list[dict[str, ShownCell | None]]:
    """Rows as a page shows them; ``None`` where the data give no value."""
    listed = list(rows)
    labels = Labels(backend, {cell.iri for row in listed for cell in row.values() if cell.iri}, lang)
    names = [column.name for column in query.columns]
    return [
        {name: _shown(row[name], query, labels) if name in row else None for name in {*names, *row}}
        for row in listed
    ]


def _shown(cell: Cell, query: Query, labels: Labels) -> ShownCell:
    if cell.iri:
        words = labels.words(cell.iri)
        return ShownCell(words if words.text == cell.label else Words(cell.label, labels.lang), cell.iri)
    if cell.datatype in NUMERIC:
        return ShownCell(Words(number(Decimal(cell.value), labels.lang), labels.lang))
    # What the question itself says is in the reader's language; what a source says is in Swedish.
    own = f'"{cell.label}"' in query.text or not any(one.isalpha() for one in cell.label)
    return ShownCell(Words(cell.label, labels.lang if own else "sv"))


def parameters_in(request: Request) -> dict[str, str]:
    """The parameters of a question in an address; empty ones count as not given."""
    return {
        key: value
        for key, value in request.query_params.items()
        if key not in _NOT_PARAMETERS and value.strip()
    }


def form_fields(backend: Backend, query: Query, given: Mapping[str, str], lang: Lang) -> list[FormField]:
    """The form of a question, with select lists where a parameter names a class or a code list."""
    fields = []
    for parameter in query.parameters:
        choices: tuple[Choice, ...] = ()
        suggestions: tuple[Choice, ...] = ()
        if parameter.type == "iri" and (parameter.cls or parameter.scheme):
            found = candidates(backend, parameter, lang)
            listed = tuple(Choice(one.iri, one.label or one.iri) for one in found)
            # A list that was cut would hide values: then the value is written instead.
            if len(found) <= MAX_CANDIDATES:
                choices = listed
            else:
                suggestions = listed
        value = given.get(parameter.name, parameter.default or "")
        fields.append(
            FormField(
                parameter.name,
                parameter.labels[lang],
                parameter.type,
                parameter.required,
                value,
                choices,
                suggestions,
            )
        )
    return fields


def fits(query: Query, lang: Lang, **chosen: str) -> bool:
    """Whether a question is of the ``class``, on the ``theme`` and holds every word of ``text``.

    What is empty does not restrict; a class is known by its first word.
    """
    words = f"{query.id} {' '.join(query.cq)} {query.title[lang]} {query.question[lang]}".casefold()
    return (
        chosen["class"] in ("", query.answerable.split(" ")[0], query.answerable)
        and chosen["theme"] in ("", *themes_of(query))
        and all(word in words for word in chosen["text"].casefold().split())
    )


def ready_to_answer(query: Query, given: Mapping[str, str]) -> bool:
    """Whether every required parameter has a value."""
    return all(one.name in given or one.default or not one.required for one in query.parameters)


def answer(backend: Backend, query_id: str, given: Mapping[str, str], lang: Lang) -> Answer:
    """Ask a question. Raises RodtradError as the runner does."""
    return run(backend, find(query_id), given, lang)


def chosen_format(request: Request, asked: str | None) -> str:
    """The format of a result: the asked one, else after ``Accept``.

    Raises RodtradError: ``not-acceptable``.
    """
    if asked is not None:
        if asked not in FORMATS:
            raise RodtradError(
                Problem("not-acceptable", values={"accept": asked, "offered": ", ".join(FORMATS)})
            )
        return asked
    accept = request.headers.get("accept")
    # A browser that is led here gets what programs get: the page for people has its own address.
    media = JSON if wants_html(accept) else best(accept, (JSON, CSV, XLSX))
    if media is None:
        raise RodtradError(
            Problem("not-acceptable", values={"accept": accept, "offered": ", ".join(FORMATS)})
        )
    return {JSON: "json", CSV: "csv", XLSX: "xlsx"}[media]


def download(result: Answer, form: str, name: str) -> Response:
    """An answer as a file: ``form`` is json, csv, csv-sv or xlsx."""
    if form == "json":
        return Response(result.to_json(), media_type=JSON)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form.partition("-")[0]}"'}
    if form == "xlsx":
        return Response(result.to_xlsx(), headers=headers, media_type=XLSX)
    body = result.to_csv("sv" if form == "csv-sv" else "plain")
    return Response(body, headers=headers, media_type=CSV + "; charset=utf-8")


def with_versions(backend: Backend, publications: list[dict[str, str]]) -> list[dict[str, str]]:
    """Publications of an answer, each with the hash of the very content that answered."""
    graphs = backend.store.generation(backend.generation).graphs if backend.generation else {}
    return [
        one | ({"version": graphs[one["iri"]].data} if one["iri"] in graphs else {}) for one in publications
    ]


def with_sides() -> list[Query]:
    """The questions whose answers name a county, so that counties can be read side by side."""
    return [query for query in catalogue().values() if _has_region(query)]


def sides(backend: Backend, query_id: str, lang: Lang) -> tuple[Answer, list[Side]]:
    """One question, every real county's answer beside the others, in county-code order.

    Raises RodtradError: ``unknown-query``, ``no-sides`` when its answers name no county.
    """
    query = find(query_id)
    if not _has_region(query):
        raise RodtradError(Problem("no-sides", values={"query": query_id}))
    counties = [one for one in regions(backend, lang) if not one.constructed]
    if any(column.name == "region" for column in query.columns) and ready_to_answer(query, {}):
        whole = run(backend, query, {}, lang)
    else:
        whole = _one_by_one(backend, query, counties, lang)
    known = {county.iri for county in counties}
    by_region: dict[str, list[dict[str, Cell]]] = {}
    for row in whole.rows:
        cell = row.get("region")
        if cell and cell.iri in known:
            by_region.setdefault(cell.iri, []).append(row)
    # A row without its publication says that no source answers, where the question names publications.
    named = any(column.name == "publication" for column in whole.columns)
    found = []
    for county in counties:
        rows = tuple(by_region.get(county.iri, ()))
        found.append(Side(county, rows, any("publication" in row or not named for row in rows)))
    ordered = tuple(row for side in found for row in side.rows)
    return Answer(whole.query, lang, whole.columns, ordered, whole.sparql, whole.generation), found


def _one_by_one(backend: Backend, query: Query, counties: list[RegionSummary], lang: Lang) -> Answer:
    """Ask for each county and put the county first in every row."""
    results = [run(backend, query, {"region": county.iri}, lang) for county in counties]
    rows = []
    for result, county in zip(results, counties, strict=True):
        cell = Cell(county.iri, county.label.text, county.iri)
        rows += [{**row, "region": cell} for row in result.rows]
    first = results[0]
    columns = first.columns
    parameter = query.parameter("region")
    if parameter and all(column.name != "region" for column in columns):
        columns = (Column(name="region", type="iri", labels=parameter.labels), *columns)
    return Answer(query, lang, columns, tuple(rows), first.sparql, first.generation)


def _has_region(query: Query) -> bool:
    """Whether the answers name a county, and no other value has to be given first."""
    others = {
        one.name: "" for one in query.parameters if one.required and not one.default and one.name != "region"
    }
    named = any(column.name == "region" for column in query.columns) or query.parameter("region") is not None
    return named and not others
