"""What may be summed and what may not: cases that the evaluation does not have."""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

TWO_COUNTIES = """
@prefix : <http://x.example/> .
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix state: <https://w3id.org/rodtrad/scheme/achievement-state/> .
:p rt:constructed false .
:o1 a rt:Output ; rt:state state:achieved ; rt:value 5 ; rt:unit "kurser" ; rt:year 2020 ;
    rt:about :a ; rt:inPublication :p ; rt:producedBy :a1 .
:o2 a rt:Output ; rt:state state:achieved ; rt:value 7 ; rt:unit "kurser" ; rt:year 2020 ;
    rt:about :b ; rt:inPublication :p ; rt:producedBy :b1 .
"""
JOINT = "nej: samma satsning kan räknas två gånger"


@pytest.mark.parametrize(
    ("more", "change", "outputs", "total", "verdict"),
    [
        ("", (), 2, 12, "ja"),
        (":o3 rt:valueMax 9 . :o1 rt:valueMax 6 .", (), 2, None, "nej: ett värde är ett spann"),
        (":j rt:toldBy :a1 , :b1 .", (), 2, None, JOINT),
        (":j rt:toldBy :a1 .", (), 2, 12, "ja"),
        ("", (":b ;", ":a ;"), 2, None, "nej: bara ett län har enheten och året"),
        ("", ("rt:value 7", "rt:value 5"), 2, 10, "ja"),
    ],
    ids=["two counties", "a range", "one joint thing", "told once", "one county", "equal values"],
)
def test_verdict(more: str, change: tuple, outputs: int, total: int | None, verdict: str) -> None:
    text = TWO_COUNTIES.replace(*change) if change else TWO_COUNTIES
    (row,) = ask(text + more)
    assert int(row["outputs"].value) == outputs
    assert ("total" in row) == (total is not None)
    assert total is None or Decimal(row["total"].value) == total
    assert row["verdict"].label == verdict


def test_years_are_kept_apart_and_what_is_expected_is_not_counted() -> None:
    apart = ask(TWO_COUNTIES.replace("rt:year 2020 ;\n    rt:about :b", "rt:year 2019 ;\n    rt:about :b"))
    assert [row["year"].value for row in apart] == ["2019", "2020"]
    expected = ask(TWO_COUNTIES.replace("state:achieved ; rt:value 7", "state:expected ; rt:value 7"))
    assert [row["outputs"].value for row in expected] == ["1"]


def test_made_up_numbers_are_left_out() -> None:
    assert ask(TWO_COUNTIES.replace("constructed false", "constructed true")) == ()


def ask(turtle: str) -> tuple:
    store = ox.Store()
    store.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    return run(Engine(store, 1), find("cq14-outputs-that-can-be-summed")).rows
