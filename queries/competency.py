"""The competency questions: what is asked of the whole, and which question of the catalogue answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from ..ontology.problems import Lang
from .catalogue import catalogue
from .header import Query

CLASSES = ("besvarad", "delvis", "saknas i källan", "kräver regionens egna data")


@dataclass(frozen=True)
class Competency:
    """One of the 90 questions. ``answerable``, one of ``CLASSES``, is what the sources can answer."""

    number: str
    theme: str
    answerable: str
    question: Mapping[Lang, str]

    @property
    def queries(self) -> tuple[Query, ...]:
        """The questions of the catalogue that answer it."""
        return tuple(one for one in catalogue().values() if self.number in one.cq)


@cache
def competencies() -> Mapping[str, Competency]:
    """Every competency question, by number."""
    return MappingProxyType(
        {
            number: Competency(number, one["theme"], one["class"], {"sv": one["sv"], "en": one["en"]})
            for number, one in _file()["questions"].items()
        }
    )


def themes() -> Mapping[str, Mapping[Lang, str]]:
    """The themes in the order of the questions, each with its name in both languages."""
    return _file()["themes"]


def themes_of(query: Query) -> tuple[str, ...]:
    """The themes that a question of the catalogue belongs to, by its numbers."""
    found = [competencies()[number].theme for number in query.cq if number in competencies()]
    return tuple(dict.fromkeys(found))


@cache
def _file() -> Mapping[str, Mapping]:
    with (Path(__file__).parent / "competency.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)
