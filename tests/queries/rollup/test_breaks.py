"""No trend across a break: the two catalogues of Kolada, and series that pass from one to the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from rodtrad import examples
from rodtrad.loader import References, ntriples, read
from rodtrad.loader.statistics import read_catalogues
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import RT, SCHEME
from rodtrad.queries.rollup import comparability, rollup
from rodtrad.store import Engine

from .conftest import FLOW, indicator, value

FILES = [
    ("kpi-metadata-v2-2024-03-all.csv.gz", date(2024, 3, 21)),
    ("kpi-metadata-v3-2026-03-all.csv.gz", date(2026, 3, 23)),
]
REF = "https://w3id.org/rodtrad/id/ref/"
COUNTY = REF + "region/20"
YEARS = {2023: 10, 2025: 20, 2026: 40}
VERSIONS = """
x:v1 a rt:IndicatorVersion ; rt:versionOf i:a ; rt:validFrom 2020 ; rt:validTo 2021 .
x:v2 a rt:IndicatorVersion ; rt:versionOf i:a ; rt:validFrom 2022 ; rt:breakWithPrevious true .
"""


@pytest.fixture(scope="module")
def catalogues(shared: Path) -> ox.Store:
    """Both catalogues, and for every indicator of both a value of a year before, between and after them.

    That the values are additive is said here: Kolada does not say it, and without it nothing is summed at all.
    """
    folder = shared / "data" / "api-samples" / "kolada"
    actors = Path(examples.__file__).parent / "national" / "actors"
    known = ntriples(read([actors], References.from_ntriples()).graph)
    reading = read_catalogues(
        [(folder / n, d) for n, d in FILES], References.from_ntriples(vocabulary(), known)
    )
    assert reading.ok
    store = ox.Store()
    for part in (vocabulary(), ntriples(reading.graph)):
        store.bulk_load(part, format=ox.RdfFormat.N_TRIPLES)
    lines = []
    for iri in sorted(set(reading.graph.objects(None, RT.versionOf))):
        lines.append(f"<{iri}> <{RT.measureKind}> <{SCHEME['measure-kind/count']}> .")
        lines.append(f"<{iri}> <{RT.additivity}> <{SCHEME['additivity/flow']}> .")
        lines.append(f"<{iri}> <{RT.distinctness}> <{SCHEME['distinctness/unique']}> .")
        for year, number in YEARS.items():
            node = f"<{iri.replace('/indicator/', '/observation/')}-{year}>"
            lines.append(
                f"{node} a <{RT.Observation}> ; <{RT.indicator}> <{iri}> ; <{RT.place}> <{COUNTY}> ;"
            )
            lines.append(f"  <{RT.year}> {year} ; <{RT.value}> {number} .")
    store.bulk_load("\n".join(lines).encode(), format=ox.RdfFormat.TURTLE)
    return store


def listed(store: ox.Store, broken: bool) -> list[str]:
    """The indicators with or without a break, asked of the catalogues in a way of its own."""
    said = ox.Literal(
        "true" if broken else "false", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
    )
    of = ox.NamedNode(str(RT.versionOf))
    found = store.quads_for_pattern(None, ox.NamedNode(str(RT.breakWithPrevious)), said)
    return sorted(next(store.quads_for_pattern(one.subject, of, None)).object.value for one in found)


def test_no_sum_goes_across_any_break_of_the_real_catalogues(catalogues: ox.Store) -> None:
    engine, broken = Engine(catalogues, 1), listed(catalogues, True)
    assert len(broken) == 28
    for iri in broken:
        for years in ("2025,2026", "2023,2026", "2023,2025,2026"):
            result = rollup(engine, iri, "time", years=years, place=COUNTY).result
            assert result.refusal is not None, iri
            assert (result.refusal.code, result.refusal.values["period"]) == ("series-break", "2026")
        assert rollup(engine, iri, "time", years="2026", place=COUNTY).result.value == 40
        assert rollup(engine, iri, "time", years="2023,2025", place=COUNTY).result.value == 30


def test_other_words_in_a_title_do_not_stop_a_sum(catalogues: ox.Store) -> None:
    """Unless the unit is written in words that cannot be known to mean the same: then that is the reason."""
    engine, unbroken = Engine(catalogues, 1), listed(catalogues, False)
    assert len(unbroken) == 5604 - 1009 - 28
    version, unit = (ox.NamedNode(str(RT[name])) for name in ("versionOf", "unit"))
    summed = 0
    for iri in unbroken[:: len(unbroken) // 60]:
        result = rollup(engine, iri, "time", years="2023,2025,2026", place=COUNTY).result
        versions = [q.subject for q in catalogues.quads_for_pattern(None, version, ox.NamedNode(iri))]
        words = {q.object.value for one in versions for q in catalogues.quads_for_pattern(one, unit, None)}
        if len(words) > 1 and result.refusal:
            assert result.refusal.code == "units-differ"
        else:
            assert (result.value, result.refusal) == (70, None), iri
            summed += 1
    assert summed > 55


def test_the_check_over_time_tells_of_the_break_and_when(catalogues: ox.Store) -> None:
    thefts = REF + "indicator/kolada-u07417"  # per 1,000 inhabitants, then per 100,000
    checked = comparability(Engine(catalogues, 1), thefts, place=COUNTY, years="2023-2026").longitudinal
    assert not checked.comparable
    assert [
        one.finding.values["period"]
        for one in checked.reasons
        if one.forbids and one.finding.code == "series-break"
    ] == ["2026"]
    assert comparability(
        Engine(catalogues, 1), thefts, place=COUNTY, years="2023-2025"
    ).longitudinal.comparable


@pytest.mark.parametrize(
    ("years", "refused"),
    [((2018, 2019), 0), ((2018, 2021), 0), ((2018, 2022), 1), ((2021, 2022), 1), ((2022, 2023), 0)],
)
def test_a_value_older_than_the_first_known_definition_is_before_the_break(
    ask: Callable, years: tuple[int, int], refused: int
) -> None:
    data = [value("x:one", 1, year) for year in years]
    result = ask(indicator(FLOW), VERSIONS, *data, over="time", years=years, place=REF + "thing/one")
    assert (result.refusal is not None) == bool(refused)
    assert refused == 0 or result.refusal.code == "series-break"
