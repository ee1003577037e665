"""From declared cycles to days: only what is said gets a day, and what is overdue is so for a reason."""

from __future__ import annotations

from datetime import date

import pytest
from rodtrad.ontology.names import ID, RT
from rodtrad.ontology.problems import RodtradError
from rodtrad.queries.calendar import Cycle, Held, Step, calendar, clashes, occasions
from rodtrad.queries.calendar.due import why_unplaced

YEARLY = Cycle("c:1", "Årshjul", least=12, most=12, logged=True)
GOAL = {"g:1": "Målet"}


def due(step: Step, first: date, last: date, on: date | None = None, held: tuple[Held, ...] = ()):
    placed, _ = occasions([step], held, first, last, on or last)
    return placed


def days(step: Step, first: int, last: int) -> list[str]:
    return [one.due.isoformat() for one in due(step, date(first, 1, 1), date(last, 12, 31))]


@pytest.mark.parametrize(
    ("cycle", "step", "expected"),
    [
        # Every year, with no beginning told.
        (YEARLY, {"month": 2}, ["2023-02-28", "2024-02-29", "2025-02-28", "2026-02-28"]),
        # Every year from September 2024: a March comes first in the year after.
        (Cycle("c", "", least=12, start=date(2024, 9, 1)), {"month": 3}, ["2025-03-31", "2026-03-31"]),
        # Four years from 2023, second year.
        (Cycle("c", "", least=48, most=48, start=date(2023, 1, 1)), {"month": 6, "year": 2}, ["2024-06-30"]),
        # Eighteen months at least, a new round every second year.
        (
            Cycle("c", "", least=18, between=24, start=date(2022, 1, 1)),
            {"month": 9, "month_to": 10, "year": 2},
            ["2023-10-31", "2025-10-31"],
        ),
        # The step's own interval goes before the length of the cycle.
        (
            Cycle("c", "", least=12, start=date(2023, 1, 1)),
            {"month": 1, "interval": 2},
            ["2023-01-31", "2025-01-31"],
        ),
    ],
)
def test_a_step_comes_when_the_cycle_says(cycle: Cycle, step: dict, expected: list[str]) -> None:
    assert days(Step("s", "", cycle, **step), 2023, 2026) == expected


def test_a_step_over_the_turn_of_the_year_ends_in_the_next() -> None:
    (one,) = due(Step("s", "", YEARLY, month=11, month_to=2), date(2025, 6, 1), date(2026, 6, 1))
    assert (one.begins, one.due) == (date(2025, 11, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("cycle", "month", "reason"),
    [
        (YEARLY, None, "no-month"),
        (Cycle("c", "", least=18), 3, "no-length"),
        (Cycle("c", "", least=48, most=48), 3, "no-beginning"),
        (Cycle("c", "", least=18, between=18, start=date(2024, 1, 1)), 3, "not-whole-years"),
        (YEARLY, 3, None),
    ],
)
def test_what_has_no_time_gets_none_and_a_reason(cycle: Cycle, month: int | None, reason: str | None) -> None:
    step = Step("s", "", cycle, month=month)
    assert why_unplaced(step) == reason
    _, unplaced = occasions([step], (), date(2025, 1, 1), date(2025, 12, 31), date(2025, 1, 1))
    assert [one.reason for one in unplaced] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("on", "state"),
    [("2025-02-28", "coming"), ("2025-03-01", "now"), ("2025-03-31", "now"), ("2025-04-01", "overdue")],
)
def test_the_state_follows_the_day(on: str, state: str) -> None:
    step = Step("s", "", YEARLY, month=3, reviews=GOAL)
    (one,) = due(step, date(2025, 1, 1), date(2025, 12, 31), date.fromisoformat(on))
    assert one.state == state


def test_a_late_follow_up_counts_and_one_of_the_year_before_does_not() -> None:
    step = Step("s", "", YEARLY, month=3, reviews=GOAL)
    window = (date(2025, 1, 1), date(2025, 12, 31), date(2025, 12, 31))
    late = Held("h", "", "s", date(2025, 6, 1), 2025, frozenset(GOAL))
    early = Held("h", "", "s", date(2024, 6, 1), 2024, frozenset(GOAL))
    other = Held("h", "", "another", date(2025, 3, 1), 2025, frozenset(GOAL))
    assert [due(step, *window, held=(one,))[0].state for one in (late, early, other)] == [
        "held",
        "overdue",
        "overdue",
    ]


