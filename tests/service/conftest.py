"""The service over the example store, and over a small store with hostile texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rodtrad import examples
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import GRAPH
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.publishing import Context, check, publish
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

from .running import Running, running

HOSTILE = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(2)>"
_RT = "https://w3id.org/rodtrad/ns/"
_ID = "https://w3id.org/rodtrad/id/rodtrad"


@pytest.fixture(scope="session")
def client(example_store: Store) -> Iterator[TestClient]:
    yield from _client(example_store)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The service as a process over a store that holds the national actors only."""
    place = tmp_path_factory.mktemp("live")
    context = Context()
    publish(Store(place / "store"), [check(path, context, "bas") for path in examples.groups()[0]], by="ref")
    with running(
        place / "store", log=place / "log", max_upload_bytes=2_000_000, query_budget_s=600, trial_budget_s=600
    ) as made:
        yield made


@pytest.fixture(scope="session")
def hostile() -> Iterator[TestClient]:
    """One activity with an output in Dalarna, every text of which is an attack."""
    store = Store(None)
    graph = str(GRAPH["rodtrad/hostile"])
    text = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    region = "<https://w3id.org/rodtrad/id/ref/region/20>"
    rdf, label = (
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
        "<http://www.w3.org/2000/01/rdf-schema#label>",
    )
    lines = [
        f"<{graph}> {rdf} <{_RT}Publication> .",
        f'<{graph}> {label} "{text}"@sv .',
        f"<{graph}> <{_RT}subject> {region} .",
    ]
    for kind in ("activity", "output"):
        lines += [
            f"<{_ID}/{kind}/x> {rdf} <{_RT}{kind.title()}> .",
            f'<{_ID}/{kind}/x> {label} "{text * 40}"@sv .',
            f'<{_ID}/{kind}/x> <{_RT}note> "{text}" .',
            f'<{_ID}/{kind}/x> <{_RT}sourceSection> "{text}" .',
            f"<{_ID}/{kind}/x> <{_RT}about> {region} .",
            f"<{_ID}/{kind}/x> <{_RT}inPublication> <{graph}> .",
        ]
    lines.append(f"<{_ID}/output/x> <{_RT}producedBy> <{_ID}/activity/x> .")
    store.set_vocabulary(vocabulary())
    store.publish(graph, "\n".join(sorted(lines)).encode() + b"\n", by="test")
    yield from _client(store)


def _client(store: Store) -> Iterator[TestClient]:
    settings = Settings(query_timeout_s=5, max_query_bytes=20_000)
    backend = StoreBackend(store, settings)
    with TestClient(
        create_app(settings, backend), raise_server_exceptions=False, follow_redirects=False
    ) as one:
        yield one
    backend.close()
