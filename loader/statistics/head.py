"""The publication of some figures, its sources and its indicators: read by the declarations of a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdflib import RDFS, Graph, Literal, URIRef

from ...ontology.names import RT, resource_iri
from ...ontology.problems import Problem
from ...shapes.form import load_forms
from ..reader import read_tables
from ..reading import Origin, Reading
from ..references import References
from ..tables import Table

Fields = Mapping[str, object]


@dataclass(frozen=True)
class Description:
    """What is said about the figures, as rows of a workbook: column name → text.

    Attributes:
        file: Where it is said; named in problems.
        publication: The one row of the sheet Publicering.
        governing: Rows of the sheet Styrning, such as sources.
        indicators: Rows of the sheet Indikatorer; the ``Id`` is the key by which values refer to them.
    """

    file: str
    publication: Fields
    governing: Sequence[Fields] = ()
    indicators: Sequence[Fields] = ()


@dataclass(frozen=True)
class IndicatorInfo:
    """What settling values needs to know of their indicator."""

    iri: str
    local: str
    label: str
    unit: str | None
    multiplier: int
    period_type: str | None


@dataclass(frozen=True)
class Head:
    """The described publication; ``indicators`` by the ids that the description gave them."""

    reading: Reading
    indicators: Mapping[str, IndicatorInfo]

    @property
    def graph(self) -> Graph:
        return self.reading.graph

    @property
    def publisher(self) -> str:
        return self.reading.publisher or "unknown"

    @property
    def origins(self) -> tuple[Origin, ...]:
        return self.reading.origins

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.reading.problems


def read_head(description: Description, references: References, lang: str = "sv") -> Head:
    """Read the description as the rows of a workbook are read."""
    forms = load_forms()
    names = {str(sheet.iri).rpartition("/")[2]: sheet.names["sv"] for sheet in forms.sheets}
    parts = (
        ("publication", [description.publication]),
        ("governing", description.governing),
        ("indicators", description.indicators),
    )
    tables = [_table(description.file, names[sheet], rows) for sheet, rows in parts if rows]
    reading = read_tables(tables, references, lang, forms)
    return Head(reading, dict(_indicators(reading, description, lang)))


def _table(file: str, sheet: str, rows: Sequence[Fields]) -> Table:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    body = [tuple(_text(row.get(name)) for name in columns) for row in rows]
    return Table(file, sheet, (tuple(columns), *body))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return str(value)


def _indicators(reading: Reading, description: Description, lang: str):
    publisher = reading.publisher or "unknown"
    prefix = str(description.publication.get("Id-förled") or "")
    for row in description.indicators:
        key = str(row.get("Id") or "")
        local = f"{prefix}-{key}" if prefix else key
        iri = resource_iri(publisher, "indicator", local)
        if (iri, RDFS.label, None) in reading.graph:
            yield key, info(reading.graph, iri, local, lang)


def info(graph: Graph, iri: URIRef, local: str, lang: str) -> IndicatorInfo:
    """What a graph says of an indicator."""
    labels = [text for text in graph.objects(iri, RDFS.label) if isinstance(text, Literal)]
    label = next((str(text) for text in labels if text.language == lang), str(labels[0]) if labels else local)
    unit, power, kind = (graph.value(iri, prop) for prop in (RT.unit, RT.unitMultiplier, RT.periodType))
    return IndicatorInfo(
        str(iri),
        local,
        label,
        str(unit) if unit is not None else None,
        int(str(power)) if power is not None else 0,
        str(kind).rpartition("/")[2] if kind is not None else None,
    )
