"""SPARQL for analysts: rows as Python values, or as a polars or pandas table.

>>> query("http://127.0.0.1:8000/sparql", "SELECT …").to_polars()  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..ontology.problems import Lang, Problem, RodtradError
from .parameters import JSON, Engine

__all__ = ["Table", "ask", "explain", "list_queries", "query", "rollup", "trace"]

XSD = "http://www.w3.org/2001/XMLSchema#"
TIMEOUT_S = 60.0
_CLIENTS = ("httpx2", "httpx")


@dataclass(frozen=True)
class Table:
    """The rows of a SELECT: integers, decimals, floats and booleans as Python values, all else as text.

    What is unbound is ``None``.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]

    def to_polars(self) -> Any:
        """The rows as a polars DataFrame. Raises RodtradError ``missing-library``."""
        data = {name: [_column_value(row[name]) for row in self.rows] for name in self.columns}
        return _library("polars").DataFrame(data, strict=False)

    def to_pandas(self) -> Any:
        """The rows as a pandas DataFrame. Raises RodtradError ``missing-library``."""
        return _library("pandas").DataFrame(list(self.rows), columns=list(self.columns))


def query(source: str | Engine, sparql: str) -> Table:
    """Ask a SELECT of a SPARQL endpoint (its address) or of an engine in this process.

    Raises RodtradError: ``missing-library`` when there is no HTTP client for an address, ``endpoint-failed``
    when the endpoint does not answer with rows.
    """
    body = _fetch(source, sparql) if isinstance(source, str) else source.query(sparql, JSON)
    answer = json.loads(body)
    columns = tuple(answer["head"]["vars"])
    rows = tuple(
        {name: _value(row[name]) if name in row else None for name in columns}
        for row in answer["results"]["bindings"]
    )
    return Table(columns, rows)


def rollup(address: str, indicator: str, over: str = "region", **asked: str) -> dict[str, Any]:
    """Put values together at a service (its address): what its ``/api/v1/rollup`` answers.

    ``asked`` are its other parameters: year, place, category, threshold, of, lang.
    Raises RodtradError: ``missing-library``, ``endpoint-failed`` with the service's own words.
    """
    return _get(address, "rollup", {"indicator": indicator, "over": over, **asked})


def list_queries(address: str, lang: Lang = "sv") -> list[dict[str, Any]]:
    """The questions that a service answers: id, class, parameters, columns. Raises as ``rollup``."""
    return _get(address, "queries", {"lang": lang})["queries"]


def ask(address: str, query_id: str, lang: Lang = "sv", **values: str) -> dict[str, Any]:
    """The answer of a service to a question of its catalogue: ``rows``, ``generation`` and the SPARQL.

    ``values`` are the question's parameters. Raises as ``rollup``.
    """
    return _get(address, f"queries/{query_id}/results", {"lang": lang, "format": "json", **values})


def explain(address: str, query_id: str, lang: Lang = "sv", **values: str) -> dict[str, Any]:
    """The same answer, each row with what lies behind it under ``explain``. Raises as ``rollup``."""
    return ask(address, query_id, lang, explain="true", **values)


def trace(address: str, iri: str, direction: str = "up", lang: Lang = "sv") -> dict[str, Any]:
    """The paths ``up`` or ``down`` from a resource. Raises as ``rollup``."""
    return _get(address, "trace", {"iri": iri, "direction": direction, "lang": lang})


def _get(address: str, what: str, asked: Mapping[str, str]) -> dict[str, Any]:
    http = _library(*_CLIENTS)
    path = address.rstrip("/") + "/api/v1/" + what
    try:
        response = http.get(
            path,
            params=dict(asked),
            headers={"Accept": "application/json"},
            timeout=TIMEOUT_S,
            follow_redirects=False,
        )
        told = response.json()
    except (http.HTTPError, ValueError) as error:
        raise RodtradError(Problem("endpoint-failed", values={"address": path, "reason": error})) from None
    if response.status_code != 200:
        reason = f"{response.status_code} {told.get('detail', '')[:400]}"
        raise RodtradError(Problem("endpoint-failed", values={"address": path, "reason": reason}))
    return told


def _fetch(address: str, sparql: str) -> bytes:
    http = _library(*_CLIENTS)
    try:
        response = http.post(
            address,
            data={"query": sparql},
            headers={"Accept": JSON},
            timeout=TIMEOUT_S,
            follow_redirects=False,
        )
    except http.HTTPError as error:
        raise RodtradError(Problem("endpoint-failed", values={"address": address, "reason": error})) from None
    if response.status_code != 200 or JSON not in response.headers.get("content-type", ""):
        values = {"address": address, "reason": f"{response.status_code} {response.text[:200]}"}
        raise RodtradError(Problem("endpoint-failed", values=values))
    return response.content


def _value(term: Mapping[str, str]) -> Any:
    kind, text = term.get("datatype", "").removeprefix(XSD), term["value"]
    if kind == "integer":
        return int(text)
    if kind == "decimal":
        return Decimal(text)
    if kind in {"double", "float"}:
        return float(text)
    if kind == "boolean":
        return text in {"true", "1"}
    return text


def _column_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _library(*names: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    raise RodtradError(Problem("missing-library", values={"library": " / ".join(names)}))
