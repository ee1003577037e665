"""The copied nation holds the examples as they are, and each copy tells the same under names of its own."""

from __future__ import annotations

from collections import Counter

import pytest
from rodtrad.ontology.names import GRAPH, RT
from rodtrad.store import Store

from benchmarks.copies import copies

Quads = dict[str, set[str]]


def by_graph(quads: int, store: Store) -> Quads:
    found: Quads = {}
    for line in copies(quads, store):
        triple, _, graph = line.removesuffix(" .\n").rpartition(" ")
        found.setdefault(graph.strip("<>"), set()).add(f"{triple} .")
    return found


@pytest.fixture(scope="module")
def twice(example_store: Store) -> Quads:
    graphs = {graph: entry.triples for graph, entry in example_store.current().graphs.items()}
    own = sum(size for graph, size in graphs.items() if not graph.startswith(f"{GRAPH}ref/"))
    return by_graph(sum(graphs.values()) + own, example_store)


def test_the_first_copy_is_the_examples_unchanged(twice: Quads, example_store: Store) -> None:
    for graph in example_store.current().graphs:
        assert twice[graph] == set(example_store.graph(graph).decode().splitlines())


def test_a_further_copy_has_as_much_of_everything_and_shares_only_the_reference_data(twice: Quads) -> None:
    copied = [graph for graph in twice if graph.endswith("-1") and graph.removesuffix("-1") in twice]
    assert len(copied) * 2 + sum(graph.startswith(f"{GRAPH}ref/") for graph in twice) == len(twice)
    for graph in copied:
        original = twice[graph.removesuffix("-1")]
        assert predicates(twice[graph]) == predicates(original)
        assert not subjects(twice[graph]) & subjects(original)


def test_copies_stay_with_their_county(twice: Quads) -> None:
    graph = f"{GRAPH}rodtrad/utvardering-2021-20"
    subject = f"<{RT.subject}> <https://w3id.org/rodtrad/id/ref/region/20>"
    assert all(any(subject in line for line in twice[one]) for one in (graph, f"{graph}-1"))


def predicates(lines: set[str]) -> Counter[str]:
    return Counter(line.split(" ")[1] for line in lines)


def subjects(lines: set[str]) -> set[str]:
    return {line.split(" ")[0] for line in lines}
