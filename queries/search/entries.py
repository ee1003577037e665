"""From the statements of a generation to one entry for each thing that has a name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from ...ontology.names import PREFIXES, RT
from ...ontology.problems import LANGS

_TYPE = PREFIXES["rdf"] + "type"
_NAMES = frozenset(
    (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel", PREFIXES["dcterms"] + "title")
)
_CONSTRUCTED = str(RT.constructed)
_PUBLICATION = str(RT.inPublication)
_STRING = PREFIXES["xsd"] + "string"
_CODES = frozenset((PREFIXES["skos"] + "notation", str(RT.publisherId), str(RT.code)))
# What a search can be narrowed by, and the properties that say it.
FACETS = {
    "type": (_TYPE,),
    "region": (str(RT.about),),
    "area": (str(RT.focusArea),),
    "obstacle": (str(RT.obstacleKind),),
    "activity": (str(RT.genericActivity),),
    "outcome": (str(RT.state), str(RT.status), str(RT.verdict)),
    "certainty": (str(RT.certainty),),
}
_BY_PROPERTY = {iri: name for name, several in FACETS.items() for iri in several}


@dataclass
class Entry:
    """What is said about one thing, as far as search is concerned.

    Attributes:
        names: Its names by language; the empty language where none is said.
        texts: Other texts, each with its language.
        facets: The values by facet, as IRIs.
        address: The path of its page, when that does not follow from the IRI.
    """

    iri: str
    names: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)
    facets: dict[str, list[str]] = field(default_factory=dict)
    publications: list[str] = field(default_factory=list)
    constructed: bool = False
    address: str = ""

    def to_json(self) -> bytes:
        """What the index keeps to show the thing."""
        return json.dumps(vars(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Entry:
        """Read what ``to_json`` wrote."""
        return cls(**json.loads(data))


def entries(graphs: Iterable[bytes]) -> Iterator[Entry]:
    """The named things in graphs of N-Triples, in order of IRI."""
    found: dict[str, Entry] = {}
    constructed: set[str] = set()
    for graph in graphs:
        for triple in ox.parse(graph, ox.RdfFormat.N_TRIPLES):
            subject = triple.subject
            if not isinstance(subject, ox.NamedNode):
                continue
            iri, predicate, value = subject.value, triple.predicate.value, triple.object
            if predicate == _CONSTRUCTED and isinstance(value, ox.Literal) and value.value == "true":
                constructed.add(iri)
            entry = found.get(iri)
            if entry is None:
                entry = found[iri] = Entry(iri)
            _add(entry, predicate, value)
    for iri in sorted(found):
        entry = found[iri]
        if entry.names:
            entry.facets["type"] = _own_types(entry.facets.get("type", []))
            entry.constructed = bool(entry.publications) and constructed.issuperset(entry.publications)
            yield entry


def _add(entry: Entry, predicate: str, value: object) -> None:
    if isinstance(value, ox.NamedNode):
        facet = _BY_PROPERTY.get(predicate)
        if facet:
            values = entry.facets.setdefault(facet, [])
            if value.value not in values:
                values.append(value.value)
        elif predicate == _PUBLICATION:
            entry.publications.append(value.value)
    elif isinstance(value, ox.Literal) and predicate not in _CODES:
        lang = value.language or ""
        if lang not in LANGS and (lang or value.datatype.value != _STRING):
            return
        if predicate in _NAMES and lang not in entry.names:
            entry.names[lang] = value.value
        else:
            entry.texts.append((lang, value.value))


def _own_types(types: list[str]) -> list[str]:
    own = [one for one in types if one.startswith(str(RT))]
    return own or types[:1]
