"""``/sparql``: the SPARQL 1.1 query protocol, and the same address as a form for people."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from ..ontology.names import PREFIXES
from ..ontology.problems import Problem, RodtradError
from ..store.host import Asker
from .askers import evaluated
from .errors import answer as error_answer
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
from .rendering import language_of, links_of, render
from .service_description import describe

router = APIRouter()
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_NOT_CODE = re.compile(r"#[^\n]*|<[^<>\"{}|^`\\\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_FORM_WORD = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_DOWNLOADS = {"csv": CSV, "json": SPARQL_JSON, "ttl": TURTLE, "nt": N_TRIPLES}


@dataclass(frozen=True)
class _Asked:
    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None = None


@dataclass(frozen=True)
class ResultCell:
    """A value in the table of a page."""

    text: str
    iri: str | None = None
    lang: str = ""


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
        return _page(request, "", None)
    if not given and request.method in ("GET", "HEAD") and not formats:
        return describe(request)
    if len(given) != 1 or not given[0].strip():
        raise RodtradError(Problem("query-missing"))
    request.state.query = given[0]
    asked = _Asked(
        given[0],
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
        formats[0] if formats else None,
    )
    if html and asked.format is None:
        return _answered_page(request, asked, asker)
    return _data(request, asked, asker)


def query_form(text: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE: the first such word outside comments, strings and IRIs."""
    found = _FORM_WORD.search(_NOT_CODE.sub(" ", text))
    return found[1].upper() if found else "SELECT"


def _data(request: Request, asked: _Asked, asker: Asker) -> Response:
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


def _answered_page(request: Request, asked: _Asked, asker: Asker) -> Response:
    backend = backend_of(request)
    try:
        if query_form(asked.query) in ("CONSTRUCT", "DESCRIBE"):
            result = backend.ad_hoc(
                asked.query, N_TRIPLES, asked.default_graphs, asked.named_graphs, asker, endpoint_of(request)
            )
            lines = result.body.decode("utf-8").splitlines()
            return _page(request, asked.query, {"triples": lines})
        result = backend.ad_hoc(
            asked.query, SPARQL_JSON, asked.default_graphs, asked.named_graphs, asker, endpoint_of(request)
        )
    except RodtradError as error:
        if error.problems[0].http_status >= 500:
            return error_answer(request, error.problems)
        return _page(request, asked.query, None, error.problems)
    return _page(request, asked.query, _table(json.loads(result.body)))


def _table(answer: dict[str, Any]) -> dict[str, Any]:
    if "boolean" in answer:
        return {"boolean": answer["boolean"]}
    names = answer["head"].get("vars", [])
    rows = [[_cell(row.get(name)) for name in names] for row in answer["results"]["bindings"]]
    return {"names": names, "rows": rows}


def _cell(term: dict[str, Any] | None) -> ResultCell:
    if term is None:
        return ResultCell("")
    value = term["value"]
    if term["type"] == "uri":
        return ResultCell(_shortened(value), value)
    return ResultCell(value if isinstance(value, str) else json.dumps(value), lang=term.get("xml:lang", ""))


def _shortened(iri: str) -> str:
    fitting = ((name, base) for name, base in PREFIXES.items() if iri.startswith(base) and iri != base)
    found = max(fitting, key=lambda pair: len(pair[1]), default=None)
    return f"{found[0]}:{iri.removeprefix(found[1])}" if found else iri


def _page(
    request: Request, query: str, result: dict[str, Any] | None, problems: list[Problem] | None = None
) -> Response:
    lang = language_of(request)
    shown = problems or []
    values = {
        "title": "SPARQL",
        "query": query,
        "example": EXAMPLE,
        "result": result,
        "problems": [{"message": one.message(lang), "hint": one.hint(lang)} for one in shown],
        "prefixes": "\n".join(f"PREFIX {name}: <{base}>" for name, base in PREFIXES.items()),
        "downloads": [
            (name.upper(), links_of(request).page("/sparql", query=query, format=name))
            for name in (("ttl", "nt") if result and "triples" in result else ("csv", "json"))
        ],
        "limit": request.app.state.settings.page_rows,
    }
    return render(request, "sparql.html", values, status=shown[0].http_status if shown else 200)


EXAMPLE = """PREFIX rt: <https://w3id.org/rodtrad/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?lan ?aktivitet ?namn WHERE {
  ?aktivitet a rt:Activity ; rdfs:label ?namn ; rt:about ?lan .
  FILTER(CONTAINS(LCASE(?namn), "validering"))
} ORDER BY ?lan ?aktivitet LIMIT 100"""
