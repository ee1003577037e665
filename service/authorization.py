"""Whether the one who writes may: a bearer token in the header, decided before the body is read."""

from __future__ import annotations

from fastapi import Request

from ..ontology.names import GRAPH
from ..ontology.problems import Problem, RodtradError, Where
from ..store.tokens import Token, Tokens

_IN_ADDRESS = ("access_token", "token")


def writer(request: Request) -> Token:
    """The token of a request that wants to write.

    Raises RodtradError: ``token-missing``, ``token-invalid``, ``token-in-address``.
    """
    if any(name in request.query_params for name in _IN_ADDRESS):
        raise RodtradError(Problem("token-in-address"))
    given = request.headers.getlist("authorization")
    scheme, _, secret = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not secret.strip():
        raise RodtradError(Problem("token-missing"))
    tokens: Tokens = request.app.state.tokens
    return tokens.check(secret.strip())


def writer_of(request: Request, graph_iri: str) -> Token:
    """The token of a request to write one graph. Raises as ``writer``, and ``graph-of-another``."""
    token = writer(request)
    if not token.owns(publisher_of(graph_iri)):
        values = {"graph": graph_iri, "publisher": token.publisher}
        raise RodtradError(Problem("graph-of-another", Where(iri=graph_iri), values))
    return token


def administrator(request: Request) -> Token:
    """The token of a request for administrators only. Raises as ``writer``, and ``admin-only``."""
    token = writer(request)
    if not token.admin:
        raise RodtradError(Problem("admin-only"))
    return token


def publisher_of(graph_iri: str) -> str:
    """The publisher's part of an exact graph IRI of ours, else a text that no publisher has."""
    parts = graph_iri.removeprefix(str(GRAPH)).split("/") if graph_iri.startswith(str(GRAPH)) else []
    return parts[0] if len(parts) == 2 and all(parts) else "\x00"
