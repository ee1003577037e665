"""Finds the unit that a word means, and what it is a power of ten of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rdflib import SKOS, Literal

from ...ontology import vocabulary_graph
from ...ontology.names import RT, SCHEME
from ..references import normal


@dataclass(frozen=True)
class Unit:
    """A known unit; ``base`` is the label of the unit that it is ``10 ** power`` of, or its own."""

    label: str
    base: str
    power: int


@cache
def units() -> dict[str, Unit]:
    """Every name of every known unit, as names are compared."""
    graph = vocabulary_graph()
    found: dict[str, Unit] = {}
    for concept in graph.subjects(SKOS.inScheme, SCHEME["unit"]):
        base = graph.value(concept, RT.baseUnit) or concept
        power = graph.value(concept, RT.unitMultiplier)
        unit = Unit(_label(concept), _label(base), int(str(power)) if power is not None else 0)
        for prop in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation):
            for name in graph.objects(concept, prop):
                found[normal(str(name))] = unit
    return found


def find_unit(text: str) -> Unit | None:
    """The unit with this name or abbreviation, in any language; ``None`` when it is unknown."""
    return units().get(normal(text))


def _label(concept: object) -> str:
    labels = vocabulary_graph().objects(concept, SKOS.prefLabel)  # type: ignore[arg-type]
    return next(str(label) for label in labels if isinstance(label, Literal) and label.language == "sv")
