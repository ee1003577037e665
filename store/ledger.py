"""The truth on disk: immutable files, each named by the SHA-256 of its uncompressed bytes."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zstandard

from ..ontology.problems import Problem, RodtradError

GRAPH = ".nt.zst"
OTHER = ".zst"


def name_of(content: bytes) -> str:
    """Return the name under which the bytes are or would be stored; ``""`` for none."""
    return hashlib.sha256(content).hexdigest() if content else ""


class Ledger:
    """Files in a folder, written once: ``objects/ab/<sha256>.nt.zst`` (graphs) and ``….zst`` (the rest)."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """``durable=False`` leaves out fsync, for stores that end with the process."""
        self.folder = folder
        self._durable = durable
        self._unsynced: set[Path] = set()

    def put(self, content: bytes, ending: str = OTHER) -> str:
        """Store the bytes and return their name; call ``sync`` before anything refers to it.

        Empty content has no file and the name ``""``.
        """
        if not content:
            return ""
        name = name_of(content)
        path = self._path(name, ending)
        if self.state(name, ending) != "whole":
            self._make(path.parent)
            self.write(path, zstandard.ZstdCompressor(level=6).compress(content))
        self._unsynced.add(path.parent)
        return name

    def get(self, name: str, ending: str = OTHER) -> bytes:
        """Return the bytes. Raises RodtradError: ``object-missing``, ``object-damaged``."""
        if not name:
            return b""
        content = self._read(name, ending)
        if content is None:
            missing = not self._path(name, ending).exists()
            code = "object-missing" if missing else "object-damaged"
            raise RodtradError(Problem(code, values={"name": name}))
        return content

    def state(self, name: str, ending: str = OTHER) -> str:
        """Return ``whole``, ``missing`` or ``damaged`` (its bytes no longer have its name)."""
        if not name or self._read(name, ending) is not None:
            return "whole"
        return "damaged" if self._path(name, ending).exists() else "missing"

    def write(self, path: Path, content: bytes) -> None:
        """Put a file in place whole or not at all; an older file of that name is replaced."""
        drafts = self.folder / "drafts"
        with _writable(self.folder):
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
        with _writable(self.folder):
            for folder in self._unsynced if self._durable else ():
                _sync_folder(folder)
        self._unsynced.clear()

    def clear_drafts(self) -> None:
        """Remove what a killed writer left behind; only for the holder of the write lock."""
        for draft in (self.folder / "drafts").glob("*"):
            draft.unlink(missing_ok=True)

    def _path(self, name: str, ending: str) -> Path:
        return self.folder / "objects" / name[:2] / (name + ending)

    def _read(self, name: str, ending: str) -> bytes | None:
        try:
            content = zstandard.ZstdDecompressor().decompress(self._path(name, ending).read_bytes())
        except (FileNotFoundError, zstandard.ZstdError):
            return None
        return content if hashlib.sha256(content).hexdigest() == name else None

    def _make(self, folder: Path) -> None:
        if folder.exists():
            return
        with _writable(self.folder):
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
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG):
            values = {"folder": folder, "reason": os.strerror(error.errno)}
            raise RodtradError(Problem("store-unwritable", values=values)) from error
        raise
