"""The page of an actor: what it takes part in, in which roles, and with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from markupsafe import Markup

from ..ontology.problems import Lang
from .backend import Backend, ask
from .moment import backend_of
from .network_svg import Node, network
from .rendering import language_of, links_of
from .texts import text
from .words import Labels, Value, iri_of, iris_in

MOST_THINGS = 14
MOST_OTHERS = 14


@dataclass(frozen=True)
class TakesPart:
    """One thing that the actor takes part in."""

    thing: Value
    roles: tuple[Value, ...]
    places: tuple[Value, ...]
    others: tuple[Value, ...]


@dataclass(frozen=True)
class Network:
    """All participations, and the other actors with how many things they share with this one."""

    parts: tuple[TakesPart, ...]
    others: tuple[tuple[Value, int], ...]

    @property
    def roles(self) -> tuple[tuple[str, int], ...]:
        """How many participations state each role, in the order of the alphabet."""
        told = Counter(role.text for part in self.parts for role in part.roles)
        return tuple(sorted(told.items()))


def read_network(backend: Backend, actor: str, lang: Lang) -> Network:
    """Read the participations of an actor, in the order of county and name."""
    rows = ask(backend, "actor-network", actor=actor)
    labels = Labels(backend, iris_in(rows), lang)
    told: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        one = told.setdefault(iri_of(row["thing"]), {"role": set(), "place": set(), "other": set()})
        for name, found in one.items():
            if name in row:
                found.add(iri_of(row[name]))

    def values(iris: set[str]) -> tuple[Value, ...]:
        return tuple(sorted((Value(labels.words(one), one) for one in iris), key=lambda one: one.text))

    parts = [
        TakesPart(Value(labels.words(iri), iri), *(values(one[name]) for name in ("role", "place", "other")))
        for iri, one in told.items()
    ]
    parts.sort(
        key=lambda one: ([place.iri or "" for place in one.places], one.thing.text, one.thing.iri or "")
    )
    shared = Counter(iri for one in told.values() for iri in one["other"])
    order = sorted(shared, key=lambda iri: (-shared[iri], labels.words(iri).text, iri))
    return Network(tuple(parts), tuple((Value(labels.words(iri), iri), shared[iri]) for iri in order))


def actor_values(request: Request, iri: str) -> Mapping[str, Any]:
    """What the page of an actor shows beside its fields."""
    backend, lang = backend_of(request), language_of(request)
    found = read_network(backend, iri, lang)
    name = Labels(backend, [iri], lang).words(iri).text
    shown = found.parts[:MOST_THINGS]
    # Those drawn are who take part in most of what is drawn, then by name: a choice of room, no ranking.
    here = Counter(other.iri for part in shown for other in part.others)
    others = [one for one, _ in found.others if one.iri in here][:MOST_OTHERS]
    return {
        "network": found,
        "network_things": len(shown),
        "network_others": len(others),
        "network_picture": _picture(iri, name, shown, others, request) if shown else None,
    }


def _picture(
    iri: str, name: str, parts: tuple[TakesPart, ...], others: list[Value], request: Request
) -> Markup:
    lang = language_of(request)
    things = [
        Node(part.thing.iri or "", part.thing.text, ", ".join(role.text for role in part.roles))
        for part in parts
    ]
    links = [(part.thing.iri or "", other.iri or "") for part in parts for other in part.others]
    drawn = network(
        Node(iri, name),
        things,
        [Node(one.iri or "", one.text) for one in others],
        links,
        text("actor_picture", lang, name=name),
        links_of(request).resource,
    )
    return Markup(drawn)  # noqa: S704 - network escapes every text that it writes
