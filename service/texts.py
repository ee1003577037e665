"""The words of the pages, in Swedish and English, from ``texts.yaml``; and how numbers are written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from ..ontology.problems import Lang


@cache
def texts() -> Mapping[str, Mapping[Lang, str]]:
    """All texts by key and language."""
    with (Path(__file__).parent / "texts.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)


def text(key: str, lang: Lang, **values: object) -> str:
    """The text of a key with its {names} filled in. Raises KeyError for an unknown key."""
    words = texts()[key][lang]
    return words.format_map(values) if values else words


def number(value: Decimal | float | int, lang: Lang) -> str:
    """A number as people write it: ``1 234,5`` in Swedish, ``1,234.5`` in English."""
    written = f"{value:,}"
    if isinstance(value, (Decimal, float)) and "." in written:
        written = written.rstrip("0").rstrip(".")
    if lang == "sv":
        return written.replace(",", "\u00a0").replace(".", ",")
    return written
