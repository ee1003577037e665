"""Killed at any moment, the store holds the old or the new generation, and all that was acknowledged."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.store import Store

G = "https://w3id.org/rodtrad/graph/20/{}"
WRITER = """
import sys
from pathlib import Path
from rodtrad.store import Store, Upload
store, first = Store(Path(sys.argv[1])), int(sys.argv[2])
print("ready", flush=True)
for round in range(first, first + 10_000):
    lines = "".join(f'<http://e/{n}> <http://e/p> "{round}" .\\n' for n in range(300)).encode()
    uploads = [Upload(f"https://w3id.org/rodtrad/graph/20/{name}", lines) for name in "abc"]
    made = store.publish_many(uploads, by=str(round))
    print(made.number, round, flush=True)
"""


def kill_once(folder: Path, first: int, after_s: float) -> tuple[int, int]:
    """Publish in a process until it is killed; return the last acknowledged generation and round."""
    command = [sys.executable, "-c", WRITER, str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout and writer.stdout.readline() == "ready\n"
        time.sleep(after_s)
        writer.kill()
        acknowledged = [line.split() for line in writer.stdout if line.endswith("\n")]
    return (int(acknowledged[-1][0]), int(acknowledged[-1][1])) if acknowledged else (0, 0)


def check_whole(folder: Path, acknowledged: int) -> int:
    """Return the number of the generation on disk, after a look at every part of it."""
    store = Store(folder)
    assert store.verify() == []
    current = store.current()
    assert current.number >= acknowledged
    if current.number:
        said = {store.graph(G.format(name)) for name in "abc"}
        assert len(said) == 1, "a mix of two generations"
        assert said.pop().count(f'"{current.by}"'.encode()) == 300
    return current.number


def kills(folder: Path, count: int, seed: int) -> int:
    moments = random.Random(seed)
    last = 0
    for _ in range(count):
        first = int(Store(folder).current().by or 0) + 1
        acknowledged, _ = kill_once(folder, first, moments.uniform(0.0, 0.5))
        last = check_whole(folder, max(acknowledged, last))
    return last


def test_killed_while_publishing(tmp_path: Path) -> None:
    assert kills(tmp_path / "data", 6, seed=20) > 6


@pytest.mark.deep
def test_killed_while_publishing_many_times(tmp_path: Path) -> None:
    assert kills(tmp_path / "data", 200, seed=21) > 200


STEPS = ["write", "fsync", "replace"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("count", range(1, 14))
def test_stopped_at_each_step_of_a_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbered: Callable[..., bytes], step: str, count: int
) -> None:
    """Like a kill, but at every call that touches the disk."""

    class Stop(BaseException):
        pass

    store = Store(tmp_path)
    store.publish(G.format("a"), numbered(3), by="old", origins=b"old")
    owner, name = (Path, "replace") if step == "replace" else (os, step)
    real, left = getattr(owner, name), count

    def stopping(*arguments, **options):
        nonlocal left
        left -= 1
        if left == 0:
            raise Stop
        return real(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stopping)
        try:
            store.publish(G.format("a"), numbered(4), by="new", origins=b"new")
            finished = True
        except Stop:
            finished = False
    after = Store(tmp_path)
    current = after.current()
    assert after.verify() == []
    assert current.by == "new" if finished else current.by in ("old", "new")
    state = (after.graph(G.format("a")), after.origins(G.format("a")))
    assert state == {"old": (numbered(3), b"old"), "new": (numbered(4), b"new")}[current.by]
    assert after.publish(G.format("a"), numbered(4), by="new", origins=b"new").number in (2, current.number)
    assert after.verify() == []
    assert not list((tmp_path / "drafts").iterdir())


def write_at_once(folder: Path, writers: int, rounds: int) -> int:
    """Let processes publish at once, each its own graph; return the generation that came of it."""
    code = WRITER.replace("10_000", str(rounds)).replace('for name in "abc"', "for name in sys.argv[3:]")
    names = [f"writer-{number}" for number in range(writers)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder), "1", name], stdout=subprocess.PIPE, text=True
        )
        for name in names
    ]
    lines = [line for writer in processes for line in writer.communicate()[0].splitlines()[1:]]
    assert [writer.returncode for writer in processes] == [0] * writers
    total = writers * rounds
    assert sorted(int(line.split()[0]) for line in lines) == list(range(1, total + 1))
    store = Store(folder)
    assert store.verify() == []
    assert set(store.current().graphs) == {G.format(name) for name in names}
    assert [generation.parent for generation in store.generations()] == list(range(total))
    for name in names:  # Each graph ends as its own writer left it, with no other's statements in it.
        assert store.graph(G.format(name)).count(f'"{rounds}"'.encode()) == 300
    return store.current().number


def test_eight_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    assert write_at_once(tmp_path, writers=8, rounds=2) == 16


@pytest.mark.deep
def test_eight_processes_at_once_lose_nothing_in_many_rounds(tmp_path: Path) -> None:
    assert write_at_once(tmp_path, writers=8, rounds=25) == 200


def test_eight_threads_on_one_graph_leave_one_of_their_versions(
    tmp_path: Path, numbered: Callable[..., bytes]
) -> None:
    store = Store(tmp_path)
    versions = [numbered(20, first=100 * writer) for writer in range(8)]

    def write(data: bytes) -> None:
        store.publish(G.format("a"), data, by="x", confirm_removal=True)

    threads = [threading.Thread(target=write, args=(data,)) for data in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.current().number == 8
    assert store.graph(G.format("a")) in versions
    assert store.verify() == []


def test_readers_see_whole_generations_while_one_writes(
    tmp_path: Path, numbered: Callable[..., bytes]
) -> None:
    writer, reader = Store(tmp_path), Store(tmp_path)
    writer.publish(G.format("a"), numbered(10), by="x")
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(int(reader.engine().rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]["n"].value))

    thread = threading.Thread(target=read)
    thread.start()
    for count in range(20, 110, 10):
        writer.publish(G.format("a"), numbered(count), by="x")
    done.set()
    thread.join()
    assert seen <= set(range(10, 110, 10))
    assert reader.engine().generation == 10


def test_a_full_disk_refuses_and_reading_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbered: Callable[..., bytes]
) -> None:
    store = Store(tmp_path)
    store.publish(G.format("a"), numbered(3), by="x")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RodtradError) as error:
            store.publish(G.format("a"), numbered(4), by="x")
    (problem,) = error.value.problems
    assert (problem.code, problem.http_status) == ("store-unwritable", 507)
    assert store.graph(G.format("a")) == numbered(3)
    assert store.publish(G.format("a"), numbered(4), by="x").number == 2
    assert store.verify() == []


FILL = """
import os, sys
from pathlib import Path
from rodtrad.ontology.problems import RodtradError
from rodtrad.store import Store
store, data = Store(Path(sys.argv[1])), b"<http://e/s> <http://e/p> <http://e/o> .\\n"
store.publish("https://w3id.org/rodtrad/graph/20/a", data, by="x")
for number in range(1000):
    try:
        store.publish("https://w3id.org/rodtrad/graph/20/b", data, by="x", origins=os.urandom(200_000))
    except RodtradError as error:
        (problem,) = error.problems
        break
