"""``/api/v1``: the questions of the catalogue, their answers, and the trace; ``/healthz``."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response

from .. import __version__
from ..ontology.problems import Problem, RodtradError
from ..queries.catalogue import catalogue, find
from ..queries.competency import themes_of
from ..queries.executables import executable_iri
from ..queries.explain import explain as explain_rows
from ..queries.explain import not_explained
from ..queries.header import Query
from ..queries.trace import trace as follow
from .moment import backend_of
from .negotiation import JSON
from .questions import answer, chosen_format, download, parameters_in, with_versions
from .rendering import language_of

router = APIRouter()


@router.get("/api/v1/queries", summary="All questions", tags=["api"])
def queries(request: Request) -> Response:
    """The catalogue: id, title, question, parameters and columns of every question."""
    return _json({"queries": [_definition(request, one) for one in catalogue().values()]})


@router.get("/api/v1/queries/{query_id}", summary="One question", tags=["api"])
def query(request: Request, query_id: str) -> Response:
    """The definition of a question with its SPARQL."""
    found = find(query_id)
    return _json({**_definition(request, found), "sparql": found.text})


@router.get("/api/v1/queries/{query_id}/results", summary="The answer to a question", tags=["api"])
def results(request: Request, query_id: str, format: str | None = None, explain: bool = False) -> Response:
    """The answer. Every other parameter in the address is a parameter of the question: an IRI, a notation
    or an unambiguous label. ``format`` is json, csv, csv-sv (for Swedish Excel) or xlsx. ``explain`` adds, to
    JSON, what lies behind each row: its members with where each is said, and the paths between them."""
    find(query_id)
    form = chosen_format(request, format)
    backend = backend_of(request)
    result = answer(backend, query_id, parameters_in(request), language_of(request))
    if explain and form == "json":
        body = result.as_dict()
        for row, why in zip(body["rows"], explain_rows(backend, result), strict=False):
            row["explain"] = why.as_dict()
        if left := not_explained(result):
            body["explain_note"] = left
        body["publications"] = with_versions(backend, body["publications"])
        response = _json(body)
    else:
        response = download(result, form, query_id)
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["X-Generation"] = str(result.generation)
    return response


@router.get("/api/v1/trace", summary="The paths up or down from a resource", tags=["api"])
def trace(request: Request, iri: str, direction: str = "up") -> Response:
    """Every path from a resource, each link with its source, and the weakest part of each path."""
    if direction == "up":
        found = follow(backend_of(request), iri, "up", language_of(request))
    elif direction == "down":
        found = follow(backend_of(request), iri, "down", language_of(request))
    else:
        raise RodtradError(Problem("bad-direction", values={"direction": direction}))
    return _json(found.as_dict())


@router.get("/healthz", summary="Whether the service answers", tags=["operation"])
def health(request: Request) -> Response:
    """Generation and version of what answers now."""
    generation = request.app.state.backend.generation
    return _json({"status": "ok", "generation": generation, "version": __version__})


def _definition(request: Request, one: Query) -> dict[str, Any]:
    lang = language_of(request)
    return {
        "id": one.id,
        "version": one.version,
        "cq": list(one.cq),
        "class": one.answerable,
        "title": one.title[lang],
        "question": one.question[lang],
        "coverage": one.coverage[lang],
        "parameters": [
            {
                "name": item.name,
                "type": item.type,
                "class": item.cls,
                "scheme": item.scheme,
                "required": item.required,
                "default": item.default,
                "example": item.example,
                "label": item.labels[lang],
            }
            for item in one.parameters
        ],
        "columns": [
            {"name": item.name, "type": item.type, "label": item.labels[lang], "unit": item.unit}
            for item in one.columns
        ],
        "themes": list(themes_of(one)),
        "iri": executable_iri(one.id),
        "results": f"/api/v1/queries/{one.id}/results",
        "page": f"/questions/{one.id}",
    }


def _json(body: object) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, indent=1), media_type=JSON)
