"""Questions on how objectives are judged and on the indicator library, against facts found in other ways."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from rodtrad import examples
from rodtrad.ontology.names import ID, RT
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

FOLDER = Path(examples.__file__).parent
FOLLOW_UP = "data/statistics/dalarna-rus-2023/uppfoljning-2026-bedomning.csv"
# How the register of the theory of change begins its words on each goal.
VERDICTS = {
    "Delvis uppfyllt": "delvis uppfyllt",
    "Ej möjligt att bedöma": "ej möjligt att bedöma",
    "colour lost": None,
}
# Two counties with two units and a break, and one county twice.
SHARED = """
@prefix : <http://x.example/> .
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix region: <https://w3id.org/rodtrad/id/ref/region/> .
region:20 a rt:Region . region:21 a rt:Region .
:both a rt:Indicator ; rt:inPublication :p . :one a rt:Indicator ; rt:inPublication :p .
:new rt:versionOf :both ; rt:breakWithPrevious true . :old rt:versionOf :both ; rt:breakWithPrevious false .
:b1 a rt:Observation ; rt:indicator :both ; rt:place region:20 ; rt:unit "procent" .
:b2 a rt:Observation ; rt:indicator :both ; rt:place region:21 ; rt:unit "promille" .
:o1 a rt:Observation ; rt:indicator :one ; rt:place region:20 ; rt:unit "procent" .
:o2 a rt:Observation ; rt:indicator :one ; rt:place region:20 ; rt:unit "procent" .
"""


@dataclass(frozen=True)
class Case:
    """A term without which the answer has other rows, and the least number of rows with it."""

    rests_on: str
    rows: int


CASES = {
    "cq46-how-objectives-are-judged": Case("assesses", 34 + 9),
    "cq48-objectives-by-kind": Case("objectiveKind", 70),
    "cq49-perceived-movement": Case("consequence", 21),
    "cq53-indicators-of-an-objective": Case("indicatorFor", 37),
    "cq54-base-indicators-and-regional": Case("note", 20),
    "cq55-indicators-of-several-regions": Case("place", 3),
    "cq60-indicator-library": Case("consequence", 1),
    "definition-breaks": Case("breakWithPrevious", 3),
}


def sheets(pattern: str) -> list[dict[str, str]]:
    rows = []
    for path in sorted(FOLDER.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [row | {"file": path.parent.name} for row in csv.DictReader(file)]
    return rows


def answer(engine: Engine, query_id: str, **asked: str) -> list[dict]:
    return run(engine, find(query_id), asked, "sv").rows


def local(cell: object) -> str:
    return cell.iri.rpartition("/")[2]  # pyright: ignore[reportAttributeAccessIssue]


def shown(row: dict, names: str) -> tuple:
    return tuple(row[name].label if name in row else None for name in names.split())


@pytest.mark.parametrize("query_id", CASES)
def test_the_answer_rests_on_its_term(query_id: str, engine: Engine, without: Callable) -> None:
    def told(source: Engine) -> list[str]:
        return [str(row) for row in answer(source, query_id)]

    full = told(engine)
    assert len(full) >= CASES[query_id].rows
    with without(str(RT[CASES[query_id].rests_on])) as less:
        assert told(less) != full


def test_every_judgement_of_an_objective_with_who_and_on_what(engine: Engine, frameworks: dict) -> None:
    rows = answer(engine, "cq46-how-objectives-are-judged")
    theory = frameworks["theory_of_change"]
    expected = {
        (goal["id"], verdict, theory["assessor"])
        for goal in theory["goals"]
        for words, verdict in VERDICTS.items()
        if goal["judgement"].startswith(words)
    }
    evaluator = [row for row in rows if local(row["objective"]).startswith("toc")]
    told = [(local(row["objective"]), *shown(row, "verdict assessor")) for row in evaluator]
    assert len(told) == len(expected) == 9 and set(told) == expected
    assert all("evidence" in row for row in evaluator)


def test_dalarna_judges_34_areas_each_under_its_section(engine: Engine, shared: Path) -> None:
    with (shared / FOLLOW_UP).open(encoding="utf-8") as file:
        expected = Counter(
            (
                row["avsnitt"].removesuffix(" i Dalarna"),
                f"{row['indikatoromrade']}: bedömd riktning 2026",
                row["bedomd_riktning_2026"],
                "Region Dalarna",
                "2026",
            )
            for row in csv.DictReader(file)
        )
    told = Counter(
        shown(row, "objective assessment verdict assessor year")
        for row in answer(engine, "cq46-how-objectives-are-judged")
        if row["publication"].iri.endswith("dalastrategin-2030")
    )
    assert told == expected and sum(expected.values()) == 34


def test_kinds_are_those_written_in_the_sheets(engine: Engine, regions: list[dict], frameworks: dict) -> None:
    """The goals of the evaluator have no kind of their own; all others stand in the sheets of the strategies."""
    counties = {one["region"]["lan_code"]: one["region"]["lan"] for one in regions}
    expected = Counter(
        (row["Målslag"], counties[row["file"][:2]], row["Titel"], row.get("Grund") or "angiven")
        for row in sheets("strategies/*/2-styrning.csv")
        if row.get("Målslag")
    )
    columns = "kind region objective basis"
    told = [row for row in answer(engine, "cq48-objectives-by-kind") if "region" in row]
    assert Counter(shown(row, columns) for row in told) == expected
    goals = {one["id"] for one in frameworks["theory_of_change"]["goals"]}
    for kind in sorted({row[0] for row in expected} | {"anges inte"}):
        only = answer(engine, "cq48-objectives-by-kind", kind=kind)
        rows = [row for row in only if "region" in row]
        assert Counter(shown(row, columns) for row in rows) == Counter(
            {row: count for row, count in expected.items() if row[0] == kind}
        )
        beside = {local(row["objective"]) for row in only if "region" not in row}
        assert beside == (goals if kind == "anges inte" else set()), kind


def test_words_never_become_numbers(engine: Engine, regions: list[dict]) -> None:
    rows = answer(engine, "cq49-perceived-movement")
    assert [shown(row, "region movement direction") for row in rows] == [
        (one["region"]["lan"], one["movement"]["text"], one["movement"].get("direction")) for one in regions
    ]
    assert not any("number" in row for row in rows)
    assert {local(row["lost"]) for row in rows} == {"004-figurer"}


def test_without_words_on_direction_none_is_told(without: Callable) -> None:
    with without(str(RT.movementDirection)) as less:
        rows = answer(less, "cq49-perceived-movement")
    assert len(rows) == 21 and not any("direction" in row for row in rows)


def test_a_number_that_a_county_publishes_is_shown_and_not_called_lost(view_without: Callable) -> None:
    movement, number = ID["rodtrad/movement/20-forflyttning"], str(RT.perceivedMovement)
    rated = ox.Quad(ox.NamedNode(movement), ox.NamedNode(number), ox.Literal(6))
    with view_without() as view:
        view._store.add(rated)
        try:
            rows = answer(view, "cq49-perceived-movement")
        finally:
            view._store.remove(rated)
    assert [shown(row, "region number") for row in rows if "number" in row] == [("Dalarnas län", "6")]
    assert [row["region"].label for row in rows if "lost" not in row] == ["Dalarnas län"]


def test_dalarnas_register_of_37_indicators(engine: Engine, shared: Path) -> None:
    with (shared / "data/statistics/dalarna-rus-2023/indicator-register.csv").open(encoding="utf-8") as file:
        register = {(row["malomrade"], row["indikator"]) for row in csv.DictReader(file)}
    rows = answer(engine, "cq53-indicators-of-an-objective")
    told = {
        (
            row["objective"].label.removeprefix("Ett ").removesuffix(" Dalarna").capitalize(),
            row["indicator"].label,
        )
        for row in rows
        if row["publication"].iri.endswith("dalastrategin-2030")
    }
    assert len(register) == 37 and told == register
    one = answer(
        engine,
        "cq53-indicators-of-an-objective",
        objective="https://w3id.org/rodtrad/id/rodtrad/objective/20-ds-klimatsmart",
    )
    assert {row["targetYear"].value for row in one if "targetYear" in row} == {"2045"}


def test_base_indicators_and_what_dalarna_names_of_them(engine: Engine) -> None:
    """Ids in the region's own notes, looked for in the sheets."""
    bases = {
        r["Utgivarens id"]
        for r in sheets("statistics/base-indicators/7-indikatorer.csv")
        if r["Slag"] == "Indikator"
    } - {""}
    wanted = {
        (base, row["Id"])
        for row in sheets("strategies/20-dalastrategin/7-indikatorer.csv")
        for base in bases
        if row["Slag"] == "Indikator" and base in row["Anmärkning"]
    }
    rows = answer(engine, "cq54-base-indicators-and-regional")
    told = {
        (row["publisherId"].value, row["regional"].iri.rpartition("/")[2].removeprefix("20-ds-"))
        for row in rows
        if "regional" in row
    }
    assert wanted and told == wanted
    assert {row["match"].value for row in rows if "match" in row} == {"nämner samma id"}
    assert bases <= {row["publisherId"].value for row in rows if "publisherId" in row}


