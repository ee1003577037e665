"""What can be wrong with a series of figures: each fault is told with file and rows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from ...ontology.problems import Problem, Where
from ..values import canonical
from .breakdowns import Group
from .head import IndicatorInfo
from .raw import CATEGORY

_ROWS_SHOWN = 10
_FRACTION = 20.0
"""A value so many times smaller than the rest of its series may be a fraction among percentages."""


class Notes:
    """Collects what is found: one problem per code and file, with how many rows and the first of them."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self.allowed = allowed
        self._found: list[Problem] = []

    def correct(self, code: str, rows: pl.DataFrame, column: str) -> None:
        """Rows that a stated rule has settled: information."""
        self._add(code, rows, column, "info")

    def refuse(self, code: str, rows: pl.DataFrame, column: str) -> None:
        """Rows that no rule settles: nothing of the publication may be stored."""
        self._add(code, rows, column, "violation")

    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found)

    def _add(self, code: str, rows: pl.DataFrame, column: str, severity: str) -> None:
        for (file,), part in rows.group_by(["file"], maintain_order=True):
            cells = part["cell"].to_list()
            shown = ", ".join(cells[:_ROWS_SHOWN]) + (" …" if len(cells) > _ROWS_SHOWN else "")
            text = part[column][0]
            values = {"count": len(cells), "rows": shown, "value": "–" if text is None else str(text)[:80]}
            where = Where(file=str(file), cell=cells[0])
            self._found.append(Problem(code, where, values, severity))  # type: ignore[arg-type]


def doubled(frame: pl.DataFrame, key: list[str], notes: Notes) -> pl.DataFrame:
    """Rows that say the same thing twice are one; rows that say different things of the same are refused."""
    if not frame.select(pl.struct(key).is_duplicated().any()).item():
        return frame
    first = pl.int_range(pl.len()).over(key) == 0
    several = pl.col("value").fill_null("").n_unique().over(key) > 1
    marked = frame.with_columns(first.alias("first"), several.alias("several"))
    notes.refuse("statistics-conflict", marked.filter(pl.col("several") & ~pl.col("first")), "text")
    notes.correct("statistics-doubled", marked.filter(~pl.col("several") & ~pl.col("first")), "text")
    return marked.filter("first").drop("first", "several")


def fractions_among_percentages(
    frame: pl.DataFrame, series: list[str], known: Mapping[str, IndicatorInfo], notes: Notes
) -> pl.DataFrame:
    """0.35 among values such as 35: times a hundred when that is allowed, else refused."""
    percent = [
        key
        for key, info in known.items()
        if info.unit and info.unit.casefold() in ("procent", "per cent", "%")
    ]
    if not percent:
        return frame
    number = pl.when(pl.col("indicator").is_in(percent)).then(pl.col("value").cast(pl.Float64, strict=False))
    rest = pl.when(number > 1).then(number)
    low, high = rest.min().over(series), rest.max().over(series)
    suspect = (
        (number > 0)
        & (number <= 1)
        & (number * _FRACTION <= low)
        & (number * 100 >= low / 2)
        & (number * 100 <= high * 2)
    ).fill_null(False)
    marked = frame.with_columns(suspect.alias("suspect"))
    rows = marked.filter("suspect")
    if "percent-as-fraction" not in notes.allowed:
        notes.refuse("statistics-fraction", rows, "text")
        return marked.filter(~pl.col("suspect")).drop("suspect")
    notes.correct("statistics-fraction-corrected", rows, "text")
    power = pl.when("suspect").then(2).otherwise(0).alias("power")
    return shifted(marked.with_columns(power)).drop("suspect")


def shifted(frame: pl.DataFrame) -> pl.DataFrame:
    """Values moved by the power of ten in ``power``, which is dropped."""
    if frame.filter(pl.col("power") != 0).is_empty():
        return frame.drop("power")
    values = [
        value if value is None or not power else canonical(Decimal(value).scaleb(power))
        for value, power in frame.select("value", "power").rows()
    ]
    return frame.with_columns(pl.Series("value", values, pl.String)).drop("power")


def mixed_periods(frame: pl.DataFrame, known: Mapping[str, IndicatorInfo], notes: Notes) -> pl.DataFrame:
    """A series is of one kind of period: the declared one, else that of most of its values."""
    kinds = frame.group_by("indicator", "kind").len().sort("indicator", "len", "kind")
    usual = {key: kind for key, kind, _ in kinds.rows()}
    usual |= {key: info.period_type for key, info in known.items() if info.period_type and key in usual}
    usual = {key: "year" if kind == "midyear" else kind for key, kind in usual.items()}
    if not usual:
        return frame
    other = pl.col("kind") != pl.col("indicator").replace_strict(usual)
    rows = frame.filter(other)
    if "other-periods" in notes.allowed:
        notes.correct("statistics-period-left-out", rows, "time")
    else:
        notes.refuse("statistics-mixed-periods", rows, "time")
    return frame.filter(~other)


def country_among_regions(frame: pl.DataFrame, notes: Notes) -> None:
    """The country is kept as a place of its own level, and told."""
    levels = frame.select("indicator", "place_level").unique()
    mixed = levels.group_by("indicator").len().filter(pl.col("len") > 1)["indicator"].to_list()
    rows = frame.filter((pl.col("place_level") == "country") & pl.col("indicator").is_in(mixed))
    notes.correct("statistics-country", rows, "place")


def missing_totals(frame: pl.DataFrame, series: list[str], groups: tuple[Group, ...], notes: Notes) -> None:
    """Places and times that have groups but no total: none is made up."""
    for column in [name for name in series if name.startswith(CATEGORY)]:
        members = {group.iri: group for group in groups}
        inside = frame.filter(pl.col(column).is_not_null())
        totals = [iri for iri, group in members.items() if group.total]
        rest = [name for name in series if name != column] + ["year", "period"]
        has = pl.col(column).is_in(totals).any().over(rest)
        lacking = inside.with_columns(has.alias("has")).filter(~pl.col("has"))
        firsts = lacking.filter(pl.int_range(pl.len()).over(rest) == 0)
        notes.correct("statistics-no-total", firsts, "place")
