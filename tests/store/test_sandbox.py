"""Uploads are read in a process that may be killed without harm to the service."""

from __future__ import annotations

import os
import threading
import time

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.store.sandbox import Sandbox, SandboxLimits

GRAPH = "https://w3id.org/rodtrad/graph/20/x"
TASKS = """
import os, socket, time
from rodtrad.ontology.problems import Problem, RodtradError, Where
def shout(body, *, mark): return body.upper() + mark.encode()
def pid(body): return str(os.getpid()).encode()
def spin(body):
    while True: pass
def sleep(body): time.sleep(60); return b""
def greed(body): return b"x" * (1 << 31)
def crash(body): os.abort()
def refuse(body): raise RodtradError(Problem("unknown-graph", Where(iri="urn:x"), {"graph": "urn:x"}))
def call_out(body, *, port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return b"no way out"
    return b"connected"
"""


@pytest.fixture
def sandbox(tmp_path, monkeypatch):
    (tmp_path / "outside_tasks.py").write_text(TASKS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    limits = SandboxLimits(time_s=1.0, memory_mb=256, running=2, waiting=1)
    with Sandbox("rodtrad.ontology.problems:catalogue", limits) as made:
        yield made


def refused(sandbox: Sandbox, task: str) -> str:
    with pytest.raises(RodtradError) as caught:
        sandbox.run(f"outside_tasks:{task}")
    return caught.value.problems[0].code


def test_gives_back_the_bytes_of_a_function_of_the_package(sandbox):
    data = b"<urn:b> <urn:p> <urn:c> .\n<urn:a> <urn:p> <urn:c> .\n"
    answer = sandbox.run("rodtrad.store.triples:canonical", data, graph_iri=GRAPH)
    assert answer == b"<urn:a> <urn:p> <urn:c> .\n<urn:b> <urn:p> <urn:c> .\n"
    assert sandbox.run("outside_tasks:shout", b"abc" * 1_000_000, mark="!") == b"ABC" * 1_000_000 + b"!"


def test_each_task_has_a_process_of_its_own(sandbox):
    pids = {sandbox.run("outside_tasks:pid") for _ in range(3)}
    assert len(pids) == 3 and str(os.getpid()).encode() not in pids


@pytest.mark.parametrize(
    ("task", "code"),
    [
        ("spin", "task-timeout"),
        ("sleep", "task-timeout"),
        ("greed", "task-memory"),
        ("crash", "task-crashed"),
    ],
)
def test_what_goes_too_far_is_ended_and_the_next_task_runs(sandbox, task, code):
    before = time.monotonic()
    assert refused(sandbox, task) == code
    assert time.monotonic() - before < 10
    assert sandbox.run("outside_tasks:shout", b"a", mark="") == b"A"


def test_problems_keep_their_place_and_values(sandbox):
    with pytest.raises(RodtradError) as caught:
        sandbox.run("outside_tasks:refuse")
    problem = caught.value.problems[0]
    assert (problem.code, problem.where.iri, problem.values["graph"]) == ("unknown-graph", "urn:x", "urn:x")


def test_no_more_than_the_queue_holds(sandbox):
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(refused(sandbox, "sleep"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.4)
    assert refused(sandbox, "pid") == "task-queue-full"
    for thread in threads:
        thread.join()
    assert codes == ["task-timeout"] * 3


def test_closing_ends_what_runs(sandbox):
    ended: list[str] = []
    thread = threading.Thread(target=lambda: ended.append(refused(sandbox, "sleep")))
    thread.start()
    time.sleep(0.5)
    sandbox.close()
    thread.join(10)
    assert ended and ended[0] in {"task-crashed", "task-timeout"}


def test_a_task_reaches_no_other_machine(sandbox, lacking):
    import socket

    if os.geteuid() != 0:
        lacking("a network name space of its own may need rights")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert sandbox.run("outside_tasks:call_out", port=port) == b"no way out"
