"""``/search`` for people and ``/api/v1/search`` for programs."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request, Response

from ..ontology.problems import Problem, RodtradError
from ..queries.search import FACETS
from .moment import backend_of
from .negotiation import JSON
from .rendering import language_of, links_of, render
from .search import Search, search
from .texts import text

router = APIRouter()
PAGE = 20


@router.get("/api/v1/search", summary="Search in all texts", tags=["api"])
def found(request: Request, q: str = "", limit: int = PAGE, offset: int = 0) -> Response:
    """Things that hold every word of ``q`` in any inflection, best match first.

    Narrowed by ``type``, ``region``, ``area``, ``obstacle``, ``activity`` (generic), ``outcome`` and
    ``certainty``: each an IRI, a notation or a name. ``q`` is words: no character has a meaning of its own.
    """
    answer = _search(request, q, limit, offset)
    headers = {"Vary": "Accept-Language", "X-Generation": str(answer.generation)}
    return Response(json.dumps(answer.as_dict(), ensure_ascii=False, indent=1), 200, headers, JSON)


@router.get("/search", summary="Search page", tags=["pages"])
def page(request: Request, q: str = "", offset: str = "") -> Response:
    """A search box, what was found, and what it can be narrowed by."""
    problems: list[Problem] = []
    answer = None
    if q.strip() or _given(request):
        try:
            answer = _search(request, q, PAGE, int(offset) if offset.isascii() and offset.isdigit() else 0)
        except RodtradError as error:
            if error.problems[0].http_status >= 500:
                raise
            problems = error.problems
    lang = language_of(request)
    values = {
        "title": text("search", lang),
        "q": q[:300],
        "answer": answer,
        "page_size": PAGE,
        "facets": list(FACETS),
        "problems": [{"message": one.message(lang), "hint": one.hint(lang)} for one in problems],
    }
    return render(request, "search.html", values, status=problems[0].http_status if problems else 200)


def _given(request: Request) -> dict[str, str]:
    return {name: value for name in FACETS if (value := request.query_params.get(name, "")).strip()}


def _search(request: Request, asked: str, limit: int, offset: int) -> Search:
    generation = backend_of(request).generation
    return search(
        request.app.state.searches.of(generation),
        asked,
        _given(request),
        generation=generation,
        lang=language_of(request),
        links=links_of(request),
        limit=limit,
        offset=offset,
    )
