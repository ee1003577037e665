"""Namespaces and how identifiers are made."""

from __future__ import annotations

import re
import unicodedata

from rdflib import Namespace, URIRef

ROOT = "https://w3id.org/rodtrad/"
RT = Namespace(ROOT + "ns/")
FORM = Namespace(ROOT + "form/")
SHAPE = Namespace(ROOT + "shape/")
RULE = Namespace(ROOT + "rule/")
SCHEME = Namespace(ROOT + "scheme/")
ID = Namespace(ROOT + "id/")
GRAPH = Namespace(ROOT + "graph/")

VOCABULARY_GRAPH = GRAPH["vocabulary"]
DERIVED_GRAPH = GRAPH["derived"]

PREFIXES: dict[str, str] = {
    "rt": str(RT),
    "form": str(FORM),
    "rts": str(SHAPE),
    "rule": str(RULE),
    "scheme": str(SCHEME),
    "id": str(ID),
    "graph": str(GRAPH),
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "qb": "http://purl.org/linked-data/cube#",
    "sh": "http://www.w3.org/ns/shacl#",
    "xkos": "http://rdf-vocabulary.ddialliance.org/xkos#",
}

_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Return text as an ASCII name for use in an identifier, at most 80 characters.

    >>> slug("Dala Valideringscentrum (DVC)")
    'dala-valideringscentrum-dvc'
    >>> slug("Åmål, Örebro & Ängelholm")
    'amal-orebro-angelholm'
    """
    folded = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _NOT_IN_SLUG.sub("-", folded).strip("-")[:80].rstrip("-")


def graph_iri(publisher: str, dataset: str) -> URIRef:
    """The named graph of one publication: one dataset of one publisher."""
    return GRAPH[f"{publisher}/{dataset}"]


def resource_iri(publisher: str, kind: str, local: str) -> URIRef:
    """The identifier of a resource: ``kind`` is the English class slug, ``local`` unique within it."""
    return ID[f"{publisher}/{kind}/{local}"]
