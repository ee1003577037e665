"""The formats that are known by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .brp_plus import read_brp_plus
from .eurostat import read_sdmx_tsv
from .jsonstat import read_jsonstat
from .kolada import read_kolada_values
from .mapped import read_mapped as mapped
from .source import Source

FORMATS: Mapping[str, Callable[[Sequence[Path]], Source]] = {
    "jsonstat": read_jsonstat,
    "sdmx-tsv": read_sdmx_tsv,
    "kolada": read_kolada_values,
    "brp": read_brp_plus,
}

__all__ = ["FORMATS", "mapped"]
