"""The catalogue is one that a harvester takes, and what it points to is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import zstandard
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, Graph, Namespace, URIRef
from rodtrad.service.app import create_app
from rodtrad.service.backend import EngineBackend
from rodtrad.service.publication_days import PublicationDays
from rodtrad.service.settings import Settings
from rodtrad.store import Generation, Store
from starlette.testclient import TestClient

SHAPES = Path(__file__).parent / "dcat-ap-se.ttl"
SHACL = Namespace("http://www.w3.org/ns/shacl#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")


@pytest.fixture(scope="module")
def client(example_store: Store) -> Iterator[TestClient]:
    """The service of an operator that says where it is reached, as the profile demands."""
    settings = Settings(operator_name="Prov", contact="prov@example.org")
    with TestClient(create_app(settings, EngineBackend(example_store))) as one:
        yield one


@pytest.fixture(scope="module")
def catalogue(client: TestClient) -> Graph:
    answer = client.get("/catalog", headers={"accept": "text/turtle"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/turtle")
    return Graph().parse(data=answer.text, format="turtle")


def found(graph: Graph) -> set[tuple[str, str]]:
    """Severity and property of each finding against the profile."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))
    assert isinstance(report, Graph)
    return {
        (
            str(report.value(one, SHACL.resultSeverity)).rpartition("#")[2],
            str(report.value(one, SHACL.resultPath)),
        )
        for one in report.subjects(RDF.type, SHACL.ValidationResult)
    }


def test_the_catalogue_has_what_the_profile_demands_and_recommends(catalogue: Graph) -> None:
    assert found(catalogue) == set()


REQUIRED = [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.type, DCTERMS["format"], DCAT.accessURL, DCAT.endpointURL, FOAF.name, VCARD.fn, VCARD.hasEmail]  # fmt: skip
RECOMMENDED = [DCTERMS.issued, DCTERMS.spatial, DCTERMS.conformsTo, DCTERMS.accessRights, DCAT.keyword, DCAT.theme, DCAT.contactPoint, DCAT.themeTaxonomy, DCAT.endpointDescription, DCATAP.availability]  # fmt: skip


def test_the_check_finds_what_is_missing(catalogue: Graph) -> None:
    for properties, severity in ((REQUIRED, "Violation"), (RECOMMENDED, "Warning")):
        poorer = catalogue + Graph()
        for one in properties:
            poorer.remove((None, one, None))
        assert {str(one) for one in properties} <= {path for kind, path in found(poorer) if kind == severity}


def test_the_catalogue_is_cc0_whatever_the_data_are_under(example_store: Store) -> None:
    settings = Settings(data_license="http://creativecommons.org/licenses/by/4.0/", contact="a@example.org")
    with TestClient(create_app(settings, EngineBackend(example_store))) as client:
        graph = Graph().parse(data=client.get("/catalog.ttl").text, format="turtle")
    assert found(graph) == set()
    of_data = {graph.value(one, DCTERMS.license) for one in graph.subjects(RDF.type, DCAT.Distribution)}
    assert of_data == {URIRef(settings.data_license)}


def test_place_time_and_days_are_those_of_the_publication(catalogue: Graph, example_store: Store) -> None:
    graph = URIRef("https://w3id.org/rodtrad/graph/rodtrad/utvardering-2021-20")
    assert str(catalogue.value(graph, DCTERMS.spatial)) == "http://data.europa.eu/nuts/code/SE312"
    period = catalogue.value(graph, DCTERMS.temporal)
    years = [str(catalogue.value(period, one)) for one in (DCAT.startDate, DCAT.endDate)]
    assert years == ["2018", "2020"]
    day = example_store.generation(1).created[:10]
    assert str(catalogue.value(graph, DCTERMS.issued)) == str(catalogue.value(graph, DCTERMS.modified)) == day
    made_up = URIRef("https://w3id.org/rodtrad/id/bergslund/actor/region-bergslund")
    assert str(catalogue.value(made_up, DCTERMS.type)).endswith("/RegionalAuthority")


