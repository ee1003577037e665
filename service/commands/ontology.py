"""The commands that write out the vocabulary, check it and prove it consistent."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ... import examples
from ...loader import write_jsonld
from ...ontology import files, vocabulary, vocabulary_graph
from ...ontology.problems import Lang, RodtradError
from ...ontology.quality import read_modules
from ...ontology.vocabulary_check import Soundness, check_vocabulary
from .reasoning import Scope, reason
from .stores import store_or_examples
from .talk import FINDINGS, DataOption, LangOption, language, reasons, result, tell, text, write

app = typer.Typer()
group = typer.Typer(
    rich_markup_mode=None, help="Skriv ut vokabulären, eller pröva den. / Write the vocabulary, or check it."
)
app.add_typer(group, name="ontology")


class VocabularyFormat(StrEnum):
    """How the vocabulary is written."""

    turtle = "turtle"
    ntriples = "nt"
    jsonld = "jsonld"


class CheckFormat(StrEnum):
    """How the outcome of a check is written."""

    text = "text"
    json = "json"


@group.callback(invoke_without_command=True)
def ontology(
    context: typer.Context,
    form: Annotated[VocabularyFormat, typer.Option("--format")] = VocabularyFormat.turtle,
    lang: LangOption = None,
) -> None:
    """Skriv ut hela vokabulären, eller pröva den. / Write the whole vocabulary, or check it."""
    if context.invoked_subcommand is not None:
        return
    with reasons(language(lang)):
        _, problems = read_modules(files())
        if problems:
            raise RodtradError(problems)
        if form is VocabularyFormat.ntriples:
            write(vocabulary(), None)
        else:
            whole = vocabulary_graph()
            written = write_jsonld(whole).decode() if form is VocabularyFormat.jsonld else whole.serialize()
            result(written)


@group.command()
def check(
    own: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILER/FILES]",
            help="Egna moduler, ramverk (.ttl), mappningar (.sssom.tsv), ordlistor (.tsv); annars allt. / "
            "Own modules, frameworks, mappings or term lists; else everything.",
        ),
    ] = None,
    form: Annotated[CheckFormat, typer.Option("--format")] = CheckFormat.text,
    lang: LangOption = None,
) -> None:
    """Pröva moduler, mappningar och ramverksnivåer. / Check modules, mappings and framework levels."""
    chosen = language(lang)
    with reasons(chosen):
        found = check_vocabulary(own or (), _profiles())
    if form is CheckFormat.json:
        problems = [problem.as_dict() for problem in found.problems]
        result(
            json.dumps({"problems": problems, "counts": asdict(found.counts)}, ensure_ascii=False, indent=1)
        )
    else:
        _tell(found, chosen)
    if not found.ok:
        raise typer.Exit(FINDINGS)


@group.command()
def docs(
    folder: Annotated[Path, typer.Argument(metavar="MAPP/FOLDER", help="Var sidorna läggs / where to.")],
    data: DataOption = None,
    lang: LangOption = None,
) -> None:
    """Skriv dokumentationen som webbsidor, på båda språken. / Write the documentation as web pages."""
    from ..backend import EngineBackend
    from ..ontology_site import write_site

    chosen = language(lang)
    with reasons(chosen):
        pages = write_site(folder, EngineBackend(store_or_examples(data, chosen)))
        result(text("docs-written", chosen, pages=pages, folder=folder))


@group.command("reason")
def prove(
    scope: Annotated[
        Scope, typer.Option(help="Vad som prövas / what is judged: ontology, data, mappings (allt/all).")
    ] = Scope.mappings,
    extra: Annotated[
        list[Path] | None, typer.Option("--with", help="Turtle-fil med axiom att pröva / axioms to try.")
    ] = None,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Lista det som utelämnas / list what is left out.")
    ] = False,
    data: DataOption = None,
    lang: LangOption = None,
) -> None:
    """Pröva med HermiT att inget motsäger något. / Prove with HermiT that nothing contradicts anything."""
    chosen = language(lang)
    with reasons(chosen):
        reason(scope, data, extra or [], left_out, chosen)


def _tell(found: Soundness, lang: Lang) -> None:
    for problem in found.problems:
        tell(problem, lang)
    name = "ontology-sound" if found.ok else "ontology-faults"
    result(text(name, lang, faults=len(found.problems)))
    counts = asdict(found.counts)
    per_cent = {key: f"{counts[key]:.1f}".replace(".", "," if lang == "sv" else ".") for key in _PER_CENT}
    result(text("ontology-counts", lang, **counts | per_cent))


_PER_CENT = ("documented", "mapped")


def _profiles() -> list[Path]:
    """The Turtle files of the national publications: among them those that hold framework levels."""
    return [file for folder in examples.national() for file in sorted(folder.glob("*.ttl"))]
