"""One request to the application, answered in this process."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote, urlsplit

from fastapi import FastAPI

_REDIRECTS = 5


def request(app: FastAPI, path: str, accept: str = "*/*") -> tuple[int, bytes]:
    """GET ``path`` (with its query string) and return the status and the body, where it is led to."""
    status, body, location = _once(app, path, accept)
    for _ in range(_REDIRECTS):
        target = urlsplit(location)
        if not 300 <= status < 400 or not location or target.netloc not in ("", "localhost"):
            break
        path = target.path + (f"?{target.query}" if target.query else "")
        status, body, location = _once(app, path, accept)
    return status, body


def _once(app: FastAPI, path: str, accept: str) -> tuple[int, bytes, str]:
    parts = urlsplit(path)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", accept.encode())],
        "client": ("127.0.0.1", 0),
        "server": ("localhost", 80),
    }
    status, body, location = 0, bytearray(), ""

    asked = False

    async def receive() -> MutableMapping[str, Any]:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # This asker never hangs up.
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, location
        if message["type"] == "http.response.start":
            status = message["status"]
            location = dict(message["headers"]).get(b"location", b"").decode()
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    # A thread of its own, since the caller may already be inside an event loop.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, app(scope, receive, send)).result()  # type: ignore[arg-type]
    return status, bytes(body), location