print(problem.code, problem.http_status, store.current().number == number + 1)
print(store.graph("https://w3id.org/rodtrad/graph/20/a") == data, store.verify())
print(Store(Path(sys.argv[1])).current().number == number + 1, list(Path(sys.argv[1], "drafts").iterdir()) != [])
"""


@pytest.mark.parametrize("options", ["size=3m", "size=80m"])
def test_a_disk_that_is_really_full_refuses_and_reading_goes_on(
    tmp_path: Path, options: str, lacking: Callable[[str], NoReturn]
) -> None:
    """On a small file system of its own: with the threshold, and with the writes themselves failing."""
    floor = "store.store.check_space = lambda *_: None; " if options == "size=3m" else ""
    script = tmp_path / "fill.py"
    script.write_text(f"from rodtrad import store; import rodtrad.store.store; {floor}{FILL}")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = f'mount -t tmpfs -o {options} none "{disk}" && exec "{sys.executable}" "{script}" "{disk}"'
    done = subprocess.run(["unshare", "--mount", "sh", "-c", mounted], capture_output=True, text=True)
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        lacking("no file system of its own may be mounted here")
    code = "store-unwritable" if options == "size=3m" else "disk-low"
    first, second, third = done.stdout.splitlines()
    assert first == f"{code} 507 True", done.stderr
    assert second == "True []"
    assert third.startswith("True ")


def test_a_read_only_disk_refuses_and_reading_goes_on(
    tmp_path: Path, numbered: Callable[..., bytes], lacking: Callable[[str], NoReturn]
) -> None:
    folder = tmp_path / "data"
    Store(folder).publish(G.format("a"), numbered(3), by="x")
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from rodtrad.ontology.problems import RodtradError\n"
        "from rodtrad.store import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "try:\n"
        "    store.publish('https://w3id.org/rodtrad/graph/20/b', b'<urn:a> <urn:b> <urn:c> .\\n', by='x')\n"
        "except RodtradError as error:\n"
        "    print(error.problems[0].code, error.problems[0].http_status)\n"
        "print(store.verify(), len(store.engine().rows('SELECT * { ?s ?p ?o }')))\n"
    )
    mounted = f'mount --bind "{folder}" "{folder}" && mount -o remount,ro,bind "{folder}" && exec "$0" "$@"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounted, sys.executable, "-c", script, str(folder)],
        capture_output=True,
        text=True,
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        lacking("no file system of its own may be mounted here")
    assert done.stdout.splitlines() == ["store-unwritable 507", "[] 3"], done.stderr
    assert Store(folder).current().number == 1
