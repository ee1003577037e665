"""The command line ``rodtrad``."""

from __future__ import annotations

import typer

from .. import __version__
from .commands import (
    answers,
    briefings,
    calendar,
    demo,
    doctor,
    keeping,
    ontology,
    publications,
    rollups,
    searching,
    tokens,
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Röda tråden: från strategi till effekt och tillbaka. / From strategy to effect and back.",
)
for part in (
    demo,
    publications,
    answers,
    briefings,
    keeping,
    rollups,
    searching,
    calendar,
    ontology,
    tokens,
    doctor,
):
    app.registered_commands += part.app.registered_commands
    app.registered_groups += part.app.registered_groups


@app.callback(invoke_without_command=True)
def version(show: bool = typer.Option(False, "--version", help="Visa version / show version.")) -> None:
    """Show the version when asked."""
    if show:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
