"""What is due and overdue as words, tables and days, for the pages, the interface and the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from ..ontology.problems import Lang, Problem, RodtradError
from ..queries.calendar import Calendar, Occasion, calendar
from ..queries.calendar.calendar import Holder, holders
from ..queries.parameters import Engine
from .texts import text

COLUMNS = (
    "due",
    "state",
    "step",
    "cycle",
    "holder",
    "reviews",
    "left",
    "silent",
    "feeds",
    "decision",
    "reason",
)


def words(lang: Lang) -> Callable[[str], str]:
    """Gives the word of the calendar for a key."""
    return lambda key: text(f"cal_{key}", lang)


def day(given: str | None, name: str, otherwise: date) -> date:
    """A day as written, 2026-01-31; without one ``otherwise``. Raises RodtradError ``value-unreadable``."""
    if not given or not given.strip():
        return otherwise
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        raise RodtradError(Problem("value-unreadable", values={"name": name, "given": given[:200]})) from None


def today(as_of: str | None = None) -> date:
    """The day of a moment that the asker chose, else this day in UTC."""
    if as_of and not as_of.isdigit():
        return day(as_of[:10], "asOf", datetime.now(UTC).date())
    return datetime.now(UTC).date()


def year_around(on: date) -> tuple[date, date]:
    """From the first day of the year before to the last of the year after."""
    return date(on.year - 1, 1, 1), date(on.year + 1, 12, 31)


def holders_with(engine: Engine, code: str, lang: Lang) -> list[Holder]:
    """Those with cycles who have a code: of the county, or of the publisher. ``[]`` when nobody has."""
    wanted = code.strip().casefold()
    return [
        one
        for one in holders(engine, lang)
        if wanted and wanted in (one.code.casefold(), (one.region or "").rpartition("/")[2].casefold())
    ]


def asked_calendar(
    engine: Engine, codes: Sequence[str], first: date, last: date, on: date, lang: Lang
) -> Calendar:
    """The calendar of those with a code, or of all. A code that nobody has gives no cycles."""
    found = [one.iri for code in codes for one in holders_with(engine, code, lang)]
    if codes and not found:
        return Calendar(
            lang, first, last, on, (), (), (), (), (), (), (), getattr(engine, "generation", None)
        )
    return calendar(engine, found, first=first, last=last, on=on, lang=lang)


def table(found: Calendar) -> tuple[list[str], list[list[str]]]:
    """Headings and rows: the occasions in time, then the steps without time with the reason."""
    word = words(found.lang)
    rows = [_row(found, one) for one in found.occasions]
    for one in found.unplaced:
        step = one.step
        named = ["", word("state_without_time"), step.label, step.cycle.label, step.cycle.holder_label]
        reviews = "; ".join(step.reviews.values())
        rows.append([*named, reviews, "", "", step.feeds or "", "", word(f"reason_{one.reason}")])
    return [word(name) for name in COLUMNS], rows


def _row(found: Calendar, one: Occasion) -> list[str]:
    word, step = words(found.lang), one.step
    interpreted = not (step.year_stated and step.cycle.between_stated)
    return [
        one.due.isoformat(),
        word(f"state_{one.state}"),
        step.label,
        step.cycle.label,
        step.cycle.holder_label,
        "; ".join(step.reviews.values()),
        "; ".join(one.left.values()) if one.state in ("overdue", "partly-held") else "",
        "; ".join(one.silent.values()),
        step.feeds or "",
        "; ".join(made.label for made in found.decided(one)),
        word("interpreted") if interpreted else "",
    ]
