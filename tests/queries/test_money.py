"""Money put together by rule A16: planned, granted and paid apart, and the same money once."""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

ESF = "https://w3id.org/rodtrad/scheme/fund/esf"
HEAD = """
@prefix : <http://x.example/> .
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix fund: <https://w3id.org/rodtrad/scheme/fund/> .
"""
TOLD_BY_RECEIVER = ':a a rt:Intervention ; rt:fund fund:esf ; rt:caseId "E1" ; rt:granted 100 ; rt:paid 60 ; rt:inPublication :receiver .'
TOLD_BY_FUNDER = ':b a rt:Intervention ; rt:fund fund:esf ; rt:caseId "E1" ; rt:granted 100 ; rt:paid 60 ; rt:inPublication :funder .'
ANOTHER = (
    ':c a rt:Intervention ; rt:fund fund:esf ; rt:caseId "E2" ; rt:granted 30 ; rt:inPublication :receiver .'
)
RESOURCE = ':r a rt:Resource ; rt:fund fund:esf ; rt:unit "kr" ; rt:value 7 ; rt:plannedValue 9 ; rt:inPublication :receiver .'
OF_A = ':s a rt:Resource ; rt:fund fund:esf ; rt:unit "kr" ; rt:value 100 ; rt:resourceFor :a ; rt:inPublication :receiver .'


def ask(*parts: str) -> tuple:
    store = ox.Store()
    store.load((HEAD + "".join(parts)).encode(), format=ox.RdfFormat.TURTLE)
    return run(Engine(store, 1), find("money-by-fund"), {}).rows


def numbers(row: dict) -> dict[str, Decimal]:
    names = ("planned", "granted", "outturn", "paid")
    return {name: Decimal(row[name].value) for name in names if name in row and Decimal(row[name].value)}


def verdict(row: dict) -> str:
    return row["verdict"].value.rpartition("/")[2]


def test_money_told_by_funder_and_receiver_is_counted_once() -> None:
    (row,) = ask(TOLD_BY_RECEIVER, TOLD_BY_FUNDER, ANOTHER)
    assert numbers(row) == {"granted": 130, "paid": 60}
    assert (row["flows"].value, row["tellings"].value, verdict(row)) == ("2", "3", "exact")


def test_tellers_that_differ_or_give_no_case_leave_an_upper_bound() -> None:
    (differing,) = ask(TOLD_BY_RECEIVER, TOLD_BY_FUNDER.replace("granted 100", "granted 90"))
    assert (numbers(differing)["granted"], verdict(differing)) == (100, "upper-bound")
    (nameless,) = ask(TOLD_BY_RECEIVER, TOLD_BY_FUNDER.replace('rt:caseId "E1" ; ', ""))
    assert (numbers(nameless)["granted"], verdict(nameless)) == (200, "upper-bound")


def test_planned_granted_outturn_and_paid_are_never_added() -> None:
    (row,) = ask(TOLD_BY_RECEIVER, RESOURCE)
    assert numbers(row) == {"planned": 9, "granted": 100, "outturn": 7, "paid": 60}


def test_the_money_of_an_intervention_is_not_told_again_by_its_resource() -> None:
    (row,) = ask(TOLD_BY_RECEIVER, OF_A)
    assert numbers(row) == {"granted": 100, "paid": 60}
    (alone,) = ask(OF_A)
    assert numbers(alone) == {"outturn": 100}


def test_one_amount_of_several_funds_is_not_given_to_each() -> None:
    rows = ask(TOLD_BY_RECEIVER.replace("rt:fund fund:esf", "rt:fund fund:esf , fund:erdf"))
    assert [("fund" in row, numbers(row)["granted"]) for row in rows] == [(False, 100)]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_made_up_county_by_hand(engine: Engine, lang: str) -> None:
    """Validering nära dig: 2 500 000 kr granted, 2 350 000 paid; its resource tells of the same 2 500 000."""
    rows = run(engine, find("money-by-fund"), {"fund": "esf"}, lang).rows
    (row,) = [row for row in rows if row["constructed"].value == "true"]
    assert numbers(row) == {"granted": 2_500_000, "paid": 2_350_000}
    assert (row["fund"].value, verdict(row)) == (ESF, "exact")
