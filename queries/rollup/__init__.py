"""Roll-up: what may be put together over place, time and breakdown, with a verdict on every number."""

from .answer import Rollup
from .attainment import Attainment, attainment
from .audit import Audit, audit
from .calculation import Result
from .consistency import Comparability, comparability
from .derived import to_turtle
from .rollup import rollup

__all__ = [
    "Attainment",
    "Audit",
    "Comparability",
    "Result",
    "Rollup",
    "attainment",
    "audit",
    "comparability",
    "rollup",
    "to_turtle",
]
