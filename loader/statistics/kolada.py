"""Reads values of Kolada: one row per indicator, place, year and sex."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ...ontology.names import SCHEME
from ...ontology.problems import Problem, RodtradError, Where
from .head import Description, Fields
from .raw import CATEGORY, ROW, Breakdown, Raw, joined, letters, text_frame
from .source import Source
from .titles import told_by

_NEEDED = {"kpi", "year", "value"}
_CATALOGUE = {"id", "title", "municipality_type"}
_STATUS = {"Missing": "missing", "Private": "suppressed", "Preliminary": "provisional"}


def read_kolada_values(paths: Sequence[Path]) -> Source:
    """Read values; among the files may be a catalogue, which names the indicators.

    Without a catalogue an indicator is named by its id alone.
    """
    frames, titles = [], {}
    for path in paths:
        table = text_frame(path)
        if set(table.columns) >= _CATALOGUE:
            titles |= {row["id"]: row for row in table.iter_rows(named=True)}
        elif set(table.columns) >= _NEEDED:
            frames.append(_values(path, table))
        else:
            raise RodtradError(Problem("statistics-not-kolada", Where(file=path.name)))
    if not frames:
        raise RodtradError(Problem("statistics-nothing-to-read", Where(file=paths[0].name)))
    frame = joined(frames)
    ids = sorted(frame["kpi"].unique().to_list())
    years = frame["time"].drop_nulls()
    indicators = [kpi_row(kpi, titles.get(kpi)) for kpi in ids]
    description = Description(
        paths[0].name, _publication(str(years.min()), str(years.max())), (SOURCE,), indicators
    )
    return Source(description, Raw(frame.drop("kpi"), {"sex": Breakdown(str(SCHEME["sex"]))}))


def _values(path: Path, table: pl.DataFrame) -> pl.DataFrame:
    place = "municipality_id" if "municipality_id" in table.columns else "municipality"
    sex = pl.col("gender") if "gender" in table.columns else pl.lit(None, pl.String)
    status = pl.col("status") if "status" in table.columns else pl.lit(None, pl.String)
    return table.select(
        pl.lit(path.name).alias("file"),
        ROW,
        pl.lit(letters(table, "value")).alias("column"),
        pl.concat_str(pl.lit("kolada-"), pl.col("kpi").str.to_lowercase()).alias("indicator"),
        pl.col(place).alias("place"),
        pl.col("year").alias("time"),
        pl.col("value"),
        pl.lit(None, pl.String).alias("unit"),
        status.replace_strict(_STATUS, default=None, return_dtype=pl.String).alias("status"),
        sex.alias(f"{CATEGORY}sex"),
        pl.col("kpi"),
    )


def kpi_row(kpi: str, about: dict[str, str] | None) -> Fields:
    """An indicator of Kolada as a row; only what Kolada itself says."""
    title = (about or {}).get("title") or f"Kolada {kpi}"
    return {
        **told_by(title),
        "Slag": "Indikator",
        "Benämning": title,
        "Definition": (about or {}).get("description"),
        "Utgivarens id": kpi,
        "Statistikkälla": "Kolada",
        "Id": f"kolada-{kpi.lower()}",
    }


SOURCE: Fields = {
    "Slag": "Källa",
    "Titel": "Kolada (Rådet för främjande av kommunala analyser)",
    "Id": "kolada",
}


def _publication(first: str, last: str) -> Fields:
    return {
        "Rubrik": f"Värden ur Kolada {first}–{last}",
        "Rubrik (en)": f"Values of Kolada {first}–{last}",
        "Utgivare": "Nationella referensutgivaren",
        "Datamängd": "kolada-values",
        "Källa": "kolada",
        "Fullständighet": "urval",
        "Konstruerat": "nej",
        "Språk": "sv",
        "Från år": first,
        "Till år": last,
    }
