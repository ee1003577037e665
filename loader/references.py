"""Finds what a cell refers to: a resource or a concept, by its name, code or identifier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import RDF, RDFS, SKOS, Literal, URIRef
from rdflib.term import Node

from ..ontology import vocabulary
from ..ontology.names import RT
from .ntriples import statements

NAME_RANK: dict[str, int] = {
    str(RDFS.label): 0,
    str(SKOS.prefLabel): 0,
    str(SKOS.altLabel): 1,
    str(SKOS.notation): 1,
    str(RT.publisherId): 1,
    str(RT.code): 1,
}
IN_PUBLICATION = str(RT.inPublication)
_PROPERTIES = frozenset({*NAME_RANK, str(RDF.type), str(SKOS.inScheme), IN_PUBLICATION})
_LABELS = {str(RDFS.label), str(SKOS.prefLabel)}
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")


def normal(text: str) -> str:
    """The form in which names are compared: case and the amount of white space do not matter."""
    return " ".join(text.split()).casefold()


def is_iri(text: str) -> bool:
    """Whether the text is a whole web identifier."""
    return _IRI.fullmatch(text) is not None


@dataclass(eq=False)
class Known:
    """What is known of one resource or concept."""

    iri: URIRef
    types: set[URIRef] = field(default_factory=set)
    schemes: set[URIRef] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    publication: URIRef | None = None
    publisher_id: str | None = None
    notation: str | None = None

    def label(self, lang: str) -> str | None:
        """The name in this language, else in Swedish, else in any; ``None`` when it has no name."""
        found = self.labels.get(lang) or self.labels.get("sv")
        return found or next((self.labels[key] for key in sorted(self.labels)), None)


class References:
    """All that cells may refer to outside their own workbook."""

    def __init__(self, known: dict[str, Known], names: dict[str, list[tuple[int, Known]]]) -> None:
        self._known = known
        self._names = names

    @classmethod
    def from_ntriples(cls, *parts: bytes) -> References:
        """Index N-Triples; the vocabulary with its code lists is always part of it."""
        known: dict[str, Known] = {}
        names: dict[str, list[tuple[int, Known]]] = {}
        for part in (vocabulary(), *parts):
            for subject, prop, value in statements(part, _PROPERTIES):
                entry = known.setdefault(subject, Known(URIRef(subject)))
                _note(entry, prop, value)
                if prop in NAME_RANK:
                    named = names.setdefault(normal(str(value)), [])
                    if (NAME_RANK[prop], entry) not in named:
                        named.append((NAME_RANK[prop], entry))
        return cls(known, names)

    def get(self, iri: str) -> Known | None:
        """What is known of this identifier."""
        return self._known.get(str(iri))

    def named(self, text: str) -> Iterator[tuple[int, Known]]:
        """All that has this name, with 0 for its label and 1 for its other names and codes."""
        yield from self._names.get(normal(text), ())

    def concepts(self, scheme: URIRef) -> list[Known]:
        """The concepts of a code list, in the order of their notations."""
        return list(self._by_scheme.get(scheme, ()))

    def labels(self) -> Iterator[tuple[str, Known]]:
        """Every name as it is compared, with what it names."""
        for name, entries in self._names.items():
            for rank, entry in entries:
                if rank == 0:
                    yield name, entry

    @cached_property
    def _by_scheme(self) -> dict[URIRef, list[Known]]:
        found: dict[URIRef, list[Known]] = {}
        for entry in sorted(self._known.values(), key=_list_order):
            for scheme in entry.schemes:
                found.setdefault(scheme, []).append(entry)
        return found


def _note(entry: Known, prop: str, value: Node) -> None:
    if isinstance(value, URIRef):
        if prop == str(RDF.type):
            entry.types.add(value)
        elif prop == str(SKOS.inScheme):
            entry.schemes.add(value)
        elif prop == IN_PUBLICATION:
            entry.publication = value
    elif isinstance(value, Literal):
        if prop in _LABELS:
            entry.labels[value.language or ""] = str(value)
        elif prop == str(RT.publisherId):
            entry.publisher_id = str(value)
        elif prop == str(SKOS.notation):
            entry.notation = str(value)


def _list_order(entry: Known) -> tuple[int, str]:
    notation = entry.notation or ""
    return (int(notation) if notation.isdecimal() else 0, str(entry.iri))


def listed(labels: Iterable[str], most: int = 20) -> str:
    """Names as a list for a message; ``–`` when there are none."""
    found = list(labels)
    more = " …" if len(found) > most else ""
    return ", ".join(found[:most]) + more or "–"
