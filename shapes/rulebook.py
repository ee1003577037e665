"""Rules as people read them: id, tier, severity, words in Swedish and English, reason and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal as Choice

from rdflib import DCTERMS, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from ..ontology.names import RT
from ..ontology.problems import LANGS, Problem, RodtradError, Where
from .compiler import parameter_of
from .conditions import shape_name

Severity = Choice["violation", "warning", "info"]
_SEVERITY: Mapping[Node, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


@dataclass(frozen=True)
class Rule:
    """One rule; texts are per language (``sv``, ``en``), ``source`` says where its reason comes from."""

    iri: URIRef
    id: str
    tier: str
    severity: Severity
    reach: str
    titles: Mapping[str, str]
    messages: Mapping[str, str]
    hints: Mapping[str, str]
    reason: Mapping[str, str]
    source: str


def texts(graph: Graph, node: Node, predicate: URIRef) -> dict[str, str]:
    """The texts of a property by language."""
    return {
        value.language: str(value)
        for value in graph.objects(node, predicate)
        if isinstance(value, Literal) and value.language in LANGS
    }


def severity_of(graph: Graph, shape: Node) -> URIRef:
    """The severity that a shape states; a violation where it states none."""
    stated = graph.value(shape, SH.severity)
    return stated if isinstance(stated, URIRef) else SH.Violation


def severity_word(severity: Node) -> Severity:
    """The word of a severity; severities of others' making count as violations."""
    return _SEVERITY.get(severity, "violation")


_UNMET: Mapping[str, str] = {
    "sv": "”{name}” uppfyller inte {component} i formen {shape}.",
    "en": "“{name}” does not meet {component} of the shape {shape}.",
}
_SEE: Mapping[str, str] = {
    "sv": "Läs vad formen {shape} kräver.",
    "en": "Read what the shape {shape} asks for.",
}


class Rulebook:
    """The rules of a shapes graph.

    ``stated_suffices``: a shape that no rule speaks for is its own rule, with the words that it states.
    """

    def __init__(self, graph: Graph, stated_suffices: bool = False) -> None:
        self.graph = graph
        self.stated_suffices = stated_suffices

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, by id."""
        found = [self._rule(node) for node in self.graph.subjects(RT.ruleId) if isinstance(node, URIRef)]
        return tuple(sorted(found, key=lambda rule: rule.id))

    @cached_property
    def by_iri(self) -> Mapping[Node, Rule]:
        """The rules by IRI."""
        return {rule.iri: rule for rule in self.rules}

    @cached_property
    def supersedes(self) -> frozenset[tuple[str, str]]:
        """Pairs of rule ids: where the first is found, the second says nothing new."""
        pairs = self.graph.subject_objects(RT.supersedes)
        return frozenset((self.by_iri[a].id, self.by_iri[b].id) for a, b in pairs)

    @cached_property
    def yielding(self) -> frozenset[str]:
        """Ids of rules that keep silent where the value has findings of its own."""
        said = self.graph.subjects(RT.yieldsToFindingsOnValue, Literal(True))
        return frozenset(self.by_iri[node].id for node in said)

    def rule_for(self, shape: Node, component: URIRef) -> Rule:
        """The rule that a result of a shape's constraint component belongs to.

        Raises:
            RodtradError: ``rule-missing`` where nothing declares one.
        """
        key = (shape, component)
        if key not in self._known:
            self._known[key] = self._find(shape, component)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[Node, URIRef], Rule]:
        return {}

    def _find(self, shape: Node, component: URIRef) -> Rule:
        if shape in self.by_iri:
            return self.by_iri[shape]
        if self.stated_suffices and (shape, RT.tier, None) not in self.graph and self._words(shape):
            return self._stated(shape, component)
        general = []
        for node in self.graph.subjects(RT.forComponent, component):
            condition = self.graph.value(node, RT.whenShapeHas)
            if condition is None:
                general.append((1, node))
            elif any(
                (v, condition, None) in self.graph for v in self.graph.objects(shape, parameter_of(component))
            ):
                general.append((0, node))
        if not general and self.stated_suffices:
            return self._stated(shape, component)
        if not general:
            raise RodtradError(
                Problem("rule-missing", Where(iri=str(shape)), {"component": component, "shape": shape})
            )
        return self.by_iri[min(general, key=lambda pair: (pair[0], str(pair[1])))[1]]

    def _words(self, shape: Node) -> dict[str, str]:
        """What the shape or its query says when it is not met; a text in one language serves for both."""
        holders = (shape, *self.graph.objects(shape, SH.sparql))
        said = [text for holder in holders for text in self.graph.objects(holder, SH.message)]
        found = {text.language or "": str(text) for text in said if isinstance(text, Literal)}
        return {lang: found.get(lang) or found[min(found)] for lang in LANGS} if found else {}

    def _stated(self, shape: Node, component: URIRef) -> Rule:
        """A rule made of what the shape itself states."""
        name = shape_name(self.graph, shape)
        kind = str(component).rpartition("#")[2].rpartition("/")[2].removesuffix("ConstraintComponent")
        values = {"name": "{?this}", "component": kind, "shape": name}
        words = self._words(shape)
        return Rule(
            iri=URIRef(name),
            id=name.rpartition("#")[2].rpartition("/")[2],
            tier="",
            severity=severity_word(severity_of(self.graph, shape)),
            reach="",
            titles={},
            messages=words or {lang: _UNMET[lang].format(**values) for lang in LANGS},
            hints={lang: _SEE[lang].format(**values) for lang in LANGS},
            reason={},
            source=name,
        )

    def _rule(self, node: URIRef) -> Rule:
        def local(predicate: URIRef) -> str:
            return str(self.graph.value(node, predicate) or "").rpartition("/")[2]

        return Rule(
            iri=node,
            id=str(self.graph.value(node, RT.ruleId)),
            tier=local(RT.tier),
            severity=severity_word(severity_of(self.graph, node)),
            reach=local(RT.reach),
            titles=texts(self.graph, node, RDFS.label),
            messages=texts(self.graph, node, SH.message),
            hints=texts(self.graph, node, RT.hint),
            reason=texts(self.graph, node, RT.reason),
            source=str(self.graph.value(node, DCTERMS.source) or ""),
        )


def is_rule(graph: Graph, node: Node) -> bool:
    """Whether the graph declares the node as a rule."""
    return (node, RDF.type, RT.Rule) in graph
