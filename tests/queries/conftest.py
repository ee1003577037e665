"""The shipped publications as an engine, and what the answers are compared with: the facts as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import VOCABULARY_GRAPH
from rodtrad.queries.answer import Answer, Cell
from rodtrad.store import Engine, Store


@pytest.fixture(scope="session")
def engine(example_store: Store) -> Engine:
    return example_store.engine()


@pytest.fixture(scope="session")
def regions(shared: Path) -> list[dict]:
    """The coded facts on each region, in the order of the county code."""
    files = (shared / "domain" / "regions").glob("*.json")
    return sorted(
        (_read(path) | {"stem": path.stem} for path in files), key=lambda one: one["region"]["lan_code"]
    )


@pytest.fixture(scope="session")
def actors(shared: Path) -> dict:
    return _read(shared / "domain" / "registers" / "actors.json")


@pytest.fixture(scope="session")
def joint(shared: Path) -> dict:
    return _read(shared / "domain" / "registers" / "joint.json")


@pytest.fixture(scope="session")
def frameworks(shared: Path) -> dict:
    return _read(shared / "domain" / "frameworks.json")


@pytest.fixture(scope="session")
def without(example_store: Store) -> Callable:
    """Gives an engine over the same data less all triples that name a term; afterwards they are back."""
    store = ox.Store()
    for iri in example_store.current().graphs:
        for graph in (ox.NamedNode(iri), ox.DefaultGraph()):
            store.load(example_store.graph(iri), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    for graph in (ox.NamedNode(VOCABULARY_GRAPH), ox.DefaultGraph()):
        store.load(vocabulary(), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)

    @contextmanager
    def less(*terms: str) -> Iterator[Engine]:
        nodes = [ox.NamedNode(term) for term in terms]
        gone = {quad for node in nodes for quad in store.quads_for_pattern(None, node, None)}
        gone |= {quad for node in nodes for quad in store.quads_for_pattern(None, None, node)}
        for quad in gone:
            store.remove(quad)
        try:
            yield Engine(store, 0)
        finally:
            store.extend(gone)

    return less


@pytest.fixture(scope="session")
def view_without(engine: Engine) -> Callable:
    """As ``without``, over the merged view with what is derived: only the terms' triples are gone."""
    store = ox.Store()
    view = engine.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "application/n-triples")
    store.load(view, format=ox.RdfFormat.N_TRIPLES)

    @contextmanager
    def less(*terms: str) -> Iterator[Engine]:
        nodes = [ox.NamedNode(term) for term in terms]
        gone = {quad for node in nodes for quad in store.quads_for_pattern(None, node, None)}
        gone |= {quad for node in nodes for quad in store.quads_for_pattern(None, None, node)}
        for quad in gone:
            store.remove(quad)
        try:
            yield Engine(store, 0)
        finally:
            store.extend(gone)

    return less


@pytest.fixture(scope="session")
def compared() -> Callable[..., list[tuple]]:
    """Gives the cells of an answer that are compared with the facts.

    ``columns`` names them: ``name`` by what is shown, ``name:`` by the last part of its IRI. ``only`` leaves
    out rows whose publication's IRI does not hold the text.
    """

    def compare(answer: Answer, columns: str, only: str = "") -> list[tuple]:
        types = {column.name: column.type for column in answer.columns}
        names = [(name.rstrip(":"), name.endswith(":")) for name in columns.split()]
        return [
            tuple(_cell(row.get(name), types[name], by_iri) for name, by_iri in names)
            for row in answer.rows
            if not only or only in row["publication"].value
        ]

    return compare


def _cell(cell: Cell | None, column_type: str, by_iri: bool) -> Any:
    if cell is None:
        return None
    if by_iri:
        return "…" if "/learning-link/" in cell.value else cell.value.rpartition("/")[2]
    if column_type in {"integer", "year"}:
        return int(cell.value)
    if column_type == "boolean":
        return cell.value == "true"
    return Decimal(cell.value) if column_type == "decimal" else cell.label


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))
