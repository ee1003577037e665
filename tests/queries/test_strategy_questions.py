"""The questions on strategies and their targets, against what the collected facts say, counted by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from rodtrad.ontology.names import RT
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run

# Strategies with an account of their own: county, strategy, adopted, from, to, process status.
STRATEGIES = {
    ("01", "rufs-2050", "2018", "2018", "2026", "antagen"),
    ("03", "rus-2017", None, "2017", None, None),
    ("03", "rus-2021", None, "2021", None, None),
    ("03", "rus-2025", None, "2025", None, None),
    ("04", "version-2019", None, "2019", None, "ersatt"),
    ("04", "version-2022", None, "2022", None, None),
    ("05", "strategin", None, "2021", "2040", None),
    ("06", "rus", None, "2020", "2035", None),
    ("07", "grona-kronoberg-2025", None, "2015", "2025", None),
    ("08", "klimat", None, None, "2030", None),
    ("09", "vart-gotland", "2021", "2021", "2040", "antagen"),
    ("10", "attraktiva-2014", None, "2014", "2020", "ersatt"),
    ("10", "vaxtplats", None, "2022", "2030", None),
    ("12", "version-2014", None, "2014", "2030", "ersatt"),
    ("12", "version-2020", None, "2020", "2030", None),
    ("13", "livsplatsen", None, None, "2035", None),
    ("14", "rus-2021", "2021", "2021", "2030", "antagen"),
    ("14", "vg2020", None, None, "2020", None),
    ("17", "varmlandsstrategin-2014", None, "2014", "2020", None),
    ("17", "varmlandsstrategin-2040", "2021", "2021", "2040", "antagen"),
    ("18", "rus-2018", None, "2018", "2030", "ersatt"),
    ("18", "rus-2022", "2022", "2022", "2030", "antagen"),
    ("19", "rus-2020", "2020", "2020", "2030", "ersatt"),
    ("19", "rus-utblick", None, None, "2030", None),
    ("20", "dalastrategin-2020", None, None, "2020", "ersatt"),
    ("20", "dalastrategin-2030", "2021", "2021", "2030", "antagen"),
    ("21", "rus-2020", None, "2020", "2030", None),
    ("22", "ett-vasternorrland", None, "2020", "2030", None),
    ("23", "innovativ-2030", None, "2013", "2030", "ersatt"),
    ("23", "lan-2050", None, None, "2050", None),
    ("24", "rus-2014", None, "2014", "2020", None),
    ("24", "rus-2020", None, "2020", "2030", None),
    ("25", "rus-2030", None, None, "2030", None),
    ("25", "strategin-2040", None, None, "2040", "antagen"),
}
# What is called revised, later or with another before it: county, strategy, what it replaces.
REPLACES = {
    ("03", "rus-2025", "rus-2021"),
    ("04", "version-2022", "version-2019"),
    ("10", "vaxtplats", "attraktiva-2014"),
    ("12", "version-2020", "version-2014"),
    ("18", "rus-2022", "rus-2018"),
    ("19", "rus-utblick", "rus-2020"),
    ("20", "dalastrategin-2030", "dalastrategin-2020"),
    ("23", "lan-2050", "innovativ-2030"),
}
# Targets with numbers: county, indicator, value, year, base year.
CHANGES = {
    ("03", "vaxthusgaser", "-40", "2020", "1990"),
    ("03", "vaxthusgaser", "-75", "2040", "1990"),
    ("03", "kollektivtrafikresor", "2", "2020", None),
    ("03", "marknadsandel", "2", "2030", None),
    ("03", "jordbrukets-varde", "20", "2030", None),
    ("03", "ekologisk-produktion", "200", "2030", None),
    ("17", "matt-sysselsatta", "5000", None, None),
    ("18", "vaxthusgaser", "-60", "2030", "2005"),
    ("18", "energi", "-50", "2030", "2005"),
}


@dataclass(frozen=True)
class Case:
    """How many rows an answer has, and the term without which it has none."""

    rows: int
    rests_on: str


CASES = {
    # Dalarna, Kronoberg, Uppsala, Värmland and Örebro.
    "cq56-targets-by-kind": Case(1 + 2 + 12 + 9 + 9, "targetKind"),
    # The strategies above, and what the evaluation names for 21 counties.
    "cq81-strategies-side-by-side": Case(34 + 23, "documentKind"),
    # Nine frameworks and the strategies of 15 counties; Sörmland's result stands beside three chain levels.
    "framework-levels-beside-the-core": Case(49 + 67 + 2, "levelOf"),
}


def local(iri: str | None) -> str:
    return str(iri).rsplit("/", 1)[-1].split("-rus-", 1)[-1].removeprefix("20-ds-")


def strategies(engine) -> set[tuple[str | None, ...]]:
    answer = run(engine, find("cq81-strategies-side-by-side"), {}, "sv")
    names = ("adopted", "from", "to", "status")
    return {
        (
            local(row["region"].iri),
            local(row["document"].iri),
            *(row[name].label if name in row else None for name in names),
        )
        for row in answer.rows
        if "utvardering-2021" not in str(row["publication"].iri)
    }


def test_strategies_side_by_side(engine) -> None:
    assert strategies(engine) == STRATEGIES


def replaced(engine) -> set[tuple[str, ...]]:
    answer = run(engine, find("cq81-strategies-side-by-side"), {}, "sv")
    names = ("region", "document", "replaces")
    return {tuple(local(row[name].iri) for name in names) for row in answer.rows if "replaces" in row}


def test_each_strategy_names_the_one_it_replaces(engine, without) -> None:
    assert replaced(engine) == REPLACES
    with without("http://www.w3.org/ns/prov#wasRevisionOf") as less:
        assert replaced(less) == set()
        assert strategies(less) == STRATEGIES


def test_what_the_evaluation_calls_the_rus_stands_beside(engine, regions: list[dict]) -> None:
    answer = run(engine, find("cq81-strategies-side-by-side"), {}, "sv")
    found = Counter(
        (local(row["region"].iri), row["document"].iri.rpartition("/")[2])
        for row in answer.rows
        if "utvardering" in str(row["publication"].iri)
    )
    told = Counter(
        (one["region"]["lan_code"], f"{one['region']['lan_code']}-{document['id']}")
        for one in regions
        for document in one["governing"]
        if document["kind"] == "RUS"
    )
    assert found == told


@pytest.mark.parametrize("query_id", CASES)
def test_number_of_rows(query_id: str, engine) -> None:
    assert len(run(engine, find(query_id), {}, "sv").rows) == CASES[query_id].rows


@pytest.mark.parametrize("query_id", CASES)
def test_the_answer_goes_with_the_data(query_id: str, without) -> None:
    with without(str(RT[CASES[query_id].rests_on])) as less:
        assert run(less, find(query_id), {}, "sv").rows == ()


def test_changes_with_their_base_years(engine) -> None:
    answer = run(engine, find("cq56-targets-by-kind"), {"kind": "change"}, "sv")
    names = ("value", "year", "baselineYear")
    found = [
        (
            local(row["region"].iri),
            local(row["indicator"].iri),
            *(row[name].value if name in row else None for name in names),
        )
        for row in answer.rows
    ]
    assert len(found) == len(CHANGES)
    assert set(found) == CHANGES


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("absolute", {"03": 3, "07": 1, "17": 1}),
        ("threshold", {"03": 3, "18": 2}),
        ("relative", {"17": 4, "18": 2}),
        ("direction-only", {"07": 1, "17": 1, "18": 1}),
        ("rank", {"17": 1}),
        ("gap", {"17": 1, "18": 2}),
        ("pathway", {"20": 1}),
    ],
)
def test_targets_of_each_kind_per_county(kind: str, expected: dict[str, int], engine) -> None:
    answer = run(engine, find("cq56-targets-by-kind"), {"kind": kind}, "sv")
    assert Counter(local(row["region"].iri) for row in answer.rows) == expected


def test_every_target_hangs_on_an_objective(engine) -> None:
    answer = run(engine, find("cq56-targets-by-kind"), {}, "sv")
    assert all("objective" in row for row in answer.rows)


def test_a_comparison_says_with_how_many_places(engine) -> None:
    answer = run(engine, find("cq56-targets-by-kind"), {"kind": "relative"}, "sv")
    assert sorted(int(row["places"].value) for row in answer.rows) == [1, 1, 1, 4, 4, 18]
