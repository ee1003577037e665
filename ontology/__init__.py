"""What things are: Turtle modules, code lists and framework profiles, read as one vocabulary."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS
from rdflib.term import Literal, Node

from .mappings import foreign_names, mapping_triples
from .names import PREFIXES

__all__ = ["classes", "files", "label", "vocabulary", "vocabulary_graph"]

_FOLDER = Path(__file__).parent
_NAMES = (SKOS.prefLabel, RDFS.label, DCTERMS.title)


def files() -> tuple[Path, ...]:
    """Every Turtle file of the vocabulary, in a fixed order."""
    return tuple(sorted(_FOLDER.rglob("*.ttl")))


@cache
def vocabulary_graph() -> Graph:
    """The vocabulary as one graph, with what its terms correspond to in other vocabularies.

    It is shared: callers must not change it.
    """
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for file in files():
        graph.parse(file, format="turtle")
    for triple in (*mapping_triples(), *foreign_names(graph)):
        graph.add(triple)
    return graph


@cache
def vocabulary() -> bytes:
    """The vocabulary as N-Triples in UTF-8: unique lines, sorted, so equal vocabularies give equal bytes."""
    lines = vocabulary_graph().serialize(format="nt", encoding="utf-8").splitlines()
    return b"".join(line + b"\n" for line in sorted({line for line in lines if line}))


def classes() -> Any:
    """The vocabulary as Python objects: an Owlready2 ontology in a world of its own.

    Each class and property is an attribute by its English name, with names in both languages. The objects
    know their super- and subclasses, domains, ranges and what they exclude, and instances can be made of
    them. Every call gives a new world, so that what one caller adds no other caller sees.

    >>> rt = classes()
    >>> rt.Activity.label.sv, rt.Activity.label.en
    (['Aktivitet'], ['Activity'])
    >>> rt.ChainElement in rt.Activity.ancestors()
    True
    >>> sorted(c.name for c in rt.Undertaking.subclasses())
    ['Activity', 'Intervention']
    """
    from .as_objects import load

    return load()


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
