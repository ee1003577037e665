"""The service as a process."""

from __future__ import annotations

import uvicorn

from ..store import Store
from .app import create_app
from .backend import backend_for
from .settings import Settings


def serve(store: Store, host: str, port: int) -> None:
    """Answer over HTTP until stopped; the index is ready before the first request is taken."""
    settings = Settings()
    with backend_for(store, settings) as backend:
        _ = backend.generation
        uvicorn.run(
            create_app(settings, backend),
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
