"""From what an engine reports to findings in people's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rdflib import RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ..ontology.names import FORM
from ..ontology.problems import LANGS
from .compiler import parameter_of
from .library import Library
from .report import MAX_FINDINGS, SEVERITIES, Finding, Report
from .rulebook import Rule, severity_of, severity_word, texts
from .scope import Scope, plain_text

_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
_SHOWN_CHARACTERS = 90
_SHOWN_MEMBERS = 14


class Raw(NamedTuple):
    """One result of an engine; terms as ``scope.term_text`` writes them."""

    focus: str
    path: str | None
    value: str | None
    component: URIRef
    shape: Node


LeftOut = Counter[tuple[Node, URIRef]]


class Draft(NamedTuple):
    """A result with its rule, before words are put to it."""

    rule: Rule
    raw: Raw
    severity: URIRef

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes a finding one and the same for its reader."""
        return (self.rule.id, self.raw.focus, self.raw.path or "", self.raw.value or "")


def assemble(
    raws: Iterable[Raw],
    library: Library,
    scope: Scope,
    tier: URIRef,
    left_out: LeftOut,
    cap: int = MAX_FINDINGS,
) -> Report:
    """Put results together as a report: one finding per cause, most severe first, at most ``cap``.

    Args:
        raws: The engine's results.
        library: Where rules are declared.
        scope: Where names of values are found.
        tier: The tier that was asked for.
        left_out: Results that were only counted, by shape and component.
        cap: How many findings the report holds; its totals count them all.
    """
    drafts = _once(raws, library)
    ordered = sorted(drafts, key=lambda draft: (SEVERITIES.index(severity_word(draft.severity)), *draft.key))
    counts = Counter(draft.rule.id for draft in drafts)
    severities = Counter(severity_word(draft.severity) for draft in drafts)
    for (shape, component), number in left_out.items():
        counts[library.rulebook.rule_for(shape, component).id] += number
        severities[severity_word(severity_of(library.graph, shape))] += number
    shown = ordered[:cap]
    words = _Words(library.graph, scope, shown)
    total = len(drafts) + sum(left_out.values())
    return Report(
        tier=str(tier).rpartition("/")[2],
        findings=tuple(words.finding(draft) for draft in shown),
        conforms=total == 0,
        blocks=any(
            library.blocks(tier, draft.rule, draft.severity) and scope.own(draft.raw.focus)
            for draft in drafts
        ),
        total=total,
        counts=dict(counts),
        severities=dict(severities),
    )


def _once(raws: Iterable[Raw], library: Library) -> list[Draft]:
    book = library.rulebook
    found: dict[tuple[str, str, str, str], Draft] = {}
    for raw in sorted(set(raws), key=str):
        draft = Draft(book.rule_for(raw.shape, raw.component), raw, severity_of(library.graph, raw.shape))
        found.setdefault(draft.key, draft)
    at_fault = {draft.raw.focus for draft in found.values()}
    said_better = {
        (lesser, *key[1:]) for key in found for better, lesser in book.supersedes if key[0] == better
    }
    return [
        draft
        for key, draft in found.items()
        if key not in said_better and not (draft.rule.id in book.yielding and draft.raw.value in at_fault)
    ]


class _Words:
    """Messages and hints with their places filled in."""

    def __init__(self, shapes: Graph, scope: Scope, drafts: list[Draft]) -> None:
        self.shapes = shapes
        self.scope = scope
        self._expected: dict[tuple[Node, URIRef], Mapping[str, str]] = {}
        named = {draft.raw.focus for draft in drafts}
        named |= {text for draft in drafts for text in (draft.raw.value, draft.raw.path) if text}
        self.labels = dict(scope.labels(text.removeprefix("^") for text in named if not text.startswith('"')))

    def finding(self, draft: Draft) -> Finding:
        raw = draft.raw
        filled = {lang: self._values(draft, lang) for lang in LANGS}
        return Finding(
            rule=draft.rule.id,
            severity=severity_word(draft.severity),
            focus=raw.focus,
            path=raw.path,
            value=raw.value,
            messages={lang: _fill(draft.rule.messages.get(lang, ""), filled[lang]) for lang in LANGS},
            hints={lang: _fill(draft.rule.hints.get(lang, ""), filled[lang]) for lang in LANGS},
            shape=str(raw.shape) if isinstance(raw.shape, URIRef) else f"_:{raw.shape}",
            component=str(raw.component).rpartition("#")[2],
        )

    def _values(self, draft: Draft, lang: str) -> dict[str, str]:
        raw = draft.raw
        column = texts(self.shapes, raw.shape, SH.name).get(lang)
        return {
            "this": self._name(raw.focus, lang),
            "value": self._name(raw.value, lang) if raw.value is not None else "",
            "column": column or (self._name(raw.path.removeprefix("^"), lang) if raw.path else ""),
            "expected": self._expectation(raw.shape, raw.component).get(lang, ""),
        }

    def _name(self, text: str, lang: str) -> str:
        if text.startswith('"'):
            text = plain_text(text)
        elif text in self.labels:
            names = self.labels[text]
            text = names.get(lang) or next(iter(names.values()))
        return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"

    def _expectation(self, shape: Node, component: URIRef) -> Mapping[str, str]:
        """What the constraint asks for, in words: a number, a kind of thing, the members of a list."""
        key = (shape, component)
        if key not in self._expected:
            values = sorted(self.shapes.objects(shape, parameter_of(component)), key=str)
            parts = [self._of(value) for value in values]
            self._expected[key] = {lang: ", ".join(part[lang] for part in parts) for lang in LANGS}
        return self._expected[key]

    def _of(self, value: Node) -> Mapping[str, str]:
        if isinstance(value, Literal):
            return dict.fromkeys(LANGS, str(value))
        members: list[Node] = (
            list(Collection(self.shapes, value)) if (value, None, None) in self.shapes else []
        )
        scheme = self.shapes.value(value, FORM.scheme)
        if scheme is not None:
            query = f"SELECT ?c WHERE {{ ?c <http://www.w3.org/2004/02/skos/core#inScheme> <{scheme}> }}"
            members = [URIRef(row[0].value) for row in self.scope.store.query(query)]  # type: ignore[union-attr]
        iris = sorted(str(member) for member in members or [value])
        names = self.scope.labels(iris)
        both = {}
        for lang in LANGS:
            stated = texts(self.shapes, value, RDFS.label).get(lang)
            found = sorted(names.get(iri, {}).get(lang, _last(iri)) for iri in iris)
            more = ["…"] if len(found) > _SHOWN_MEMBERS else []
            both[lang] = stated or ", ".join(found[:_SHOWN_MEMBERS] + more)
        return both


def _last(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _fill(template: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), template)
