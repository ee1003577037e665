"""Commands that answer: SPARQL, questions of the catalogue, threads, one request, what is installed."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import sys
from pathlib import Path
from typing import Annotated

import typer

from ... import __version__
from ...ontology.problems import Lang, Problem, RodtradError
from ...queries.answer import Answer
from ...queries.catalogue import catalogue, find
from ...queries.executables import turtle
from ...queries.explain import explain, not_explained, to_text
from ...queries.header import Query
from ...queries.runner import run
from ...queries.trace import trace as follow
from ...store.host import QueryHost
from ..sparql_page import query_form
from .stores import open_store, store_or_examples
from .talk import (
    FINDINGS,
    DataOption,
    FormatOption,
    LangOption,
    OutOption,
    PortOption,
    TableFormat,
    language,
    reasons,
    result,
    say,
    text,
    write,
    write_table,
)

app = typer.Typer()

_ACCEPT = {
    TableFormat.csv: "text/csv",
    TableFormat.json: "application/sparql-results+json",
    TableFormat.turtle: "text/turtle",
}


@app.command()
def sparql(
    query: Annotated[str, typer.Argument(help="Frågan, eller @fil / the query, or @file.")],
    data: DataOption = None,
    form: FormatOption = TableFormat.table,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Fråga med SPARQL. / Ask in SPARQL."""
    chosen = language(lang)
    with reasons(chosen):
        asked = _text_of(Path(query[1:])) if query.startswith("@") else query
        if form is TableFormat.table and query_form(asked) in ("CONSTRUCT", "DESCRIBE"):
            form = TableFormat.turtle
        with QueryHost(store_or_examples(data, chosen)) as host:
            if form in _ACCEPT:
                write(host.query(asked, _ACCEPT[form]).body, out)
            else:
                answer = json.loads(host.query(asked, _ACCEPT[TableFormat.json]).body)
                write_table(*_table(answer), form, out)


@app.command()
def query(
    question: Annotated[
        str | None, typer.Argument(help="Frågans id; utan id listas alla / id, or none: list.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="namn=värde / name=value")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Lista alla frågor / list all questions.")] = False,
    explained: Annotated[
        bool, typer.Option("--explain", help="Visa vad som ligger bakom varje rad / what is behind each row.")
    ] = False,
    data: DataOption = None,
    form: FormatOption = TableFormat.table,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Ställ en fråga ur katalogen. / Ask a question of the catalogue."""
    chosen = language(lang)
    with reasons(chosen):
        if question is None or listed:
            _list_queries([find(question)] if question else list(catalogue().values()), form, out, chosen)
            return
        values = dict(_pair(item) for item in parameter or [])
        engine = store_or_examples(data, chosen).engine()
        answer = run(engine, find(question), values, chosen)
        if explained and form is TableFormat.json:
            body = answer.as_dict()
            for row, why in zip(body["rows"], explain(engine, answer), strict=False):
                row["explain"] = why.as_dict()
            if left := not_explained(answer):
                body["explain_note"] = left
            write((json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode(), out)
            return
        write_answer(answer, form, out)
        if explained:
            for number, why in enumerate(explain(engine, answer), 1):
                say(text("explain-row", chosen, number=number))
                for line in to_text(why):
                    say(f"  {line}")
            if left := not_explained(answer):
                say(left[chosen])
        empty = answer.why_empty()
        if empty:
            say(text("no-rows", chosen))
            say(empty["coverage"])
            if "publish" in empty:
                say(text("no-rows-publish", chosen, publish=empty["publish"]))


@app.command()
def trace(
    iri: str,
    direction: Annotated[str, typer.Option(help="up, down")] = "up",
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
    lang: LangOption = None,
) -> None:
    """Följ tråden från en resurs. / Follow the thread from a resource."""
    chosen = language(lang)
    with reasons(chosen):
        if direction not in ("up", "down"):
            raise RodtradError(Problem("bad-direction", values={"direction": direction}))
        found = follow(store_or_examples(data, chosen).engine(), iri, direction, chosen)
        result(
            json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if as_json else found.to_text(chosen)
        )


@app.command()
def get(path: str, data: DataOption = None, lang: LangOption = None) -> None:
    """Skriv svaret på en begäran, utan server. / Print the answer to one request, without a server."""
    from ..app import create_app
    from ..backend import EngineBackend
    from ..inprocess import request
    from ..settings import Settings

    chosen = language(lang)
    with reasons(chosen):
        store = store_or_examples(data, chosen)
        status, body = request(create_app(Settings(), EngineBackend(store)), path)
        write(body, None)
        if status >= 400:
            say(str(status))
            raise typer.Exit(FINDINGS)


@app.command()
def serve(
    data: DataOption = None,
    host: str = "127.0.0.1",
    port: PortOption = 8000,
    lang: LangOption = None,
) -> None:
    """Svara över HTTP. / Answer over HTTP."""
    from ..server import serve as run_server

    chosen = language(lang)
    with reasons(chosen):
        run_server(store_or_examples(data, chosen), host, port)


@app.command()
def doctor(data: DataOption = None, lang: LangOption = None) -> None:
    """Visa versioner och lagrets läge. / Show versions and the state of the store."""
    chosen = language(lang)
    with reasons(chosen):
        result(f"rodtrad {__version__}\nPython {platform.python_version()} ({sys.platform})")
        for name in ("pyoxigraph", "rdflib", "pyshacl", "fastapi", "python-calamine", "xlsxwriter"):
            result(f"{name} {importlib.metadata.version(name)}")
        if data is not None:
            head = open_store(data).current()
            result(
                text(
                    "store-state",
                    chosen,
                    generation=head.number,
                    graphs=len(head.graphs),
                    triples=head.triples,
                )
            )


def write_answer(answer: Answer, form: TableFormat, out: Path | None = None) -> None:
    """An answer of the catalogue in the wanted form."""
    if form is TableFormat.csv:
        write(answer.to_csv().encode(), out)
    elif form is TableFormat.json:
        write((answer.to_json() + "\n").encode(), out)
    elif form is TableFormat.xlsx and out is not None:
        write(answer.to_xlsx(), out)
    else:
        columns = [column.labels[answer.lang] for column in answer.columns]
        rows = [
            [row[column.name].label if column.name in row else None for column in answer.columns]
            for row in answer.rows
        ]
        write_table(columns, rows, form, out)


def _list_queries(queries: list[Query], form: TableFormat, out: Path | None, lang: Lang) -> None:
    if form is TableFormat.turtle:
        write(turtle(queries), out)
        return
    columns = [text(f"query-{name}", lang) for name in ("id", "cq", "class", "question")]
    rows = [[q.id, " ".join(q.cq), q.answerable, q.question[lang]] for q in queries]
    write_table(columns, rows, form, out)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RodtradError(Problem("query-encoding")) from None


def _table(answer: dict[str, object]) -> tuple[list[str], list[list[object]]]:
    if "boolean" in answer:
        return ["ASK"], [[answer["boolean"]]]
    columns = answer["head"]["vars"]  # type: ignore[index]
    bindings = answer["results"]["bindings"]  # type: ignore[index]
    return columns, [[row.get(name, {}).get("value") for name in columns] for row in bindings]


def _pair(item: str) -> tuple[str, str]:
    name, equals, value = item.partition("=")
    if not equals:
        raise RodtradError(Problem("bad-parameter", values={"parameter": item}))
    return name, value
