"""The law before immutability: bytes that must go are gone, and a tombstone says which and why.

A tombstone holds the hash, the reason, who and when. What is purged leaves the current view, its history, what
was derived from it, and every side file that no other publication shares.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..ontology.problems import Problem, RodtradError, Where
from .generation import Generation, GraphEntry
from .ledger import Ledger, Tombstone


@dataclass(frozen=True)
class Doomed:
    """What a purge takes: hashes, and the generations that held them."""

    published: frozenset[str]
    """Data and side files of publications."""
    derived: frozenset[str]
    """Statements that followed from them, in any generation."""
    graphs: tuple[str, ...]
    generations: tuple[int, ...]
    shared: frozenset[str]
    """Left, because another publication holds the same bytes."""


@dataclass(frozen=True)
class Purge:
    """What was purged, and the generation that no longer holds it."""

    generation: Generation
    doomed: Doomed


def find(history: Iterable[Generation], target: str) -> Doomed:
    """What goes with a graph (all its versions) or with the bytes that have a hash.

    Raises RodtradError ``nothing-to-purge``.
    """
    history = list(history)
    entries = [
        (generation, graph, entry) for generation in history for graph, entry in generation.graphs.items()
    ]
    data = {entry.data for _, graph, entry in entries if target in (graph, entry.data)}
    elsewhere = {entry.data for _, graph, entry in entries if graph != target}
    shared = frozenset(data & elsewhere) if any(graph == target for _, graph, _ in entries) else frozenset()
    data -= shared
    beside = {name for _, _, entry in entries if entry.data in data for name in entry.beside}
    kept = {name for _, _, entry in entries if entry.data not in data for name in entry.beside}
    alone = {name for _, _, entry in entries for name in entry.beside if name == target}
    published = frozenset(data | (beside - kept) | alone) - {""}
    if not published:
        raise RodtradError(Problem("nothing-to-purge", Where(iri=target), {"target": target}))
    held = [(generation, graph) for generation, graph, entry in entries if _holds(entry, published)]
    with_data = {generation.number for generation, _, entry in entries if entry.data in data}
    lawful = {generation.derived for generation in history if generation.number not in with_data}
    derived = {generation.derived for generation in history if generation.number in with_data}
    return Doomed(
        published,
        frozenset(derived - lawful - {""}),
        tuple(sorted({graph for _, graph in held})),
        tuple(sorted({generation.number for generation, _ in held})),
        shared | frozenset(beside & kept),
    )


def without(generation: Generation, doomed: Doomed) -> Generation:
    """The generation without what is doomed: publications go, side files are left out of theirs."""

    def left(name: str) -> str:
        return "" if name in doomed.published else name

    graphs = {
        iri: replace(
            entry,
            origins=left(entry.origins),
            report=left(entry.report),
            received=left(entry.received),
            private=left(entry.private),
        )
        for iri, entry in generation.graphs.items()
        if entry.data not in doomed.published
    }
    return replace(generation, graphs=graphs)


def bury(ledger: Ledger, doomed: Doomed, *, but: str, reason: str, by: str, time: str) -> None:
    """Put the tombstones up and remove the bytes; ``but`` is what still follows from what is left."""
    ledger.bury(
        [
            Tombstone(name, reason, by, time, computed=name in doomed.derived)
            for name in sorted((doomed.published | doomed.derived) - {but})
        ]
    )


def apply_tombstones(source: Ledger, target: Ledger) -> int:
    """Purge in one folder what was purged in another, such as a backup; return how many were new there.

    For the holder of the target's write lock.
    """
    new = [
        one
        for one in source.tombstones()
        if target.tombstone(one.name) is None or target.state(one.name) == "not-purged"
    ]
    target.bury(new)
    return len(new)


def _holds(entry: GraphEntry, names: frozenset[str]) -> bool:
    return entry.data in names or not names.isdisjoint(entry.beside)
