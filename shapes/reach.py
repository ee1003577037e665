"""What a publication is judged together with, and whose findings a new version of it may change.

Two publications are neighbours when something that one describes refers to something that the other
describes, straight or through others, or when a third thing refers to both. Neighbours are taken in whole. Of
all the rest only those statements are taken in that the rules of reach nation look at. The findings are those
of a run over everything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, Graph, URIRef, Variable
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from .constraints import declared
from .execution import run
from .findings import assemble
from .library import Library, library
from .report import MAX_FINDINGS, Finding, Report
from .rulebook import Rule
from .scope import Scope
from .validation import validate

NATION = "nation"
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_NAMES = (RDFS.label, SKOS.prefLabel, DCTERMS.title)
_SUBJECT = re.compile(rb"^(\S+) ", re.MULTILINE)
_REFERENCE = re.compile(rb"^(\S+) \S+ (<[^>\s]*>|_:\S+) \.$", re.MULTILINE)
_COMPARED = 100_000

_Key = tuple[str, str, str, str, str]
Publications = Mapping[str, bytes]
"""N-Triples by graph IRI."""


@dataclass(frozen=True)
class Effect:
    """What somebody else's new version means for one publication."""

    publication: str
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]

    def as_dict(self) -> dict[str, object]:
        """Counts by rule, and the first of the resources that have a new finding."""
        return {
            "new": dict(sorted(Counter(one.rule for one in self.new).items())),
            "gone": dict(sorted(Counter(one.rule for one in self.gone).items())),
            "resources": sorted({one.focus for one in self.new})[:10],
        }


class Links:
    """What refers to what, over all publications."""

    def __init__(self, publications: Publications) -> None:
        self._described = {graph: set(_SUBJECT.findall(data)) for graph, data in publications.items()}
        self._holders: dict[bytes, list[str]] = {}
        for graph, subjects in self._described.items():
            for subject in subjects:
                self._holders.setdefault(subject, []).append(graph)
        self._to: dict[bytes, set[bytes]] = {}
        self._from: dict[bytes, set[bytes]] = {}
        for data in publications.values():
            for subject, thing in _REFERENCE.findall(data):
                if thing in self._holders:
                    self._to.setdefault(subject, set()).add(thing)
                    self._from.setdefault(thing, set()).add(subject)

    def near(self, nodes: Iterable[bytes]) -> frozenset[str]:
        """The publications that describe any of the nodes, what these lead to, what leads to them, or what
        the latter lead to."""
        start = set(nodes)
        before = _closure(start, self._from)
        reached = _closure(start, self._to) | _closure(before, self._to)
        return frozenset(graph for node in reached for graph in self._holders.get(node, ()))

    def neighbours(self, graph: str) -> frozenset[str]:
        """The other publications that are near to what this one describes."""
        return self.near(self._described[graph]) - {graph}


def _closure(start: Iterable[bytes], links: Mapping[bytes, set[bytes]]) -> set[bytes]:
    found, waiting = set(start), list(start)
    while waiting:
        fresh = links.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


def judge(
    graph: str,
    publications: Publications,
    vocabulary: Sequence[bytes],
    tier: str,
    shapes: Library | None = None,
    cap: int = MAX_FINDINGS,
) -> Report:
    """Validate one publication with the others that the rules' reach implies.

    Args:
        graph: The publication that is judged; ``publications`` holds it too.
        publications: All that are current, the judged one in its new version.
        vocabulary: What every publication may use.
        tier: As for ``validate``.
        shapes: Other shapes than the package's own; of these nobody says how far they look, so they get
            everything.
        cap: As for ``validate``.
    """
    own = shapes or library()
    near = Links(publications).neighbours(graph)
    rest = [data for one, data in publications.items() if one not in near and one != graph]
    if shapes is None:
        rest = [part for part in (_slice(data, _looked_at(own, tier)) for data in rest) if part]
    context = [*vocabulary, *(publications[one] for one in sorted(near)), *rest]
    return validate(publications[graph], context, tier, shapes=shapes, cap=cap)


