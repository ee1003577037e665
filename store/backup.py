"""Copies of a store while it is in use: every file is written once, so a copy needs no pause.

A copy is a store itself: ``verify`` tells whether it is whole, and restoring is copying it back.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import zstandard

from ..ontology.problems import Problem, RodtradError
from .generation import Generation, Generations
from .ledger import Ledger
from .purge import apply_tombstones
from .store import Store
from .verify import files_of

_AUDIT = "audit.jsonl"


@dataclass(frozen=True)
class Copied:
    """What a copy did: the generation that it holds, and what was new in it."""

    generation: int
    files: int
    bytes: int
    already_there: int
    purged: int
    seconds: float


def copy(source: Path, target: Path) -> Copied:
    """Copy a store into a folder; a second copy to the same folder takes only what is new.

    Each file is checked against its hash on the way; the head is written last, so the copy is a whole
    generation at every moment. What was purged in the source is purged in the target. Tokens are not copied.

    Raises RodtradError: ``backup-diverged`` when the folder holds another store or a later state,
    ``object-missing``, ``object-damaged``, ``manifest-damaged``, ``no-data-folder``, ``store-unwritable``.
    """
    begun = time.perf_counter()
    from_ledger, to_ledger = Ledger(source), Ledger(target)
    have, copies = Generations(from_ledger), Generations(to_ledger)
    number, digest = have.head()
    if not number:
        raise RodtradError(Problem("no-data-folder", values={"folder": source}))
    chain = _chain(have, number, digest)
    with copies.writing():
        _same_store(have, number, copies, target)
        work = _Copying(from_ledger, to_ledger)
        for generation in chain:
            for name, ending in files_of(generation):
                work.object(name, ending)
            work.file(have.path(generation.number), copies.path(generation.number))
        purged = apply_tombstones(from_ledger, to_ledger)
        if (source / _AUDIT).exists():
            to_ledger.write(target / _AUDIT, (source / _AUDIT).read_bytes())
        to_ledger.sync()
        to_ledger.write(target / "head", f"{number} {digest}\n".encode())
        to_ledger.sync()
    return Copied(
        number, work.files, work.bytes, work.already_there, purged, round(time.perf_counter() - begun, 3)
    )


def _chain(generations: Generations, number: int, digest: str) -> list[Generation]:
    """All generations up to one, oldest first, each checked against the hash in the next."""
    chain: list[Generation] = []
    while number:
        chain.append(generations.read(number, digest))
        number, digest = chain[-1].parent, chain[-1].parent_hash
    return chain[::-1]


def _same_store(have: Generations, head: int, copies: Generations, target: Path) -> None:
    number, _ = copies.head()
    if not number:
        return
    known = have.path(number).read_bytes() if number <= head else b""
    if copies.path(number).read_bytes() != known:
        values = {"folder": target, "there": number, "here": head}
        raise RodtradError(Problem("backup-diverged", values=values))


class _Copying:
    """Copies what the target does not have, and counts it."""

    def __init__(self, source: Ledger, target: Ledger) -> None:
        self._source, self._target = source, target
        self.files = self.bytes = self.already_there = 0

    def object(self, name: str, ending: str) -> None:
        """A ledger file, unless it was purged."""
        if self._source.tombstone(name) is not None:
            return
        place = self._target.path(name, ending)
        try:
            content = self._source.path(name, ending).read_bytes()
        except FileNotFoundError:
            if self._source.tombstone(name) is not None:  # Purged just now.
                return
            raise RodtradError(Problem("object-missing", values={"name": name})) from None
        if place.exists() and place.stat().st_size == len(content):
            self.already_there += 1
            return
        if _hash(content) != name:
            raise RodtradError(Problem("object-damaged", values={"name": name}))
        self._write(place, content)

    def file(self, origin: Path, place: Path) -> None:
        """A manifest; its hash is in the one after it."""
        if place.exists():
            self.already_there += 1
            return
        self._write(place, origin.read_bytes())

    def _write(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        self._target.write(place, content)
        self.files += 1
        self.bytes += len(content)


def _hash(packed: bytes) -> str:
    try:
        return hashlib.sha256(zstandard.ZstdDecompressor().decompress(packed)).hexdigest()
    except zstandard.ZstdError:
        return ""


def restore(source: Path, target: Path, *, replace: bool = False, purges: Path | None = None) -> Copied:
    """Make a store from a backup, in a folder that holds none.

    Args:
        replace: A store that is there is moved aside, to a folder beside it, and not removed. Nothing may be
            running on it.
        purges: Another folder, such as a later backup, whose purges hold for this one too. What they take
            out of the newest generation makes one more.

    Raises RodtradError: as ``copy``, and ``restore-not-empty``.
    """
    occupied = target.exists() and any(target.iterdir())
    if occupied and not replace:
        raise RodtradError(Problem("restore-not-empty", values={"folder": target}))
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    fresh = target.with_name(f"{target.name}.restored-{stamp}")
    try:
        copied = copy(source, fresh)
        if purges is not None:
            apply_purges(purges, fresh)
        Store(fresh).drop_purged(by="restore")
    except RodtradError:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    if occupied:
        target.rename(target.with_name(f"{target.name}.replaced-{stamp}"))
    elif target.exists():
        target.rmdir()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(target)
    return copied


def apply_purges(source: Path, backup: Path) -> int:
    """Purge in a backup what was purged in a store; return how many purges were new there."""
    ledger = Ledger(backup)
    with Generations(ledger).writing():
        return apply_tombstones(Ledger(source), ledger)
