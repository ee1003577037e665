"""The service as a process of its own, for tests that need real HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx


@dataclass(frozen=True)
class Running:
    """Where it answers, its process, and the folder of its store."""

    address: str
    process: subprocess.Popen[bytes]
    folder: Path
    log: Path | None = None

    def token(self, *arguments: str) -> str:
        """A new token: ``--publisher 20`` or ``--admin``."""
        command = [sys.executable, "-m", "rodtrad.service.cli", "token", "create", *arguments]
        made = subprocess.run(
            [*command, "--data", str(self.folder)], capture_output=True, check=True, text=True
        )
        return made.stdout.strip()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def running(folder: Path, *, log: Path | None = None, **settings: object) -> Iterator[Running]:
    """Serve a store; ``settings`` are those of the service in lower case, ``log`` takes what it says."""
    environment = {**os.environ, **{f"RODTRAD_{key.upper()}": str(value) for key, value in settings.items()}}
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "rodtrad.service.cli",
        "serve",
        "--port",
        str(port),
        "--data",
        str(folder),
    ]
    output = log.open("wb") if log else None
    process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield Running(address, process, folder, log)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(480):
        assert process.poll() is None, "the service ended"
        try:
            if httpx.get(address + "/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.125)
    raise AssertionError("the service did not start")
