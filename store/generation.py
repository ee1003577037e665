"""Numbered states of the store: a manifest per generation and one head that moves by rename."""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..ontology.names import GRAPH as GRAPH_BASE
from ..ontology.problems import Problem, RodtradError
from .ledger import Ledger, writable

_LOCK_WAIT_S = 60.0


@dataclass(frozen=True)
class GraphEntry:
    """One publication in a generation; the names are those of ledger files, ``""`` where there is none."""

    data: str
    triples: int
    origins: str = ""
    report: str = ""
    received: str = ""
    received_name: str = ""
    """The file that holds the name of the received file, so that the name can be purged like its bytes."""
    received_sha256: str = ""
    """Hash of the file as it came, before names and document properties were taken out of it."""
    private: str = ""
    """Statements that are not public; they are in no graph."""
    validation: Mapping[str, object] = field(default_factory=dict)

    def same_content(self, other: GraphEntry | None) -> bool:
        """Whether publishing the other would tell nothing new; how the file was packed does not count."""
        return other is not None and self._told() == other._told()

    def _told(self) -> tuple[object, ...]:
        return self.data, self.origins, self.private, self.validation

    @property
    def beside(self) -> tuple[str, ...]:
        """The files that are kept beside the data."""
        names = (self.origins, self.report, self.received, self.received_name, self.private)
        return tuple(name for name in names if name)


@dataclass(frozen=True)
class Change:
    """What a generation did to one graph, in triples and in resources (subjects)."""

    kind: str
    """``publish`` (new), ``replace``, ``retire``, ``purge``, ``vocabulary`` or ``derived``."""
    graph: str
    triples_added: int = 0
    triples_removed: int = 0
    resources_added: int = 0
    resources_removed: int = 0


@dataclass(frozen=True)
class Generation:
    """The whole state of the store after one write."""

    number: int
    parent: int
    parent_hash: str
    created: str
    """UTC, ISO 8601."""
    by: str
    software: str
    changes: tuple[Change, ...] = ()
    graphs: Mapping[str, GraphEntry] = field(default_factory=dict)
    vocabulary: str = ""
    derived: str = ""
    derivations: str = ""
    """Hash of the derivation rules that made ``derived``."""
    restored: int = 0
    """The generation that a rollback went back to; 0 for all others."""
    notices: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """By graph: what others' new versions mean for it, since its own last version."""

    def publisher(self, graph_iri: str) -> str:
        """The publisher's name in a graph IRI of ours, else ``""``."""
        base = str(GRAPH_BASE)
        return graph_iri[len(base) :].split("/")[0] if graph_iri.startswith(base) else ""

    @property
    def triples(self) -> int:
        """Statements in all current publications, each publication counted by itself."""
        return sum(entry.triples for entry in self.graphs.values())

    def to_json(self) -> bytes:
        """The manifest file."""
        manifest = asdict(self)
        for iri, entry in manifest["graphs"].items():
            entry["publisher"] = self.publisher(iri)
        return json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False).encode()

    @staticmethod
    def from_json(manifest: bytes) -> Generation:
        """Read a manifest file."""
        parts = json.loads(manifest)
        for entry in parts["graphs"].values():
            del entry["publisher"]
            if not _is_ledger_name(entry["received_name"]):
                entry["received_name"] = ""  # Version 0.1.0 had the name itself here.
        parts["graphs"] = {iri: GraphEntry(**entry) for iri, entry in parts["graphs"].items()}
        parts["changes"] = tuple(Change(**change) for change in parts["changes"])
        return Generation(**parts)


def _is_ledger_name(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


EMPTY = Generation(number=0, parent=0, parent_hash="", created="", by="", software="")


class Generations:
    """The manifests of one store folder: ``generations/000001.json`` … and ``head``."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._folder = ledger.folder

    def head(self) -> tuple[int, str]:
        """Return number and manifest hash of the current generation; ``(0, "")`` when nothing is stored."""
        try:
            number, digest = (self._folder / "head").read_text("ascii").split()
        except FileNotFoundError:
            return 0, ""
        except ValueError:
            raise RodtradError(Problem("head-damaged", values={"folder": self._folder})) from None
        return int(number), digest

    def read(self, number: int, digest: str | None = None) -> Generation:
        """Return a generation. Raises RodtradError: ``unknown-generation``, ``manifest-damaged``."""
        head, head_digest = self.head()
        if number == 0 and (head == 0 or digest == ""):
            return EMPTY
        if not 0 < number <= head:
            raise RodtradError(Problem("unknown-generation", values={"number": number, "head": head}))
        try:
            manifest = self.path(number).read_bytes()
            expected = digest or (head_digest if number == head else None)
            if expected and hashlib.sha256(manifest).hexdigest() != expected:
                raise ValueError(number)
            return Generation.from_json(manifest)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            raise RodtradError(Problem("manifest-damaged", values={"number": number})) from None

    def current(self) -> Generation:
        """Return the newest generation; number 0 when nothing is stored."""
        number, digest = self.head()
        return self.read(number, digest)

    def commit(self, generation: Generation) -> None:
        """Make a generation the current one; everything that it names is in the ledger."""
        manifest = generation.to_json()
        self._ledger.sync()
        path = self.path(generation.number)
        path.parent.mkdir(exist_ok=True)
        self._ledger.write(path, manifest)
        self._ledger.sync()
        head = f"{generation.number} {hashlib.sha256(manifest).hexdigest()}\n"
        self._ledger.write(self._folder / "head", head.encode())
        self._ledger.sync()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock of the folder, against other threads and processes alike.

        Raises RodtradError ``store-busy`` when it is not free within a minute.
        """
        with writable(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / "lock").open("ab")
        with lock:
            deadline = time.monotonic() + _LOCK_WAIT_S
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise RodtradError(Problem("store-busy", values={"seconds": _LOCK_WAIT_S})) from None
                    time.sleep(0.01)
            self._ledger.clear_drafts()
            yield

    def path(self, number: int) -> Path:
        """Where the manifest of a generation is, or would be."""
        return self._folder / "generations" / f"{number:06}.json"
