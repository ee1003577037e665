"""Run the benchmarks and print one table: ``make bench``; ``--quads 1000000`` for the larger dataset.

Each cell is measured in a process of its own. The figure is CPU seconds (the machine may be shared), the median
of repeated calls; a ratio compares cells of the same run only.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from rodtrad.ontology.names import graph_iri

from . import generate, observations

HERE = Path(__file__).parent
WORKLOADS = sorted((HERE / "workloads").glob("*.rq"))
PEER_LIMIT_S = 240


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quads", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--no-peers", action="store_true", help="leave the slower engines out")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "nation.nq"
        with data.open("w", encoding="utf-8") as file:
            for county in generate.counties(asked.quads, asked.seed):
                file.writelines(county.quads())
            graph = graph_iri("ref", "observationer")
            for line in observations.triples(8):
                file.write(line.removesuffix(" .\n") + f" <{graph}> .\n")
        lines = sum(1 for _ in data.open(encoding="utf-8"))
        print(f"### {lines:,} quads, seed {asked.seed}\n\n| what | engine | CPU s | rows | × ours |")
        print("|---|---|---:|---:|---:|")
        for what, engines in _cells(not asked.no_peers).items():
            _row(what, engines, data)
        print("\n### The examples as they ship\n\n| what | figure |\n|---|---:|")
        for line in _measure(["examples"], data).get("lines", []):
            print(f"| {line[0]} | {line[1]} |")


def _cells(peers: bool) -> dict[str, list[str]]:
    engines = ["rodtrad", "rdflib"] if peers else ["rodtrad"]
    cells = {"load": engines} | {f"query {path.stem}": engines for path in WORKLOADS}
    cells |= {"rollup": ["rodtrad"], "rollup in memory": ["rodtrad"], "rollup on disk": ["rodtrad"]}
    return cells | {"validate at kedja": ["rodtrad", "pyshacl"] if peers else ["rodtrad"]}


def _row(what: str, engines: list[str], data: Path) -> None:
    ours: float | None = None
    for engine in engines:
        cell = _measure([what, engine], data)
        seconds = cell.get("cpu_s")
        if seconds is None:
            print(f"| {what} | {engine} | {cell['failed']} | | |")
            continue
        ours = ours or seconds
        print(f"| {what} | {engine} | {seconds:.4f} | {cell['rows']:,} | {seconds / ours:.1f} |", flush=True)


def _measure(what: list[str], data: Path) -> dict:
    command = [sys.executable, "-m", "benchmarks.measure", str(data), *what]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PEER_LIMIT_S, check=True, text=True)
    except subprocess.TimeoutExpired:
        return {"failed": f"not within {PEER_LIMIT_S} s"}
    except subprocess.CalledProcessError as error:
        return {"failed": error.stderr.strip().splitlines()[-1][:80]}
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
