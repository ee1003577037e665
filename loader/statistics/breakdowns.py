"""The groups that figures are divided into: concepts of code lists of the vocabulary or the publication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from ...ontology import vocabulary_graph
from ...ontology.names import RT, SCHEME, resource_iri
from ..references import References, normal
from ..rows import slug_of
from .raw import Breakdown

_VOCABULARY = str(SCHEME)


@dataclass(frozen=True)
class Group:
    """One group; ``local`` is its part of an observation's identifier."""

    iri: str
    local: str
    label: str
    scheme: str
    total: bool
    own: bool


def groups_of(
    breakdown: Breakdown, key: str, texts: Iterable[str], publisher: str, references: References, lang: str
) -> dict[str, Group]:
    """What each word of a breakdown means; words that mean nothing are left out."""
    if breakdown.scheme.startswith(_VOCABULARY):
        found = ((text, _known(breakdown, text, references, lang)) for text in texts)
        return {text: group for text, group in found if group}
    scheme = str(own_scheme(publisher, breakdown.scheme))
    groups: dict[str, Group] = {}
    for text in texts:
        label = breakdown.words.get(text, text).strip()
        local = slug_of(label)
        iri = str(resource_iri(publisher, "category", f"{breakdown.scheme}-{local}"))
        total = breakdown.total is not None and normal(label) == normal(breakdown.total)
        groups[text] = Group(iri, local, label, scheme, total, own=True)
    return groups


def own_scheme(publisher: str, name: str) -> URIRef:
    """The code list that a publication brings."""
    return resource_iri(publisher, "scheme", name)


def _known(breakdown: Breakdown, text: str, references: References, lang: str) -> Group | None:
    scheme = URIRef(breakdown.scheme)
    wanted = breakdown.words.get(text, text)
    found = {entry.iri: entry for _, entry in references.named(wanted) if scheme in entry.schemes}
    if len(found) != 1:
        return None
    ((iri, entry),) = found.items()
    total = (iri, RT.isTotal, Literal(True)) in vocabulary_graph()
    return Group(
        str(iri), entry.notation or slug_of(wanted), entry.label(lang) or wanted, str(scheme), total, False
    )


def describe(
    graph: Graph,
    breakdowns: Iterable[tuple[str, Breakdown]],
    groups: Iterable[Group],
    publisher: str,
    lang: str,
) -> None:
    """State the code lists that the publication brings, and their groups."""
    groups = [group for group in groups if group.own]
    for _, breakdown in breakdowns:
        scheme = own_scheme(publisher, breakdown.scheme)
        members = [group for group in groups if group.scheme == str(scheme)]
        if not members:
            continue
        graph.add((scheme, RDF.type, SKOS.ConceptScheme))
        for tag, text in (breakdown.labels or {lang: breakdown.scheme}).items():
            graph.add((scheme, RDFS.label, Literal(text, lang=tag)))
            graph.add((scheme, DCTERMS.title, Literal(text, lang=tag)))
        graph.add((scheme, RT.mutuallyExclusive, _yes_no(breakdown.exclusive)))
        graph.add((scheme, RT.exhaustive, _yes_no(breakdown.exhaustive)))
        for group in members:
            node = URIRef(group.iri)
            graph.add((node, RDF.type, SKOS.Concept))
            graph.add((node, SKOS.prefLabel, Literal(group.label, lang=lang)))
            graph.add((node, SKOS.inScheme, scheme))
            graph.add((node, SKOS.topConceptOf, scheme))
            if group.total:
                graph.add((node, RT.isTotal, _yes_no(True)))


def _yes_no(value: bool) -> Literal:
    return Literal("true" if value else "false", datatype=XSD.boolean)
