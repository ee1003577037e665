"""``rodtrad followups``: what is due, overdue and unanswered after the cycles, seen on a day."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Annotated

import typer

from ...ontology.problems import Problem, RodtradError
from ...queries.calendar.feed import feed
from ..followups import COLUMNS, asked_calendar, day, holders_with, table, today, words, year_around
from ..texts import text as page_text
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
def followups(
    region: Annotated[
        list[str] | None, typer.Option(help="Länskod eller utgivares kod / county or publisher code.")
    ] = None,
    on: Annotated[str, typer.Option(help="Sett från dagen / seen on: 2026-01-31; annars i dag.")] = "",
    first: Annotated[str, typer.Option("--from", help="Från dag / from day.")] = "",
    last: Annotated[str, typer.Option("--to", help="Till dag / to day.")] = "",
    ics: Annotated[bool, typer.Option("--ics", help="Som iCalendar / as iCalendar.")] = False,
    data: DataOption = None,
    form: FormatOption = TableFormat.table,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Vad ska följas upp, vad är försenat, vem har inte svarat? / What is due, overdue, unanswered?"""
    chosen = language(lang)
    with reasons(chosen):
        seen = day(on, "--on", today())
        early, late = year_around(seen)
        engine = store_or_examples(data, chosen).engine()
        for code in region or []:
            if not holders_with(engine, code, chosen):
                raise RodtradError(Problem("no-cycles", values={"code": code}))
        found = asked_calendar(
            engine, region or [], day(first, "--from", early), day(last, "--to", late), seen, chosen
        )
        say(page_text("cal_seen_from", chosen, day=seen.isoformat()))
        if ics:
            name = page_text(
                "cal_title_of", chosen, name=", ".join(region or []) or page_text("cal_all", chosen)
            )
            write(feed(found, name, datetime.combine(seen, time.min, UTC), words(chosen)), out)
        elif form is TableFormat.json:
            write((json.dumps(found.as_dict(), ensure_ascii=False, indent=1) + "\n").encode(), out)
        else:
            headings, rows = table(found)
            kept = list(range(len(headings)))
            if form is TableFormat.table:
                # On a terminal the long columns would leave no room for the others.
                kept = [
                    n for n in kept if COLUMNS[n] not in ("reviews", "feeds") and any(row[n] for row in rows)
                ]
            write_table([headings[n] for n in kept], [[row[n] for n in kept] for row in rows], form, out)
        if not found.occasions and not found.unplaced:
            say(text("no-rows", chosen))
        if any(one.state == "overdue" for one in found.occasions):
            raise typer.Exit(FINDINGS)
