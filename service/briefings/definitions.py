"""What a report is made of, read from its YAML file and checked against the questions that it asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from ...ontology.problems import Lang, Problem, RodtradError
from ...queries.catalogue import catalogue, pages
from ...queries.header import Query

Texts = dict[Lang, str]
_WORDS = "words.yaml"
_HERE = Path(__file__).parent


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Selection(_Part):
    """Rows of a question.

    Attributes:
        query: A question of the catalogue or of the pages; its parameters take what the section is about.
        where: Only rows whose column has one of these notations; ``+`` is any value, ``-`` is none.
        during: When a year is asked for: the column, or the pair from and to, that must hold it.
    """

    query: str
    where: Mapping[str, tuple[str, ...]] = {}
    during: tuple[str, ...] = ()


class Figure(Selection):
    """A number: distinct things ``count``-ed in a column, or a column ``sum``-med over the things."""

    label: Texts
    count: str | None = None
    sum: str | None = None


class Sentence(Figure):
    """A number in a sentence; ``label`` has {n}, ``one`` is said of a single thing."""

    one: Texts


class Block(Selection):
    """A table, a list, or numbers.

    Attributes:
        columns: Shown columns in order; a list shows the first.
        counts: Columns that count: lower bounds unless the publication is complete.
        limit: Most rows shown; the rest are told as a number.
        empty: What to say without rows, in place of the usual.
    """

    query: str = ""
    kind: Literal["table", "list", "figures", "sentences"] = "table"
    caption: Texts
    columns: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    limit: int | None = None
    empty: Texts | None = None
    figures: tuple[Figure, ...] = ()
    sentences: tuple[Sentence, ...] = ()


class Each(Selection):
    """A section for every row: the thing in the query's first column is what the section is about."""

    name: str
    own_page: bool = False
    empty: Texts


class Part(_Part):
    """A section. ``answers`` tells by weakness of reporting how the section meets it."""

    heading: Texts | None = None
    text: Texts | None = None
    each: Each | None = None
    own_page: bool = False
    blocks: tuple[Block, ...] = ()
    answers: Mapping[str, Texts] = {}


class Definition(_Part):
    """A report: about one county, or about the nation."""

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    title: Texts
    lead: Texts
    about: Literal["region", "nation"] = "region"
    sections: tuple[Part, ...] = Field(min_length=1)


@cache
def definitions() -> Mapping[str, Definition]:
    """The reports by id, in order of file name."""
    files = (path for path in sorted(_HERE.glob("*.yaml")) if path.name != _WORDS)
    found = (Definition.model_validate(yaml.safe_load(path.read_text("utf-8"))) for path in files)
    return MappingProxyType({one.id: one for one in found})


def find(briefing_id: str) -> Definition:
    """The report with that id. Raises RodtradError ``unknown-briefing``."""
    try:
        return definitions()[briefing_id]
    except KeyError:
        values = {"briefing": briefing_id[:80], "known": ", ".join(definitions())}
        raise RodtradError(Problem("unknown-briefing", values=values)) from None


def question(query_id: str) -> Query:
    """A question by id, wherever it is kept. Raises KeyError."""
    return catalogue().get(query_id) or pages()[query_id]


@cache
def _words() -> Mapping[str, Texts]:
    return yaml.safe_load((_HERE / _WORDS).read_text("utf-8"))


def word(key: str, lang: Lang, **values: object) -> str:
    """A text that every report may use, with its {names} filled in."""
    return _words()[key][lang].format_map(values)
