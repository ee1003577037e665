"""Queries in processes that can be killed: nothing that anybody asks takes the service down."""

from __future__ import annotations

import http.server
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.store import Store
from rodtrad.store import host as host_module
from rodtrad.store.host import QueryHost
from rodtrad.store.limits import Limits

G20 = "https://w3id.org/rodtrad/graph/20/a"
LIMIT_S = 1.0
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DOUBLING = (
    'SELECT (STRLEN(?a40) AS ?n) { BIND("0123456789abcdef" AS ?a0) '
    + " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(40))
    + " }"
)


@pytest.fixture(scope="module")
def store(numbered: Callable[..., bytes]) -> Store:
    store = Store()
    store.publish(G20, numbered(3000), by="x")
    return store


@pytest.fixture(scope="module")
def host(store: Store) -> Iterator[QueryHost]:
    limits = Limits(time_s=LIMIT_S, trusted_time_s=2.0, memory_mb=256, result_rows=2000, wait_s=20.0)
    with QueryHost(store, limits) as host:
        yield host


def number(result) -> int:
    return int(json.loads(result.body)["results"]["bindings"][0]["n"]["value"])


def refusal(ask: Callable[..., object], *arguments, **options) -> str:
    with pytest.raises(RodtradError) as error:
        ask(*arguments, **options)
    assert error.value.problems[0].message("sv")
    return error.value.problems[0].code


