"""The command that writes out or checks the vocabulary."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rdflib.exceptions import ParserError

from ...ontology import files, vocabulary, vocabulary_graph
from ...ontology.problems import Problem, RodtradError, Where
from .talk import LangOption, language, reasons, result, say, text, write

app = typer.Typer()


class VocabularyFormat(StrEnum):
    """How the vocabulary is written."""

    turtle = "turtle"
    ntriples = "nt"
    jsonld = "jsonld"


@app.command()
def ontology(
    form: Annotated[VocabularyFormat, typer.Option("--format")] = VocabularyFormat.turtle,
    check: Annotated[
        bool, typer.Option("--check", help="Pröva bara att filerna läses / only check.")
    ] = False,
    lang: LangOption = None,
) -> None:
    """Skriv ut hela vokabulären. / Write the whole vocabulary."""
    chosen = language(lang)
    with reasons(chosen):
        _check()
        if check:
            say(text("ontology-read", chosen, files=len(files())))
        elif form is VocabularyFormat.ntriples:
            write(vocabulary(), None)
        else:
            name = "turtle" if form is VocabularyFormat.turtle else "json-ld"
            result(vocabulary_graph().serialize(format=name))


def _check() -> None:
    from rdflib import Graph

    problems = []
    for file in files():
        try:
            Graph().parse(file, format="turtle")
        except (ParserError, SyntaxError, ValueError) as error:
            problems.append(
                Problem("ontology-syntax", Where(file=file.name), {"reason": str(error).splitlines()[0]})
            )
    if problems:
        raise RodtradError(problems)
