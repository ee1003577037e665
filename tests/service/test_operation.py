"""What the operator has: logs, counters, readiness, an orderly end, and a true list of settings."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from pathlib import Path

import httpx2 as httpx
import pytest
from rodtrad.service.app import create_app
from rodtrad.service.backend import EngineBackend, backend_for
from rodtrad.service.cli import app
from rodtrad.service.observability import shortened
from rodtrad.service.settings import Settings
from rodtrad.service.settings_reference import reference
from rodtrad.store import Store
from starlette.testclient import TestClient
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


def test_ready_waits_until_the_newest_generation_answers() -> None:
    store = Store(None)
    store.publish_many([], by="test", vocabulary=b"<urn:a> <urn:b> <urn:c> .\n")
    backend = EngineBackend(store)
    with TestClient(create_app(Settings(), backend)) as client:
        assert client.get("/readyz").json() == {"status": "ready", "generation": 1}
        store.publish("urn:g", b"<urn:s> <urn:p> <urn:o> .\n", by="test")
        loading = client.get("/readyz")
        assert loading.status_code == 503 and int(loading.headers["retry-after"]) > 0
        assert loading.json()["errors"][0]["code"] == "not-ready" and "1 < 2" in loading.json()["detail"]
        assert client.get("/healthz").status_code == 200, "alive, though not ready"
        backend.refresh()
        assert client.get("/readyz").json() == {"status": "ready", "generation": 2}


def test_each_lane_tells_what_runs_waits_and_was_killed() -> None:
    store = Store(None)
    lines = b"".join(b"<urn:s%d> <urn:p> <urn:o> .\n" % number for number in range(400))
    store.publish("urn:g", lines, by="test")
    settings = Settings(query_timeout_s=2, queries_running=1, queries_waiting=1)
    runaway = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with backend_for(store, settings) as backend, TestClient(create_app(settings, backend)) as client:

        def value(kind: str, lane: str) -> float:
            text = client.get("/metrics").text
            found = re.search(rf'^rodtrad_lane_{kind}\{{lane="{lane}"\}} ([0-9.]+)$', text, re.M)
            assert found, (kind, lane)
            return float(found[1])

        for lane in ("adhoc", "catalogue", "upload"):
            assert [value(kind, lane) for kind in ("running", "waiting", "killed_total")] == [0, 0, 0]
        ask = {"query": runaway}
        two = [threading.Thread(target=client.get, args=("/sparql",), kwargs={"params": ask}) for _ in "ab"]
        for thread in two:
            thread.start()
            time.sleep(0.4)
        assert (value("running", "adhoc"), value("waiting", "adhoc")) == (1, 1)
        assert client.get("/sparql", params=ask).status_code == 503
        for thread in two:
            thread.join()
        assert (value("running", "adhoc"), value("waiting", "adhoc")) == (0, 0)
        assert (value("killed_total", "adhoc"), value("refused_total", "adhoc")) == (2, 1)
        assert value("killed_total", "catalogue") == 0


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


def promises() -> dict[str, list[str]]:
    """The tests of each promise, by what it is a promise against."""
    rows = re.findall(
        r"^\| (?!Threat|--)([^|]+) \| ([^|]+) \| (.+) \|$",
        (ROOT / "docs/reliability.md").read_text("utf-8"),
        re.M,
    )
    assert all(promise.strip() for _, promise, _ in rows)
    return {threat: tests.split(", ") for threat, _, tests in rows}


def test_every_promise_names_tests_that_are_there() -> None:
    found = promises()
    assert len(found) >= 25
    for threat, tests in found.items():
        for test in tests:
            named = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", test)
            assert named, threat
            assert f"def {named[2]}(" in (ROOT / named[1]).read_text("utf-8"), test


@pytest.mark.shared
def test_every_known_threat_has_its_promise(shared: Path) -> None:
    """The threats that have brought others down, each a row of the second section."""
    section = (shared / "reliability.md").read_text("utf-8").partition("## 2. Threats")[2]
    threats = {re.sub(r"\*\*", "", row) for row in re.findall(r"^\| (\*\*[^|]+?) \|", section, re.M)}
    assert len(threats) >= 25
    have = tuple(promises())
    assert [one for one in sorted(threats) if not one.startswith(have)] == []


def test_the_doctor_tells_what_to_mend(tmp_path: Path) -> None:
    Store(tmp_path / "store").publish_many([], by="test", vocabulary=b"<urn:a> <urn:b> <urn:c> .\n")
    fine = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path / "store"), "--lang", "en"])
    assert fine.exit_code == 0 and "RODTRAD_QUERY_TIMEOUT_S" in fine.stdout and "pyoxigraph" in fine.stdout
    (tmp_path / "store" / "head").write_text("damaged")
    bad = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path / "store"), "--lang", "en"])
    assert bad.exit_code == 1 and "mend" in bad.stdout
