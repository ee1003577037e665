"""Real series, straight from the source files: what polars makes of them is what the engine answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from rodtrad.queries.rollup import rollup

from .conftest import MEDIAN, STOCK, A, indicator

AGE = "https://w3id.org/rodtrad/id/ref/age"
SEXES = {"TotSa": "total", "1": "men", "2": "women"}
PEOPLE = STOCK.replace("'antal'", "'personer'") + " ; rt:disclosureNoise 3"
GDP = "rt:measureKind measure-kind:amount ; rt:additivity additivity:flow ; rt:priceBase price-base:running ; rt:unit 'MEUR'"


@pytest.fixture(scope="module")
def population(shared: Path) -> pl.DataFrame:
    """SCB's table TAB6471: 21 counties, 11 ages, 3 sexes, 4 months."""
    told = json.loads((shared / "data/api-samples/scb-pxwebapi2/TAB6471_data.json").read_text("utf-8"))
    codes = [list(told["dimension"][name]["category"]["index"]) for name in told["id"]]
    rows, number = [], 0
    for region in codes[0]:
        for age in codes[1]:
            for sex in codes[2]:
                for month in codes[4]:
                    rows.append((region, age, SEXES[sex], month, told["value"][number]))
                    number += 1
    return pl.DataFrame(rows, schema=["region", "age", "sex", "month", "value"], orient="row")


@pytest.fixture(scope="module")
def gdp(shared: Path) -> pl.DataFrame:
    """Eurostat's gross domestic product in million euro, by NUTS code and year."""
    file = shared / "data/statistics/eurostat_nama_10r_3gdp_SE.tsv"
    heading, *lines = file.read_text("utf-8").splitlines()
    years = [year.strip() for year in heading.split("\t")[1:]]
    rows = []
    for line in lines:
        key, *cells = line.split("\t")
        _, unit, geo = key.split(",")
        if unit == "MIO_EUR":
            told = [(geo, int(year), cell.split()) for year, cell in zip(years, cells, strict=True)]
            rows += [(geo, year, Decimal(cell[0])) for geo, year, cell in told if cell and cell[0] != ":"]
    return pl.DataFrame(
        rows, schema={"geo": pl.String, "year": pl.Int64, "value": pl.Decimal(18, 6)}, orient="row"
    )


@pytest.fixture(scope="module")
def nuts(shared: Path) -> dict[str, str]:
    """NUTS 3 codes with the county codes they stand for, as the vocabulary says."""
    from rodtrad.ontology import vocabulary_graph
    from rodtrad.ontology.names import RT

    graph = vocabulary_graph()
    places = graph.subjects(RT.partOfPlace, graph.value(None, RT.nuts, None) or None)
    codes = {str(graph.value(place, RT.nuts)): str(place) for place in {*places, *graph.subjects(RT.nuts)}}
    return {code: place.rpartition("/")[2] for code, place in codes.items() if "/region/" in place}


def people(frame: pl.DataFrame) -> str:
    ages = sorted(set(frame["age"]))
    concept = "a skos:Concept ; skos:inScheme <{0}> ; rdfs:label '{1}'@sv .\n"
    scheme = f"<{AGE}> a skos:ConceptScheme ; rt:mutuallyExclusive true ; rt:exhaustive true .\n"
    scheme += "".join(f"<{AGE}/{number}> {concept.format(AGE, age)}" for number, age in enumerate(ages))
    return scheme + "".join(
        f"o:p{row} a rt:Observation ; rt:indicator i:a ; rt:place r:{region} ; rt:period '{month}' ; rt:value {value} ; "
        f"rt:breakdownCategory <{AGE}/{ages.index(age)}> , <https://w3id.org/rodtrad/scheme/sex/{sex}> .\n"
        for row, (region, age, sex, month, value) in enumerate(frame.iter_rows())
    )


