"""The truth on disk: immutable files, each named by the SHA-256 of its uncompressed bytes."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import zstandard

from ..ontology.problems import Problem, RodtradError

GRAPH = ".nt.zst"
OTHER = ".zst"
TOMBSTONE = ".purged"
MIN_FREE_BYTES = 32 * 1024 * 1024
"""Less free space than this is not begun on, so that a manifest is never what fills the disk."""


def name_of(content: bytes) -> str:
    """Return the name under which the bytes are or would be stored; ``""`` for none."""
    return hashlib.sha256(content).hexdigest() if content else ""


@dataclass(frozen=True)
class Tombstone:
    """What is kept of purged bytes: their hash and why they are gone."""

    name: str
    reason: str
    by: str
    time: str
    """UTC, ISO 8601."""
    may_return: bool = False
    """Whether the same bytes may be stored again: they only followed from others, or their time was up."""


def check_space(folder: Path, min_free_bytes: int = MIN_FREE_BYTES) -> None:
    """Raise RodtradError ``disk-low`` when the disk of a folder has less free space than this."""
    free = shutil.disk_usage(next(one for one in (folder, *folder.absolute().parents) if one.exists())).free
    if free < min_free_bytes:
        values = {"free_mb": free // 2**20, "needed_mb": min_free_bytes // 2**20}
        raise RodtradError(Problem("disk-low", values=values))


class Ledger:
    """Files in a folder, written once: ``objects/ab/<sha256>.nt.zst`` (graphs) and ``….zst`` (the rest)."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """``durable=False`` leaves out fsync, for stores that end with the process."""
        self.folder = folder
        self._durable = durable
        self._unsynced: set[Path] = set()

    def put(self, content: bytes, ending: str = OTHER) -> str:
        """Store the bytes and return their name; call ``sync`` before anything refers to it.

        Empty content has no file and the name ``""``. Raises RodtradError ``content-purged``.
        """
        if not content:
            return ""
        name = name_of(content)
        self._refuse_purged(name)
        path = self.path(name, ending)
        if self.state(name, ending) != "whole":
            self._make(path.parent)
            self.write(path, zstandard.ZstdCompressor(level=6).compress(content))
            with writable(self.folder):
                self.path(name, TOMBSTONE).unlink(missing_ok=True)
        self._unsynced.add(path.parent)
        return name

    def get(self, name: str, ending: str = OTHER) -> bytes:
        """Return the bytes.

        Raises RodtradError: ``object-missing``, ``object-damaged``, ``object-purged``.
        """
        if not name:
            return b""
        buried = self.tombstone(name)
        if buried is not None:
            values = {"name": name, "reason": buried.reason, "time": buried.time[:10]}
            raise RodtradError(Problem("object-purged", values=values))
        content = self._read(name, ending)
        if content is None:
            missing = not self.path(name, ending).exists()
            code = "object-missing" if missing else "object-damaged"
            raise RodtradError(Problem(code, values={"name": name}))
        return content

    def state(self, name: str, ending: str = OTHER) -> str:
        """Return ``whole``, ``missing``, ``damaged`` (its bytes no longer have its name), ``purged``, or
        ``not-purged`` (a purge that was cut short left its bytes)."""
        if name and self.tombstone(name) is not None:
            return "not-purged" if self.path(name, ending).exists() else "purged"
        if not name or self._read(name, ending) is not None:
            return "whole"
        return "damaged" if self.path(name, ending).exists() else "missing"

    def tombstone(self, name: str) -> Tombstone | None:
        """Why the bytes with this name are gone, or ``None`` when they are not."""
        try:
            return Tombstone(**json.loads(self.path(name, TOMBSTONE).read_bytes()))
        except FileNotFoundError:
            return None

    def tombstones(self) -> Iterator[Tombstone]:
        """All of them, by hash."""
        for path in sorted((self.folder / "objects").glob(f"*/*{TOMBSTONE}")):
            yield Tombstone(**json.loads(path.read_bytes()))

    def bury(self, tombstones: Sequence[Tombstone]) -> None:
        """Put tombstones up, and when they are safely there remove the bytes; for the holder of the lock."""
        for one in tombstones:
            self._make(self.path(one.name, TOMBSTONE).parent)
            content = json.dumps(asdict(one), ensure_ascii=False, indent=1).encode()
            self.write(self.path(one.name, TOMBSTONE), content)
        self.sync()
        with writable(self.folder):
            for one in tombstones:
                for ending in (GRAPH, OTHER):
                    self.path(one.name, ending).unlink(missing_ok=True)
                self._unsynced.add(self.path(one.name, GRAPH).parent)
        self.sync()

    def _refuse_purged(self, name: str) -> None:
        buried = self.tombstone(name)
        if buried is not None and not buried.may_return:
            values = {"name": name, "reason": buried.reason, "time": buried.time[:10]}
            raise RodtradError(Problem("content-purged", values=values))

    def write(self, path: Path, content: bytes) -> None:
        """Put a file in place whole or not at all; an older file of that name is replaced."""
        drafts = self.folder / "drafts"
        with writable(self.folder):
            drafts.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=drafts)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                if self._durable:
                    os.fsync(file.fileno())
            Path(draft).replace(path)
        self._unsynced.add(path.parent)

    def sync(self) -> None:
        """Make sure that the names written since the last call survive a power cut."""
        with writable(self.folder):
            for folder in self._unsynced if self._durable else ():
                _sync_folder(folder)
        self._unsynced.clear()

    def clear_drafts(self) -> None:
        """Remove what a killed writer left behind; only for the holder of the write lock."""
        for draft in (self.folder / "drafts").glob("*"):
            draft.unlink(missing_ok=True)

    def path(self, name: str, ending: str = OTHER) -> Path:
        """Where the bytes with a name are, or would be."""
        return self.folder / "objects" / name[:2] / (name + ending)

    def _read(self, name: str, ending: str) -> bytes | None:
        try:
            content = zstandard.ZstdDecompressor().decompress(self.path(name, ending).read_bytes())
        except (FileNotFoundError, zstandard.ZstdError):
            return None
        return content if hashlib.sha256(content).hexdigest() == name else None

    def _make(self, folder: Path) -> None:
        if folder.exists():
            return
        with writable(self.folder):
            folder.mkdir(parents=True, exist_ok=True)
        for parent in (folder.parent, folder.parent.parent):
            self._unsynced.add(parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Turn what keeps a disk from being written into RodtradError ``store-unwritable``."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG):
            values = {"folder": folder, "reason": os.strerror(error.errno)}
            raise RodtradError(Problem("store-unwritable", values=values)) from error
        raise
