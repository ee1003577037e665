"""A copy taken while others write is a whole store, and can be gone back to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.store import Store
from rodtrad.store.backup import copy, restore
from rodtrad.store.patch import quads, rdf_patch

G = "https://w3id.org/rodtrad/graph/20/{}"
WRITER = """
import sys
from pathlib import Path
from rodtrad.store import Store
store = Store(Path(sys.argv[1]))
for round in range(10_000):
    lines = "".join(f'<http://e/{n}> <http://e/p> "{round}" .\\n' for n in range(100)).encode()
    store.publish("https://w3id.org/rodtrad/graph/20/a", lines, by=str(round), origins=b"%d" % round)
    print(round, flush=True)
"""


def dump(store: Store) -> bytes:
    """Everything as sorted N-Quads."""
    names = [*store.current().graphs, *store.computed_graphs()]
    return b"".join(sorted(quads(name, store.graph(name)) for name in names))


def apply(content: bytes, patch: str) -> bytes:
    """RDF Patch by its rules: each D line goes, each A line comes."""
    lines = set(content.splitlines())
    for line in patch.splitlines():
        if line.startswith("D "):
            lines.remove(line[2:].encode())
        elif line.startswith("A "):
            assert line[2:].encode() not in lines
            lines.add(line[2:].encode())
    return b"\n".join(sorted(lines)) + b"\n"


def test_copies_taken_while_one_writes_are_whole(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout and writer.stdout.readline()
        taken = [copy(data, tmp_path / "backup") for _ in range(5)]
        alone = copy(data, tmp_path / "another")
        writer.kill()
    assert [one.generation for one in taken] == sorted(one.generation for one in taken)
    for folder, number in (("backup", taken[-1].generation), ("another", alone.generation)):
        store = Store(tmp_path / folder)
        assert store.verify() == []
        assert store.current().number == number
        for past in (1, number):
            assert f'"{store.generation(past).by}"'.encode() in store.graph(G.format("a"), past)


def test_a_second_copy_takes_only_what_is_new(tmp_path: Path, numbered: Callable[..., bytes]) -> None:
    store = Store(tmp_path / "data")
    store.publish(G.format("a"), numbered(10), by="x")
    first = copy(store.folder, tmp_path / "backup")
    assert (first.generation, first.files, first.already_there) == (1, 2, 0)
    again = copy(store.folder, tmp_path / "backup")
    assert (again.files, again.bytes, again.already_there) == (0, 0, 2)
    store.publish(G.format("b"), numbered(10, first=50), by="x")
    third = copy(store.folder, tmp_path / "backup")
    # The new manifest and the new graph; the older two files, and graph a named by both generations.
    assert (third.generation, third.files, third.already_there) == (2, 2, 3)


def test_a_restored_store_says_the_same_byte_by_byte(tmp_path: Path, turtle: Callable[[str], bytes]) -> None:
    store = Store(tmp_path / "data")
    store.publish(G.format("a"), turtle("x:a a rt:Activity . x:o rt:resourceFor x:a ."), by="x", origins=b"o")
    store.publish(G.format("b"), turtle("x:b a rt:Activity ."), by="x", received=("f", b"f"))
    copy(store.folder, tmp_path / "backup")
    restored = restore(tmp_path / "backup", tmp_path / "elsewhere" / "data")
    back = Store(tmp_path / "elsewhere" / "data")
    assert restored.generation == 2
    assert back.verify() == []
    assert dump(back) == dump(store)
    assert b"leadsTo" in dump(back)
    assert [one.to_json() for one in back.generations()] == [one.to_json() for one in store.generations()]
    assert back.publish(G.format("c"), turtle("x:c a rt:Activity ."), by="x").number == 3

    rebuilt = Store(None)
    for graph in store.current().graphs:
        own = (
            quad
            for quad in ox.parse(dump(store), ox.RdfFormat.N_QUADS)
            if str(quad.graph_name) == f"<{graph}>"
        )
        data = ox.serialize((quad.triple for quad in own), format=ox.RdfFormat.N_TRIPLES)
        rebuilt.publish(graph, data or b"", by="x")
    assert dump(rebuilt) == dump(store)


def test_a_store_is_never_restored_over_unless_asked(tmp_path: Path, numbered: Callable[..., bytes]) -> None:
    store = Store(tmp_path / "data")
    store.publish(G.format("a"), numbered(10), by="old")
    copy(store.folder, tmp_path / "backup")
    store.publish(G.format("a"), numbered(11), by="new")
    with pytest.raises(RodtradError) as error:
        restore(tmp_path / "backup", store.folder)
    assert error.value.problems[0].code == "restore-not-empty"
    restore(tmp_path / "backup", store.folder, replace=True)
    assert Store(store.folder).current().by == "old"
    (aside,) = tmp_path.glob("data.replaced-*")
    assert Store(aside).current().by == "new"


def test_another_store_and_a_later_state_are_not_copied_over(
    tmp_path: Path, numbered: Callable[..., bytes]
) -> None:
    one, other = Store(tmp_path / "one"), Store(tmp_path / "other")
    one.publish(G.format("a"), numbered(10), by="one")
    other.publish(G.format("a"), numbered(10), by="other")
    copy(one.folder, tmp_path / "backup")
    with pytest.raises(RodtradError) as error:
        copy(other.folder, tmp_path / "backup")
    assert error.value.problems[0].code == "backup-diverged"
    assert Store(tmp_path / "backup").current().by == "one"


def test_a_damaged_file_does_not_reach_the_backup(tmp_path: Path, numbered: Callable[..., bytes]) -> None:
    store = Store(tmp_path / "data")
    store.publish(G.format("a"), numbered(10), by="x")
    (path,) = (store.folder / "objects").rglob("*.nt.zst")
    path.write_bytes(path.read_bytes()[:-5] + b"xxxxx")
    with pytest.raises(RodtradError) as error:
        copy(store.folder, tmp_path / "backup")
    assert error.value.problems[0].code == "object-damaged"
    assert not (tmp_path / "backup" / "head").exists()


def test_applying_the_patch_to_one_generation_gives_the_other(
    tmp_path: Path, turtle: Callable[[str], bytes]
) -> None:
    store = Store(tmp_path / "data")
    store.publish(G.format("a"), turtle('x:a a rt:Activity ; rdfs:label "å\\n\\"b\\"" .'), by="x")
    before = dump(store)
    store.publish(G.format("b"), turtle("x:b a rt:Activity ."), by="x")
    store.publish(
        G.format("a"),
        turtle("x:a a rt:Activity ; rt:note 'n' . x:o rt:resourceFor x:a ."),
        by="x",
        confirm_removal=True,
    )
    after = dump(store)
    patch = "".join(rdf_patch(store.diff(1, 3), "http://e/p"))
    assert patch.startswith("H id <http://e/p> .\nTX .\n")
    assert patch.endswith("TC .\n")
    assert patch.count("\nD ") == 1
    assert patch.count("\nA ") == 4  # note, resourceFor, the derived leadsTo, and graph b
    assert apply(before, patch) == b"\n".join(sorted(after.splitlines())) + b"\n"
    back = "".join(rdf_patch(store.diff(3, 1), "http://e/q"))
    assert apply(after, back) == b"\n".join(sorted(before.splitlines())) + b"\n"
