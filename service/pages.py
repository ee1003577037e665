"""The pages that are not about one resource: counties, questions, rules, publications, about."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ..ontology.names import SCHEME
from ..ontology.problems import Problem, RodtradError
from ..ontology.problems import catalogue as problem_codes
from ..queries.catalogue import catalogue, find
from ..queries.competency import CLASSES, themes
from ..shapes.rulebook import Rule
from ..shapes.validation import rules
from . import freshness
from .errors import answer as error_answer
from .moment import backend_of
from .national_page import mappable
from .negotiation import HTML
from .publications import publications
from .questions import (
    answer,
    download,
    fits,
    form_fields,
    parameters_in,
    ready_to_answer,
    shown_rows,
    sides,
    with_sides,
)
from .regions import by_code, content, region_iri, regions
from .rendering import language_of, render
from .sparql_page import as_example, copies
from .texts import text
from .words import Labels, Words

router = APIRouter(tags=["pages"])
_SEVERITIES = ("violation", "warning", "info")


@router.get("/regions", summary="All counties")
def all_regions(request: Request) -> Response:
    """The counties in county-code order with the number of things of each kind."""
    lang = language_of(request)
    values = {"title": text("regions", lang), "regions": regions(backend_of(request), lang)}
    return render(request, "regions.html", values)


@router.get("/regions/{code}", summary="One county")
def region(request: Request, code: str) -> Response:
    """What the sources tell about the work of one county."""
    unchanged = freshness.unchanged(request, HTML)
    if unchanged:
        return unchanged
    backend, lang = backend_of(request), language_of(request)
    found = next(iter(regions(backend, lang, region_iri(code))), None) if code.isalnum() else None
    found = found or by_code(regions(backend, lang), code)
    if found is None:
        raise RodtradError(Problem("unknown-region", values={"code": code[:80]}))
    values = {
        "title": found.label.text,
        "title_lang": found.label.lang,
        "region": found,
        "content": content(backend, found.iri, lang),
    }
    return render(request, "region.html", values, headers=freshness.headers(request, HTML))


@router.get("/questions", summary="All questions, for people")
def questions(request: Request) -> Response:
    """The questions that can be asked with a form, of a class, on a theme, with words in the question."""
    chosen = {key: request.query_params.get(key, "").strip()[:200] for key in ("class", "theme", "text")}
    lang = language_of(request)
    values = {
        "title": text("questions", lang),
        "questions": [one for one in catalogue().values() if fits(one, lang, **chosen)],
        "chosen": chosen,
        "classes": CLASSES,
        "themes": themes(),
        "side_ids": {one.id for one in with_sides()},
    }
    return render(request, "questions.html", values)


@router.get("/questions/{query_id}", summary="One question as a form with its answer")
def question(request: Request, query_id: str) -> Response:
    """The form of a question; when its parameters are given, also the answer as a table."""
    backend, lang = backend_of(request), language_of(request)
    query, given = find(query_id), parameters_in(request)
    problems: list[Problem] = []
    result = None
    if ready_to_answer(query, given):
        try:
            result = answer(backend, query_id, given, lang)
        except RodtradError as error:
            problems = error.problems
            if problems[0].http_status >= 500:
                return error_answer(request, problems)
    limit = request.app.state.settings.page_rows
    values = {
        "title": query.title[lang],
        "rows": shown_rows(backend, query, result.rows[:limit], lang) if result else [],
        "total": len(result.rows) if result else 0,
        "query": query,
        "fields": form_fields(backend, query, given, lang),
        "given": given,
        "result": result,
        "empty": result.why_empty() if result else None,
        "problems": [{"message": one.message(lang), "hint": one.hint(lang)} for one in problems],
        "copies": copies(request, result.sparql if result else as_example(query)),
        "has_sides": query_id in {one.id for one in with_sides()},
    }
    return render(request, "question.html", values, status=problems[0].http_status if problems else 200)


@router.get("/sides", summary="The questions that can be read side by side")
def all_sides(request: Request) -> Response:
    """Questions to which every county has an answer of its own."""
    values = {"title": text("sides", language_of(request)), "questions": with_sides()}
    return render(request, "sides_list.html", values)


@router.get("/sides/{query_id}", summary="One question with every county's answer side by side")
def side_by_side(request: Request, query_id: str, format: str | None = None) -> Response:
    """Every county's answer with its source. ``format`` is csv, csv-sv, xlsx or json."""
    lang = language_of(request)
    backend = backend_of(request)
    result, found = sides(backend, query_id, lang)
    if format in ("csv", "csv-sv", "xlsx", "json"):
        return download(
            result, format, f"{query_id}-sida-vid-sida" if lang == "sv" else f"{query_id}-side-by-side"
        )
    if format is not None:
        values = {"accept": format, "offered": "csv, csv-sv, xlsx, json"}
        raise RodtradError(Problem("not-acceptable", values=values))
    each = max(1, request.app.state.settings.page_rows // max(1, len(found)))
    # One look-up of labels for the whole page, and not one per county.
    cut = [one.rows[:each] for one in found]
    shown = iter(shown_rows(backend, result.query, [row for rows in cut for row in rows], lang))
    values = {
        "title": result.query.title[lang],
        "query": result.query,
        "result": result,
        "columns": [one for one in result.columns if one.name != "region"],
        "sides": [
            (one.region, [next(shown) for _ in rows], len(one.rows) - len(rows))
            for one, rows in zip(found, cut, strict=True)
        ],
        "answered": sum(1 for one in found if one.answered),
        "on_map": {one.id for one in mappable()},
        "missing": [one.region for one in found if not one.answered],
    }
    return render(request, "sides.html", values)


@router.get("/rules", summary="All rules")
def all_rules(request: Request) -> Response:
    """The rules that data are checked against, by tier."""
    found = sorted(rules(), key=lambda one: (one.tier, _SEVERITIES.index(one.severity), one.id))
    return render(
        request,
        "rules.html",
        {"title": text("rules", language_of(request)), "rules": found, "names": _names(request, found)},
    )


@router.get("/rules/{rule_id}", summary="One rule")
def rule(request: Request, rule_id: str) -> Response:
    """What a rule says, why, and how to mend what it finds."""
    found = next((one for one in rules() if one.id.casefold() == rule_id.casefold()), None)
    if found is None:
        raise RodtradError(Problem("unknown-rule", values={"rule": rule_id[:80]}))
    return render(request, "rule.html", {"title": found.id, "rule": found, "names": _names(request, [found])})


def _names(request: Request, found: Iterable[Rule]) -> dict[str, Words]:
    """What the tiers and reaches of rules are called, by ``tier/…`` and ``reach/…``."""
    wanted = {f"tier/{one.tier}" for one in found} | {f"reach/{one.reach}" for one in found}
    labels = Labels(backend_of(request), [str(SCHEME[one]) for one in sorted(wanted)], language_of(request))
    return {one: labels.words(str(SCHEME[one])) for one in wanted}


@router.get("/rule/{rule_id}", summary="The identifier of a rule")
def rule_identifier(rule_id: str) -> Response:
    """Leads to the page of the rule."""
    return Response(status_code=303, headers={"Location": "/rules/" + quote(rule_id, safe="")})


@router.get("/publications", summary="All publications")
def all_publications(request: Request) -> Response:
    """Who says what here: publisher, subject, source, completeness."""
    lang = language_of(request)
    found = publications(backend_of(request), lang, sizes=True)
    current = request.app.state.store.current()
    values = {
        "title": text("publications", lang),
        "publications": found,
        "reported": {graph for graph, entry in current.graphs.items() if entry.report},
        "notified": set(current.notices),
    }
    return render(request, "publications.html", values)


@router.get("/problems/{code}", summary="What an error means")
def problem(request: Request, code: str) -> Response:
    """The page that the ``type`` of a problem leads to."""
    words = problem_codes().get(code)
    if words is None:
        raise RodtradError(Problem("page-not-found", values={"path": f"/problems/{code[:80]}"}))
    lang = language_of(request)
    values = {"title": words["title"][lang], "code": code, "meaning": words}
    return render(request, "problem_code.html", values)


@router.get("/about", summary="About the service")
def about(request: Request) -> Response:
    """What the service says, what it does not say, and where its data come from."""
    return render(request, "about.html", {"title": text("about", language_of(request))})


@router.get("/accessibility", summary="Accessibility statement")
def accessibility(request: Request) -> Response:
    """How accessible the pages are, what is lacking, and where to tell."""
    return render(request, "accessibility.html", {"title": text("accessibility", language_of(request))})
