"""Commands that keep the store for years: backup, restore, archive, purge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ...ontology.problems import Lang, Problem, RodtradError
from ...store import Store
from ...store.audit import record
from ...store.backup import Copied, apply_purges, copy
from ...store.backup import restore as restore_store
from ..archive import archive as archive_of
from ..settings import Settings
from .stores import audited, open_store
from .talk import DataOption, LangOption, language, reasons, result, say, text

app = typer.Typer()


@app.command()
def backup(target: Path, data: DataOption = None, lang: LangOption = None) -> None:
    """Kopiera lagret, också medan tjänsten går. / Copy the store, also while the service runs."""
    chosen = language(lang)
    with reasons(chosen):
        store = open_store(data)
        copied = copy(store.folder, target)
        record(store.folder, via="rodtrad", by="local", action="backup", generation=copied.generation)
        _say_copied(copied, chosen)


@app.command()
def restore(
    source: Path,
    data: DataOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Flytta undan det lager som finns / move the store there aside.")
    ] = False,
    purges: Annotated[
        Path | None,
        typer.Option(help="Lager eller kopia vars gallringar också gäller / whose purges hold, too."),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Gör ett lager av en säkerhetskopia. / Make a store from a backup."""
    chosen = language(lang)
    with reasons(chosen):
        if data is None:
            raise RodtradError(Problem("data-folder-needed"))
        copied = restore_store(source, data, replace=replace, purges=purges)
        record(data, via="rodtrad", by="local", action="restore", generation=copied.generation)
        _say_copied(copied, chosen)


@app.command()
def archive(
    graph: str,
    target: Path,
    with_private: Annotated[
        bool,
        typer.Option(
            "--with-private", help="Också mottagen fil och det som inte är offentligt / all that is kept."
        ),
    ] = False,
    generation: Annotated[int | None, typer.Option(min=1, help="Läge / generation.")] = None,
    data: DataOption = None,
    lang: LangOption = None,
) -> None:
    """Skriv en publicering som en fil för arkivet. / Write a publication as one file for the archive."""
    chosen = language(lang)
    with reasons(chosen):
        store = open_store(data)
        target.write_bytes(archive_of(store, graph, generation=generation, with_private=with_private))
        say(text("archived", chosen, graph=graph, path=target))


@app.command()
def purge(
    targets: Annotated[
        list[str] | None,
        typer.Argument(help="Publiceringar eller kontrollsummor / publications or hashes."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Skäl, som sparas / reason, which is kept.")] = "",
    expired: Annotated[
        bool,
        typer.Option("--expired", help="Mottagna filer vars tid är ute / received files past their time."),
    ] = False,
    days: Annotated[
        int | None, typer.Option(min=1, help="Dagar; annars RODTRAD_RETENTION_DAYS / days, else the setting.")
    ] = None,
    backups: Annotated[
        list[Path] | None,
        typer.Option("--backup", help="Säkerhetskopior att gallra också / backups to purge, too."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa bara / show only.")] = False,
    by: Annotated[str, typer.Option(help="Vem som gallrar / who purges.")] = "local",
    data: DataOption = None,
    lang: LangOption = None,
) -> None:
    """Ta bort för gott; kontrollsumma och skäl blir kvar. / Remove for good; hash and reason stay."""
    chosen = language(lang)
    with reasons(chosen):
        store = open_store(data)
        named = list(targets or [])
        if expired:
            limit = days or Settings().retention_days
            if named or not limit:
                raise RodtradError(Problem("purge-what"))
            named = store.expired(datetime.now(UTC) - timedelta(days=limit))
            reason = reason or f"retention {limit} days"
            if not named:
                say(text("purge-nothing-expired", chosen))
                return
        if not named or not reason.strip():
            raise RodtradError(Problem("purge-what"))
        if dry_run:
            for name in sorted(store.purge_plan(*named).published):
                result(text("purge-would", chosen, digest=name))
            return
        _purge(store, named, reason, by, expired, chosen)
        for folder in backups or ():
            count = apply_purges(store.folder, folder)
            record(store.folder, via="rodtrad", by=by, action="purge-backup", backup=str(folder))
            say(text("purged-backup", chosen, count=count, folder=folder))


def _purge(store: Store, targets: Sequence[str], reason: str, by: str, may_return: bool, lang: Lang) -> None:
    with audited(store, by=by, action="purge", targets=list(targets), reason=reason) as done:
        purged = store.purge(*targets, reason=reason, by=by, may_return=may_return)
        done["generation"] = purged.generation.number
    for name in sorted(purged.doomed.published | purged.doomed.derived):
        result(name)
    for name in sorted(purged.doomed.shared):
        say(text("purged-shared", lang, digest=name))
    counts = {"files": len(purged.doomed.published), "generations": len(purged.doomed.generations)}
    say(text("purged", lang, generation=purged.generation.number, **counts))


def _say_copied(copied: Copied, lang: Lang) -> None:
    result(str(copied.generation))
    say(text("copied", lang, **asdict(copied)))
