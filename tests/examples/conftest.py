"""The shipped publications, read once, and a way to look at them as plain rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node
from rodtrad.examples import publications
from rodtrad.loader import Reading, References, ntriples, read
from rodtrad.ontology import vocabulary_graph
from rodtrad.ontology.names import RT

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Facts:
    """One publication as rows of texts: shared things by their Swedish name, its own by their Id."""

    reading: Reading
    names: Mapping[Node, str]
    prefix: str = ""

    @property
    def graph(self) -> Graph:
        return self.reading.graph

    def of(self, cls: str) -> set[Node]:
        return set(self.graph.subjects(RDF.type, RT[cls]))

    def text(self, node: Node) -> str:
        if isinstance(node, Literal):
            return str(node)
        return self.names.get(node) or str(node).rsplit("/", 1)[-1].removeprefix(self.prefix)

    def cell(self, node: Node, path: str | URIRef) -> str | None:
        """The values of a property as one text, sorted; of labels, the Swedish one."""
        prop = RT[path] if not isinstance(path, URIRef) else path
        values = list(self.graph.objects(node, prop))
        if prop == RDFS.label:
            values = [v for v in values if isinstance(v, Literal) and v.language == "sv"]
        return "; ".join(sorted(self.text(value) for value in values)) or None

    def row(self, node: Node, *paths: str | URIRef) -> Row:
        return (self.text(node), self.cell(node, RDFS.label), *(self.cell(node, path) for path in paths))

    def rows(self, cls: str, *paths: str | URIRef) -> list[Row]:
        """One row per resource of the class: its Id, its name, and the values of the properties."""
        return sorted((self.row(node, *paths) for node in self.of(cls)), key=str)

    def count(self, cls: str, path: str) -> Counter[str | None]:
        return Counter(self.cell(node, path) for node in self.of(cls))

    def links(self, node: Node) -> tuple[str | None, str | None]:
        """What an outcome, an effect or a result follows from, and the basis of those links."""
        nodes = list(self.graph.subjects(RT.effect, node))
        causes = sorted(cause for link in nodes if (cause := self.cell(link, "cause")))
        bases = {self.cell(link, "basis") for link in nodes}
        assert len(bases) < 2
        return "; ".join(causes) or None, next(iter(bases), None)


@pytest.fixture(scope="session")
def readings() -> dict[str, Reading]:
    """Every shipped publication by its folder or file, each read with those before it as references."""
    found: dict[str, Reading] = {}
    for path in publications():
        references = References.from_ntriples(*(ntriples(reading.graph) for reading in found.values()))
        found[path.name] = read([path], references)
    return found


@pytest.fixture(scope="session")
def names(readings: dict[str, Reading]) -> dict[Node, str]:
    """The Swedish names of concepts, places and all that the national publisher says."""
    found: dict[Node, str] = {}
    for graph in (vocabulary_graph(), *(readings[name].graph for name in NATIONAL)):
        for prop in (RDFS.label, SKOS.prefLabel):
            found |= {s: str(o) for s, o in graph.subject_objects(prop) if getattr(o, "language", "") == "sv"}
    return found


NATIONAL = ("actors", "frameworks", "mandate")


@pytest.fixture(scope="session")
def facts(readings: dict[str, Reading], names: dict[Node, str]):
    """Gives the rows of a publication by its folder's name."""

    def give(folder: str, prefix: str = "") -> Facts:
        return Facts(readings[Path(folder).name], names, prefix)

    return give
