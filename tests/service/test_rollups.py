"""The roll-up and the three checks over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from rodtrad.ontology import vocabulary
from rodtrad.ontology.problems import RodtradError
from rodtrad.queries.client import rollup as remote
from rodtrad.service.app import create_app
from rodtrad.service.backend import EngineBackend
from rodtrad.service.settings import Settings
from rodtrad.store import Engine, Store
from starlette.testclient import TestClient

DATA = """
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix s: <https://w3id.org/rodtrad/scheme/> .
@prefix i: <https://w3id.org/rodtrad/id/ref/indicator/> .
@prefix o: <https://w3id.org/rodtrad/id/ref/observation/> .
@prefix r: <https://w3id.org/rodtrad/id/ref/region/> .
i:folk a rt:Indicator ; rdfs:label "Folkmängd"@sv , "Population"@en ; rt:publisherId "N01951" ; rt:unit "antal" ;
  rt:measureKind <https://w3id.org/rodtrad/scheme/measure-kind/count> ; rt:additivity <https://w3id.org/rodtrad/scheme/additivity/stock> ;
  rt:distinctness <https://w3id.org/rodtrad/scheme/distinctness/unique> .
i:median a rt:Indicator ; rdfs:label "Medianinkomst"@sv ; rt:unit "kr" ;
  rt:measureKind <https://w3id.org/rodtrad/scheme/measure-kind/median> ; rt:additivity <https://w3id.org/rodtrad/scheme/additivity/non-additive> .
o:1 a rt:Observation ; rt:indicator i:folk ; rt:place r:20 ; rt:year 2023 ; rt:value 287000 .
o:2 a rt:Observation ; rt:indicator i:folk ; rt:place r:21 ; rt:year 2023 ; rt:value 286000 .
o:3 a rt:Observation ; rt:indicator i:median ; rt:place r:20 ; rt:year 2023 ; rt:value 300000 .
o:4 a rt:Observation ; rt:indicator i:median ; rt:place r:21 ; rt:year 2023 ; rt:value 290000 .
i:stolder a rt:Indicator ; rdfs:label "Stölder"@sv ; rt:direction <https://w3id.org/rodtrad/scheme/direction/lower> ;
  rt:indicatorFor <https://w3id.org/rodtrad/id/20/objective/trygg> .
<https://w3id.org/rodtrad/id/20/objective/trygg> a rt:Objective ; rdfs:label "Ett tryggt län"@sv .
o:5 a rt:Observation ; rt:indicator i:stolder ; rt:place r:20 ; rt:year 2023 ; rt:value 0 .
<https://w3id.org/rodtrad/id/20/target/noll> a rt:Target ; rt:indicator i:stolder ; rt:place r:20 ; rt:year 2023 ; rt:value 0 ;
  rt:targetKind <https://w3id.org/rodtrad/scheme/target-kind/absolute> .
<https://w3id.org/rodtrad/id/20/assessment/1> a rt:Assessment ; rdfs:label "Trygghet"@sv ; rt:year 2024 ;
  rt:assesses <https://w3id.org/rodtrad/id/20/objective/trygg> ; rt:verdict <https://w3id.org/rodtrad/scheme/verdict/not-fulfilled> .
