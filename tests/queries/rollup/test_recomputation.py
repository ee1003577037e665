"""Real series: what polars makes of the source files is what the engine answers of what the readers read.

polars reads the files themselves; the engine sees only what the readers made of them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from rodtrad import examples
from rodtrad.loader import References, ntriples, read
from rodtrad.loader.statistics import read_bulk
from rodtrad.ontology import vocabulary, vocabulary_graph
from rodtrad.ontology.names import RT
from rodtrad.queries.client import query
from rodtrad.queries.rollup import Rollup, rollup
from rodtrad.store import Engine

from .dalarna_files import FILES, SCHOOL, File

REF = "https://w3id.org/rodtrad/id/ref/indicator/"
DALARNA = "data/statistics/dalarna-rus-2023"
BRP = "data/statistics/brp-plus-2025"
KOLADA = "data/api-samples/kolada/values-v3-{}.csv"
GDP = "data/statistics/eurostat_nama_10r_3gdp_SE.tsv"
TAB6471 = "data/api-samples/scb-pxwebapi2/TAB6471_data.json"
MAPPING = Path(examples.__file__).parent / "mappings" / "dalastrategin-2023.yaml"
SEXES = {"TotSa": "total", "1": "men", "2": "women"}


@dataclass(frozen=True)
class World:
    """Every source read by its reader, in one engine, with its indicators by source."""

    engine: Engine
    store: ox.Store
    indicators: dict[str, list[str]]


@pytest.fixture(scope="module")
def world(shared: Path) -> World:
    actors = Path(examples.__file__).parent / "national" / "actors"
    known = ntriples(read([actors], References.from_ntriples()).graph)
    references = References.from_ntriples(vocabulary(), known)
    kolada = [shared / KOLADA.format(name) for name in ("n00945", "kld_data", "grp_data")]
    sources = {
        "TAB6471": ("jsonstat", [shared / TAB6471]),
        "Eurostat": ("sdmx-tsv", [shared / GDP]),
        "Dalarna": (str(MAPPING), [shared / DALARNA]),
        "Kolada": ("kolada", [path for path in kolada if path.is_file()]),
        "BRP+": ("brp", [shared / BRP]),
    }
    store = ox.Store()
    store.bulk_load(vocabulary() + known, format=ox.RdfFormat.N_TRIPLES)
    indicators = {}
    text = "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT DISTINCT ?i WHERE { ?o a rt:Observation ; rt:indicator ?i } ORDER BY ?i"
    for name, (kind, paths) in sources.items():
        bulk = read_bulk(kind, paths, references)
        assert bulk.reading.ok, (name, bulk.reading.problems[:3])
        own = ox.Store()
        own.bulk_load(bulk.data, format=ox.RdfFormat.N_TRIPLES)
        indicators[name] = [row["i"] for row in query(Engine(own, 1), text).rows]
        store.bulk_load(bulk.data, format=ox.RdfFormat.N_TRIPLES)
    # What the shipped description of the table says of its noise; the file itself does not say it.
    noise = f"<{indicators['TAB6471'][0]}> <{RT.disclosureNoise}> 3.0 ."
    store.load(noise.encode(), format=ox.RdfFormat.TURTLE)
    return World(Engine(store, 1), store, indicators)


@pytest.fixture(scope="module")
def population(shared: Path) -> pl.DataFrame:
    """SCB's table TAB6471: 21 counties, 11 ages, 3 sexes, 4 months."""
    told = json.loads((shared / TAB6471).read_text("utf-8"))
    codes = [list(told["dimension"][name]["category"]["index"]) for name in told["id"]]
    labels = told["dimension"][told["id"][1]]["category"]["label"]
    rows, number = [], 0
    for region in codes[0]:
        for age in codes[1]:
            for sex in codes[2]:
                for month in codes[4]:
                    when = month.replace("M", "-")
                    rows.append((region, labels[age], SEXES[sex], when, Decimal(told["value"][number])))
                    number += 1
    schema = {
        "region": pl.String,
        "age": pl.String,
        "sex": pl.String,
        "month": pl.String,
        "value": pl.Decimal(18, 0),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.fixture(scope="module")
def gdp(shared: Path) -> pl.DataFrame:
    """Eurostat's gross domestic product, in every unit, by NUTS code and year."""
    heading, *lines = (shared / GDP).read_text("utf-8").splitlines()
    years = [year.strip() for year in heading.split("\t")[1:]]
    rows = []
    for line in lines:
        key, *cells = line.split("\t")
        _, unit, geo = key.split(",")
        told = [(year, cell.split()) for year, cell in zip(years, cells, strict=True)]
        rows += [(unit, geo, year, Decimal(cell[0])) for year, cell in told if cell and cell[0] != ":"]
    schema = {"unit": pl.String, "geo": pl.String, "year": pl.String, "value": pl.Decimal(24, 6)}
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.fixture(scope="module")
def nuts() -> dict[str, str]:
    """The NUTS 3 codes of the counties."""
    graph = vocabulary_graph()
    codes = {str(code): str(place) for place, code in graph.subject_objects(RT.nuts)}
    found = {code: place.rpartition("/")[2] for code, place in codes.items() if "/region/" in place}
    assert len(found) == 21
    return found


def verdicts(answer: Rollup) -> Counter[str]:
    return Counter(result.verdict for result in answer.results)


def group(answer: Rollup, result: object, ends: set[str]) -> tuple[str, str]:
    """The names of the other group and of the sex of a result."""
    sex = [one.rpartition("/")[2] for one in result.categories if one.rpartition("/")[2] in ends]
    other = [answer.names[one] for one in result.categories if one.rpartition("/")[2] not in ends]
    return (other[0], sex[0])


def test_every_sum_of_the_population_of_21_counties(world: World, population: pl.DataFrame) -> None:
    (iri,) = world.indicators["TAB6471"]
    sums = population.group_by("age", "sex", "month").agg(pl.col("value").sum())
    expected = {(age, sex, month): value for age, sex, month, value in sums.iter_rows()}
    found = {}
    answer = rollup(world.engine, iri, "region")
    for result in answer.results:
        age, sex = (
            group(answer, result, set(SEXES.values())) if len(result.categories) == 2 else ("", "total")
        )
        found[(age, sex, result.period)] = result.value
        assert result.present == 21
        # Each cell is changed a little against disclosure, so a sum of them is not the exact number.
        assert result.verdict == "approximate"
    assert found == expected and len(found) == 132


def test_the_published_total_of_each_county_goes_before_its_sexes(
    world: World, population: pl.DataFrame
) -> None:
    """TotSa is published; ages are not, so the number over both breakdowns is a sum of noisy cells."""
    (iri,) = world.indicators["TAB6471"]
    totals = (
        population.filter(pl.col("sex") == "total").group_by("region", "month").agg(pl.col("value").sum())
    )
    expected = {(region, month): value for region, month, value in totals.iter_rows()}
    answer = rollup(world.engine, iri, "breakdown")
    found = {(one.place.rpartition("/")[2], one.period): one.value for one in answer.results}
    assert found == expected and len(found) == 84
    assert verdicts(answer) == {"approximate": 84}
    assert any("within-noise" in {f.code for f in one.findings} for one in answer.results)


def test_without_gotland_the_answer_says_20_of_21(world: World, population: pl.DataFrame) -> None:
    """The real figures less one county: removed from the engine and put back."""
    (iri,) = world.indicators["TAB6471"]
    store = world.store
    place = ox.NamedNode("https://w3id.org/rodtrad/id/ref/region/09")
    gone = list(store.quads_for_pattern(None, ox.NamedNode(str(RT.place)), place))
    for quad in gone:
        store.remove(quad)
    try:
        answer = rollup(world.engine, iri, "region,breakdown", years="2026")
    finally:
        store.extend(gone)
    april = population.filter(
        (pl.col("region") != "09") & (pl.col("sex") == "total") & (pl.col("month") == "2026-04")
    )
    (result,) = [one for one in answer.results if one.period == "2026-04"]
    assert (result.value, result.verdict) == (april["value"].sum(), "partial")
    assert (answer.covered(result), result.missing) == ("20 av 21", ("Gotlands län",))


@pytest.mark.parametrize("unit", ["MIO_NAC", "MIO_EUR", "MIO_PPS_EU27_2020"])
def test_gdp_of_the_counties_beside_the_published_total(
    unit: str, world: World, gdp: pl.DataFrame, nuts: dict[str, str]
) -> None:
    iri = REF + "eurostat-nama-10r-3gdp-" + unit.lower().replace("_", "-")
    mine = gdp.filter(pl.col("unit") == unit)
    sums = mine.filter(pl.col("geo").is_in(list(nuts))).group_by("year").agg(pl.col("value").sum())
    expected = dict(sums.iter_rows())
    whole = dict(mine.filter(pl.col("geo") == "SE").select("year", "value").iter_rows())
    parts = rollup(world.engine, iri, "region", published=False)
    assert {one.period: one.value for one in parts.results if one.value is not None} == expected
    assert len(expected) == 22
    published = rollup(world.engine, iri, "region")
    assert {one.period: one.value for one in published.results} == whole and len(whole) == 23


@pytest.mark.parametrize("unit", ["EUR_HAB", "EUR_HAB_EU27_2020", "PPS_EU27_2020_HAB", "PPS_HAB_EU27_2020"])
def test_gdp_per_inhabitant_is_refused_with_the_published_value(
    unit: str, world: World, gdp: pl.DataFrame
) -> None:
    iri = REF + "eurostat-nama-10r-3gdp-" + unit.lower().replace("_", "-")
    whole = dict(
        gdp.filter((pl.col("unit") == unit) & (pl.col("geo") == "SE")).select("year", "value").iter_rows()
    )
    answer = rollup(world.engine, iri, "region")
    assert verdicts(answer) == {"refused": len(answer.results)} and answer.results
    for one in answer.results:
        assert one.published is not None and one.published.values["value"] == whole[one.period]


# How each file names all groups together. The engine takes what is published over all of them where it is.
TOTALS = {
    "gender": "T",
    "Kön": "Totalt",
    "ålder": "totalt",
    "födelseregion": "totalt",
}
SEXES_TOGETHER = {"matchning.csv": "samtliga anställda", "trang.csv": "totalt"}


def in_file(file: File, path: Path, whole: bool) -> Counter[tuple[str, Decimal]]:
    """Time and value of every filled cell of an indicator; rows that stand twice count once.

    ``whole`` keeps only what is published over all groups.
    """
    text = path.read_text(file.encoding)
    frame = pl.read_csv(text.encode(), infer_schema_length=0)
    for column, word in file.only.items():
        frame = frame.filter(pl.col(column) == word)
    if file.years:
        frame = frame.filter(pl.col(file.time).is_in(file.years))
    if file.name == "exportperinv.csv":  # Code 99 and the country are no counties.
        frame = frame.filter(~pl.col("AstLan").is_in(["00", "99"]))
    if whole:
        words = TOTALS | ({"kön": SEXES_TOGETHER[file.name]} if file.name in SEXES_TOGETHER else {})
        for column in set(words) & set(frame.columns):
            frame = frame.filter(pl.col(column) == words[column])
    told = Counter[tuple[str, Decimal]]()
    for column in (file.total,) if whole and file.total else (file.value, *file.more):
        for when, number in frame.unique().select(file.time, column).drop_nulls().iter_rows():
            if number.strip(".") not in {"inf", "Inf", "NA", ""}:
                told[(when.replace("-", "/"), Decimal(number).normalize())] += 1
    return told


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.indicator)
def test_every_cell_of_dalarnas_files_is_an_observation_with_its_number(
    file: File, world: World, shared: Path
) -> None:
    iri = f"https://w3id.org/rodtrad/id/rodtrad/indicator/20-dsm-{file.indicator}"
    text = (
        "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT ?o ?year ?period ?value WHERE { "
        f"?o rt:indicator <{iri}> ; rt:year ?year ; rt:value ?value OPTIONAL {{ ?o rt:period ?period }} }}"
    )
    found = Counter(
        (str(row.get("period") or row["year"]), Decimal(str(row["value"])).normalize())
        for row in query(world.engine, text).rows
    )
    assert found == in_file(file, shared / DALARNA / file.name, whole=False) and found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.indicator)
