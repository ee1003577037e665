"""JSON-LD with the words of the vocabulary as keys: written whole, so that nothing has to be fetched."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from typing import Any

from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..ontology.context import CONTEXT_IRI, Use, context, used
from ..ontology.names import PREFIXES
from ..shapes.form import load_forms

_WHOLE = re.compile(r"-?[1-9][0-9]{0,14}|0")
_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))


@cache
def our_context() -> dict[str, Any]:
    """The context of the vocabulary and its forms, which is served under ``CONTEXT_IRI``."""
    columns = [column for form in load_forms().all for column in form.columns if not column.inverse]
    return context(Use(column.path, column.datatype, column.multiple) for column in columns)


def write_jsonld(graph: Graph) -> bytes:
    """The graph as compact JSON-LD in UTF-8, with the part of the context that it needs in the file.

    Equal graphs without blank nodes give equal bytes, and the file read again gives the same graph.
    """
    nodes = _nodes(graph)
    if _would_be_misread(graph):
        made: dict[str, Any] = {"@graph": _Writer({}, {}).written(nodes)}
    else:
        terms = our_context()["@context"]
        written = _Writer(terms, PREFIXES).written(nodes)
        made = {**used(our_context(), written), "@graph": written}
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def with_our_context(value: object) -> object:
    """The same document with our context in the place of each reference to it."""
    if isinstance(value, list):
        return [with_our_context(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _resolved(item) if key == "@context" else with_our_context(item) for key, item in value.items()
    }


def _resolved(said: object) -> object:
    if isinstance(said, list):
        return [_resolved(item) for item in said]
    return our_context()["@context"] if said == CONTEXT_IRI else with_our_context(said)


def _nodes(graph: Graph) -> dict[Node, dict[URIRef, list[Node]]]:
    """By subject and property, in a fixed order."""
    found: dict[Node, dict[URIRef, list[Node]]] = {}
    for subject, prop, value in sorted(graph, key=lambda triple: [one.n3() for one in triple]):
        if isinstance(prop, URIRef):
            found.setdefault(subject, {}).setdefault(prop, []).append(value)
    return found


def _would_be_misread(graph: Graph) -> bool:
    """Whether an IRI begins as a short name of ours does, such as ``id:``: then no short names are used."""
    iris = {str(term) for triple in graph for term in triple if isinstance(term, URIRef)}
    return any(iri.partition(":")[0] in PREFIXES for iri in iris)


class _Writer:
    def __init__(self, terms: dict[str, Any], prefixes: dict[str, str]) -> None:
        self.prefixes = {p: prefixes[p] for p, _ in _LONGEST_FIRST if p in prefixes}
        self.classes = {said: name for name, said in terms.items() if isinstance(said, str)}
        self.properties = {
            said["@id"]: (name, said) for name, said in terms.items() if isinstance(said, dict)
        }

    def written(self, nodes: dict[Node, dict[URIRef, list[Node]]]) -> list[dict[str, Any]]:
        return [self.node(subject, said) for subject, said in nodes.items()]

    def node(self, subject: Node, said: dict[URIRef, list[Node]]) -> dict[str, Any]:
        made: dict[str, Any] = {"@id": self.name(subject)}
        for prop, values in said.items():
            if prop == RDF.type and all(isinstance(value, URIRef) for value in values):
                types = [self.classes.get(self.name(value), self.name(value)) for value in values]
                made["@type"] = types[0] if len(types) == 1 else types
            else:
                made |= self.statements(self.name(prop), values)
        return {key: made[key] for key in sorted(made)}

    def statements(self, prop: str, values: list[Node]) -> dict[str, Any]:
        """The values under the word of the property; those of another kind than it says under its name."""
        word, said = self.properties.get(prop, (prop, {}))
        if said.get("@container") == "@language":
            fitting = [one for one in values if isinstance(one, Literal) and one.language]
            shown: Any = _by_language(fitting)
        else:
            fitting = [one for one in values if _fits(one, self.datatype(said))]
            shown = [self.value(one, said) for one in fitting]
            if len(shown) == 1 and said.get("@container") != "@set":
                shown = shown[0]
        placed = set(fitting)
        others = [self.value(one, {}) for one in values if one not in placed]
        return ({word: shown} if fitting else {}) | ({prop: others} if others else {})

    def datatype(self, said: dict[str, Any]) -> str | None:
        kind = said.get("@type")
        if kind is None or kind == "@id":
            return kind
        prefix, _, local = kind.partition(":")
        return self.prefixes.get(prefix, prefix + ":") + local

    def value(self, value: Node, said: dict[str, Any]) -> Any:
        if not isinstance(value, Literal):
            return self.name(value) if said.get("@type") == "@id" else {"@id": self.name(value)}
        text = str(value)
        if said.get("@type"):
            return _native(text, value.datatype)
        if value.language:
            return {"@value": text, "@language": value.language}
        if value.datatype in (None, XSD.string):
            return text
        return {"@value": text, "@type": self.name(value.datatype)}

    def name(self, term: Node) -> str:
        if isinstance(term, BNode):
            return f"_:{term}"
        iri = str(term)
        for prefix, namespace in self.prefixes.items():
            # What begins with // after the colon would be read as an address.
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def _by_language(texts: list[Literal]) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        found[str(text.language)].append(str(text))
    return {lang: said[0] if len(said) == 1 else said for lang, said in sorted(found.items())}


def _fits(value: Node, kind: str | None) -> bool:
    """Whether the value can stand without saying its own kind."""
    if kind == "@id":
        return not isinstance(value, Literal)
    return kind is None or (isinstance(value, Literal) and str(value.datatype) == kind)


def _native(text: str, datatype: URIRef | None) -> str | int | bool:
    """Whole numbers and booleans as JSON has them, where the written form stays the same."""
    if datatype == XSD.boolean and text in ("true", "false"):
        return text == "true"
    return int(text) if datatype == XSD.integer and _WHOLE.fullmatch(text) else text
