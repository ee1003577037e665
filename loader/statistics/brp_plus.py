"""Reads the files of BRP+: the indices by place and sex, and the tree of indicators, aspects and themes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from rdflib import RDF, RDFS, SKOS, Literal, URIRef

from ...ontology.names import SCHEME, resource_iri, slug
from ...ontology.problems import Problem, RodtradError, Where
from .head import Description, Fields, Head
from .raw import CATEGORY, ROW, Breakdown, Raw, joined, letters, text_frame
from .source import Source, Triple
from .titles import told_by

SEX = Breakdown(str(SCHEME["sex"]))
_VALUES = (
    "1.*totalindex_kommun*.csv",
    "2.*temaindex_kommun*.csv",
    "3.*totalindex_region*.csv",
    "4.*temaindex_region*.csv",
)
_INDICATORS, _ASPECTS = "start_BRP_plus_indikatorer_tbl.csv", "start_BRP_plus_kategorisering_tbl.csv"
_AREAS = {"kommun": "kommuner", "region": "regioner"}
_YEAR = "2025"


def read_brp_plus(paths: Sequence[Path]) -> Source:
    """Read the folder of BRP+, or some of its files.

    The index of a municipality is scaled among municipalities and that of a region among regions, so they are
    different indicators, also for the country as a whole.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    values = [file for file in files if any(file.match(pattern) for pattern in _VALUES)]
    tables = {file.name: _semicolons(file) for file in files if file.name in (_INDICATORS, _ASPECTS)}
    if not values:
        raise RodtradError(
            Problem("statistics-nothing-to-read", Where(file=files[0].name if files else None))
        )
    frames = [_values(file) for file in values]
    frame = joined(frames)
    keys = frame["indicator"].unique(maintain_order=True).to_list()
    names = _theme_names(tables.get(_ASPECTS))
    rows = [_index_row(key, names) for key in keys]
    indicators = tables.get(_INDICATORS)
    if indicators is not None:
        rows += [_kolada_row(row) for row in indicators.iter_rows(named=True)]
    description = Description(values[0].name, _publication(), (_source(),), rows)

    def statements(head: Head) -> Iterator[Triple]:
        yield from _tree(head, keys, tables.get(_ASPECTS), indicators)

    return Source(description, Raw(frame, {"sex": SEX}), statements)


def _values(file: Path) -> pl.DataFrame:
    table = _semicolons(file)
    area = next(area for area in _AREAS if area in file.name)
    by_theme = "Tema" in table.columns
    own = pl.concat_str(pl.lit(f"brp-{area}-"), _slugs(table, "Del"))
    if by_theme:
        own = pl.concat_str(own, pl.lit("-"), _slugs(table, "Tema"))
    return table.select(
        pl.lit(file.name).alias("file"),
        ROW,
        pl.lit(letters(table, "Varde_stand")).alias("column"),
        own.alias("indicator"),
        pl.col("Region").alias("place"),
        pl.lit(_YEAR).alias("time"),
        pl.col("Varde_stand").alias("value"),
        pl.lit(None, pl.String).alias("unit"),
        pl.lit(None, pl.String).alias("status"),
        pl.col("Kon").alias(f"{CATEGORY}sex"),
    )


def _semicolons(file: Path) -> pl.DataFrame:
    return text_frame(file, ";", "utf-8-sig", None)


def _slugs(table: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column).replace_strict(
        {text: slug(text) for text in table[column].unique() if text}, default=None
    )


def _theme_names(aspects: pl.DataFrame | None) -> dict[tuple[str, str], str]:
    """The full name of a theme by the slugs of its part and its short name."""
    if aspects is None:
        return {}
    found = {}
    for part, theme in aspects.select("Del", "Tema").unique().rows():
        short, _, name = theme.partition(" - ")
        found[slug(part), slug(short)] = name or short
    return found