def test_a_series_of_dalarna_reads_back_as_it_stands_in_its_file(
    file: File, world: World, shared: Path
) -> None:
    """No rule lets these be put together over place: what stands in the file comes back, and nothing else."""
    expected = in_file(file, shared / DALARNA / file.name, whole=True)
    iri = f"https://w3id.org/rodtrad/id/rodtrad/indicator/20-dsm-{file.indicator}"
    text = (
        "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT DISTINCT ?place WHERE { "
        f"?o rt:indicator <{iri}> ; rt:place ?place }} ORDER BY ?place"
    )
    found = Counter[tuple[str, Decimal]]()
    for row in query(world.engine, text).rows:
        answer = rollup(world.engine, iri, "time", place=row["place"])
        found += Counter(
            (one.period.text, one.value.normalize())
            for result in answer.results
            for one in result.members
            if one.value is not None
        )
    assert found == expected and found


def test_every_indicator_of_dalarna_is_compared(world: World) -> None:
    named = {iri.rpartition("/20-dsm-")[2] for iri in world.indicators["Dalarna"]}
    assert named == {file.indicator for file in FILES} | {SCHOOL[0].indicator}


def test_school_results_of_the_county_and_its_municipalities_stand_in_two_files(
    world: World, shared: Path
) -> None:
    iri = f"https://w3id.org/rodtrad/id/rodtrad/indicator/20-dsm-{SCHOOL[0].indicator}"
    text = (
        "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT ?o ?year ?value WHERE { "
        f"?o rt:indicator <{iri}> ; rt:year ?year ; rt:value ?value }}"
    )
    found = Counter(
        (str(row["year"]), round(Decimal(str(row["value"])), 6)) for row in query(world.engine, text).rows
    )
    expected = Counter[tuple[str, Decimal]]()
    for file in SCHOOL:
        for (year, value), times in in_file(file, shared / DALARNA / file.name, whole=False).items():
            expected[(year, round(value, 6))] += times
    assert found == expected and found


