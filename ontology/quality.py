"""What a sound vocabulary has to have, tested term by term.

Each function returns the faults it finds, each with the file and the term, and nothing when all is well.
``check`` is what can be said of the module files alone; the rest also needs the shapes, queries and examples
that use the terms, which the caller hands in, since this package knows none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.exceptions import ParserError
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from . import files
from .mappings import Mapping
from .names import FORM, PREFIXES, RT, SCHEME
from .problems import LANGS, Problem, Where

PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_KINDS = (OWL.Class, *PROPERTIES, SKOS.Concept, SKOS.ConceptScheme)
UNMAPPED_AT_MOST = 0.30
"""The share of classes and properties that may be said to have no match."""

_OURS = (str(RT), str(FORM), str(SCHEME))
_CLASS = re.compile(r"[A-Z][a-z0-9]*([A-Z][a-z0-9]*)*")
_PROPERTY = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*")
_NOTATION = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_WORD = re.compile(r"[A-Z]?[a-z]+")
# Short forms that are better known than what they stand for.
_KNOWN_SHORT = frozenset({"id", "iso", "max", "min", "nuts"})
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<(https?://[^>{]*)>", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:<])([A-Za-z][\w-]*):([A-Za-z][\w-]*)")
_IRI = re.compile(r"<(https?://[^>{\s]+)>")
_IN_CODE = re.compile(r"\b(RT|FORM|SCHEME|rt)(?:\.(\w+)|\[\"([\w/-]+)\"\]|\}(\w+))")


@dataclass(frozen=True)
class Modules:
    """The files of a vocabulary, each parsed by itself so that a fault can name its file."""

    graphs: Dictionary[Path, Graph]

    @cached_property
    def whole(self) -> Graph:
        """All files as one graph."""
        graph = Graph()
        for part in self.graphs.values():
            graph += part
        return graph

    @cached_property
    def classes(self) -> dict[URIRef, Path]:
        """Each declared class with its file."""
        return self._declared(OWL.Class)

    @cached_property
    def properties(self) -> dict[URIRef, Path]:
        """Each declared property with its file."""
        return self._declared(*PROPERTIES)

    @cached_property
    def concepts(self) -> dict[URIRef, Path]:
        """Each concept of a code list with its file."""
        return self._declared(SKOS.Concept)

    @cached_property
    def schemes(self) -> dict[URIRef, Path]:
        """Each code list with its file."""
        return self._declared(SKOS.ConceptScheme)

    @property
    def terms(self) -> dict[URIRef, Path]:
        """Classes, properties, concepts and code lists."""
        return {**self.classes, **self.properties, **self.concepts, **self.schemes}

    def _declared(self, *kinds: URIRef) -> dict[URIRef, Path]:
        return {
            term: path
            for path, graph in self.graphs.items()
            for kind in kinds
            for term in graph.subjects(RDF.type, kind)
            if isinstance(term, URIRef)
        }


def read_modules(paths: Iterable[Path]) -> tuple[Modules, list[Problem]]:
    """Parse module files; a file that is no Turtle gives a problem and is left out."""
    graphs: dict[Path, Graph] = {}
    problems = []
    for path in paths:
        try:
            graphs[path] = Graph().parse(path, format="turtle")
        except (ParserError, SyntaxError, ValueError, IndexError) as error:  # rdflib reads past a cut end
            problems.append(
                Problem("ontology-syntax", Where(file=str(path)), {"reason": _reason(error, path)})
            )
    return Modules(graphs), problems


def _reason(error: Exception, path: Path) -> str:
    """What is wrong and on which line. The parser itself counts lines that it has looked ahead at."""
    if not isinstance(error, BadSyntax):
        return " ".join(str(error).split())[:200]
    line = path.read_text(encoding="utf-8")[: error._i].count("\n") + 1
    return f"at line {line} ({error._why})"


def check(paths: Sequence[Path] | None = None) -> list[Problem]:
    """Faults that module files show by themselves: syntax, headers, words, examples, names, deprecation.

    Without ``paths`` the whole vocabulary is checked. A file of one's own is checked together with it,
    so that it may use and deprecate standing terms, and only its own faults are told.
    """
    chosen = list(paths) if paths is not None else list(files())
    modules, problems = read_modules(chosen)
    known = modules.whole if paths is None else _standing() + modules.whole
    return [
        *problems,
        *header_problems(modules),
        *declaration_problems(modules),
        *word_problems(modules),
        *example_problems(modules),
        *name_problems(modules, known),
        *module_problems(modules, known),
        *deprecation_problems(modules, known, {}),
    ]


@cache
def _standing() -> Graph:
    return read_modules(files())[0].whole


def header_problems(modules: Modules) -> list[Problem]:
    """Files without exactly one header, or whose header lacks words, version, dates or licence."""
    found = []
    for path, graph in modules.graphs.items():
        heads = {*graph.subjects(RDF.type, OWL.Ontology), *graph.subjects(RDF.type, SKOS.ConceptScheme)}
        if len(heads) != 1:
            found.append(_problem("module-header", path, None, what="owl:Ontology"))
        for head in heads if len(heads) == 1 else ():
            found += [
                _problem("module-header", path, head, what=what) for what in _missing_in_header(graph, head)
            ]
    return found


def _missing_in_header(graph: Graph, head: Node) -> Iterator[str]:
    for path, name in ((DCTERMS.title, "dcterms:title"), (DCTERMS.description, "dcterms:description")):
        if _languages(graph, head, path) != sorted(LANGS):
            yield name
    required = {
        "owl:versionInfo": OWL.versionInfo,
        "dcterms:issued": DCTERMS.issued,
        "dcterms:modified": DCTERMS.modified,
        "dcterms:license": DCTERMS.license,
    }
    for name, path in required.items():
        if len(list(graph.objects(head, path))) != 1:
            yield name
    issued, modified = graph.value(head, DCTERMS.issued), graph.value(head, DCTERMS.modified)
    if issued and modified and str(modified) < str(issued):
        yield "dcterms:modified ≥ dcterms:issued"
    version = URIRef(f"{head}/{graph.value(head, OWL.versionInfo)}")
    if (head, RDF.type, OWL.Ontology) in graph and graph.value(head, OWL.versionIRI) != version:
        yield "owl:versionIRI"


def declaration_problems(modules: Modules) -> list[Problem]:
    """Terms that more than one file declares."""
    declared: dict[Node, list[Path]] = {}
    for path, graph in modules.graphs.items():
        for term in {term for kind in (*_KINDS, OWL.Ontology) for term in graph.subjects(RDF.type, kind)}:
            declared.setdefault(term, []).append(path)
    return [
        _problem("term-declared-twice", paths[-1], term, other=paths[0].name)
        for term, paths in declared.items()
        if len(paths) > 1
    ]


def word_problems(modules: Modules) -> list[Problem]:
    """Terms without exactly one label, or one definition, in Swedish and one in English."""
    found = []
    for term, path in modules.terms.items():
        label, definition = RDFS.label, SKOS.definition
        if term in modules.concepts:
            label = SKOS.prefLabel
        elif term in modules.schemes:
            label, definition = DCTERMS.title, DCTERMS.description
        for code, predicate in (("term-without-label", label), ("term-without-definition", definition)):
            if _languages(modules.graphs[path], term, predicate) != sorted(LANGS):
                found.append(_problem(code, path, term))
    return found


def example_problems(modules: Modules) -> list[Problem]:
    """Classes and properties without an example in both languages."""
    return [
        _problem("term-without-example", path, term)
        for term, path in {**modules.classes, **modules.properties}.items()
        if set(_languages(modules.graphs[path], term, SKOS.example)) != set(LANGS)
    ]


def name_problems(modules: Modules, known: Graph | None = None) -> list[Problem]:
    """Terms whose name is not written as its kind is, or holds a word that no English text here uses.

    The second test keeps Swedish and abbreviated names out: the words of ``rt:actorType`` stand in labels
    and definitions, those of ``rt:aktorsslag`` and ``rt:actTyp`` do not.
    """
    english = _english_words(known if known is not None else modules.whole)
    found = []
    for kind, terms, pattern in (
        ("UpperCamel", modules.classes, _CLASS),
        ("lowerCamel", modules.properties, _PROPERTY),
        ("lower-case-with-hyphens", modules.concepts, _NOTATION),
    ):
        for term, path in terms.items():
            name = _local(term)
            words = () if term in modules.concepts else _WORD.findall(name)
            if not pattern.fullmatch(name) or any(_stem(word) not in english for word in words):
                found.append(_problem("term-badly-named", path, term, name=name, kind=kind))
    return found


def _english_words(graph: Graph) -> set[str]:
    words = set(_KNOWN_SHORT)
    for path in (
        RDFS.label,
        SKOS.prefLabel,
        SKOS.altLabel,
        SKOS.definition,
        DCTERMS.title,
        DCTERMS.description,
    ):
        for text in graph.objects(None, path):
            if isinstance(text, Literal) and text.language == "en":
                told = f"{text} {text.replace('-', '')}".casefold()
                words.update(_stem(word) for word in re.findall(r"[a-z]+", told))
    return words


def _stem(word: str) -> str:
    """What "issuer" and "issued", "counted" and "counts" have in common."""
    return word.casefold()[: max(4, len(word) - 3)][:5]


def module_problems(modules: Modules, known: Graph | None = None) -> list[Problem]:
    """Classes and properties that do not say in which module they are defined."""
    headers = set((known if known is not None else modules.whole).subjects(RDF.type, OWL.Ontology))
    return [
        _problem("term-without-module", path, term)
        for term, path in {**modules.classes, **modules.properties}.items()
        if not set(modules.graphs[path].objects(term, RDFS.isDefinedBy)) & headers
    ]


def placement_problems(modules: Modules, shapes: Graph) -> list[Problem]:
    """Classes and properties that nothing places: no domain or range, no shape, no place among classes."""
    whole = modules.whole
    placed: set[Node] = set()
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf):
        placed |= set(whole.subjects(predicate)) | set(whole.objects(None, predicate))
    for predicate in (SH.targetClass, SH["class"], SH.path, SH.inversePath):
        placed |= set(shapes.objects(None, predicate))
    # An annotation is said of anything; it is placed when something carries it.
    placed |= set(whole.predicates()) | set(shapes.predicates())
    terms = {**modules.classes, **modules.properties}
    return [_problem("term-without-place", path, term) for term, path in terms.items() if term not in placed]


def used_terms(sources: Iterable[Path]) -> dict[URIRef, set[str]]:
    """The terms of this vocabulary that files use, each with the names of the files.

    Turtle is parsed; in queries and code, prefixed names and ``RT.name`` are read from the text.
    """
    used: dict[URIRef, set[str]] = {}
    for path in sources:
        text = path.read_text(encoding="utf-8")
        named = _in_turtle(text) if path.suffix == ".ttl" else _in_text(text)
        for term in named:
            if str(term).startswith(_OURS):
                used.setdefault(term, set()).add(path.name)
    return used


def _in_turtle(text: str) -> set[URIRef]:
    graph = Graph().parse(data=text)
    found = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    queries = (query for path in (SH.select, SH.ask, SH.construct) for query in graph.objects(None, path))
    return found.union(*(_in_text(str(query)) for query in queries))


def _in_text(text: str) -> set[URIRef]:
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    prefixes = {**PREFIXES, **dict(_PREFIX.findall(text))}
    found = {URIRef(iri) for iri in _IRI.findall(text)}
    found |= {URIRef(prefixes[prefix] + name) for prefix, name in _NAME.findall(text) if prefix in prefixes}
    bases = {"RT": RT, "rt": RT, "FORM": FORM, "SCHEME": SCHEME}
    return found | {URIRef(bases[base] + "".join(names)) for base, *names in _IN_CODE.findall(text)}


def use_problems(modules: Modules, used: Dictionary[URIRef, object]) -> list[Problem]:
    """Terms that no shape, query or example uses.

    Using a code list uses its concepts: they are what can be chosen. What the vocabulary itself tells of
    places and levels is use too: of predicates, of classes that have members, and of what the members name.
    """
    whole = modules.whole
    alive: set[Node] = {*used, *whole.predicates(), *whole.objects(None, RDF.type)}
    alive |= {value for thing, _, value in whole if thing not in modules.terms}
    alive |= {scheme for concept in alive for scheme in whole.objects(concept, SKOS.inScheme)}
    # A class that says what a used property is for, or holds, does its work there.
    alive |= {cls for term in modules.properties if term in alive for cls in _ends(whole, term)}
    alive |= {concept for concept in modules.concepts if set(whole.objects(concept, SKOS.inScheme)) & alive}
    return [
        _problem("term-unused", path, term)
        for term, path in modules.terms.items()
        if term not in alive and (term, OWL.deprecated, Literal(True)) not in whole
    ]


def _ends(graph: Graph, term: Node) -> set[Node]:
    return {*graph.objects(term, RDFS.domain), *graph.objects(term, RDFS.range)}


def deprecation_problems(
    modules: Modules, known: Graph, used: Dictionary[URIRef, Iterable[str]]
) -> list[Problem]:
    """Deprecated terms without a living successor or a note in both languages, or still in use."""
    found = []
    for term, path in modules.terms.items():
        graph = modules.graphs[path]
        if (term, OWL.deprecated, Literal(True)) not in graph:
            continue
        heirs = set(graph.objects(term, DCTERMS.isReplacedBy))
        living = {heir for heir in heirs if _is_living(known, heir)}
        if not living:
            found.append(_problem("deprecated-without-successor", path, term))
        if _languages(graph, term, SKOS.changeNote) != sorted(LANGS):
            found.append(_problem("deprecated-without-note", path, term))
        if term in used:
            found.append(_problem("deprecated-in-use", path, term, users=", ".join(sorted(used[term]))))
    return found


def _is_living(graph: Graph, term: Node) -> bool:
    return (term, RDF.type, None) in graph and (term, OWL.deprecated, Literal(True)) not in graph


def mapping_problems(modules: Modules, rows: Iterable[Mapping]) -> list[Problem]:
    """Classes and properties that are neither mapped nor said to have no match, and too many of the latter.

    Standing under a class or property of another vocabulary is a mapping.
    """
    terms = {**modules.classes, **modules.properties}
    whole = modules.whole
    matched = {
        term
        for term in terms
        for path in (RDFS.subClassOf, RDFS.subPropertyOf)
        if any(not str(parent).startswith(_OURS) for parent in whole.objects(term, path))
    }
    rows = tuple(rows)
    matched |= {row.subject for row in rows if row.target is not None}
    alone = {row.subject for row in rows if row.target is None and row.subject in terms} - matched
    found = [
        _problem("term-unmapped", path, term)
        for term, path in terms.items()
        if term not in matched and term not in alone
    ]
    if len(alone) > UNMAPPED_AT_MOST * len(terms):
        values = {"count": len(alone), "all": len(terms), "percent": round(100 * UNMAPPED_AT_MOST)}
        found.append(Problem("too-many-unmapped", Where(), values))
    return found


def _languages(graph: Graph, subject: Node, path: URIRef) -> list[str]:
    texts = (text for text in graph.objects(subject, path) if isinstance(text, Literal) and text.strip())
    return sorted(str(text.language) for text in texts)


def _local(term: Node) -> str:
    return re.split(r"[/#]", str(term))[-1]


def _problem(code: str, path: Path, term: Node | None, **values: object) -> Problem:
    named = str(term) if term is not None else None
    return Problem(code, Where(file=str(path), iri=named), {"term": named or path.name, **values})
