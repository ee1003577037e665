"""The published facts as plain triples, for tests that count without SPARQL."""

from __future__ import annotations

from collections.abc import Iterator

from rodtrad.store import Store

RT = "https://w3id.org/rodtrad/ns/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Facts:
    """Every statement between resources, by property."""

    def __init__(self, store: Store) -> None:
        self._pairs: dict[str, set[tuple[str, str]]] = {}
        for graph in store.current().graphs:
            for line in store.graph(graph).decode().splitlines():
                subject, prop, value = line.split(" ", 2)
                value = value.removesuffix(" .")
                if value.startswith("<"):
                    self._pairs.setdefault(prop[1:-1], set()).add((subject[1:-1], value[1:-1]))

    def pairs(self, name: str) -> set[tuple[str, str]]:
        """Subject and value of a property of ours."""
        return self._pairs.get(RT + name, set())

    def of_class(self, name: str) -> set[str]:
        """Everything that is stated to be of a class of ours."""
        return {subject for subject, value in self._pairs[TYPE] if value == RT + name}

    def values(self, subject: str, name: str) -> set[str]:
        """The values of a property of ours."""
        return {value for one, value in self.pairs(name) if one == subject}

    def subjects(self, name: str, value: str) -> Iterator[str]:
        """What has a value."""
        return (one for one, found in self.pairs(name) if found == value)