def test_indicators_shared_by_counties(engine: Engine, regions: list[dict], without: Callable) -> None:
    """Those of two files with every county and no version; the base indicators have values for municipalities only."""
    named = {"scb-tab6471-000007sf", "eurostat-nama-10r-3gdp-mio-nac", "eurostat-nama-10r-3gdp-eur-hab"}
    places = [str(ID[f"ref/region/{one['region']['lan_code']}"]) for one in regions]

    def told(source: Engine) -> set[tuple]:
        rows = answer(source, "cq55-indicators-of-several-regions")
        return {(local(row["indicator"]), *shown(row, "counties units breaks")) for row in rows}

    assert told(engine) == {(name, "21", "1", "0") for name in named}
    with without(*places[2:]) as two:
        assert told(two) == {(name, "2", "1", "0") for name in named}
    with without(*places[1:]) as one:
        assert told(one) == set()


def test_units_and_breaks_are_counted_and_one_county_is_too_few() -> None:
    store = ox.Store()
    store.load(SHARED.encode(), format=ox.RdfFormat.TURTLE)
    (row,) = answer(Engine(store, 1), "cq55-indicators-of-several-regions")
    assert row["indicator"].value == "http://x.example/both"
    assert shown(row, "counties units breaks") == ("2", "2", "1")


