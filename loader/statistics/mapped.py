"""Reads any table by a mapping in YAML: which column is place, time, value, group, unit and status."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...ontology.names import SCHEME
from ...ontology.problems import Problem, RodtradError, Where
from .head import Description
from .raw import CATEGORY, ROW, Breakdown, Raw, joined, letters, sheet_frame, text_frame
from .source import Source

Text = str | int | float | bool | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GroupMap(_Strict):
    """A breakdown: ``scheme`` is the name of a code list of the vocabulary, or of one of the publication."""

    scheme: str
    labels: dict[str, str] = Field(default_factory=dict)
    words: dict[str, str] = Field(default_factory=dict)
    total: str | None = None
    exclusive: bool = True
    exhaustive: bool = True


class IndicatorColumn(_Strict):
    """The column whose words say which indicator a row is of."""

    column: str
    words: dict[str, str]


class TableMap(_Strict):
    """One table. The indicator is fixed with ``value``, one per column in ``values``, or told by a column."""

    file: str
    sheet: str | None = None
    header: int = 1
    encoding: str | None = None
    separator: str = ","
    place: str | None = None
    place_is: str | None = None
    level: str | None = None
    no_place: list[str] = Field(default_factory=list)
    time: str
    six_digits: str | None = None
    indicator: str | None = None
    value: str | None = None
    values: dict[str, str] = Field(default_factory=dict)
    indicators: IndicatorColumn | None = None
    unit: str | None = None
    status: str | None = None
    groups: dict[str, str] = Field(default_factory=dict)
    column_groups: dict[str, dict[str, str]] = Field(default_factory=dict)
    only: dict[str, list[str]] = Field(default_factory=dict)
    years: list[int] = Field(default_factory=list)
    leave_out: list[str] = Field(default_factory=list)


class Mapping(_Strict):
    """A whole mapping; publication, sources and indicators are rows of the workbook's sheets."""

    publication: dict[str, Text]
    sources: list[dict[str, Text]] = Field(default_factory=list)
    indicators: list[dict[str, Text]]
    groups: dict[str, GroupMap] = Field(default_factory=dict)
    corrections: list[str] = Field(default_factory=list)
    breaks: dict[str, list[int]] = Field(default_factory=dict)
    tables: list[TableMap]


def load_mapping(path: Path) -> Mapping:
    """Read a mapping.

    Raises:
        RodtradError: ``statistics-mapping`` with the place in the mapping that is wrong.
    """
    where = Where(file=path.name)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Mapping.model_validate(data)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        reason = str(error).splitlines()[0][:200]
        raise RodtradError(Problem("statistics-mapping", where, {"place": "–", "reason": reason})) from error
    except ValidationError as error:
        raise RodtradError(
            [
                Problem(
                    "statistics-mapping",
                    where,
                    {"place": ".".join(map(str, one["loc"])) or "–", "reason": one["msg"][:200]},
                )
                for one in error.errors()[:20]
            ]
        ) from error


def read_mapped(mapping_file: Path, paths: Sequence[Path]) -> Source:
    """Read the tables that a mapping describes, from a folder or a list of files."""
    mapping = load_mapping(mapping_file)
    frames: list[pl.DataFrame] = []
    problems: list[Problem] = []
    for table in mapping.tables:
        frame, found = _TableReader(table, _find(table.file, paths)).read()
        frames.append(frame)
        problems += found
    rows = [{"Slag": "Indikator", **row} for row in mapping.indicators]
    sources = [{"Slag": "Källa", **row} for row in mapping.sources]
    raw = Raw(
        joined(frames),
        {key: _breakdown(group) for key, group in mapping.groups.items()},
        {table.file: table.level for table in mapping.tables if table.level},
        {table.file: table.six_digits for table in mapping.tables if table.six_digits},
        frozenset(mapping.corrections),
        {key: tuple(years) for key, years in mapping.breaks.items()},
        tuple(problems),
        {table.file: frozenset(table.no_place) for table in mapping.tables},
    )
    return Source(Description(mapping_file.name, mapping.publication, sources, rows), raw)


