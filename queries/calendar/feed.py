"""The occasions of a calendar as iCalendar (RFC 5545): whole days, one event per occasion."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import icalendar

from .calendar import Calendar
from .due import Occasion

PRODID = "-//rodtrad//Röda tråden//SV"


def feed(
    calendar: Calendar, name: str, stamp: datetime, words: Callable[[str], str], home: str = ""
) -> bytes:
    """The calendar as bytes.

    ``name`` is what the calendar is called; ``stamp`` when its data were published; ``words`` gives the word
    for a state, a reason or a heading; ``home`` is the page of the calendar.
    Steps without time are no events: the description of the calendar names them.
    """
    made = icalendar.Calendar()
    made.add("prodid", PRODID)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("name", name, parameters={"language": calendar.lang})
    lacking = "; ".join(f"{one.step.label} ({words('reason_' + one.reason)})" for one in calendar.unplaced)
    if lacking:
        made.add("x-wr-caldesc", f"{words('without_time')}: {lacking}")
    made.add("refresh-interval", timedelta(days=1), parameters={"value": "DURATION"})
    for one in calendar.occasions:
        made.add_component(_event(calendar, one, stamp.astimezone(UTC), words, home))
    return made.to_ical()


def uid(one: Occasion) -> str:
    """The same for the same occasion in every answer: of the step, its holder and the year that it begins."""
    named = f"{one.step.iri} {one.step.cycle.holder} {one.begins.year}"
    return hashlib.sha256(named.encode()).hexdigest()[:32] + "@rodtrad"


def _event(
    calendar: Calendar, one: Occasion, stamp: datetime, words: Callable[[str], str], home: str
) -> icalendar.Event:
    step, spoken = one.step, {"language": calendar.lang}
    event = icalendar.Event()
    event.add("uid", uid(one))
    event.add("dtstamp", stamp)
    event.add("dtstart", one.begins, parameters={"value": "DATE"})
    event.add("dtend", _after(one.due), parameters={"value": "DATE"})
    event.add("summary", f"{step.label} – {step.cycle.holder_label}", parameters=spoken)
    event.add("description", "\n".join(_lines(calendar, one, words)), parameters=spoken)
    event.add("categories", [step.cycle.label, words("state_" + one.state)])
    event.add("url", f"{home}#{one.due.isoformat()}" if home else step.iri)
    event.add("transp", "TRANSPARENT")
    return event


def _lines(calendar: Calendar, one: Occasion, words: Callable[[str], str]) -> list[str]:
    step = one.step
    lines = [f"{words('cycle')}: {step.cycle.label}", f"{words('state')}: {words('state_' + one.state)}"]
    if step.feeds:
        lines.append(f"{words('feeds')}: {step.feeds}")
    lines += [f"{words('reviews')}: {name}" for name in step.reviews.values()]
    lines += [f"{words('left')}: {name}" for name in one.left.values() if one.held]
    lines += [f"{words('silent')}: {name}" for name in one.silent.values()]
    lines += [f"{words('decision')}: {made.label}" for made in calendar.decided(one)]
    if not (step.year_stated and step.cycle.between_stated):
        lines.append(words("interpreted"))
    if step.cycle.constructed:
        lines.append(words("constructed"))
    return [*lines, step.iri]


def _after(day: date) -> date:
    return day + timedelta(days=1)
