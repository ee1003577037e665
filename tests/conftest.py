"""What every test may use."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
import uvicorn
from rodtrad import examples
from rodtrad.loader import References, ntriples, read
from rodtrad.ontology import vocabulary
from rodtrad.service.app import create_app
from rodtrad.service.backend import backend_for
from rodtrad.service.settings import Settings
from rodtrad.store import Store, Upload

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def lacking() -> Callable[[str], NoReturn]:
    """Called with what this machine lacks: the test is skipped, or fails where CI=true."""

    def tell(reason: str) -> NoReturn:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)

    return tell


@pytest.fixture(scope="session")
def shared(lacking: Callable[[str], NoReturn]) -> Path:
    """The folder of facts beside the project."""
    if not SHARED.is_dir():
        lacking(f"{SHARED} is missing")
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


@contextmanager
def listening(store: Store) -> Iterator[str]:
    """The service over a store, on a free port of this machine; gives its address."""
    settings = Settings()
    with backend_for(store, settings) as backend:
        config = uvicorn.Config(create_app(settings, backend), host="127.0.0.1", port=0, log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def address(example_store: Store) -> Iterator[str]:
    """Where the service answers, on a free port of this machine."""
    with listening(example_store) as found:
        yield found
