"""What a roll-up is worked out from: members, places, groups and publications, read and filtered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ...ontology.names import ID
from ...ontology.problems import Lang
from ..parameters import Engine
from .definition import Indicator
from .findings import Finding
from .members import (
    Breakdown,
    Member,
    Place,
    Publication,
    read_breakdowns,
    read_members,
    read_places,
    read_publications,
)
from .period import MID_YEAR, YEAR
from .reading import rows

NATION = str(ID["ref/country/SE"])
_FITTING = frozenset({"place", "finer-breakdown"})


@dataclass(frozen=True)
class Ask:
    """What is asked: the indicator, the axes to put together, and what to keep to.

    Attributes:
        over: Axes among place, time and breakdown.
        years: Empty means every year.
        place: The whole whose parts are put together; without it Sweden.
        threshold: The share of parts (0 to 1) that must have values; ``None`` demands none but says "k of n".
        published: Whether a published total of the whole may answer.
        cls: What is put together: Observation, Target, Baseline or Assessment.
        mid_year: Whether values of the middle of a year may stand for the calendar year (A7).
    """

    indicator: str
    over: frozenset[str]
    years: tuple[int, ...] = ()
    place: str | None = None
    category: str | None = None
    threshold: Decimal | None = None
    published: bool = True
    cls: str = "Observation"
    mid_year: bool = False


@dataclass(frozen=True)
class Followed:
    """What an indicator use follows, what that is part of, and the measured effects that it leads to."""

    elements: frozenset[str]
    wholes: frozenset[str]
    effects: frozenset[str]


PartKey = tuple[str, str, int, int, frozenset[str]]


@dataclass(frozen=True)
class Material:
    """Everything that was read. ``level`` is the parts of ``parent`` in code order."""

    ask: Ask
    indicator: Indicator
    members: Sequence[Member]
    parts: Mapping[PartKey, Member]
    publications: Mapping[str, Publication]
    parent: Place
    level: Mapping[str, Place]
    places: Mapping[str, Place]
    breakdowns: Mapping[str, Breakdown]
    followed: Mapping[str, Followed]
    findings: tuple[Finding, ...]
    sparql: str

    def name(self, place: str) -> str:
        """What a place is called."""
        return self.places[place].label if place in self.places else place.rpartition("/")[2]


def read_material(engine: Engine, indicator: Indicator, ask: Ask, lang: Lang) -> Material:
    """Read what the question needs. Constructed values count only within constructed places."""
    members, sparql = read_members(engine, indicator, ask.cls, ask.years)
    publications = read_publications(engine, members)
    near = read_places(engine, [ask.place or NATION], lang)
    parent_iri = ask.place or NATION
    parent = (
        near[parent_iri][0]
        if parent_iri in near
        else Place(parent_iri, parent_iri, "", frozenset(), frozenset())
    )
    made_up = {iri for iri, one in publications.items() if one.constructed}
    if not parent.publications & _constructed(engine, parent.publications):
        members = [one for one in members if one.publication not in made_up]
    middle: set[str] = set()
    if ask.mid_year:
        members, middle = _as_calendar_years(members)
    own, left_out = _own(members, indicator)
    level, places = _level(engine, near, parent, own, members, ask, lang)
    categories = {category for one in own for category in one.categories}
    return Material(
        ask=ask,
        indicator=indicator,
        members=own,
        parts=_parts(members, indicator),
        publications=publications,
        parent=parent,
        level=level,
        places=places,
        breakdowns=read_breakdowns(engine, categories | ({ask.category} if ask.category else set())),
        followed=_followed(engine, own),
        findings=(
            *_left_out(left_out, places),
            *_accepted(middle & {one.place for one in own}, places),
            *_unknown(engine, own, places, ask, lang),
        ),
        sparql=sparql,
    )


def _constructed(engine: Engine, publications: frozenset[str]) -> set[str]:
    if not publications:
        return set()
    found = rows(engine, "publications", {"publication": sorted(publications)})
    return {row["publication"] for row in found if row.get("constructed") in {"true", "1"}}


def _own(members: Sequence[Member], indicator: Indicator) -> tuple[list[Member], list[Member]]:
    """The values of the indicator and of specialisations that may enter, and those that may not (A6)."""
    base = indicator.definition
    fit = {base.iri}
    for iri, one in indicator.specialisations.items():
        same = (one.kind, one.unit, one.direction) == (base.kind, base.unit, base.direction)
        if same and one.restricts and one.restricts <= _FITTING | {"population"}:
            fit.add(iri)
    direct = {(one.place, one.period) for one in members if one.indicator == base.iri}
    own = [
        one
        for one in members
        if one.indicator == base.iri or (one.indicator in fit and (one.place, one.period) not in direct)
    ]
    out = [
        one
        for one in members
        if one.indicator in indicator.specialisations
        and one.indicator not in fit
        and (one.place, one.period) not in direct
    ]
    if indicator.numerator and indicator.denominator:
        told = {(one.place, one.period.year, one.period.part, one.categories) for one in own}
        # A ratio that nobody has published is still known where its numerator is.
        own += [
            one._replace(value=None, text="")
            for one in members
            if one.indicator == indicator.numerator
            and (one.place, one.period.year, one.period.part, one.categories) not in told
        ]
    return own, out


def _as_calendar_years(members: Sequence[Member]) -> tuple[list[Member], set[str]]:
    """The members with the middle of a year read as the year, and the places of those."""
    middle = {one.place for one in members if one.period.kind == MID_YEAR}
    if all(one.period.kind == MID_YEAR for one in members):
        return list(members), set()
    calendar = [
        one._replace(period=one.period._replace(kind=YEAR)) if one.period.kind == MID_YEAR else one
        for one in members
    ]
    return calendar, middle


def _accepted(middle: set[str], places: Mapping[str, Place]) -> tuple[Finding, ...]:
    names = sorted(places[one].label if one in places else one for one in middle)
    return (Finding("mid-year-accepted", {"places": names}),) if names else ()


def _left_out(members: Sequence[Member], places: Mapping[str, Place]) -> tuple[Finding, ...]:
    names = sorted({places[one.place].label if one.place in places else one.place for one in members})
    return (Finding("specialisation-left-out", {"places": names}),) if names else ()


def _unknown(
    engine: Engine, members: Sequence[Member], places: Mapping[str, Place], ask: Ask, lang: Lang
) -> tuple[Finding, ...]:
    """The values that stand at no known place: left out where places are put together, and named."""
    strange = sorted({one.place for one in members if one.value is not None} - set(places))
    if "place" not in ask.over or not strange:
        return ()
    known = {iri for iri, (place, _) in read_places(engine, strange, lang).items() if place.code}
    names = [iri.rpartition("/")[2] for iri in strange if iri not in known]
    return (Finding("unknown-place", {"places": names}),) if names else ()


def _parts(members: Sequence[Member], indicator: Indicator) -> dict[PartKey, Member]:
    return {
        (one.indicator, one.place, one.period.year, one.period.part, one.categories): one
        for one in members
        if one.indicator in indicator.parts
    }


def _level(
    engine: Engine,
    near: Mapping[str, tuple[Place, frozenset[str]]],
    parent: Place,
    own: Sequence[Member],
    every: Sequence[Member],
    ask: Ask,
    lang: Lang,
) -> tuple[dict[str, Place], dict[str, Place]]:
    """The parts to put together: the nearest level below that has values; and every place by its IRI."""
    places = {iri: place for iri, (place, _) in near.items()}
    children = {
        iri: place for iri, (place, parents) in near.items() if parent.iri in parents and iri != parent.iri
    }
    used = {one.place for one in own}
    level = children
    if "place" in ask.over and children and not used & set(children) and used - {parent.iri}:
        below = {
            iri: place
            for iri, (place, _) in read_places(engine, sorted(children), lang).items()
            if iri not in children
        }
        places |= below
        level = below if used & set(below) else children
    if "place" not in ask.over:
        unknown = sorted(used - set(places))
        if unknown and ask.place is None:
            places |= {iri: place for iri, (place, _) in read_places(engine, unknown, lang).items()}
    return dict(sorted(level.items(), key=lambda pair: (pair[1].code, pair[0]))), places


def _followed(engine: Engine, members: Sequence[Member]) -> dict[str, Followed]:
    uses = sorted({one.use for one in members if one.use})
    if not uses:
        return {}
    told: dict[str, dict[str, set[str]]] = {use: {} for use in uses}
    for row in rows(engine, "followed", {"use": uses}):
        for name in ("element", "whole", "effect"):
            if name in row:
                told[row["use"]].setdefault(name, set()).add(row[name])
    return {
        use: Followed(*(frozenset(facts.get(name, ())) for name in ("element", "whole", "effect")))
        for use, facts in told.items()
    }