def test_no_index_level_of_quality_of_life_is_put_together(world: World) -> None:
    """Every index of BRP+ over the counties and the municipalities is refused."""
    told = Counter[str]()
    for iri in world.indicators["BRP+"]:
        told += verdicts(rollup(world.engine, iri, "region"))
    assert set(told) == {"refused"} and len(world.indicators["BRP+"]) == 34


def test_every_value_of_koladas_samples(world: World, shared: Path) -> None:
    text = (
        "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT ?o ?i ?place ?year ?value WHERE { "
        "?o rt:indicator ?i ; rt:place ?place ; rt:year ?year ; rt:value ?value "
        'FILTER(CONTAINS(STR(?i), "/kolada-")) }'
    )
    found = Counter(
        (
            row["i"].rpartition("-")[2],
            row["place"].rpartition("/")[2],
            str(row["year"]),
            Decimal(str(row["value"])).normalize(),
        )
        for row in query(world.engine, text).rows
    )
    frames = [
        pl.read_csv(shared / KOLADA.format(name), infer_schema_length=0)
        for name in ("n00945", "kld_data", "grp_data")
    ]
    told = pl.concat(frames).unique().drop_nulls("value")
    expected = Counter(
        (kpi.lower(), place, year, Decimal(value).normalize())
        for kpi, place, year, value in told.select("kpi", "municipality_id", "year", "value").iter_rows()
    )
    assert found == expected and found


def test_samples_of_kolada_are_refused_or_given_as_they_are(world: World, shared: Path) -> None:
    """Three towns of 290: shares without their parts are never put together."""
    for iri in world.indicators["Kolada"]:
        answer = rollup(world.engine, iri, "region")
        assert {one.verdict for one in answer.results} <= {"refused", "partial"}
        assert all(one.value is None or one.present < one.expected for one in answer.results)