def test_days_are_of_the_first_and_the_last_change(monkeypatch: pytest.MonkeyPatch) -> None:
    store, days = Store(None), []
    real = Store.generation
    created = ("2026-01-02", "2026-02-03", "2026-03-04", "2026-04-05")

    def dated(self: Store, number: int) -> Generation:
        return replace(real(self, number), created=created[number - 1] + "T00:00:00.000+00:00")

    for text in ("1", "2"):
        store.publish("urn:g", f'<urn:s> <urn:p> "{text}" .\n'.encode(), by="x")
        store.publish("urn:h", f'<urn:t> <urn:p> "{text}" .\n'.encode(), by="x")
    monkeypatch.setattr(Store, "generation", dated)
    kept = PublicationDays(store)
    days = [kept.of("urn:g", number) for number in (4, 1, 2, 3)]
    assert days == [
        ("2026-01-02", "2026-03-04"),
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02", "2026-03-04"),
    ]
    assert kept.of("urn:h", 1) is None


def test_every_publication_is_in_it_with_downloads_that_are_there(
    client: TestClient, catalogue: Graph, example_store: Store
) -> None:
    datasets = {str(one) for one in catalogue.subjects(RDF.type, DCAT.Dataset)}
    assert datasets == set(example_store.current().graphs) and len(datasets) >= 25
    addresses = sorted(str(one) for one in catalogue.objects(None, DCAT.downloadURL))
    assert len(addresses) == 2 * len(datasets)
    for address in addresses[::9]:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_formats_of_the_catalogue_say_the_same(client: TestClient, catalogue: Graph) -> None:
    for suffix, form in (("nt", "nt"), ("jsonld", "json-ld"), ("ttl", "turtle")):
        answer = client.get(f"/catalog.{suffix}")
        assert set(Graph().parse(data=answer.text, format=form)) == set(catalogue), suffix
        assert (
            client.get(f"/catalog.{suffix}", headers={"if-none-match": answer.headers["etag"]}).status_code
            == 304
        )
    assert client.get("/catalog", headers={"accept": "image/png"}).status_code == 406


def test_void_counts_what_is_there(client: TestClient, example_store: Store) -> None:
    graph = Graph().parse(data=client.get("/.well-known/void").text, format="turtle")
    whole = next(graph.subjects(VOID.sparqlEndpoint, None))
    current = example_store.current()
    assert int(graph.value(whole, VOID.triples)) == current.triples  # type: ignore[arg-type]
    assert {str(one) for one in graph.objects(whole, VOID.subset)} == set(current.graphs)
    lessons = next(graph.subjects(VOID["class"], URIRef("https://w3id.org/rodtrad/ns/Lesson")))
    query = "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT (COUNT(?l) AS ?n) WHERE { ?l a rt:Lesson }"
    counted = example_store.engine().rows(query)[0]["n"]
    assert graph.value(lessons, VOID.entities).toPython() == int(counted.value)  # type: ignore[union-attr]


def unpacked(client: TestClient, name: str) -> bytes:
    answer = client.get(f"/dumps/{name}.zst")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zstd"
    with zstandard.ZstdDecompressor().stream_reader(answer.content) as reader:
        return reader.read()


def test_downloads_hold_what_the_ledger_holds(client: TestClient, example_store: Store) -> None:
    everything = unpacked(client, "current.nq")
    quads = set(ox.parse(everything, ox.RdfFormat.N_QUADS))
    graphs = [*example_store.current().graphs, *example_store.computed_graphs()]
    assert len(quads) == sum(example_store.graph(one).count(b"\n") for one in graphs)
    assert {one.graph_name.value for one in quads} == set(graphs)  # type: ignore[union-attr]
    name = "rodtrad/utvardering-2021-20"
    graph = f"https://w3id.org/rodtrad/graph/{name}"
    one = {quad.triple for quad in ox.parse(unpacked(client, name + ".ttl"), ox.RdfFormat.TURTLE)}
    assert one == {quad.triple for quad in ox.parse(example_store.graph(graph), ox.RdfFormat.N_TRIPLES)}
    assert {quad.triple for quad in ox.parse(unpacked(client, "current.ttl"), ox.RdfFormat.TURTLE)} == {quad.triple for quad in quads}  # fmt: skip


def test_a_download_is_kept_by_its_tag(client: TestClient) -> None:
    tag = client.get("/dumps/current.nq.zst").headers["etag"]
    assert client.get("/dumps/current.nq.zst", headers={"if-none-match": tag}).status_code == 304
    assert client.get("/dumps/current.ttl.zst", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    "name", ["", "current.nq", "current.hdt.zst", "20/none.nq.zst", "../head", "%2e%2e/head.nq.zst"]
)
def test_what_is_no_download_is_404(client: TestClient, name: str) -> None:
    assert client.get(f"/dumps/{name}").status_code == 404
