"""The service over the example store, and over a small store with hostile texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rodtrad import examples
from rodtrad.ontology import vocabulary
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.publishing import Context, check
from rodtrad.service.settings import Settings
from rodtrad.store import Store, Upload
from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def example_store() -> Store:
    """Everything that ships, published as one generation."""
    context, uploads = Context(), []
    for group in examples.groups():
        submissions = [check(path, context, "none") for path in group]
        for one in submissions:
            assert one.reading.graph_iri is not None
            uploads.append(Upload(str(one.reading.graph_iri), one.triples))
            context.add(one.triples)
    store = Store(None)
    store.publish_many(uploads, by="test", vocabulary=vocabulary())
    return store


@pytest.fixture(scope="session")
def client(example_store: Store) -> Iterator[TestClient]:
    settings = Settings(query_timeout_s=5, max_query_bytes=20_000)
    backend = StoreBackend(example_store, settings)
    with TestClient(create_app(settings, backend), raise_server_exceptions=False, follow_redirects=False) as one:
        yield one
    backend.close()