def _breakdown(group: GroupMap) -> Breakdown:
    from_vocabulary = group.scheme.startswith("scheme:")
    scheme = str(SCHEME[group.scheme.removeprefix("scheme:")]) if from_vocabulary else group.scheme
    return Breakdown(scheme, group.labels, group.words, group.total, group.exclusive, group.exhaustive)


def _find(name: str, paths: Sequence[Path]) -> Path:
    for path in paths:
        if path.is_dir() and (path / name).is_file():
            return path / name
        if path.name == name:
            return path
    raise RodtradError(Problem("file-not-found", Where(file=name)))


class _TableReader:
    def __init__(self, table: TableMap, path: Path) -> None:
        self.map = table
        self.path = path
        self.problems: list[Problem] = []

    def read(self) -> tuple[pl.DataFrame, list[Problem]]:
        """The table in the form of ``raw.COLUMNS``, and what was left out of it."""
        one = self.map
        if self.path.suffix == ".xlsx":
            frame = sheet_frame(self.path, one.sheet, one.header)
        else:
            frame = text_frame(self.path, one.separator, one.encoding)
        self._columns(frame)
        for column, words in one.only.items():
            frame = frame.filter(pl.col(column).is_in(words))
        if one.years:
            frame = self._kept_years(frame)
        values = one.values or ({one.value: one.indicator or ""} if one.value else {})
        parts = [self._part(frame, column, key) for column, key in values.items()]
        return joined(parts), self.problems

    def _part(self, frame: pl.DataFrame, column: str, key: str) -> pl.DataFrame:
        one = self.map
        indicator = pl.lit(key)
        if one.indicators:
            told = pl.col(one.indicators.column)
            indicator = told.replace_strict(one.indicators.words, default=told)
        fixed = one.column_groups.get(column, {})
        return frame.select(
            pl.lit(self.path.name).alias("file"),
            ROW,
            pl.lit(letters(frame, column)).alias("column"),
            indicator.alias("indicator"),
            (pl.col(one.place) if one.place else pl.lit(one.place_is, pl.String)).alias("place"),
            pl.col(one.time).alias("time"),
            pl.col(column).alias("value"),
            (pl.col(one.unit) if one.unit else pl.lit(None, pl.String)).alias("unit"),
            (pl.col(one.status) if one.status else pl.lit(None, pl.String)).alias("status"),
            *(pl.col(name).alias(CATEGORY + group) for name, group in one.groups.items()),
            *(pl.lit(word).alias(CATEGORY + group) for group, word in fixed.items()),
        )

    def _columns(self, frame: pl.DataFrame) -> None:
        one = self.map
        used = [one.place, one.time, one.value, one.unit, one.status, *one.values, *one.groups, *one.only]
        used += [one.indicators.column] if one.indicators else []
        missing = [name for name in used if name and name not in frame.columns]
        if missing:
            raise RodtradError(
                [
                    Problem(
                        "statistics-no-column",
                        Where(file=self.path.name),
                        {"value": name, "allowed": ", ".join(frame.columns[1:])[:300]},
                    )
                    for name in missing
                ]
            )
        unused = [name for name in frame.columns[1:] if name not in {*used, *one.leave_out}]
        if unused:
            values = {"value": ", ".join(name or "–" for name in unused)[:300]}
            self.problems.append(
                Problem("statistics-column-unused", Where(file=self.path.name), values, "info")
            )

    def _kept_years(self, frame: pl.DataFrame) -> pl.DataFrame:
        keep = pl.col(self.map.time).is_in([str(year) for year in self.map.years])
        left = frame.filter(~keep)
        if not left.is_empty():
            rows = left[ROW].to_list()
            shown = ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")
            values = {"count": len(rows), "rows": shown, "value": left[self.map.time][0]}
            where = Where(file=self.path.name, cell=str(rows[0]))
            self.problems.append(Problem("statistics-year-left-out", where, values, "info"))
        return frame.filter(keep)
