"""What every answer says to the browser, and how large a request may be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


_READ_BY_POST = "/sparql"
_ALLOWED_HEADERS = "Accept, Accept-Language, Content-Type, If-None-Match, X-Request-ID"
_EXPOSED_HEADERS = "ETag, Link, Location, Retry-After, X-Generation, X-Request-ID"


class SecurityHeaders:
    """Adds the headers above to every answer, errors included, and lets every page of the web read here.

    Reading from anywhere is without credentials; writing from a page of another site is not let through.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = Headers(scope=scope).get("access-control-request-method", "")
        if scope["method"] == "OPTIONS" and wanted:
            await _preflight(scope, wanted)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if _is_reading(scope["method"], scope["path"]):
                    headers["Access-Control-Allow-Origin"] = "*"
                    headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS
            await send(message)

        await self.app(scope, receive, with_headers)


def _is_reading(method: str, path: str) -> bool:
    return method in ("GET", "HEAD") or (method == "POST" and path == _READ_BY_POST)


def _preflight(scope: Scope, wanted: str) -> Response:
    if not _is_reading(wanted, scope["path"]):
        return Response(status_code=403, headers=HEADERS)
    methods = "GET, HEAD, POST" if scope["path"] == _READ_BY_POST else "GET, HEAD"
    headers = {
        **HEADERS,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
        "Access-Control-Max-Age": "86400",
        "Vary": "Access-Control-Request-Method",
    }
    return Response(status_code=204, headers=headers)


class BodyTooLarge(Exception):
    """The body went over the limit, which is the argument, while it was being read."""


class BodyTooSlow(Exception):
    """The body was not there in time; the argument is the limit in seconds."""


class BodyLimit:
    """Stops a request whose body is larger than the limit, also when its length was not declared, or late."""

    def __init__(
        self, app: ASGIApp, limit_bytes: int, larger: Mapping[str, int], time_s: float = 60.0
    ) -> None:
        """``larger`` gives the limit of paths that begin so; ``time_s`` is for the whole body."""
        self.app = app
        self.time_s = time_s
        self.limit_bytes = limit_bytes
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = next(
            (size for path, size in self.larger.items() if scope["path"].startswith(path)), self.limit_bytes
        )
        declared = Headers(scope=scope).get("content-length", "")
        too_large = declared.isdigit() and int(declared) > limit
        read, whole, deadline = 0, False, time.monotonic() + self.time_s

        async def counted() -> Message:
            nonlocal read, whole
            if too_large:
                raise BodyTooLarge(limit)
            if whole:
                return await receive()  # From here on only a hang-up is waited for.
            try:
                message = await asyncio.wait_for(receive(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise BodyTooSlow(self.time_s) from None
            whole = not message.get("more_body", False)
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyTooLarge(limit)
            return message

        await self.app(scope, counted, send)
