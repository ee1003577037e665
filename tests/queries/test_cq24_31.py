"""The questions on the annual cycle: cadence, overdue, undone, clashing, expiring, to revise and unanswered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pyoxigraph as ox
import pytest
from rodtrad.ontology.names import ID, RT
from rodtrad.queries.calendar import calendar
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run

BERGSLUND = ID["bergslund/actor/region-bergslund"]
CERTIFICATE = "Deltagarna har intyg på det de kan"
PAY = "Den som arbetar i vården får sitt kunnande erkänt i lön och uppdrag"
STAFF = "Färre tjänster i vård och omsorg saknar rätt utbildad personal"


def ask(engine, query: str, **given: str):
    return run(engine, find(query), given, "sv")


def cells(answer, names: str) -> list[tuple]:
    return [tuple(row[name].label if name in row else None for name in names.split()) for row in answer.rows]


def due_levels(frameworks: dict, year: int, first: int = 2020, last: int = 2030) -> list[tuple[str, str]]:
    """What the two readings of the register make due in a year of a strategy, here Ett Västernorrland."""
    theory = frameworks["programme_theory_vasternorrland"]
    comes = {
        "every year": first < year <= last,
        "every second year": first < year <= last and (year - first) % 2 == 0,
        "half-time evaluation": year == (first + last) // 2,
        "final evaluation": year == last,
        None: False,
    }
    return sorted(
        (letter.upper(), one["level"])
        for letter in "ab"
        for one in theory[f"cadence_reading_{letter}"]["map"]
        if comes[one["when"]]
    )


@pytest.mark.parametrize("year", [2020, 2021, 2024, 2025, 2030, 2031])
def test_levels_are_due_after_both_readings_of_the_cadence(engine, frameworks, year: int):
    answer = ask(engine, "cq24-objectives-due-for-check", region="22", year=str(year))
    assert sorted(set(cells(answer, "reading level"))) == due_levels(frameworks, year)
    assert all(row["basis"].label == "tolkad" for row in answer.rows)
    assert set(cells(answer, "reading preferred")) <= {("A", "true"), ("B", "false")}


def test_only_a_county_with_a_cadence_has_something_due(engine, regions):
    for region in regions:
        given = {"region": region["region"]["lan_code"], "year": "2030"}
        rows = ask(engine, "cq24-objectives-due-for-check", **given).rows
        assert bool(rows) == (given["region"] == "22"), given


# The years of the strategies; no objective of the two counties is said to belong to a level with a cadence.
STRATEGIES = {
    "20": {"Dalastrategin 2030 – Tillsammans för ett hållbart Dalarna": (2021, 2030)},
    "17": {
        "Värmlandsstrategin 2014–2020": (2014, 2020),
        "Regional utvecklingsstrategi (RUS) (antas enligt plan våren 2021)": (2021, 2028),
        "Värmlandsstrategin 2040": (2021, 2040),
    },
}


@pytest.mark.parametrize(
    ("region", "holder", "year"),
    [("20", "dalarna", year) for year in (2021, 2022, 2023, 2025, 2030, 2031)]
    + [("17", "varmland", year) for year in (2017, 2020, 2021, 2023, 2030, 2040)],
)
def test_the_cadence_counts_from_the_strategy_of_the_county(
    frameworks, compared, view_without: Callable, region: str, holder: str, year: int
):
    given = {"region": str(ID["ref/region/"] + region), "year": str(year)}
    framework = ox.NamedNode(ID["ref/framework/vasternorrland"])
    shared = ox.Quad(framework, ox.NamedNode(RT.heldBy), ox.NamedNode(ID["ref/actor/region-"] + holder))
    with view_without() as view:
        view._store.add(shared)
        answer = ask(view, "cq24-objectives-due-for-check", **given)
        view._store.remove(shared)
    assert sorted(compared(answer, "document from to reading level objective"), key=str) == sorted(
        (
            (name, *years, *level, None)
            for name, years in STRATEGIES[region].items()
            for level in due_levels(frameworks, year, *years)
        ),
        key=str,
    )


def test_without_the_cadence_nothing_is_due(without):
    with without(f"{RT}cadenceFor") as poorer:
        given = {"region": str(ID["ref/region/22"]), "year": "2030"}
        assert ask(poorer, "cq24-objectives-due-for-check", **given).rows == ()


def test_only_published_objectives_are_named(engine):
    answer = ask(engine, "cq24-objectives-due-for-check", region="22", year="2030")
    named = {row["objective"].value.rpartition("/")[2] for row in answer.rows if "objective" in row}
    assert named == {"22-rus-stark-plats", "22-rus-leva", "22-rus-vaxa"}
    assert {row["level"].label for row in answer.rows if "objective" in row} == {"Övergripande mål/Effektmål"}
    strategy = "Ett Västernorrland – regional utvecklingsstrategi 2020–2030"
    assert set(cells(answer, "document from to")) == {(strategy, "2020", "2030")}


# Result talks in March on PAY and CERTIFICATE: held for both in 2024, in 2025 on the intervention only.
# Material in December on STAFF: held 2024. Check in September of the second year on CERTIFICATE: never held.
OVERDUE = {
    "2025-03-31": [],
    "2025-04-01": [(CERTIFICATE, "2025", "3"), (PAY, "2025", "3")],
    "2025-12-31": [(CERTIFICATE, "2025", "3"), (PAY, "2025", "3"), (CERTIFICATE, "2025", "9")],
    "2026-01-15": [
        (CERTIFICATE, "2025", "3"),
        (PAY, "2025", "3"),
        (CERTIFICATE, "2025", "9"),
        (STAFF, "2025", "12"),
    ],
}


@pytest.mark.parametrize("day", OVERDUE)
def test_a_goal_is_overdue_from_the_day_after_its_month(engine, day: str):
    answer = ask(engine, "cq25-objectives-overdue", holder="Region Bergslund", day=day)
    assert cells(answer, "goal dueYear dueMonth") == OVERDUE[day]


def test_the_calendar_in_python_agrees_with_the_question(engine):
    """Two ways to the same: SPARQL on the latest round, and the rounds placed on days by plain Python."""
    for day in OVERDUE:
        on = date.fromisoformat(day)
        found = calendar(engine, [BERGSLUND], first=date(on.year - 2, 1, 1), last=on, on=on)
        placed = [
            (name, str(one.due.year), str(one.due.month))
            for one in found.occasions
            if one.state == "overdue"
            for name in one.left.values()
        ]
        assert sorted(placed) == sorted(OVERDUE[day])


def test_nobody_is_overdue_who_publishes_no_follow_ups(engine, without):
    assert ask(engine, "cq25-objectives-overdue", holder="24", day="2026-01-15").rows == ()
    with without(f"{RT}FollowUp") as poorer:
        given = {"holder": str(BERGSLUND), "day": "2026-01-15"}
        assert ask(poorer, "cq25-objectives-overdue", **given).rows == ()


def test_uppsala_names_six_yearly_activities_and_not_whether_they_are_done(engine, compared, frameworks):
    words = {
        "survey": "enkät",
        "indicator report": "indikatorrapport",
        "dialogue": "dialog",
        "conference": "konferens",
    }
    wheel = next(one for one in frameworks["year_wheels"] if one["id"] == "wheel-uppsala")
    answer = ask(engine, "cq27-yearly-activities-undone", holder="03", year="2025")
    assert compared(answer, "cycle: step: instrument state followUp") == [
        ("uppsala", f"uppsala-{one['no']}", words[one["instrument"]], "källan säger inte", None)
        for one in wheel["recurring_activities"]
    ]


TALKS = ("Resultatsamtal", "3", "gjord")
MATERIAL = ("Underlag till årsredovisningen", "12")
# The learning cycle of validation goes every second year and is left out.
YEARLY = {
    2023: [],
    2024: [
        (*TALKS, "Resultatsamtal i mars 2024", "2024-03-12"),
        (*MATERIAL, "gjord", "Underlag till årsredovisningen 2024", "2024-12-05"),
    ],
    2025: [
        (*TALKS, "Resultatsamtal om valideringen i mars 2025", "2025-03-14"),
        (*MATERIAL, "ogjord", None, None),
    ],
}


@pytest.mark.parametrize("year", YEARLY)
def test_the_made_up_county_tells_what_is_done_and_undone(engine, year: int):
    answer = ask(engine, "cq27-yearly-activities-undone", holder="Region Bergslund", year=str(year))
    assert cells(answer, "step month state followUp held") == YEARLY[year]


def test_without_its_follow_ups_nothing_is_done_or_undone(without):
    given = {"holder": str(BERGSLUND), "year": "2025"}
    with without(f"{RT}cycleStep") as poorer:
        states = cells(ask(poorer, "cq27-yearly-activities-undone", **given), "state")
    assert states == [("ogjord",)] * 2
    with without(f"{RT}FollowUp") as poorer:
        states = cells(ask(poorer, "cq27-yearly-activities-undone", **given), "state")
    assert states == [("källan säger inte",)] * 2


UNKNOWN = "går inte att säga: källan ger inga månader"


def test_wheels_are_paired_and_no_clash_is_guessed(engine, frameworks):
    wheel = next(one for one in frameworks["year_wheels"] if one["id"] == "wheel-skane")
    answer = ask(engine, "cq29-cycles-that-clash", holder="12")
    scopes = {
        one["name_sv"]: {"external": "externt", "internal": "internt"}[one["scope"]]
        for one in wheel["wheels"]
    }
    pairs = [frozenset(pair) for pair in cells(answer, "cycle other")]
    assert sorted(pairs, key=sorted) == sorted(
        (frozenset((a, b)) for a in scopes for b in scopes if a < b), key=sorted
    )
    told = {*cells(answer, "cycle scope"), *cells(answer, "other otherScope")}
    assert told == set(scopes.items())
    assert set(cells(answer, "goal month clash")) == {(None, None, UNKNOWN)}


YEAR, LEARNING, TERM = "Årshjul för uppföljning", "Lärcykel för validering", "Mandatperioden"


def test_cycles_that_share_a_goal_say_so(engine, without):
    # The annual cycle is part of the term of office and is not set against it.
    columns = "cycle other goal month clash"
    assert cells(ask(engine, "cq29-cycles-that-clash", holder="Region Bergslund"), columns) == [
        (LEARNING, TERM, None, None, UNKNOWN),
        (YEAR, LEARNING, CERTIFICATE, None, "nej"),
    ]
    with without(f"{RT}toReview") as poorer:
        after = cells(ask(poorer, "cq29-cycles-that-clash", holder=str(BERGSLUND)), columns)
    assert after[1] == (YEAR, LEARNING, None, None, "nej")


# The annual cycle has steps in March and December, the learning cycle in September and where it is put here.
@pytest.mark.parametrize(
    ("first", "last", "clashes"),
    [
        (3, None, [3]),
        (2, 4, [3]),
        (1, 12, [3, 12]),
        (4, 11, []),
        (2, None, []),
        (11, 2, [12]),
        (12, 3, [3, 12]),
    ],
)
def test_a_shared_month_is_a_clash(view_without: Callable, first: int, last: int | None, clashes: list[int]):
    step = ox.NamedNode(ID["bergslund/cycle-step/lardomarna-delas-med-andra-larcykel-for-validering"])
    span = {RT.month: first, RT.monthTo: last}
    put = [ox.Quad(step, ox.NamedNode(path), ox.Literal(month)) for path, month in span.items() if month]
    with view_without() as view:
        view._store.extend(put)
        answer = ask(view, "cq29-cycles-that-clash", holder=str(BERGSLUND))
        for quad in put:
            view._store.remove(quad)
    expected = [(YEAR, LEARNING, CERTIFICATE, str(month), "ja") for month in clashes]
    assert cells(answer, "cycle other goal month clash") == [
        (LEARNING, TERM, None, None, UNKNOWN),
        *(expected or [(YEAR, LEARNING, CERTIFICATE, None, "nej")]),
    ]


# By hand from the strategies' published periods; Jämtland's work on a new strategy has no year.
EXPIRES = {
    2025: [("07", "Gröna Kronoberg 2025", "2025")],
    2026: [("01", "RUFS 2050", "2026")],
    2027: [
        ("09", "Hälsa och socialt hållbart Gotland (genomförandeprogram)", "2027"),
        ("09", "Klimat, miljö och energi (genomförandeprogram)", "2027"),
        ("09", "Näringslivets förutsättningar och innovation (genomförandeprogram)", "2027"),
    ],
    2034: [],
}


@pytest.mark.parametrize("year", EXPIRES)
def test_documents_expire_in_their_last_year_and_in_county_order(engine, year: int):
    answer = ask(engine, "cq30-documents-that-expire", year=str(year))
    ends = [row for row in answer.rows if row["what"].value == "löper ut"]
    assert [(row["code"].value, row["document"].label, row["to"].value) for row in ends] == EXPIRES[year]
    revised = [row["code"].value for row in answer.rows if row["what"].value.startswith("revideras")]
    assert revised == ["23"]


def test_an_intervention_is_to_revise_until_a_decision_follows(engine, without):
    answer = ask(engine, "cq31-interventions-to-revise", holder="Region Bergslund")
    assert cells(answer, "undertaking held state decided") == [
        (
            "Kartläggning av helårsarbete i besöksnäringen",
            "2025-10-21",
            "inget beslut efter uppföljningen",
            None,
        ),
        ("Validering nära dig", "2025-03-14", "beslutat efter uppföljningen", "2025-04-02"),
    ]
    with without(f"{RT}changes") as poorer:
        undecided = ask(poorer, "cq31-interventions-to-revise", holder=str(BERGSLUND))
        assert {row["state"].value for row in undecided.rows} == {"inget beslut efter uppföljningen"}


@pytest.mark.parametrize(
    ("holder", "year", "month", "expected"),
    [
        ("Region Bergslund", 2025, 3, [("Resultatsamtal", "hållen", "Tallnäs kommun")]),
        ("Region Bergslund", 2024, 3, [("Resultatsamtal", "hållen", None)]),
        ("Region Bergslund", 2025, 9, [("Avstämning av validering", "inte hållen", None)]),
        ("Region Bergslund", 2024, 9, []),
        ("Region Bergslund", 2026, 9, []),
        ("Region Västerbotten", 2026, 6, [("MPL", "källan säger inte", None)]),
        ("Region Västerbotten", 2026, 5, []),
    ],
)
def test_what_is_due_in_a_month_and_who_is_silent(engine, holder, year, month, expected):
    answer = ask(engine, "cq78-due-and-not-answered", holder=holder, year=str(year), month=str(month))
    assert cells(answer, "step state silent") == expected


def test_an_answer_given_is_no_longer_lacking(engine, without):
    given = {"holder": str(BERGSLUND), "year": "2025", "month": "3"}
    with without(f"{RT}askedOf") as poorer:
        assert cells(ask(poorer, "cq78-due-and-not-answered", **given), "silent") == [(None,)]
    with without(f"{RT}answeredBy") as poorer:
        silent = {name for (name,) in cells(ask(poorer, "cq78-due-and-not-answered", **given), "silent")}
        assert silent == {"Ekbackens kommun", "Tallnäs kommun"}
