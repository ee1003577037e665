"""A query as a command for curl, a program in Python and one in R, to be copied and run elsewhere."""

from __future__ import annotations

import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """A text to copy; ``id`` is part of the page's element names."""

    id: str
    name: str
    text: str


def snippets(endpoint: str, query: str, form: str) -> list[Snippet]:
    """The query for each tool.

    Args:
        endpoint: The address of the SPARQL service, with parameters such as ``asOf`` when there are any.
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.
    """
    # A form on a page sends line ends as CR LF.
    text = query.replace("\r\n", "\n").replace("\r", "\n")
    return [
        Snippet("curl", "curl", _curl(endpoint, text, form)),
        Snippet("python", "Python (SPARQLWrapper)", _python(endpoint, text, form)),
        Snippet("r", "R", _r(endpoint, text, form)),
    ]


def _curl(endpoint: str, query: str, form: str) -> str:
    media = "text/turtle" if _is_graph(form) else "text/csv" if form == "SELECT" else "application/json"
    return (
        f"curl -sS {shlex.quote(endpoint)} \\\n"
        f"  -H 'Accept: {media}' \\\n"
        f"  --data-urlencode {shlex.quote('query=' + query)}"
    )


def _python(endpoint: str, query: str, form: str) -> str:
    returned = "TURTLE" if _is_graph(form) else "JSON"
    lines = [
        f"from SPARQLWrapper import {returned}, POST, SPARQLWrapper",
        "",
        f"service = SPARQLWrapper({_python_string(endpoint)})",
        "service.setMethod(POST)",
        f"service.setReturnFormat({returned})",
        f"service.setQuery({_python_string(query)})",
    ]
    if _is_graph(form):
        lines += ["print(service.query().convert().decode())"]
    elif form == "ASK":
        lines += ['print(service.query().convert()["boolean"])']
    else:
        lines += [
            'for row in service.query().convert()["results"]["bindings"]:',
            '    print({name: term["value"] for name, term in row.items()})',
        ]
    return "\n".join(lines)


def _r(endpoint: str, query: str, form: str) -> str:
    joint = "&" if "?" in endpoint else "?"
    kind = "nt" if _is_graph(form) else "csv" if form == "SELECT" else "json"
    address = _r_string(f"{endpoint}{joint}format={kind}&query=")
    read = (
        'rows <- read.csv(address, check.names = FALSE, encoding = "UTF-8")'
        if form == "SELECT"
        else 'rows <- readLines(address, encoding = "UTF-8")'
    )
    return "\n".join(
        (
            f"query <- {_r_string(query)}",
            f"address <- paste0({address}, utils::URLencode(enc2utf8(query), reserved = TRUE))",
            read,
            "print(rows)",
        )
    )


def _is_graph(form: str) -> bool:
    return form in ("CONSTRUCT", "DESCRIBE")


def _python_string(text: str) -> str:
    """A Python literal; several lines stay several lines."""
    mark, text = '"""' if "\n" in text else '"', text.replace("\\", "\\\\")
    if mark in text or text.endswith('"'):
        text = text.replace('"', '\\"')
    return mark + text + mark


def _r_string(text: str) -> str:
    """An R literal in double quotes; line ends may stand in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
