"""The service as a user meets it: time until ready, time per page, memory of all its processes."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

PAGES = (
    "/",
    "/regions/20",
    "/questions",
    "/id/rodtrad/activity/20-a10",
    "/thread?iri=https://w3id.org/rodtrad/id/rodtrad/activity/20-a10",
)
READY_S = 60


def pages() -> list[list[str]]:
    """Lines of the table."""
    from rodtrad.service.commands.stores import load_examples
    from rodtrad.store import Store

    with tempfile.TemporaryDirectory() as folder:
        load_examples(Store(Path(folder)))
        port = _free_port()
        command = [
            sys.executable,
            "-m",
            "rodtrad.service.cli",
            "serve",
            "--data",
            folder,
            "--port",
            str(port),
        ]
        begun = time.perf_counter()
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            _wait(port)
            lines = [["service ready after start (wall s)", f"{time.perf_counter() - begun:.1f}"]]
            lines += [
                [f"page {path.split('?')[0]} (wall ms, median of 9)", f"{_page_ms(port, path):.0f}"]
                for path in PAGES
            ]
            lines.append(
                ["memory of the service, all processes (MB, proportional)", f"{_memory_mb(process.pid):.0f}"]
            )
        finally:
            process.terminate()
            process.wait(timeout=20)
    return lines


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait(port: int) -> None:
    limit = time.monotonic() + READY_S
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the service did not become ready")


def _page_ms(port: int, path: str) -> float:
    times = []
    for _ in range(9):
        begun = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            answer.read()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _memory_mb(root: int) -> float:
    """Proportional memory (shared pages divided among those who share them) of a process and its children."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _descends(int(folder.name), root):
            for line in (folder / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


def _descends(pid: int, root: int) -> bool:
    while pid > 1:
        if pid == root:
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            return False
    return os.getpid() == root
