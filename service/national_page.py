"""The nation on one page: a map of equal tiles that shows which counties have data, and never ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from ..ontology.problems import Lang, Problem, RodtradError
from ..queries.catalogue import find
from ..queries.header import Query
from ..queries.runner import run
from .backend import Backend, ask
from .moment import backend_of
from .questions import ready_to_answer, with_sides
from .rendering import language_of, render
from .texts import text
from .words import Words, iri_of, last_part, preference, words_of

router = APIRouter()
_HEADLINE = "cq01-work-tied-to-strategy"


@dataclass(frozen=True)
class Tile:
    """One county in the map.

    Attributes:
        row, column: Place in the map, from the north and the west.
        known: Some publication is about the county.
        told: There are data of what is shown.
        count: How many; ``None`` where what is shown is not counted.
        at_least: The count is a lower bound, since a source is a selection.
    """

    iri: str
    code: str
    letters: str
    label: Words
    row: int
    column: int
    known: bool
    told: bool
    count: int | None
    at_least: bool

    @property
    def state(self) -> str:
        """``told``, ``silent`` (the sources give none) or ``nothing`` (no source at all)."""
        return "told" if self.told else "silent" if self.known else "nothing"


@dataclass(frozen=True)
class Overview:
    """What is shown, and the counties in county-code order."""

    show: str
    label: Words
    tiles: tuple[Tile, ...]
    question: Query | None = None

    @property
    def told(self) -> int:
        return sum(one.told for one in self.tiles)

    @property
    def missing(self) -> list[Tile]:
        return [one for one in self.tiles if not one.told]

    @property
    def on_map(self) -> list[Tile]:
        """From north to south and west to east, so that the order of reading is that of the eye."""
        return sorted(self.tiles, key=lambda one: (one.row, one.column))

    @property
    def at_least(self) -> bool:
        return any(one.at_least for one in self.tiles)


@router.get("/national", summary="National overview", tags=["pages"])
def national(request: Request, show: str = "") -> Response:
    """Which of the 21 counties have data, as a tile map and a table with the same content.

    ``show`` is a kind of data by its local name (``Lesson``), or the id of a question that names counties.
    Raises RodtradError: ``unknown-query``.
    """
    lang, backend = language_of(request), backend_of(request)
    first = headline(backend, lang)
    kinds = kinds_of_data(backend, lang)
    chosen = first if show in ("", _HEADLINE) else _chosen(backend, show, kinds, lang)
    values = {
        "title": text("national", lang),
        "headline": first,
        "chosen": chosen,
        "kinds": sorted(
            ((last_part(iri), label) for iri, label in kinds.items()), key=lambda one: one[1].text
        ),
        "questions": mappable(),
    }
    return render(request, "national.html", values)


def headline(backend: Backend, lang: Lang) -> Overview:
    """The question that shows what a missing county looks like: is the work tied to a strategy?"""
    return of_question(backend, find(_HEADLINE), lang)


def mappable() -> list[Query]:
    """The questions that can be asked of all counties at once and that tell where each answer stands."""
    wanted = {"region", "publication"}
    return [
        one
        for one in with_sides()
        if wanted <= {column.name for column in one.columns} and ready_to_answer(one, {})
    ]


def kinds_of_data(backend: Backend, lang: Lang) -> dict[str, Words]:
    """The kinds that can be shown, by the IRI of the class."""
    found: dict[str, Words] = {}
    for row in sorted(ask(backend, "national-kinds"), key=lambda row: preference(row["label"], lang)):
        found.setdefault(iri_of(row["class"]), words_of(row["label"]))
    return found


def of_kind(backend: Backend, kind: str, label: Words, lang: Lang) -> Overview:
    """How many data of a class the publications hold on each county."""
    counted = {iri_of(row["region"]): row for row in ask(backend, "national-coverage", **{"class": kind})}
    counts = {iri: int(iri_of(row["count"])) for iri, row in counted.items()}
    partial = {iri for iri, row in counted.items() if iri_of(row["partial"]) != "0"}
    return Overview(last_part(kind), label, _tiles(backend, lang, counts, partial, counts))


def of_question(backend: Backend, query: Query, lang: Lang) -> Overview:
    """Which counties have an answer that a publication stands for."""
    answered = {
        row["region"].iri
        for row in run(backend, query, {}, lang).rows
        if "publication" in row and "region" in row
    }
    told = {iri for iri in answered if iri}
    return Overview(query.id, Words(query.title[lang], lang), _tiles(backend, lang, told), query)


def _chosen(backend: Backend, show: str, kinds: Mapping[str, Words], lang: Lang) -> Overview:
    kind = next((iri for iri in kinds if last_part(iri) == show), None)
    if kind is not None:
        return of_kind(backend, kind, kinds[kind], lang)
    query = next((one for one in mappable() if one.id == show), None)
    if query is None:
        values = {"query": show[:80], "suggestions": ", ".join(sorted(map(last_part, kinds)))}
        raise RodtradError(Problem("unknown-query", values=values))
    return of_question(backend, query, lang)


def _tiles(
    backend: Backend,
    lang: Lang,
    told: Iterable[str],
    partial: Iterable[str] = (),
    counts: Mapping[str, int] | None = None,
) -> tuple[Tile, ...]:
    """Every county once, by its name in the reader's language."""
    with_data, samples = set(told), set(partial)
    by_iri: dict[str, Tile] = {}
    for row in sorted(
        ask(backend, "national-map"), key=lambda row: (iri_of(row["code"]), preference(row["label"], lang))
    ):
        iri = iri_of(row["region"])
        if iri not in by_iri:
            by_iri[iri] = Tile(
                iri=iri,
                code=iri_of(row["code"]),
                letters=iri_of(row["letters"]),
                label=words_of(row["label"]),
                row=int(iri_of(row["row"])),
                column=int(iri_of(row["column"])),
                known=iri_of(row["known"]) == "true",
                told=iri in with_data,
                count=counts.get(iri, 0) if counts is not None else None,
                at_least=iri in samples,
            )
    return tuple(by_iri.values())
