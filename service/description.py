"""The OpenAPI description: what the routes say of themselves, with bodies, problems and the token added."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .negotiation import PROBLEM
from .uploads import SUFFIXES

_TEXT = {"schema": {"type": "string"}}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_DATASET = {"required": True, "content": dict.fromkeys(SUFFIXES, _BYTES)}
_QUERY_FORM = {
    "type": "object",
    "required": ["query"],
    "properties": {
        "query": {"type": "string"},
        "default-graph-uri": {"type": "string"},
        "named-graph-uri": {"type": "string"},
    },
}
_UPDATE_FORM = {"type": "object", "required": ["update"], "properties": {"update": {"type": "string"}}}
_FORM = "application/x-www-form-urlencoded"
_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("/graphs", "put"): _DATASET,
    ("/graphs", "post"): _DATASET,
    ("/graphs/{path}", "put"): _DATASET,
    ("/graphs/{path}", "post"): _DATASET,
    ("/sparql", "post"): {
        "required": True,
        "content": {"application/sparql-query": _TEXT, _FORM: {"schema": _QUERY_FORM}},
    },
    ("/update", "post"): {
        "required": True,
        "content": {"application/sparql-update": _TEXT, _FORM: {"schema": _UPDATE_FORM}},
    },
}
_WRITE_PARAMETERS = (
    ("tier", {"type": "string", "enum": ["bas", "kedja", "full", "none"]}),
    ("dry-run", {"type": "string", "enum": ["true", "false"]}),
    ("confirm", {"type": "string", "enum": ["removal"]}),
)
_QUERY_PARAMETERS = (
    ("query", {"type": "string"}),
    ("default-graph-uri", {"type": "string"}),
    ("named-graph-uri", {"type": "string"}),
    ("asOf", {"type": "string"}),
)
_METHODS = {"get", "put", "post", "delete"}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457, with every fault that was found in both languages.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
        "report": {"type": ["object", "null"]},
    },
}


def install(app: FastAPI) -> None:
    """Let ``app`` describe itself so."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    components = made.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    told = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            if method not in _METHODS:
                continue
            _complete(path, method, operation, told)
    return made


def _complete(path: str, method: str, operation: dict[str, Any], told: dict[str, Any]) -> None:
    answers = operation["responses"]
    # Which problem it is depends on what was sent; a page tells the same to people.
    answers.pop("422", None)
    answers["4XX"] = {"description": "A problem", "content": {PROBLEM: told, "text/html": _TEXT}}
    answers["5XX"] = {"description": "Not now", "content": {PROBLEM: told, "text/html": _TEXT}}
    answers["2XX"] = {"description": "The answer", "content": {"*/*": {}}}
    answers.pop("200", None)
    answers["3XX"] = {"description": "Elsewhere, or as it was"}
    if body := _BODIES.get((path, method)):
        operation["requestBody"] = body
    writing = path == "/update" or (path.startswith("/graphs") and method != "get")
    if writing:
        operation["security"] = [{"token": []}]
        _add(operation, _WRITE_PARAMETERS)
    if path == "/sparql" and method == "get":
        _add(operation, _QUERY_PARAMETERS)


def _add(operation: dict[str, Any], parameters: tuple[tuple[str, dict[str, Any]], ...]) -> None:
    known = {one["name"] for one in operation.get("parameters", [])}
    operation.setdefault("parameters", []).extend(
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in parameters
        if name not in known
    )
