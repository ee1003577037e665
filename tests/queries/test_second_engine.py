"""The questions are portable: another engine, written by others, gives the same rows.

rdflib cannot sort unbound values, takes minutes over large joins, and hands bindings into an OPTIONAL { SELECT }
that groups: the questions that need that are left out.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation

import pytest
import rdflib
from rodtrad.queries.catalogue import catalogue
from rodtrad.store import Store

LEFT_OUT = {
    "cq11-activities-by-type-and-region",
    "cq12-common-types-by-focus-area",
    "cq15-regions-with-the-same-kind-of-work",
    "cq22-actor-types-missing",
    "cq25-objectives-overdue",
    "cq34-documented-failures",
    "cq41-who-owns-and-who-coordinates",
    "cq67-frameworks-that-use-a-word",
    "cq76-obstacles-for-national-steering",
    "cq80-regions-that-do-the-same",
}


@pytest.fixture(scope="module")
def dataset(example_store: Store) -> rdflib.Dataset:
    """Our default graph, which holds what is derived, and the publications by name."""
    data = rdflib.Dataset(default_union=False)
    merged = example_store.engine().query("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    data.default_graph.parse(data=merged, format="nt")
    for iri in example_store.current().graphs:
        data.graph(rdflib.URIRef(iri)).parse(data=example_store.graph(iri), format="nt")
    return data


@pytest.mark.deep
@pytest.mark.parametrize("query_id", sorted(set(catalogue()) - LEFT_OUT))
def test_the_same_rows(query_id: str, engine, dataset: rdflib.Dataset) -> None:
    text = catalogue()[query_id].text
    theirs = dataset.query(text)
    names = [str(name) for name in theirs.vars or []]
    found = Counter(tuple(_plain(value) for value in row) for row in theirs)
    ours = Counter(tuple(_plain(row.get(name)) for name in names) for row in engine.rows(text))
    assert found == ours


def _plain(value: object) -> str | Decimal | None:
    if value is None:
        return None
    text = str(getattr(value, "value", value) if not isinstance(value, rdflib.term.Node) else value)
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
