"""The measured values that a roll-up may use, read in one pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from ...ontology.names import ID, PREFIXES, RT
from ...ontology.problems import Lang
from ..parameters import Engine
from .definition import Indicator, number
from .period import Period, period
from .reading import TSV, asked, rows, term, unordered
from .tables import tail, unit_of

_TYPE = f"<{PREFIXES['rdf']}type>"
_CATEGORY = f"<{RT.breakdownCategory}>"
UNKNOWN = frozenset({"suppressed", "missing"})
_RT = f"<{RT}"
_KEYS = {
    f"{_RT}{name}>": name
    for name in (
        *("indicator", "place", "about", "year", "period", "value", "unit", "unitMultiplier"),
        *("breakdownCategory", "observationStatus", "numeratorValue", "denominatorValue", "basePeriod"),
        *("priceYear", "indicatorVersion", "indicatorUse", "jointInitiative", "inPublication", "verdict"),
        *("targetKind", "valueMax", "assesses", "codeList"),
    )
}
_RARE = frozenset(
    {
        *("basePeriod", "priceYear", "indicatorUse", "jointInitiative", "numeratorValue", "denominatorValue"),
        *("targetKind", "valueMax", "codeList"),
    }
)
_NONE: frozenset[str] = frozenset()
_REGION = re.compile(r"/graph/(\d\d)/")
_WIDE = Context(prec=60)


class Member(NamedTuple):
    """One measured value, in the power of ten of its indicator.

    ``value`` is ``None`` when it is unknown (suppressed, missing); ``unreadable`` when what stands there is
    no finite number.
    """

    observation: str
    indicator: str
    place: str
    period: Period
    value: Decimal | None
    status: str
    categories: frozenset[str]
    publication: str | None
    version: str | None
    unit: str
    unreadable: bool
    rescaled: bool
    text: str
    base: str = ""
    use: str | None = None
    joint: str | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    target_kind: str = ""
    value_max: Decimal | None = None
    code_list: str = ""


@dataclass(frozen=True)
class Publication:
    """Whether a publication is a sample or made up, and its source."""

    sample: bool
    constructed: bool
    source: str | None


def read_members(
    engine: Engine, indicator: Indicator, cls: str = "Observation", years: Collection[int] = ()
) -> tuple[list[Member], str]:
    """Every value of a class (Observation, Target, Baseline, Assessment) of an indicator, its parts and
    specialisations, and the SPARQL that found them.

    A value without a place is the publication's region's; one without both, or without a time, is left out.
    """
    wanted = [indicator.definition.iri, *indicator.specialisations, *indicator.parts]
    sparql = asked("observations", {"indicator": sorted(set(wanted))})
    of_class = f"{_RT}{cls}>"
    raw: dict[str, dict[str, str]] = {}
    categories: dict[str, list[str]] = {}
    typed: set[str] = set()
    names, before, facts = _KEYS, "", {}
    # The rows come in any order: the engine would spend a third of the time on sorting them.
    for line in islice(engine.query(unordered(sparql), TSV).decode().split("\n"), 1, None):
        if not line:
            continue
        observation, prop, value = line.split("\t")
        if observation != before:
            before, facts = observation, raw.setdefault(observation, {})
        if prop in names:
            facts[names[prop]] = value
            if prop == _CATEGORY:
                categories.setdefault(observation, []).append(value[1:-1])
        elif prop == _TYPE and value == of_class:
            typed.add(observation)
    kept = frozenset(years)
    made = (_member(one, raw[one], categories.get(one), indicator, kept) for one in sorted(typed))
    return [member for member in made if member is not None], sparql


def _member(
    observation: str,
    facts: Mapping[str, str],
    categories: Iterable[str] | None,
    indicator: Indicator,
    years: frozenset[int],
) -> Member | None:
    get = facts.get
    place = (get("place") or get("about") or "")[1:-1] or home(get("inPublication", "")[1:-1])
    of = (get("indicator") or facts["assesses"])[1:-1]
    definition = indicator.of(of)
    when = period(_text(get("period") or get("year") or ""), definition.period_type)
    if not place or when is None or (years and when.year not in years):
        return None
    version = get("indicatorVersion")
    held = (
        indicator.version(of, version[1:-1] if version else None, when.year) if indicator.versions else None
    )
    own = held.definition if held else definition
    unit, power = _unit(get("unit"), get("unitMultiplier"), own.unit_word, own.power)
    written = _text(get("value", ""))
    text, value = written or _tail(get("verdict", "")), number(written)
    status = _tail(get("observationStatus", "")) or ("final" if text else "missing")
    shift = power - (definition.power if unit == definition.unit else 0)
    rare = _RARE & facts.keys()
    return Member(
        observation=observation[1:-1],
        indicator=of,
        place=place,
        period=when,
        value=None if value is None or status in UNKNOWN else value.scaleb(shift, _WIDE) if shift else value,
        status=status,
        categories=frozenset(categories) if categories else _NONE,
        publication=get("inPublication", " ")[1:-1] or None,
        version=held.named if held else None,
        unit=unit,
        unreadable=bool(written) and value is None and definition.kind not in {"text", "ordinal"},
        rescaled=shift != 0,
        text=text,
        **(_rare(facts) if rare else {}),
    )


def _rare(facts: Mapping[str, str]) -> dict[str, Any]:
    """The fields that few values have."""
    get = facts.get
    return {
        "base": _text(get("basePeriod") or get("priceYear") or ""),
        "use": get("indicatorUse", " ")[1:-1] or None,
        "joint": get("jointInitiative", " ")[1:-1] or None,
        "numerator": number(_text(get("numeratorValue", ""))),
        "denominator": number(_text(get("denominatorValue", ""))),
        "target_kind": _tail(get("targetKind", "")),
        "value_max": number(_text(get("valueMax", ""))),
        "code_list": get("codeList", " ")[1:-1],
    }


@lru_cache(4096)
def home(publication: str) -> str:
    """Where values without a place belong: the region that publishes them, by the code in the address; a
    publisher that is no region stands for its own place."""
    told = _REGION.search(publication)
    return str(ID[f"ref/region/{told[1]}"]) if told else publication


@lru_cache(4096)
def _text(cell: str) -> str:
    return term(cell)


@lru_cache(4096)
def _tail(cell: str) -> str:
    return tail(term(cell))


@lru_cache(4096)
def _unit(word: str | None, multiplier: str | None, own_word: str, own_power: int) -> tuple[str, int]:
    """The base unit of a value and its power of ten, from what stands at it and in its definition."""
    if word is None or term(word) == own_word:
        unit, power = unit_of(own_word)[0], own_power
    else:
        unit, power = unit_of(term(word))
    if multiplier is not None:
        power = unit_of(term(word) if word else own_word)[1] + int(term(multiplier))
    return unit, power


def read_publications(engine: Engine, members: Iterable[Member]) -> dict[str, Publication]:
    """The publications of the members."""
    wanted = sorted({member.publication for member in members if member.publication})
    found: dict[str, Publication] = {}
    if wanted:
        for row in rows(engine, "publications", {"publication": wanted}):
            found[row["publication"]] = Publication(
                sample=tail(row.get("completeness", "")) == "sample",
                constructed=row.get("constructed") in {"true", "1"},
                source=row.get("source"),
            )
    return found


class PlaceName(str):
    """What a place is called in the language of the question; ``iri`` finds what it is called in another."""

    iri: str

    @classmethod
    def of(cls, iri: str, text: str) -> PlaceName:
        """The name of a place."""
        name = cls(text)
        name.iri = iri
        return name


@dataclass(frozen=True)
class Place:
    """A place with its name, its official code and its kind (county, municipality)."""

    iri: str
    label: str
    code: str
    kinds: frozenset[str]
    publications: frozenset[str]


def read_places(
    engine: Engine, parents: Sequence[str], lang: Lang
) -> dict[str, tuple[Place, frozenset[str]]]:
    """The places themselves and those that lie directly in them, each with the parents that it lies in."""
    facts: dict[str, dict[str, set[str]]] = {}
    for row in rows(engine, "places", {"parent": parents}, lang):
        told = facts.setdefault(row["place"], {})
        for name, value in row.items():
            told.setdefault(name, set()).add(value)
    return {
        iri: (
            Place(
                iri=iri,
                label=PlaceName.of(iri, min(told.get("placeLabel", {tail(iri)}))),
                code=min(told.get("code", {""})),
                kinds=frozenset(tail(kind) for kind in told.get("kind", ())),
                publications=frozenset(told.get("publication", ())),
            ),
            frozenset(told["parent"]),
        )
        for iri, told in facts.items()
    }


@dataclass(frozen=True)
class Breakdown:
    """A scheme of groups: its totals, what each group is part of, and whether groups may be summed."""

    iri: str
    totals: frozenset[str]
    broader: Mapping[str, str]
    groups: frozenset[str]
    summable: bool


def read_breakdowns(engine: Engine, categories: Collection[str]) -> dict[str, Breakdown]:
    """The breakdowns that the categories belong to, by category."""
    if not categories:
        return {}
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for row in rows(engine, "categories", {"category": sorted(categories)}):
        found.setdefault(row["breakdown"], {}).setdefault(row["concept"], []).append(row)
    by_category = {}
    for iri, concepts in found.items():
        every = [row for told in concepts.values() for row in told]
        totals = frozenset(row["concept"] for row in every if row.get("total") in {"true", "1"})
        breakdown = Breakdown(
            iri=iri,
            totals=totals,
            broader={row["concept"]: row["broader"] for row in every if "broader" in row},
            groups=frozenset(concepts) - totals,
            summable=all(
                any(row.get(flag) in {"true", "1"} for row in every) for flag in ("exclusive", "exhaustive")
            ),
        )
        by_category |= dict.fromkeys(concepts, breakdown)
    return by_category
