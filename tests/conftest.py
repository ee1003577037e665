"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rodtrad import examples
from rodtrad.loader import References, ntriples, read
from rodtrad.ontology import vocabulary
from rodtrad.store import Store, Upload

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of facts beside the project: without it a test is skipped, or fails where CI=true."""
    if not SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{SHARED} is missing")
        pytest.skip(f"{SHARED} is missing")
    return SHARED


@pytest.fixture(scope="session")
def example_store() -> Store:
    """Everything that ships, read and published as one generation; validation has tests of its own."""
    parts, uploads = [vocabulary()], []
    for group in examples.groups():
        references = References.from_ntriples(*parts)
        for path in group:
            reading = read([path], references)
            assert reading.ok and reading.graph_iri is not None, (path, reading.problems[:3])
            uploads.append(Upload(str(reading.graph_iri), ntriples(reading.graph)))
        parts += [one.data for one in uploads[len(parts) - 1 :]]
    store = Store(None)
    store.publish_many(uploads, by="test", vocabulary=vocabulary())
    return store
