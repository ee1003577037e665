"""``rodtrad doctor``: whether this machine and this folder are fit to serve."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import typer

from ... import __version__
from ...ontology.problems import Lang, RodtradError
from ...store import Store
from ..editor import editor_files, editor_folder
from ..settings import Settings
from .talk import (
    FINDINGS,
    DataOption,
    FormatOption,
    LangOption,
    TableFormat,
    language,
    reasons,
    text,
    write_table,
)

app = typer.Typer()


@app.command()
def doctor(data: DataOption = None, form: FormatOption = TableFormat.table, lang: LangOption = None) -> None:
    """Visa gällande inställningar och pröva maskin och mapp. / Show settings, check machine and folder."""
    chosen = language(lang)
    with reasons(chosen):
        settings = Settings()
        rows = [(f"RODTRAD_{name.upper()}", str(value), "") for name, value in settings]
        checks = list(_checks(data or settings.data, settings, chosen))
        columns = [text(f"doctor-{name}", chosen) for name in ("what", "value", "verdict")]
        rows += [
            (what, value, text("doctor-ok" if fine else "doctor-bad", chosen)) for what, value, fine in checks
        ]
        write_table(columns, rows, form)
    if not all(fine for _, _, fine in checks):
        raise typer.Exit(FINDINGS)


def _checks(folder: Path | None, settings: Settings, lang: Lang) -> Iterator[tuple[str, str, bool]]:
    yield "rodtrad", __version__, True
    yield "Python", platform.python_version(), platform.python_version_tuple() >= ("3", "11")
    yield "pyoxigraph", pyoxigraph.__version__, True
    java = shutil.which("java")
    # Only `rodtrad ontology reason` needs it.
    yield "Java", java or text("doctor-without", lang), True
    # Without it the SPARQL page has the plain form.
    found = editor_folder(settings) if editor_files(settings) else None
    yield text("doctor-editor", lang), str(found or text("doctor-no-editor", lang)), True
    free = shutil.disk_usage(folder if folder and folder.exists() else Path.cwd()).free
    yield text("doctor-disk", lang), f"{free // 2**20} MiB", free >= settings.min_free_bytes
    if folder is None:
        yield text("doctor-folder", lang), "–", True
        return
    try:
        current = Store(folder).current()
        yield text("doctor-folder", lang), f"{folder} ({current.number})", current.number > 0
    except RodtradError as error:
        yield text("doctor-folder", lang), str(error), False
