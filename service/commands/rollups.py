"""``rodtrad rollup`` and ``rodtrad attainment``: one number from many, the checks, and targets met or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ...ontology.problems import Lang, Problem, RodtradError
from ...queries.rollup import Attainment, Audit, Rollup, audit, comparability, to_turtle
from ...queries.rollup import attainment as attained
from ...queries.rollup import attainment_answer as answers
from ...queries.rollup import rollup as put_together
from ...store import Engine
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
    result,
    say,
    text,
    write,
    write_table,
)

app = typer.Typer()


@app.command()
def rollup(
    indicator: Annotated[
        list[str] | None, typer.Argument(help="Indikator: adress, id eller namn / IRI, id or label.")
    ] = None,
    over: Annotated[str, typer.Option(help="region, time, breakdown (a,b)")] = "region",
    year: Annotated[str, typer.Option(help="2023, 2019-2023, 2020,2022")] = "",
    place: Annotated[str | None, typer.Option(help="Helheten / the whole (00, 20 …)")] = None,
    category: Annotated[str | None, typer.Option(help="Grupp / group")] = None,
    threshold: Annotated[str | None, typer.Option(help="Minsta täckning / least coverage: 0.9, 90%")] = None,
    of: Annotated[str, typer.Option(help="observations, targets, baselines, assessments")] = "observations",
    mid_year: Annotated[
        bool,
        typer.Option("--mid-year", help="Årets mitt bredvid kalenderår / middle of the year beside years."),
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Får de jämföras? / May they be compared?")] = False,
    recompute: Annotated[
        bool, typer.Option("--audit", help="Räkna om publicerade summor / recompute published sums.")
    ] = False,
    data: DataOption = None,
    form: FormatOption = TableFormat.table,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Lägg ihop mätvärden, eller få veta varför det inte går. / Put values together, or learn why not."""
    chosen = language(lang)
    with reasons(chosen):
        if not indicator and not recompute:
            raise RodtradError(Problem("value-missing", values={"name": "INDICATOR"}))
        engine = store_or_examples(data, chosen).engine()
        if recompute:
            _write_audit(audit(engine, chosen), form, out, chosen)
        elif check:
            _write_checks(engine, indicator or [], year, place, form, out, chosen)
        else:
            how = {"years": year, "place": place, "category": category, "threshold": threshold, "of": of}
            answers = [
                put_together(engine, one, over, lang=chosen, mid_year=mid_year, **how)
                for one in indicator or []
            ]
            for answer in answers:
                _write(answer, form, out)
            if any(answer.refused for answer in answers):
                raise typer.Exit(FINDINGS)


@app.command()
def attainment(
    objective: Annotated[
        str | None, typer.Option(help="Mål: adress eller namn / objective: IRI or label.")
    ] = None,
    indicator: Annotated[
        str | None, typer.Option(help="Indikator: adress, id eller namn / IRI, id or label.")
    ] = None,
    data: DataOption = None,
    form: FormatOption = TableFormat.table,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Nås målvärdena, och vad säger människor? / Are the targets met, and what do people say?"""
    chosen = language(lang)
    with reasons(chosen):
        engine = store_or_examples(data, chosen).engine()
        found = attained(engine, objective=objective, indicator=indicator, lang=chosen)
        if form is TableFormat.json:
            write((answers.to_json(found) + "\n").encode(), out)
        elif form is TableFormat.csv:
            write(answers.to_csv(found).encode(), out)
        else:
            _write_attainment(found, form, out)


def _write_attainment(found: Attainment, form: TableFormat, out: Path | None) -> None:
    headings, rows = answers.table(found)
    if form is not TableFormat.table:
        write_table(headings, rows, form, out)
        return
    # What was compared and who has judged are sentences: they follow the table.
    write_table(headings[:8], [[_plain(cell) for cell in row[:8]] for row in rows], form, out)
    for row in rows:
        told = [f"{head}: {cell}" for head, cell in zip(headings[8:10], row[8:10], strict=True) if cell]
        if told:
            result(f"{row[0]} – " + " ".join(told))


def _write(answer: Rollup, form: TableFormat, out: Path | None) -> None:
    if form is TableFormat.json:
        write((answer.to_json() + "\n").encode(), out)
    elif form is TableFormat.csv:
        write(answer.to_csv().encode(), out)
    elif form is TableFormat.turtle:
        write(to_turtle(answer).encode(), out)
    elif form is TableFormat.xlsx and out is not None:
        write(answer.to_xlsx(), out)
    elif form is TableFormat.table:
        headings, rows = answer.table()
        # The sentences are too long for a table on a terminal: they follow it.
        write_table(headings[:7], [[_plain(cell) for cell in row[:7]] for row in rows], form, out)
        for one in answer.results:
            lead = f"{one.place_label} {one.period or ''}".strip()
            lines = (answer.explanation(one), answer.alternative(one), " ".join(one.rules))
            result(f"{lead}: " + " ".join(line for line in lines if line))
    else:
        raise RodtradError(Problem("format-not-possible", values={"format": form.value}))


def _write_audit(found: Audit, form: TableFormat, out: Path | None, lang: Lang) -> None:
    headings, rows = found.table(lang)
    write_table(headings, rows, form, out)
    counts = {"compared": found.compared, "drifts": len(found.drifts), "unexplained": len(found.unexplained)}
    say(text("rollup-audited", lang, skipped=found.not_comparable, **counts))
    if found.unexplained:
        raise typer.Exit(FINDINGS)


def _write_checks(
    engine: Engine,
    indicators: list[str],
    year: str,
    place: str | None,
    form: TableFormat,
    out: Path | None,
    lang: Lang,
) -> None:
    found = comparability(engine, indicators, years=year, place=place, lang=lang)
    if form is TableFormat.json:
        write((json.dumps(found.as_dict(), ensure_ascii=False, indent=1) + "\n").encode(), out)
    else:
        write_table(*found.table(), form, out)
    if not all(one.comparable for one in found.checks if one.compared):
        raise typer.Exit(FINDINGS)


def _plain(cell: object) -> object:
    return f"{cell:f}" if hasattr(cell, "as_tuple") else cell
