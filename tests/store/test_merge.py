"""The merged view: any order of publishing, retiring and going back equals a rebuild."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rodtrad.store import Store
from rodtrad.store.index import load_engine

GRAPHS = [f"https://w3id.org/rodtrad/graph/{name}/a" for name in ("20", "08", "x1")]
LINES = [f"<http://e/{s}> <http://e/p> <http://e/{o}> .\n".encode() for s in "abc" for o in "de"]
STEPS = st.lists(
    st.tuples(st.sampled_from(GRAPHS), st.none() | st.frozensets(st.sampled_from(LINES), min_size=1)),
    max_size=8,
)


def view(engine) -> set[str]:
    return {f"{row['s']} {row['p']} {row['o']} .\n" for row in engine.rows("SELECT * { ?s ?p ?o }")}


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_the_view_is_what_is_stated_now(steps) -> None:
    store = Store()
    stated: dict[str, frozenset[bytes]] = {}
    for graph, lines in steps:
        if lines is not None:
            store.publish(graph, b"".join(lines), by="x", confirm_removal=True)
            stated[graph] = lines
        elif graph in stated:
            store.retire(graph, by="x")
            del stated[graph]
        expected = {line.decode() for lines in stated.values() for line in lines}
        assert view(store.engine()) == expected
        assert view(load_engine(store._ledger, store.current())) == expected
        for iri, published in stated.items():
            assert store.graph(iri) == b"".join(sorted(published))
    assert store.verify() == []
