"""The Graph Store Protocol over publications, ``/graphs``, and ``/update`` for administrators."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ..ontology.names import GRAPH, PREFIXES
from ..ontology.problems import Problem, RodtradError, Where
from ..store import Store
from ..store.audit import record
from ..store.ledger import check_space
from ..store.sandbox import Sandbox
from ..store.tokens import Token
from .authorization import administrator, writer, writer_of
from .errors import answer as error_answer
from .negotiation import JSON, JSON_LD, N_TRIPLES, PROBLEM, TURTLE, best, endpoint_of, is_utf8
from .rendering import language_of
from .uploads import NO_RULES, SUFFIXES

router = APIRouter(tags=["graph store"])
_OFFERED = (TURTLE, N_TRIPLES, JSON_LD)
_FORMATS = {TURTLE: ox.RdfFormat.TURTLE, JSON_LD: ox.RdfFormat.JSON_LD}
_TIERS = ("bas", "kedja", "full", NO_RULES)
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"


@router.get("/graphs", summary="The triples of a publication, or of everything")
def get_graph(request: Request, graph: str | None = None) -> Response:
    """``graph`` is the IRI of a publication; ``default`` in its place gives the merged view."""
    if "default" in request.query_params and graph is None:
        return _merged(request)
    return _get(request, _named(request, graph))


@router.put("/graphs", summary="Publish a dataset, in place of its earlier version")
async def put_graph(request: Request, graph: str | None = None) -> Response:
    """Needs the token of the publisher. The answer holds the report and the new generation.

    Without ``graph`` the content names its graph."""
    return await _publish(request, _name_or_content(request, graph), merge=False)


@router.post("/graphs", summary="Add to a publication, or publish a new one")
async def post_graph(request: Request, graph: str | None = None) -> Response:
    """Without ``graph`` the content names its graph."""
    return await _publish(request, _name_or_content(request, graph), merge=True)


@router.delete("/graphs", summary="Take a publication out of the current view")
async def delete_graph(request: Request, graph: str | None = None) -> Response:
    """Its history stays."""
    return await _retire(request, _written_name(request, graph))


@router.get("/graphs/{path:path}", summary="The triples of a publication")
def get_direct(request: Request, path: str) -> Response:
    """The path is the end of the graph's IRI: publisher/dataset."""
    return _get(request, _direct(request, path))


@router.put("/graphs/{path:path}", summary="Publish a dataset, in place of its earlier version")
async def put_direct(request: Request, path: str) -> Response:
    """As ``PUT /graphs?graph=``."""
    return await _publish(request, _direct(request, path), merge=False)


@router.post("/graphs/{path:path}", summary="Add to a publication")
async def post_direct(request: Request, path: str) -> Response:
    """As ``POST /graphs?graph=``."""
    return await _publish(request, _direct(request, path), merge=True)


@router.delete("/graphs/{path:path}", summary="Take a publication out of the current view")
async def delete_direct(request: Request, path: str) -> Response:
    """As ``DELETE /graphs?graph=``."""
    return await _retire(request, _direct(request, path))


@router.post("/update", summary="SPARQL update, for administrators")
async def update(request: Request) -> Response:
    """Tried on a copy; each graph that it changes is then published as by PUT, all of them or none."""
    token = administrator(request)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    _refuse_encoding(request)
    if not is_utf8(request):
        raise RodtradError(Problem("media-type-unsupported", values={"path": "/update"}))
    body = await request.body()
    try:
        if media == _FORM:
            fields = parse_qs(
                body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=100
            )
        elif media == _UPDATE:
            fields = {**parse_qs(request.url.query, keep_blank_values=True), "update": [body.decode("utf-8")]}
        else:
            raise RodtradError(Problem("media-type-unsupported", values={"path": "/update"}))
    except UnicodeDecodeError:
        raise RodtradError(Problem("query-encoding")) from None
    except ValueError:
        raise RodtradError(Problem("update-unclear", values={"reason": "form"})) from None
    texts = fields.get("update", [])
    if len(texts) != 1:
        raise RodtradError(Problem("update-unclear", values={"reason": f"update × {len(texts)}"}))
    request.state.query = texts[0]
    options = {
        "tier": _tier(request, token),
        "dry_run": _flag(request, "dry-run"),
        "base": endpoint_of(request),
        "using": fields.get("using-graph-uri", []),
        "using_named": fields.get("using-named-graph-uri", []),
    }
    return await _run(
        request, token, "update", "rodtrad.service.updates:update", texts[0].encode(), "", options
    )


