"""A national dataset in our model with made-up counties, the same for the same seed and size.

Each county is one publication: governing documents, objectives, priorities, activities with participants,
outputs, outcomes, effects, results, lessons, obstacles and resources, tied by causal links. About one activity
in twenty has a broken chain, and each county has one effect that leads back to itself, so that rules and
questions about gaps have something to find.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rodtrad.ontology.names import PREFIXES, RT, SCHEME, graph_iri, resource_iri, slug

SYLLABLES = (
    "Al",
    "Berg",
    "Dal",
    "Ek",
    "Fors",
    "Gran",
    "Hed",
    "Is",
    "Kall",
    "Lind",
    "Mo",
    "Norr",
    "Ost",
    "Sten",
)
ENDINGS = ("bro", "by", "hult", "köping", "lunda", "mark", "näs", "sele", "stad", "vik")
COUNTIES = 21
QUADS_PER_ACTIVITY = 63.5
"""Measured over seed 7; used to reach an asked-for size."""

RDF_TYPE = f"<{PREFIXES['rdf']}type>"
LABEL = f"<{PREFIXES['rdfs']}label>"
INTEGER = f"^^<{PREFIXES['xsd']}integer>"
DECIMAL = f"^^<{PREFIXES['xsd']}decimal>"
BOOLEAN = f"^^<{PREFIXES['xsd']}boolean>"

AREAS = ("analysis", "dialogue", "validation", "vocational-adult-education", "learning-centres", "other")
STATUSES = ("planned", "ongoing", "carried-out", "cancelled")
STATES = ("achieved", "expected", "not-achieved", "unclear")
ROLES = ("runs", "takes-part", "coordinates", "funds")


def county_names(seed: int) -> list[str]:
    """Made-up county names; none is a Swedish county."""
    chance = random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < COUNTIES:
        names[chance.choice(SYLLABLES) + chance.choice(ENDINGS) + "s län"] = None
    return list(names)


@dataclass
class County:
    """Writes the N-Quads of one county."""

    name: str
    activities: int
    chance: random.Random

    def __post_init__(self) -> None:
        self.publisher = slug(self.name)
        self.graph = str(graph_iri(self.publisher, "insatser"))

    def quads(self) -> Iterator[str]:
        """All lines of the county's publication."""
        yield from self._publication()
        yield from self._strategy()
        for number in range(self.activities):
            yield from self._thread(number)
        yield from self._loop()

    def _iri(self, kind: str, number: object) -> str:
        return f"<{resource_iri(self.publisher, kind, str(number))}>"

    def _say(self, subject: str, predicate: str, value: str) -> str:
        return f"{subject} {predicate} {value} <{self.graph}> .\n"

    def _rt(self, subject: str, name: str, value: str) -> str:
        return self._say(subject, f"<{RT[name]}>", value)

    def _resource(self, subject: str, cls: str, label: str) -> Iterator[str]:
        yield self._say(subject, RDF_TYPE, f"<{RT[cls]}>")
        yield self._say(subject, LABEL, f'"{label}"@sv')
        yield self._rt(subject, "inPublication", f"<{self.graph}>")

    def _code(self, subject: str, name: str, scheme: str, code: str) -> str:
        return self._rt(subject, name, f"<{SCHEME[f'{scheme}/{code}']}>")

    def _publication(self) -> Iterator[str]:
        this = f"<{self.graph}>"
        yield from self._resource(this, "Publication", f"Insatser i {self.name}")
        yield self._rt(this, "publisher", self._iri("actor", "region"))
        yield self._rt(this, "constructed", f'"true"{BOOLEAN}')
        yield self._code(this, "completeness", "completeness", "complete")
        yield from self._resource(
            self._iri("actor", "region"), "Actor", f"Region {self.name.split('s län')[0]}"
        )
        yield self._code(self._iri("actor", "region"), "actorType", "actor-type", "region")

    def _strategy(self) -> Iterator[str]:
        yield from self._resource(
            self._iri("document", "rus"), "GoverningDocument", "Regional utvecklingsstrategi"
        )
        yield self._code(self._iri("document", "rus"), "documentKind", "document-kind", "rus")
        for number in range(6):
            yield from self._resource(self._iri("objective", number), "Objective", f"Mål {number}")
            yield self._rt(self._iri("objective", number), "under", self._iri("document", "rus"))
        for number in range(20):
            yield from self._resource(self._iri("priority", number), "Priority", f"Prioritering {number}")
            yield self._rt(self._iri("priority", number), "under", self._iri("objective", number % 6))

    def _link(self, name: str, cause: str, effect: str) -> Iterator[str]:
        this = self._iri("link", name)
        yield self._say(this, RDF_TYPE, f"<{RT.CausalLink}>")
        yield self._rt(this, "inPublication", f"<{self.graph}>")
        yield self._rt(this, "cause", cause)
        yield self._rt(this, "effect", effect)
        yield self._code(this, "basis", "basis", "stated" if self.chance.random() < 0.8 else "interpreted")

    def _step(self, kind: str, cls: str, number: int, label: str) -> Iterator[str]:
        this = self._iri(kind, number)
        yield from self._resource(this, cls, label)
        yield self._code(this, "state", "achievement-state", self.chance.choices(STATES, (6, 3, 1, 1))[0])
        if self.chance.random() < 0.5:
            yield self._rt(this, "value", f'"{self.chance.randint(1, 400)}"{DECIMAL}')
            yield self._rt(this, "year", f'"{self.chance.randint(2018, 2025)}"{INTEGER}')

    def _thread(self, number: int) -> Iterator[str]:
        activity = self._iri("activity", number)
        yield from self._resource(activity, "Activity", f"Aktivitet {number} i {self.name}")
        yield self._code(activity, "focusArea", "focus-area", self.chance.choice(AREAS))
        yield self._code(activity, "genericActivity", "generic-activity", str(self.chance.randint(1, 11)))
        yield self._code(
            activity, "status", "activity-status", self.chance.choices(STATUSES, (1, 4, 5, 1))[0]
        )
        if self.chance.random() > 0.05:
            yield self._rt(activity, "priority", self._iri("priority", self.chance.randrange(18)))
        for place in range(self.chance.randint(1, 3)):
            this = self._iri("participation", f"{number}-{place}")
            yield self._say(this, RDF_TYPE, f"<{RT.Participation}>")
            yield self._rt(activity, "participation", this)
            yield self._rt(this, "actor", self._iri("actor", "region"))
            yield self._code(this, "role", "participation-role", self.chance.choice(ROLES))
        yield from self._money(number, activity)
        yield from self._step("output", "Output", number, f"Prestation {number}")
        yield self._rt(self._iri("output", number), "producedBy", activity)
        if self.chance.random() > 0.05:
            yield from self._effects(number)
        yield from self._learning(number, activity)

    def _money(self, number: int, activity: str) -> Iterator[str]:
        this = self._iri("resource", number)
        yield from self._resource(this, "Resource", f"Medel {number}")
        yield self._code(this, "resourceKind", "resource-kind", "money")
        yield self._rt(this, "value", f'"{self.chance.randint(50, 5000) * 1000}"{DECIMAL}')
        yield self._rt(this, "resourceFor", activity)

    def _effects(self, number: int) -> Iterator[str]:
        steps = (("output", None), ("outcome", "Outcome"), ("short-term-effect", "ShortTermEffect"))
        steps += (("long-term-effect", "LongTermEffect"),)
        for (before, _), (kind, cls) in pairwise(steps):
            assert cls is not None
            yield from self._step(kind, cls, number, f"{cls} {number}")
            yield from self._link(f"{kind}-{number}", self._iri(before, number), self._iri(kind, number))
        objective = self._iri("objective", self.chance.randrange(6))
        yield self._rt(self._iri("long-term-effect", number), "serves", objective)

    def _learning(self, number: int, activity: str) -> Iterator[str]:
        lesson = self._iri("lesson", number)
        yield from self._resource(lesson, "Lesson", f"Lärdom {number}")
        yield self._code(lesson, "focusArea", "focus-area", self.chance.choice(AREAS))
        yield self._rt(lesson, "learntFrom", activity)

    def _loop(self) -> Iterator[str]:
        for number in range(2):
            yield from self._step("short-term-effect", "ShortTermEffect", 10**9 + number, f"Varv {number}")
            after = self._iri("short-term-effect", 10**9 + 1 - number)
            yield from self._link(f"loop-{number}", self._iri("short-term-effect", 10**9 + number), after)


def counties(quads: int, seed: int = 7) -> list[County]:
    """The counties of a dataset of about ``quads`` quads."""
    per_county = max(1, round(quads / COUNTIES / QUADS_PER_ACTIVITY))
    return [County(name, per_county, random.Random(f"{seed} {name}")) for name in county_names(seed)]


def main() -> None:
    """Write the N-Quads to stdout."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("quads", type=int, help="about how many quads")
    arguments.add_argument("--seed", type=int, default=7)
    asked = arguments.parse_args()
    for county in counties(asked.quads, asked.seed):
        sys.stdout.writelines(county.quads())


if __name__ == "__main__":
    main()
