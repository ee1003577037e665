"""The W3C's tests of SPARQL 1.1 Protocol, Graph Store Protocol and Service Description, over real HTTP.

An empty instance with an administrator's token and tier ``none``, as the tests put anything anywhere.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rodtrad.store import Store

from .running import Running, running
from .w3c import Case, cases, compare, with_location

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
NOT_APPLICABLE = {
    "put_get_default": "writes the default graph, which is the computed view of all publications",
}
W3C = Path(__file__).parents[3] / "shared" / "w3c" / "sparql" / "sparql11"


def listed(folder: str, *manifests: str) -> list[Case]:
    return [
        case for name in manifests if (W3C / folder / name).exists() for case in cases(W3C / folder / name)
    ]


PROTOCOL = listed("protocol", "manifest.ttl")
STORE = listed("graph-store-protocol", "manifest-indirect.ttl", "manifest-direct.ttl")


@pytest.fixture(scope="module")
def service(tmp_path_factory, shared) -> Running:
    folder = tmp_path_factory.mktemp("w3c") / "store"
    Store(folder).publish_many([], by="test", vocabulary=b"<urn:a> <urn:b> <urn:c> .\n")
    with running(folder, default_tier="none", query_budget_s=600) as made:
        yield made


@pytest.fixture(scope="module")
def client(service: Running) -> httpx.Client:
    headers = {"Authorization": f"Bearer {service.token('--admin')}"}
    with httpx.Client(base_url=service.address, headers=headers, timeout=60) as made:
        yield made


@pytest.fixture(scope="module")
def protocol_data(client: httpx.Client) -> None:
    """The graphs that the queries of the protocol tests speak of."""
    for number in (1, 2, 3):
        put_data(client, number)


def put_data(client: httpx.Client, number: int) -> None:
    iri = f"http://kasei.us/2009/09/sparql/data/data{number}.rdf"
    data = (W3C / "protocol" / f"data{number}.nt").read_bytes()
    answer = client.put(
        "/graphs", params={"graph": iri}, content=data, headers={"Content-Type": "text/turtle"}
    )
    assert answer.status_code in (200, 201), answer.text


@pytest.mark.shared
@pytest.mark.parametrize("case", PROTOCOL, ids=lambda case: case.name)
def test_protocol(client: httpx.Client, case: Case) -> None:
    for number in (1, 2, 3):  # Some tests clear everything.
        put_data(client, number)
    for exchange in case.exchanges:
        parts = urlsplit(exchange.path)
        media = exchange.headers.get("content-type", "")
        updates = media.startswith("application/sparql-update") or b"update=" in exchange.body
        updates = updates or "update=" in parts.query
        path = ("/update" if updates else "/sparql") + (f"?{parts.query}" if parts.query else "")
        headers = dict(exchange.headers)
        if exchange.boolean is not None:
            headers["accept"] = "application/sparql-results+json"
        compare(exchange, client.request(exchange.method, path, content=exchange.body, headers=headers))


@pytest.mark.shared
@pytest.mark.parametrize("case", STORE, ids=lambda case: case.name)
def test_graph_store(client: httpx.Client, case: Case) -> None:
    if case.name in NOT_APPLICABLE:
        exchange = case.exchanges[0]
        answer = client.put("/graphs?default", content=exchange.body, headers={"Content-Type": "text/turtle"})
        assert answer.status_code == 403 and answer.json()["errors"][0]["code"] == "default-graph-computed"
        return
    for exchange in case.exchanges:  # Each test starts from a store without its graphs.
        if "$" not in exchange.path and exchange.path not in ("/gsp", "/graphs"):
            client.delete(_path(exchange.path))
    location = ""
    for exchange in case.exchanges:
        target = with_location(exchange.path, location)
        path = _path(target)
        answer = client.request(exchange.method, path, content=exchange.body, headers=exchange.headers)
        compare(exchange, answer)
        location = answer.headers.get("location", location)


def _path(target: str) -> str:
    parts = urlsplit(target)
    rest = parts.path.removeprefix("/gsp").removeprefix("/graphs")
    return "/graphs" + rest + (f"?{parts.query}" if parts.query else "")


@pytest.mark.shared
def test_service_description(client: httpx.Client) -> None:
    """The three tests: RDF is given without a query, it conforms to the schema, and it names the endpoint."""
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/turtle")
    graph = Graph().parse(data=answer.text, format="turtle")
    services = list(graph.subjects(RDF.type, SD.Service))
    assert len(services) == 1
    endpoint = graph.value(services[0], SD.endpoint)
    assert isinstance(endpoint, URIRef) and str(endpoint).endswith("/sparql")
    assert str(endpoint).startswith(str(client.base_url).rstrip("/"))
    assert (
        {SD.SPARQL11Query, SD.SPARQL11Update}
        >= set(graph.objects(services[0], SD.supportedLanguage))
        != set()
    )
    for node in graph.objects(services[0], SD.defaultDataset):
        assert (node, RDF.type, SD.Dataset) in graph
        assert graph.value(node, SD.defaultGraph) is not None
    assert set(graph.objects(services[0], SD.resultFormat))
