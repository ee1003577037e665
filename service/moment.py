"""Which generation a request is answered from: the newest, or the one that ``asOf`` names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from fastapi import Request

from ..ontology.problems import Problem, RodtradError
from .backend import Backend

PARAMETER = "asOf"


def backend_of(request: Request) -> Backend:
    """The backend of the generation that the request asks for.

    ``asOf`` is the number of a generation, or a date or time: then the generation that held at the end of it.
    Raises RodtradError: ``value-unreadable``, ``unknown-generation``, ``as-of-loading``.
    """
    asked = as_of(request)
    if asked is None:
        return request.app.state.backend
    found = getattr(request.state, "backend", None)
    if found is None:
        found = request.state.backend = _past(request.app.state.backend, asked)
    return found


def as_of(request: Request) -> str | None:
    """What the request gives as ``asOf``; ``None`` when it asks for the present."""
    return request.query_params.get(PARAMETER, "").strip() or None


def _past(backend: Backend, asked: str) -> Backend:
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    if number is None:
        number = backend.generation_at(_moment(asked))
    return backend.as_of(number)


def _moment(asked: str) -> datetime:
    try:
        if len(asked) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(asked), time.max, UTC)
        moment = datetime.fromisoformat(asked.replace(" ", "+"))
    except ValueError:
        raise RodtradError(
            Problem("value-unreadable", values={"name": PARAMETER, "given": asked[:200]})
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
