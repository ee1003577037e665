"""Commands that bring data in, check them, and keep their history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...loader import (
    References,
    build_workbook,
    ntriples,
    read,
    write_csv_folder,
    write_jsonld,
    write_template,
    write_workbook,
)
from ...loader.statistics import read_bulk
from ...ontology.names import PREFIXES, ROOT
from ...ontology.problems import Lang, Problem, RodtradError
from ...shapes.exports import to_turtle
from ...shapes.own_shapes import with_own
from ...shapes.report import to_text
from ...store import Store
from ...store.patch import rdf_patch
from ..publishing import Context, Submission, check
from ..publishing import publish as publish_all
from ..remote import put
from ..trials import as_dict, as_file
from .standards import Standard, in_standard
from .stores import audited, open_store, prepared_store
from .talk import (
    FINDINGS,
    DataOption,
    FormatOption,
    LangOption,
    Language,
    OutOption,
    TableFormat,
    language,
    reasons,
    result,
    say,
    tell,
    text,
    write,
    write_table,
)

app = typer.Typer()

Files = Annotated[
    list[Path], typer.Argument(help="Arbetsböcker, CSV-mappar, RDF / workbooks, CSV folders, RDF.")
]

AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        help="Statistik: jsonstat, sdmx-tsv, kolada, brp eller en mappning (.yaml) / statistics formats.",
    ),
]


class Tier(StrEnum):
    """How much a dataset must hold."""

    bas = "bas"
    kedja = "kedja"
    full = "full"


_REPORTS = (".html", ".json", ".ttl", ".xlsx")


class ReportFormat(StrEnum):
    """How a validation report is written."""

    text = "text"
    json = "json"
    turtle = "turtle"
    xlsx = "xlsx"


class DiffFormat(StrEnum):
    """How the difference of two generations is written."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"
    patch = "patch"


TierOption = Annotated[Tier, typer.Option(help="Nivå / tier.")]


@app.command()
def template(
    path: Annotated[Path, typer.Argument(help="Arbetsbok att skriva / workbook to write.")] = Path(
        "rodtrad.xlsx"
    ),
    lang: Annotated[Language, typer.Option("--lang", help="Språk / language: sv, en.")] = Language.sv,
) -> None:
    """Skriv en tom arbetsbok att fylla i. / Write an empty workbook to fill in."""
    with reasons(language(lang)):
        write_template(path, lang.value)
        say(text("template-written", language(lang), path=path))


