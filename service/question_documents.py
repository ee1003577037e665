"""``/queries``: the catalogue as SHACL SPARQL executables, and the values that a parameter takes."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response

from ..ontology.names import PREFIXES
from ..ontology.problems import Problem, RodtradError
from ..queries.catalogue import catalogue, find
from ..queries.executables import serialize, turtle
from ..queries.header import Query
from ..queries.parameters import MAX_CANDIDATES, matching
from .links import switched
from .moment import backend_of
from .negotiation import GRAPH_TYPES, HTML, JSON, JSON_LD, TURTLE, best
from .rendering import language_of

router = APIRouter()
_MAX_WRITTEN = 200


@router.get("/queries", summary="All questions as data", tags=["linked data"])
def all_queries(request: Request) -> Response:
    """Every question as a SHACL SPARQL executable; people are led to the page of questions."""
    return _document(request, catalogue().values(), "/questions")


@router.get("/queries/{query_id}", summary="One question as data", tags=["linked data"])
def one_query(request: Request, query_id: str) -> Response:
    """One question as a SHACL SPARQL executable; people are led to its form."""
    return _document(request, [find(query_id)], f"/questions/{query_id}")


@router.get(
    "/api/v1/queries/{query_id}/parameters/{name}", summary="The values that a parameter takes", tags=["api"]
)
def parameter_values(request: Request, query_id: str, name: str, q: str = "") -> Response:
    """The resources whose label or notation holds ``q``, by label; ``more`` says that the list was cut."""
    query = find(query_id)
    parameter = query.parameter(name)
    if parameter is None:
        known = ", ".join(sorted(one.name for one in query.parameters)) or "–"
        values = {"query": query_id, "name": name[:_MAX_WRITTEN], "known": known}
        raise RodtradError(Problem("unknown-parameter", values=values))
    found = (
        matching(backend_of(request), parameter, language_of(request), q[:_MAX_WRITTEN])
        if parameter.type == "iri"
        else []
    )
    body = {
        "query": query_id,
        "name": name,
        "type": parameter.type,
        "example": parameter.example,
        "candidates": [{"iri": one.iri, "label": one.label} for one in found[:MAX_CANDIDATES]],
        "more": len(found) > MAX_CANDIDATES,
    }
    told = json.dumps(body, ensure_ascii=False, indent=1)
    return Response(told, media_type=JSON, headers={"Vary": "Accept-Language"})


def _document(request: Request, queries: Iterable[Query], page: str) -> Response:
    accept = request.headers.get("accept")
    # A program that takes anything gets data: the page for people has an address of its own.
    media = best(accept, (*GRAPH_TYPES, HTML))
    if media is None:
        values = {"accept": accept or "", "offered": ", ".join((HTML, *GRAPH_TYPES))}
        raise RodtradError(Problem("not-acceptable", values=values))
    if media == HTML:
        location = switched(page, dict(request.query_params), "format", None)
        return Response(status_code=303, headers={"Location": location, "Vary": "Accept"})
    if media == TURTLE:
        body = turtle(queries)
    else:
        form = ox.RdfFormat.JSON_LD if media == JSON_LD else ox.RdfFormat.N_TRIPLES
        body = serialize(queries, form, dict(PREFIXES) if media == JSON_LD else None)
    charset = "; charset=utf-8" if media == TURTLE else ""
    return Response(body, headers={"Vary": "Accept"}, media_type=media + charset)
