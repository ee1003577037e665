"""How the command line speaks: results on stdout, talk on stderr, one reason when it cannot go on."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, cast

import typer
import xlsxwriter
import yaml
from rich.console import Console
from rich.table import Table
from xlsxwriter.exceptions import FileCreateError

from ...ontology.problems import Lang, Problem, RodtradError

FINE, FINDINGS, CANNOT = 0, 1, 2


class Language(StrEnum):
    """The two languages that every text exists in."""

    sv = "sv"
    en = "en"


class TableFormat(StrEnum):
    """How a table is written."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"
    turtle = "turtle"


LangOption = Annotated[Language | None, typer.Option("--lang", help="Språk / language: sv, en.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", envvar="RODTRAD_DATA", help="Lagrets mapp / folder of the store.")
]
FormatOption = Annotated[TableFormat, typer.Option("--format", help="Form för svaret / form of the answer.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Fil att skriva till / file to write to.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535)]


def language(chosen: Language | None) -> Lang:
    """The chosen language, else that of the environment, else Swedish."""
    if chosen is not None:
        return cast(Lang, chosen.value)
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "sv"
    return "en" if locale.lower().startswith("en") else "sv"


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    with (Path(__file__).parents[1] / "commands.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)


def text(name: str, lang: Lang, **values: object) -> str:
    """A text of the command line from ``commands.yaml``."""
    return _texts()[name][lang].format_map({key: str(value) for key, value in values.items()})


def say(line: str) -> None:
    """Talk: to stderr, so that stdout holds the result alone."""
    Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(line)


def result(line: str) -> None:
    """A line of the result: to stdout."""
    sys.stdout.write(line + "\n")


def tell(problem: Problem, lang: Lang) -> None:
    """One problem in one or two sentences, with its place."""
    place = str(problem.where)
    say(f"{place + ': ' if place else ''}{problem.message(lang)} {problem.hint(lang)}".strip())


@contextmanager
def reasons(lang: Lang) -> Iterator[None]:
    """Turn what cannot be done into its reason and exit code 2."""
    try:
        yield
    except RodtradError as error:
        for problem in error.problems:
            tell(problem, lang)
        raise typer.Exit(CANNOT) from None
    except BrokenPipeError:
        raise typer.Exit(FINE) from None
    except (OSError, FileCreateError) as error:
        reason = error.args[0] if isinstance(error, FileCreateError) else error
        if not isinstance(reason, OSError) or reason.filename is None:
            raise
        tell(Problem("path-unusable", values={"path": reason.filename}), lang)
        raise typer.Exit(CANNOT) from None


def write(content: bytes, out: Path | None) -> None:
    """Bytes to a file or to stdout."""
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(content)


def write_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], form: TableFormat, out: Path | None = None
) -> None:
    """Write rows as a table for reading, CSV, a list of JSON objects or a workbook.

    Raises:
        RodtradError: ``format-not-possible`` for a workbook without a file name or a table as Turtle.
    """
    if form is TableFormat.table:
        table = Table(*columns, box=None, header_style="bold", pad_edge=False)
        for row in rows:
            table.add_row(*(_shown(value) for value in row))
        width = None if sys.stdout.isatty() else 160
        Console(width=width, markup=False, highlight=False).print(table)
    elif form is TableFormat.csv:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(
            [columns, *([_shown(v) for v in row] for row in rows)]
        )
        write(buffer.getvalue().encode(), out)
    elif form is TableFormat.json:
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        write((json.dumps(objects, ensure_ascii=False, indent=1, default=str) + "\n").encode(), out)
    elif form is TableFormat.xlsx and out is not None:
        _write_workbook(columns, rows, out)
    else:
        raise RodtradError(Problem("format-not-possible", values={"format": form.value}))


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _write_workbook(columns: Sequence[str], rows: Sequence[Sequence[object]], out: Path) -> None:
    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Svar")
        bold = book.add_format({"bold": True})
        for number, name in enumerate(columns):
            sheet.write_string(0, number, name, bold)
        for line, row in enumerate(rows, 1):
            for number, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(line, number, value)
                else:
                    sheet.write_string(line, number, _shown(value))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
