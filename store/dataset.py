"""Which graphs a query is asked over.

The engine joins several default graphs as a bag, so a triple that two of them state would count twice. SPARQL
wants their merge: such a query is evaluated over a copy in which each triple stands once.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

import pyoxigraph as ox

from ..ontology.problems import Problem, RodtradError
from .guard import tokens


@dataclass(frozen=True)
class Dataset:
    """Default and named graphs by IRI; both empty means all that the store has."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def evaluate(
        self, store: ox.Store, sparql: str, base: str | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Evaluate a query over these graphs of a store."""
        if not self.default and not self.named:
            return store.query(sparql, base_iri=base)
        named: list[ox.NamedNode | ox.BlankNode] = [_graph(iri) for iri in self.named]
        default = [_graph(iri) for iri in dict.fromkeys(self.default)]
        if len(default) < 2:
            return store.query(sparql, base_iri=base, default_graph=[*default], named_graphs=named)
        copy = ox.Store()
        for graph in default:
            for quad in store.quads_for_pattern(None, None, None, graph):
                copy.add(ox.Quad(quad.subject, quad.predicate, quad.object, ox.DefaultGraph()))
        for graph in named:
            copy.extend(store.quads_for_pattern(None, None, None, graph))
        return copy.query(sparql, base_iri=base, default_graph=ox.DefaultGraph(), named_graphs=named)


def named_in(sparql: str, base: str = "") -> Dataset:
    """The graphs that a query names in FROM and FROM NAMED."""
    prefixes: dict[str, str] = {}
    before = ["", ""]
    default: list[str] = []
    named: list[str] = []
    for kind, text in tokens(sparql):
        if text == "{":
            break
        iri = urljoin(base, text[1:-1]) if kind == "iri" else ""
        if kind == "name":
            prefix, _, local = text.partition(":")
            iri = prefixes.get(prefix, "") + local.replace("\\", "")
        if kind == "iri" and before[-1] == "BASE":
            base = iri
        elif kind == "iri" and before[-2] == "PREFIX":
            prefixes[before[-1].removesuffix(":")] = iri
        elif iri and before[-1] == "FROM":
            default.append(iri)
        elif iri and before[-2:] == ["FROM", "NAMED"]:
            named.append(iri)
        before = [before[-1], text.upper() if kind == "word" else text]
    return Dataset(tuple(default), tuple(named))


def _graph(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise RodtradError(Problem("query-dataset", values={"graph": iri})) from None
