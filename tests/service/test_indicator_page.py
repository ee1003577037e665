"""The page of an indicator: what is drawn is what was measured, and a line never says more than that."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import rodtrad.examples
from rdflib import Graph, URIRef
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import GRAPH, RT
from rodtrad.service.app import create_app
from rodtrad.service.backend import EngineBackend
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

REF = "/id/ref/indicator"
GDP = f"{REF}/eurostat-nama-10r-3gdp-eur-hab"
DALARNA = "/id/rodtrad/indicator/20-ds-utslapp-av-klimatpaverkande-vaxthusgaser"
BASE = "https://w3id.org/rodtrad"
_EXAMPLES = Path(rodtrad.examples.__file__).parent

MEASURED = """
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix kind: <https://w3id.org/rodtrad/scheme/measure-kind/> .
@prefix id: <https://w3id.org/rodtrad/id/20/> .
<https://w3id.org/rodtrad/graph/20/series> a rt:Publication ; rdfs:label "Serie"@sv ;
  rt:subject <https://w3id.org/rodtrad/id/ref/region/20> .
<https://w3id.org/rodtrad/id/20/indicator/x> a rt:Indicator ; rdfs:label "Andel <b>i</b> arbete"@sv ;
  rt:unit "procent" ; rt:measureKind kind:share ;
  rt:direction <https://w3id.org/rodtrad/scheme/direction/higher> ;
  rt:inPublication <https://w3id.org/rodtrad/graph/20/series> .
<https://w3id.org/rodtrad/id/20/version/a> a rt:IndicatorVersion ; rdfs:label "Gammal"@sv ;
  rt:versionOf <https://w3id.org/rodtrad/id/20/indicator/x> ;
  rt:validFrom "2010-01-01"^^xsd:date ; rt:validTo "2018-12-31"^^xsd:date .
<https://w3id.org/rodtrad/id/20/version/b> a rt:IndicatorVersion ; rdfs:label "Ny"@sv ;
  rt:versionOf <https://w3id.org/rodtrad/id/20/indicator/x> ;
  rt:validFrom "2019-01-01"^^xsd:date ; rt:breakWithPrevious true .
