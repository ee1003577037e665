"""The process that holds the index of one generation and forks the workers; single-threaded, so fork is safe.

It evaluates nothing itself: it waits, forwards and kills. Started by ``host.py``.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..ontology.problems import RodtradError, catalogue
from .frames import Reader, pack
from .generation import Generations
from .index import load_engine
from .ledger import Ledger
from .limits import Limits
from .worker import Process, answer, fork, serve, write

_PIECE = 1 << 20


@dataclass(eq=False)
class _Job:
    """One ad-hoc query: the worker that evaluates it and what has come from its pipe."""

    request: int
    process: Process
    pipe: int
    deadline: float
    received: bytearray = field(default_factory=bytearray)


@dataclass(eq=False)
class _Warm:
    """One standing worker of the trusted lane, with the query that it has in hand."""

    process: Process
    connection: socket.socket
    reader: Reader = field(default_factory=Reader)
    request: int | None = None
    deadline: float = float("inf")


class Host:
    """Serves one client over a socket until that closes."""

    def __init__(self, connection: socket.socket, folder: Path, generation: int, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        ledger = Ledger(folder)
        self._engine = load_engine(ledger, Generations(ledger).read(generation))
        self._selector = selectors.DefaultSelector()
        self._jobs: set[_Job] = set()
        self._warm: set[_Warm] = set()
        self._trusted: deque[dict[str, Any]] = deque()
        self._reader = Reader()

    def run(self) -> None:
        """Answer until the client goes away; nothing outlives this call."""
        catalogue()  # The workers can open no file, and need these words for their errors.
        gc.collect()
        gc.freeze()
        self._selector.register(self._connection, selectors.EVENT_READ, self._connection)
        for _ in range(self._limits.warm_workers):
            self._add_warm()
        self._send(pack({"ready": self._engine.generation, "pid": os.getpid()}))
        try:
            while self._step():
                pass
        except ConnectionError:
            pass  # The client is gone, and its questions with it.
        finally:
            for worker in (*self._jobs, *self._warm):
                self._end(worker.process)

    def _step(self) -> bool:
        deadlines = [worker.deadline for worker in (*self._jobs, *self._warm)]
        wait = min((*deadlines, float("inf"))) - time.monotonic()
        for key, _ in self._selector.select(None if wait == float("inf") else max(0.0, wait)):
            if key.data is self._connection:
                data = self._connection.recv(_PIECE)
                if not data:
                    return False
                for request, _ in self._reader.feed(data):
                    self._cancel(request["cancel"]) if "cancel" in request else self._take(request)
            elif isinstance(key.data, _Job):
                self._read_job(key.data)
            elif key.data in self._warm:
                self._read_warm(key.data)
        self._kill_late()
        return True

    def _take(self, request: dict[str, Any]) -> None:
        if request["trusted"]:
            self._trusted.append(request)
            self._feed_warm()
            return
        reading, writing = os.pipe()
        process = fork(
            lambda: write(writing, answer(self._engine, request, self._limits)), self._limits, cpu=True
        )
        os.close(writing)
        job = _Job(request["id"], process, reading, time.monotonic() + self._limits.time_s)
        self._jobs.add(job)
        self._selector.register(reading, selectors.EVENT_READ, job)

    def _cancel(self, number: int) -> None:
        """The asker has gone away: no more work for it."""
        for job in [job for job in self._jobs if job.request == number]:
            self._finish(job, late=True, code="query-cancelled")

    def _read_job(self, job: _Job) -> None:
        data = os.read(job.pipe, _PIECE)
        job.received += data
        if not data:
            self._finish(job)

    def _finish(self, job: _Job, *, late: bool = False, code: str | None = None) -> None:
        self._jobs.discard(job)
        self._selector.unregister(job.pipe)
        os.close(job.pipe)
        reason, values = self._end(job.process, late=late)
        whole = not late and any(Reader().feed(bytes(job.received)))
        failed = {"id": job.request, "problem": code or reason, "values": values}
        self._send(bytes(job.received) if whole else pack(failed))

    def _add_warm(self) -> None:
        ours, theirs = socket.socketpair()
        process = fork(lambda: serve(theirs, self._engine, self._limits), self._limits, cpu=False)
        theirs.close()
        warm = _Warm(process, ours)
        self._warm.add(warm)
        self._selector.register(ours, selectors.EVENT_READ, warm)

    def _feed_warm(self) -> None:
        for warm in [idle for idle in self._warm if idle.request is None]:
            if not self._trusted:
                return
            request = self._trusted.popleft()
            warm.request = request["id"]
            warm.deadline = time.monotonic() + self._limits.trusted_time_s
            try:
                warm.connection.sendall(pack(request))
            except OSError:
                self._replace_warm(warm)

    def _read_warm(self, warm: _Warm) -> None:
        try:
            data = warm.connection.recv(_PIECE)
        except OSError:
            data = b""
        if not data:
            self._replace_warm(warm)
            return
        for header, body in warm.reader.feed(data):
            warm.request, warm.deadline = None, float("inf")
            self._send(pack(header, body))
        self._feed_warm()

    def _replace_warm(self, warm: _Warm, *, late: bool = False) -> None:
        self._warm.discard(warm)
        self._selector.unregister(warm.connection)
        warm.connection.close()
        code, values = self._end(warm.process, late=late, limit_s=self._limits.trusted_time_s)
        if warm.request is not None:
            self._send(pack({"id": warm.request, "problem": code, "values": values}))
        self._add_warm()
        self._feed_warm()

    def _kill_late(self) -> None:
        now = time.monotonic()
        for job in [job for job in self._jobs if job.deadline <= now]:
            self._finish(job, late=True)
        for warm in [warm for warm in self._warm if warm.deadline <= now]:
            self._replace_warm(warm, late=True)

    def _end(
        self, process: Process, *, late: bool = True, limit_s: float | None = None
    ) -> tuple[str, dict[str, str]]:
        """Make sure that a worker is gone, and say why it gave no answer, if it gave none."""
        if late:
            os.kill(process.pid, signal.SIGKILL)
        _, status = os.waitpid(process.pid, 0)
        said = os.pread(process.stderr, 4096, 0)
        os.close(process.stderr)
        signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if late or signalled == signal.SIGXCPU:
            return "query-timeout", {"limit_s": f"{limit_s or self._limits.time_s:g}"}
        if b"memory" in said or signalled == signal.SIGKILL:
            return "query-memory", {"limit_mb": str(self._limits.memory_mb)}
        return "query-crashed", {}

    def _send(self, frame: bytes) -> None:
        self._connection.sendall(frame)


def main() -> None:
    """Run a host: ``host_process FD FOLDER GENERATION LIMITS``."""
    handle, folder, generation, limits = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=int(handle))
    try:
        host = Host(connection, Path(folder), int(generation), Limits(**json.loads(limits)))
    except RodtradError as error:
        problem = error.problems[0]
        values = {name: str(value) for name, value in problem.values.items()}
        connection.sendall(pack({"problem": problem.code, "values": values}))
        return
    host.run()


if __name__ == "__main__":
    main()
