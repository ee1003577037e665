"""From a generation in the ledger to an index that answers queries."""

from __future__ import annotations

from collections.abc import Mapping

from ..ontology.names import DERIVED_GRAPH, VOCABULARY_GRAPH
from .engine import Engine
from .generation import Generation
from .ledger import GRAPH, Ledger
from .merge import merged

VOCABULARY = str(VOCABULARY_GRAPH)
DERIVED = str(DERIVED_GRAPH)


def data_names(generation: Generation) -> dict[str, str]:
    """The ledger name of every graph of a generation: publications, vocabulary, derived."""
    names = {iri: entry.data for iri, entry in generation.graphs.items()}
    extra = {VOCABULARY: generation.vocabulary, DERIVED: generation.derived}
    return names | {iri: name for iri, name in extra.items() if name}


def load_parts(
    ledger: Ledger, generation: Generation, fresh: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """The graphs that derivation starts from; ``fresh`` holds those that are not read from the ledger."""
    given = fresh or {}
    names = data_names(generation)
    names.pop(DERIVED, None)
    return {iri: given[iri] if iri in given else ledger.get(name, GRAPH) for iri, name in names.items()}


def load_engine(ledger: Ledger, generation: Generation) -> Engine:
    """An index of a stored generation."""
    parts = load_parts(ledger, generation) | {DERIVED: ledger.get(generation.derived, GRAPH)}
    return Engine(merged(parts), generation.number)