def _named(request: Request, graph: str | None) -> str:
    if not graph:
        raise RodtradError(Problem("graph-missing"))
    here = f"{request.base_url}graphs/"
    if graph.startswith(here):
        # The address of a graph on this host names the graph as its IRI does.
        graph = str(GRAPH[graph.removeprefix(here)])
    try:
        return ox.NamedNode(graph).value
    except ValueError as error:
        values = {"graph": graph[:300], "reason": error}
        raise RodtradError(Problem("graph-invalid", values=values)) from None


def _written_name(request: Request, graph: str | None) -> str:
    if "default" in request.query_params and graph is None:
        writer(request)
        raise RodtradError(Problem("default-graph-computed"))
    return _named(request, graph)


def _name_or_content(request: Request, graph: str | None) -> str:
    """The graph that is asked for; ``""`` when the content is to name it."""
    if graph is None and "default" not in request.query_params:
        return ""
    return _written_name(request, graph)


def _direct(request: Request, path: str) -> str:
    return _named(request, str(GRAPH[path]) if path else None)


def _get(request: Request, graph: str) -> Response:
    store = _store(request)
    entry = store.current().graphs.get(graph)
    if entry is None:
        raise RodtradError(Problem("unknown-graph", Where(iri=graph), {"graph": graph}))
    return _serialized(request, entry.data, lambda: store.graph(graph))


def _merged(request: Request) -> Response:
    store = _store(request)
    current = store.current()
    names = [*current.graphs, *store.computed_graphs()]
    return _serialized(
        request,
        f"g{current.number}",
        lambda: b"".join(sorted({line for name in names for line in store.graph(name).splitlines(True)})),
    )


def _serialized(request: Request, version: str, data: Callable[[], bytes]) -> Response:
    accept = request.headers.get("accept")
    media = best(accept, _OFFERED)
    if media is None:
        raise RodtradError(
            Problem("not-acceptable", values={"accept": accept or "", "offered": ", ".join(_OFFERED)})
        )
    headers = {
        "ETag": f'"{version}.{SUFFIXES[media][1:]}"',
        "Vary": "Accept",
        "Cache-Control": "no-cache",
        "X-Generation": str(_store(request).current().number),
    }
    known = _tags(request.headers.get("if-none-match", ""))
    if version in known or "*" in known:
        return Response(status_code=304, headers=headers)
    body = data()
    if media in _FORMATS:
        triples = (quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES))
        body = ox.serialize(triples, format=_FORMATS[media], prefixes=PREFIXES) or b""
    charset = "; charset=utf-8" if media == TURTLE else ""
    return Response(body, headers=headers, media_type=media + charset)


async def _publish(request: Request, graph: str, *, merge: bool) -> Response:
    token = writer_of(request, graph) if graph else writer(request)
    tier = _tier(request, token)
    media = request.headers.get("content-type", "")
    kind = media.partition(";")[0].strip().lower()
    if kind not in SUFFIXES or not is_utf8(request):
        raise RodtradError(Problem("media-type-unsupported", values={"path": "/graphs"}))
    _refuse_encoding(request)
    body = await request.body()
    if not graph and (tier != NO_RULES or not token.admin):
        named = await run_in_threadpool(
            _sandbox(request).run,
            "rodtrad.service.uploads:graph_named",
            body,
            folder=str(_store(request).folder.resolve()),
            media=media,
        )
        graph = named.decode()
        writer_of(request, graph)
    if_match = request.headers.get("if-match")
    options = {
        "media": media,
        "tier": tier,
        "merge": merge,
        "confirm": "removal" in request.query_params.getlist("confirm"),
        "dry_run": _flag(request, "dry-run"),
        "if_match": None if if_match is None else _tags(if_match),
        "if_new": "*" in _tags(request.headers.get("if-none-match", "")),
    }
    action = "merge" if merge else "publish"
    return await _run(request, token, action, "rodtrad.service.uploads:publish", body, graph, options)


