"""Ties values to the definition that they follow where a series breaks."""

from __future__ import annotations

import polars as pl
from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef

from ...ontology.names import RT, SCHEME, resource_iri
from .head import Head
from .raw import Raw


def versions_for(frame: pl.DataFrame, raw: Raw, head: Head) -> pl.DataFrame:
    """Add ``version``: the definition of each value of an indicator with breaks, else null."""
    version = pl.lit(None, pl.String)
    for key, years in raw.breaks.items():
        starts = [0, *sorted(years)]
        for number, start in enumerate(starts, 1):
            here = (pl.col("key") == key) & (pl.col("year") >= start)
            version = pl.when(here).then(pl.lit(version_iri(head, key, number))).otherwise(version)
    return frame.with_columns(version.alias("version"))


def version_iri(head: Head, key: str, number: int) -> str:
    """The identifier of a definition, numbered from 1."""
    return str(resource_iri(head.publisher, "indicator-version", f"{head.indicators[key].local}-{number}"))


def describe_versions(graph: Graph, raw: Raw, head: Head, lang: str) -> None:
    """State the definitions of indicators whose series break at given years."""
    for key, years in raw.breaks.items():
        info, starts = head.indicators[key], sorted(years)
        for number in range(1, len(starts) + 2):
            node = URIRef(version_iri(head, key, number))
            first = starts[number - 2] if number > 1 else None
            span = f"{first}–" if first else f"–{starts[0] - 1}"
            graph.add((node, RDF.type, RT.IndicatorVersion))
            graph.add((node, RDFS.label, Literal(f"{info.label} ({span})", lang=lang)))
            graph.add((node, RT.versionOf, URIRef(info.iri)))
            if head.reading.graph_iri is not None:
                graph.add((node, RT.inPublication, head.reading.graph_iri))
            if first:
                graph.add((node, RT.validFrom, Literal(f"{first}-01-01", datatype=XSD.date)))
                graph.add((node, RT.previousVersion, URIRef(version_iri(head, key, number - 1))))
                graph.add((node, RT.breakWithPrevious, Literal("true", datatype=XSD.boolean)))
                graph.add((node, RT.breakReason, SCHEME["definition-change/method-changed"]))
            if number <= len(starts):
                last = starts[number - 1] - 1
                graph.add((node, RT.validTo, Literal(f"{last}-12-31", datatype=XSD.date)))
