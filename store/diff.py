"""What differs between two generations, statement by statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import triples


@dataclass(frozen=True)
class GraphDiff:
    """Canonical N-Triples lines of one graph that came and went."""

    added: tuple[str, ...]
    removed: tuple[str, ...]

    def by_resource(self) -> dict[str, GraphDiff]:
        """The same, for each resource that the lines are about."""
        sides: dict[str, tuple[list[str], list[str]]] = {}
        for side, lines in enumerate((self.added, self.removed)):
            for line in lines:
                sides.setdefault(triples.subject(line.encode()), ([], []))[side].append(line)
        return {iri: GraphDiff(tuple(new), tuple(gone)) for iri, (new, gone) in sorted(sides.items())}


@dataclass(frozen=True)
class Diff:
    """The way from one generation to another; graphs without a difference are left out."""

    before: int
    after: int
    graphs: Mapping[str, GraphDiff]

    @property
    def added(self) -> int:
        """Statements that came, each graph counted by itself."""
        return sum(len(graph.added) for graph in self.graphs.values())

    @property
    def removed(self) -> int:
        """Statements that went, each graph counted by itself."""
        return sum(len(graph.removed) for graph in self.graphs.values())


def compare(before: bytes, after: bytes) -> GraphDiff:
    """Return the difference of two graphs in canonical N-Triples."""
    old, new = triples.split(before), triples.split(after)
    return GraphDiff(_text(new - old), _text(old - new))


def _text(lines: frozenset[bytes]) -> tuple[str, ...]:
    return tuple(line.decode() for line in sorted(lines))
