"""What a new version means for others is worked out while others may write."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from rodtrad import examples
from rodtrad.service import publishing, uploads
from rodtrad.service.publishing import Context, check, publish
from rodtrad.store import Store

from .datasets import graph_of, turtle


def test_others_may_write_while_notices_are_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They take seconds where much is published, and the lock of the store is for one writer."""
    store, looked = Store(tmp_path / "data"), []

    def noticed(of: Store, after: object) -> dict[str, dict[str, object]]:
        looked.append(after)
        of.folder.mkdir(exist_ok=True)
        with (of.folder / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # Raises where a writer holds it.
        return {}

    monkeypatch.setattr(publishing, "notices", noticed)
    monkeypatch.setattr(uploads, "notices", noticed)
    context = Context()
    publish(store, [check(path, context, "bas") for path in examples.groups()[0]], by="ref")
    path = tmp_path / "one.ttl"
    path.write_text(turtle("ett", "a1"), "utf-8")
    publish(store, [check(path, Context.of(store), "bas")], by="20")
    uploads.retire(b"", folder=str(store.folder), graph=graph_of("ett"), by="20")
    assert len(looked) == 3 and store.current().number == 3


def test_the_lock_that_is_looked_at_is_the_one_of_writers(tmp_path: Path) -> None:
    """Without this the test above could pass by looking at another file."""
    store = Store(tmp_path)

    def condition(_: object) -> None:
        with (tmp_path / "lock").open("ab") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        raise KeyError("looked")

    with pytest.raises(KeyError):
        store.publish_many([], by="test", vocabulary=b"<urn:a> <urn:b> <urn:c> .\n", condition=condition)
