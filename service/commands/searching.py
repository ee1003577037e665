"""``rodtrad search``: words in all texts of a store."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ...ontology.problems import Problem, RodtradError
from ...queries.search import FACETS
from ..links import Links
from ..search import build
from ..search import search as find
from ..settings import Settings
from .stores import store_or_examples
from .talk import (
    FINDINGS,
    DataOption,
    FormatOption,
    LangOption,
    OutOption,
    TableFormat,
    language,
    reasons,
    say,
    text,
    write,
    write_table,
)

app = typer.Typer()


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Ord att söka efter / words to search for.")],
    narrow: Annotated[
        list[str] | None, typer.Option("-p", help="type=Lesson, region=20, area=validation …")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 20,
    data: DataOption = None,
    form: FormatOption = TableFormat.table,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Sök ord i alla texter. / Search for words in all texts."""
    chosen = language(lang)
    with reasons(chosen):
        given = dict(_pair(one) for one in narrow or [])
        store = store_or_examples(data, chosen)
        generation = store.current().number
        answer = find(
            build(store, generation),
            " ".join(words),
            given,
            generation=generation,
            lang=chosen,
            links=Links(Settings().public_base),
            limit=limit,
        )
        if form is TableFormat.json:
            write((json.dumps(answer.as_dict(), ensure_ascii=False, indent=1) + "\n").encode(), out)
        else:
            columns = [text(f"search-{name}", chosen) for name in ("what", "kind", "region", "iri")]
            rows = [
                [
                    "".join(one.text for one in hit.name),
                    ", ".join(one.text for one in hit.types),
                    ", ".join(one.text for one in hit.facets["region"]),
                    hit.iri,
                ]
                for hit in answer.hits
            ]
            write_table(columns, rows, form, out)
        say(text("search-total", chosen, shown=len(answer.hits), total=answer.total))
        if not answer.total:
            raise typer.Exit(FINDINGS)


def _pair(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or name not in FACETS:
        known = ", ".join(FACETS)
        raise RodtradError(
            Problem("unknown-parameter", values={"query": "search", "name": name[:80], "known": known})
        )
    return name, value
