"""Work on what comes from outside, done in a process with limits: reading and judging of uploads.

A standing process imports what is needed and forks one copy for every task. A copy that takes too long, too
much memory or crashes is killed; nobody else notices.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from socket import SHUT_RDWR, socket, socketpair
from typing import Any

from ..ontology.problems import Problem, RodtradError, Where
from .frames import Reader, pack
from .gate import Gate, Lane

_PIECE = 1 << 20
_GRACE_S = 5.0
_START_S = 60.0


@dataclass(frozen=True)
class SandboxLimits:
    """What one task may use."""

    time_s: float = 60.0
    memory_mb: int = 2048
    """Address space beyond that of the standing process."""
    file_mb: int = 256
    """Largest file that a task may write."""
    running: int = 2
    waiting: int = 8


class Sandbox:
    """Runs functions of this package on bytes, each in a process of its own that may be killed."""

    def __init__(self, warm: str = "", limits: SandboxLimits | None = None) -> None:
        """``warm`` names a function without arguments, ``package.module:function``, that the standing
        process calls once, to import and to read what every task needs."""
        self._warm = warm
        self._limits = limits or SandboxLimits()
        self._gate = Gate(self._limits.running, self._limits.waiting, None, "task-queue-full")
        self._starting = threading.Lock()
        self._idle: list[_Standing] = []
        self._all: set[_Standing] = set()
        self._closed = False

    def run(self, function: str, body: bytes = b"", **options: Any) -> bytes:
        """Call ``package.module:function(body, **options)`` and return its bytes; options are JSON values.

        Raises RodtradError: whatever the function raises, and ``task-timeout``, ``task-memory``,
        ``task-crashed``, ``task-queue-full``.
        """
        with self._gate.place():
            standing = self._take()
            try:
                return standing.ask(function, body, options)
            finally:
                self._give_back(standing)

    def lane(self) -> Lane:
        """What runs, waits and was ended."""
        return self._gate.look()

    def close(self) -> None:
        """End the standing processes, and with them what they run."""
        with self._starting:
            self._closed = True
            for standing in self._all:
                standing.stop()
            self._idle.clear()
            self._all.clear()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take(self) -> _Standing:
        with self._starting:
            if self._closed:
                raise RodtradError(Problem("task-crashed"))
            if self._idle:
                return self._idle.pop()
            standing = _Standing(self._warm, self._limits)
            self._all.add(standing)
            return standing

    def _give_back(self, standing: _Standing) -> None:
        with self._starting:
            if standing.alive and not self._closed:
                self._idle.append(standing)
            else:
                standing.stop()
                self._all.discard(standing)


class _Standing:
    """One standing process; it has one task in hand at a time."""

    def __init__(self, warm: str, limits: SandboxLimits) -> None:
        ours, theirs = socketpair()
        command = [sys.executable, "-m", "rodtrad.store.sandbox_process", str(theirs.fileno())]
        command += [warm, json.dumps(asdict(limits))]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),))
        theirs.close()
        self._connection: socket = ours
        self._reader = Reader()
        self._wait_s = limits.time_s + _GRACE_S
        self.alive = True
        self._receive(_START_S)

    def ask(self, function: str, body: bytes, options: Mapping[str, Any]) -> bytes:
        try:
            self._connection.sendall(pack({"function": function, "options": dict(options)}, body))
        except OSError:
            self.stop()
            raise RodtradError(Problem("task-crashed")) from None
        header, answer = self._receive(self._wait_s)
        if "problems" in header:
            raise RodtradError([_problem(one) for one in header["problems"]])
        return answer

    def stop(self) -> None:
        self.alive = False
        with contextlib.suppress(OSError):
            self._connection.shutdown(SHUT_RDWR)
        self._connection.close()
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _receive(self, wait_s: float) -> tuple[dict[str, Any], bytes]:
        self._connection.settimeout(wait_s)
        try:
            while data := self._connection.recv(_PIECE):
                for frame in self._reader.feed(data):
                    return frame
        except OSError:
            pass
        self._process.kill()
        self.stop()
        raise RodtradError(Problem("task-crashed"))


def _problem(given: Mapping[str, Any]) -> Problem:
    return Problem(given["code"], Where(**given["where"]), given["values"], given["severity"])
