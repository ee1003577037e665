"""Puts measured values together over place, time and breakdown, or says why that must not be done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from ...ontology.problems import Lang, Problem, RodtradError
from ..parameters import Engine
from ..runner import look_up_labels
from .answer import Rollup
from .calculation import calculate, refusals
from .definition import Indicator, read_indicator
from .material import Ask, Material, read_material
from .names import resolve
from .tables import AXES
from .targets import as_verdicts, objection

_AXIS = {"region": "place", "place": "place", "time": "time", "breakdown": "breakdown"}
_CLASSES = {
    "observations": "Observation",
    "targets": "Target",
    "baselines": "Baseline",
    "assessments": "Assessment",
}
_YEARS = re.compile(r"\s*(\d{4})(?:\s*[-–]\s*(\d{4}))?\s*")
_LONGEST = 400
_ADDRESS = re.compile(r"https?://\S+")


def rollup(
    engine: Engine,
    indicator: str,
    over: str | Iterable[str] = "region",
    *,
    years: str | Sequence[int] = (),
    place: str | None = None,
    category: str | None = None,
    threshold: str | Decimal | None = None,
    lang: Lang = "sv",
    published: bool = True,
    of: str = "observations",
    mid_year: bool = False,
) -> Rollup:
    """Put the values of an indicator together, or refuse with the reason and the nearest alternative.

    Args:
        indicator: An IRI, an id of its publisher, or an unambiguous label.
        over: One or several of region, time and breakdown; the others stay apart, one result each.
        years: "2023", "2019-2023", "2020,2022" or whole numbers; none means every year.
        place: The whole whose parts are put together, as IRI, code or label; none means Sweden.
        category: Only this group of a breakdown.
        threshold: The share of parts that must have values: 0.9 or "90%".
        published: Whether the published total of the whole may answer.
        of: observations, targets, baselines or assessments.
        mid_year: Whether values of the middle of a year may stand beside those of calendar years.

    Raises RodtradError: ``unknown-parameter-value`` (with candidates), ``bad-years``, ``bad-axis``,
    ``bad-threshold``, ``bad-rollup-of``.
    """
    axes = read_axes(over)
    wanted = read_years(years)
    found = find_indicator(engine, indicator, lang)
    iri = found.definition.iri
    ask = Ask(
        indicator=iri,
        over=axes,
        years=wanted,
        place=resolve(engine, "place", place, lang) if place else None,
        category=resolve(engine, "category", category, lang) if category else None,
        threshold=read_threshold(threshold),
        published=published,
        cls=read_class(of),
        mid_year=mid_year,
    )
    return answer_of(engine, found, ask, lang)


def find_indicator(engine: Engine, value: str, lang: Lang) -> Indicator:
    """The indicator that an IRI, an id or a label means.

    Raises RodtradError ``unknown-parameter-value`` with candidates.
    """
    # An address needs no look-up when what stands there is an indicator.
    if _ADDRESS.match(value.strip()):
        try:
            found = read_indicator(engine, value.strip())
            if found.declared:
                return found
        except (RodtradError, ValueError):
            pass
    return read_indicator(engine, resolve(engine, "indicator", value, lang))


def answer_of(engine: Engine, indicator: Indicator, ask: Ask, lang: Lang) -> Rollup:
    """The answer to a question whose parts are known."""
    material = read_material(engine, indicator, ask, lang)
    if ask.cls == "Assessment":
        material = as_verdicts(material)
    objects = objection(engine, material)
    results = refusals(material, objects) if objects else calculate(material)
    return Rollup(
        indicator=indicator.definition.iri,
        label=_label(engine, indicator, lang),
        over=tuple(axis for axis in AXES if axis in ask.over),
        lang=lang,
        results=results,
        sparql=material.sparql,
        generation=getattr(engine, "generation", None),
        names=_names(engine, material, lang),
        publications=material.publications,
    )


def read_axes(over: str | Iterable[str]) -> frozenset[str]:
    """The axes by our names. Raises RodtradError ``bad-axis``."""
    words = over.split(",") if isinstance(over, str) else list(over)
    axes = [word.strip().casefold() for word in words if word.strip()]
    unknown = [word for word in axes if word not in _AXIS]
    if unknown or not axes:
        raise RodtradError(Problem("bad-axis", values={"given": ", ".join(unknown) or "–"}))
    return frozenset(_AXIS[word] for word in axes)


def read_class(of: str) -> str:
    """The class of what is put together. Raises RodtradError ``bad-rollup-of``."""
    if of not in _CLASSES:
        raise RodtradError(Problem("bad-rollup-of", values={"given": of, "known": ", ".join(_CLASSES)}))
    return _CLASSES[of]


def read_years(years: str | Sequence[int]) -> tuple[int, ...]:
    """The years asked for. Raises RodtradError ``bad-years``."""
    if not isinstance(years, str):
        return tuple(sorted(set(years)))
    found: set[int] = set()
    for part in years.split(","):
        match = _YEARS.fullmatch(part)
        if not match:
            if not years.strip():
                return ()
            raise RodtradError(Problem("bad-years", values={"given": years}))
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last < first + _LONGEST:
            raise RodtradError(Problem("bad-years", values={"given": years}))
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def read_threshold(threshold: str | Decimal | None) -> Decimal | None:
    """A share from 0 to 1, also written as a percentage. Raises RodtradError ``bad-threshold``."""
    if threshold is None or threshold == "":
        return None
    text = str(threshold).strip().replace(",", ".")
    try:
        value = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        raise RodtradError(Problem("bad-threshold", values={"given": threshold})) from None
    if not value.is_finite() or not 0 <= value <= 1:
        raise RodtradError(Problem("bad-threshold", values={"given": threshold}))
    return value


def _label(engine: Engine, indicator: Indicator, lang: Lang) -> str:
    iri = indicator.definition.iri
    return look_up_labels(engine, [iri], lang).get(iri, indicator.definition.label)


def _names(engine: Engine, material: Material, lang: Lang) -> dict[str, str]:
    names = {iri: place.label for iri, place in material.places.items()}
    others = {category for one in material.members for category in one.categories}
    others |= {one.place for one in material.members} - set(names)
    return names | look_up_labels(engine, others, lang) if others else names
