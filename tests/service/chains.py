"""Made-up counties with chains of any size, as a service."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from rodtrad.ontology import vocabulary
from rodtrad.service.app import create_app
from rodtrad.service.backend import StoreBackend
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

from benchmarks.generate import County


def county_store(activities: int) -> tuple[Store, str]:
    """A store with one publication, and its IRI; an activity brings five more elements, or three when broken."""
    county = County("Allby län", activities, random.Random(7))
    lines = {line.replace(f" <{county.graph}> .", " .").strip() for line in county.quads()}
    store = Store(None)
    store.set_vocabulary(vocabulary())
    store.publish(county.graph, ("\n".join(sorted(lines)) + "\n").encode(), by="test")
    return store, county.graph


@contextmanager
def served(store: Store) -> Iterator[TestClient]:
    """The service over a store, in this process."""
    settings = Settings()
    backend = StoreBackend(store, settings)
    with TestClient(create_app(settings, backend)) as client:
        yield client
    backend.close()