def test_the_lost_library_is_named_as_lost(engine: Engine) -> None:
    (row,) = answer(engine, "cq60-indicator-library")
    assert (row["lost"].iri.rpartition("/")[2], row["concerns"].iri.rpartition("/")[2]) == (
        "001-presentationer",
        "reglab-lab",
    )
    assert "Indikatorbiblioteket" in row["consequence"].value


def test_breaks_are_those_of_the_sheet_and_not_new_words(engine: Engine) -> None:
    """Other words in the title or description are no break."""
    words = {"bytt titel", "ny beskrivning"}
    expected = {
        (row["Version av"], row["Id"], row["Föregående version"], change)
        for row in sheets("statistics/base-indicators/7-indikatorer.csv")
        if row["Bryter"] == "ja"
        for change in set(row["Ändring"].split("; ")) - words
    }
    rows = answer(engine, "definition-breaks")
    told = {
        (
            *(row[name].iri.rpartition("/")[2] for name in ("indicator", "after", "before")),
            row["change"].label,
        )
        for row in rows
    }
    assert told == expected and len(expected) == 3
    (one,) = answer(
        engine,
        "definition-breaks",
        indicator="https://w3id.org/rodtrad/id/ref/indicator/kolada-u07417",
    )
    assert one["change"].label == "bytt enhet"
