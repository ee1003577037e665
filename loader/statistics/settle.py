"""Settles raw values: which indicator, place, time, unit and group each means, and what is wrong with it.

Every correction follows a rule that is told with its rows; what no rule covers is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ...ontology.names import SCHEME, resource_iri
from ...ontology.problems import Problem
from ..references import References, normal
from ..statements import KEY_SEPARATOR
from . import checks
from .breakdowns import Group, groups_of
from .head import Head, IndicatorInfo
from .numbers import canonical_numbers
from .periods import Time, parse_time
from .places import Places
from .raw import CATEGORY, ROW, Raw
from .units import find_unit
from .versions import versions_for

STATUS = SCHEME["observation-status"]


@dataclass(frozen=True)
class Settled:
    """Values ready to be written, one row each.

    Attributes:
        frame: iri, label, indicator, year, period, place, value, unit, multiplier, status, version, and
            ``category:<key>`` with concepts; file, cell and text tell where each comes from. Null = not said.
        groups: Concepts of the code lists that the publication brings.
        problems: What was found, corrections included.
    """

    frame: pl.DataFrame
    groups: tuple[Group, ...]
    problems: tuple[Problem, ...]


def settle(raw: Raw, head: Head, references: References, lang: str = "sv") -> Settled:
    """Settle all values of a publication."""
    notes = checks.Notes(raw.allowed)
    frame = raw.frame.with_columns(pl.concat_str(pl.col("column"), pl.col(ROW).cast(pl.String)).alias("cell"))
    frame = _indicators(frame, head, notes)
    frame = _places(frame, raw, head, notes)
    frame = _times(frame, raw, notes)
    frame, groups = _groups(frame, raw, head, references, lang, notes)
    frame = canonical_numbers(frame, notes)
    frame = _units(frame, head.indicators, notes)
    series = ["indicator", "place", *(name for name in frame.columns if name.startswith(CATEGORY))]
    frame = checks.fractions_among_percentages(frame, series, head.indicators, notes)
    frame = checks.mixed_periods(frame, head.indicators, notes)
    frame = checks.doubled(frame, [*series, "year", "period"], notes)
    checks.country_among_regions(frame, notes)
    checks.missing_totals(frame, series, groups, notes)
    frame = _named(frame, head, groups, lang)
    return Settled(versions_for(frame, raw, head), groups, (*raw.problems, *notes.problems()))


def _indicators(frame: pl.DataFrame, head: Head, notes: checks.Notes) -> pl.DataFrame:
    known = pl.col("indicator").is_in(list(head.indicators))
    notes.refuse("statistics-indicator", frame.filter(~known.fill_null(False)), "indicator")
    return frame.filter(known)


def _places(frame: pl.DataFrame, raw: Raw, head: Head, notes: checks.Notes) -> pl.DataFrame:
    register = Places()
    subject = str(head.reading.subject) if head.reading.subject else None
    asked = frame.select("file", "place").unique().rows()
    found = {
        (file, text): register.find(text, raw.levels.get(file))
        for file, text in asked
        if text and text not in raw.no_places.get(file, ())
    }
    table = pl.DataFrame(
        [(file, text, p.iri, p.label, p.code, p.level) for (file, text), p in found.items() if p],
        schema=["file", "place", "place_iri", "place_label", "place_code", "place_level"],
        orient="row",
        schema_overrides=dict.fromkeys(
            ("file", "place", "place_iri", "place_label", "place_code", "place_level"), pl.String
        ),
    )
    frame = frame.join(table, on=["file", "place"], how="left", maintain_order="left")
    own = pl.col("place").is_null() & pl.lit(subject is not None)
    unknown = pl.col("place_iri").is_null() & ~own
    bad = frame.filter(unknown)
    if "unknown-place" in notes.allowed:
        notes.correct("statistics-place-left-out", bad, "place")
    else:
        notes.refuse("statistics-place", bad, "place")
    return frame.filter(~unknown)


def _times(frame: pl.DataFrame, raw: Raw, notes: checks.Notes) -> pl.DataFrame:
    asked = frame.select("file", "time").unique().rows()
    found: dict[tuple[str, str], Time | None] = {
        (file, text): parse_time(text or "", raw.time_formats.get(file)) for file, text in asked
    }
    rows = [(file, text, t.year, t.period, t.kind) for (file, text), t in found.items() if t]
    types = {"file": pl.String, "time": pl.String, "year": pl.Int64, "period": pl.String, "kind": pl.String}
    table = pl.DataFrame(rows, schema=types, orient="row")
    frame = frame.join(table, on=["file", "time"], how="left", maintain_order="left")
    notes.refuse("statistics-time", frame.filter(pl.col("year").is_null()), "time")
    frame = frame.filter(pl.col("year").is_not_null())
    notes.correct("statistics-year-range", frame.filter(pl.col("kind") == "years"), "time")
    return frame


def _groups(
    frame: pl.DataFrame, raw: Raw, head: Head, references: References, lang: str, notes: checks.Notes
) -> tuple[pl.DataFrame, tuple[Group, ...]]:
    groups: list[Group] = []
    for key, breakdown in raw.breakdowns.items():
        column = CATEGORY + key
        if column not in frame.columns:
            continue
        texts = [text for text in frame[column].unique(maintain_order=True) if text]
        found = groups_of(breakdown, key, texts, head.publisher, references, lang)
        groups.extend(group for group in found.values())
        unknown = pl.col(column).is_not_null() & ~pl.col(column).is_in(list(found))
        notes.refuse("statistics-group", frame.filter(unknown), column)
        frame = frame.filter(~unknown).with_columns(
            pl.col(column).replace_strict({text: group.iri for text, group in found.items()}, default=None)
            if found
            else pl.lit(None, pl.String).alias(column)
        )
    return frame, tuple(dict.fromkeys(groups))


def _units(frame: pl.DataFrame, known: Mapping[str, IndicatorInfo], notes: checks.Notes) -> pl.DataFrame:
    """The unit only where it is not that of the indicator; other powers of ten are brought to it."""
    if frame["unit"].null_count() == frame.height:
        return frame.with_columns(pl.lit(None, pl.Int64).alias("multiplier"))
    shifts: dict[tuple[str, str], int] = {}
    unknown, differing = [], []
    for key, text in frame.select("indicator", "unit").drop_nulls().unique().sort("indicator", "unit").rows():
        own = known[key]
        if own.unit is not None and normal(own.unit) == normal(text):
            shifts[key, text] = 0
            continue
        unit, target = find_unit(text), find_unit(own.unit or "")
        if unit is None:
            unknown.append((key, text))
        elif target is None or unit.base != target.base:
            differing.append((key, text))
        else:
            shifts[key, text] = unit.power - (target.power + own.multiplier)
    pair = pl.struct("indicator", "unit")
    for code, bad in (("statistics-unit", unknown), ("statistics-unit-differs", differing)):
        rows = frame.filter(_among(frame, bad))
        notes.refuse(code, rows, "unit")
    frame = frame.filter(~_among(frame, [*unknown, *differing]))
    moved = [pairing for pairing, power in shifts.items() if power]
    rows = _among(frame, moved)
    notes.correct("statistics-multiplier", frame.filter(rows), "unit")
    powers = pair.map_elements(lambda p: shifts.get((p["indicator"], p["unit"]), 0), return_dtype=pl.Int64)
    frame = frame.with_columns(powers.alias("power"))
    frame = checks.shifted(frame)
    return frame.with_columns(
        pl.lit(None, pl.String).alias("unit"), pl.lit(None, pl.Int64).alias("multiplier")
    )


def _among(frame: pl.DataFrame, pairs: list[tuple[str, str]]) -> pl.Series:
    wanted = pl.DataFrame(pairs, schema={"indicator": pl.String, "unit": pl.String}, orient="row")
    marked = frame.select("indicator", "unit").join(
        wanted.with_columns(pl.lit(True).alias("hit")),
        on=["indicator", "unit"],
        how="left",
        maintain_order="left",
    )
    return marked["hit"].fill_null(False)


def _named(frame: pl.DataFrame, head: Head, groups: tuple[Group, ...], lang: str) -> pl.DataFrame:
    """Identifier and name of each value, made of its indicator, time, place and groups."""
    columns = [name for name in frame.columns if name.startswith(CATEGORY)]
    local = {group.iri: group.local for group in groups}
    label = {group.iri: group.label for group in groups}
    info = head.indicators
    base = resource_iri(head.publisher, "observation", "")
    period = pl.coalesce(pl.col("period").str.replace("/", "-", literal=True).str.to_lowercase(), "year")
    of = {key: one.local for key, one in info.items()}
    parts = [pl.col("indicator").replace_strict(of), period, pl.col("place_code")]
    parts += [pl.col(name).replace_strict(local, default=None, return_dtype=pl.String) for name in columns]
    names = [
        pl.col("indicator").replace_strict({key: one.label for key, one in info.items()}),
        pl.col("year").cast(pl.String),
        pl.col("period"),
        pl.col("place_label"),
    ]
    sorted_groups = (
        pl.concat_list(
            [pl.col(name).replace_strict(label, default=None, return_dtype=pl.String) for name in columns]
        )
        .list.drop_nulls()
        .list.sort()
        .list.join(KEY_SEPARATOR)
        if columns
        else pl.lit("")
    )
    return frame.with_columns(
        pl.concat_str(pl.lit(str(base)), pl.concat_str(parts, separator="-", ignore_nulls=True)).alias("iri"),
        pl.concat_str(
            [*names, pl.when(sorted_groups != "").then(sorted_groups)],
            separator=KEY_SEPARATOR,
            ignore_nulls=True,
        ).alias("label"),
        pl.col("indicator").alias("key"),
        pl.col("indicator").replace_strict({key: one.iri for key, one in info.items()}),
        pl.col("place_iri").alias("place"),
        pl.when(pl.col("status").is_not_null())
        .then(pl.concat_str(pl.lit(f"{STATUS}/"), "status"))
        .alias("status"),
    )
