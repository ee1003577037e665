"""A publisher describes its own resources; those of others, and the vocabulary, it only refers to."""

from __future__ import annotations

from ..ontology.names import GRAPH, ID, ROOT
from ..ontology.problems import Problem, RodtradError, Where

_SHOWN = 5


def described_of_others(triples: bytes, graph_iri: str) -> list[str]:
    """The resources under our base that the dataset describes though they are not its publisher's.

    ``triples`` are N-Triples. Identifiers outside our base are nobody's here, and let through.
    """
    own = f"{ID}{graph_iri.removeprefix(str(GRAPH)).partition('/')[0]}/"
    subjects = {line[1:].partition(b">")[0] for line in triples.splitlines() if line.startswith(b"<")}
    return sorted(
        one
        for one in (subject.decode("utf-8") for subject in subjects)
        if one.startswith(ROOT) and not one.startswith(own) and one != graph_iri
    )


def refuse_others(triples: bytes, graph_iri: str) -> None:
    """Raise RodtradError ``resource-of-another`` when the dataset describes what is not its publisher's."""
    others = described_of_others(triples, graph_iri)
    if others:
        values = {"count": len(others), "resources": ", ".join(others[:_SHOWN]), "graph": graph_iri}
        raise RodtradError(Problem("resource-of-another", Where(iri=others[0]), values))