async def _retire(request: Request, graph: str) -> Response:
    token = writer_of(request, graph)
    if_match = request.headers.get("if-match")
    options = {
        "dry_run": _flag(request, "dry-run"),
        "if_match": None if if_match is None else _tags(if_match),
    }
    return await _run(request, token, "retire", "rodtrad.service.uploads:retire", b"", graph, options)


async def _run(
    request: Request,
    token: Token,
    action: str,
    function: str,
    body: bytes,
    graph: str,
    options: dict[str, Any],
) -> Response:
    """Do it in a process with limits, note it in the audit log, and answer from the new generation."""
    store = _store(request)
    by = f"{token.publisher or 'admin'}:{token.id}"
    if action != "update":
        options = {**options, "graph": graph}

    def work() -> tuple[dict[str, Any], Exception | None]:
        try:
            check_space(store.folder, request.app.state.settings.min_free_bytes)
            done = json.loads(
                _sandbox(request).run(function, body, folder=str(store.folder.resolve()), by=by, **options)
            )
        except RodtradError as error:
            record(
                store.folder,
                by=by,
                action=action,
                graph=graph,
                outcome=error.problems[0].code,
                bytes=len(body),
                dry_run=bool(options.get("dry_run")),
            )
            return {}, error
        record(
            store.folder,
            by=by,
            action=action,
            graph=done.get("graph", graph),
            graphs=done.get("changed") if action == "update" else None,
            outcome="refused" if "refused" in done else "done",
            generation=done.get("generation"),
            hash=done.get("etag"),
            bytes=len(body),
            dry_run=bool(options.get("dry_run")),
        )
        if not options.get("dry_run") and "refused" not in done:
            request.app.state.backend.refresh()
        return done, None

    done, error = await run_in_threadpool(work)
    if isinstance(error, RodtradError):
        return error_answer(request, error.problems)
    if "refused" in done:
        return _refusal(request, done)
    headers = {"X-Generation": str(done["generation"])}
    created = done.get("created", False)
    if created:
        headers["Location"] = str(request.base_url)[:-1] + _address(done["graph"])
    if done.get("etag"):
        headers["ETag"] = f'"{done["etag"]}"'
    text = json.dumps(done, ensure_ascii=False, indent=1)
    return Response(text, 201 if created and not done["dry_run"] else 200, headers, JSON)


def _refusal(request: Request, done: dict[str, Any]) -> Response:
    lang = language_of(request)
    problem = Problem("upload-refused")
    body = {
        "type": f"/problems/{problem.code}",
        "title": problem.title(lang),
        "status": done["refused"],
        "detail": problem.message(lang),
        "instance": request.url.path,
        "errors": done["errors"],
        "report": done["report"],
    }
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, done["refused"], {"Content-Language": lang}, PROBLEM)


def _address(graph: str) -> str:
    if graph.startswith(str(GRAPH)):
        return "/graphs/" + quote(graph.removeprefix(str(GRAPH)), safe="/")
    return "/graphs?graph=" + quote(graph, safe="")


def _tier(request: Request, token: Token) -> str:
    tier = request.query_params.get("tier") or request.app.state.settings.default_tier
    if tier not in _TIERS:
        raise RodtradError(Problem("unknown-tier", values={"tier": tier, "tiers": ", ".join(_TIERS)}))
    if tier == NO_RULES and not token.admin:
        raise RodtradError(Problem("tier-not-allowed"))
    return tier


def _flag(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in ("1", "true", "yes", "ja") or (
        name in request.query_params and request.query_params[name] == ""
    )


def _refuse_encoding(request: Request) -> None:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RodtradError(Problem("media-type-unsupported", values={"path": request.url.path}))


def _tags(header: str) -> list[str]:
    """The hashes in the entity tags of a header; an ending that tells the format is left out."""
    if header.strip() == "*":
        return ["*"]
    return [found.partition(".")[0] for found in _TAG.findall(header)]


def _store(request: Request) -> Store:
    return request.app.state.store


def _sandbox(request: Request) -> Sandbox:
    return request.app.state.sandbox
