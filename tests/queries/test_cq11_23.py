"""What the questions on sums, joint work and gaps answer, against plain JSON and a county counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from rodtrad.ontology.names import GRAPH, RT, SCHEME
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

DONE = {"genomförd", "pågående"}
TYPES = [
    "annat",
    "branschorganisation",
    "civilsamhälle",
    "fackförbund",
    "folkhögskola",
    "kommun",
    "kommunalförbund",
    "lärosäte",
    "nätverk/forum",
    "näringsliv",
    "region",
    "statlig myndighet",
]
MADE_UP = str(GRAPH["bergslund/exempel-2025"])
SILENT = "urval: tystnad är inget bevis"


def answer(engine: Engine, query: str, **given: str):
    return run(engine, find(query), given, "sv")


def test_only_the_fourth_type_of_result_is_counted(
    engine: Engine, regions: list[dict], view_without: Callable
) -> None:
    rows = answer(engine, "cq13-regions-by-result-type").rows
    areas = {"Validering", "Yrkesvux", "Lärcentra"}
    counted = sum(
        any(one["focus_area"] in areas and one["state"] == "uppnådd" for one in region["results"])
        for region in regions
    )
    assert [row["regions"].value if "regions" in row else None for row in rows] == [
        None,
        None,
        None,
        str(counted),
    ]
    with view_without(RT.focusArea) as less:
        after = answer(less, "cq13-regions-by-result-type").rows
    assert after[3]["regions"].value == "0"


def test_work_is_spread_over_five_kinds(
    engine: Engine, regions: list[dict], joint: dict, view_without: Callable
) -> None:
    rows = {int(row["number"].value): row for row in answer(engine, "cq16-activities-by-category").rows}
    done = [one for region in regions for one in region["activities"] if one["status"] in DONE]
    kinds = Counter((one["generic_type"] or "-").split()[0] for one in done)
    assert int(rows[1]["activities"].value) == kinds["4"]
    assert int(rows[2]["activities"].value) == kinds["7"] + kinds["9"]
    assert int(rows[5]["activities"].value) == sum(one["area"] == "Strategisk dialog" for one in done)
    with view_without(RT.toldBy) as less:
        after = answer(less, "cq16-activities-by-category").rows
    assert 3 in rows
    assert {row["number"].value for row in after} == {"1", "2", "4", "5"}


def test_every_participant_of_the_register_is_listed_once(
    engine: Engine, joint: dict, view_without: Callable
) -> None:
    rows = answer(engine, "cq17-cross-county-collaborations").rows
    years = [row for row in rows if "from" in row]
    assert len({row["initiative"].value for row in rows}) <= len(joint["joint"])
    assert 0 < len(years) < len(rows)  # years only where the source gives them
    north = {
        row["actor"].label: row["from"].value
        for row in rows
        if row["initiative"].label == "Analyssamverkan Norr"
        and row["role"].label == "deltar"
        and "from" in row
    }
    assert north["Region Norrbotten"] == "2018"
    with view_without(RT.participation) as less:
        assert not answer(less, "cq17-cross-county-collaborations").rows


def test_a_priority_without_work_ahead_is_found_in_the_made_up_county(
    engine: Engine, view_without: Callable
) -> None:
    asked = {"publication": MADE_UP, "year": "2026"}
    rows = answer(engine, "cq18-priorities-without-activity", **asked).rows
    # Of the two priorities one has a meeting place planned for 2026; the other ended in 2021.
    assert [(row["priority"].label, row["earlier"].value, row["silence"].label) for row in rows] == [
        ("Lärande genom hela livet, nära hemmet", "1", "tomt")
    ]
    with view_without(SCHEME["activity-status/planned"]) as less:
        assert len(answer(less, "cq18-priorities-without-activity", **asked).rows) == 2
    national = answer(engine, "cq18-priorities-without-activity").rows
    assert {row["silence"].label for row in national if row["constructed"].value == "false"} == {SILENT}


def test_the_matrix_of_tools_has_three_cells_that_are_not_empty(
    engine: Engine, view_without: Callable
) -> None:
    rows = answer(engine, "cq19-priority-by-capacity-tool", publication=MADE_UP).rows
    assert len(rows) == 2 * 5
    filled = {
        (row["row"].label[:10], row["column"].label, row["cell"].label)
        for row in rows
        if row["cell"].label != "tomt"
    }
    assert filled == {
        ("Lärande ge", "lärprocesser", "görs"),
        ("Helårsarbe", "kunskap och analys", "görs"),
        ("Helårsarbe", "aktörer/nätverk", "planerat, inte gjort"),
    }
    with view_without(RT.capacityTool) as less:
        after = answer(less, "cq19-priority-by-capacity-tool", publication=MADE_UP).rows
    assert {row["cell"].label for row in after} == {"tomt"}


def test_the_matrix_of_actors_never_calls_a_sample_empty(engine: Engine, view_without: Callable) -> None:
    rows = answer(engine, "gaps-priority-by-actor-type", publication=MADE_UP).rows
    done = {
        (row["row"].label[:10], row["column"].label): row["done"].value
        for row in rows
        if row["done"].value != "0"
    }
    assert done == {
        ("Lärande ge", "region"): "1",
        ("Lärande ge", "kommun"): "1",
        ("Lärande ge", "folkhögskola"): "1",
        ("Lärande ge", "näringsliv"): "1",
        ("Helårsarbe", "region"): "1",
    }
    sample = answer(
        engine, "gaps-priority-by-actor-type", publication=GRAPH["rodtrad/dalastrategin-2030"]
    ).rows
    assert sample
    assert {row["cell"].label for row in sample} == {SILENT}


def test_each_county_has_a_cell_for_each_area(
    engine: Engine, regions: list[dict], view_without: Callable
) -> None:
    rows = answer(engine, "cq20-focus-areas-not-worked-with").rows
    got = {
        (row["region"].label, row["area"].label): (int(row["done"].value), int(row["planned"].value))
        for row in rows
    }
    told = Counter(
        (r["region"]["lan"], one["area"], one["status"]) for r in regions for one in r["activities"]
    )
    assert len(got) == 21 * 5
    for (county, area), counts in got.items():
        done = sum(told[county, area, status] for status in DONE)
        assert counts == (done, told[county, area, "planerad"]), (county, area)
    with view_without(SCHEME["activity-status/carried-out"], SCHEME["activity-status/ongoing"]) as less:
        after = answer(less, "cq20-focus-areas-not-worked-with").rows
    assert {row["cell"].label for row in after} == {"planerat, inte gjort", SILENT}


def test_the_objective_on_tourism_has_no_indicator(engine: Engine, view_without: Callable) -> None:
    query = "cq21-objectives-and-indicators-without-each-other"
    rows = answer(engine, query).rows
    made_up = [
        (row["thing"].label, row["missing"].label, row["silence"].label)
        for row in rows
        if row["publication"].value == MADE_UP
    ]
    assert made_up == [("Fler helårsjobb i besöksnäringen", "indikator", "saknas")]
    with view_without(RT.indicatorFor, RT.follows) as less:
        after = answer(less, query).rows
    assert sum(row["publication"].value == MADE_UP for row in after) == 4 + 3  # all objectives and indicators


def test_kinds_of_actors_not_mentioned_are_the_rest_of_the_list(
    engine: Engine, regions: list[dict], view_without: Callable
) -> None:
    rows = answer(engine, "cq22-actor-types-missing", region="20").rows
    dalarna = next(one for one in regions if one["region"]["lan_code"] == "20")
    for area in {row["area"].label for row in rows}:
        done = [one for one in dalarna["activities"] if one["area"] == area and one["status"] in DONE]
        there = {actor["type"] for one in done for actor in one.get("actors", [])}
        missing = {row["actorType"].label for row in rows if row["area"].label == area}
        assert missing.isdisjoint(there), area
        assert missing | there == set(TYPES), area
    with view_without(RT.actorType) as less:
        after = answer(less, "cq22-actor-types-missing", region="20").rows
    assert len(after) == len({row["area"].label for row in rows}) * len(TYPES)


def test_municipalities_are_counted_and_never_named(
    engine: Engine, regions: list[dict], view_without: Callable
) -> None:
    rows = answer(engine, "cq23-municipalities-in-cooperation").rows
    told = Counter(
        (region["region"]["lan"], output["value"])
        for region in regions
        for one in region["activities"]
        if one["area"] in {"Yrkesvux", "Lärcentra"}
        for output in one["outputs"]
        if (output.get("unit") or "").startswith("kommun") and output.get("value") is not None
    )
    assert Counter((row["region"].label, int(row["stated"].value)) for row in rows) == told
    # 29 municipalities of two counties applied together: more than a county has, so nothing is worked out.
    assert all("outside" not in row for row in rows if row["stated"].value == "29")
    assert {row["names"].label for row in rows} == {"källan namnger inga"}
    with view_without(RT.partOfPlace) as less:
        assert not answer(less, "cq23-municipalities-in-cooperation").rows


def test_coverage_is_counts_out_of_counts(engine: Engine, view_without: Callable) -> None:
    rows = {
        row["aim"].label: row for row in answer(engine, "coverage-of-objectives", publication=MADE_UP).rows
    }
    certificate = rows["Deltagarna har intyg på det de kan"]
    # The objective and the outcome that serves it share an indicator with a baseline and an observation.
    assert [certificate[name].label for name in ("indicators", "baselines", "followUps")] == ["2 av 2"] * 3
    assert rows["Fler helårsjobb i besöksnäringen"]["indicators"].label.startswith("0 av ")
    with view_without(RT.indicatorFor) as less:
        after = answer(less, "coverage-of-objectives", publication=MADE_UP).rows
    assert all(row["indicators"].label.startswith("0 av ") for row in after)
