"""Writes settled values as observations: row by row into a graph, or a column at a time as N-Triples."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef

from ...ontology.names import RT
from ..reading import Origin
from .raw import CATEGORY

_RESOURCES = (
    (RT.indicator, "indicator"),
    (RT.place, "place"),
    (RT.observationStatus, "status"),
    (RT.indicatorVersion, "version"),
)
_LITERALS = (
    (RT.year, "year", XSD.integer),
    (RT.period, "period", None),
    (RT.value, "value", XSD.decimal),
    (RT.unit, "unit", None),
    (RT.unitMultiplier, "multiplier", XSD.integer),
)


def write_rows(
    graph: Graph, frame: pl.DataFrame, publication: URIRef, about: URIRef | None, lang: str
) -> None:
    """Add each value to the graph as a row of a workbook would."""
    groups = [name for name in frame.columns if name.startswith(CATEGORY)]
    for row in frame.iter_rows(named=True):
        node = URIRef(row["iri"])
        graph.add((node, RDF.type, RT.Observation))
        graph.add((node, RT.inPublication, publication))
        if about is not None:
            graph.add((node, RT.about, about))
        graph.add((node, RDFS.label, Literal(row["label"], lang=lang)))
        for prop, name in (*_RESOURCES, *((RT.breakdownCategory, name) for name in groups)):
            if row[name] is not None:
                graph.add((node, prop, URIRef(row[name])))
        for prop, name, datatype in _LITERALS:
            if row[name] is not None:
                graph.add((node, prop, Literal(str(row[name]), datatype=datatype, normalize=False)))


def bulk_ntriples(frame: pl.DataFrame, publication: URIRef, about: URIRef | None, lang: str) -> list[str]:
    """The same statements as ``write_rows`` adds, as unsorted lines of N-Triples."""
    subject = "<" + pl.col("iri") + "> "
    lines: list[pl.Series] = []

    def add(prop: URIRef, end: pl.Expr) -> None:
        line = pl.concat_str(subject, pl.lit(f"<{prop}> "), end, pl.lit(" .\n"))
        lines.append(frame.select(line.alias("line"))["line"].drop_nulls())

    add(RDF.type, pl.lit(f"<{RT.Observation}>"))
    add(RT.inPublication, pl.lit(f"<{publication}>"))
    if about is not None:
        add(RT.about, pl.lit(f"<{about}>"))
    add(RDFS.label, _quoted("label") + f"@{lang}")
    groups = [name for name in frame.columns if name.startswith(CATEGORY)]
    for prop, name in (*_RESOURCES, *((RT.breakdownCategory, name) for name in groups)):
        add(prop, "<" + pl.col(name) + ">")
    for prop, name, datatype in _LITERALS:
        add(prop, _quoted(name) + (f"^^<{datatype}>" if datatype else ""))
    return pl.concat(lines).to_list()


def value_origins(frame: pl.DataFrame) -> Iterator[Origin]:
    """Where each value stood, with its own text."""
    for iri, file, cell, text in frame.select("iri", "file", "cell", "text").rows():
        yield Origin(iri, str(RT.value), file, "", cell, text or "")


def _quoted(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    for mark, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.str.replace_all(mark, escaped, literal=True)
    return '"' + text + '"'
