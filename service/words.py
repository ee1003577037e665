"""Names for what a page shows: one query for all labels of a page, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

import pyoxigraph as ox

from ..ontology import vocabulary_graph
from ..ontology.names import PREFIXES, ROOT, RT
from ..ontology.problems import LANGS, Lang
from ..shapes.form import load_forms
from .backend import Backend, Row, Term, ask

XSD = PREFIXES["xsd"]
_LAST_YEAR = 2100
NUMERIC = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "long")}


@dataclass(frozen=True)
class Words:
    """A text from the data with the language it is in; ``lang`` is empty where that is not said."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Value:
    """One value on a page: words, and the IRI when it is a resource.

    Attributes:
        linked: Something is said here about the resource, so it has a page.
    """

    words: Words
    iri: str | None = None
    number: Decimal | None = None
    boolean: bool | None = None
    linked: bool = True

    @property
    def text(self) -> str:
        return self.words.text

    @property
    def notation(self) -> str:
        """The last part of the IRI: for a concept its notation, stable in every language."""
        return last_part(self.iri) if self.iri else ""


class Labels:
    """The labels of the resources of one page."""

    def __init__(self, backend: Backend, iris: Iterable[str], lang: Lang) -> None:
        self.lang: Lang = lang
        self._found: dict[str, Words] = {}
        wanted = sorted({iri for iri in iris if "://" in iri or iri.startswith("urn:")})
        rows = ask(backend, "labels", resource=wanted) if wanted else []
        for row in sorted(rows, key=lambda row: preference(row["label"], lang)):
            self._found.setdefault(iri_of(row["resource"]), words_of(row["label"]))

    def __contains__(self, iri: str) -> bool:
        return iri in self._found

    def words(self, iri: str) -> Words:
        return self._found.get(iri) or Words(readable(iri), self.lang)

    def value(self, term: Term, path: str = "") -> Value:
        """A term as shown: a resource by its label, a literal as it is; ``path`` tells years from numbers."""
        if isinstance(term, ox.NamedNode):
            if term.value in self._found or term.value.startswith(ROOT):
                return Value(self.words(term.value), term.value)
            return Value(Words(term.value, self.lang), term.value, linked=False)
        if not isinstance(term, ox.Literal):
            return Value(Words(str(term)))
        kind = term.datatype.value
        if kind in NUMERIC and path not in year_properties():
            try:
                return Value(Words(term.value), number=Decimal(term.value))
            except InvalidOperation:
                return Value(Words(term.value))
        if kind == XSD + "boolean":
            return Value(Words(term.value), boolean=term.value in ("true", "1"))
        return Value(words_of(term))


def preference(term: object, lang: Lang) -> tuple[bool, bool]:
    """Sorts texts: the reader's language first, then our other language, then the rest."""
    written = term.language if isinstance(term, ox.Literal) else None
    return written != lang, written not in LANGS


def words_of(term: object) -> Words:
    """The words of a literal."""
    if isinstance(term, ox.Literal):
        return Words(term.value, term.language or "")
    return Words(str(term))


def iri_of(term: object) -> str:
    """The IRI of a term, or its text when it has none."""
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode)) else str(term)


def iris_in(rows: Iterable[Row]) -> set[str]:
    """Every IRI in the rows of an answer."""
    return {term.value for row in rows for term in row.values() if isinstance(term, ox.NamedNode)}


def last_part(iri: str) -> str:
    """What stands after the last slash or hash."""
    return iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2]


def readable(iri: str) -> str:
    """A name for a resource that has none."""
    return last_part(iri).replace("-", " ") or iri


@cache
def property_names(lang: Lang) -> dict[str, str]:
    """The name of every property that a form or the vocabulary names."""
    from rdflib import RDFS, Literal

    found: dict[str, str] = {}
    for subject, name in vocabulary_graph().subject_objects(RDFS.label):
        if isinstance(name, Literal) and (name.language == lang or str(subject) not in found):
            found[str(subject)] = str(name)
    for form in load_forms().all:
        for column in form.columns:
            if lang in column.names and not column.inverse:
                found.setdefault(str(column.path), column.names[lang])
    return found


@cache
def year_properties() -> frozenset[str]:
    """The properties whose values are years: their columns say from which year to which."""
    columns = [column for form in load_forms().all for column in form.columns]
    return frozenset(str(column.path) for column in columns if column.maximum == _LAST_YEAR)


def property_name(iri: str, lang: Lang) -> str:
    """The name of a property in a language."""
    return property_names(lang).get(iri) or readable(iri)


def rt(name: str) -> str:
    """The IRI of a term of our vocabulary."""
    return str(RT[name])
