"""What is purged is gone from every file, and everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from rodtrad.ontology.problems import RodtradError
from rodtrad.store import Store, Upload
from rodtrad.store.backup import apply_purges, copy, restore
from rodtrad.store.generation import Generation
from rodtrad.store.ledger import Ledger

A, B = (f"https://w3id.org/rodtrad/graph/20/{name}" for name in "ab")
SECRET = "Anna Hemlig"


def said(folder: Path) -> list[str]:
    """The files of a folder that hold the secret, packed or not."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".zst":
                content = zstandard.ZstdDecompressor().decompress(content)
            if SECRET.encode() in content:
                found.append(path.name)
    return found


def upload(graph: str, text: str, **more: object) -> Upload:
    chain = (
        f'<http://e/{graph[-1]}> <http://www.w3.org/2000/01/rdf-schema#label> "{text}" .\n'
        f"<http://e/out-{graph[-1]}> <https://w3id.org/rodtrad/ns/resourceFor> <http://e/{graph[-1]}> .\n"
    )
    return Upload(graph, chain.encode(), **more)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Graph a held the secret in its first two versions; the second is current. Both graphs share a report."""
    made = Store(tmp_path / "data")
    secret = SECRET.encode()
    made.publish_many([upload(B, "b", report=b"fine")], by="x")
    made.publish_many(
        [upload(A, SECRET, origins=b"o " + secret, report=b"fine", received=("a.csv", b"r " + secret))],
        by="x",
    )
    made.publish_many([upload(A, SECRET + " 2", report=b"fine")], by="x")
    return made


def code(error: pytest.ExceptionInfo[RodtradError]) -> str:
    return error.value.problems[0].code


def test_a_purged_publication_is_in_no_file(store: Store) -> None:
    assert len(said(store.folder)) == 4
    derived = store.generation(2).derived
    purged = store.purge(A, reason="begäran 7", by="admin")
    assert said(store.folder) == []
    assert purged.generation.number == 4
    assert [(change.kind, change.graph) for change in purged.generation.changes] == [("purge", A)]
    assert purged.doomed.generations == (2, 3)
    assert derived in purged.doomed.derived
    assert store.verify() == []
    assert store.engine().rows(f'SELECT ?s {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), "{SECRET}")) }}') == []


def test_the_name_of_the_received_file_goes_too(tmp_path: Path) -> None:
    """Names of files may name people: neither data folder nor backup nor tombstone keeps it."""
    store, kept = Store(tmp_path / "data"), tmp_path / "kept"
    file = (f"svar {SECRET} 19450101.xlsx", b"bytes of the file")
    store.publish_many([upload(B, "b", received=("b.xlsx", b"b"))], by="x")
    store.publish_many([upload(A, "a", origins=f"cell in {file[0]}".encode(), received=file)], by="x")
    store.publish_many([upload(A, "a 2", received=file)], by="x")
    assert store.received(A) == file
    copy(store.folder, kept)
    assert said(store.folder) != [] and said(kept) != []
    store.purge(A, reason="begäran 8", by="admin")
    copy(store.folder, kept)
    for folder in (store.folder, kept):
        assert said(folder) == []
        assert not [path for path in folder.rglob("*") if SECRET in path.name]
        assert {stone.reason for stone in Ledger(folder).tombstones()} == {"begäran 8"}
        assert Store(folder).verify() == []
    restore(kept, tmp_path / "back")
    assert said(tmp_path / "back") == []
    assert store.received(B) == ("b.xlsx", b"b")
    # A name says nothing against another file that is called the same.
    store.publish_many([upload(A, "mended", received=(file[0], b"mended"))], by="x")
    assert store.received(A) == (file[0], b"mended") and store.verify() == []


def test_a_file_purged_alone_takes_its_name_along(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.publish_many([upload(A, "a", received=(f"{SECRET}.xlsx", b"r"))], by="x")
    data = store.current().graphs[A].data
    store.purge(store.current().graphs[A].received, reason="x", by="x")
    assert said(tmp_path) == [] and store.received(A) is None
    assert store.current().graphs[A].data == data and store.verify() == []


def test_manifests_that_held_the_name_itself_are_still_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.publish_many([upload(A, "a", received=("a.xlsx", b"r"))], by="x")
    current = store.current()
    old = current.to_json().replace(current.graphs[A].received_name.encode(), b"a.xlsx")
    assert Generation.from_json(old).graphs[A].received_name == ""


def test_what_others_hold_stays(store: Store) -> None:
    purged = store.purge(A, reason="x", by="x")
    assert store.report(B) == b"fine"
    assert store.current().graphs[B].report in purged.doomed.shared
    assert b"leadsTo" in store.graph("https://w3id.org/rodtrad/graph/derived")


def test_generations_that_held_it_say_so_and_others_are_served(store: Store) -> None:
    store.purge(A, reason="begäran 7", by="x")
    assert store.engine_of(1).generation == 1
    for use in (lambda: store.engine_of(2), lambda: store.rollback(3, by="x")):
        with pytest.raises(RodtradError) as error:
            use()
        assert code(error) == "generation-purged"
        assert error.value.problems[0].http_status == 410
        assert "begäran 7" in error.value.problems[0].message("sv")
    with pytest.raises(RodtradError) as error:
        store.diff(2, 3)
    assert code(error) == "object-purged"
    assert {stone.reason for stone in store.purged_in(2)} == {"begäran 7"}
    assert store.purged_in(1) == []


def test_the_same_content_is_not_published_again_but_a_mended_one_is(store: Store) -> None:
    store.purge(A, reason="x", by="x")
    with pytest.raises(RodtradError) as error:
        store.publish_many([upload(A, SECRET)], by="x")
    assert code(error) == "content-purged"
    # The mended version has the same derived statements as the purged one: these may come back.
    made = store.publish_many([upload(A, "a")], by="x")
    assert made.derived == store.generation(3).derived
    assert store.verify() == []
    assert store.engine().rows("SELECT ?s { <http://e/out-a> <https://w3id.org/rodtrad/ns/leadsTo> ?s }")


def test_one_file_is_purged_by_its_hash_and_the_publication_stays(store: Store) -> None:
    store.publish_many([upload(A, "a", received=("a.csv", b"only here"))], by="x", confirm_removal=True)
    held = store.current().graphs[A]
    store.purge(held.received, reason="x", by="x")
    assert store.current().graphs[A].data == held.data
    assert store.received(A) is None
    assert Ledger(store.folder).state(held.received) == "purged"
    assert store.verify() == []


def test_nothing_is_done_for_an_unknown_name(store: Store) -> None:
    with pytest.raises(RodtradError) as error:
        store.purge(A, "0" * 64, reason="x", by="x")
    assert code(error) == "nothing-to-purge"
    assert store.current().number == 3
    assert len(said(store.folder)) == 4


def test_a_purge_cut_short_is_told_and_completed_by_another(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(BaseException):
        pass

    def stop(*_: object, **__: object) -> None:
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", stop)
        with pytest.raises(Stop):
            store.purge(A, reason="x", by="x")
    assert {problem.code for problem in store.verify()} == {"object-not-purged"}
    with pytest.raises(RodtradError):
        store.engine_of(2)
    store.purge(A, reason="x", by="x")
    assert said(store.folder) == []
    assert store.verify() == []


def test_backups_are_purged_too(store: Store, tmp_path: Path) -> None:
    kept, forgotten = tmp_path / "kept", tmp_path / "forgotten"
    copy(store.folder, kept)
    copy(store.folder, forgotten)
    store.purge(A, reason="x", by="x")
    assert apply_purges(store.folder, kept) == len(
        store.purge_plan(A).published | store.purge_plan(A).derived
    )
    assert said(kept) == []
    copy(store.folder, kept)
    assert Store(kept).verify() == []
    assert said(forgotten) != []
    restore(forgotten, tmp_path / "back", purges=kept)
    assert said(tmp_path / "back") == []
    assert Store(tmp_path / "back").verify() == []


def test_received_files_expire_when_a_newer_version_is_old_enough(
    tmp_path: Path, numbered: Callable[..., bytes]
) -> None:
    store = Store(tmp_path)
    for version in (1, 2):
        store.publish(A, numbered(5 + version), by="x", received=("a", b"%d" % version))
    first, second = (store.generation(number).graphs[A].received for number in (1, 2))
    now = datetime.now(UTC)
    assert store.expired(now - timedelta(days=1)) == []
    assert store.expired(now + timedelta(days=1)) == [first]
    store.purge(first, reason="retention", by="x", may_return=True)
    assert store.expired(now + timedelta(days=1)) == []
    assert store.received(A) == ("a", b"2")
    assert store.current().graphs[A].received == second
    assert store.engine_of(1).generation == 1, "the data of the version are still there"
    store.publish(A, numbered(6), by="x", received=("a", b"1"))
    assert store.received(A) == ("a", b"1")
