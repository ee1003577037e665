"""Which properties are not public: declared in the vocabulary with ``rt:notPublic true``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rdflib import Graph, Literal

from .names import RT

_MARK = b"rt:notPublic true"


@cache
def private_properties() -> frozenset[str]:
    """Properties whose values never leave the publisher's own export."""
    graph = Graph()
    for module in sorted(Path(__file__).parent.glob("*.ttl")):
        # Each publication asks this: only modules that declare one are read.
        if _MARK in module.read_bytes():
            graph.parse(module)
    return frozenset(str(one) for one in graph.subjects(RT["notPublic"], Literal(True)))
