"""One graph as bytes: sorted, unique, canonical N-Triples lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

from ..ontology.problems import Problem, RodtradError, Where


def canonical(data: bytes, graph_iri: str) -> bytes:
    """Return N-Triples ``data`` with every line in canonical form, sorted and unique.

    Literals keep their lexical form. Raises RodtradError: ``data-unreadable``, ``blank-node``.
    """
    if not data:
        return b""
    try:
        triples = list(ox.parse(data, ox.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError) as error:
        raise RodtradError(
            Problem("data-unreadable", Where(iri=graph_iri), {"graph": graph_iri, "reason": error})
        ) from None
    for quad in triples:
        if _has_blank_node(quad.subject) or _has_blank_node(quad.object):
            raise RodtradError(
                Problem("blank-node", Where(iri=graph_iri), {"graph": graph_iri, "line": f"{quad.triple} ."})
            )
    return lines(quad.triple for quad in triples)


def canonical_blank(data: bytes, graph_iri: str) -> bytes:
    """Return N-Triples with blank nodes in canonical form: RDFC-1.0, with labels that no other graph has.

    The algorithm can take very long on graphs made for it: call it where it can be stopped.
    Raises RodtradError ``data-unreadable``.
    """
    try:
        dataset = ox.Dataset(ox.parse(data, ox.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError) as error:
        raise RodtradError(
            Problem("data-unreadable", Where(iri=graph_iri), {"graph": graph_iri, "reason": error})
        ) from None
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    mark = "g" + hashlib.sha256(graph_iri.encode()).hexdigest()[:12]
    return lines(_marked(quad.triple, mark) for quad in dataset)


def _marked(triple: ox.Triple, mark: str) -> ox.Triple:
    subject, target = (_marked_term(term, mark) for term in (triple.subject, triple.object))
    return ox.Triple(subject, triple.predicate, target)  # type: ignore[arg-type]


def _marked_term(term: object, mark: str) -> object:
    if isinstance(term, ox.Triple):
        return _marked(term, mark)
    return ox.BlankNode(mark + term.value) if isinstance(term, ox.BlankNode) else term


def lines(triples: Iterable[ox.Triple]) -> bytes:
    """Return the triples as sorted unique N-Triples lines."""
    written = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    # Not splitlines(): a literal may hold U+2028 and the like, which canonical N-Triples leaves as it is.
    return b"".join(sorted({line + b"\n" for line in (written or b"").split(b"\n") if line}))


def split(data: bytes) -> frozenset[bytes]:
    """Return the lines of canonical ``data``, without their line ends."""
    return frozenset(data.split(b"\n")) - {b""}


def divided(data: bytes, predicates: frozenset[str]) -> tuple[bytes, bytes]:
    """Return canonical ``data`` without and with the statements of some properties."""
    ends = {f"<{iri}>".encode() for iri in predicates}
    sides: tuple[list[bytes], list[bytes]] = ([], [])
    for line in data.split(b"\n"):
        if line:
            sides[_predicate(line) in ends].append(line + b"\n")
    return b"".join(sides[0]), b"".join(sides[1])


def united(*parts: bytes) -> bytes:
    """Return all lines of canonical parts, sorted and unique."""
    return b"".join(sorted({line + b"\n" for part in parts for line in split(part)}))


def _predicate(line: bytes) -> bytes:
    # A subject has no space in it unless it is a triple term, which no publication of ours describes.
    return line.split(b" ", 2)[1] if not line.startswith(b"<<") else b""


def subject(line: bytes) -> str:
    """Return the IRI that a canonical line is about, or the label of a blank node."""
    end = line.index(b">") if line.startswith(b"<") else line.index(b" ")
    return line[1:end].decode()


def subjects(data: Iterable[bytes]) -> frozenset[str]:
    """Return the IRIs that the lines are about."""
    return frozenset(subject(line) for line in data)


def _has_blank_node(term: object) -> bool:
    if isinstance(term, ox.Triple):
        return _has_blank_node(term.subject) or _has_blank_node(term.object)
    return isinstance(term, ox.BlankNode)
