"""What reading a publication gives."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import Graph, URIRef

from ..ontology.problems import Problem


@dataclass(frozen=True)
class Origin:
    """Where a statement comes from: the resource, the property, and the cell with its original text.

    An empty ``text`` tells where a value would have stood: the cell to fill in.
    """

    iri: str
    path: str
    file: str
    sheet: str
    cell: str
    text: str


@dataclass(frozen=True)
class Reading:
    """A publication as read, with all that was found wrong.

    Attributes:
        graph: Its triples; incomplete when not ``ok``.
        graph_iri: The publication and its named graph; ``None`` when it cannot be told.
        publisher, dataset: The parts of ``graph_iri``.
        subject: The region that it is about; ``None`` when it is about none or several.
        problems: In the order of the file.
        ok: It may be published; nothing of a reading that is not ``ok`` is ever stored.
    """

    graph: Graph
    graph_iri: URIRef | None
    publisher: str | None
    dataset: str | None
    subject: URIRef | None
    origins: tuple[Origin, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return self.graph_iri is not None and all(
            problem.severity != "violation" for problem in self.problems
        )
