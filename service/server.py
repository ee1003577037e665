"""The service as a process."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..store import Store
from .app import create_app
from .backend import backend_for
from .observability import log_as_json
from .settings import Settings

_MAX_HEAD_BYTES = 64 * 1024
_MAX_DRAINED_BYTES = 64 * 1024 * 1024
"""What is still taken of a body after its answer, so that a slow reader of answers gets to see it."""
_GRACE_S = 10
"""What is being answered when the process is told to end has this long."""


class PatientNoLonger(H11Protocol):
    """HTTP/1.1 that closes a connection on which the head of a request is not there in time."""

    def __init__(self, *given: Any, header_timeout_s: float, **named: Any) -> None:
        super().__init__(*given, **named)
        self._header_timeout_s = header_timeout_s
        self._late: asyncio.TimerHandle | None = None
        self._drained = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        answered = self.cycle is not None and self.cycle.response_complete
        draining = answered and self.conn.their_state is h11.SEND_BODY
        self._drained = self._drained + len(data) if draining else 0
        if self._drained > _MAX_DRAINED_BYTES:
            self.transport.close()
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._late is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._late = self.loop.call_later(self._header_timeout_s, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()


def serve(store: Store, host: str, port: int) -> None:
    """Answer over HTTP until stopped; the index is ready before the first request is taken."""
    settings = Settings()
    log_as_json()
    with backend_for(store, settings) as backend:
        _ = backend.generation
        uvicorn.run(
            create_app(settings, backend),
            host=host,
            port=port,
            http=partial(PatientNoLonger, header_timeout_s=settings.header_timeout_s),  # type: ignore[arg-type]
            log_config=None,
            access_log=False,
            server_header=False,
            h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
            timeout_graceful_shutdown=_GRACE_S,
        )
