"""``/sparql``: the SPARQL 1.1 query protocol, and the same address as a form for people."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from ..ontology.problems import Problem, RodtradError
from ..store.host import Asker
from .askers import evaluated
from .moment import backend_of
from .negotiation import (
    CSV,
    GRAPH_TYPES,
    N_TRIPLES,
    SELECT_TYPES,
    SPARQL_JSON,
    TURTLE,
    best,
    endpoint_of,
    is_utf8,
    wants_html,
)
from .service_description import describe
from .sparql_page import Asked, answered_page, example_of, page, query_form

router = APIRouter()
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_DOWNLOADS = {"csv": CSV, "json": SPARQL_JSON, "ttl": TURTLE, "nt": N_TRIPLES}


@router.get("/sparql", summary="SPARQL query, or the form for people", tags=["sparql"])
async def query_by_get(request: Request) -> Response:
    """SPARQL 1.1 Protocol, query operation by GET: ``query``, ``default-graph-uri``, ``named-graph-uri``."""
    pairs = _pairs(request.url.query)
    return await evaluated(request, lambda asker: _respond(request, pairs, asker))


@router.post("/sparql", summary="SPARQL query", tags=["sparql"])
async def query_by_post(request: Request) -> Response:
    """SPARQL 1.1 Protocol, query operation by POST: a form, or the query as the body."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if (
        request.headers.get("content-encoding", "identity") != "identity"
        or media not in (_FORM, _QUERY)
        or not is_utf8(request)
    ):
        raise RodtradError(Problem("media-type-unsupported", values={"path": "/sparql"}))
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise RodtradError(Problem("query-encoding")) from None
    # By the protocol a form carries everything; with a bare query the graphs stand in the address.
    pairs = _pairs(text) if media == _FORM else [*_pairs(request.url.query), ("query", text)]
    return await evaluated(request, lambda asker: _respond(request, pairs, asker))


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise RodtradError(Problem("query-encoding")) from None
    except ValueError:
        raise RodtradError(Problem("query-missing")) from None


def _respond(request: Request, pairs: list[tuple[str, str]], asker: Asker) -> Response:
    given = [value for name, value in pairs if name == "query"]
    html = wants_html(request.headers.get("accept"))
    formats = [value for name, value in pairs if name == "format"]
    if html and not formats and (not given or not given[0].strip()):
        return page(request, example_of(pairs))
    if not given and request.method in ("GET", "HEAD") and not formats:
        return describe(request)
    if len(given) != 1 or not given[0].strip():
        raise RodtradError(Problem("query-missing"))
    request.state.query = given[0]
    asked = Asked(
        given[0],
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
        formats[0] if formats else None,
    )
    if html and asked.format is None:
        return answered_page(request, asked, asker)
    return _data(request, asked, asker)


def _data(request: Request, asked: Asked, asker: Asker) -> Response:
    graph = query_form(asked.query) in ("CONSTRUCT", "DESCRIBE")
    offered = GRAPH_TYPES if graph else SELECT_TYPES
    accept = request.headers.get("accept")
    media = _DOWNLOADS.get(asked.format or "") or best(accept, offered)
    if media is None or media not in offered:
        values = {"accept": asked.format or accept or "", "offered": ", ".join(offered)}
        raise RodtradError(Problem("not-acceptable", values=values))
    result = backend_of(request).ad_hoc(
        asked.query, media, asked.default_graphs, asked.named_graphs, asker, endpoint_of(request)
    )
    headers = {"X-Generation": str(result.generation), "Vary": "Accept", "Cache-Control": "no-cache"}
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return Response(result.body, headers=headers, media_type=media + charset)
