"""A thread through the graph: its things, its links, its paths, where it is weak and where it stops."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ..ontology.problems import Lang

Kind = Literal["causal", "definitional", "money", "governance", "whole-work"]
Traceability = Literal["high", "medium", "low"]

CAUSAL: frozenset[Kind] = frozenset({"causal", "definitional", "money"})
_STATED = "/basis/stated"
_HIGH = "/external-influence/high"

_WORDS: Mapping[str, Mapping[Lang, str]] = {
    "not-achieved": {
        "sv": "minst ett av leden är inte uppnått ({states})",
        "en": "at least one end is not achieved ({states})",
    },
    "interpreted": {"sv": "länken är tolkad, inte angiven", "en": "the link is interpreted, not stated"},
    "basis-unknown": {
        "sv": "det sägs inte om länken är angiven eller tolkad",
        "en": "it is not said whether the link is stated or interpreted",
    },
    "no-evidence": {"sv": "inget belägg anges", "en": "no evidence is given"},
    "external-influence": {
        "sv": "yttre faktorer spelar in starkt",
        "en": "external factors play in strongly",
    },
    "sound": {"sv": "inget svagt led", "en": "no weak part"},
    "causal": {"sv": "Orsak och verkan", "en": "Cause and effect"},
    "governance": {"sv": "Styrning", "en": "Governance"},
    "both": {"sv": "Orsak och verkan, vidare till styrning", "en": "Cause and effect, on to governance"},
    "whole-work": {
        "sv": "Arbetet som helhet (gäller inte den enskilda saken)",
        "en": "The work as a whole (not the single thing)",
    },
    "weakest": {"sv": "Svagast", "en": "Weakest"},
    "traceability": {"sv": "Spårbarhet", "en": "Traceability"},
    "high": {"sv": "hög", "en": "high"},
    "medium": {"sv": "medel", "en": "medium"},
    "low": {"sv": "låg", "en": "low"},
    "stops": {"sv": "Slutar", "en": "Stops"},
    "none": {"sv": "Ingen väg vidare i data.", "en": "No way on in the data."},
    "truncated": {
        "sv": "Tråden är större än så och visas inte hel.",
        "en": "The thread is larger and not shown whole.",
    },
    "granted": {"sv": "beviljat", "en": "granted"},
    "paid": {"sv": "utbetalt", "en": "paid"},
    "constructed": {"sv": "konstruerat", "en": "constructed"},
}
_RANK: Mapping[str, tuple[int, Traceability]] = {
    "not-achieved": (0, "low"),
    "interpreted": (1, "low"),
    "basis-unknown": (2, "low"),
    "no-evidence": (3, "medium"),
    "external-influence": (4, "medium"),
    "sound": (5, "high"),
}


@dataclass(frozen=True)
class Named:
    """A resource and its label in the language of the trace."""

    iri: str
    label: str


@dataclass(frozen=True)
class Money:
    """What a resource or intervention is said to cost, as it is published: never divided over effects.

    ``granted`` and ``paid`` are in kronor; ``amount`` is a resource's value in ``unit``.
    """

    fund: Named | None = None
    granted: str | None = None
    paid: str | None = None
    amount: str | None = None
    unit: str | None = None
    case: str | None = None


@dataclass(frozen=True)
class Node:
    """A thing of the thread. ``state`` is its status, state or process status; ``level`` its chain level."""

    iri: str
    label: str
    cls: Named | None = None
    level: Named | None = None
    state: Named | None = None
    publication: Named | None = None
    source: Named | None = None
    section: str | None = None
    constructed: bool = False
    money: Money | None = None


@dataclass(frozen=True)
class Link:
    """One step upwards, from what comes first to what follows from it or stands above it.

    Attributes:
        kind: causal (a claimed cause), definitional (what belongs together by definition: an output and its
            activity, an effect and the objective it serves), money (a resource and its use), governance
            (what a thing stands under; no cause), whole-work (said of a region's work as a whole).
        relation: The property, and what it says when read upwards.
        link: The resource that states the cause, where there is one.
        state: Whether both ends are achieved; ``None`` where that has no meaning.
        weakness: What is weak about it, worst first: not-achieved, interpreted, basis-unknown, no-evidence,
            external-influence, or sound.
    """

    start: str
    end: str
    kind: Kind
    relation: Named
    link: str | None = None
    basis: Named | None = None
    state: Literal["achieved", "not-achieved"] | None = None
    assumption: str | None = None
    evidence: str | None = None
    external: Named | None = None
    contribution: Named | None = None
    level: Named | None = None
    publication: Named | None = None
    source: Named | None = None
    section: str | None = None

    @property
    def weakness(self) -> str:
        if self.state == "not-achieved":
            return "not-achieved"
        if self.basis is None:
            return "basis-unknown"
        if not self.basis.iri.endswith(_STATED):
            return "interpreted"
        if self.kind == "causal" and not self.evidence:
            return "no-evidence"
        if self.external and self.external.iri.endswith(_HIGH):
            return "external-influence"
        return "sound"


@dataclass(frozen=True)
class Path:
    """A way from the start to where the thread ends, in the order in which it is walked."""

    links: tuple[Link, ...]

    @property
    def kind(self) -> Literal["causal", "governance", "both"]:
        kinds = {link.kind for link in self.links}
        if kinds <= CAUSAL:
            return "causal"
        return "both" if kinds & CAUSAL else "governance"

    @property
    def weakest(self) -> Link:
        """The first of its weakest links: a chain holds no better than that."""
        return min(self.links, key=lambda link: _RANK[link.weakness][0])

    @property
    def traceability(self) -> Traceability:
        return _RANK[self.weakest.weakness][1]


@dataclass(frozen=True)
class Break:
    """A thing where the thread stops, and what is missing for it to go on."""

    node: str
    missing: Named
    words: str


@dataclass(frozen=True)
class Trace:
    """The thread from ``start`` upwards to effects, objectives and strategy, or downwards to money.

    Attributes:
        whole_work: What the region's work as a whole is tied to: it is no path of ``start``.
        truncated: There is more than the limits let through.
    """

    start: Node
    direction: Literal["up", "down"]
    lang: Lang
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    paths: tuple[Path, ...]
    breaks: tuple[Break, ...]
    whole_work: tuple[Link, ...] = ()
    truncated: bool = False
    generation: int | None = None

    def node(self, iri: str) -> Node:
        """The thing with that IRI."""
        return next((node for node in self.nodes if node.iri == iri), Node(iri, iri))

    def why(self, path: Path, lang: Lang | None = None) -> str:
        """What is weak in the weakest link of a path, in words."""
        weakest = path.weakest
        ends = (self.node(weakest.start), self.node(weakest.end))
        states = ", ".join(dict.fromkeys(end.state.label for end in ends if end.state))
        return _WORDS[weakest.weakness][lang or self.lang].format(states=states or "–")

    def as_dict(self) -> dict[str, Any]:
        """The trace as JSON values."""
        return {
            "start": self.start.iri,
            "direction": self.direction,
            "lang": self.lang,
            "generation": self.generation,
            "truncated": self.truncated,
            "nodes": [_node(node) for node in self.nodes],
            "links": [_link(link) for link in self.links],
            "paths": [
                {
                    "kind": path.kind,
                    "links": [self.links.index(link) for link in path.links],
                    "weakest": self.links.index(path.weakest),
                    "weakness": path.weakest.weakness,
                    "why_sv": self.why(path, "sv"),
                    "why_en": self.why(path, "en"),
                    "traceability": path.traceability,
                }
                for path in self.paths
            ],
            "breaks": [asdict(one) for one in self.breaks],
            "whole_work": [_link(link) for link in self.whole_work],
        }

    def to_json(self) -> str:
        """The trace as JSON text; the links of a path are places in ``links``, counted from 0."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)

    def to_text(self, lang: Lang | None = None) -> str:
        """The trace for a terminal: each path by its kind, with its weakest part and where it stops."""
        said = lang or self.lang
        lines = [_described(self.start, said)]
        for kind in ("causal", "both", "governance"):
            some = [path for path in self.paths if path.kind == kind]
            if some:
                lines += ["", _WORDS[kind][said]]
            for number, path in enumerate(some, 1):
                lines += self._path_text(number, path, said)
        if not self.paths:
            lines += ["", _WORDS["none"][said], *self._stops(self.start.iri, said)]
        if self.whole_work:
            lines += ["", _WORDS["whole-work"][said]]
            lines += [f"  {self.node(link.start).label}" for link in self.whole_work[:1]]
            lines += [f"    → {_step(self.node(link.end), link, said)}" for link in self.whole_work]
        if self.truncated:
            lines += ["", _WORDS["truncated"][said]]
        return "\n".join(lines)

    def _path_text(self, number: int, path: Path, lang: Lang) -> list[str]:
        up = self.direction == "up"
        arrow = "→" if up else "←"
        there = [link.end if up else link.start for link in path.links]
        lines = [
            f"     {arrow} {_step(self.node(iri), link, lang)}"
            for iri, link in zip(there, path.links, strict=True)
        ]
        lines[0] = f"{f'{number}.':>4}" + lines[0][4:]
        words = f"{_WORDS['weakest'][lang]}: {self.why(path, lang)}"
        words += f". {_WORDS['traceability'][lang]}: {_WORDS[path.traceability][lang]}"
        return [*lines, *self._stops(there[-1], lang), f"     {words}"]

    def _stops(self, iri: str, lang: Lang) -> list[str]:
        return [f"     {_WORDS['stops'][lang]}: {one.words}" for one in self.breaks if one.node == iri]


def _node(node: Node) -> dict[str, Any]:
    plain = asdict(node)
    return {"class": plain.pop("cls"), **plain}


def _link(link: Link) -> dict[str, Any]:
    return {**asdict(link), "weakness": link.weakness}


def _described(node: Node, lang: Lang) -> str:
    facts = [fact.label for fact in (node.cls, node.state) if fact]
    if node.money:
        facts += _money(node.money, lang)
    if node.constructed:
        facts.append(_WORDS["constructed"][lang])
    return f"{node.label} ({', '.join(facts)})" if facts else node.label


def _money(money: Money, lang: Lang) -> list[str]:
    facts = [money.fund.label] if money.fund else []
    if money.amount:
        facts.append(f"{money.amount} {money.unit or ''}".strip())
    if money.granted:
        facts.append(f"{_WORDS['granted'][lang]} {money.granted} kr")
    if money.paid:
        facts.append(f"{_WORDS['paid'][lang]} {money.paid} kr")
    return facts


def _step(node: Node, link: Link, lang: Lang) -> str:
    facts = [fact.label for fact in (link.basis, link.level) if fact]
    if link.evidence:
        facts.append(link.evidence)
    if link.section:
        facts.append(link.section)
    return f"{link.relation.label}: {_described(node, lang)}  [{'; '.join(facts)}]"
