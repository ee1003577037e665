"""From what an asker writes to the resource that is meant."""

from __future__ import annotations

from ...ontology.problems import Lang, Problem, RodtradError
from ..header import Parameter
from ..parameters import Engine, candidates

_EXAMPLES = {"indicator": "N00945", "place": "20", "category": "kvinnor", "objective": "klimatsmart"}
_PARAMETERS = {
    "indicator": {"class": "rt:Indicator", "labels": {"sv": "Indikator", "en": "Indicator"}},
    "place": {"class": "rt:Place", "labels": {"sv": "Plats", "en": "Place"}},
    "category": {"class": "skos:Concept", "labels": {"sv": "Grupp", "en": "Group"}},
    "objective": {"class": "rt:Measurable", "labels": {"sv": "Mål", "en": "Objective"}},
}


def resolve(engine: Engine, name: str, value: str, lang: Lang) -> str:
    """The IRI that a value means. Raises RodtradError ``unknown-parameter-value`` with candidates."""
    said = {"name": name, "type": "iri", "example": _EXAMPLES[name], **_PARAMETERS[name]}
    parameter = Parameter.model_validate(said)
    found = candidates(engine, parameter, lang, value)
    if len(found) == 1:
        return found[0].iri
    if not found:
        found = candidates(engine, parameter, lang)
    shown = "; ".join(str(one) for one in found) or _EXAMPLES[name]
    raise RodtradError(
        Problem("unknown-parameter-value", values={"name": name, "given": value, "candidates": shown})
    )
