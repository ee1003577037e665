"""Questions on how objectives are judged and on the indicator library, against facts found in other ways."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rodtrad import examples
from rodtrad.ontology.names import RT
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

FOLDER = Path(examples.__file__).parent


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
    evaluator = [row for row in rows if row["objective"].iri.rpartition("/")[2].startswith("toc")]
    assert sorted(row["objective"].iri.rpartition("/")[2] for row in evaluator) == [
        f"toc{n}" for n in range(1, 10)
    ]
    lost = {row["objective"].iri.rpartition("/")[2] for row in evaluator if "verdict" not in row}
    assert lost == {"toc1", "toc5", "toc6"}
    assert all("evidence" in row and "assessor" in row for row in evaluator)
    dalarna = [row for row in rows if row["publication"].iri.endswith("dalastrategin-2030")]
    written = Counter(row["Omdöme"] for row in sheets("strategies/20-dalastrategin/8-larande.csv"))
    assert Counter(row["verdict"].label for row in dalarna) == written and sum(written.values()) == 34


def test_kinds_are_those_written_in_the_sheets(engine: Engine) -> None:
    rows = answer(engine, "cq48-objectives-by-kind")
    told = Counter(
        row["kind"].label
        for row in rows
        if "/graph/rodtrad/" in row["publication"].iri and "utvardering" not in row["publication"].iri
    )
    written = Counter(row["Målslag"] for row in sheets("strategies/*/2-styrning.csv") if row.get("Målslag"))
    assert told == written
    only = answer(engine, "cq48-objectives-by-kind", kind="effektmål")
    assert {row["kind"].label for row in only} == {"effektmål"} and len(only) < len(rows)


def test_words_never_become_numbers(engine: Engine, regions: list[dict]) -> None:
    rows = answer(engine, "cq49-perceived-movement")
    assert [row["region"].iri.rpartition("/")[2] for row in rows] == [
        one["region"]["lan_code"] for one in regions
    ]
    assert not any("number" in row for row in rows)
    assert {row["lost"].iri.rpartition("/")[2] for row in rows} == {"004-figurer"}


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


def test_indicators_shared_by_counties(engine: Engine) -> None:
    rows = {
        row["indicator"].iri.rpartition("/")[2]: row
        for row in answer(engine, "cq55-indicators-of-several-regions")
    }
    assert rows["scb-tab6471-000007sf"]["counties"].value == "21"
    assert rows["eurostat-nama-10r-3gdp-mio-nac"]["counties"].value == "21"
    assert all(int(row["counties"].value) > 1 for row in rows.values())


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
