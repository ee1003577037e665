"""Identifiers of the nodes that are folded into a row and so have no row and no Id of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rdflib import URIRef

from ..ontology.names import resource_iri
from ..shapes.form import Form
from .rows import Row


class NestedNames:
    """What nested nodes are called, given all rows of the publication."""

    def __init__(self, publisher: str, rows: Iterable[Row]) -> None:
        self.publisher = publisher
        kinds: dict[str, set[str]] = {}
        for row in rows:
            kinds.setdefault(row.local, set()).add(row.form.kind)
        self._shared = {local for local, found in kinds.items() if len(found) > 1}

    def iri(self, row: Row, form: Form, last: str) -> URIRef:
        """The node of this kind in the row, told from its siblings by ``last``."""
        # Nested nodes of an activity and of an intervention with the same Id are different nodes.
        parent = f"{row.form.kind}-{row.local}" if row.local in self._shared else row.local
        return resource_iri(self.publisher, form.kind, f"{parent}-{last}")

    def each(self, row: Row, form: Form, ends: Iterable[URIRef]) -> dict[URIRef, URIRef]:
        """The node for each resource that the row's cell names, by that resource."""
        ends = tuple(dict.fromkeys(ends))
        shared = Counter(end.rsplit("/", 1)[-1] for end in ends)
        nodes: dict[URIRef, URIRef] = {}
        for end in ends:
            kind, local = (["", *end.split("/")])[-2:]
            nodes[end] = self.iri(row, form, local if shared[local] == 1 else f"{kind}-{local}")
        return nodes
