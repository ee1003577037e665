"""What the documentation says of each term: made of vocabulary, forms, rules, questions and mappings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from ..ontology import label, mappings, vocabulary_graph
from ..ontology.names import FORM, RT, SCHEME
from ..ontology.problems import Lang
from ..queries.catalogue import catalogue
from ..shapes.form import Column, load_forms
from ..shapes.library import library
from .texts import text

_OURS = (str(RT), str(FORM))
_KINDS: Mapping[URIRef, str] = {
    OWL.Class: "class",
    OWL.ObjectProperty: "object_property",
    OWL.DatatypeProperty: "datatype_property",
    OWL.AnnotationProperty: "annotation_property",
    SKOS.ConceptScheme: "scheme",
    OWL.Ontology: "module",
}
_NAME = re.compile(r"(?<![\w:<])rt:([A-Za-z]\w*)")


@dataclass(frozen=True, order=True)
class Ref:
    """Something that the text names: ``iri`` is empty when it is only a word."""

    text: str
    iri: str = ""


@dataclass(frozen=True)
class Field:
    """A column of the workbook: where it stands, what it means and what it holds."""

    sheet: str
    cls: Ref
    prop: Ref
    heading: str
    description: str
    holds: Ref
    required: bool
    several: bool


@dataclass(frozen=True)
class Match:
    """A term of another vocabulary that corresponds to ours; ``confidence`` is 0–1."""

    how: str
    target: Ref
    source: str
    confidence: float


@dataclass(frozen=True)
class TermDoc:
    """A class, property, code list or module as its page shows it, in one language."""

    iri: str
    kind: str
    label: str
    definition: str
    examples: tuple[str, ...] = ()
    module: Ref | None = None
    deprecated: bool = False
    replaced_by: tuple[Ref, ...] = ()
    links: Mapping[str, tuple[Ref, ...]] | None = None
    fields: tuple[Field, ...] = ()
    rules: tuple[Ref, ...] = ()
    queries: tuple[Ref, ...] = ()
    matches: tuple[Match, ...] = ()
    members: tuple[TermDoc, ...] = ()
    version: str = ""
    modified: str = ""
    licence: str = ""

    @property
    def name(self) -> str:
        """The last part of the identifier."""
        return self.iri.rpartition("/")[2]

    def of_kind(self, *kinds: str) -> list[TermDoc]:
        """The members of some kinds, such as the classes of a module."""
        return [one for one in self.members if one.kind in kinds]


@cache
def documented() -> Mapping[str, str]:
    """Every term, code list and module of ours that has a page, with its kind."""
    graph = vocabulary_graph()
    found: dict[str, str] = {}
    for cls, kind in _KINDS.items():
        for term in graph.subjects(RDF.type, cls):
            wanted = str(SCHEME) if kind == "scheme" else _OURS
            if kind == "module" or str(term).startswith(wanted):
                found.setdefault(str(term), kind)
    return found


def modules(lang: Lang) -> list[TermDoc]:
    """The modules with their terms, by title."""
    found = [describe(iri, lang) for iri, kind in documented().items() if kind == "module"]
    return sorted(found, key=lambda one: one.label.casefold())


def schemes(lang: Lang) -> list[TermDoc]:
    """The code lists, by title."""
    found = [describe(iri, lang) for iri, kind in documented().items() if kind == "scheme"]
    return sorted(found, key=lambda one: one.label.casefold())


@cache
def describe(iri: str, lang: Lang) -> TermDoc:
    """What the page of a documented term says. Raises KeyError for anything else."""
    kind = documented()[iri]
    graph, node = vocabulary_graph(), URIRef(iri)
    home = graph.value(node, RDFS.isDefinedBy)
    definition = SKOS.definition if (node, SKOS.definition, None) in graph else DCTERMS.description
    head = node if kind in ("module", "scheme") else home
    return TermDoc(
        iri=iri,
        kind=kind,
        label=label(iri, lang),
        definition=" ".join(_texts(graph, node, definition, lang)),
        examples=tuple(_texts(graph, node, SKOS.example, lang)),
        module=_ref(home, lang) if isinstance(home, URIRef) else None,
        deprecated=(node, OWL.deprecated, Literal(True)) in graph,
        replaced_by=_refs(graph.objects(node, DCTERMS.isReplacedBy), lang),
        links=_links(graph, node, lang),
        fields=_fields(node, kind, lang),
        rules=_rules().get(iri, {}).get(lang, ()) if kind not in ("module", "scheme") else (),
        queries=_queries(iri, lang),
        matches=_matches(iri, lang),
        members=_members(graph, node, kind, lang),
        version=str(graph.value(head, OWL.versionInfo) or "") if head else "",
        modified=str(graph.value(head, DCTERMS.modified) or "") if head else "",
        licence=str(graph.value(head, DCTERMS.license) or "") if head else "",
    )


def module_graph(iri: str) -> Graph:
    """The statements of one module: its head and what it defines."""
    whole, made = vocabulary_graph(), Graph(namespace_manager=vocabulary_graph().namespace_manager)
    waiting: list[Node] = [URIRef(iri), *whole.subjects(RDFS.isDefinedBy, URIRef(iri))]
    for node in waiting:
        for prop, value in whole.predicate_objects(node):
            made.add((node, prop, value))
            # Lists hang on nodes without a name.
            if not isinstance(value, (URIRef, Literal)) and (value, None, None) not in made:
                waiting.append(value)
    return made


def _links(graph: Graph, node: URIRef, lang: Lang) -> dict[str, tuple[Ref, ...]]:
    found = {
        "supers": graph.objects(node, RDFS.subClassOf),
        "subs": graph.subjects(RDFS.subClassOf, node),
        "broader_properties": graph.objects(node, RDFS.subPropertyOf),
        "domains": graph.objects(node, RDFS.domain),
        "ranges": graph.objects(node, RDFS.range),
        "disjoint": [*graph.objects(node, OWL.disjointWith), *graph.subjects(OWL.disjointWith, node)],
        "inverse": graph.objects(node, OWL.inverseOf),
    }
    made = {key: _refs(nodes, lang) for key, nodes in found.items()}
    return {key: refs for key, refs in made.items() if refs}


def _fields(node: URIRef, kind: str, lang: Lang) -> tuple[Field, ...]:
    """For a class the columns of its form; for a property every column that holds it."""
    if kind in ("module", "scheme"):
        return ()
    forms = load_forms()
    sheets = {form.iri: sheet.names[lang] for sheet in forms.sheets for form in sheet.forms}
    # The columns of a nested form stand on the sheets whose forms hold it.
    for form in forms.all:
        for column in form.columns:
            if column.nested and form.iri in sheets:
                sheets.setdefault(column.nested.iri, sheets[form.iri])
    return tuple(
        _field(column, sheets.get(form.iri, ""), form.target_class, lang)
        for form in forms.all
        for column in form.columns
        if node in (column.path, form.target_class) and column.nested is None
    )


def _field(column: Column, sheet: str, cls: URIRef, lang: Lang) -> Field:
    held = column.cls or column.scheme or column.datatype
    return Field(
        sheet=sheet,
        cls=_ref(cls, lang),
        prop=_ref(column.path, lang),
        heading=column.names.get(lang, ""),
        description=column.descriptions.get(lang, ""),
        holds=_ref(held, lang) if held else Ref(text("onto_any", lang)),
        required=column.required,
        several=column.multiple,
    )


@cache
def _rules() -> dict[str, dict[Lang, tuple[Ref, ...]]]:
    """The rules that name each term, in their conditions or their queries."""
    whole = library()
    found: dict[str, set[str]] = defaultdict(set)
    rules = {rule.id: rule for rule in whole.rulebook.rules}
    for rule in rules.values():
        for term in _named(whole.graph, rule.iri):
            found[term].add(rule.id)
    return {
        term: {
            lang: tuple(Ref(f"{one} {rules[one].titles.get(lang, '')}".strip(), one) for one in sorted(ids))
            for lang in ("sv", "en")
        }
        for term, ids in found.items()
    }


def _named(graph: Graph, rule: URIRef) -> set[str]:
    found: set[str] = set()
    waiting: list[Node] = [rule]
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        seen.add(node)
        for prop, value in graph.predicate_objects(node):
            if isinstance(value, Literal):
                found |= {str(RT[name]) for name in _NAME.findall(str(value)) if prop not in _SAID}
            elif isinstance(value, URIRef):
                found.add(str(value))
            elif value not in seen:
                waiting.append(value)
    return found


_SAID = (RDFS.label, RT.hint, RT.reason)


@cache
def _named_in_queries() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for query in catalogue().values():
        body = "\n".join(line for line in query.text.splitlines() if not line.lstrip().startswith("#"))
        for name in set(_NAME.findall(body)):
            found[str(RT[name])].append(query.id)
    return found


def _queries(iri: str, lang: Lang) -> tuple[Ref, ...]:
    return tuple(Ref(catalogue()[one].title[lang], one) for one in sorted(_named_in_queries().get(iri, [])))


@cache
def _by_subject() -> dict[str, list[mappings.Mapping]]:
    found: dict[str, list[mappings.Mapping]] = defaultdict(list)
    for row in mappings.mappings():
        if row.target is not None:
            found[str(row.subject)].append(row)
    return found


def _matches(iri: str, lang: Lang) -> tuple[Match, ...]:
    return tuple(
        Match(
            text("onto_match_" + row.predicate.rpartition("#")[2], lang),
            Ref(row.target_label, str(row.target)),
            row.target_source,
            row.confidence,
        )
        for row in _by_subject().get(iri, [])
    )


def _members(graph: Graph, node: URIRef, kind: str, lang: Lang) -> tuple[TermDoc, ...]:
    if kind == "module":
        terms = {str(term) for term in graph.subjects(RDFS.isDefinedBy, node)} & set(documented())
        return tuple(sorted((describe(one, lang) for one in terms), key=lambda one: one.name.casefold()))
    if kind != "scheme":
        return ()
    concepts = [one for one in graph.subjects(SKOS.inScheme, node) if isinstance(one, URIRef)]
    return tuple(_concept(graph, one, lang) for one in sorted(concepts, key=_natural))


def _concept(graph: Graph, node: URIRef, lang: Lang) -> TermDoc:
    definition = " ".join(_texts(graph, node, SKOS.definition, lang))
    others = tuple(_texts(graph, node, SKOS.altLabel, lang))
    return TermDoc(str(node), "concept", label(str(node), lang), definition, others)


def _natural(node: URIRef) -> tuple[int, str]:
    local = node.rpartition("/")[2]
    return (int(local), "") if local.isdecimal() else (10**6, local)


def _refs(nodes: Iterable[Node], lang: Lang) -> tuple[Ref, ...]:
    return tuple(sorted({_ref(one, lang) for one in nodes if isinstance(one, URIRef)}))


def _ref(node: URIRef, lang: Lang) -> Ref:
    if node == RDF.langString or node.startswith(str(XSD)) or node == RDFS.Literal:
        return Ref(text("onto_value_" + node.rpartition("#")[2], lang))
    return Ref(label(str(node), lang), str(node))


def _texts(graph: Graph, node: Node, prop: URIRef, lang: Lang) -> list[str]:
    found = [one for one in graph.objects(node, prop) if isinstance(one, Literal)]
    return sorted(str(one) for one in found if one.language == lang)
