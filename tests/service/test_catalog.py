"""The catalogue is one that a harvester takes, and what it points to is there."""

from __future__ import annotations

import pyoxigraph as ox
import pyshacl
import pytest
import zstandard
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, URIRef
from rodtrad.store import Store
from starlette.testclient import TestClient

# The mandatory properties of DCAT-AP-SE 3, with their cardinalities, as its specification gives them.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

[] a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
  [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
  [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
  [ sh:path dct:license ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dct:modified ; sh:maxCount 1 ; sh:datatype xsd:date ] ,
  [ sh:path foaf:homepage ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset ] ,
  [ sh:path dcat:service ; sh:class dcat:DataService ] .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
  [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
  [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
  [ sh:path dct:accessRights ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dcat:contactPoint ; sh:class vcard:Organization ] ,
  [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ; sh:property
  [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dct:license ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dcat:mediaType ; sh:maxCount 1 ] , [ sh:path dcat:compressFormat ; sh:maxCount 1 ] .
[] a sh:NodeShape ; sh:targetClass dcat:DataService ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
  [ sh:path dct:publisher ; sh:minCount 1 ; sh:class foaf:Agent ] ,
  [ sh:path dcat:contactPoint ; sh:minCount 1 ; sh:class vcard:Organization ] ,
  [ sh:path dcat:endpointURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] .
[] a sh:NodeShape ; sh:targetClass foaf:Agent ; sh:property
  [ sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
[] a sh:NodeShape ; sh:targetClass vcard:Organization ; sh:property
  [ sh:path vcard:fn ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
"""


@pytest.fixture(scope="module")
def catalogue(client: TestClient) -> Graph:
    answer = client.get("/catalog", headers={"accept": "text/turtle"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/turtle")
    return Graph().parse(data=answer.text, format="turtle")


def test_the_catalogue_has_what_the_profile_demands(catalogue: Graph) -> None:
    shapes = Graph().parse(data=SHAPES, format="turtle")
    conforms, _, report = pyshacl.validate(catalogue, shacl_graph=shapes)
    assert conforms, report
    nameless = catalogue + Graph()
    nameless.remove((None, DCTERMS.publisher, None))
    assert not pyshacl.validate(nameless, shacl_graph=shapes)[0]


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
