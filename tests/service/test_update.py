"""SPARQL update for administrators: tried on a copy, then published as by PUT; clients of others' making."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import httpx2 as httpx
import pytest
from rdflib import RDFS, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import JSON, POST, SPARQLWrapper

from .datasets import activity, graph_of, turtle
from .running import Running

UPDATE = {"Content-Type": "application/sparql-update"}
G = "urn:example:uppdatering"


@pytest.fixture(scope="module")
def secret(live: Running) -> str:
    return live.token("--admin")


@pytest.fixture(scope="module")
def client(live: Running, secret: str) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=live.address, headers={"Authorization": f"Bearer {secret}"}, timeout=120
    ) as made:
        yield made


def update(client: httpx.Client, text: str, tier: str = "none") -> httpx.Response:
    return client.post("/update", params={"tier": tier}, content=text, headers=UPDATE)


def generation(client: httpx.Client) -> int:
    return client.get("/healthz").json()["generation"]


def ask(client: httpx.Client, pattern: str) -> bool:
    found = client.get(
        "/sparql", params={"query": f"ASK {{ {pattern} }}"}, headers={"Accept": "application/json"}
    )
    return found.json()["boolean"]


def code(answer: httpx.Response) -> str:
    return answer.json()["errors"][0]["code"]


def test_an_update_is_a_generation_and_nothing_is_none(client: httpx.Client) -> None:
    before = generation(client)
    answer = update(client, f"INSERT DATA {{ GRAPH <{G}> {{ <urn:a> <urn:b> 1, 2 }} }}")
    assert answer.status_code == 200 and answer.json() | {"changed": [G]} == answer.json(), answer.text
    assert generation(client) == before + 1 and ask(client, f"GRAPH <{G}> {{ <urn:a> <urn:b> 2 }}")
    assert ask(client, "<urn:a> <urn:b> 2")  # The merged view follows.
    for nothing in (
        f"INSERT DATA {{ GRAPH <{G}> {{ <urn:a> <urn:b> 1 }} }}",
        "DELETE WHERE { GRAPH <urn:none> { ?s ?p ?o } }",
        f"DELETE DATA {{ GRAPH <{G}> {{ <urn:a> <urn:b> 2 }} }} ; INSERT DATA {{ GRAPH <{G}> {{ <urn:a> <urn:b> 2 }} }}",
    ):
        assert update(client, nothing).json()["generation"] == before + 1, nothing
    assert generation(client) == before + 1


def test_several_operations_are_one_generation_or_none(client: httpx.Client) -> None:
    before = generation(client)
    broken = f"INSERT DATA {{ GRAPH <{G}/1> {{ <urn:x> <urn:b> 1 }} }} ; INSERT DATA {{ <urn:x> <urn:b> 1 }}"
    assert update(client, broken).status_code == 403
    assert generation(client) == before and not ask(client, "<urn:x> <urn:b> 1")
    both = f"INSERT DATA {{ GRAPH <{G}/1> {{ <urn:x> <urn:b> 1 }} }} ; INSERT DATA {{ GRAPH <{G}/2> {{ <urn:x> <urn:b> 2 }} }}"
    assert update(client, both).json()["generation"] == before + 1


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("INSERT DATA { <urn:a> <urn:b> 9 }", 403, "default-graph-computed"),
        ("DELETE WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o }", 403, "default-graph-computed"),
        ("LOAD <http://127.0.0.1:{port}/x> INTO GRAPH <urn:y>", 400, "query-load-refused"),
        ("LOAD SILENT <http://127.0.0.1:{port}/x>", 400, "query-load-refused"),
        ("INSERT { GRAPH <urn:y> { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1:{port}/> { ?s ?p ?o } }", 400, "query-service-refused"),
        ("INSERT { GRAPH <urn:y> { ?s ?p ?o } } WHERE { SERVICE SILENT ?u { ?s ?p ?o } }", 400, "query-service-refused"),
        ("INSERT DATA { GRAPH <https://w3id.org/rodtrad/graph/vocabulary> { <urn:a> <urn:b> 1 } }", 400, "graph-reserved"),
        ("INSERT DATA { GRAPH <https://w3id.org/rodtrad/graph/derived> { <urn:a> <urn:b> 1 } }", 400, "graph-reserved"),
        ("INSERT DATA { GRAPH <urn:y> {", 400, "update-unclear"),
        ("SELECT * WHERE { ?s ?p ?o }", 400, "update-unclear"),
    ],
)  # fmt: skip
def test_what_an_update_may_not_do(client: httpx.Client, text: str, status: int, reason: str) -> None:
    with canary() as (port, calls):
        before = generation(client)
        answer = update(client, text.replace("{port}", str(port)))
        assert answer.status_code == status, answer.text
        assert code(answer) == reason, answer.text
        assert generation(client) == before and calls == []


class canary:
    """A server that notes who calls."""

    def __enter__(self) -> tuple[int, list[bytes]]:
        self.wire, self.calls = socket.create_server(("127.0.0.1", 0)), []
        threading.Thread(target=self._serve, daemon=True).start()
        return self.wire.getsockname()[1], self.calls

    def _serve(self) -> None:
        try:
            while True:
                self.wire.accept()
                self.calls.append(b"called")
        except OSError:
            pass

    def __exit__(self, *_: object) -> None:
        self.wire.close()


def test_graphs_that_an_update_changes_are_judged(client: httpx.Client) -> None:
    sent = client.put(
        "/graphs",
        params={"graph": graph_of("upp")},
        content=turtle("upp", "u1"),
        headers={"Content-Type": "text/turtle"},
    )
    assert sent.status_code == 201, sent.text
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    graph, one = graph_of("upp"), f"<{activity('u1')}>"
    refused = update(client, f"DELETE WHERE {{ GRAPH <{graph}> {{ {one} {label} ?l }} }}", tier="bas")
    assert refused.status_code == 422 and refused.json()["report"]["blocks"] is True
    assert ask(client, f"GRAPH <{graph}> {{ {one} {label} 'u1'@sv }}")
    renamed = f"DELETE {{ GRAPH <{graph}> {{ {one} {label} ?l }} }} INSERT {{ GRAPH <{graph}> {{ {one} {label} 'nytt'@sv }} }} WHERE {{ GRAPH <{graph}> {{ {one} {label} ?l }} }}"
    assert update(client, renamed, tier="bas").status_code == 200
    assert ask(client, f"{one} {label} 'nytt'@sv")
    client.delete("/graphs", params={"graph": graph})


def test_the_protocol_of_updates(client: httpx.Client) -> None:
    text = f"INSERT DATA {{ GRAPH <{G}/form> {{ <urn:f> <urn:b> 1 }} }}"
    form = client.post("/update?tier=none", data={"update": text})
    assert form.status_code == 200 and ask(client, "<urn:f> <urn:b> 1")
    assert client.post("/update?tier=none", data={"update": [text, text]}).status_code == 400
    assert (
        client.post("/update?tier=none", content=text, headers={"Content-Type": "text/plain"}).status_code
        == 415
    )
    assert client.get("/update", params={"update": text}).status_code == 405
    gzip = {**UPDATE, "Content-Encoding": "gzip"}
    assert client.post("/update?tier=none", content=text, headers=gzip).status_code == 415


def test_rdflib_reads_and_writes(live: Running, client: httpx.Client, secret: str) -> None:
    """It has no way to name a tier, so what it writes is judged at the usual one."""
    name = URIRef(graph_of("rdflib"))
    sent = client.put(
        "/graphs",
        params={"graph": name},
        content=turtle("rdflib", "r1"),
        headers={"Content-Type": "text/turtle"},
    )
    assert sent.status_code == 201, sent.text
    store = SPARQLUpdateStore(
        live.address + "/sparql",
        live.address + "/update",
        headers={"Authorization": f"Bearer {secret}"},
        autocommit=True,
    )
    graph, one = Graph(store, identifier=name), URIRef(activity("r1"))
    graph.add((one, RDFS.label, Literal("ett", lang="en")))
    assert set(graph.objects(one, RDFS.label)) == {Literal("r1", lang="sv"), Literal("ett", lang="en")}
    reader = Graph(SPARQLStore(live.address + "/sparql"), identifier=name)
    assert len(reader) == sent.json()["statements"] + 1
    graph.remove((one, RDFS.label, Literal("ett", lang="en")))
    assert len(reader) == sent.json()["statements"]
    client.delete("/graphs", params={"graph": name})


def test_sparqlwrapper_writes(live: Running, secret: str) -> None:
    writer = SPARQLWrapper(live.address + "/update?tier=none")
    writer.addCustomHttpHeader("Authorization", f"Bearer {secret}")
    writer.setMethod(POST)
    writer.setQuery(f"INSERT DATA {{ GRAPH <{G}/w> {{ <urn:w> <urn:b> 7 }} }}")
    writer.query()
    reader = SPARQLWrapper(live.address + "/sparql")
    reader.setReturnFormat(JSON)
    reader.setQuery(f"SELECT ?o WHERE {{ GRAPH <{G}/w> {{ <urn:w> <urn:b> ?o }} }}")
    rows = reader.queryAndConvert()["results"]["bindings"]
    assert [row["o"]["value"] for row in rows] == ["7"]
