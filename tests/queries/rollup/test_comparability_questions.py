"""May these be compared, and if not, why: the three checks as questions, against plain Python over the triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from rodtrad.queries.catalogue import find
from rodtrad.queries.rollup import comparability
from rodtrad.queries.runner import run
from rodtrad.store import Engine, Store

from .conftest import FLOW, STOCK, A, indicator, value

DEFINITION, REGIONS, TIME = (
    "comparable-by-definition",
    "comparable-between-regions",
    "comparable-over-time",
)
SIMPLE = {"unit": "units", "population": "populations", "periodType": "periods"}
REF = "https://w3id.org/rodtrad/id/ref/"
ASKED = "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT ?s ?p ?o WHERE {{ ?s a rt:{} ; ?p ?o }} ORDER BY ?s ?p ?o"
Facts = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def shipped(example_store: Store) -> Engine:
    return example_store.engine()


def facts(engine: Engine, cls: str) -> Facts:
    """The triples of every resource of a class, by the local name of the property."""
    found: Facts = defaultdict(lambda: defaultdict(list))
    for row in engine.rows(ASKED.format(cls)):
        found[row["s"].value][row["p"].value.rpartition("/")[2]].append(row["o"].value)
    return found


def answer(engine: Engine, query: str, **asked: str) -> list[tuple[str, ...]]:
    columns = {
        DEFINITION: ("indicator", "definition", "other", "comparable", "reason"),
        REGIONS: ("indicator", "time", "comparable", "reason", "counties", "missing"),
        TIME: ("indicator", "place", "first", "last", "comparable", "break", "reason"),
    }[query]
    rows = run(engine, find(query), asked, "sv").rows
    return [
        tuple(row[name].value.rpartition("/")[2] if name in row else "" for name in columns) for row in rows
    ]


def constructed(engine: Engine) -> set[str]:
    return {iri for iri, one in facts(engine, "Publication").items() if one["constructed"] == ["true"]}


def real(engine: Engine) -> Facts:
    made_up = constructed(engine)
    observations = facts(engine, "Observation").items()
    return {iri: one for iri, one in observations if one["value"] and one["inPublication"][0] not in made_up}


def test_every_pair_of_definitions_that_ships(shipped: Engine) -> None:
    """Three indicators changed unit, ages or method under the same id, and each is told with its reason."""
    versions = facts(shipped, "IndicatorVersion")
    made_up = constructed(shipped)
    expected = set()
    for iri, one in versions.items():
        if one["inPublication"][0] in made_up:
            continue
        for before in one["previousVersion"]:
            old = versions[before]
            why = {f"{w}-differ" for p, w in SIMPLE.items() if one[p] and old[p] and one[p] != old[p]}
            if any(reason.endswith("/method-changed") for reason in one["breakReason"]):
                why.add("definitions-differ")
            names = [name.rpartition("/")[2] for name in (one["versionOf"][0], iri, before)]
            expected |= {(*names, "false", reason) for reason in why} or {(*names, "true", "")}
    assert {row for row in answer(shipped, DEFINITION) if row[1] != row[0]} == expected
    assert {row[4] for row in expected} == {"units-differ", "populations-differ", "definitions-differ"}


def test_every_time_at_which_counties_stand_beside_each_other(shipped: Engine) -> None:
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in real(shipped).values():
        if one["place"] and "/region/" in one["place"][0]:
            when = (one["period"] or one["year"])[0]
            places[one["indicator"][0].rpartition("/")[2], when].add(one["place"][0])
    expected = [
        (*key, "true", "", str(len(found)), str(21 - len(found)))
        for key, found in sorted(places.items())
        if len(found) > 1
    ]
    assert sorted(answer(shipped, REGIONS)) == expected and len(expected) == 7


def test_every_series_that_ships(shipped: Engine) -> None:
    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in real(shipped).values():
        if one["place"] and one["year"]:
            years[one["indicator"][0], one["place"][0]].add(int(one["year"][0]))
    breaks = defaultdict(set)
    for one in facts(shipped, "IndicatorVersion").values():
        if one["breakWithPrevious"] == ["true"]:
            breaks[one["versionOf"][0]].add(int(one["validFrom"][0][:4]))
    expected = {
        (*(name.rpartition("/")[2] for name in key), str(min(found)), str(max(found)))
        for key, found in years.items()
        if len(found) > 1 and not any(min(found) < year <= max(found) for year in breaks[key[0]])
    }
    assert {row[:4] for row in answer(shipped, TIME) if row[4] == "true"} == expected
    assert len(expected) == 47


VERSIONS = """
x:v1 a rt:IndicatorVersion ; rt:versionOf i:a ; rt:validFrom 2020 ; rt:validTo 2021 .
x:v2 a rt:IndicatorVersion ; rt:versionOf i:a ; rt:validFrom 2022 ; rt:breakWithPrevious true ;
  rt:breakReason definition-change:unit-changed .
"""


def test_a_break_is_told_with_its_year_and_change_as_the_check_tells_it(nation: Callable) -> None:
    data = [value("r:20", n, year) for n, year in ((1, 2019), (2, 2023))] + [
        value("r:21", 1, 2022),
        value("r:21", 1, 2023),
    ]
    engine = nation(indicator(FLOW), VERSIONS, *data)
    assert answer(engine, TIME, indicator=A) == [
        ("a", "20", "2019", "2023", "false", "2022", "unit-changed"),
        ("a", "21", "2022", "2023", "true", "", ""),
    ]
    forbidding = [one for one in comparability(engine, A).longitudinal.reasons if one.forbids]
    assert [(one.finding.code, one.between) for one in forbidding] == [("series-break", ("Dalarnas län",))]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("; rt:unit 'hektar'", "units-differ"),
        ("; rt:basePeriod '2020'", "base-periods-differ"),
        ("; rt:indicatorVersion x:v1", "definitions-differ"),
        ("", ""),
    ],
)
def test_counties_that_differ_are_told_with_the_reason_and_none_is_ranked(
    nation: Callable, more: str, reason: str
) -> None:
    engine = nation(indicator(STOCK), VERSIONS, value("r:20", 9), value("r:21", 5, more=more))
    verdict = "false" if reason else "true"
    assert answer(engine, REGIONS, indicator=A) == [("a", "2023", verdict, reason, "2", "19")]
    assert comparability(engine, A).transversal.comparable == (not reason)


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (STOCK, ""),
        (FLOW, "definitions-differ"),
        (STOCK.replace("'antal'", "'kr'"), "units-differ"),
        (STOCK + " ; rt:population 'kvinnor'", "populations-differ"),
    ],
)
def test_a_specialisation_is_held_against_its_base(nation: Callable, own: str, reason: str) -> None:
    graph = "rt:inPublication <https://w3id.org/rodtrad/graph/ref/tal>"
    base = (
        indicator(f"{STOCK} ; rt:population 'alla' ; {graph}")
        if "population" in own
        else indicator(f"{STOCK} ; {graph}")
    )
    engine = nation(
        base, indicator(f"{own} ; xkos:specializes i:a ; rt:restricts restriction:place ; {graph}", "b")
    )
    (row,) = answer(engine, DEFINITION)
    assert row == ("b", "b", "a", "false" if reason else "true", reason)
    assert comparability(engine, A).definitional.comparable == (not reason)
