"""The thread through one resource or one county: walked link by link, a query per step and not per node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..ontology.problems import Lang
from .backend import Backend, Row, ask
from .chain import Chain, Column, Element, Link
from .publications import PublicationView, publications
from .texts import text
from .words import Labels, Words, iri_of, last_part, preference, rt, words_of

GOVERNANCE, RESOURCE, ACTIVITY, OUTPUT, OUTCOME, EFFECT, OBJECTIVE = range(7)
_COLUMNS = ("governance", "resource", "activity", "output", "outcome", "effect", "objective")
_STEPS = 12
# Only what has happened counts as a result: planned is not done.
_HAPPENED = {"achieved", "carried-out", "ongoing"}
_NOT_HAPPENED = {"not-achieved", "cancelled", "not-begun"}
_SERVES = {rt("serves"), rt("addresses")}


@dataclass(frozen=True)
class _Ends:
    """What leads to something, and what something leads to."""

    causes: frozenset[str]
    effects: frozenset[str]


@dataclass(frozen=True)
class Thread:
    """A chain with the publications that it was read from, and whether any objective is stated in it."""

    chain: Chain
    publications: tuple[PublicationView, ...]
    has_objective: bool

    @property
    def constructed(self) -> bool:
        return any(one.constructed for one in self.publications)


def of_resource(backend: Backend, iri: str, lang: Lang, most: int) -> Thread:
    """Everything that leads to a resource and everything that it leads to."""
    walk = _Walk(backend, most)
    walk.go([iri], "right")
    walk.go([iri], "left")
    return _thread(backend, walk, {iri}, lang)


def of_region(backend: Backend, region: str, lang: Lang, most: int) -> Thread:
    """All that is told about a county's work, with what governs it."""
    walk = _Walk(backend, most)
    own = [iri_of(row["element"]) for row in ask(backend, "thread-of-region", region=region)]
    walk.take(own)
    walk.go(own[:most], "left")
    walk.go(own[:most], "right")
    return _thread(backend, walk, set(), lang)


class _Walk:
    """Collects links to the left (causes, what governs) and to the right (effects, what is governed)."""

    def __init__(self, backend: Backend, most: int) -> None:
        self.backend = backend
        self.most = most
        self.seen: dict[str, None] = {}
        self.hidden: set[str] = set()
        self.rows: dict[tuple[str, str, str], Row] = {}

    def take(self, iris: Sequence[str]) -> list[str]:
        """Remember new resources as far as there is room; return those that there was room for."""
        taken = []
        for iri in iris:
            if iri in self.seen:
                continue
            if len(self.seen) < self.most:
                self.seen[iri] = None
                taken.append(iri)
            else:
                self.hidden.add(iri)
        return taken

    def go(self, start: Sequence[str], side: str) -> None:
        """Walk to one side until nothing new is found."""
        query, fixed = ("thread-from", "left") if side == "right" else ("thread-to", "right")
        frontier = list(start)
        self.take(frontier)
        for _ in range(_STEPS):
            if not frontier:
                return
            rows = ask(self.backend, query, **{fixed: frontier})
            for row in rows:
                key = (iri_of(row["left"]), iri_of(row["right"]), iri_of(row["relation"]))
                self.rows.setdefault(key, row)
            frontier = self.take([iri_of(row[side]) for row in rows])


def _thread(backend: Backend, walk: _Walk, focus: set[str], lang: Lang) -> Thread:
    facts: dict[str, list[Row]] = {}
    for row in ask(backend, "thread-elements", element=list(walk.seen)):
        facts.setdefault(iri_of(row["element"]), []).append(row)
    rows = {key: row for key, row in walk.rows.items() if key[0] in facts and key[1] in facts}
    graphs = {iri_of(row["publication"]) for one in facts.values() for row in one if "publication" in row}
    all_publications = {one.iri: one for one in publications(backend, lang)} if graphs else {}
    said_in = tuple(all_publications[graph] for graph in sorted(graphs) if graph in all_publications)
    interpreted = {one.iri: one.interpreted for one in said_in}
    concepts = {
        iri
        for one in facts.values()
        for row in one
        for name in ("class", "chainLevel", "state", "status")
        if name in row
        for iri in (iri_of(row[name]),)
    }
    labels = Labels(backend, concepts, lang)
    placed = _columns(facts, rows)
    links = tuple(_link(row, facts, interpreted, labels) for row in rows.values())
    ends = _Ends(
        frozenset(one.left for one in links if one.causal),
        frozenset(one.right for one in links if one.causal),
    )
    elements = [
        _element(iri, facts[iri], placed[iri], ends, iri in focus, labels, bool(walk.hidden))
        for iri in walk.seen
        if iri in facts
    ]
    elements.sort(key=lambda one: (one.column, one.iri))
    count = OBJECTIVE + (1 if OBJECTIVE in placed.values() else 0)
    columns = tuple(
        Column(text(f"column_{one}", lang), text(f"empty_{one}", lang)) for one in _COLUMNS[:count]
    )
    aims = {iri_of(row["class"]) for one in facts.values() for row in one if "class" in row}
    return Thread(Chain(columns, tuple(elements), links, len(walk.hidden)), said_in, rt("Objective") in aims)


