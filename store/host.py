"""Asking the query process: bounded, thread-safe, and never evaluating anything in this process."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..ontology.problems import Problem, RodtradError
from .frames import Reader, pack
from .gate import Gate, Lane
from .generation import Generations
from .guard import check
from .ledger import Ledger
from .limits import Limits
from .store import Store

_RETRY_AFTER_S = 5
_START_S = 120.0
_FULL = "query-queue-full"
_GRACE_S = 5.0


@dataclass(frozen=True)
class Result:
    """An answer, whole, with the generation that it is true of."""

    body: bytes
    content_type: str
    generation: int


class Asker:
    """One who asks, may go away before the answer comes, and uses time; usable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None
        self._cancelled = False
        self.seconds = 0.0
        """How long the evaluation took, without the time in the queue."""

    def cancel(self) -> None:
        """End the work that is done for this asker, now or as soon as it begins."""
        with self._lock:
            self._cancelled = True
            stop = self._stop
        if stop is not None:
            stop()

    def attach(self, stop: Callable[[], None]) -> None:
        """Say how the work is ended."""
        with self._lock:
            self._stop = stop
            cancelled = self._cancelled
        if cancelled:
            stop()


class QueryHost:
    """Queries over the newest generation of a store, evaluated in processes that can be killed."""

    def __init__(
        self, source: Path | Store, limits: Limits | None = None, generation: int | None = None
    ) -> None:
        """Start the process and wait until it is ready; the newest generation unless one is given.

        Raises RodtradError: ``query-host-lost``, ``unknown-generation``.
        """
        self._folder = source.folder if isinstance(source, Store) else source
        self._limits = limits or Limits()
        limits = self._limits
        self._adhoc = Gate(limits.running, limits.waiting, limits.wait_s, _FULL)
        self._trusted = Gate(limits.warm_workers, limits.trusted_waiting, limits.trusted_time_s, _FULL)
        self._switching = threading.Lock()
        self._closed = False
        self._process = self._start(self._head() if generation is None else generation)

    @property
    def generation(self) -> int:
        """The generation that questions are answered from."""
        return self._process.generation

    def lanes(self) -> dict[str, Lane]:
        """What runs, waits and was ended, for queries of others (``adhoc``) and our own (``catalogue``)."""
        return {"adhoc": self._adhoc.look(), "catalogue": self._trusted.look()}

    def query(
        self,
        text: str,
        accept: str = "application/sparql-results+json",
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        base: str | None = None,
        asker: Asker | None = None,
    ) -> Result:
        """Answer a query that anybody may have written, in a worker of its own.

        Raises RodtradError with the codes of ``guard.check`` and ``Engine.query``, and ``query-timeout``,
        ``query-memory``, ``query-crashed``, ``query-queue-full``, ``query-host-lost``, ``query-cancelled``.
        """
        check(text)
        request: dict[str, Any] = {"default_graphs": [*default_graphs], "named_graphs": [*named_graphs]}
        request["base"] = base
        with self._adhoc.place():
            began = time.monotonic()
            try:
                return self._ask(text, accept, request | {"trusted": False}, self._limits.time_s, asker)
            finally:
                if asker is not None:
                    asker.seconds = time.monotonic() - began

    def catalogue(self, text: str, accept: str = "application/sparql-results+json") -> Result:
        """Answer a query of the catalogue in a standing worker. Raises as ``query`` does."""
        check(text)
        request = {"default_graphs": [], "named_graphs": [], "trusted": True}
        with self._trusted.place():
            try:
                return self._ask(text, accept, request, self._limits.trusted_time_s)
            except RodtradError as error:
                if error.problems[0].code != "query-host-lost":
                    raise
            return self._ask(text, accept, request, self._limits.trusted_time_s)

    def reload(self, generation: int | None = None) -> int:
        """Answer from a generation (the newest by default) from now on, and return its number.

        The old process finishes what it has in hand. Raises RodtradError ``unknown-generation``.
        """
        with self._switching:
            wanted = self._head() if generation is None else generation
            if wanted != self._process.generation or not self._process.alive:
                old, self._process = self._process, self._start(wanted)
                old.retire()
            return wanted

    def close(self) -> None:
        """Stop answering and end the process."""
        self._closed = True
        self._process.stop()

    def __enter__(self) -> QueryHost:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(
        self,
        text: str,
        accept: str,
        request: dict[str, Any],
        limit_s: float,
        asker: Asker | None = None,
    ) -> Result:
        process = self._living()
        asked = {"text": text, "accept": accept, **request}
        header, body = process.ask(asked, limit_s + _GRACE_S, asker)
        if "problem" in header:
            raise RodtradError(Problem(header["problem"], values=header["values"]))
        return Result(body, accept, process.generation)

    def _living(self) -> _HostProcess:
        process = self._process
        if process.alive:
            return process
        with self._switching:
            if not self._process.alive:
                self._process = self._start(self._process.generation)
            return self._process

    def _start(self, generation: int) -> _HostProcess:
        if self._closed:
            raise _lost()
        return _HostProcess(self._folder, generation, self._limits)

    def _head(self) -> int:
        return Generations(Ledger(self._folder)).head()[0]


