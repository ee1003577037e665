"""Verification finds what has changed on disk, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.store import Store
from rodtrad.store import verify as verification
from rodtrad.store.ledger import name_of

G20 = "https://w3id.org/rodtrad/graph/20/a"


@pytest.fixture
def store(tmp_path: Path, numbered: Callable[..., bytes]) -> Store:
    store = Store(tmp_path / "data")
    store.publish(G20, numbered(5), by="20", origins=b"cells", received=("a.xlsx", b"PK"), report=b"{}")
    store.publish(G20, numbered(6), by="20", origins=b"cells 2")
    return store


def codes(store: Store) -> list[tuple[str, object]]:
    return [(problem.code, next(iter(problem.values.values()), None)) for problem in store.verify()]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_sound_store_has_no_problem(store: Store) -> None:
    assert store.verify() == []


def test_a_flipped_byte_is_found_in_every_file(store: Store) -> None:
    files = sorted((store.folder / "objects").rglob("*.zst"))
    assert len(files) == 7
    for path in files:
        whole = path.read_bytes()
        flip(path)
        assert codes(store) == [("object-damaged", path.name.split(".")[0])]
        path.write_bytes(whole)
    assert store.verify() == []


def test_a_file_exchanged_for_another_valid_one_is_found(
    store: Store, numbered: Callable[..., bytes]
) -> None:
    old, new = (
        store.folder / "objects" / name[:2] / f"{name}.nt.zst"
        for name in map(name_of, (numbered(5), numbered(6)))
    )
    old.write_bytes(new.read_bytes())
    assert codes(store) == [("object-damaged", name_of(numbered(5)))]


def test_a_missing_file_is_found_and_reading_it_says_so(store: Store, numbered: Callable[..., bytes]) -> None:
    name = name_of(numbered(6))
    (store.folder / "objects" / name[:2] / f"{name}.nt.zst").unlink()
    assert codes(store) == [("object-missing", name)]
    with pytest.raises(RodtradError) as error:
        store.graph(G20)
    assert error.value.problems[0].code == "object-missing"


def test_publishing_the_content_again_mends_a_damaged_file(
    store: Store, numbered: Callable[..., bytes]
) -> None:
    name = name_of(numbered(6))
    flip(store.folder / "objects" / name[:2] / f"{name}.nt.zst")
    store.publish("https://w3id.org/rodtrad/graph/20/b", numbered(6), by="20")
    assert store.verify() == []


@pytest.mark.parametrize("number", [1, 2])
def test_a_changed_manifest_is_found(store: Store, number: int) -> None:
    path = store.folder / "generations" / f"{number:06}.json"
    manifest = json.loads(path.read_bytes())
    manifest["by"] = "someone else"
    path.write_text(json.dumps(manifest), "utf-8")
    assert ("manifest-damaged", number) in codes(store)


def test_a_damaged_head_is_found(store: Store) -> None:
    (store.folder / "head").write_text("nonsense", "utf-8")
    assert [code for code, _ in codes(store)] == ["head-damaged"]


def test_derived_statements_that_do_not_follow_are_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = b"<http://e/a> <https://w3id.org/rodtrad/ns/leadsTo> <http://e/b> .\n"
    monkeypatch.setattr(verification, "derive", lambda index: claim)
    assert codes(store) == [("derived-differs", 2)]


def test_older_rules_are_told_and_renewed_at_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("verify", "store"):
        monkeypatch.setattr(f"rodtrad.store.{module}.rules_hash", lambda: "newer rules")
    (problem,) = store.verify()
    assert (problem.code, problem.severity) == ("derived-outdated", "info")
    assert store.set_vocabulary(b"").number == 3
    assert store.verify() == []
