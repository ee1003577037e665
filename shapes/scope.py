"""What is validated: the data, the context, and literals as both engines shall see them.

Normalisation of literals, the same for both engines: the embedded store rewrites some literals when they
come in (``"01"`` to ``"1"`` for integers, ``xsd:int`` and the other derived integers to ``xsd:integer``,
``"2.50"`` to ``"2.5"``, ``"1"`` to ``"true"``, language tags to lower case). The reference engine gets its
graph from that store, so both judge the same terms, and values in findings are written in that form. Integers
beyond 64 bits and decimals beyond 18 digits keep their text but cannot be compared: they are outside every
bound.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ..ontology.names import PREFIXES, RT
from ..ontology.problems import LANGS, Problem, RodtradError, Where

Term = ox.NamedNode | ox.BlankNode | ox.Literal
_SUBJECT = re.compile(rb"^<([^>]*)> ", re.MULTILINE)
_CLAIM = re.compile(rf"^<([^>]*)> <{RT.inPublication}> ".encode(), re.MULTILINE)
_INSTANCES = "SELECT ?cls (COUNT(*) AS ?n) WHERE { ?s a ?cls } GROUP BY ?cls"
_LABELS = """PREFIX rdfs: <{rdfs}> PREFIX skos: <{skos}> PREFIX dcterms: <{dcterms}>
SELECT ?node ?label
WHERE {{ VALUES ?node {{ {nodes} }} ?node rdfs:label|skos:prefLabel|dcterms:title ?label }}"""


class Scope:
    """Data and context merged in one store; ``subjects`` are the nodes that the data describe.

    ``context_types`` are the classes of which the context too describes instances; ``mostly_data`` says that
    the context is the smaller part.
    """

    def __init__(self, data: bytes, context: Sequence[bytes]) -> None:
        self.store = ox.Store()
        self._parts = (data, tuple(context))
        self._load(data, "data")
        rows = self.store.query("SELECT DISTINCT ?s WHERE { ?s ?p ?o }")
        self.subjects: Collection[Term] = frozenset(row[0] for row in rows)  # type: ignore[union-attr]
        self.mostly_data = sum(map(len, context)) <= len(data)
        before = self._instances()
        for part in context:
            self._load(part, "context")
        after = self._instances() if context else before
        self.context_types = frozenset(cls for cls, number in after.items() if before.get(cls) != number)

    def _instances(self) -> Mapping[Term, str]:
        return {row[0]: row[1].value for row in self.store.query(_INSTANCES)}  # type: ignore[union-attr]

    def _load(self, ntriples: bytes, name: str) -> None:
        try:
            if name == "data":
                self.store.bulk_load(ntriples, format=ox.RdfFormat.N_TRIPLES)
            else:  # read before, when it was published
                self.store.load(ntriples, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        except (SyntaxError, ValueError) as error:
            raise RodtradError(
                Problem("unreadable-for-validation", Where(), {"part": name, "reason": str(error)[:200]})
            ) from error

    def graph(self) -> Graph:
        """The merged graph for the reference engine, literals as the store holds them."""
        text = self.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        return Graph(bind_namespaces="none").parse(data=text, format="nt")

    def own(self, node: str) -> bool:
        """Whether the data may be held to account for a node: not where they only add to another's."""
        return node.encode() in self._claimed or node.encode() not in self._others

    @cached_property
    def _claimed(self) -> frozenset[bytes]:
        return frozenset(_CLAIM.findall(self._parts[0]))

    @cached_property
    def _others(self) -> frozenset[bytes]:
        return frozenset(node for part in self._parts[1] for node in _SUBJECT.findall(part))

    @cached_property
    def described(self) -> frozenset[str]:
        """The subjects of the data, as findings write them."""
        return frozenset(term_text(subject) for subject in self.subjects)

    def labels(self, iris: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Names by IRI and language; an IRI without a name is left out."""
        nodes = " ".join(f"<{iri}>" for iri in sorted(set(iris)) if _may_be_written(iri))
        found: dict[str, dict[str, str]] = {}
        query = _LABELS.format(nodes=nodes, **{name: PREFIXES[name] for name in ("rdfs", "skos", "dcterms")})
        for node, label in self.store.query(query) if nodes else ():  # type: ignore[misc]
            languages = found.setdefault(node.value, {})
            for lang in [label.language] if label.language else LANGS:
                languages[lang] = min(languages.get(lang) or label.value, label.value)
        return found


class Everything(Scope):
    """Statements of which every node counts as described, as the SHACL specification has it."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.store = ox.Store()
        self._parts = (b"", ())
        self.store.extend(quads)
        self.subjects = _All()
        self.mostly_data = True
        self.context_types = frozenset()


class _All(Collection[Term]):
    """Holds every term; for membership only."""

    def __contains__(self, term: object) -> bool:
        return True

    def __iter__(self) -> Iterator[Term]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _may_be_written(iri: str) -> bool:
    return ":" in iri and not set(iri) & set('<>"{}|^`\\ ')


def term_text(term: ox.NamedNode | ox.BlankNode | ox.Literal | Node) -> str:
    """A term as findings write it: the bare IRI, or the literal as N-Triples."""
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, Literal):
        datatype = None if term.language or term.datatype is None else ox.NamedNode(str(term.datatype))
        term = ox.Literal(str(term), language=term.language, datatype=datatype)
    if isinstance(term, ox.Literal | ox.BlankNode):
        return str(term)
    return str(term) if isinstance(term, URIRef) else f"_:{term}"


def plain_text(text: str) -> str:
    """What people read of a term written by ``term_text``: the literal without quotes and datatype."""
    if not text.startswith('"'):
        return text
    line = f"<urn:s> <urn:p> {text} ."
    quad = next(iter(ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES)))
    return quad.object.value  # type: ignore[union-attr]