class _HostProcess:
    """One running host and the questions that it has not answered yet."""

    def __init__(self, folder: Path, generation: int, limits: Limits) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "rodtrad.store.host_process", str(theirs.fileno())]
        command += [str(folder), str(generation), json.dumps(asdict(limits))]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),))
        theirs.close()
        self.generation = generation
        self._connection = ours
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[tuple[dict[str, Any], bytes]]] = {}
        self._numbers = itertools.count(1)
        self._retired = False
        self.alive = True
        started: Future[tuple[dict[str, Any], bytes]] = Future()
        self._waiting[0] = started
        threading.Thread(target=self._listen, name=f"query-host-{generation}", daemon=True).start()
        header, _ = self._result(started, _START_S)
        if "problem" in header:
            self.stop()
            raise RodtradError(Problem(header["problem"], values=header["values"]))

    def ask(
        self, request: dict[str, Any], wait_s: float, asker: Asker | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for its answer. Raises RodtradError ``query-host-lost``."""
        answer: Future[tuple[dict[str, Any], bytes]] = Future()
        with self._lock:
            if not self.alive:
                raise _lost()
            number = next(self._numbers)
            self._waiting[number] = answer
            try:
                self._connection.sendall(pack(request | {"id": number}))
            except OSError:
                self._waiting.pop(number, None)
                raise _lost() from None
        if asker is not None:
            asker.attach(lambda: self._cancel(number))
        return self._result(answer, wait_s)

    def _cancel(self, number: int) -> None:
        with self._lock, suppress(OSError):
            if number in self._waiting:
                self._connection.sendall(pack({"cancel": number}))

    def retire(self) -> None:
        """End when the last answer is out."""
        with self._lock:
            self._retired = True
            idle = not self._waiting
        if idle:
            self.stop()

    def stop(self) -> None:
        """End now; questions in hand get ``query-host-lost``."""
        self.alive = False
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _result(
        self, answer: Future[tuple[dict[str, Any], bytes]], wait_s: float
    ) -> tuple[dict[str, Any], bytes]:
        try:
            return answer.result(wait_s)
        except TimeoutError:
            # The host only waits and forwards: when even that fails, a new one is the way out.
            self._process.kill()
            raise _lost() from None

    def _listen(self) -> None:
        reader = Reader()
        with suppress(OSError):
            while data := self._connection.recv(1 << 20):
                for header, body in reader.feed(data):
                    self._deliver(header, body)
        with self._lock:
            self.alive = False
            lost, self._waiting = list(self._waiting.values()), {}
        for answer in lost:
            answer.set_exception(_lost())
        self._connection.close()
        self._process.wait()

    def _deliver(self, header: dict[str, Any], body: bytes) -> None:
        with self._lock:
            answer = self._waiting.pop(header.get("id", 0), None)
            done = self._retired and not self._waiting
        if answer is not None:
            answer.set_result((header, body))
        if done:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)


def _lost() -> RodtradError:
    return RodtradError(Problem("query-host-lost", values={"retry_after_s": _RETRY_AFTER_S}))
