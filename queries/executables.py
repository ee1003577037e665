"""The catalogue for machines: every question as a SHACL SPARQL executable that runs as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from ..ontology.names import PREFIXES, ROOT
from ..ontology.problems import LANGS
from .competency import themes_of
from .header import Parameter, Query

QUERIES = ROOT + "queries/"
_SH, _XSD, _RDFS, _DCT = (PREFIXES[one] for one in ("sh", "xsd", "rdfs", "dcterms"))
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_PREFIX = re.compile(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>\s*$", re.IGNORECASE)
_HOW = {
    "sv": "Byt värdet på raden som slutar med #+params; stryk raden för ett frivilligt värde som inte anges.",
    "en": "Replace the value in the line that ends in #+params; drop that of an optional value not given.",
}


def executable_iri(query_id: str) -> str:
    """The identifier of a question."""
    return QUERIES + query_id


def turtle(queries: Iterable[Query]) -> bytes:
    """The questions as Turtle."""
    names = {key: PREFIXES[key] for key in ("rt", "rdfs", "dcterms", "sh", "xsd", "prov")}
    return serialize(queries, ox.RdfFormat.TURTLE, names)


def serialize(queries: Iterable[Query], form: ox.RdfFormat, prefixes: dict[str, str] | None = None) -> bytes:
    """The questions as RDF: ``sh:select`` with its ``sh:prefixes``, parameters, columns and numbers."""
    triples = [triple for query in queries for triple in _executable(query)]
    return ox.serialize(triples, format=form, prefixes=prefixes or {}) or b""


def select_of(query: Query) -> tuple[str, dict[str, str]]:
    """The SPARQL of a question without header and prefixes, and its prefixes."""
    lines = [line for line in query.text.splitlines() if not line.startswith("#+")]
    prefixes = {match[1]: match[2] for match in map(_PREFIX.match, lines) if match}
    return "\n".join(line for line in lines if not _PREFIX.match(line)).strip() + "\n", prefixes


def _executable(query: Query) -> list[ox.Triple]:
    me = ox.NamedNode(executable_iri(query.id))
    prefixes_node = ox.NamedNode(f"{me.value}#prefixes")
    select, prefixes = select_of(query)
    found = [
        ox.Triple(me, _TYPE, ox.NamedNode(_SH + "SPARQLSelectExecutable")),
        ox.Triple(me, _TYPE, ox.NamedNode(_SH + "Parameterizable")),
        ox.Triple(me, ox.NamedNode(_SH + "select"), ox.Literal(select)),
        ox.Triple(me, ox.NamedNode(_SH + "prefixes"), prefixes_node),
        ox.Triple(me, ox.NamedNode(_DCT + "identifier"), ox.Literal(query.id)),
        ox.Triple(me, ox.NamedNode(_DCT + "type"), ox.Literal(query.answerable, language="sv")),
        ox.Triple(me, ox.NamedNode(PREFIXES["owl"] + "versionInfo"), ox.Literal(str(query.version))),
        ox.Triple(prefixes_node, _TYPE, ox.NamedNode(PREFIXES["owl"] + "Ontology")),
    ]
    for predicate, words in (
        (_RDFS + "label", query.title),
        (_RDFS + "comment", query.question),
        (_DCT + "description", query.coverage),
        (PREFIXES["skos"] + "note", _HOW if query.parameters else {}),
    ):
        found += _words(me, predicate, words)
    numbers = ox.NamedNode(PREFIXES["rt"] + "competencyQuestion")
    found += [ox.Triple(me, numbers, ox.Literal(number)) for number in query.cq]
    found += [ox.Triple(me, ox.NamedNode(_DCT + "subject"), ox.Literal(theme)) for theme in themes_of(query)]
    for prefix, namespace in prefixes.items():
        node = ox.NamedNode(f"{prefixes_node.value}-{prefix}")
        found += [
            ox.Triple(prefixes_node, ox.NamedNode(_SH + "declare"), node),
            ox.Triple(node, _TYPE, ox.NamedNode(_SH + "PrefixDeclaration")),
            ox.Triple(node, ox.NamedNode(_SH + "prefix"), ox.Literal(prefix)),
            ox.Triple(
                node,
                ox.NamedNode(_SH + "namespace"),
                ox.Literal(namespace, datatype=ox.NamedNode(_XSD + "anyURI")),
            ),
        ]
    for order, parameter in enumerate(query.parameters):
        found += _parameter(me, parameter, order)
    return found


def _parameter(me: ox.NamedNode, parameter: Parameter, order: int) -> list[ox.Triple]:
    """``sh:path`` ends in the name of the variable, as SHACL reads it."""
    node = ox.NamedNode(f"{me.value}#parameter-{parameter.name}")
    path = ox.NamedNode(f"{QUERIES}parameter/{parameter.name}")
    found = [
        ox.Triple(me, ox.NamedNode(_SH + "parameter"), node),
        ox.Triple(node, _TYPE, ox.NamedNode(_SH + "Parameter")),
        ox.Triple(node, ox.NamedNode(_SH + "path"), path),
        ox.Triple(node, ox.NamedNode(_SH + "order"), ox.Literal(order)),
        ox.Triple(node, ox.NamedNode(_SH + "optional"), ox.Literal(not parameter.required)),
        ox.Triple(node, ox.NamedNode(PREFIXES["skos"] + "example"), ox.Literal(parameter.example)),
        *_words(node, _SH + "name", parameter.labels),
    ]
    if parameter.default is not None:
        found.append(ox.Triple(node, ox.NamedNode(_SH + "defaultValue"), ox.Literal(parameter.default)))
    if parameter.type != "iri":
        datatype = ox.NamedNode(_XSD + parameter.type)
        return [*found, ox.Triple(node, ox.NamedNode(_SH + "datatype"), datatype)]
    found.append(ox.Triple(node, ox.NamedNode(_SH + "nodeKind"), ox.NamedNode(_SH + "IRI")))
    if parameter.cls:
        prefix, _, name = parameter.cls.partition(":")
        found.append(ox.Triple(node, ox.NamedNode(_SH + "class"), ox.NamedNode(PREFIXES[prefix] + name)))
    if parameter.scheme:
        scheme = ox.NamedNode(PREFIXES["scheme"] + parameter.scheme)
        found.append(ox.Triple(node, ox.NamedNode(PREFIXES["skos"] + "inScheme"), scheme))
    return found


def _words(subject: ox.NamedNode, predicate: str, words: dict) -> list[ox.Triple]:
    return [
        ox.Triple(subject, ox.NamedNode(predicate), ox.Literal(words[lang], language=lang))
        for lang in LANGS
        if lang in words
    ]