def _columns(facts: dict[str, list[Row]], rows: dict[tuple[str, str, str], Row]) -> dict[str, int]:
    """The level column of each element. A result stands at the level that it is said to have; an objective
    that an effect serves stands after the effects, unless work points to it directly."""
    placed: dict[str, int] = {}
    for iri, own in facts.items():
        column = max(int(iri_of(row["level"])) for row in own)
        order = next((int(iri_of(row["order"])) for row in own if "order" in row), None)
        placed[iri] = column if order is None or column == GOVERNANCE else min(order, OUTCOME) + 1
    governed = {
        left for left, right, relation in rows if relation not in _SERVES and placed[right] != GOVERNANCE
    }
    for _left, right, relation in rows:
        if relation in _SERVES and right not in governed:
            placed[right] = OBJECTIVE
    return placed


def _state_of(own: Sequence[Row]) -> str:
    return next(
        (last_part(iri_of(row[name])) for row in own for name in ("state", "status") if name in row), ""
    )


def _link(
    row: Row, facts: dict[str, list[Row]], interpreted: dict[str, frozenset[str]], labels: Labels
) -> Link:
    lang = labels.lang
    left, right, relation = (iri_of(row[name]) for name in ("left", "right", "relation"))
    causal = iri_of(row["causal"]) == "true"
    graphs = {
        iri_of(fact["publication"]) for end in (left, right) for fact in facts[end] if "publication" in fact
    }
    basis = last_part(iri_of(row["basis"])) if "basis" in row else ""
    if any(relation in interpreted.get(graph, ()) for graph in graphs):
        basis = "interpreted"
    elif not basis and relation != rt("leadsTo"):
        # A publication names the fields that it has interpreted; the others are stated.
        basis = "stated"
    state = _link_state(_state_of(facts[left]), _state_of(facts[right])) if causal else "governs"
    sections = [fact["source"] for end in (right, left) for fact in facts[end] if "source" in fact]
    source = iri_of(row["source"]) if "source" in row else iri_of(sections[0]) if sections else ""
    return Link(
        left=left,
        right=right,
        relation=text("relation_" + last_part(relation), lang),
        causal=causal,
        basis=basis,
        state=state,
        basis_words=text("basis_" + (basis or "none"), lang),
        state_words=text("linkstate_" + state, lang),
        contribution=last_part(iri_of(row["contribution"])) if "contribution" in row else "",
        source=source,
    )


def _link_state(left: str, right: str) -> str:
    if right in _NOT_HAPPENED or left in _NOT_HAPPENED:
        return "not-achieved"
    happened = (not left or left in _HAPPENED) and (not right or right in _HAPPENED)
    return "achieved" if happened else "expected"


def _element(
    iri: str, own: list[Row], column: int, ends: _Ends, focus: bool, labels: Labels, cut: bool
) -> Element:
    lang = labels.lang
    names = sorted((row["label"] for row in own if "label" in row), key=lambda term: preference(term, lang))
    first = own[0]
    kind = labels.words(iri_of(first["chainLevel"] if "chainLevel" in first else first["class"])).text
    state = next(
        (labels.words(iri_of(first[name])).text for name in ("state", "status") if name in first), ""
    )
    return Element(
        iri=iri,
        label=words_of(names[0]) if names else Words(last_part(iri)),
        column=column,
        kind=kind,
        state=state,
        state_key=_state_of(own),
        gap="" if cut else _gap(iri, column, _state_of(own), ends, lang),
        focus=focus,
        source=iri_of(first["source"]) if "source" in first else "",
        class_name=last_part(iri_of(first["class"])),
        regions=tuple(sorted({iri_of(row["region"]) for row in own if "region" in row})),
        years=_years(own),
    )


def _years(own: Sequence[Row]) -> tuple[int, ...]:
    """The first and the last year that are stated; nothing where none is."""
    found = [iri_of(row["period"])[:4] for row in own if "period" in row]
    years = sorted(int(one) for one in found if one.isdecimal() and one.isascii())
    return (years[0], years[-1]) if years else ()


def _gap(iri: str, column: int, state: str, ends: _Ends, lang: Lang) -> str:
    """Why the thread breaks at an element: nothing leads there, or it leads nowhere."""
    if column in (GOVERNANCE, OBJECTIVE):
        return ""
    said = []
    if column >= OUTPUT and iri not in ends.effects:
        said.append(text("gap_no_cause", lang))
    if column == EFFECT and state not in _NOT_HAPPENED:
        return " ".join(said)
    if iri not in ends.causes:
        said.append(text("gap_not_reached" if state in _NOT_HAPPENED else "gap_leads_nowhere", lang))
    return " ".join(said)


def leaving(chain: Chain) -> dict[str, list[Link]]:
    """The links that leave each element: what the table beside the picture shows."""
    found: dict[str, list[Link]] = {one.iri: [] for one in chain.elements}
    for link in chain.links:
        if link.right in found and link.left in found:
            found[link.left].append(link)
    return found