"""


@pytest.fixture(scope="module")
def figures() -> Iterator[TestClient]:
    store = ox.Store()
    store.bulk_load(vocabulary(), format=ox.RdfFormat.N_TRIPLES)
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    with TestClient(create_app(Settings(), EngineBackend(Store(None), Engine(store, 3)))) as client:
        yield client


@pytest.mark.parametrize(
    "name", ["Folkmängd", "population", "https://w3id.org/rodtrad/id/ref/indicator/folk", "N01951"]
)
def test_an_indicator_is_named_by_label_id_or_address(figures: TestClient, name: str) -> None:
    answer = figures.get("/api/v1/rollup", params={"indicator": name, "over": "region", "year": "2023"})
    (result,) = answer.json()["results"]
    assert (result["value"], result["verdict"], result["coverage"]["text"]) == (
        "573000",
        "partial",
        "2 av 21",
    )
    assert (answer.headers["x-generation"], answer.json()["generation"]) == ("3", 3)


def test_a_refusal_is_an_answer_with_its_reason_and_alternative(figures: TestClient) -> None:
    answer = figures.get("/api/v1/rollup?indicator=Medianinkomst&lang=en")
    (result,) = answer.json()["results"]
    assert (answer.status_code, result["value"], result["refusal"]["reason"]) == (200, None, "non-additive")
    assert "290000" in result["refusal"]["alternative_en"]
    assert len(result["members"]) == 2


@pytest.mark.parametrize(("form", "accept"), [("&format=ttl", "*/*"), ("", "text/turtle")])
def test_the_answer_as_turtle_is_derived_from_its_members(
    figures: TestClient, form: str, accept: str
) -> None:
    path = "/api/v1/rollup?indicator=Folkmängd&year=2023"
    answer = figures.get(path + form, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/turtle")
    derived = "http://www.w3.org/ns/prov#wasDerivedFrom"
    triples = list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE))
    members = {one.object.value.rpartition("/")[2] for one in triples if one.predicate.value == derived}
    assert members == {"1", "2"}


def test_every_format(figures: TestClient) -> None:
    path = "/api/v1/rollup?indicator=Folkmängd&format="
    assert "573000" in figures.get(path + "csv").text
    assert figures.get(path + "xlsx").content[:2] == b"PK"
    assert figures.get(path + "json").json()["over"] == ["place"]


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("indicator=Folkmängde", "unknown-parameter-value", "Folkmängd"),
        ("indicator=Folkmängd&place=99", "unknown-parameter-value", "place"),
        ("indicator=Folkmängd&year=ifjol", "bad-years", "ifjol"),
        ("indicator=Folkmängd&over=colour", "bad-axis", "colour"),
        ("indicator=Folkmängd&threshold=lagom", "bad-threshold", "lagom"),
        ("indicator=Folkmängd&of=wishes", "bad-rollup-of", "wishes"),
        ("", "value-missing", "indicator"),
    ],
)
def test_what_is_wrong_is_told_with_what_could_be_meant(
    figures: TestClient, query: str, code: str, words: str
) -> None:
    answer = figures.get(f"/api/v1/rollup?{query}")
    assert 400 <= answer.status_code < 500
    assert answer.json()["errors"][0]["code"] == code
    assert words in answer.text


def test_the_three_checks(figures: TestClient) -> None:
    found = figures.get("/api/v1/comparability?indicator=Folkmängd&indicator=Medianinkomst").json()["checks"]
    assert list(found) == ["definitional", "transversal", "longitudinal"]
    assert found["definitional"]["comparable"] is False
    assert {"units-differ", "definitions-differ"} <= {one["code"] for one in found["definitional"]["reasons"]}
    assert found["transversal"]["comparable"] is True
    assert "Prövning" in figures.get("/api/v1/comparability?indicator=Folkmängd&format=csv").text


def test_both_verdicts_on_a_target_stand_beside_each_other(figures: TestClient) -> None:
    for asked in ("objective=Ett tryggt län", "indicator=Stölder"):
        answer = figures.get(f"/api/v1/attainment?{asked}&lang=en")
        (row,) = answer.json()["targets"]
        assert (row["target"]["value"], row["computed"]["verdict"], row["computed"]["verdict_label"]) == (
            "0",
            "met",
            "met",
        )
        assert answer.headers["x-generation"] == "3"
    told = figures.get("/api/v1/attainment?objective=Ett tryggt län").json()
    assert [one["verdict"]["label"] for one in told["human"]] == ["ej uppfyllt"]
    lines = figures.get("/api/v1/attainment?objective=Ett tryggt län&format=csv").text.splitlines()
    assert (len(lines), "nått" in lines[2], "ej uppfyllt" in lines[1]) == (3, True, True)
    assert figures.get("/api/v1/attainment").json()["errors"][0]["code"] == "value-missing"
    assert figures.get("/api/v1/attainment?indicator=Stölder&format=xlsx").status_code == 406


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("Folkmängden per månad", {"year": "2026", "over": "region,breakdown"}),
        ("https://w3id.org/rodtrad/id/ref/indicator/eurostat-nama-10r-3gdp-mio-nac", {"year": "2019-2021"}),
        ("Mediannettoinkomst, kr/inv 20+", {"lang": "en"}),
    ],
)
def test_a_remote_answer_is_the_one_of_the_engine_itself(
    address: str, example_store: Store, name: str, how: dict[str, str]
) -> None:
    from rodtrad.queries.rollup import rollup

    told = remote(address, name, **how)
    asked = dict(how)
    if "year" in asked:
        asked["years"] = asked.pop("year")
    own = json.loads(rollup(example_store.engine(), name, **asked).to_json())
    assert told.pop("generation") == own.pop("generation") == 1
    assert told == own
    assert told["results"]


def test_what_the_service_refuses_is_told_to_the_analyst(address: str) -> None:
    with pytest.raises(RodtradError) as caught:
        remote(address, "finns inte")
    assert caught.value.problems[0].code == "endpoint-failed"
    assert "finns inte" in str(caught.value)
