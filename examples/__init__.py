"""The publications that the project ships with, as folders of CSV sheets or of Turtle files.

They are the source: a workbook is built from a folder, and a change is reviewed as a change of its lines.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["groups", "national", "publications"]

_FOLDER = Path(__file__).parent

# A publication stands after those whose resources it names; those of one group do not name each other's.
_ORDER = (
    ("national/actors",),
    ("national/frameworks",),
    ("national/mandate",),
    ("statistics/*",),
    ("evaluation/*", "strategies/*", "bergslund"),
    ("national/joint", "national/synthesis"),
)


def groups() -> list[list[Path]]:
    """All publications in the order in which they are loaded: folders of CSV sheets or of Turtle files.

    Each group is read against the groups before it.
    """
    return [[path for pattern in patterns for path in sorted(_FOLDER.glob(pattern))] for patterns in _ORDER]


def publications() -> list[Path]:
    """All publications in the order in which they are loaded."""
    return [path for group in groups() for path in group]


def national() -> list[Path]:
    """The publications of the national reference publisher that others refer to."""
    return [path for group in groups()[:3] for path in group]