@app.command()
def validate(
    files: Files,
    tier: TierOption = Tier.bas,
    form: Annotated[ReportFormat, typer.Option("--format")] = ReportFormat.text,
    lang: LangOption = None,
    data: DataOption = None,
    out: OutOption = None,
    shapes: Annotated[
        list[Path] | None,
        typer.Option(help="Egna former, Turtle, utöver våra / shapes of your own, Turtle, beside ours."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Fil för rapporten: .html, .json, .ttl eller .xlsx, en kopia med röda celler / "
            "file for the report; .xlsx is a copy with red cells."
        ),
    ] = None,
) -> None:
    """Pröva filer mot reglerna. / Check files against the rules.

    Svarar 0 när inget finns att anmärka på, 1 när något finns, 2 när det inte gick. / Exits 0 without
    findings, 1 with findings, 2 when it could not be done.
    """
    chosen = language(lang)
    with reasons(chosen):
        if report is not None and (len(files) > 1 or report.suffix not in _REPORTS):
            code = "one-file-at-a-time" if len(files) > 1 else "format-not-possible"
            raise RodtradError(Problem(code, values={"format": report.suffix or str(report)}))
        own = with_own([_existing(path) for path in shapes]) if shapes else None
        context = _context(data)
        if len(files) > 1 and form in (ReportFormat.turtle, ReportFormat.xlsx):
            raise RodtradError(Problem("one-file-at-a-time", values={"format": form.value}))
        submissions = [check(_existing(path), context, tier.value, own) for path in files]
        if form is ReportFormat.json:
            told = [as_dict(one) | {"file": str(one.path)} for one in submissions]
            write((json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode(), out)
        else:
            for submission in submissions:
                _report(submission, form, chosen, out)
        if report is not None:
            report.write_bytes(as_file(submissions[0], report.suffix[1:], chosen))
    if not all(submission.conforms for submission in submissions):
        raise typer.Exit(FINDINGS)


@app.command()
def publish(
    files: Files,
    tier: TierOption = Tier.bas,
    data: DataOption = None,
    by: Annotated[str, typer.Option(help="Vem som publicerar / who publishes.")] = "local",
    confirm_removal: Annotated[
        bool, typer.Option("--confirm-removal", help="Godta att mycket försvinner / accept that much goes.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Pröva utan att publicera / try only.")] = False,
    to: Annotated[
        str, typer.Option(help="Adress till en tjänst / address of a service.", metavar="URL")
    ] = "",
    token: Annotated[
        str,
        typer.Option(
            envvar="RODTRAD_TOKEN",
            help="Nyckel till den, helst ur miljön / its token, rather so.",
        ),
    ] = "",
    lang: LangOption = None,
) -> None:
    """Läs, pröva och publicera: allt eller inget. / Read, check and publish: all or nothing."""
    chosen = language(lang)
    with reasons(chosen):
        if to:
            _publish_to(files, to, token, tier, confirm_removal, dry_run, chosen)
            return
        if data is None:
            raise RodtradError(Problem("data-folder-needed"))
        # A trial leaves no trace, not even a new store.
        store = prepared_store(None if dry_run and not (data / "head").exists() else data)
        context = Context.of(store)
        submissions = [check(_existing(path), context, tier.value) for path in files]
        for submission in submissions:
            if not submission.publishable:
                _report(submission, ReportFormat.text, chosen, None)
        if not all(submission.publishable for submission in submissions):
            say(text("nothing-published", chosen))
            raise typer.Exit(FINDINGS)
        before = store.current().number
        graphs = [str(one.reading.graph_iri) for one in submissions]
        with audited(store, by=by, action="publish", graphs=graphs, dry_run=dry_run) as done:
            generation = publish_all(
                store, submissions, by=by, confirm_removal=confirm_removal, dry_run=dry_run
            )
            done["generation"] = generation.number
        if generation.number == before and not dry_run:
            say(text("already-published", chosen, generation=before))
        if dry_run:
            say(text("dry-run", chosen))
        for submission in submissions:
            result(f"{generation.number}\t{submission.reading.graph_iri}")


@app.command()
def convert(
    source: Path,
    target: Path,
    kind: AsOption = None,
    data: DataOption = None,
    lang: LangOption = None,
) -> None:
    """Gör om mellan arbetsbok, CSV, RDF och statistik. / Convert workbooks, CSV, RDF, statistics."""
    chosen = language(lang)
    with reasons(chosen):
        if kind is not None:
            figures = read_bulk(kind, [_existing(source)], _context(data).references, chosen)
            _told(figures.reading.problems, figures.reading.ok, chosen)
            _write_publication(figures.data, target, chosen)
            return
        if _existing(source).is_dir() and target.suffix == ".xlsx":
            build_workbook(source, target)
            return
        reading = read([source], _context(data).references)
        _told(reading.problems, reading.ok, chosen)
        _write_publication(ntriples(reading.graph), target, chosen)


def _told(problems: Iterable[Problem], ok: bool, lang: Lang) -> None:
    """Tell what was found, and end here when nothing may be made of it."""
    for problem in problems:
        tell(problem, lang)
    if not ok:
        raise typer.Exit(FINDINGS)


@app.command()
def export(
    graph: str,
    target: Path,
    standard: Annotated[
        Standard | None, typer.Option("--format", help="Annan standard / other standard: cids, iati.")
    ] = None,
    iati_org: Annotated[
        str | None,
        typer.Option("--iati-org", help="Utgivarens IATI-identifierare / the publisher's IATI id."),
    ] = None,
    data: DataOption = None,
    lang: LangOption = None,
) -> None:
    """Skriv en publicering som arbetsbok, CSV, RDF, CIDS eller IATI. / Write a publication to a file."""
    chosen = language(lang)
    with reasons(chosen):
        store = open_store(data)
        triples = store.graph(graph)
        if standard is None:
            _write_publication(triples, target, chosen, Context.of(store).references)
            return
        exported = in_standard(triples, Context.of(store).parts, standard, chosen, iati_org)
        write(exported.content, target)
        for problem in exported.problems:
            tell(problem, chosen)
        result("\n".join(f"{name}\t{count}" for name, count in exported.counts.items()))


@app.command()
def history(
    data: DataOption = None,
    form: FormatOption = TableFormat.table,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Lista alla lägen. / List all generations."""
    chosen = language(lang)
    with reasons(chosen):
        columns = [
            text(f"history-{name}", chosen) for name in ("number", "created", "by", "changes", "triples")
        ]
        rows = [
            [g.number, g.created, g.by, "; ".join(f"{c.kind} {c.graph}" for c in g.changes), g.triples]
            for g in open_store(data).generations()
        ]
        write_table(columns, rows, form, out)


@app.command()
def diff(
    older: int,
    newer: int,
    data: DataOption = None,
    form: Annotated[
        DiffFormat, typer.Option("--format", help="Form för svaret / form of the answer.")
    ] = DiffFormat.table,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Vad som skiljer två lägen. / What differs between two generations."""
    chosen = language(lang)
    with reasons(chosen):
        change = open_store(data).diff(older, newer)
        if form is DiffFormat.patch:
            name = f"{ROOT}publications/diff?from={older}&to={newer}"
            write("".join(rdf_patch(change, name)).encode(), out)
            return
        columns = [text(f"diff-{name}", chosen) for name in ("graph", "change", "triple")]
        rows = [
            [graph, sign, triple]
            for graph, part in change.graphs.items()
            for sign, side in (("-", part.removed), ("+", part.added))
            for triple in side
        ]
        write_table(columns, rows, TableFormat(form.value), out)


@app.command()
def rollback(generation: int, data: DataOption = None, by: str = "local", lang: LangOption = None) -> None:
    """Gå tillbaka till ett läge, som ett nytt läge. / Go back to a generation, as a new one."""
    with reasons(language(lang)):
        store = open_store(data)
        with audited(store, by=by, action="rollback", to=generation) as done:
            done["generation"] = store.rollback(generation, by=by).number
        result(str(done["generation"]))


@app.command()
def verify(data: DataOption = None, lang: LangOption = None) -> None:
    """Räkna om alla kontrollsummor. / Recompute all hashes."""
    chosen = language(lang)
    with reasons(chosen):
        problems = open_store(data).verify()
        for problem in problems:
            tell(problem, chosen)
        if problems:
            raise typer.Exit(FINDINGS)
        say(text("verified", chosen))


def _existing(path: Path) -> Path:
    if not path.exists():
        raise RodtradError(Problem("no-such-file", values={"file": path}))
    return path


def _context(data: Path | None) -> Context:
    """What files refer to: the store's publications, or the national ones where there is no store."""
    if data is not None and (data / "head").exists():
        context = Context.of(Store(data))
        if len(context.parts) > 1:
            return context
    return national_context()


def national_context() -> Context:
    """The vocabulary and the national publications that ship."""
    from ...examples import national

    context = Context()
    for path in national():
        context.add(check(path, context, "bas").triples)
    return context


def _report(submission: Submission, form: ReportFormat, lang: Lang, out: Path | None) -> None:
    reading, report = submission.reading, submission.report
    for problem in reading.problems:
        tell(problem, lang)
    if report is None:
        say(text("not-judged", lang, file=submission.path))
    elif form is ReportFormat.text:
        result(f"{submission.path}\n{to_text(report, lang)}")
    elif form is ReportFormat.turtle:
        write(to_turtle(report).encode(), out)
    elif out is None:
        raise RodtradError(Problem("format-not-possible", values={"format": form.value}))
    else:
        out.write_bytes(as_file(submission, "xlsx", lang))


def _write_publication(
    triples: bytes, target: Path, lang: Lang, references: References | None = None
) -> None:
    from rdflib import Graph

    if target.suffix == ".nt":
        target.write_bytes(triples)
        return
    graph = Graph().parse(data=triples, format="nt")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    known = references or national_context().references
    if target.suffix == ".xlsx":
        write_workbook(graph, target, lang, known)
    elif target.suffix == ".ttl":
        graph.serialize(target, format="turtle", encoding="utf-8")
    elif target.suffix == ".jsonld":
        target.write_bytes(write_jsonld(graph))
    elif target.suffix == "":
        write_csv_folder(graph, target, lang, known)
    else:
        raise RodtradError(Problem("format-not-possible", values={"format": target.suffix}))


def _publish_to(
    files: Sequence[Path],
    to: str,
    token: str,
    tier: Tier,
    confirm_removal: bool,
    dry_run: bool,
    lang: Lang,
) -> None:
    """Send each file to a service; there every file is published or refused by itself."""
    if not token:
        raise RodtradError(Problem("token-missing"))
    refused = False
    for path in files:
        status, answer = put(
            _existing(path),
            to,
            token,
            tier=tier.value,
            confirm_removal=confirm_removal,
            dry_run=dry_run,
        )
        if status < 300:
            result(f"{answer['generation']}\t{answer['graph']}")
            continue
        refused = True
        say(f"{path}: {answer.get('title', status)}. {answer.get('detail', '')}")
        for error in answer.get("errors", []):
            where = " ".join(str(part) for part in error["where"].values())
            say(f"{where}: {error[f'message_{lang}']} {error[f'hint_{lang}']}".removeprefix(": "))
        for finding in (answer.get("report") or {}).get("findings", []):
            say(f"{finding['rule']} {finding['focus']}: {finding[f'message_{lang}']}")
    if refused:
        raise typer.Exit(FINDINGS)
