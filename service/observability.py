"""What the operator sees: a log line and a count per request, with nothing about people in them."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..ontology.problems import Problem, RodtradError
from ..store.gate import Lane
from .negotiation import JSON

router = APIRouter(tags=["operation"])
log = structlog.get_logger("rodtrad.requests")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
_KILLED = ("query-timeout", "query-memory", "query-crashed", "task-timeout", "task-memory", "task-crashed")


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "rodtrad_requests", "Requests.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "rodtrad_request_seconds",
            "Time to the last byte.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.running = Gauge("rodtrad_requests_running", "Requests at work.", registry=self.registry)
        self.problems = Counter(
            "rodtrad_problems", "Answers that were a problem.", ("code",), registry=self.registry
        )
        self.killed = Counter(
            "rodtrad_killed", "Queries and uploads ended at a limit.", ("code",), registry=self.registry
        )
        self.generation = Gauge("rodtrad_generation", "The generation that answers.", registry=self.registry)
        self.publications = Gauge("rodtrad_publications", "Current publications.", registry=self.registry)
        self.statements = Gauge(
            "rodtrad_statements", "Statements in current publications.", registry=self.registry
        )

    def count(self, method: str, route: str, status: int, seconds: float, problem: str) -> None:
        """Note one answered request."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)
        if problem:
            self.problems.labels(problem).inc()
        if problem in _KILLED:
            self.killed.labels(problem).inc()


class LaneFigures(Collector):
    """Queue, work and kills of each lane, as they are when they are asked for."""

    def __init__(self, look: Callable[[], Mapping[str, Lane]]) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        families = (
            GaugeMetricFamily("rodtrad_lane_running", "At work now.", labels=("lane",)),
            GaugeMetricFamily("rodtrad_lane_waiting", "Waiting for a place now.", labels=("lane",)),
            CounterMetricFamily("rodtrad_lane_killed", "Ended at a limit.", labels=("lane",)),
            CounterMetricFamily("rodtrad_lane_refused", "Turned away, no room left.", labels=("lane",)),
        )
        for name, lane in self._look().items():
            figures = (lane.running, lane.waiting, lane.killed, lane.refused)
            for family, figure in zip(families, figures, strict=True):
                family.add_metric((name,), figure)
        yield from families


class Observed:
    """Gives every request an id, counts it, and writes one line when it is answered."""

    def __init__(self, app: ASGIApp, metrics: Metrics, slow_query_s: float) -> None:
        self.app = app
        self.metrics = metrics
        self.slow_query_s = slow_query_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        given = Headers(scope=scope).get("x-request-id", "")
        state["request_id"] = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        status, size, began = 500, 0, time.monotonic()

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = state["request_id"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        self.metrics.running.inc()
        try:
            await self.app(scope, receive, noted)
        finally:
            self.metrics.running.dec()
            self._tell(scope, state, status, size, time.monotonic() - began)

    def _tell(self, scope: Scope, state: dict[str, Any], status: int, size: int, seconds: float) -> None:
        # Addresses may name people; the pattern of the route does not, and there are few of them.
        route = getattr(scope.get("route"), "path", "-")
        problem = state.get("problem", "")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.count(method, route, status, seconds, problem)
        line: dict[str, Any] = {
            "request_id": state["request_id"],
            "method": method,
            "route": route,
            "status": status,
            "seconds": round(seconds, 4),
            "bytes": size,
            "client": shortened(scope["client"][0] if scope.get("client") else ""),
        }
        if problem:
            line["problem"] = problem
        if query := state.get("query", ""):
            line["query_sha256"] = hashlib.sha256(query.encode(errors="replace")).hexdigest()
            line["query_length"] = len(query)
            if seconds > self.slow_query_s:
                line["query"] = query[:20_000]
        log.info("request", **line)


_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")


def shortened(address: str) -> str:
    """An address without the part that tells one household from another.

    >>> shortened("192.0.2.77"), shortened("2001:db8:1:2:3::4")
    ('192.0.2.0', '2001:db8:1::')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "-"
    bits = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, bits), strict=False).network_address)


_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
# Without this a line would be printed where the answers of commands stand.
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)


def log_as_json() -> None:
    """Write everything that is logged in this process to stderr, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("rodtrad").setLevel(logging.INFO)


@router.get("/metrics", summary="Counters, in the text format of Prometheus")
def metrics(request: Request) -> Response:
    """Requests by route and status, their time, what was ended at a limit, and what is published."""
    if not request.app.state.settings.metrics:
        raise RodtradError(Problem("page-not-found", values={"path": request.url.path}))
    counted: Metrics = request.app.state.metrics
    current = request.app.state.store.current()
    counted.generation.set(request.app.state.backend.generation)
    counted.publications.set(len(current.graphs))
    counted.statements.set(current.triples)
    return Response(generate_latest(counted.registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


@router.get("/readyz", summary="Whether the newest generation can be asked")
def ready(request: Request) -> Response:
    """503 while the store cannot be read, or while a newer generation than the answering one is loading."""
    newest = request.app.state.store.current().number
    answering = request.app.state.backend.generation
    if newest != answering:
        reason = f"{answering} < {newest}"
        raise RodtradError(Problem("not-ready", values={"reason": reason, "retry_after_s": 2}))
    return Response(f'{{"status": "ready", "generation": {answering}}}', media_type=JSON)
