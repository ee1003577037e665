"""Published figures become publications: counted again from the source, and the same as a workbook's."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Literal, URIRef
from rodtrad import examples
from rodtrad.loader import Reading, References, ntriples, read, write_csv_folder
from rodtrad.loader.statistics import FORMATS, read_bulk, read_statistics
from rodtrad.ontology.names import RT

KOLADA = "data/api-samples/kolada"
BRP = "data/statistics/brp-plus-2025"
DALARNA = "data/statistics/dalarna-rus-2023"
SEXES = {"women", "men", "total"}
TAB6471 = "data/api-samples/scb-pxwebapi2/TAB6471_data.json"
GDP = "data/statistics/eurostat_nama_10r_3gdp_SE.tsv"
MAPPING = Path(examples.__file__).parent / "mappings" / "dalastrategin-2023.yaml"


@pytest.fixture(scope="module")
def dalarna(shared: Path, national_actors: References) -> Reading:
    return read_statistics(str(MAPPING), [shared / DALARNA], national_actors)


def rows(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def values(reading: Reading, indicator: str, publisher: str = "ref") -> dict[tuple[str, ...], str | None]:
    """Value by place, time and groups, each as the last part of its identifier."""
    node = URIRef(f"https://w3id.org/rodtrad/id/{publisher}/indicator/{indicator}")
    found = {}
    for one in reading.graph.subjects(RT.indicator, node):
        if (one, RDF.type, RT.Observation) not in reading.graph:
            continue
        last = [str(o).rpartition("/")[2] for o in reading.graph.objects(one, RT.place)]
        time = reading.graph.value(one, RT.period) or reading.graph.value(one, RT.year)
        names = (str(o).rpartition("/")[2] for o in reading.graph.objects(one, RT.breakdownCategory))
        groups = sorted(names, key=lambda name: (name in SEXES, name))
        value = reading.graph.value(one, RT.value)
        found[(*last, str(time), *groups)] = None if value is None else str(value)
    return found


def count(reading: Reading) -> int:
    return len(set(reading.graph.subjects(RDF.type, RT.Observation)))


def test_every_cell_of_a_json_stat_table_is_one_value(shared: Path, national_actors: References) -> None:
    path = shared / TAB6471
    reading = read_statistics("jsonstat", [path], national_actors)
    data = json.loads(path.read_text(encoding="utf-8"))
    assert reading.ok
    assert count(reading) == 21 * 11 * 3 * 4 == len(data["value"])
    found = values(reading, "scb-tab6471-000007sf")
    assert found["20", "2026-04", "tab6471-alder-0-9-ar", "total"] == str(data["value"][15 * 11 * 3 * 4 + 3])
    assert Counter(key[1] for key in found) == dict.fromkeys(
        ("2026-01", "2026-02", "2026-03", "2026-04"), 693
    )


def test_noise_of_disclosure_control_is_kept_as_published(shared: Path, national_actors: References) -> None:
    found = values(read_statistics("jsonstat", [shared / TAB6471], national_actors), "scb-tab6471-000007sf")
    totals = [key for key in found if key[-1] == "total"]
    differing = [
        key
        for key in totals
        if int(found[key] or 0) != int(found[(*key[:-1], "men")] or 0) + int(found[(*key[:-1], "women")] or 0)
    ]
    assert (len(totals), len(differing)) == (924, 776)


def test_gdp_by_county_is_read_from_sdmx_tsv(shared: Path, national_actors: References) -> None:
    path = shared / GDP
    reading = read_statistics("sdmx-tsv", [path], national_actors)
    assert reading.ok
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t"))
    header = [text.strip() for text in lines[0][1:]]
    expected = {
        (line[0].split(",")[1], line[0].split(",")[2], year): cell.strip()
        for line in lines[1:]
        for year, cell in zip(header, line[1:], strict=True)
    }
    counties = {key: cell for key, cell in expected.items() if len(key[1]) == 5 and key[1][2] in "123"}
    assert count(reading) == len(counties) + 7 * 23
    found = values(reading, "eurostat-nama-10r-3gdp-mio-nac")
    assert found["20", "2021"] == counties["MIO_NAC", "SE312", "2021"].rstrip(".")
    missing = [key for key, value in found.items() if value is None]
    assert {year for _, year in missing} == {"2022"}


def test_values_of_kolada_keep_their_ids_places_and_sexes(shared: Path, national_actors: References) -> None:
    files = [shared / KOLADA / f"values-v3-{name}.csv" for name in ("n00945", "kld_data", "grp_data")]
    expected = [row for file in files for row in rows(file)]
    reading = read_statistics("kolada", files, national_actors)
    distinct = {(r["kpi"], r["municipality_id"], r["year"], r["gender"]) for r in expected}
    assert reading.ok
    assert count(reading) == len(distinct)
    first = rows(files[0])[0]
    assert (
        values(reading, "kolada-n00945")[first["municipality_id"], first["year"], "total"] == first["value"]
    )


def test_brp_plus_is_a_tree_of_84_indicators_38_aspects_15_themes_and_2_parts(
    shared: Path, national_actors: References
) -> None:
    reading = read_statistics("brp", [shared / BRP], national_actors)
    graph = reading.graph
    scheme = URIRef("https://w3id.org/rodtrad/id/ref/scheme/brp-plus")
    concepts = set(graph.subjects(SKOS.inScheme, scheme))
    depth = Counter()
    for concept in concepts:
        steps, node = 0, concept
        while (above := graph.value(node, SKOS.broader)) is not None:
            steps, node = steps + 1, above
        depth[steps] += 1
    assert depth == {0: 2, 1: 15, 2: 38}
    indicators = {s for s, o in graph.subject_objects(RT.publisherId) if (s, SKOS.broader, None) in graph}
    assert len(indicators) == 84
    assert {depth_of(graph, one) for one in indicators} == {3}
    files = sorted((shared / BRP).glob("[1-4]*.csv"))
    assert count(reading) == sum(len(rows(file, ";")) for file in files) == 15_337
    places = Counter(str(o).split("/")[-2] for o in set(graph.objects(None, RT.place)))
    assert places == {"region": 21, "municipality": 290, "country": 1}


def depth_of(graph, node) -> int:
    steps = 0
    while (above := graph.value(node, SKOS.broader)) is not None:
        steps, node = steps + 1, above
    return steps


def test_the_index_of_the_country_among_municipalities_is_not_the_one_among_regions(
    shared: Path, national_actors: References
) -> None:
    reading = read_statistics("brp", [shared / BRP], national_actors)
    among = {
        area: values(reading, f"brp-{area}-hallbarhet")["SE", "2025", "women"]
        for area in ("kommun", "region")
    }
    assert among == {"kommun": "40.3060281945803", "region": "30.4069722058805"}


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_bulk_gives_the_same_triples_as_row_by_row(
    kind: str, shared: Path, national_actors: References
) -> None:
    paths = {
        "brp": [shared / BRP / "1.kolada_totalindex_kommun2025.csv"],
        "jsonstat": [shared / TAB6471],
        "kolada": [shared / KOLADA / "values-v3-n00945.csv"],
        "sdmx-tsv": [shared / GDP],
    }[kind]
    assert read_bulk(kind, paths, national_actors).data == ntriples(
        read_statistics(kind, paths, national_actors).graph
    )


def test_a_mapping_gives_the_same_triples_in_bulk(
    shared: Path, national_actors: References, dalarna: Reading
) -> None:
    assert read_bulk(str(MAPPING), [shared / DALARNA], national_actors).data == ntriples(dalarna.graph)


@pytest.mark.parametrize("kind", ["sdmx-tsv", "kolada"])
def test_what_a_workbook_holds_of_the_figures_reads_back_the_same(
    kind: str, shared: Path, national_actors: References, tmp_path: Path
) -> None:
    paths = {"kolada": [shared / KOLADA / "values-v3-n00945.csv"], "sdmx-tsv": [shared / GDP]}[kind]
    reading = read_statistics(kind, paths, national_actors)
    write_csv_folder(reading.graph, tmp_path / "sheets", "sv", national_actors)
    back = read([tmp_path / "sheets"], national_actors)
    assert back.ok, back.problems[:3]
    assert ntriples(back.graph) == ntriples(reading.graph)


def test_each_value_knows_its_file_row_and_text(shared: Path, national_actors: References) -> None:
    path = shared / BRP / "1.kolada_totalindex_kommun2025.csv"
    reading = read_statistics("brp", [path], national_actors)
    iri = "https://w3id.org/rodtrad/id/ref/observation/brp-kommun-hallbarhet-2025-00-women"
    (origin,) = [one for one in reading.origins if one.iri == iri]
    assert (origin.file, origin.cell, origin.text) == (path.name, "D2", "40,3060281945803")


def test_the_files_behind_dalastrategin_are_read_and_their_faults_told(dalarna: Reading) -> None:
    assert dalarna.ok
    told = {(p.code, p.where.file): p.values.get("count") for p in dalarna.problems}
    assert {
        ("statistics-doubled", "effektivitet.csv"): 13,
        ("statistics-doubled", "trang.csv"): 210,
        ("statistics-place-left-out", "exportperinv.csv"): 46,
        ("statistics-year-range", "tillit_ny.csv"): 42,
        ("statistics-year-range", "deltagande_ny.csv"): 42,
        ("statistics-year-left-out", "valdeltagande.csv"): 21,
        ("statistics-country", "gini.csv"): 11,
    }.items() <= told.items()
    assert all(p.severity == "info" for p in dalarna.problems)


def test_counts_per_file_of_dalarna_are_those_of_the_files(shared: Path, dalarna: Reading) -> None:
    """Rows times value columns, less what is told to be left out."""
    expected = {
        "arbetsloshet.csv": 36,
        "effektivitet.csv": 286 - 13,
        "etablering.csv": 3024,
        "exportperinv.csv": (506 - 23) * 2,
        "forskning.csv": 378,
        "matchning.csv": 378 * 8,
        "trang.csv": 6930 - 210,
        "ungadel.csv": 95,
        "utsatthet.csv": 315,
        "valdeltagande.csv": 7 * 3,
    }
    iris = {str(node) for node in dalarna.graph.subjects(RDF.type, RT.Observation)}
    found = Counter(origin.file for origin in dalarna.origins if origin.iri in iris)
    assert {file: found[file] for file in expected} == expected
    assert sum(found.values()) == len(iris)
    encodings = {"exportperinv.csv": "latin-1"}
    for file, size in (("etablering.csv", 3024), ("exportperinv.csv", 506), ("trang.csv", 6930)):
        assert len(rows(shared / DALARNA / file, encoding=encodings.get(file, "utf-8-sig"))) == size


def test_a_break_told_by_a_header_gives_two_definitions(dalarna: Reading) -> None:
    graph = dalarna.graph
    (after,) = graph.subjects(RT.breakWithPrevious, Literal(True))
    assert str(graph.value(after, RT.validFrom)) == "2019-01-01"
    used = Counter(
        (graph.value(one, RT.year).toPython() >= 2019, version == after)
        for one, version in graph.subject_objects(RT.indicatorVersion)
    )
    assert used == {(False, False): 9 * 252, (True, True): 3 * 252}


def test_an_election_is_one_value_and_a_missing_one_is_unknown(dalarna: Reading) -> None:
    turnout = values(dalarna, "20-dsm-val-kommun", "rodtrad")
    assert sorted(key[1] for key in turnout) == ["1998", "2002", "2006", "2010", "2014", "2018", "2022"]
    assert turnout["20", "2022"] is None
    node = URIRef("https://w3id.org/rodtrad/id/rodtrad/observation/20-dsm-val-kommun-2022-20")
    assert str(dalarna.graph.value(node, RT.observationStatus)).endswith("/missing")
