"""The demonstration: load the examples, validate, answer, serve."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from ...ontology import vocabulary
from ...ontology.names import RT
from ...ontology.problems import Lang, Problem, RodtradError
from ...queries.catalogue import find
from ...queries.runner import run
from ...queries.thread import CAUSAL
from ...queries.trace import trace
from ...shapes.form import load_forms
from ...shapes.validation import rules, validate
from ...store import Engine, Store
from ..backend import EngineBackend
from ..publishing import Submission
from ..regions import regions
from .answers import write_answer
from .stores import LOADER, load_examples
from .talk import LangOption, PortOption, TableFormat, language, reasons, result, say, text, write_table

app = typer.Typer()

COUNTED = ("Activity", "Output", "Outcome", "Result", "Resource", "Obstacle", "Lesson", "ForwardPlan")
ACTIVITY = "https://w3id.org/rodtrad/id/rodtrad/activity/20-a10"
"""Dala Valideringscentrum: an activity of the evaluation that was carried out and then ended."""
MADE_UP = "https://w3id.org/rodtrad/id/bergslund/resource/projektmedel-till-validering-nara-dig"
"""The money at the start of the made-up county's complete thread."""


@app.command()
def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Visa sidorna / serve the pages.")] = True,
    host: str = "127.0.0.1",
    port: PortOption = 8000,
    data: Annotated[Path, typer.Option("--data", help="Lagrets mapp / folder of the store.")] = Path(
        ".data/demo"
    ),
    lang: LangOption = None,
) -> None:
    """Ladda exemplen, pröva, svara, visa. / Load the examples, check, answer, serve."""
    chosen = language(lang)
    with reasons(chosen):
        begun = time.perf_counter()
        store, submissions = _load(data, chosen)
        head = store.current()
        engine = store.engine()
        seconds = f"{time.perf_counter() - begun:.1f}"
        loaded = text(
            "demo-loaded", chosen, publications=len(head.graphs), triples=head.triples, seconds=seconds
        )
        result(loaded)
        _regions(store, chosen)
        _threads(engine, data, chosen)
        _gaps(submissions, chosen)
        _lessons(engine, chosen)
        if serve:
            from ..server import serve as run_server

            say("\n" + text("demo-serving", chosen, host=host, port=port))
            run_server(store, host, port)


def _load(data: Path, lang: Lang) -> tuple[Store, list[Submission]]:
    """A fresh store in ``data``; what stood there is a former demonstration and goes."""
    if (data / "head").exists():
        if any(generation.by != LOADER for generation in Store(data).generations()):
            raise RodtradError(Problem("demo-would-remove", values={"folder": data}))
        shutil.rmtree(data)
    store = Store(data)
    submissions: list[Submission] = []
    with Progress(transient=True) as progress:
        task = progress.add_task(text("demo-loading", lang), total=None)

        def seen(submission: Submission) -> None:
            submissions.append(submission)
            progress.update(task, advance=1)

        load_examples(store, seen)
    return store, submissions


def _regions(store: Store, lang: Lang) -> None:
    """How much the source tells of each county: data coverage, never a ranking."""
    found = [region for region in regions(EngineBackend(store), lang) if not region.constructed]
    forms = [form for form in load_forms().all if form.target_class.removeprefix(RT) in COUNTED]
    names = [form.names[lang] for form in forms]
    rows = [
        [
            region.code,
            region.label.text,
            *(region.counts.get(form.target_class.removeprefix(RT), 0) for form in forms),
        ]
        for region in found
    ]
    result("\n" + text("demo-regions", lang))
    write_table([text("demo-code", lang), text("demo-county", lang), *names], rows, TableFormat.table)


def _threads(engine: Engine, data: Path, lang: Lang) -> None:
    found = trace(engine, ACTIVITY, "up", lang)
    result("\n" + text("demo-thread", lang, label=found.start.label))
    result(found.to_text(lang))
    whole = trace(engine, MADE_UP, "up", lang)
    longest = max(
        whole.paths, key=lambda path: (sum(link.kind in CAUSAL for link in path.links), len(path.links))
    )
    result("\n" + text("demo-complete", lang, label=whole.start.label))
    result(replace(whole, paths=(longest,)).to_text(lang))
    say(text("demo-more", lang, count=len(whole.paths) - 1, iri=MADE_UP, data=data))


def _gaps(submissions: list[Submission], lang: Lang) -> None:
    """Findings at tier kedja over the evaluation, counted by rule."""
    evaluation = [submission for submission in submissions if "evaluation" in submission.path.parts]
    others = [submission.triples for submission in submissions if submission not in evaluation]
    report = validate(b"".join(one.triples for one in evaluation), [vocabulary(), *others], "kedja")
    titles = {rule.id: rule.titles[lang] for rule in rules()}
    result("\n" + text("demo-gaps", lang))
    rows = [[rule, titles[rule], count] for rule, count in sorted(report.counts.items())]
    write_table([text(f"gaps-{name}", lang) for name in ("rule", "title", "count")], rows, TableFormat.table)


def _lessons(engine: Engine, lang: Lang) -> None:
    about = {"area": "validation"}
    result("\n" + text("demo-lessons", lang))
    write_answer(run(engine, find("cq32-lessons-on-focus-area"), about, lang), TableFormat.table)
    tied = run(engine, find("cq01-work-tied-to-strategy"), {}, lang)
    missing = [row["region"].label for row in tied.rows if "publication" not in row]
    share = tied.rows[0]["coverage"].value
    result("\n" + tied.query.question[lang])
    result(text("demo-coverage", lang, share=share, missing=", ".join(missing) or "–"))
