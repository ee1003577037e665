"""The page of ``/sparql``: the form, its examples, the answer as a table, and where a fault stands."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from ..ontology.names import PREFIXES
from ..ontology.problems import Lang, Problem, RodtradError
from ..queries.catalogue import catalogue
from ..queries.competency import themes, themes_of
from ..queries.header import MARK, Query
from ..store.host import Asker
from .copy_as import Snippet, snippets
from .editor import editor_files
from .errors import answer as error_answer
from .moment import PARAMETER, as_of, backend_of
from .negotiation import N_TRIPLES, SPARQL_JSON, endpoint_of
from .rendering import language_of, links_of, render

_NOT_CODE = re.compile(r"#[^\n]*|<[^<>\"{}|^`\\\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_FORM_WORD = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_LINES_ABOUT = 2


@dataclass(frozen=True)
class Asked:
    """A query as the protocol carries it."""

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


@dataclass(frozen=True)
class Fault:
    """Where the engine stopped reading: the lines about the place, the number of the first of them."""

    line: int
    column: int
    first: int
    lines: tuple[str, ...]


def query_form(text: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE: the first such word outside comments, strings and IRIs."""
    found = _FORM_WORD.search(_NOT_CODE.sub(" ", text))
    return found[1].upper() if found else "SELECT"


def example_of(pairs: Sequence[tuple[str, str]]) -> str:
    """The text of the question of the catalogue that ``example`` names, ``""`` when it names none."""
    query = catalogue().get(next((value for name, value in pairs if name == "example"), ""))
    return as_example(query) if query else ""


def as_example(query: Query) -> str:
    """A question's text without its metadata; it runs as it stands."""
    return _without_metadata(query.text)


def _without_metadata(text: str) -> str:
    return "\n".join(one for one in text.splitlines() if not one.startswith(MARK)).strip() + "\n"


def copies(request: Request, query: str) -> list[Snippet]:
    """The query to be copied to other tools, at this host and moment."""
    moment = as_of(request)
    endpoint = f"{request.base_url}sparql" + (f"?{PARAMETER}={moment}" if moment else "")
    return snippets(endpoint, _without_metadata(query), query_form(query))


def answered_page(request: Request, asked: Asked, asker: Asker) -> Response:
    """The answer to a query as a page; a fault in the query is shown beside it."""
    graph = query_form(asked.query) in ("CONSTRUCT", "DESCRIBE")
    try:
        result = backend_of(request).ad_hoc(
            asked.query,
            N_TRIPLES if graph else SPARQL_JSON,
            asked.default_graphs,
            asked.named_graphs,
            asker,
            endpoint_of(request),
        )
    except RodtradError as error:
        if error.problems[0].http_status >= 500:
            return error_answer(request, error.problems)
        return page(request, asked.query, None, error.problems)
    if graph:
        return page(request, asked.query, {"triples": result.body.decode("utf-8").splitlines()})
    return page(request, asked.query, _table(json.loads(result.body)))


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


def fault_in(query: str, problem: Problem) -> Fault | None:
    """The place that a problem names in a query, ``None`` when it names none."""
    line, column = (str(problem.values.get(name, "")) for name in ("line", "column"))
    lines = query.replace("\r\n", "\n").split("\n")
    if not (line.isdigit() and column.isdigit() and 1 <= int(line) <= len(lines)):
        return None
    first = max(1, int(line) - _LINES_ABOUT)
    return Fault(int(line), int(column), first, tuple(lines[first - 1 : int(line)]))


def _examples(lang: Lang) -> list[tuple[str, list[tuple[str, str]]]]:
    """The questions of the catalogue by theme, each once."""
    taken: set[str] = set()
    groups = []
    for key, names in themes().items():
        found = [one for one in catalogue().values() if one.id not in taken and key in themes_of(one)]
        taken |= {one.id for one in found}
        if found:
            groups.append((names[lang], [(one.id, one.title[lang]) for one in found]))
    rest = [(one.id, one.title[lang]) for one in catalogue().values() if one.id not in taken]
    return [*groups, ("…", rest)] if rest else groups


def page(
    request: Request,
    query: str,
    result: dict[str, Any] | None = None,
    problems: Sequence[Problem] = (),
) -> Response:
    """The form with a query in it, and what came of it."""
    lang = language_of(request)
    values = {
        "title": "SPARQL",
        "query": query,
        "example": request.query_params.get("example", ""),
        "examples": _examples(lang),
        "result": result,
        "problems": [{"message": one.message(lang), "hint": one.hint(lang)} for one in problems],
        "fault": fault_in(query, problems[0]) if problems else None,
        "prefixes": "\n".join(f"PREFIX {name}: <{base}>" for name, base in PREFIXES.items()),
        "downloads": [
            (name.upper(), links_of(request).page("/sparql", query=query, format=name))
            for name in (("ttl", "nt") if result and "triples" in result else ("csv", "json"))
        ],
        "limit": request.app.state.settings.page_rows,
        "copies": copies(request, query) if query.strip() and not problems else [],
        "editor": editor_files(request.app.state.settings),
    }
    return render(request, "sparql.html", values, status=problems[0].http_status if problems else 200)
