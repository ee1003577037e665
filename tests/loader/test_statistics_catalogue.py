"""Two catalogues of Kolada become versions of definitions, with what changed between them."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from rdflib import RDF, Literal, URIRef
from rodtrad import examples
from rodtrad.loader import Reading, References, ntriples, read
from rodtrad.loader.statistics import read_catalogues
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import RT
from rodtrad.queries.catalogue import catalogue
from rodtrad.queries.runner import run
from rodtrad.store import Store

OLD, NEW = "kpi-metadata-v2-2024-03-all.csv.gz", "kpi-metadata-v3-2026-03-all.csv.gz"


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "api-samples" / "kolada"


@pytest.fixture(scope="module")
def reading(folder: Path) -> Reading:
    actors = Path(examples.__file__).parent / "national" / "actors"
    known = ntriples(read([actors], References.from_ntriples()).graph)
    dates = [(folder / NEW, date(2026, 3, 23)), (folder / OLD, date(2024, 3, 21))]
    return read_catalogues(dates, References.from_ntriples(vocabulary(), known))


def titles(path: Path) -> dict[str, str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return {row["id"]: row["title"] for row in csv.DictReader(file)}


def changes(reading: Reading, kpi: str) -> dict[str, set[str]]:
    """Kinds of change by the first day of each version."""
    (indicator,) = reading.graph.subjects(RT.publisherId, Literal(kpi))
    return {
        str(reading.graph.value(one, RT.validFrom)): {
            str(kind).rpartition("/")[2] for kind in reading.graph.objects(one, RT.breakReason)
        }
        for one in reading.graph.subjects(RT.versionOf, indicator)
    }


def test_versions_and_changes_are_as_many_as_the_catalogues_tell(folder: Path, reading: Reading) -> None:
    old, new = titles(folder / OLD), titles(folder / NEW)
    assert (len(old), len(new)) == (5604, 6099)
    kinds = Counter(str(o).rpartition("/")[2] for o in reading.graph.objects(None, RT.breakReason))
    assert reading.ok
    assert len(set(reading.graph.subjects(RDF.type, RT.IndicatorVersion))) == 5604 + 6099
    assert len(set(reading.graph.subjects(RDF.type, RT.Indicator))) == len(old.keys() | new.keys()) == 7108
    assert kinds["gone"] == len(old.keys() - new.keys()) == 1009
    assert kinds["new"] == len(new.keys() - old.keys()) == 1504
    assert kinds["retitled"] == sum(old[key] != new[key] for key in old.keys() & new.keys()) == 1271


@pytest.mark.parametrize(
    ("kpi", "kind"),
    [("U07417", "unit-changed"), ("N03926", "population-changed"), ("N60920", "method-changed")],
)
def test_an_id_that_lives_on_with_another_meaning_is_a_break(reading: Reading, kpi: str, kind: str) -> None:
    assert kind in changes(reading, kpi)["2026-03-23"]


def test_an_indicator_that_is_gone_says_when_its_last_definition_ended(reading: Reading) -> None:
    assert changes(reading, "N00914") == {"2024-03-21": {"gone"}}
    (version,) = reading.graph.subjects(
        RT.versionOf, URIRef("https://w3id.org/rodtrad/id/ref/indicator/kolada-n00914")
    )
    assert str(reading.graph.value(version, RT.validTo)) == "2026-03-22"


def test_other_words_are_no_break(reading: Reading) -> None:
    broken = [
        one
        for one in reading.graph.subjects(RT.breakWithPrevious, Literal(True))
        if not {str(o).rpartition("/")[2] for o in reading.graph.objects(one, RT.breakReason)}
        & {"unit-changed", "population-changed", "method-changed"}
    ]
    assert broken == []


def test_the_catalogue_question_lists_the_breaks_and_nothing_else(reading: Reading) -> None:
    store = Store(None)
    store.publish(str(reading.graph_iri), ntriples(reading.graph), by="test")
    query = catalogue()["definition-breaks"]
    answer = run(store.engine(), query, {}, "sv")
    listed = {row["indicator"].iri for row in answer.rows}
    breaks = set(reading.graph.subjects(RT.breakWithPrevious, Literal(True)))
    assert len(listed) == len(breaks)
    one = run(
        store.engine(), query, {"indicator": "https://w3id.org/rodtrad/id/ref/indicator/kolada-u07417"}, "sv"
    )
    assert len(one.rows) == 1
