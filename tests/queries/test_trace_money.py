"""From an effect back to the money, and from the money to the effect: amounts as published, never divided."""

from __future__ import annotations

import json

from rodtrad.ontology.names import ID
from rodtrad.queries.trace import trace
from rodtrad.store import Engine

INTERVENTION = ID["bergslund/intervention/validering-nara-dig"]
MONEY = ID["bergslund/resource/projektmedel-till-validering-nara-dig"]


def test_an_effect_leads_back_to_what_was_granted_and_paid(engine: Engine) -> None:
    up = trace(engine, str(MONEY), "up")
    effect = next(
        node.iri for node in up.nodes if node.label.startswith("Andelen tjänster utan rätt utbildad")
    )
    down = json.loads(trace(engine, effect, "down").to_json())
    told = {node["iri"]: node["money"] for node in down["nodes"] if node["money"]}
    work = told[str(INTERVENTION)]
    assert (work["granted"], work["paid"], work["case"]) == ("2500000", "2350000", "RB 2019-0147")
    assert work["fund"]["label"] == "ESF"
    assert (told[str(MONEY)]["amount"], told[str(MONEY)]["unit"]) == ("2500000", "kr")


def test_the_effects_carry_no_share_of_the_money(engine: Engine) -> None:
    up = trace(engine, str(MONEY), "up")
    paid_for = {node.cls.label for node in up.nodes if node.money and node.cls}
    assert paid_for <= {"Resurs", "Insats"}
    assert "beviljat 2500000 kr" in up.to_text("sv")
    assert "granted 2500000 kr" in trace(engine, str(INTERVENTION), "up", "en").to_text()


def test_what_has_no_amount_has_no_money(engine: Engine) -> None:
    start = trace(engine, str(ID["rodtrad/activity/20-a12"]), "up").start
    assert start.money is None
