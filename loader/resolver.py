"""Finds what the text of a cell refers to: in the same workbook first, then among the references."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from rdflib import URIRef

from ..ontology.names import ID
from ..ontology.problems import LANGS
from ..shapes.form import Column, Forms
from .references import Known, References, is_iri, listed, normal
from .rows import Row, both, shown

MOST_SUGGESTIONS = 200
MOST_PARTS = 60


@dataclass(frozen=True)
class Candidate:
    """Something with the asked-for name: how well the name fits (lower is better), and its classes."""

    iri: URIRef
    rank: int
    types: frozenset[URIRef]
    name: str
    where: str


@dataclass(frozen=True)
class Unresolved:
    """A text that leads to nothing, or to several things: the problem's code and values."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


class Resolver:
    """Resolves texts against the rows of one workbook and the references.

    Args:
        rows: All rows, with identifiers.
        graph_iri: The publication being read: what references know of its older version is left out.
    """

    def __init__(
        self,
        forms: Forms,
        references: References,
        rows: Iterable[Row],
        graph_iri: URIRef | None,
        publisher: str,
        prefix: str | None,
        lang: str,
    ) -> None:
        self.forms = forms
        self.references = references
        self.graph_iri = graph_iri
        self.lang = lang
        self.own_base = f"{ID}{publisher}/"
        self.prefix = prefix
        self.by_iri: dict[str, Row] = {}
        self._own: dict[str, list[tuple[int, Row]]] = {}
        self._suggested: dict[tuple[str, str], str] = {}
        for row in rows:
            self._add(row)

    def label(self, iri: URIRef) -> str:
        """The name of what a cell refers to, in the publication's language."""
        row = self.by_iri.get(str(iri))
        if row is not None:
            return next((text for rank, text in row.names() if rank == 0), row.local)
        known = self.references.get(iri)
        return (known.label(self.lang) if known else None) or iri.rsplit("/", 1)[-1]

    def values(self, column: Column, text: str) -> list[URIRef | Unresolved]:
        """All that a cell refers to: the whole text if it is one name, else its parts."""
        find = self._finder(column)
        whole = find(text)
        separator = column.separator
        if separator is None or separator not in text or not _is_unknown(whole):
            return [self._explained(column, text, whole)]
        parts = text.split(separator)[:MOST_PARTS]
        found: list[URIRef | Unresolved] = []
        start = 0
        while start < len(parts):
            length, part, value = _longest(parts[start:], separator, find)
            if part:
                found.append(self._explained(column, part, value))
            start += length
        return found

    def resource(self, text: str, cls: URIRef) -> URIRef | Unresolved:
        """The one resource of this class, or of a subclass, that the text names."""
        text = text.strip()
        if is_iri(text):
            return self._by_iri(text, cls)
        fitting: list[Candidate] = []
        others: list[Candidate] = []
        for candidate in self._candidates(text):
            fits = any(self.forms.is_a(t, cls) for t in candidate.types)
            (fitting if fits else others).append(candidate)
        if not fitting:
            return self._not_found(others, cls)
        best = min(candidate.rank for candidate in fitting)
        chosen = {candidate.iri: candidate for candidate in fitting if candidate.rank == best}
        if len(chosen) > 1:
            names = listed(f"{c.name} ({c.where})" for c in chosen.values())
            return Unresolved("ambiguous-reference", {"candidates": names})
        return next(iter(chosen))

    def concept(self, text: str, scheme: URIRef) -> URIRef | Unresolved:
        """The concept of this code list that the text names."""
        text = text.strip()
        known = self.references.get(text) if is_iri(text) else None
        if known is not None and scheme in known.schemes:
            return known.iri
        found = sorted(
            ((rank, entry.iri) for rank, entry in self.references.named(text) if scheme in entry.schemes)
        )
        if not found:
            return Unresolved("value-not-in-list", self._allowed(scheme))
        best = {iri for rank, iri in found if rank == found[0][0]}
        if len(best) > 1:
            return Unresolved("ambiguous-reference", {"candidates": listed(sorted(best))})
        return found[0][1]

    def _add(self, row: Row) -> None:
        self.by_iri[str(row.iri)] = row
        ids = {row.local, row.iri.rsplit("/", 1)[-1]}
        if row.id_cell:
            ids.add(row.id_cell.text)
        if self.prefix and row.local.startswith(f"{self.prefix}-"):
            ids.add(row.local[len(self.prefix) + 1 :])
        named = [(0, text) for text in ids] + [(rank + 1, text) for rank, text in row.names()]
        for rank, text in named:
            self._own.setdefault(normal(text), []).append((rank, row))

    def _candidates(self, text: str) -> Iterable[Candidate]:
        for rank, row in self._own.get(normal(text), ()):
            where = f"{row.table.sheet}!{row.head.address}, Id {row.local}"
            yield Candidate(row.iri, rank, frozenset({row.form.target_class}), self.label(row.iri), where)
        for rank, entry in self.references.named(text):
            if entry.publication is not None and entry.publication == self.graph_iri:
                continue
            name = entry.label(self.lang) or text
            yield Candidate(entry.iri, self._distance(entry) + rank, frozenset(entry.types), name, entry.iri)

    def _distance(self, entry: Known) -> int:
        """Names in the same dataset series come before those of the publisher, and those before others'."""
        if not entry.iri.startswith(self.own_base):
            return 30
        local = entry.iri.rsplit("/", 1)[-1]
        return 10 if self.prefix and local.startswith(f"{self.prefix}-") else 20

    def _by_iri(self, text: str, cls: URIRef) -> URIRef | Unresolved:
        row, known = self.by_iri.get(str(text)), self.references.get(text)
        types = {row.form.target_class} if row else known.types if known else set()
        if types and not any(self.forms.is_a(t, cls) for t in types):
            return self._not_found([Candidate(URIRef(text), 0, frozenset(types), text, text)], cls)
        if not types and text.startswith(ID):
            return Unresolved("unknown-reference", self._class_words(cls))
        return URIRef(text)

    def _not_found(self, others: list[Candidate], cls: URIRef) -> Unresolved:
        values = self._class_words(cls)
        kinds = [t for candidate in others[:1] for t in sorted(candidate.types)]
        if not kinds:
            return Unresolved("unknown-reference", values)
        found = {f"found_{lang}": self.forms.class_name(kinds[0], lang) for lang in LANGS}
        return Unresolved("reference-of-wrong-class", {**values, **found})

    def _class_words(self, cls: URIRef) -> dict[str, object]:
        return both("class", {lang: self.forms.class_name(cls, lang) for lang in LANGS})

    def _allowed(self, scheme: URIRef) -> dict[str, object]:
        concepts = self.references.concepts(scheme)
        return {f"allowed_{lang}": listed(c.label(lang) or str(c.iri) for c in concepts) for lang in LANGS}

    def _finder(self, column: Column) -> Callable[[str], URIRef | Unresolved]:
        scheme, cls = column.scheme, column.cls
        if scheme is not None:
            return lambda text: self.concept(text, scheme)
        if cls is not None:
            return lambda text: self.resource(text, cls)
        return lambda text: URIRef(text.strip()) if is_iri(text.strip()) else Unresolved("bad-identifier")

    def _explained(self, column: Column, text: str, found: URIRef | Unresolved) -> URIRef | Unresolved:
        if isinstance(found, URIRef):
            return found
        near = self._nearest(column, text) if _is_unknown(found) else ""
        return Unresolved(found.code, {"value": shown(text), "nearest": near, **found.values})

    def _nearest(self, column: Column, text: str) -> str:
        key = (column.iri, normal(text)[:200])
        if key not in self._suggested:
            if len(self._suggested) >= MOST_SUGGESTIONS:
                return "–"
            names = self._names_for(column, len(key[1]))
            close = difflib.get_close_matches(key[1], names, 3, 0.6)
            self._suggested[key] = listed(names[name] for name in close)
        return self._suggested[key]

    def _names_for(self, column: Column, length: int) -> dict[str, str]:
        def near_in_length(name: str) -> bool:
            return abs(len(name) - length) <= max(4, length // 2)

        names: dict[str, str] = {}
        for name, entry in self.references.labels():
            right = (
                column.scheme in entry.schemes
                if column.scheme
                else column.cls is not None and any(self.forms.is_a(t, column.cls) for t in entry.types)
            )
            if right and near_in_length(name):
                names[name] = next((text for text in entry.labels.values() if normal(text) == name), name)
        for name, rows in self._own.items():
            fits = column.cls is not None and any(
                self.forms.is_a(row.form.target_class, column.cls) for _, row in rows
            )
            if fits and near_in_length(name):
                names[name] = next(
                    (text for _, row in rows for _, text in row.names() if normal(text) == name), name
                )
        return names


def _longest(
    parts: list[str], separator: str, find: Callable[[str], URIRef | Unresolved]
) -> tuple[int, str, URIRef | Unresolved]:
    """The longest run of parts that is one name, for names that hold the separator; else the first part."""
    for length in range(len(parts), 1, -1):
        text = separator.join(parts[:length]).strip()
        value = find(text)
        if text and not _is_unknown(value):
            return length, text, value
    first = parts[0].strip()
    return 1, first, find(first) if first else Unresolved("unknown-reference")


def _is_unknown(found: URIRef | Unresolved) -> bool:
    return isinstance(found, Unresolved) and found.code != "ambiguous-reference"
