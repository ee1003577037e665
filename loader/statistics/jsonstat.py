"""Reads JSON-stat 2, the default format of SCB's PxWebApi 2."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from ...ontology.names import SCHEME, slug
from ...ontology.problems import Problem, RodtradError, Where
from .head import Description, Fields
from .raw import CATEGORY, ROW, Breakdown, Raw, joined, read_bytes
from .source import Source

_PLACE = ("region", "geo", "lan", "kommun", "county")
_SEX = ("kon", "sex", "kön", "gender")
_TYPES = {"Stock": ("bestånd", "senaste"), "Flow": ("flöde", "summa"), "Average": ("inte additiv", "ingen")}
_STATUS = {"..": "suppressed", ".": "missing", "p": "provisional", "e": "estimated", "c": "suppressed"}
_PERIODS = {"M": "månad", "Q": "kvartal", "K": "kvartal"}


def read_jsonstat(paths: Sequence[Path]) -> Source:
    """Read datasets: one indicator per table and content, one code list per other dimension."""
    parts = [_Dataset(path, _load(path)) for path in paths]
    frame = joined([part.frame() for part in parts])
    breakdowns = {key: value for part in parts for key, value in part.breakdowns().items()}
    indicators = [row for part in parts for row in part.indicators()]
    first = parts[0]
    description = Description(first.path.name, first.publication(), (first.source(),), indicators)
    return Source(description, Raw(frame, breakdowns, dict.fromkeys((p.path.name for p in parts), "region")))


def _load(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise RodtradError(Problem("file-unreadable", Where(file=path.name), {"kind": "json"})) from error
    whole = isinstance(data, dict) and data.get("class") == "dataset"
    if not whole or not {"id", "size", "value", "dimension"} <= data.keys():
        raise RodtradError(Problem("statistics-not-jsonstat", Where(file=path.name)))
    cells = 1
    for size in data["size"]:
        cells *= size
    if isinstance(data["value"], list) and len(data["value"]) != cells:
        values = {"found": len(data["value"]), "expected": cells}
        raise RodtradError(Problem("statistics-jsonstat-size", Where(file=path.name), values))
    return data


class _Dataset:
    def __init__(self, path: Path, data: Mapping[str, Any]) -> None:
        self.path = path
        self.data = data
        self.ids: list[str] = list(data["id"])
        roles = data.get("role", {})
        self.time = next(iter(roles.get("time", [])), None) or self._named("tid", "time")
        self.metric = next(iter(roles.get("metric", [])), None)
        self.place = next(iter(roles.get("geo", [])), None) or self._named(*_PLACE)
        if self.time is None or self.place is None:
            raise RodtradError(Problem("statistics-not-jsonstat", Where(file=path.name)))
        self.table = str(data.get("extension", {}).get("px", {}).get("tableid") or path.stem)

    def _named(self, *names: str) -> str | None:
        return next((one for one in self.ids if one.casefold() in names), None)

    def _codes(self, dimension: str) -> list[str]:
        index = self.data["dimension"][dimension]["category"].get("index")
        labels = self.data["dimension"][dimension]["category"].get("label", {})
        if isinstance(index, list):
            return [str(code) for code in index]
        return sorted(index, key=index.__getitem__) if index else list(labels)

    def _label(self, dimension: str, code: str) -> str:
        return str(self.data["dimension"][dimension]["category"].get("label", {}).get(code, code))

    def _key(self, code: str | None) -> str:
        return slug(f"scb {self.table} {code or ''}")

    def _others(self) -> list[str]:
        return [one for one in self.ids if one not in (self.time, self.metric, self.place)]

    def _contents(self) -> list[str | None]:
        return [*self._codes(self.metric)] if self.metric else [None]

    def frame(self) -> pl.DataFrame:
        """One row per cell, in the order of the file; the row is the number of the value, from 1."""
        values = self.data["value"]
        cells = 1
        for size in self.data["size"]:
            cells *= size
        listed = values if isinstance(values, list) else [values.get(str(i)) for i in range(cells)]
        texts = [
            None if value is None else repr(value) if isinstance(value, float) else str(value)
            for value in listed
        ]
        columns: dict[str, list[str]] = {}
        repeat, total = 1, cells
        for one, size in zip(self.ids, self.data["size"], strict=True):
            total //= size
            columns[one] = [code for code in self._codes(one) for _ in range(total)] * repeat
            repeat *= size
        frame = pl.DataFrame({**columns, "value": pl.Series(texts, dtype=pl.String)})
        keys = {code or "": self._key(code) for code in self._contents()}
        metric = pl.col(self.metric).replace_strict(keys) if self.metric else pl.lit(keys[""])
        return frame.with_row_index(ROW, 1).select(
            pl.lit(self.path.name).alias("file"),
            pl.col(ROW).cast(pl.Int64),
            pl.lit("value ").alias("column"),
            metric.alias("indicator"),
            pl.col(str(self.place)).alias("place"),
            pl.col(str(self.time)).alias("time"),
            pl.col("value"),
            pl.lit(None, pl.String).alias("unit"),
            self._statuses(cells).alias("status"),
            *(self._words(one).alias(CATEGORY + slug(one)) for one in self._others()),
        )

    def _statuses(self, cells: int) -> pl.Series:
        status = self.data.get("status") or {}
        listed = status if isinstance(status, list) else [status.get(str(i)) for i in range(cells)]
        return pl.Series([_STATUS.get(str(flag)) if flag else None for flag in listed], dtype=pl.String)

    def _words(self, dimension: str) -> pl.Expr:
        """Codes for a code list of ours, labels for one that the table brings."""
        if dimension.casefold() in _SEX:
            return pl.col(dimension)
        return pl.col(dimension).replace_strict(
            {c: self._label(dimension, c) for c in self._codes(dimension)}
        )

    def breakdowns(self) -> dict[str, Breakdown]:
        found = {}
        for one in self._others():
            about = self.data["dimension"][one]
            if one.casefold() in _SEX:
                found[slug(one)] = Breakdown(str(SCHEME["sex"]))
                continue
            total = about.get("extension", {}).get("eliminationValueCode")
            name = f"{slug(self.table)}-{slug(one)}"
            labels = {"sv": f"{about.get('label', one)} ({self.table})"}
            found[slug(one)] = Breakdown(name, labels, total=self._label(one, total) if total else None)
        return found

    def indicators(self) -> list[Fields]:
        about = self.data["dimension"].get(self.metric, {}) if self.metric else {}
        extension = about.get("extension", {})
        kind = next((_PERIODS[c] for c in _PERIODS if c in self._codes(str(self.time))[0].upper()), "år")
        rows = []
        for code in self._contents():
            unit = about.get("category", {}).get("unit", {}).get(code, {}).get("base", "antal")
            measuring = extension.get("measuringType", {}).get(code)
            additivity, over_time = _TYPES.get(measuring, (None, None))
            counted = unit == "antal" and additivity is not None
            rows.append(
                {
                    "Slag": "Indikator",
                    "Benämning": self._label(self.metric, code)
                    if self.metric and code
                    else self.data.get("label"),
                    "Utgivarens id": f"{self.table}/{code}" if code else self.table,
                    "Enhet": "personer"
                    if counted and "folkm" in str(self.data.get("label", "")).casefold()
                    else unit,
                    "Måttslag": "antal" if counted else None,
                    "Additivitet": additivity if counted else None,
                    "Över plats": "summa" if counted else None,
                    "Över tid": over_time if counted else None,
                    "Över uppdelning": "summa" if counted else None,
                    "Kumulering": "ingen" if counted else None,
                    "Önskad riktning": "ingen" if counted else None,
                    "Räknad enhet": "person" if counted else None,
                    "Unika": "unika" if counted else None,
                    "Population": "folkbokförda" if counted else None,
                    "Lägsta möjliga": 0 if counted else None,
                    "Periodslag": kind,
                    "Statistikkälla": f"{self.data.get('source', '')} {self.table}".strip(),
                    "Uppdelningar": str(SCHEME["sex"])
                    if any(o.casefold() in _SEX for o in self._others())
                    else None,
                    "Id": self._key(code),
                }
            )
        return rows

    def publication(self) -> Fields:
        years = [code[:4] for code in self._codes(str(self.time)) if code[:4].isdecimal()]
        return {
            "Rubrik": str(self.data.get("label") or self.table),
            "Utgivare": "Nationella referensutgivaren",
            "Datamängd": slug(f"scb-{self.table}"),
            "Källa": slug(f"scb-{self.table}"),
            "Fullständighet": "fullständig",
            "Konstruerat": "nej",
            "Språk": "sv",
            "Från år": min(years, default=None),
            "Till år": max(years, default=None),
        }

    def source(self) -> Fields:
        updated = str(self.data.get("updated") or "")[:4]
        title = f"{self.data.get('source') or 'SCB'}, tabell {self.table}"
        return {"Slag": "Källa", "Titel": title, "Utgivningsår": updated, "Id": slug(f"scb-{self.table}")}