"""
ROWS = [(2015, 50), (2016, 51), (2017, None), (2018, 53), (2019, 60), (2020, 61), (2022, 63), (2023, 64)]


@pytest.fixture(scope="module")
def series() -> Iterator[TestClient]:
    """One indicator of Dalarna: suppressed in 2017, another definition from 2019, nothing at all for 2021."""
    text = MEASURED
    for year, value in ROWS:
        status = "final" if value else "suppressed"
        text += f"<{BASE}/id/20/observation/{year}> a rt:Observation ; rt:year {year} ; "
        text += f"rt:indicator <{BASE}/id/20/indicator/x> ; "
        text += f"rt:observationStatus <{BASE}/scheme/observation-status/{status}> ; "
        text += f"rt:value {value}.0 ; " if value else ""
        text += f"rt:inPublication <{BASE}/graph/20/series> .\n"
    text += f"<{BASE}/id/20/target/t> a rt:Target ; rt:indicator <{BASE}/id/20/indicator/x> ; "
    text += f"rt:targetKind <{BASE}/scheme/target-kind/absolute> ; rt:value 70.0 ; rt:year 2030 ; "
    text += f"rt:place <{BASE}/id/ref/region/20> ; rt:inPublication <{BASE}/graph/20/series> .\n"
    lines = Graph().parse(data=text, format="turtle").serialize(format="nt").splitlines()
    store = Store(None)
    store.set_vocabulary(vocabulary())
    body = "\n".join(sorted({line for line in lines if line})).encode() + b"\n"
    store.publish(str(GRAPH["20/series"]), body, by="test")
    with TestClient(create_app(Settings(), EngineBackend(store)), follow_redirects=False) as one:
        yield one


def runs(picture: str) -> list[int]:
    """How many values each line joins."""
    return [len(points.split()) for points in re.findall(r'<polyline class="line" points="([^"]+)"', picture)]


def pictures(page: str) -> list[str]:
    return re.findall(r'<svg class="series" .*?</svg>', page)


def test_no_line_crosses_a_gap_or_a_break(series: TestClient) -> None:
    (picture,) = pictures(series.get("/id/20/indicator/x.html").text)
    # 2015-2016 | 2017 suppressed | 2018 alone, then the break | 2019-2020 | 2021 absent | 2022-2023
    assert runs(picture) == [2, 2, 2]
    assert picture.count('class="dot is-final"') == 7
    assert picture.count('class="gone"') == 1
    assert "2017: " in picture
    upright = re.findall(r'class="break" d="M([\d.]+) ', picture)
    assert len(upright) == 1
    line = re.findall(r'<polyline class="line" points="([^"]+)"', picture)
    crossed = [
        one
        for one in line
        if float(one.split(",")[0]) < float(upright[0]) < float(one.split()[-1].split(",")[0])
    ]
    assert crossed == []
    assert "brott 2019" in picture


def test_the_break_and_its_reason_stand_in_words_too(series: TestClient) -> None:
    page = series.get("/id/20/indicator/x.html").text
    assert re.search(r'<th scope="row">2019 <span class="mark">brott</span>', page)
    over_time = page.split("Över tid</dt>")[1].split("</div>")[0]
    assert "<strong>Nej</strong>" in over_time
    assert "2019" in over_time
    between = page.split("Mellan platser</dt>")[1].split("</div>")[0]
    assert "inget att jämföra" in between


def test_the_table_says_the_same_as_the_picture(series: TestClient) -> None:
    page = series.get("/id/20/indicator/x.html").text
    table = page.split('id="series-table"')[1].split("</table>")[0]
    cells = re.findall(
        r'<th scope="row">(\d{4}).*?</th><td class="number">\s*(.*?)\s*</td>', table, re.DOTALL
    )
    assert {int(year) for year, _ in cells} == {year for year, _ in ROWS}
    assert dict(cells)["2023"] == "64"
    assert "skyddad" in dict(cells)["2017"]


def test_a_target_is_a_mark_and_words_and_no_part_of_the_line(series: TestClient) -> None:
    page = series.get("/id/20/indicator/x.html").text
    (picture,) = pictures(page)
    assert picture.count('class="mark is-target"') == 1
    assert "mål 2030: 70" in picture
    assert "utfall" not in page.lower()
    assert "Räknat" in page
    assert "Bedömt av människor" in page


def test_hostile_names_are_shown_as_text(series: TestClient) -> None:
    page = series.get("/id/20/indicator/x.html").text
    assert "<b>i</b>" not in page
    picture = series.get("/series", params={"iri": f"{BASE}/id/20/indicator/x", "format": "svg"})
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<b>" not in picture.text
    assert runs(picture.text) == [2, 2, 2]


def test_the_file_holds_every_value_and_an_empty_cell_where_there_is_none(series: TestClient) -> None:
    body = series.get("/series", params={"iri": f"{BASE}/id/20/indicator/x"}).text.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [(int(row["Tid"]), row["Mätvärde"]) for row in rows] == [
        (year, f"{value}" if value else "") for year, value in ROWS
    ]
    assert [row["Tid"] for row in rows if row["Bryter serien"]] == ["2019"]


def test_regions_stand_in_the_order_of_their_codes_with_the_published_values(client: TestClient) -> None:
    graph = Graph()
    for path in (_EXAMPLES / "statistics" / "eurostat-nama-10r-3gdp").glob("*.ttl"):
        graph.parse(path)
    wanted: dict[tuple[str, str], Decimal] = {}
    for one in graph.subjects(URIRef(RT + "indicator"), URIRef(BASE + GDP)):
        place, year = graph.value(one, URIRef(RT + "place")), graph.value(one, URIRef(RT + "year"))
        wanted[str(place), str(year)] = Decimal(str(graph.value(one, URIRef(RT + "value"))))
    body = client.get("/series", params={"iri": BASE + GDP, "lang": "en"}).text.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert len(rows) == len(wanted) == 66
    assert sorted(Decimal(row["Measured value"]) for row in rows) == sorted(wanted.values())
    page = client.get(GDP + ".html").text
    table = page.split('id="series-table"')[1].split("</table>")[0]
    codes = re.findall(r'<th scope="row"><a href="/id/ref/(?:region|country)/(\w+)', table)
    assert codes == ["SE", *sorted({key[0][-2:] for key in wanted} - {"SE"})]
    assert len(pictures(page)) == 22
    dalarna = [
        f"{wanted[f'{BASE}/id/ref/region/20', year]:,}".replace(",", "\u00a0") for year in ("2019", "2021")
    ]
    row = table.split("/id/ref/region/20")[1].split("</tr>")[0]
    assert all(value.removesuffix(".0") in row for value in dalarna)


def test_the_climate_of_dalarna_has_its_series_its_target_and_both_verdicts(client: TestClient) -> None:
    page = client.get(DALARNA + ".html", params={"lang": "sv"}).text
    (picture,) = pictures(page)
    assert runs(picture) == [13]
    assert "mål 2045: 1,25" in picture
    verdicts = page.split('id="attained"')[1].split("</section>")[0]
    assert "ännu inte nått" in verdicts
    assert "försämrad" in verdicts or "negativ" in verdicts


def test_all_indicators_of_the_strategy_answer(client: TestClient) -> None:
    found = client.get(
        "/sparql",
        params={
            "query": "SELECT ?i WHERE { ?i a <https://w3id.org/rodtrad/ns/Indicator> FILTER(STRSTARTS(STR(?i),"
            ' "https://w3id.org/rodtrad/id/rodtrad/indicator/20-ds-")) } ORDER BY ?i'
        },
        headers={"Accept": "application/sparql-results+json"},
    ).json()["results"]["bindings"]
    # 37 are named in Dalastrategin and 8 in the energy and climate strategy.
    assert len(found) == 45
    for row in found:
        path = row["i"]["value"].removeprefix(BASE)
        page = client.get(path + ".html", params={"lang": "sv"})
        assert page.status_code == 200
        assert ("Inga mätvärden finns här" in page.text) == (path != DALARNA)


def test_a_breakdown_is_chosen_by_its_name(client: TestClient) -> None:
    address = f"{REF}/scb-tab6471-000007sf.html"
    page = client.get(address).text
    keys = re.findall(r'<option value="([^"]+)"', page)
    assert len(keys) == len(set(keys)) == 33
    wanted = next(key for key in keys if "women" in key)
    chosen = client.get(address, params={"group": wanted}).text
    assert f'<option value="{wanted}" selected' in chosen
    assert chosen.split('id="series-table"')[1] != page.split('id="series-table"')[1]
