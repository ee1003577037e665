"""What a new version means for the other publications: told to their owners, kept in the generation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..ontology import vocabulary
from ..shapes.library import library
from ..shapes.reach import effects
from ..store import Generation, Store


def notices(store: Store, after: Mapping[str, bytes | None]) -> dict[str, dict[str, object]]:
    """Which other publications get or lose findings, by graph, each judged at the tier that it has.

    Args:
        store: The publications as they stand.
        after: The new content of each graph that changes; ``None`` = it is taken out.
    """
    current = store.current()
    known = library().tiers
    tiers = {
        graph: str(entry.validation["tier"])
        for graph, entry in current.graphs.items()
        if entry.validation.get("tier") in known and graph not in after
    }
    if not tiers:
        return {}
    old = {graph: store.graph(graph) for graph in current.graphs}
    new = {graph: data for graph, data in {**old, **after}.items() if data is not None}
    return {one.publication: one.as_dict() for one in effects(old, new, [vocabulary()], tiers)}


def told_by(generation: Generation) -> list[dict[str, Any]]:
    """The notices that came with this generation itself."""
    return [
        {"publication": graph, **note}
        for graph, notes in sorted(generation.notices.items())
        for note in notes
        if note["generation"] == generation.number
    ]