def test_the_sum_of_21_counties_is_exact_for_every_age_sex_and_month(
    nation: Callable, population: pl.DataFrame
) -> None:
    engine = nation(indicator(PEOPLE), people(population))
    answer = rollup(engine, A, "region")
    ages = sorted(set(population["age"]))
    sums = population.group_by("age", "sex", "month").agg(pl.col("value").sum())
    expected = {(age, sex, month): value for age, sex, month, value in sums.iter_rows()}
    assert len(answer.results) == len(expected) == 132
    for result in answer.results:
        names = {one.rpartition("/")[0]: one.rpartition("/")[2] for one in result.categories}
        key = (ages[int(names[AGE])], names["https://w3id.org/rodtrad/scheme/sex"], result.period)
        assert (result.value, result.verdict, result.present) == (expected[key], "exact", 21)


def test_noise_between_totals_and_parts_is_tolerated_in_every_cell(
    nation: Callable, population: pl.DataFrame
) -> None:
    months = population.filter(pl.col("month") == "2026M01")
    engine = nation(indicator(PEOPLE), people(months))
    totals = {}
    for region, _, sex, _, value in months.iter_rows():
        if sex == "total":
            totals[region] = totals.get(region, 0) + value
    answer = rollup(engine, A, "breakdown", years="2026")
    assert {one.place.rpartition("/")[2]: one.value for one in answer.results} == totals
    assert {one.verdict for one in answer.results} == {"exact"}
    assert any("within-noise" in {f.code for f in one.findings} for one in answer.results)


def test_gdp_of_the_counties_is_recomputed_and_set_beside_the_published_total(
    nation: Callable, gdp: pl.DataFrame, nuts: dict[str, str]
) -> None:
    if len(nuts) != 21:
        pytest.skip("the vocabulary names no NUTS 3 codes")
    counties = gdp.filter(pl.col("geo").is_in(list(nuts)))
    whole = dict(gdp.filter(pl.col("geo") == "SE").select("year", "value").iter_rows())
    parts = "".join(
        f"o:{geo}{year} a rt:Observation ; rt:indicator i:a ; rt:place r:{nuts[geo]} ; rt:year {year} ; rt:value {value} .\n"
        for geo, year, value in counties.iter_rows()
    )
    parts += "".join(
        f"o:SE{year} a rt:Observation ; rt:indicator i:a ; rt:place c:SE ; rt:year {year} ; rt:value {value} .\n"
        for year, value in whole.items()
    )
    engine = nation(indicator(GDP), parts)
    sums = dict(counties.group_by("year").agg(pl.col("value").sum()).iter_rows())
    recomputed = rollup(engine, A, "region", published=False)
    found = {int(one.period): one.value for one in recomputed.results if one.value is not None}
    assert found == sums and len(found) == 22
    published = rollup(engine, A, "region")
    assert {int(one.period): one.value for one in published.results} == whole


def test_twenty_of_twenty_one_counties_on_real_figures(nation: Callable, population: pl.DataFrame) -> None:
    fewer = population.filter(
        (pl.col("region") != "09") & (pl.col("sex") == "total") & (pl.col("month") == "2026M04")
    )
    answer = rollup(nation(indicator(PEOPLE), people(fewer)), A, "region,breakdown", years="2026")
    assert answer.result.value == fewer["value"].sum()
    assert (answer.result.verdict, answer.covered(answer.result)) == ("partial", "20 av 21")


def test_an_index_of_quality_of_life_is_refused(nation: Callable, shared: Path) -> None:
    frame = pl.read_csv(
        shared / "data/statistics/brp-plus-2025/3.kolada_totalindex_region2025.csv",
        separator=";",
        decimal_comma=True,
    )
    told = frame.filter((pl.col("Kon") == frame["Kon"][0]) & (pl.col("Del") == frame["Del"][0]))
    rows = [
        (region[:2], value)
        for region, value in told.select("Region", "Varde_stand").iter_rows()
        if region[:2] != "00"
    ]
    index = indicator(MEDIAN.replace("measure-kind:median", "measure-kind:index"))
    values = "".join(
        f"o:x{code} a rt:Observation ; rt:indicator i:a ; rt:place r:{code} ; rt:year 2025 ; rt:value {value} .\n"
        for code, value in rows
    )
    result = rollup(nation(index, values), A, "region").result
    assert (result.value, result.refusal.kind.reason, len(result.members)) == (
        None,
        "non-additive",
        len(rows),
    )
