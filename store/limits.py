"""What one query may use, and how many may run."""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET


@dataclass(frozen=True)
class Limits:
    """Limits of ad-hoc queries; trusted ones share the result limits and have a time limit of their own."""

    time_s: float = 10.0
    trusted_time_s: float = 30.0
    memory_mb: int = 1024
    """Address space beyond that of the index."""
    result_bytes: int = 16 * 1024 * 1024
    result_rows: int = 100_000
    running: int = 2
    """Ad-hoc queries at the same time."""
    waiting: int = 16
    """Ad-hoc queries that may wait for a place; further ones are turned away at once."""
    wait_s: float = 10.0
    warm_workers: int = 2
    trusted_waiting: int = 128


def confine(limits: Limits, parent: int, *, cpu: bool) -> None:
    """Bound this forked process for good: memory, processor time, no new file or connection, no orphan."""
    _bound(limits.memory_mb, limits.time_s if cpu else None, parent)
    # What is open stays open, but no socket can be made: a query that slips past the guard reaches no one.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def confine_task(memory_mb: int, time_s: float, file_mb: int, parent: int) -> None:
    """Bound this forked process for good; it may open files, but reach no other machine."""
    _bound(memory_mb, time_s, parent)
    size = file_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    # A network name space of its own holds no way out. Where the system allows none, what reads uploads
    # has no code that connects.
    ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def _bound(memory_mb: int, time_s: float | None, parent: int) -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    space = pages * resource.getpagesize() + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if time_s is not None:
        seconds = math.ceil(time_s) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
