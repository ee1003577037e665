"""What a shape or rule must fulfil to be shipped: existing terms, whole words, queries that engines bear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import DCTERMS, RDF, RDFS, SH, Graph, URIRef
from rdflib.paths import SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from ..ontology import vocabulary_graph
from ..ontology.names import RT, RULE
from ..ontology.problems import LANGS, RodtradError
from .compiler import compile_shapes, declared, targets_of
from .library import Library
from .rulebook import texts

_TERMS = Path(__file__).parent / "vocabulary" / "shacl-terms.ttl"
_RULE_ID = re.compile(r"RT-[BKF]-\d{3}")
_PLACEHOLDERS = {"this", "value", "column", "expected"}
_PLACEHOLDER = re.compile(r"\{(.*?)\}")
_WORDS = ((RDFS.label, ""), (SH.message, "."), (RT.hint, "."), (RT.reason, "."))
_EXISTS = {"Builtin_EXISTS", "Builtin_NOTEXISTS"}


@dataclass(frozen=True)
class Remark:
    """One thing to mend, and the node it concerns."""

    node: str
    text: str


@cache
def shacl_terms() -> frozenset[Node]:
    """Every term of the SHACL namespace."""
    return frozenset(Graph().parse(_TERMS, format="turtle").objects(None, RT.lists))


def lint(shapes: Library) -> list[Remark]:
    """Everything that is wrong with the shapes and rules; empty where all is well."""
    checks = (_unknown_terms, _incomplete_rules, _untiered, _unsound_queries, _without_rule, _undeclared)
    return [Remark(str(node), text) for check in checks for node, text in check(shapes)]


def _unknown_terms(shapes: Library) -> Iterator[tuple[Node, str]]:
    for triple in shapes.graph:
        for term in triple:
            if isinstance(term, URIRef) and term.startswith(str(SH)) and term not in shacl_terms():
                yield triple[0], f"SHACL has no {term}"


def _incomplete_rules(shapes: Library) -> Iterator[tuple[Node, str]]:
    graph = shapes.graph
    for rule in sorted(set(graph.subjects(RDF.type, RT.Rule)) | set(graph.subjects(RT.ruleId)), key=str):
        id_ = str(graph.value(rule, RT.ruleId))
        if not _RULE_ID.fullmatch(id_) or rule != RULE[id_]:
            yield rule, f"the id {id_} does not fit its IRI"
        for predicate in (RT.tier, RT.reach, SH.severity, DCTERMS.source):
            if len(list(graph.objects(rule, predicate))) != 1:
                yield rule, f"needs exactly one {predicate}"
        for predicate, end in _WORDS:
            yield from _words(graph, rule, predicate, end)
        if (rule, RT.forComponent, None) not in graph and not any(targets_of(graph, rule)):
            yield rule, "neither has a target nor speaks for a component"


def _words(graph: Graph, rule: Node, predicate: URIRef, end: str) -> Iterator[tuple[Node, str]]:
    found = texts(graph, rule, predicate)
    for lang in LANGS:
        text = found.get(lang, "")
        if not text or not text.endswith(end):
            yield rule, f"{predicate} in {lang} is missing or does not end with a full stop"
        for name in _PLACEHOLDER.findall(text):
            if name.lstrip("?$") not in _PLACEHOLDERS or name == name.lstrip("?$"):
                yield rule, f"{predicate} in {lang} names an unknown place {{{name}}}"


def _untiered(shapes: Library) -> Iterator[tuple[Node, str]]:
    graph = shapes.graph
    for shape in shapes.shapes():
        if any(targets_of(graph, shape)) and (shape, RT.tier, None) not in graph:
            yield shape, "has a target but no rt:tier"
        if not isinstance(shape, URIRef):
            yield shape, "is a shape without a name"


def _unsound_queries(shapes: Library) -> Iterator[tuple[Node, str]]:
    graph = shapes.graph
    for constraint in sorted(graph.subjects(SH.select), key=str):
        text = str(graph.value(constraint, SH.select))
        if re.search(r"\b(MINUS|VALUES|SERVICE)\b", text, re.IGNORECASE):
            yield constraint, "SHACL forbids MINUS, VALUES and SERVICE"
        if re.search(r"SELECT\s+(DISTINCT\s+)?\*", text, re.IGNORECASE):
            yield constraint, "SELECT * hides what the query gives"
        try:
            algebra = prepareQuery(text, initNs=declared(graph, constraint)).algebra
        except Exception as error:  # rdflib's parser raises many kinds
            yield constraint, f"cannot be parsed: {str(error)[:120]}"
            continue
        for exists in _find(algebra, _EXISTS):
            if (number := _patterns(exists)) > 1:
                yield constraint, f"{number} triple patterns in one EXISTS: nest them"


def _find(node: object, names: Iterable[str]) -> Iterator[CompValue]:
    if isinstance(node, CompValue):
        if node.name in names:
            yield node
        for value in node.values():
            yield from _find(value, names)
    elif isinstance(node, list | tuple | set):
        for value in node:
            yield from _find(value, names)


def _patterns(exists: CompValue) -> int:
    """Triple patterns directly within an EXISTS, steps of a path included, nested ones left out."""

    def count(node: object) -> int:
        if isinstance(node, CompValue):
            if node.name in _EXISTS:
                return 0
            if node.name in ("TriplesBlock", "BGP"):
                return sum(_length(row[at + 1]) for row in node.triples for at in range(0, len(row), 3))
            return sum(count(value) for value in node.values())
        return sum(count(value) for value in node) if isinstance(node, list | tuple) else 0

    return sum(count(value) for value in exists.values())


def _length(predicate: object) -> int:
    if isinstance(predicate, SequencePath):
        return len(predicate.args)
    return max((len(path.part) for path in _find(predicate, {"PathSequence"})), default=1)


def _without_rule(shapes: Library) -> Iterator[tuple[Node, str]]:
    try:
        for focus_set in compile_shapes(shapes.graph).sets:
            for check in focus_set.checks:
                shapes.rulebook.rule_for(check.shape, check.component)
    except RodtradError as error:
        for problem in error.problems:
            yield URIRef(problem.where.iri or ""), problem.message("en")


def _undeclared(shapes: Library) -> Iterator[tuple[Node, str]]:
    """Terms of our namespace that shapes look for and the ontology does not know."""
    known = set(vocabulary_graph().subjects())
    for path in set(shapes.graph.objects(None, SH.path)) | set(shapes.graph.objects(None, SH.targetClass)):
        if isinstance(path, URIRef) and path.startswith(str(RT)) and path not in known:
            yield path, "is not declared in the ontology"
    for constraint, text in shapes.graph.subject_objects(SH.select):
        for name in sorted(set(re.findall(r"\brt:([A-Za-z]+)", str(text)))):
            if RT[name] not in known:
                yield constraint, f"rt:{name} is not declared in the ontology"