def effects(
    old: Publications,
    new: Publications,
    vocabulary: Sequence[bytes],
    tiers: Mapping[str, str],
) -> tuple[Effect, ...]:
    """Which findings other publications get or lose when ``old`` becomes ``new``.

    Args:
        old: All publications as they stand.
        new: All as they are to be; those that differ, came or went are the ones changed.
        vocabulary: What every publication may use.
        tiers: The tier of each publication that is to be told; the others are passed over.
    """
    changed = {one for one in {*old, *new} if old.get(one) != new.get(one)}
    told = {one for one in {*old} & {*new} - changed if one in tiers}
    if not changed or not told:
        return ()
    touched = {
        line.split(b" ", 1)[0]
        for one in changed
        for line in {*old.get(one, b"").splitlines()} ^ {*new.get(one, b"").splitlines()}
    }
    near = Links(old).near(touched) | Links(new).near(touched)
    found: list[Effect] = []
    for tier in sorted({tiers[one] for one in told}):
        same = {one for one in told if tiers[one] == tier}
        concerned = same & near | _changed_nationwide(same - near, changed, old, new, vocabulary, tier)
        was, now = (_each(concerned, state, vocabulary, tier) for state in (old, new))
        for one in concerned:
            came = tuple(finding for key, finding in now[one].items() if key not in was[one])
            went = tuple(finding for key, finding in was[one].items() if key not in now[one])
            if came or went:
                found.append(Effect(one, came, went))
    return tuple(sorted(found, key=lambda effect: effect.publication))


def _each(
    chosen: set[str], publications: Publications, vocabulary: Sequence[bytes], tier: str
) -> dict[str, dict[_Key, Finding]]:
    """The findings of each of some publications, all found in one run."""
    if not chosen:
        return {}
    shapes = library()
    reached = Links(publications).near(
        subject for one in chosen for subject in _SUBJECT.findall(publications[one])
    )
    looked_at = _looked_at(shapes, tier)
    rest = [
        data if one in reached else _slice(data, looked_at)
        for one, data in publications.items()
        if one not in chosen
    ]
    scope = Scope(b"".join(publications[one] for one in sorted(chosen)), [*vocabulary, *rest])
    raws = list(run(shapes.program(shapes.tier(tier)), scope, Counter(), _COMPARED))
    found = {}
    for one in chosen:
        described = {term.decode().strip("<>") for term in _SUBJECT.findall(publications[one])}
        own = [raw for raw in raws if raw.focus in described]
        found[one] = _findings(assemble(own, shapes, scope, shapes.tier(tier), Counter(), _COMPARED))
    return found


def _findings(report: Report) -> dict[_Key, Finding]:
    return {
        (one.rule, one.severity, one.focus, one.path or "", one.value or ""): one for one in report.findings
    }


def _changed_nationwide(
    far: set[str],
    changed: set[str],
    old: Publications,
    new: Publications,
    vocabulary: Sequence[bytes],
    tier: str,
) -> set[str]:
    """Those of ``far`` for which the rules of reach nation no longer find the same."""
    looked_at = _looked_at(library(), tier)
    was = {one: _slice(old.get(one, b""), looked_at) for one in changed}
    now = {one: _slice(new.get(one, b""), looked_at) for one in changed}
    if was == now or not looked_at:
        return set()
    parts = {one: _slice(data, looked_at) for one, data in old.items() if one not in changed}
    data = b"".join(parts[one] for one in sorted(far))
    context = [*vocabulary, *(part for one, part in parts.items() if one not in far)]
    shapes = _nationwide(library(), tier)
    first, second = (
        _findings(validate(data, [*context, *one.values()], tier, shapes=shapes, cap=_COMPARED))
        for one in (was, now)
    )
    foci = {f"<{key[2]}>".encode() for key in first.keys() ^ second.keys()}
    return {one for one in far if foci & set(_SUBJECT.findall(parts[one]))}


