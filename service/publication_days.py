"""When each publication came and was last changed, read once from the history and kept up with it."""

from __future__ import annotations

import threading

from ..store import Store

_GONE = ("retire", "purge")


class PublicationDays:
    """The days of every publication; reads each generation once. Usable from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._read = 0
        self._days: dict[str, list[tuple[int, str]]] = {}

    def of(self, graph: str, generation: int) -> tuple[str, str] | None:
        """First day and day of the last change (ISO 8601) as they stood in a generation."""
        with self._lock:
            while self._read < generation:
                self._take(self._read + 1)
                self._read += 1
            days = [day for number, day in self._days.get(graph, ()) if number <= generation]
        return (days[0], days[-1]) if days else None

    def _take(self, number: int) -> None:
        made = self._store.generation(number)
        for change in made.changes:
            if change.kind not in _GONE:
                self._days.setdefault(change.graph, []).append((number, made.created[:10]))
