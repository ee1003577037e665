"""Requests made from the OpenAPI description, likely and unlikely ones: none is answered in the 500s."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx

from .running import Running

DEEP = os.environ.get("RODTRAD_DEEP") == "1"
CASES = 5_000 if DEEP else 300


def test_no_made_up_request_is_answered_in_the_500s(
    live: Running, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    operations = sum(
        len(set(methods) & {"get", "put", "post", "delete"})
        for methods in httpx.get(live.address + "/openapi.json").json()["paths"].values()
    )
    each = 2 * CASES // operations + 1
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        live.address + "/openapi.json",
        "--checks=not_a_server_error,response_schema_conformance,content_type_conformance",
        "--mode=all",
        "--phases=fuzzing",
        f"--max-examples={each}",
        "--seed=20",
        "--request-timeout=60",
        "--suppress-health-check=all",
        "--no-color",
        f"--report-ndjson-path={tmp_path / 'events.ndjson'}",
        "--header",
        f"Authorization: Bearer {live.token('--publisher', '21')}",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, timeout=3000 if DEEP else 900
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told[-6000:]
    counted = re.search(r"(\d+) generated", told)
    assert counted and int(counted[1]) >= CASES, told[-1500:]
    record_property("cases", int(counted[1]))
    assert httpx.get(live.address + "/healthz").status_code == 200


def test_every_route_is_described(live: Running) -> None:
    description = httpx.get(live.address + "/openapi.json").json()
    assert json.dumps(description)
    for path in (
        "/sparql",
        "/graphs",
        "/update",
        "/catalog",
        "/dumps/{name}",
        "/metrics",
        "/readyz",
        "/id/{path}",
    ):
        assert path in description["paths"], path
    body = description["paths"]["/graphs"]["put"]["requestBody"]["content"]
    assert {"text/turtle", "application/ld+json", "application/zip"} <= set(body)
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            problem = operation["responses"]["4XX"]["content"]["application/problem+json"]["schema"]
            assert problem["$ref"].endswith("/Problem"), (path, method)
            assert operation["summary"], (path, method)
    assert {"type", "title", "status", "detail"} <= set(
        description["components"]["schemas"]["Problem"]["required"]
    )
