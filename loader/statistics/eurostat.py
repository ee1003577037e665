"""Reads SDMX-TSV, the layout of Eurostat's bulk files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ...ontology.names import slug
from ...ontology.problems import Problem, RodtradError, Where
from ..tables import column_letters
from .head import Description, Fields
from .raw import ROW, Raw, joined, text_frame
from .source import Source
from .units import find_unit

_MEASURES = {
    "million": ("belopp", "flöde", "summa", "summa"),
    "per": ("kvot", "inte additiv", "ingen", "ingen"),
}
_FLAGS = {"p": "provisional", "e": "estimated", "b": None, "c": "suppressed"}
_CODE = r"([a-z]+_[a-z0-9]+_[a-z0-9]+)"


def read_sdmx_tsv(paths: Sequence[Path]) -> Source:
    """Read tables whose dimensions are freq, unit and geo: one indicator per unit.

    Places outside the register, such as NUTS 2 areas and the EU, are left out and told.
    """
    frames: list[pl.DataFrame] = []
    units: dict[str, str] = {}
    code = ""
    for path in paths:
        frame, code = _table(path)
        frames.append(frame)
        units |= {key: key.removeprefix(f"eurostat-{code}-") for key in frame["indicator"].unique() if key}
    frame = joined(frames)
    names = {slug(text): text for text in frame["unit"].unique() if text}
    rows = [_indicator(key, code, names[word]) for key, word in sorted(units.items())]
    span = (min(frame["time"].to_list()), max(frame["time"].to_list()))
    description = Description(paths[0].name, _publication(code, span), (_source(code),), rows)
    return Source(description, Raw(frame.with_columns(unit=None), allowed=frozenset({"unknown-place"})))


def _table(path: Path) -> tuple[pl.DataFrame, str]:
    table = text_frame(path, "\t", "utf-8", None)
    first = table.columns[1]
    dimensions = first.partition("\\")[0].split(",")
    if "geo" not in dimensions or "unit" not in dimensions:
        raise RodtradError(Problem("statistics-not-sdmx", Where(file=path.name), {"value": first[:80]}))
    code = slug(path.stem.removeprefix("eurostat_").removesuffix("_SE")) or "table"
    parts = pl.col(first).str.split(",")
    table = table.with_columns(
        *(parts.list.get(i).str.strip_chars().alias(f"={name}") for i, name in enumerate(dimensions))
    )
    years = [name for name in table.columns[2:] if not name.startswith("=")]
    letter = {name.strip(): column_letters(i + 1) for i, name in enumerate(years)}
    keys = {text: f"eurostat-{code}-{slug(text)}" for text in table["=unit"].unique() if text}
    long = table.unpivot(years, index=[ROW, "=unit", "=geo"], variable_name="time", value_name="value")
    time, cell = pl.col("time").str.strip_chars(), pl.col("value").str.strip_chars()
    return long.select(
        pl.lit(path.name).alias("file"),
        ROW,
        time.replace_strict(letter).alias("column"),
        pl.col("=unit").replace_strict(keys).alias("indicator"),
        pl.col("=geo").alias("place"),
        time.alias("time"),
        cell.str.extract(r"^(\S+)", 1).alias("value"),
        pl.col("=unit").alias("unit"),
        cell.str.extract(r"^\S+\s+([a-z])", 1).replace_strict(_FLAGS, default=None).alias("status"),
    ).sort(ROW, "time"), code


def _indicator(key: str, code: str, word: str) -> Fields:
    unit = find_unit(word)
    if unit is None:
        raise RodtradError(Problem("statistics-unit", Where(), {"value": word, "count": 1, "rows": "–"}))
    kind, additivity, over_place, over_time = _MEASURES["million" if word.startswith("MIO") else "per"]
    return {
        "Slag": "Indikator",
        "Benämning": f"Bruttonationalprodukt till marknadspris ({unit.label})",
        "Benämning (en)": f"Gross domestic product at current market prices ({word})",
        "Utgivarens id": f"{code}/{word}",
        "Enhet": unit.base,
        "Tiopotens": unit.power or None,
        "Måttslag": kind,
        "Additivitet": additivity,
        "Över plats": over_place,
        "Över tid": over_time,
        "Över uppdelning": "ingen",
        "Kumulering": "ingen",
        "Önskad riktning": "högre är bättre",
        "Räknad enhet": "valuta" if kind == "belopp" else None,
        "Population": "produktion i området",
        "Periodslag": "år",
        "Prisbas": "löpande priser",
        "Statistikkälla": f"Eurostat {code}",
        "Id": key,
    }


def _publication(code: str, span: tuple[str, str]) -> Fields:
    return {
        "Rubrik": f"Bruttonationalprodukt efter Nuts 3 (Eurostat {code})",
        "Rubrik (en)": f"Gross domestic product by NUTS 3 (Eurostat {code})",
        "Utgivare": "Nationella referensutgivaren",
        "Datamängd": f"eurostat-{code}",
        "Källa": f"eurostat-{code}",
        "Fullständighet": "fullständig",
        "Konstruerat": "nej",
        "Språk": "sv",
        "Från år": span[0],
        "Till år": span[1],
        "Anmärkning": "© Europeiska unionen, Eurostat. Får återanvändas om källan anges.",
    }


def _source(code: str) -> Fields:
    return {"Slag": "Källa", "Titel": f"Eurostat, tabell {code}", "Id": f"eurostat-{code}"}
