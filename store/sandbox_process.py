"""The standing process of ``sandbox.py``: single-threaded, so that it may fork; it runs nothing itself."""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from ..ontology.problems import Problem, RodtradError, catalogue
from .frames import Reader, pack
from .limits import confine_task
from .sandbox import SandboxLimits
from .worker import write

_PIECE = 1 << 20


def main() -> None:
    """Run: ``sandbox_process FD WARM LIMITS``."""
    handle, warm, limits_json = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=int(handle))
    limits = SandboxLimits(**json.loads(limits_json))
    catalogue()
    if warm:
        _function(warm)()
    gc.collect()
    gc.freeze()
    connection.sendall(pack({"ready": os.getpid()}))
    reader = Reader()
    while data := connection.recv(_PIECE):
        for request, body in reader.feed(data):
            connection.sendall(_run(connection, request, body, limits))


def _run(connection: socket.socket, request: dict[str, Any], body: bytes, limits: SandboxLimits) -> bytes:
    """Fork, wait within the limit of time, and return the frame to send; ends when the client is gone."""
    reading, writing = os.pipe()
    parent, stderr = os.getpid(), os.memfd_create("task")
    pid = os.fork()
    if not pid:
        code = 1
        try:
            os.close(reading)
            connection.close()
            os.dup2(stderr, 2)
            confine_task(limits.memory_mb, limits.time_s, limits.file_mb, parent)
            write(writing, _answer(request, body))
            code = 0
        except MemoryError:
            os.write(2, b"memory")
        finally:
            os._exit(code)
    os.close(writing)
    received, late = _collect(reading, connection, time.monotonic() + limits.time_s)
    os.close(reading)
    if late:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    said = os.pread(stderr, 4096, 0)
    os.close(stderr)
    if not late and any(Reader().feed(received)):
        return received
    signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if late or signalled == signal.SIGXCPU:
        return _failed(Problem("task-timeout", values={"limit_s": f"{limits.time_s:g}"}))
    if said:
        # A fault of ours or of a library: the operator must see it, the sender need not.
        sys.stderr.write(f"{request['function']}: {said.decode(errors='replace').strip()[-2000:]}\n")
    if b"memory" in said or signalled == signal.SIGKILL:
        return _failed(Problem("task-memory", values={"limit_mb": limits.memory_mb}))
    return _failed(Problem("task-crashed"))


def _collect(reading: int, connection: socket.socket, deadline: float) -> tuple[bytes, bool]:
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        selector.register(connection, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                if key.fd != reading:
                    # The client asks one thing at a time: something to read here means that it is gone.
                    return bytes(received), True
                data = os.read(reading, _PIECE)
                if not data:
                    return bytes(received), False
                received += data
    return bytes(received), True


def _answer(request: dict[str, Any], body: bytes) -> bytes:
    try:
        return pack({}, _function(request["function"])(body, **request["options"]))
    except RodtradError as error:
        return _failed(*error.problems)
    except RecursionError:
        return _failed(Problem("task-crashed"))


def _failed(*problems: Problem) -> bytes:
    return pack(
        {
            "problems": [
                {
                    "code": problem.code,
                    "where": vars(problem.where),
                    "values": {name: str(value) for name, value in problem.values.items()},
                    "severity": problem.severity,
                }
                for problem in problems
            ]
        }
    )


def _function(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


if __name__ == "__main__":
    main()
