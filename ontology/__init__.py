"""What things are: Turtle modules, code lists and framework profiles, read as one vocabulary."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS
from rdflib.term import Literal, Node

from .names import PREFIXES

__all__ = ["files", "label", "vocabulary", "vocabulary_graph"]

_FOLDER = Path(__file__).parent
_NAMES = (SKOS.prefLabel, RDFS.label, DCTERMS.title)


def files() -> tuple[Path, ...]:
    """Every Turtle file of the vocabulary, in a fixed order."""
    return tuple(sorted(_FOLDER.rglob("*.ttl")))


@cache
def vocabulary_graph() -> Graph:
    """The vocabulary as one graph. It is shared: callers must not change it."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for file in files():
        graph.parse(file, format="turtle")
    return graph


@cache
def vocabulary() -> bytes:
    """The vocabulary as N-Triples in UTF-8: unique lines, sorted, so equal vocabularies give equal bytes."""
    lines = vocabulary_graph().serialize(format="nt", encoding="utf-8").splitlines()
    return b"".join(line + b"\n" for line in sorted({line for line in lines if line}))


def label(iri: str, lang: str) -> str:
    """The name of a term or concept in ``lang`` ("sv" or "en").

    Without a name in that language the other language is used, and without any name
    the last part of the IRI: a page can always show something.

    >>> label("https://w3id.org/rodtrad/scheme/basis/stated", "sv")
    'angiven'
    """
    names = [name for path in _NAMES for name in vocabulary_graph().objects(URIRef(iri), path)]
    return _in_language(names, lang) or iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2]


def _in_language(names: list[Node], lang: str) -> str | None:
    literals = sorted(
        (name for name in names if isinstance(name, Literal)), key=lambda name: name.language != lang
    )
    return str(literals[0]) if literals else None