def test_a_follow_up_that_left_a_goal_out_leaves_it_overdue() -> None:
    step = Step("s", "", YEARLY, month=3, reviews={**GOAL, "g:2": "Det andra"})
    held = (Held("h", "", "s", date(2025, 3, 2), 2025, frozenset(GOAL)),)
    (one,) = due(step, date(2025, 1, 1), date(2025, 12, 31), date(2025, 3, 15), held)
    assert (one.state, one.left) == ("partly-held", {"g:2": "Det andra"})
    (one,) = due(step, date(2025, 1, 1), date(2025, 12, 31), date(2025, 4, 1), held)
    assert (one.state, one.left) == ("overdue", {"g:2": "Det andra"})


def test_nothing_is_called_overdue_where_no_follow_ups_are_published() -> None:
    silent = Cycle("c", "", least=12)
    (one,) = due(Step("s", "", silent, month=3), date(2025, 1, 1), date(2025, 12, 31))
    assert one.state == "not-told"


def test_cycles_clash_in_the_months_that_both_have() -> None:
    one, two, three = (Cycle(f"c:{name}", name, holder="h") for name in "abc")
    steps = [
        Step("1", "", one, month=11, month_to=2, reviews=GOAL),
        Step("2", "", two, month=1, reviews=GOAL),
        Step("3", "", three),
    ]
    found = {(c.first.label, c.second.label): (c.months, c.shared) for c in clashes([one, two, three], steps)}
    assert found == {("a", "b"): ((1,), GOAL), ("a", "c"): (None, {}), ("b", "c"): (None, {})}
    assert clashes([one, Cycle("c:x", "x", holder="h", part="c:a")], steps) == []
    assert clashes([one, Cycle("c:y", "y", holder="another")], steps) == []


BERGSLUND = str(ID["bergslund/actor/region-bergslund"])
VASTERBOTTEN = str(ID["ref/actor/region-vasterbotten"])
YEAR = {"first": date(2025, 1, 1), "last": date(2025, 12, 31), "on": date(2026, 1, 15)}


def test_vasterbottens_months_are_those_of_the_register(engine, frameworks) -> None:
    steps = frameworks["learning_cycle_vasterbotten"]["steps"]
    found = calendar(engine, [VASTERBOTTEN], **YEAR)
    assert len(found.occasions) == sum(1 for one in steps if one.get("month")) == 5
    assert [one.due.month for one in found.occasions] == [1, 2, 4, 6, 12]
    assert {one.state for one in found.occasions} == {"not-told"}
    assert not any(one.step.cycle.between_stated for one in found.occasions)
    cycle = next(one for one in found.cycles if one.least == 18)
    assert cycle.overlaps


def test_the_made_up_county_is_only_there_when_it_is_asked_for(engine) -> None:
    everybody = calendar(engine, **YEAR)
    assert {one.code for one in everybody.cycles} == {"01", "03", "04", "12", "17", "18", "22", "24"}
    assert everybody.silent == ()
    assert calendar(engine, [BERGSLUND], **YEAR).occasions


def test_a_goal_has_its_next_and_its_overdue_and_the_silent_are_named(engine, without) -> None:
    found = calendar(engine, [BERGSLUND], **{**YEAR, "last": date(2026, 12, 31)}).as_dict()
    goal = next(one for one in found["perGoal"] if one["label"] == "Deltagarna har intyg på det de kan")
    assert goal["overdue"] == ["2025-03-31", "2025-09-30"]
    assert goal["next"] == "2026-03-31"
    (lacking,) = found["notAnswered"]
    assert [one["label"] for one in lacking["parties"]] == ["Tallnäs kommun"]
    talks = next(one for one in found["occasions"] if one["due"] == "2025-03-31")
    assert talks["feeds"] == "verksamhetsplanen"
    assert [one["date"] for one in talks["decisions"]] == ["2025-04-02"]
    with without(f"{RT}reviews") as poorer:
        worse = calendar(poorer, [BERGSLUND], **YEAR).as_dict()
        assert all(one["overdue"] for one in worse["perGoal"])


def test_days_the_wrong_way_round_are_refused(engine) -> None:
    with pytest.raises(RodtradError) as error:
        calendar(engine, first=date(2026, 1, 1), last=date(2025, 1, 1), on=date(2025, 1, 1))
    assert error.value.problems[0].code == "value-unreadable"
