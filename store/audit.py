"""Who wrote what, when and with which outcome: one JSON line per attempt, only ever added to."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

NAME = "audit.jsonl"
_LOG = logging.getLogger("rodtrad.audit")


def record(folder: Path, **what: object) -> None:
    """Add a line. ``what`` holds who, action, graph, outcome, generation …; never a secret."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **what}
    data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    try:
        handle = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, data)  # One write of an appending file is not mixed with another's.
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        # A full or read-only disk: the write that is told of was refused or is done, and is told in the log.
        _LOG.error("audit %s: %s", os.strerror(error.errno or 0), data.decode().rstrip())


def entries(folder: Path) -> list[dict[str, object]]:
    """All lines, oldest first; a line cut short by a crash is left out."""
    path = folder / NAME
    found = []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found