def _slice(data: bytes, predicates: frozenset[str] | None) -> bytes:
    """The statements with one of the predicates; ``None`` = all."""
    if predicates is None:
        return data
    return b"".join(_lines(predicates).findall(data)) if predicates else b""


@lru_cache(maxsize=8)
def _lines(predicates: frozenset[str]) -> re.Pattern[bytes]:
    names = "|".join(re.escape(f"<{one}>") for one in sorted(predicates))
    return re.compile(rf"^\S+ (?:{names}) .*\n?".encode(), re.MULTILINE)


@lru_cache(maxsize=8)
def _nationwide(shapes: Library, tier: str) -> Library:
    """The same shapes, of which only those of reach nation have targets."""
    wanted = {rule.iri for rule in _nation_rules(shapes, tier)}
    chosen = Graph(bind_namespaces="none")
    for s, p, o in shapes.graph:
        if p not in _TARGETS or s in wanted:
            chosen.add((s, p, o))
    return Library(chosen)


@lru_cache(maxsize=8)
def _nation_rules(shapes: Library, tier: str) -> tuple[Rule, ...]:
    """The rules at a tier that may look at any publication."""
    targets = {s for p in _TARGETS for s in shapes.at(shapes.tier(tier)).subjects(p)}
    return tuple(
        rule
        for rule in shapes.rulebook.rules
        if rule.iri in targets
        and (rule.reach == NATION or any(_wanders(query) for query, _ in _queries(shapes, rule.iri)))
    )


@lru_cache(maxsize=8)
def _looked_at(shapes: Library, tier: str) -> frozenset[str] | None:
    """The properties that the rules of reach nation use, names included; ``None`` = any."""
    rules = _nation_rules(shapes, tier)
    used: set[str] = {str(one) for one in (RDF.type, *_NAMES)} if rules else set()
    for rule in rules:
        for p in (SH.targetSubjectsOf, SH.targetObjectsOf):
            used |= {str(one) for one in shapes.graph.objects(rule.iri, p)}
        for query, prefixes in _queries(shapes, rule.iri):
            if any(_any_property(part) for part in _parts(query)):
                return None
            used |= {
                prefixes[part.prefix or ""] + part.localname
                for part in _parts(query)
                if isinstance(part, CompValue) and part.name == "pname"
            }
            used |= {str(part) for part in _parts(query) if isinstance(part, URIRef)}
    return frozenset(used)


def _queries(shapes: Library, shape: Node) -> Iterator[tuple[object, Mapping[str, str]]]:
    """The queries of a shape, parsed, each with its prefixes."""
    for constraint in shapes.graph.objects(shape, SH.sparql):
        for text in shapes.graph.objects(constraint, SH.select):
            yield parseQuery(str(text)), declared(shapes.graph, constraint)


def _parts(tree: object) -> Iterator[object]:
    """Everything in a parsed query, itself first."""
    yield tree
    if isinstance(tree, CompValue):
        for value in tree.values():
            yield from _parts(value)
    elif isinstance(tree, Iterable) and not isinstance(tree, str):
        for value in tree:
            yield from _parts(value)


def _any_property(part: object) -> bool:
    """Whether something may stand for any property: a variable, or all but those named."""
    if not isinstance(part, CompValue):
        return False
    if part.name == "TriplesBlock":
        return any(isinstance(one, Variable) for triples in part.triples for one in list(triples)[1::3])
    return part.name == "PathNegatedPropertySet"


def _wanders(query: object) -> bool:
    """Whether a path goes backwards any number of times: it may lead anywhere."""
    for part in _parts(query):
        if isinstance(part, CompValue) and part.name in ("PathElt", "PathEltOrInverse"):
            within = [one for one in _parts(part) if isinstance(one, CompValue)]
            back = any(one.name == "PathEltOrInverse" for one in within)
            if back and any(one.name == "PathElt" and one.mod in ("+", "*") for one in within):
                return True
    return False
