"""The annual cycle: when follow-ups are due, which are overdue, who has not answered, what clashes."""

from .calendar import Calendar, calendar
from .due import Clash, Cycle, Held, Occasion, Step, Unplaced, clashes, occasions

__all__ = [
    "Calendar",
    "Clash",
    "Cycle",
    "Held",
    "Occasion",
    "Step",
    "Unplaced",
    "calendar",
    "clashes",
    "occasions",
]
