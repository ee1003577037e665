"""The law before immutability: bytes that must go are gone, and a tombstone says which and why.

A tombstone holds the hash, the reason, who and when. What is purged leaves the current view, its history,
what was derived from it, and every side file that no other publication shares.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..ontology.problems import Problem, RodtradError
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
    names: frozenset[str]
    """Of ``published``: names of files. They say nothing when another file is called the same later on."""


@dataclass(frozen=True)
class Purge:
    """What was purged, and the generation that no longer holds it."""

    generation: Generation
    doomed: Doomed


def find(history: Sequence[Generation], targets: Collection[str]) -> Doomed:
    """What goes with graphs (all their versions) or with the bytes that have these hashes.

    Raises RodtradError ``nothing-to-purge``.
    """
    entries = [
        (generation, graph, entry) for generation in history for graph, entry in generation.graphs.items()
    ]
    by_graph = {entry.data for _, graph, entry in entries if graph in targets}
    by_hash = {entry.data for _, _, entry in entries if entry.data in targets}
    shared = frozenset(by_graph & {entry.data for _, graph, entry in entries if graph not in targets})
    data = (by_graph - shared) | by_hash
    beside = {name for _, _, entry in entries if entry.data in data for name in entry.beside}
    kept = {name for _, _, entry in entries if entry.data not in data for name in entry.beside}
    alone = {name for _, _, entry in entries for name in entry.beside if name in targets}
    gone = data | (beside - kept) | alone
    named = {entry.received_name for _, _, entry in entries if entry.received in gone}
    left = {entry.received_name for _, _, entry in entries if entry.received not in gone}
    names = frozenset(named - left) - {""}
    published = frozenset(gone | names) - {""}
    known = {graph for _, graph, _ in entries} | published
    unknown = sorted(target for target in targets if target not in known)
    if unknown or not published:
        raise RodtradError(
            [Problem("nothing-to-purge", values={"target": one}) for one in unknown or targets]
        )
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
        names,
    )


def without(generation: Generation, names: Collection[str]) -> Generation:
    """The generation without some files: publications go with their data, side files from theirs."""

    def left(name: str) -> str:
        return "" if name in names else name

    graphs = {
        iri: replace(
            entry,
            origins=left(entry.origins),
            report=left(entry.report),
            received=left(entry.received),
            received_name=left(entry.received_name) if left(entry.received) else "",
            private=left(entry.private),
        )
        for iri, entry in generation.graphs.items()
        if entry.data not in names
    }
    notices = {iri: told for iri, told in generation.notices.items() if iri in graphs}
    return replace(generation, graphs=graphs, notices=notices)


def expired(history: Sequence[Generation], before: str) -> list[str]:
    """Hashes of received files that no publication has had since a moment (UTC, ISO 8601)."""
    left: dict[str, str] = {}
    for generation, following in pairwise(history):
        kept = {entry.received for entry in following.graphs.values()}
        left |= {
            entry.received: following.created
            for entry in generation.graphs.values()
            if entry.received and entry.received not in kept
        }
    current = {entry.received for entry in history[-1].graphs.values()} if history else set()
    return sorted(name for name, since in left.items() if since < before and name not in current)


def bury(ledger: Ledger, doomed: Doomed, left: Generation, *, reason: str, by: str, may_return: bool) -> None:
    """Put the tombstones up and remove the bytes; ``left`` is the generation that holds none of them."""
    ledger.bury(
        [
            Tombstone(
                name, reason, by, left.created, may_return=may_return or name in doomed.derived | doomed.names
            )
            for name in sorted((doomed.published | doomed.derived) - {left.derived})
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
