"""The shipped figures and base indicators are those of their sources, small, and whole."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from rodtrad import examples
from rodtrad.queries.catalogue import catalogue
from rodtrad.queries.runner import run
from rodtrad.store import Store

FOLDER = Path(examples.__file__).parent / "statistics"
PREFIX = "PREFIX rt: <https://w3id.org/rodtrad/ns/> PREFIX graph: <https://w3id.org/rodtrad/graph/ref/> "


def rows(store: Store, query: str) -> list[dict[str, str]]:
    return [{name: term.value for name, term in row.items()} for row in store.engine().rows(PREFIX + query)]


def test_what_ships_is_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.rglob("*.*")) < 1_000_000


def test_shipped_population_is_that_of_the_table(example_store: Store, shared: Path) -> None:
    path = shared / "data" / "api-samples" / "scb-pxwebapi2" / "TAB6471_data.json"
    values = json.loads(path.read_text(encoding="utf-8"))["value"]
    found = rows(
        example_store,
        "SELECT ?o ?value WHERE { GRAPH graph:scb-tab6471 { ?o a rt:Observation ; rt:value ?value } }",
    )
    assert len(found) == 21 * 11 * 3
    assert sum(int(row["value"]) for row in found) == sum(values[3::4])


def test_shipped_gdp_is_that_of_the_file(example_store: Store, shared: Path) -> None:
    with (shared / "data/statistics/eurostat_nama_10r_3gdp_SE.tsv").open(encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    column = [text.strip() for text in lines[0]].index("2021")
    expected = {
        line[0].split(",")[2]: line[column].strip()
        for line in lines[1:]
        if line[0].startswith("A,MIO_NAC,SE")
    }
    found = rows(
        example_store,
        """SELECT ?nuts ?value WHERE {
             ?o rt:indicator <https://w3id.org/rodtrad/id/ref/indicator/eurostat-nama-10r-3gdp-mio-nac> ;
                rt:year 2021 ; rt:place ?place ; rt:value ?value . ?place rt:nuts ?nuts }""",
    )
    assert len(found) == 22
    assert {row["nuts"]: float(row["value"]) for row in found} == {
        row["nuts"]: float(expected[row["nuts"]]) for row in found
    }


def test_shipped_values_of_kolada_are_those_of_the_file(example_store: Store, shared: Path) -> None:
    with (shared / "data/api-samples/kolada/values-v3-n00945.csv").open(encoding="utf-8") as file:
        expected = {
            (row["municipality_id"], row["year"]): float(row["value"]) for row in csv.DictReader(file)
        }
    found = rows(
        example_store,
        """SELECT ?code ?year ?value WHERE {
             ?o rt:indicator <https://w3id.org/rodtrad/id/ref/indicator/kolada-n00945> ;
                rt:year ?year ; rt:place ?place ; rt:value ?value . ?place rt:code ?code }""",
    )
    assert {(row["code"], row["year"]): float(row["value"]) for row in found} == expected


def test_every_base_indicator_with_a_kind_of_measure_says_how_values_are_put_together(
    example_store: Store,
) -> None:
    found = rows(
        example_store,
        """SELECT ?i ?place ?time WHERE { GRAPH graph:basindikatorer { ?i rt:measureKind ?kind }
             OPTIONAL { ?i rt:functionOverPlace ?place } OPTIONAL { ?i rt:functionOverTime ?time } }""",
    )
    assert len(found) == 17
    assert all({"place", "time"} <= row.keys() for row in found)


def test_the_question_on_breaks_answers_on_what_ships(example_store: Store) -> None:
    answer = run(example_store.engine(), catalogue()["definition-breaks"], {}, "sv")
    found = {(str(row["indicator"].iri).rpartition("-")[2], row["change"].label) for row in answer.rows}
    assert found == {("n03926", "ändrad population"), ("n60920", "ändrad metod"), ("u07417", "bytt enhet")}


@pytest.mark.parametrize("name", ["scb-tab6471", "eurostat-nama-10r-3gdp", "base-indicators"])
def test_each_publication_names_its_source(example_store: Store, name: str) -> None:
    graph = "basindikatorer" if name == "base-indicators" else name
    found = rows(
        example_store,
        f"""SELECT ?label WHERE {{ graph:{graph} <http://purl.org/dc/terms/source> ?source .
              ?source <http://www.w3.org/2000/01/rdf-schema#label> ?label }}""",
    )
    assert len(found) == 1
