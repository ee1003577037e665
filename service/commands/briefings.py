"""``rodtrad briefing``: a report as a workbook, a document, or the list of reports."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ...ontology.problems import Problem, RodtradError
from .stores import store_or_examples
from .talk import DataOption, LangOption, OutOption, language, reasons, result, write

app = typer.Typer()


class FileFormat(StrEnum):
    """How a report is written."""

    docx = "docx"
    xlsx = "xlsx"
    html = "html"


@app.command()
def briefing(
    report: Annotated[
        str | None, typer.Argument(help="Rapportens id; utan id listas alla / id, or none: list.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Länskod / county code (20).")] = None,
    year: Annotated[str | None, typer.Option(help="Bara det som hör till året / only that year.")] = None,
    form: Annotated[FileFormat, typer.Option("--format", help="docx, xlsx, html")] = FileFormat.docx,
    data: DataOption = None,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Skriv en rapport ur det publicerade. / Write a report from what is published."""
    from ..app import create_app
    from ..backend import EngineBackend
    from ..briefing_pages import FILES, read_year
    from ..briefings.building import build
    from ..briefings.definitions import definitions, find
    from ..inprocess import request
    from ..settings import Settings

    chosen = language(lang)
    with reasons(chosen):
        if report is None:
            for one in definitions().values():
                result(f"{one.id}: {one.title[chosen]}")
            return
        find(report)
        if out is None and form is not FileFormat.html:
            raise RodtradError(Problem("briefing-needs-file", values={"format": form.value}))
        backend = EngineBackend(store_or_examples(data, chosen))
        made = build(backend, report, region, chosen, read_year(year))
        if form is FileFormat.html:
            asked = {"region": region, "year": year, "lang": chosen}
            query = "&".join(f"{key}={value}" for key, value in asked.items() if value)
            _, body = request(create_app(Settings(), backend), f"/briefings/{made.id}?{query}")
            write(body, out)
        else:
            write(FILES[form.value][1](made), out)
