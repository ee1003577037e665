"""Small hand-made graphs for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import Graph
from rodtrad.ontology.names import PREFIXES

BASE = "https://w3id.org/rodtrad/"
SHORT = {
    "basis": "scheme/basis/",
    "contribution": "scheme/contribution/",
    "status": "scheme/activity-status/",
    "state": "scheme/achievement-state/",
    "x": "id/20/x/",
    "y": "id/08/x/",
    "g20": "graph/20/",
    "g08": "graph/08/",
}
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + "".join(
    f"@prefix {name}: <{BASE}{path}> .\n" for name, path in SHORT.items()
)


@pytest.fixture(scope="session")
def turtle() -> Callable[[str], bytes]:
    """Turtle, with the prefixes above, to N-Triples."""
    return lambda text: (
        Graph().parse(data=HEAD + text, format="turtle").serialize(format="nt", encoding="utf-8")
    )


@pytest.fixture(scope="session")
def numbered() -> Callable[..., bytes]:
    """``numbered(count, first=0)``: so many resources with one statement each, numbered on from the first."""

    def make(count: int, first: int = 0) -> bytes:
        line = '<http://example.org/r{0}> <http://example.org/p> "{0}" .\n'
        return "".join(line.format(number) for number in range(first, first + count)).encode()

    return make
