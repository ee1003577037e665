"""The publications: who says it here, about whom, after which source, and whether it is all of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox

from ..ontology.names import GRAPH
from ..ontology.problems import Lang
from .backend import Backend, Row, ask
from .words import Labels, Value, Words, iri_of, iris_in, last_part, preference, words_of


@dataclass(frozen=True)
class PublicationView:
    """One publication as the pages show it.

    Attributes:
        complete: Everything of its kind is there; otherwise counts are lower bounds.
        constructed: Made up to show how it works; left out of every national answer.
        interpreted: Properties whose values the coder read into the source.
        language: The language of texts that carry no language of their own.
        size: Number of resources; ``None`` when it was not asked for.
    """

    iri: str
    label: Words
    publisher: Value | None = None
    region: Value | None = None
    source: Value | None = None
    completeness: Value | None = None
    constructed: bool = False
    coded_by: str = ""
    language: str = "sv"
    interpreted: frozenset[str] = frozenset()
    size: int | None = field(default=None)

    @property
    def complete(self) -> bool:
        return self.completeness is not None and self.completeness.notation == "complete"

    @property
    def publisher_code(self) -> str:
        """The publisher's part of the identifier: for a region its county code."""
        return self.iri.removeprefix(str(GRAPH)).partition("/")[0]

    def is_by(self, code: str) -> bool:
        """Whether the region with this county code published it itself."""
        return self.publisher_code == code


def publications(
    backend: Backend, lang: Lang, *, region: str | None = None, iri: str | None = None, sizes: bool = False
) -> list[PublicationView]:
    """All publications, or those about a region, or the one with an IRI."""
    terms = {key: value for key, value in (("region", region), ("publication", iri)) if value}
    rows = ask(backend, "publications", **terms)
    rows = [row for row in rows if not region or row.get("region") == ox.NamedNode(region)]
    labels = Labels(backend, iris_in(rows), lang)
    counted = {one: sum(counts.values()) for one, counts in sizes_by_class(backend).items()} if sizes else {}
    by_iri: dict[str, list[Row]] = {}
    for row in rows:
        by_iri.setdefault(iri_of(row["publication"]), []).append(row)
    return [
        _view(one, group, labels, counted.get(one, 0) if sizes else None) for one, group in by_iri.items()
    ]


def sizes_by_class(backend: Backend) -> dict[str, dict[str, int]]:
    """How many things of each class, by local name, each publication holds."""
    found: dict[str, dict[str, int]] = {}
    for row in ask(backend, "publication-sizes"):
        counts = found.setdefault(iri_of(row["publication"]), {})
        counts[last_part(iri_of(row["class"]))] = int(iri_of(row["count"]))
    return found


def _view(iri: str, rows: list[Row], labels: Labels, size: int | None) -> PublicationView:
    first = rows[0]

    def value(name: str) -> Value | None:
        return labels.value(first[name]) if name in first else None

    named = min((row["label"] for row in rows), key=lambda term: preference(term, labels.lang))
    constructed, language = value("constructed"), value("language")
    coded_by = value("codedBy")
    return PublicationView(
        iri=iri,
        label=words_of(named),
        publisher=value("publisher"),
        region=value("region"),
        source=value("source"),
        completeness=value("completeness"),
        constructed=bool(constructed and constructed.boolean),
        coded_by=coded_by.text if coded_by else "",
        language=language.text if language else "sv",
        interpreted=frozenset(iri_of(row["interpreted"]) for row in rows if "interpreted" in row),
        size=size,
    )