def _index_row(key: str, names: dict[tuple[str, str], str]) -> Fields:
    _, area, part, *theme = key.split("-")
    parts = {"hallbarhet": "Hållbarhet", "livskvalitet": "Livskvalitet"}
    name = parts.get(part, part)
    if theme:
        name = f"{name}, {names.get((part, theme[0]), theme[0].upper())}"
    return {
        "Slag": "Indikator",
        "Benämning": f"BRP+ {name}, index bland {_AREAS[area]}",
        "Enhet": "indexpoäng",
        "Måttslag": "index",
        "Additivitet": "inte additiv",
        "Över plats": "ingen",
        "Över tid": "ingen",
        "Över uppdelning": "ingen",
        "Önskad riktning": "högre är bättre",
        "Periodslag": "år",
        "Statistikkälla": "BRP+ 2025, Tillväxtverket",
        "Id": key,
    }


def _kolada_row(row: dict[str, str]) -> Fields:
    reverse = row["Omvand_skala"] == "1"
    return {
        **told_by(row["Indikator_namn"]),
        "Slag": "Indikator",
        "Benämning": row["Indikator_namn"],
        "Utgivarens id": row["Indikator_ID"],
        "Önskad riktning": "lägre är bättre" if reverse else "högre är bättre",
        "Statistikkälla": "Kolada",
        "Id": f"kolada-{row['Indikator_ID'].lower()}",
    }


def _publication() -> Fields:
    return {
        "Rubrik": f"BRP+ {_YEAR}: index för livskvalitet och hållbarhet",
        "Rubrik (en)": f"BRP+ {_YEAR}: indices of quality of life and sustainability",
        "Utgivare": "Nationella referensutgivaren",
        "Datamängd": f"brp-plus-{_YEAR}",
        "Källa": "brp-plus",
        "Fullständighet": "fullständig",
        "Konstruerat": "nej",
        "Språk": "sv",
        "Från år": _YEAR,
        "Till år": _YEAR,
    }


def _source() -> Fields:
    return {
        "Slag": "Källa",
        "Titel": f"BRP+ {_YEAR} (Tillväxtverket)",
        "Utgivningsår": "2026",
        "Id": "brp-plus",
    }


def _tree(
    head: Head, keys: Sequence[str], aspects: pl.DataFrame | None, indicators: pl.DataFrame | None
) -> Iterator[Triple]:
    """Part ← theme ← aspect ← indicator, as concepts of one code list."""
    if aspects is None:
        return
    scheme = resource_iri(head.publisher, "scheme", "brp-plus")
    yield scheme, RDF.type, SKOS.ConceptScheme
    yield scheme, RDFS.label, Literal("BRP+: delar, teman och aspekter", lang="sv")
    yield scheme, RDFS.label, Literal("BRP+: parts, themes and aspects", lang="en")

    def concept(*names: str) -> URIRef:
        return resource_iri(head.publisher, "category", "brp-plus-" + "-".join(map(slug, names)))

    for part, theme, aspect in aspects.select("Del", "Tema", "Aspekt").rows():
        short, _, name = theme.partition(" - ")
        chain = ((part,), part), ((part, short), name or short), ((part, short, aspect), aspect)
        for depth, (names, label) in enumerate(chain):
            node = concept(*names)
            yield node, RDF.type, SKOS.Concept
            yield node, SKOS.prefLabel, Literal(label, lang="sv")
            yield node, SKOS.inScheme, scheme
            if depth:
                yield node, SKOS.broader, concept(*chain[depth - 1][0])
            else:
                yield node, SKOS.topConceptOf, scheme
    for key in keys:
        _, _, *names = key.split("-")
        yield URIRef(head.indicators[key].iri), SKOS.broader, concept(*names)
    for row in indicators.iter_rows(named=True) if indicators is not None else ():
        short = row["Tema"].partition(" - ")[0]
        info = head.indicators.get(f"kolada-{row['Indikator_ID'].lower()}")
        if info is not None:
            yield URIRef(info.iri), SKOS.broader, concept(row["Del"], short, row["Aspekt"])
