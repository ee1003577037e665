"""What the operator has: logs, counters, readiness, an orderly end, and a true list of settings."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from pathlib import Path

import httpx2 as httpx
from rodtrad.service.cli import app
from rodtrad.service.observability import shortened
from rodtrad.service.settings import Settings
from rodtrad.service.settings_reference import reference
from rodtrad.store import Store
from typer.testing import CliRunner

from .running import Running, running

ROOT = Path(__file__).parents[2]
QUERY = "SELECT (COUNT(*) AS ?hemlig) WHERE { ?s ?p ?o }"


def lines(service: Running) -> list[dict]:
    assert service.log is not None
    return [json.loads(line) for line in service.log.read_text("utf-8").splitlines() if line.startswith("{")]


def test_one_line_a_request_with_its_id_and_nothing_about_people(live: Running) -> None:
    secret = "rtr_" + "z" * 43
    answer = httpx.get(
        live.address + "/sparql",
        params={"query": QUERY},
        headers={"X-Request-ID": "min-1", "Authorization": f"Bearer {secret}"},
    )
    assert answer.headers["x-request-id"] == "min-1"
    httpx.put(
        live.address + "/graphs/20/x",
        content=b"",
        headers={"X-Request-ID": "min-2", "Authorization": f"Bearer {secret}"},
    )
    httpx.get(live.address + "/id/20/person/anna-andersson", headers={"X-Request-ID": "min-3"})
    forged = httpx.get(live.address + "/healthz", headers={"X-Request-ID": 'x" , "status": 200'})
    assert re.fullmatch(r"[0-9a-f]{16}", forged.headers["x-request-id"])
    time.sleep(0.3)
    found = {line["request_id"]: line for line in lines(live) if line.get("event") == "request"}
    asked = found["min-1"]
    assert (asked["route"], asked["status"], asked["client"]) == ("/sparql", 200, "127.0.0.0")
    assert asked["query_length"] == len(QUERY) and len(asked["query_sha256"]) == 64 and "query" not in asked
    assert found["min-2"]["status"] == 401 and found["min-2"]["problem"] == "token-invalid"
    assert found["min-3"]["route"] == "/id/{path:path}"
    told = live.log.read_text("utf-8")  # type: ignore[union-attr]
    assert secret not in told and "hemlig" not in told and "anna" not in told


def test_addresses_are_shortened() -> None:
    assert shortened("192.0.2.77") == "192.0.2.0"
    assert shortened("2001:db8:1:2:3::4") == "2001:db8:1::"
    assert shortened("unix:") == "-"


def test_counters_follow(live: Running) -> None:
    def value(name: str) -> float:
        text = httpx.get(live.address + "/metrics").text
        found = re.search(rf"^{re.escape(name)} ([0-9.e+]+)$", text, re.M)
        return float(found[1]) if found else 0.0

    asked = 'rodtrad_requests_total{method="GET",route="/sparql",status="400"}'
    refused = 'rodtrad_problems_total{code="query-syntax"}'
    before = value(asked), value(refused)
    httpx.get(live.address + "/sparql", params={"query": "SELECT"}, headers={"Accept": "application/json"})
    assert (value(asked), value(refused)) == (before[0] + 1, before[1] + 1)
    assert value("rodtrad_generation") == httpx.get(live.address + "/healthz").json()["generation"]
    assert value("rodtrad_publications") >= 1 and value("rodtrad_statements") > 100


def test_ready_tells_that_the_newest_generation_answers(live: Running) -> None:
    answer = httpx.get(live.address + "/readyz")
    assert answer.status_code in (200, 503)
    if answer.status_code == 200:
        assert answer.json()["generation"] == Store(live.folder).current().number


def test_the_service_ends_in_order(tmp_path: Path) -> None:
    """What is being answered is answered, new connections are not taken, and the end comes soon."""
    Store(tmp_path / "store").publish_many([], by="test", vocabulary=b"<urn:a> <urn:b> <urn:c> .\n")
    with running(
        tmp_path / "store", log=tmp_path / "log", query_timeout_s=30, default_tier="none"
    ) as service:
        slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a <urn:p> ?b . ?c <urn:p> ?d }"
        answers: list[httpx.Response] = []
        body = b"".join(b"<urn:s%d> <urn:p> <urn:o%d> .\n" % (n, n) for n in range(3000))
        token = service.token("--admin")
        sent = httpx.put(
            service.address + "/graphs?graph=urn:g",
            content=body,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/n-triples"},
            timeout=60,
        )
        assert sent.status_code == 201, sent.text
        asking = threading.Thread(
            target=lambda: answers.append(
                httpx.get(
                    service.address + "/sparql",
                    params={"query": slow},
                    headers={"Accept": "application/json"},
                    timeout=30,
                )
            )
        )
        asking.start()
        time.sleep(0.3)
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        asking.join()
        service.process.wait(15)
        assert time.monotonic() - began < 15
        assert answers[0].status_code == 200
        assert answers[0].json()["results"]["bindings"][0]["n"]["value"] == str(3000 * 3000)
    assert Store(tmp_path / "store").verify() == []


def test_the_list_of_settings_is_true() -> None:
    for lang in ("sv", "en"):
        assert (ROOT / "docs" / f"settings.{lang}.md").read_text("utf-8") == reference(lang)
    for name in Settings.model_fields:
        assert f"RODTRAD_{name.upper()}" in reference("sv")


def test_every_promise_names_a_test_that_is_there() -> None:
    rows = re.findall(
        r"^\| (?!Threat|--)([^|]+) \| ([^|]+) \| (.+) \|$",
        (ROOT / "docs/reliability.md").read_text("utf-8"),
        re.M,
    )
    assert len(rows) >= 25
    for threat, promise, test in rows:
        found = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", test)
        assert found and promise.strip(), threat
        assert f"def {found[2]}(" in (ROOT / found[1]).read_text("utf-8"), test


def test_the_doctor_tells_what_to_mend(tmp_path: Path) -> None:
    Store(tmp_path / "store").publish_many([], by="test", vocabulary=b"<urn:a> <urn:b> <urn:c> .\n")
    fine = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path / "store"), "--lang", "en"])
    assert fine.exit_code == 0 and "RODTRAD_QUERY_TIMEOUT_S" in fine.stdout and "pyoxigraph" in fine.stdout
    (tmp_path / "store" / "head").write_text("damaged")
    bad = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path / "store"), "--lang", "en"])
    assert bad.exit_code == 1 and "mend" in bad.stdout