def descendants(pid: int) -> dict[int, float]:
    """Processor seconds of every process below this one."""
    found: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found[int(path.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            found |= descendants(int(path.parent.name))
    return found


def running(pid: int) -> bool:
    """Whether a process lives; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def host_pid(host: QueryHost) -> int:
    return host._process._process.pid


def test_both_lanes_answer_with_their_generation(host: QueryHost) -> None:
    for ask in (host.query, host.catalogue):
        result = ask(COUNT)
        assert (number(result), result.generation) == (3000, 1)
    assert host.query(COUNT, "text/csv").body == b"n\r\n3000\r\n"
    assert host.query(COUNT, "text/csv").content_type == "text/csv"
    assert number(host.query(COUNT, default_graphs=["http://e/none"])) == 0


@pytest.mark.parametrize(("lane", "limit"), [("query", LIMIT_S), ("catalogue", 2.0)])
def test_a_runaway_is_stopped_within_a_second_of_the_limit(host: QueryHost, lane: str, limit: float) -> None:
    started = time.monotonic()
    assert refusal(getattr(host, lane), RUNAWAY) == "query-timeout"
    assert limit <= time.monotonic() - started < limit + 1.0
    assert number(host.query(COUNT)) == number(host.catalogue(COUNT)) == 3000


def test_no_processor_time_is_used_after_the_limit(host: QueryHost) -> None:
    refusal(host.query, RUNAWAY)
    before = descendants(os.getpid())
    time.sleep(1.0)
    after = descendants(os.getpid())
    assert sum(after.get(pid, 0.0) - seconds for pid, seconds in before.items()) < 0.3
    assert len(descendants(host_pid(host))) == Limits().warm_workers


@pytest.mark.parametrize("text", [DOUBLING, "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a"])
def test_a_memory_bomb_is_stopped(store: Store, text: str) -> None:
    with QueryHost(store, Limits(time_s=30.0, memory_mb=256, warm_workers=1)) as host:
        for ask in (host.query, host.catalogue):
            assert refusal(ask, text) == "query-memory"
            assert number(host.query(COUNT)) == number(host.catalogue(COUNT)) == 3000


def test_deep_nesting_is_refused(host: QueryHost) -> None:
    text = "SELECT * {" + "{ SELECT * {" * 1100 + "?s ?p ?o" + "}}" * 1100 + "}"
    assert refusal(host.query, text) == "query-too-deep"
    assert number(host.query(COUNT)) == 3000


@pytest.mark.parametrize("lane", ["query", "catalogue"])
def test_a_text_that_kills_the_engine_kills_only_its_worker(
    host: QueryHost, lane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "check", lambda text: None)
    text = "SELECT * { BIND(" + "(" * 50_000 + "1" + ")" * 50_000 + " AS ?x) }"
    assert refusal(getattr(host, lane), text) in ("query-crashed", "query-memory", "query-timeout")
    assert number(host.query(COUNT)) == number(host.catalogue(COUNT)) == 3000


def test_a_service_is_refused_and_could_not_be_reached(
    host: QueryHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    class Canary(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)

        do_POST = do_GET

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        texts = [f"SELECT * {{ SERVICE {silent} <{address}> {{ ?s ?p ?o }} }}" for silent in ("", "SILENT")]
        for text in texts:
            assert refusal(host.query, text) == "query-service-refused"
            assert refusal(host.catalogue, text) == "query-service-refused"
        monkeypatch.setattr(host_module, "check", lambda text: None)
        for ask in (host.query, host.catalogue):
            assert refusal(ask, texts[0]) == "query-failed"
            ask(texts[1])
        server.shutdown()
    assert calls == []


def test_too_many_rows_are_an_error_and_never_a_shorter_answer(host: QueryHost) -> None:
    for accept in ("application/sparql-results+json", "text/csv"):
        text = "SELECT * { ?s ?p ?o } LIMIT "
        assert host.query(text + "2000", accept).body
        assert refusal(host.query, text + "2001", accept) == "result-too-many"
    graph = "CONSTRUCT WHERE { ?s ?p ?o } LIMIT "
    assert len(host.query(graph + "2000", "application/n-triples").body.splitlines()) == 2000
    assert refusal(host.query, graph + "2001", "application/n-triples") == "result-too-many"
    assert refusal(host.query, "SELECT * { ?a ?b ?c . ?d ?e ?f }") in ("result-too-large", "query-timeout")


def test_errors_of_the_engine_come_through(host: QueryHost) -> None:
    assert refusal(host.query, "SELECT * { ?s ?p }") == "query-syntax"
    assert refusal(host.query, COUNT, "text/turtle") == "query-format"
    assert refusal(host.query, COUNT, default_graphs=["no iri"]) == "query-dataset"
    assert refusal(host.query, "DROP ALL") == "query-update-refused"
    assert refusal(host.query, "SELECT * { ?s ?p '\ud800' }") == "query-syntax"


def test_eight_threads_get_their_own_answers(host: QueryHost) -> None:
    def ask(n: int) -> tuple[int, int, int]:
        lane = host.query if n % 2 else host.catalogue
        result = lane(f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {' '.join(map(str, range(n)))} }} }}")
        return n, number(result), result.generation

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(1, 81)))
    assert answers == [(n, n, 1) for n in range(1, 81)]


def test_over_the_queue_the_answer_is_busy_and_the_catalogue_goes_on(store: Store) -> None:
    limits = Limits(time_s=1.5, running=1, waiting=1, wait_s=10.0)
    with QueryHost(store, limits) as host, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(refusal, host.query, RUNAWAY) for _ in range(6)]
        time.sleep(0.3)
        started = time.monotonic()
        assert number(host.catalogue(COUNT)) == 3000
        assert time.monotonic() - started < 1.0
        codes = [answer.result() for answer in asked]
        assert sorted(codes) == ["query-queue-full"] * 4 + ["query-timeout"] * 2
        assert number(host.query(COUNT)) == 3000


def test_a_killed_host_is_replaced(store: Store) -> None:
    with QueryHost(store, Limits(time_s=20.0)) as host, ThreadPoolExecutor(1) as pool:
        pending = pool.submit(refusal, host.query, RUNAWAY)
        time.sleep(0.5)
        workers = descendants(host_pid(host))
        os.kill(host_pid(host), signal.SIGKILL)
        assert pending.result(5) == "query-host-lost"
        assert number(host.catalogue(COUNT)) == number(host.query(COUNT)) == 3000
        assert len(workers) == 3
        assert not [pid for pid in workers if running(pid)]


def test_a_new_generation_is_switched_to_while_the_old_finishes(numbered: Callable[..., bytes]) -> None:
    store = Store()
    store.publish(G20, numbered(3000), by="x")
    with QueryHost(store, Limits(time_s=60.0)) as host, ThreadPoolExecutor(1) as pool:
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }"
        pending = pool.submit(host.query, slow)
        time.sleep(0.2)
        old = host_pid(host)
        store.publish(G20, numbered(3001), by="x")
        assert (host.generation, host.reload(), host.generation) == (1, 2, 2)
        assert number(host.query(COUNT)) == number(host.catalogue(COUNT)) == 3001
        assert not pending.done()
        assert running(old)
        assert (pending.result(60).generation, number(pending.result())) == (1, 3000 * 2999 // 2)
        deadline = time.monotonic() + 5
        while running(old) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not running(old)
        assert (host.reload(1), number(host.query(COUNT))) == (1, 3000)
        assert refusal(host.reload, 99) == "unknown-generation"
        assert number(host.query(COUNT)) == 3000


def test_closing_leaves_no_process(store: Store) -> None:
    host = QueryHost(store)
    pids = {host_pid(host), *descendants(host_pid(host))}
    assert len(pids) == 3
    host.close()
    assert not [pid for pid in pids if running(pid)]
    assert refusal(host.query, COUNT) == "query-host-lost"


def test_an_empty_store_answers(tmp_path: Path) -> None:
    with QueryHost(tmp_path / "none") as host:
        assert (number(host.query(COUNT)), host.generation) == (0, 0)


def test_a_damaged_store_says_so(tmp_path: Path, numbered: Callable[..., bytes]) -> None:
    store = Store(tmp_path)
    store.publish(G20, numbered(3), by="x")
    next((tmp_path / "objects").rglob("*.zst")).write_bytes(b"nonsense")
    assert refusal(QueryHost, tmp_path) == "object-damaged"
