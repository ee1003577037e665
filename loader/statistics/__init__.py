"""How published figures come in: JSON-stat, SDMX-TSV, Kolada, BRP+ and mapped tables become publications.

A reader turns its file into raw values (``raw.py``); they are settled by stated rules (``settle.py``) and
written row by row or in bulk (``writing.py``). The publication itself and its indicators are read like rows
of a workbook (``head.py``).
"""

from __future__ import annotations

from .catalogue import read_catalogues
from .formats import FORMATS
from .reader import Bulk, read_bulk, read_statistics

__all__ = ["FORMATS", "Bulk", "read_bulk", "read_catalogues", "read_statistics"]
