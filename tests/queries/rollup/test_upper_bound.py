"""A real count of things that may repeat: the sum is the most it can be, and the data say so themselves."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from python_calamine import CalamineWorkbook
from rodtrad import examples
from rodtrad.loader import References, ntriples, read
from rodtrad.loader.statistics import read_bulk
from rodtrad.ontology import vocabulary
from rodtrad.queries.rollup import rollup
from rodtrad.store import Engine

INDICATOR = "https://w3id.org/rodtrad/id/rodtrad/indicator/20-varsel-varslade"
COUNTY = "https://w3id.org/rodtrad/id/ref/region/20"
MAPPING = Path(examples.__file__).parent / "mappings" / "varsel-dalarna.yaml"


@pytest.fixture(scope="module")
def source(shared: Path) -> Path:
    return shared / "data" / "statistics" / "dalarna-lage" / "varsel_manad.xlsx"


@pytest.fixture(scope="module")
def notices(source: Path) -> ox.Store:
    """The months as the reader read them; the mapping states that the same person may be counted twice."""
    actors = Path(examples.__file__).parent / "national" / "actors"
    known = ntriples(read([actors], References.from_ntriples()).graph)
    bulk = read_bulk(str(MAPPING), [source], References.from_ntriples(vocabulary(), known))
    assert bulk.reading.ok, bulk.reading.problems[:3]
    store = ox.Store()
    for part in (vocabulary(), known, bulk.data):
        store.bulk_load(part, format=ox.RdfFormat.N_TRIPLES)
    return store


def months(source: Path, year: str) -> list[Decimal]:
    """What python-calamine finds in the workbook, without the reader."""
    heading, *rows = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    when, count = heading.index("tid"), heading.index("antal")
    return [Decimal(str(row[count])).normalize() for row in rows if str(row[when]).startswith(year)]


@pytest.mark.parametrize("year", ["1993", "2020", "2023"])
def test_notices_of_a_year_are_at_most_the_sum_and_at_least_the_worst_month(
    year: str, notices: ox.Store, source: Path
) -> None:
    expected = months(source, year)
    answer = rollup(Engine(notices, 1), INDICATOR, "time", years=year, place=COUNTY)
    result = answer.result
    assert len(expected) == result.present == 12
    assert (result.value, result.verdict) == (sum(expected), "upper-bound")
    assert (result.lower, result.upper) == (max(expected), sum(expected))
    assert f"minst {max(expected)} och högst {sum(expected)}" in answer.explanation(result, "sv")
    assert "A10" in result.rules


def test_a_single_month_is_no_bound(notices: ox.Store, source: Path) -> None:
    result = rollup(Engine(notices, 1), INDICATOR, "time", years="2024", place=COUNTY).result
    assert result.value == months(source, "2024")[0] and result.verdict != "upper-bound"


def test_the_bound_rests_on_what_the_data_say_of_distinctness(notices: ox.Store, source: Path) -> None:
    """Were each person counted once, the same months would give an exact number."""
    scheme = "https://w3id.org/rodtrad/scheme/distinctness/"
    said = (ox.NamedNode(INDICATOR), ox.NamedNode("https://w3id.org/rodtrad/ns/distinctness"))
    (quad,) = notices.quads_for_pattern(*said, None)
    assert quad.object == ox.NamedNode(scheme + "may-repeat")
    other = ox.Quad(*said, ox.NamedNode(scheme + "unique"))
    notices.remove(quad)
    notices.add(other)
    try:
        result = rollup(Engine(notices, 1), INDICATOR, "time", years="2023", place=COUNTY).result
    finally:
        notices.remove(other)
        notices.add(quad)
    assert (result.value, result.verdict, result.lower) == (sum(months(source, "2023")), "exact", None)
