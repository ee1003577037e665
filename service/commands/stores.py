"""Which store a command works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ... import examples
from ...ontology.problems import Lang, Problem, RodtradError
from ...store import Store
from ...store.audit import record
from ..publishing import Context, Submission, check, publish
from .talk import say, text

LOADER = "rodtrad"
"""Who publishes the examples."""


def open_store(folder: Path | None) -> Store:
    """The store in a folder that exists.

    Raises:
        RodtradError: ``no-data-folder`` when no folder is given or it holds no store.
    """
    if folder is None or not (folder / "head").exists():
        raise RodtradError(Problem("no-data-folder", values={"folder": folder or "–"}))
    return Store(folder)


@contextmanager
def audited(store: Store, **what: object) -> Iterator[dict[str, object]]:
    """Note a write in the store's audit log, with its outcome; the block adds what it did to the given."""
    done: dict[str, object] = {}
    try:
        yield done
    except RodtradError as error:
        record(store.folder, via="rodtrad", **what, outcome=error.problems[0].code)
        raise
    record(store.folder, via="rodtrad", **what, outcome="done", **done)


def store_or_examples(folder: Path | None, lang: Lang) -> Store:
    """The given store, else the examples in memory (said on stderr)."""
    if folder is not None:
        return open_store(folder)
    say(text("answering-from-examples", lang))
    store = Store(None)
    load_examples(store)
    return store


def prepared_store(folder: Path | None) -> Store:
    """The store in a folder, or in memory; a new one begins with the national publications."""
    store = Store(folder)
    if store.current().number == 0:
        publish(store, _read([[path] for path in examples.national()], Context(), lambda _: None), by="ref")
    return store


def load_examples(store: Store, seen: Callable[[Submission], None] = lambda _: None) -> list[Submission]:
    """Read, validate at tier bas and publish everything that ships, as one generation."""
    submissions = _read(examples.groups(), Context(), seen)
    publish(store, submissions, by=LOADER, confirm_removal=True)
    return submissions


def _read(
    groups: Sequence[Sequence[Path]], context: Context, seen: Callable[[Submission], None]
) -> list[Submission]:
    submissions: list[Submission] = []
    for group in groups:
        read = [check(path, context, "bas") for path in group]
        for submission in read:
            seen(submission)
            context.add(submission.triples)
        submissions += read
    return submissions
