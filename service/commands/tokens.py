"""``rodtrad token``: who may write over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...ontology.problems import Problem, RodtradError
from ...store.tokens import Tokens
from .stores import open_store
from .talk import (
    DataOption,
    FormatOption,
    LangOption,
    TableFormat,
    language,
    reasons,
    result,
    say,
    text,
    write_table,
)

app = typer.Typer()
tokens = typer.Typer(
    no_args_is_help=True, help="Nycklar för den som skriver över HTTP. / Tokens for writing."
)
app.add_typer(tokens, name="token")


@tokens.command()
def create(
    publisher: Annotated[
        str, typer.Option(help="Utgivarens kod, t.ex. 20 / the publisher's code, such as 20.")
    ] = "",
    admin: Annotated[
        bool, typer.Option("--admin", help="För en administratör / for an administrator.")
    ] = False,
    expires: Annotated[
        int | None, typer.Option(min=1, help="Dagar som den gäller / days that it holds.")
    ] = None,
    note: Annotated[str, typer.Option(help="Vad den är till för / what it is for.")] = "",
    data: DataOption = None,
    lang: LangOption = None,
) -> None:
    """Skapa en nyckel; den visas bara nu. / Create a token; it is shown only now."""
    chosen = language(lang)
    with reasons(chosen):
        if bool(publisher) == admin:
            raise RodtradError(Problem("token-for-whom"))
        if publisher and not publisher.replace("-", "").isalnum():
            raise RodtradError(
                Problem("bad-name-in-identifier", values={"value": publisher, "name": "publisher"})
            )
        result(_tokens(data).create(publisher, days=expires, note=note))
        say(text("token-created", chosen, publisher=publisher or "admin"))


@tokens.command("list")
def list_all(
    data: DataOption = None, form: FormatOption = TableFormat.table, lang: LangOption = None
) -> None:
    """Visa vilka nycklar som finns, aldrig nycklarna. / Show which there are, never the tokens."""
    chosen = language(lang)
    with reasons(chosen):
        columns = [
            text(f"token-{name}", chosen) for name in ("id", "for", "from", "to", "revoked", "used", "note")
        ]
        rows = [
            (one.id, one.publisher or "admin", one.created, one.expires, one.revoked, one.used, one.note)
            for one in _tokens(data).all()
        ]
        write_table(columns, rows, form)


@tokens.command()
def revoke(token_id: str, data: DataOption = None, lang: LangOption = None) -> None:
    """Återkalla en nyckel för gott. / Revoke a token for good."""
    chosen = language(lang)
    with reasons(chosen):
        ended = _tokens(data).revoke(token_id)
        say(text("token-ended", chosen, token=ended.id, day=ended.revoked))


def _tokens(data: Path | None) -> Tokens:
    return Tokens(open_store(data).folder)
