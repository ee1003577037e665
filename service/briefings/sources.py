"""The notes of a report: for each resource its source, section, publication and cell."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from ...loader import unpack_origins
from ...loader.reading import Origin
from ...ontology.names import ROOT
from ...ontology.problems import Lang, RodtradError
from ...queries.answer import Cell as Found
from ...queries.header import Query
from ..backend import Backend
from .content import Note, Piece
from .definitions import word

QUESTIONS = "questions/"
_INTERPRETED = "interpreted"


class Sources:
    """Gathers the notes while a report is built: one per resource and number, in order of first use."""

    def __init__(self, backend: Backend, lang: Lang) -> None:
        self._backend = backend
        self._lang: Lang = lang
        self._notes: dict[tuple[str, Decimal | None], Note] = {}
        self._cells: dict[str, dict[str, list[Origin]]] = {}

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._notes.values())

    def note(
        self, row: Mapping[str, Found], thing: Found, query: Query, number: Decimal | None = None
    ) -> int:
        """The number of the note on ``thing``: where it stands, or the question that put it together."""
        publication = row.get("publication")
        if publication is None or not thing.iri:
            return self.counted(query.title[self._lang], {ROOT + QUESTIONS + query.id: query.id})
        key = (thing.iri, number)
        if key not in self._notes:
            self._notes[key] = Note(len(self._notes) + 1, self._pieces(row, thing, publication, number))
        return self._notes[key].number

    def counted(self, label: str, publications: Mapping[str, str]) -> int:
        """The number of a note on something counted over publications (label by IRI)."""
        key = (label + " ".join(sorted(publications)), None)
        if key not in self._notes:
            places = tuple(Piece(publications[iri], iri) for iri in sorted(publications))
            self._notes[key] = Note(len(self._notes) + 1, (Piece(label), *places))
        return self._notes[key].number

    def _pieces(
        self, row: Mapping[str, Found], thing: Found, publication: Found, number: Decimal | None
    ) -> tuple[Piece, ...]:
        pieces = [Piece(thing.label, thing.iri)]
        source, section, basis = row.get("source"), row.get("section"), row.get("basis")
        if source:
            pieces.append(Piece(source.label, source.iri))
        if section:
            pieces.append(Piece(section.label))
        pieces.append(Piece(publication.label, publication.iri))
        place = self._place(publication.value, thing.iri or "", number)
        if place:
            pieces.append(Piece(word("cell", self._lang, sheet=place.sheet, cell=place.cell)))
        if basis and basis.value.endswith("/" + _INTERPRETED):
            pieces.append(Piece(word("interpreted", self._lang)))
        return tuple(pieces)

    def _place(self, publication: str, iri: str, number: Decimal | None) -> Origin | None:
        """The cell that gives the number; without one, the first cell of the row."""
        if publication not in self._cells:
            by_iri = self._cells[publication] = {}
            try:
                packed = self._backend.store.origins(publication, self._backend.generation)
            except RodtradError:
                packed = b""
            for origin in unpack_origins(packed):
                if origin.text:
                    by_iri.setdefault(origin.iri, []).append(origin)
        cells = self._cells[publication].get(iri, [])
        return next((one for one in cells if number is not None and _number(one.text) == number), None) or (
            cells[0] if cells else None
        )


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
