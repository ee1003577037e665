"""A forked process that evaluates queries and may be killed at any time."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from ..ontology.problems import RodtradError
from .engine import Engine
from .frames import Reader, pack
from .limits import Limits, confine

_PIECE = 1 << 16


@dataclass(frozen=True)
class Process:
    """A forked worker as its parent sees it."""

    pid: int
    stderr: int
    """A file in memory with what the engine said when it died."""


def fork(task: Callable[[], None], limits: Limits, *, cpu: bool) -> Process:
    """Run a task in a copy of this process and return in the parent; the copy ends with the task."""
    parent, stderr = os.getpid(), os.memfd_create("worker")
    pid = os.fork()
    if pid:
        return Process(pid, stderr)
    code = 1
    try:
        gc.disable()
        os.dup2(stderr, 2)
        confine(limits, parent, cpu=cpu)
        task()
        code = 0
    except MemoryError:
        os.write(2, b"memory")
    finally:
        os._exit(code)


def answer(engine: Engine, request: dict[str, Any], limits: Limits) -> bytes:
    """Evaluate one request and return the frame of its answer or of its problem."""
    try:
        body = engine.query(
            request["text"],
            request["accept"],
            default_graphs=request["default_graphs"],
            named_graphs=request["named_graphs"],
            base=request.get("base"),
            result_bytes=limits.result_bytes,
            result_rows=limits.result_rows,
        )
    except RodtradError as error:
        problem = error.problems[0]
        values = {name: str(value) for name, value in problem.values.items()}
        return pack({"id": request["id"], "problem": problem.code, "values": values})
    except MemoryError:
        values = {"limit_mb": str(limits.memory_mb)}
        return pack({"id": request["id"], "problem": "query-memory", "values": values})
    return pack({"id": request["id"]}, body)


def write(handle: int, data: bytes) -> None:
    """Write all of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def serve(connection: socket.socket, engine: Engine, limits: Limits) -> NoReturn:
    """Answer requests one after the other until the other side goes away."""
    reader = Reader()
    while data := connection.recv(_PIECE):
        for request, _ in reader.feed(data):
            connection.sendall(answer(engine, request, limits))
    os._exit(0)
