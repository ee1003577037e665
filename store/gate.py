"""A lane for work: so many at a time, so many waiting, the rest turned away; and how that went."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..ontology.problems import Problem, RodtradError

_RETRY_AFTER_S = 5
_KILLED = ("-timeout", "-memory", "-crashed")


@dataclass(frozen=True)
class Lane:
    """A look at a lane: what runs and waits now, and what was ended at a limit or turned away so far."""

    running: int
    waiting: int
    killed: int
    refused: int


class Gate:
    """So many at a time, so many waiting; the rest are turned away with ``full``, the code of a problem."""

    def __init__(self, places: int, waiting: int, wait_s: float | None, full: str) -> None:
        """``wait_s`` is the longest wait for a place; ``None`` = as long as it takes."""
        self._places = threading.BoundedSemaphore(places)
        self._room = places + waiting
        self._wait_s = wait_s
        self._full = full
        self._lock = threading.Lock()
        self._inside = self._running = self._killed = self._refused = 0

    def look(self) -> Lane:
        """How it is now."""
        with self._lock:
            return Lane(self._running, self._inside - self._running, self._killed, self._refused)

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for the work of the block. Raises RodtradError with the code ``full``."""
        with self._lock:
            if self._inside >= self._room:
                raise self._turned_away()
            self._inside += 1
        try:
            if not self._places.acquire(timeout=self._wait_s):
                with self._lock:
                    raise self._turned_away()
            try:
                self._add_running(1)
                yield
            except RodtradError as error:
                if error.problems[0].code.endswith(_KILLED):
                    with self._lock:
                        self._killed += 1
                raise
            finally:
                self._add_running(-1)
                self._places.release()
        finally:
            with self._lock:
                self._inside -= 1

    def _add_running(self, count: int) -> None:
        with self._lock:
            self._running += count

    def _turned_away(self) -> RodtradError:
        self._refused += 1
        return RodtradError(Problem(self._full, values={"retry_after_s": _RETRY_AFTER_S}))
