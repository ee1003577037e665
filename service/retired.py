"""What was once published and is no more: when it went, and by which publication."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from ..ontology.problems import RodtradError
from ..store import Generation, Store

_TAKES_AWAY = {"replace", "retire", "purge"}


@dataclass(frozen=True)
class Gone:
    """The generation from which a resource is missing, its day, and the graph that held it before."""

    generation: int
    day: str
    graph: str


class Retired:
    """An index of resources that left a publication, kept in memory and brought up to date when asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._gone: dict[bytes, Gone] = {}
        self._seen = 0
        self._lock = threading.Lock()

    def find(self, iri: str) -> Gone | None:
        """When a resource was last taken away; ask only for those that are not there now."""
        with self._lock:
            newest = self._store.current().number
            while self._seen < newest:
                self._take_in(self._store.generation(self._seen + 1))
                self._seen += 1
            return self._gone.get(iri.encode())

    def _take_in(self, generation: Generation) -> None:
        for change in generation.changes:
            if change.kind in _TAKES_AWAY and (change.resources_removed or change.kind != "replace"):
                before = self._subjects(change.graph, generation.parent)
                for one in before - self._subjects(change.graph, generation.number):
                    self._gone[one] = Gone(generation.number, generation.created[:10], change.graph)

    def _subjects(self, graph: str, number: int) -> set[bytes]:
        try:
            data = self._store.graph(graph, number)
        except RodtradError:
            return set()  # Not in that generation, or purged: then nothing is told about it.
        return {line[1:].partition(b">")[0] for line in data.splitlines() if line.startswith(b"<")}
