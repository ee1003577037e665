"""What the questions on sums, joint work and gaps answer, against plain JSON and a county counted by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from rodtrad.ontology.names import GRAPH, ID, RT, SCHEME
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
LEARNING = "Lärande genom hela livet, nära hemmet"
TOURISM = "Helårsarbete i besöksnäringen"


def answer(engine: Engine, query: str, **given: str):
    return run(engine, find(query), given, "sv")


def test_only_the_fourth_type_of_result_is_counted(
    engine: Engine, compared: Callable, regions: list[dict], frameworks: dict, view_without: Callable
) -> None:
    areas = {"Validering", "Yrkesvux", "Lärcentra"}
    counted = sum(
        any(one["focus_area"] in areas and one["state"] == "uppnådd" for one in region["results"])
        for region in regions
    )
    lost = "antalet är borta ur källan"
    everyone = "källans text säger samtliga regioner; tabellens antal är borta"
    coded = "räknat ur uppnådda, kodade resultat; tabellens antal är borta"
    expected = [
        (1, "mer kompetens och förmåga", None, lost, "angiven"),
        (2, "bättre arbetssätt för analys, prognos och mål", None, lost, "angiven"),
        (3, "ökad regional samordning och samverkan", None, everyone, "angiven"),
        (4, "påtagliga resultat inom validering, yrkesvux och lärcentra", counted, coded, "tolkad"),
    ]
    columns = "type name regions said basis"
    assert compared(answer(engine, "cq13-regions-by-result-type"), columns) == expected
    table = {one["no"]: one["sv"].casefold() for one in frameworks["result_types"]["types"]}
    assert set(table) == {number for number, *_ in expected}
    assert [table[3], table[4]] == [expected[2][1], expected[3][1]]
    with view_without(RT.focusArea) as less:
        after = answer(less, "cq13-regions-by-result-type").rows
    assert after[3]["regions"].value == "0"


def spread(regions: list[dict], joint: dict) -> Iterator[tuple[int, str, str]]:
    """Kind, county and activity, an activity once per kind that it is of."""
    told = {(stem, row) for one in joint["joint"] for stem, row, _ in one["members"]}
    for region in regions:
        for one in region["activities"]:
            number = (one["generic_type"] or "-").split()[0]
            of = {
                1: number == "4",
                2: number in {"7", "9"},
                3: (region["stem"], one["id"]) in told,
                4: "project" in one,
                5: one["area"] == "Strategisk dialog",
            }
            if one["status"] in DONE:
                yield from ((kind, region["stem"], one["id"]) for kind, is_so in of.items() if is_so)


def test_work_is_spread_over_five_kinds(
    engine: Engine, compared: Callable, regions: list[dict], joint: dict, view_without: Callable
) -> None:
    rows = set(spread(regions, joint))
    expected = [
        (
            number,
            sum(kind == number for kind, *_ in rows),
            len({place for kind, place, _ in rows if kind == number}),
        )
        for number in range(1, 6)
    ]
    found = answer(engine, "cq16-activities-by-category")
    assert compared(found, "number activities regions") == expected
    with view_without(RT.toldBy) as less:
        after = answer(less, "cq16-activities-by-category").rows
    assert {row["number"].value for row in after} == {"1", "2", "4", "5"}


def members(joint: dict) -> Iterator[tuple]:
    for one in joint["joint"]:
        for who in one["participants"]:
            years = [int(year) for year in re.findall(r"\b\d{4}\b", who.get("period", ""))] or [None]
            basis = "angiven" if who["basis"] == "angiven" else "tolkad"
            yield one["id"], one["kind"], who["actor"], years[0], years[-1], basis


def test_every_participant_of_the_register_is_listed_once(
    engine: Engine, compared: Callable, joint: dict, view_without: Callable
) -> None:
    found = compared(
        answer(engine, "cq17-cross-county-collaborations"), "initiative: kind actor: from to basis"
    )
    assert Counter(found) == Counter(members(joint))
    with view_without(RT.participation) as less:
        assert not answer(less, "cq17-cross-county-collaborations").rows


# One activity of 2019–2021 lies under learning; one of 2024 and a meeting place planned for 2026 under tourism.
IDLE = {
    2022: [(TOURISM, 2), (LEARNING, 1)],
    2023: [(LEARNING, 1)],
    2026: [(LEARNING, 1)],
    2027: [(TOURISM, 2), (LEARNING, 1)],
}


@pytest.mark.parametrize("year", IDLE)
def test_a_priority_without_work_ahead_is_found_in_the_made_up_county(
    engine: Engine, compared: Callable, view_without: Callable, year: int
) -> None:
    asked = {"publication": MADE_UP, "year": str(year)}
    found = compared(answer(engine, "cq18-priorities-without-activity", **asked), "priority earlier silence")
    assert found == [(*one, "tomt") for one in IDLE[year]]
    with view_without(SCHEME["activity-status/planned"]) as less:
        assert len(answer(less, "cq18-priorities-without-activity", **asked).rows) == 2


def test_real_priorities_have_no_activities_of_their_own(
    engine: Engine, compared: Callable, regions: list[dict], view_without: Callable
) -> None:
    query, columns = "cq18-priorities-without-activity", "publication: priority: earlier silence"
    expected = [
        (f"utvardering-2021-{region['region']['lan_code']}", f"{document['id']}-p{number}")
        for region in regions
        for document in region["governing"]
        for number, _ in enumerate(document.get("priorities", []), 1)
    ]
    expected = [(publication, f"{publication[-2:]}-{row}", 0, SILENT) for publication, row in expected]
    # Västernorrland's three objectives have four, five and seven priorities.
    expected += [
        ("ett-vasternorrland", f"22-rus-p{objective}-{number}", 0, SILENT)
        for objective, last in ((1, 4), (2, 5), (3, 7))
        for number in range(1, last + 1)
    ]

    def idle(engine: Engine) -> set[tuple]:
        return {
            one
            for one in compared(answer(engine, query), columns)
            if one[0].startswith(("utvardering-2021", "ett-vasternorrland"))
        }

    assert idle(engine) == set(expected)
    ongoing, priority = ID["rodtrad/activity/20-a1"], ID["rodtrad/priority/20-hp-kompetens-p1"]
    with view_without() as view:
        quad = ox.Quad(ox.NamedNode(ongoing), ox.NamedNode(RT.priority), ox.NamedNode(priority))
        view._store.add(quad)
        assert idle(view) == {one for one in expected if one[1] != "20-hp-kompetens-p1"}
        view._store.remove(quad)


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


def test_the_matrix_of_actors_never_calls_a_sample_empty(
    engine: Engine, compared: Callable, view_without: Callable
) -> None:
    query, columns = "gaps-priority-by-actor-type", "row column done planned cell"
    expected = {(row, column): (0, 0, "tomt") for row in (LEARNING, TOURISM) for column in TYPES}
    for column in ("region", "kommun", "folkhögskola", "näringsliv"):
        expected[LEARNING, column] = (1, 0, "görs")
    expected[TOURISM, "region"] = (1, 1, "görs")
    found = compared(answer(engine, query, publication=MADE_UP), columns)
    assert sorted(found) == sorted((*key, *cell) for key, cell in expected.items())
    sample = answer(engine, query, publication=GRAPH["rodtrad/dalastrategin-2030"])
    assert [row["cell"].label for row in sample.rows] == [SILENT] * 3 * len(TYPES)
    with view_without(SCHEME["activity-status/carried-out"]) as less:
        after = compared(answer(less, query, publication=MADE_UP), columns)
    assert {one for one in after if one[2:] != (0, 0, "tomt")} == {
        (TOURISM, "region", 0, 1, "planerat, inte gjort")
    }


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


def test_the_objective_on_tourism_has_no_indicator(
    engine: Engine, compared: Callable, view_without: Callable
) -> None:
    query, columns = "cq21-objectives-and-indicators-without-each-other", "thing missing silence"
    found = compared(answer(engine, query), columns, MADE_UP)
    assert found == [("Fler helårsjobb i besöksnäringen", "indikator", "saknas")]
    with view_without(RT.indicatorFor, RT.follows) as less:
        after = answer(less, query)
    assert len(compared(after, "thing", MADE_UP)) == 4 + 3  # all objectives and indicators
    assert len(compared(after, "thing", "varmlandsstrategin")) == 10 + 9


# Read in the sheets: no indicator measures the visions, nor anything in Västernorrland. Dalarna's indicators
# measure the three areas, not what lies above and below, and those of the energy strategy have no objective.
LACKING = {
    "ett-vasternorrland": "vision stark-plats leva vaxa",
    "varmlandsstrategin": "vision",
    "rus-uppsala": "vision",
    "dalastrategin-2030": "overgripande miljo-och-natur omstallning el-och-livsmedel befolkning-och-kompetens "
    "arbete-och-foretagande ekonomi-och-export halsa-och-tillit delaktighet ekonomisk-jamlikhet "
    "innovationskraft delstrategins-mal ek-utslapp-totalt ek-utslapp-sektor ek-konsumtion ek-avfall "
    "ek-energi ek-el ek-effektivitet ek-resor",
}


@pytest.mark.parametrize("publication", LACKING)
def test_strategies_with_objectives_that_nothing_measures(
    engine: Engine, compared: Callable, publication: str
) -> None:
    answered = answer(engine, "cq21-objectives-and-indicators-without-each-other")
    found = [
        (re.sub(r"^\d\d-(rus|ds)-", "", thing), missing, silence)
        for thing, missing, silence in compared(answered, "thing: missing silence", publication)
    ]
    assert sorted(found) == sorted(
        (name, "mål" if name.startswith("ek-") else "indikator", SILENT)
        for name in LACKING[publication].split()
    )


def test_objectives_and_indicators_of_the_evaluation_stand_alone(
    engine: Engine, compared: Callable, regions: list[dict], frameworks: dict
) -> None:
    found = answer(engine, "cq21-objectives-and-indicators-without-each-other")
    expected = [
        (f"{region['region']['lan_code']}-{document['id']}-{letter}{number}", text, missing)
        for region in regions
        for document in region["governing"]
        for key, letter, missing in (("goals", "m", "indikator"), ("indicators", "i", "mål"))
        for number, text in enumerate(document.get(key, []), 1)
    ]
    assert Counter(compared(found, "thing: thing missing", "utvardering-2021")) == Counter(expected)
    goals = [(one["id"], "indikator") for one in frameworks["theory_of_change"]["goals"]]
    assert sorted(compared(found, "thing: missing", "uppdraget-2018")) == goals


def missing_types(region: dict) -> Iterator[tuple]:
    """Area, kind, activities done and planned with the kind, as the source says it of each actor there."""

    def there(activity: dict) -> set[str | None]:
        return {one["type"] for one in activity.get("actors", [])}

    for area in {one["area"] for one in region["activities"]}:
        within = [one for one in region["activities"] if one["area"] == area]
        done = [one for one in within if one["status"] in DONE]
        planned = [there(one) for one in within if one["status"] == "planerad"]
        if done:
            for kind in set(TYPES) - set().union(*map(there, done)):
                yield area, kind, len(done), sum(kind in kinds for kinds in planned)


def test_kinds_of_actors_not_mentioned_are_the_rest_of_the_list(
    engine: Engine, compared: Callable, regions: list[dict], view_without: Callable
) -> None:
    query, columns = "cq22-actor-types-missing", "area actorType activities planned"
    told = []
    for region in regions:
        found = answer(engine, query, region=region["region"]["lan_code"])
        expected = Counter(missing_types(region))
        assert Counter(compared(found, columns)) == expected, region["stem"]
        assert {row["silence"].label for row in found.rows} == {SILENT}
        told.extend(expected)
    assert any(planned for *_, planned in told)
    with view_without(RT.actorType, RT.actorTypeInSource) as less:
        after = compared(answer(less, query, region="20"), columns)
    assert Counter(area for area, *_ in after) == {area: len(TYPES) for area, *_ in after}


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


def test_coverage_is_counts_out_of_counts(engine: Engine, compared: Callable, view_without: Callable) -> None:
    query, columns = "coverage-of-objectives", "aim parts indicators baselines followUps"
    # An objective counts itself, the objectives under it and what serves it; a priority what is done under it.
    # Only the result has no indicator; of the work under the priorities two things have been followed up.
    assert sorted(compared(answer(engine, query, publication=MADE_UP), columns)) == [
        ("Deltagarna har intyg på det de kan", 2, *["2 av 2"] * 3),
        ("Den som arbetar i vården får sitt kunnande erkänt i lön och uppdrag", 4, *["3 av 4"] * 3),
        ("Fler helårsjobb i besöksnäringen", 1, *["0 av 1"] * 3),
        ("Färre tjänster i vård och omsorg saknar rätt utbildad personal", 3, *["3 av 3"] * 3),
        (TOURISM, 2, "0 av 2", "0 av 2", "1 av 2"),
        (LEARNING, 2, "0 av 2", "0 av 2", "1 av 2"),
    ]
    for gone, column in ((RT.indicatorFor, 2), (RT.Baseline, 3)):
        with view_without(gone) as less:
            after = compared(answer(less, query, publication=MADE_UP), columns)
        assert len(after) == 6 and all(row[column].startswith("0 av ") for row in after)
    with view_without(RT.Observation, RT.assesses) as less:
        after = compared(answer(less, query, publication=MADE_UP), columns)
    # The follow-ups review the three objectives on care, the intervention and the survey.
    assert sorted(row[4] for row in after) == ["0 av 1", "1 av 2", "1 av 2", "1 av 2", "2 av 3", "2 av 4"]
