"""The merged current view: what anyone states now, each statement once."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox


def merged(parts: Mapping[str, bytes]) -> ox.Store:
    """Return an index with each part (N-Triples) in its named graph, and all of them in the default graph.

    A statement made by two parts stands once in the default graph, so sums over it count it once. The view
    holds exactly what the given parts state: it is built from them, so nothing that was retired can stay.
    """
    store = ox.Store()
    for iri, data in parts.items():
        store.load(data, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(iri))
        store.load(data, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.DefaultGraph())
    return store
