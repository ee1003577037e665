"""Everything that goes wrong, in one shape: RFC 9457 problem details, or a page when a person is asking."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from jinja2 import TemplateError
from starlette.exceptions import HTTPException

from ..ontology.problems import Problem, RodtradError, Where
from .negotiation import PROBLEM, wants_html
from .rendering import language_of, render
from .security import HEADERS, BodyTooLarge, BodyTooSlow

log = logging.getLogger("rodtrad.service")
_BY_STATUS = {404: "page-not-found", 405: "method-not-allowed", 415: "media-type-unsupported"}


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error in the one shape."""

    @app.exception_handler(RodtradError)
    def _ours(request: Request, error: RodtradError) -> Response:
        return answer(request, error.problems)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        code = _BY_STATUS.get(error.status_code, "request-refused")
        values = {"path": request.url.path, "method": request.method}
        return answer(request, [Problem(code, values=values)], error.status_code, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _parameters(request: Request, error: RequestValidationError) -> Response:
        return answer(request, [_parameter_problem(fault) for fault in error.errors()])

    @app.exception_handler(BodyTooLarge)
    def _large(request: Request, error: BodyTooLarge) -> Response:
        return answer(request, [Problem("body-too-large", values={"limit": error.args[0]})])

    @app.exception_handler(BodyTooSlow)
    def _slow(request: Request, error: BodyTooSlow) -> Response:
        problem = Problem("body-too-slow", values={"limit_s": f"{error.args[0]:g}"})
        return answer(request, [problem], headers={"Connection": "close"})

    @app.exception_handler(Exception)
    def _unforeseen(request: Request, error: Exception) -> Response:
        reference = secrets.token_hex(6)
        log.error("unforeseen error %s at %s", reference, request.url.path, exc_info=error)
        problem = Problem("internal", values={"reference": reference})
        try:
            response = answer(request, [problem])
        except TemplateError:
            response = _as_data(request, [problem], problem.http_status, {}, ())
        # The outermost handler stands outside the middleware, so the headers are set here.
        response.headers.update(HEADERS)
        if known := getattr(request.state, "request_id", ""):
            response.headers["X-Request-ID"] = known
        return response


def answer(
    request: Request,
    problems: Sequence[Problem],
    status: int | None = None,
    headers: dict[str, str] | None = None,
    suggestions: Sequence[tuple[str, str]] = (),
) -> Response:
    """Return the problems as problem details, or as a page when HTML is asked for.

    ``suggestions`` are pairs of address and text to try instead.
    """
    first = problems[0]
    request.state.problem = first.code  # For the log and the counters.
    status = status or first.http_status
    extra = {"Vary": "Accept, Accept-Language", **(headers or {})}
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        extra.setdefault("Retry-After", str(first.values.get("retry_after_s", 5)))
    if status == HTTPStatus.UNAUTHORIZED:
        extra.setdefault("WWW-Authenticate", 'Bearer realm="rodtrad"')
    lang = language_of(request)
    if wants_html(request.headers.get("accept")):
        values = {
            "title": first.title(lang),
            "problems": [_shown(problem, lang) for problem in problems],
            "status": status,
            "suggestions": suggestions,
        }
        return render(request, "problem.html", values, status=status, headers=extra)
    return _as_data(request, problems, status, extra, suggestions)


def _as_data(
    request: Request,
    problems: Sequence[Problem],
    status: int,
    headers: dict[str, str],
    suggestions: Sequence[tuple[str, str]],
) -> Response:
    first, lang = problems[0], language_of(request)
    body: dict[str, object] = {
        "type": f"/problems/{first.code}",
        "title": first.title(lang),
        "status": status,
        "detail": first.message(lang),
        "instance": request.url.path,
        "errors": [problem.as_dict() for problem in problems],
    }
    if suggestions:
        body["suggestions"] = [{"href": href, "label": label} for href, label in suggestions]
    tags = {**headers, "Content-Language": lang}
    return Response(json.dumps(body, ensure_ascii=False), status, tags, PROBLEM)


def _shown(problem: Problem, lang: str) -> dict[str, object]:
    language = "en" if lang == "en" else "sv"
    return {
        "code": problem.code,
        "message": problem.message(language),
        "hint": problem.hint(language),
        "where": str(problem.where),
    }


def _parameter_problem(fault: dict[str, object]) -> Problem:
    place = fault.get("loc")
    name = str(place[-1]) if isinstance(place, (tuple, list)) and place else "?"
    if fault.get("type") == "missing":
        return Problem("value-missing", Where(), {"name": name})
    values = {"name": name, "given": str(fault.get("input", ""))[:200]}
    return Problem("value-unreadable", Where(), values)
