"""How far objectives are attained: what numbers say beside what people say, neither from the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...ontology.names import RT
from ...ontology.problems import Lang, Problem, RodtradError
from ..parameters import Engine
from ..runner import look_up_labels
from .definition import Indicator, number, read_indicator
from .judging import MET, SO_FAR, UNKNOWN, UNMET, Judged, Target, judge
from .members import home
from .names import resolve
from .reading import rows
from .series import Series, places_within, read_series
from .tables import tail

_RT = str(RT)
_SAID = ("verdict", "assessor", "year", "evidence", "section", "publication")


@dataclass(frozen=True)
class Human:
    """What somebody has said of an objective, an indicator or a target, or (``on``) of a part of it.

    ``verdict`` may be lost or unsaid.
    """

    assessed: str
    on: str
    assessment: str
    verdict: str | None
    assessor: str | None
    year: str | None
    evidence: str | None
    section: str | None
    publication: str | None


@dataclass(frozen=True)
class Row:
    """A target with what the numbers say of it and, apart from that, what people have said.

    ``target`` is ``None`` for an indicator of the objective that has no target.
    """

    indicator: str
    target: Target | None
    judged: Judged | None
    humans: tuple[Human, ...]
    constructed: bool = False


@dataclass(frozen=True)
class Attainment:
    """The targets of an objective or an indicator, each with both verdicts; ``humans`` on the objective."""

    asked: str
    rows: tuple[Row, ...]
    humans: tuple[Human, ...]
    labels: Mapping[str, str]
    lang: Lang
    generation: int | None

    def counts(self) -> dict[str, int]:
        """How many targets have each computed verdict; made-up ones are counted only among themselves."""
        made_up = all(row.constructed for row in self.rows)
        told = [row.judged.verdict for row in self.rows if row.judged and (made_up or not row.constructed)]
        return dict(sorted(Counter(told).items()))

    def label(self, iri: str | None) -> str:
        """What a resource is called."""
        return self.labels.get(iri or "", tail(iri or ""))


def attainment(
    engine: Engine, *, objective: str | None = None, indicator: str | None = None, lang: Lang = "sv"
) -> Attainment:
    """The computed and the human verdicts on the targets of an objective, or of an indicator.

    Raises RodtradError: ``unknown-parameter-value`` (with candidates), ``value-missing`` when not exactly one
    of the two is given.
    """
    if (objective is None) == (indicator is None):
        raise RodtradError(Problem("value-missing", values={"name": "objective / indicator"}))
    if objective is not None:
        asked = resolve(engine, "objective", objective, lang)
        indicators = [
            row["indicator"] for row in rows(engine, "objective-indicators", {"objective": [asked]})
        ]
    else:
        asked = resolve(engine, "indicator", indicator or "", lang)
        indicators = [asked]
    targets = read_targets(engine, indicators)
    judged = judge_all(engine, indicators, targets, lang)
    humans = read_humans(engine, [asked, *indicators, *(one.iri for one in targets)])
    made_up = _made_up(engine, targets)
    found = [
        Row(one.indicator, one, judged[one.iri], humans.get(one.iri, ()), one.publication in made_up)
        for one in targets
    ]
    about = {one: tuple(humans.get(one, ())) for one in indicators}
    found = [
        Row(r.indicator, r.target, r.judged, r.humans + about[r.indicator], r.constructed) for r in found
    ]
    without = [one for one in indicators if one not in {row.indicator for row in found}]
    found += [Row(one, None, None, about[one]) for one in without]
    every = tuple(found)
    own = () if indicator is not None else humans.get(asked, ())
    labels = look_up_labels(engine, _named(asked, every, own), lang)
    return Attainment(asked, every, own, labels, lang, getattr(engine, "generation", None))


def judge_all(
    engine: Engine, indicators: Iterable[str], targets: Sequence[Target], lang: Lang
) -> dict[str, Judged]:
    """What the numbers say of each target, by its IRI. No assessment is read."""
    found: dict[str, Judged] = {}
    for iri in indicators:
        mine = [one for one in targets if one.indicator == iri]
        if mine:
            indicator: Indicator = read_indicator(engine, iri)
            series = read_series(engine, indicator)
            found |= {one.iri: judge(one, series, _others(engine, one, series, lang)) for one in mine}
    return found


def _others(engine: Engine, target: Target, series: Series, lang: Lang) -> dict[str, str]:
    if not target.compared_with:
        return {}
    if target.kind == "rank":
        return {
            iri: one.label for iri, one in places_within(engine, target.compared_with, target.place).items()
        }
    names = look_up_labels(engine, target.compared_with, lang)
    return {iri: names.get(iri, tail(iri)) for iri in target.compared_with}


def read_targets(engine: Engine, indicators: Sequence[str]) -> list[Target]:
    """The targets of indicators, also those without a year, in the order of indicator, place and year."""
    if not indicators:
        return []
    facts: dict[str, dict[str, list[str]]] = {}
    for row in rows(engine, "target-facts", {"indicator": sorted(set(indicators))}):
        facts.setdefault(row["target"], {}).setdefault(row["property"], []).append(row["value"])
    found = [_target(iri, told) for iri, told in facts.items()]
    return sorted(found, key=lambda one: (one.indicator, one.place, one.year or 0, one.iri))


def _target(iri: str, told: Mapping[str, list[str]]) -> Target:
    def of(name: str) -> str:
        return next(iter(told.get(_RT + name, ())), "")

    return Target(
        iri=iri,
        indicator=of("indicator"),
        place=of("place") or of("about") or home(of("inPublication")),
        kind=tail(of("targetKind")),
        value=number(of("value")),
        most=number(of("valueMax")),
        unit=of("unit"),
        power=int(of("unitMultiplier")) if of("unitMultiplier") else None,
        year=int(of("year")) if of("year") else None,
        baseline_year=int(of("baselineYear")) if of("baselineYear") else None,
        compared_with=tuple(sorted(told.get(_RT + "comparedWith", ()))),
        comparison=tail(of("comparison")) or "level",
        between=tuple(sorted(told.get(_RT + "gapBetween", ()))),
        categories=frozenset(told.get(_RT + "breakdownCategory", ())),
        use=of("indicatorUse") or None,
        publication=of("inPublication") or None,
        stated=frozenset(name.removeprefix(_RT) for name in told),
    )


def read_humans(engine: Engine, assessed: Sequence[str]) -> dict[str, tuple[Human, ...]]:
    """The assessments of each resource, by the resource."""
    found: dict[str, list[Human]] = {}
    for row in rows(engine, "human-verdicts", {"assessed": sorted(set(assessed))}):
        one = Human(row["assessed"], row["on"], row["assessment"], *(row.get(name) for name in _SAID))
        found.setdefault(one.assessed, []).append(one)
    return {iri: tuple(ones) for iri, ones in found.items()}


def _made_up(engine: Engine, targets: Sequence[Target]) -> set[str]:
    named = sorted({one.publication for one in targets if one.publication})
    found = rows(engine, "publications", {"publication": named}) if named else []
    return {row["publication"] for row in found if row.get("constructed") in {"true", "1"}}


def _named(asked: str, found: Sequence[Row], humans: Sequence[Human]) -> set[str]:
    people = [*humans, *(one for row in found for one in row.humans)]
    named = {asked, *(row.indicator for row in found)}
    named |= {row.target.place for row in found if row.target}
    named |= {name for one in people for name in (one.verdict, one.assessor, one.assessment, one.on) if name}
    return named - {""}


def states(engine: Engine, targets: Sequence[Target], lang: Lang) -> dict[str, int]:
    """How many targets are met, unmet and unknown, whatever their kind (A13)."""
    judged = judge_all(engine, {one.indicator for one in targets}, targets, lang)
    told = Counter(_A13.get(one.verdict, UNKNOWN) for one in judged.values())
    return {name: told[name] for name in (MET, UNMET, UNKNOWN)}


_A13 = {MET: MET, SO_FAR: MET, UNMET: UNMET}
