"""A store's content and its changes as quads: N-Quads, and RDF Patch from one generation to another."""

from __future__ import annotations

from collections.abc import Iterator

from .diff import Diff

MEDIA_TYPE = "application/rdf-patch"


def quads(graph_iri: str, data: bytes) -> bytes:
    """Canonical N-Triples lines as N-Quads lines of a graph."""
    end = b" <" + graph_iri.encode() + b"> .\n"
    return b"".join(line.removesuffix(b" .") + end for line in data.split(b"\n") if line)


def rdf_patch(diff: Diff, head: str) -> Iterator[str]:
    """A patch that makes the first generation into the second; ``head`` is an IRI that names the patch.

    Removals come before additions, all in one transaction. Named graphs only: the merged view is computed.
    """
    yield f"H id <{head}> .\n"
    yield "TX .\n"
    for sign, side in (("D", "removed"), ("A", "added")):
        for graph, part in diff.graphs.items():
            for line in getattr(part, side):
                yield f"{sign} {line.removesuffix(' .')} <{graph}> .\n"
    yield "TC .\n"
