"""Measure validation: the core rules and the cycle rule, against other engines: ``python -m benchmarks.validation``.

Each cell runs in a process of its own on the same file. The figure is CPU seconds of the validation alone; reading
stands beside it. Ours is the median of up to five runs, slow engines run once.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import generate

CYCLE_RULE = "https://w3id.org/rodtrad/rule/RT-K-003"
LIMIT_S = 1200
ENOUGH_S = 20


def shapes(which: str):
    """The shapes of a workload: ``core`` has no query, ``cycle`` is one rule, ``kedja`` is the whole tier."""
    from rdflib import RDF, SH, Graph, URIRef
    from rodtrad.shapes.library import library

    whole = library().at(library().tier("kedja"))
    if which == "kedja":
        return whole
    targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    if which == "core":
        left_out = set(whole.subjects(SH.sparql))
    else:
        left_out = set(whole.subjects(RDF.type, SH.NodeShape)) | set(whole.subjects(SH.targetClass))
        left_out -= {URIRef(CYCLE_RULE)}
    chosen = Graph()
    for s, p, o in whole:
        if not (s in left_out and p in (*targets, SH.sparql)) and not (p == SH.property and o in left_out):
            chosen.add((s, p, o))
    return chosen


def timed(work: Callable[[], int], once: bool) -> tuple[float, int]:
    """CPU seconds (median) and what the work counted."""
    figures: list[float] = []
    rows = 0
    while not figures or (not once and len(figures) < 5 and sum(figures) < ENOUGH_S):
        begun = time.process_time()
        rows = work()
        figures.append(time.process_time() - begun)
    return statistics.median(figures), rows


def rodtrad(which: str, data: Path) -> dict[str, float]:
    """The compiled shapes."""
    from rodtrad.ontology import vocabulary
    from rodtrad.shapes.compiler import compile_shapes
    from rodtrad.shapes.execution import run
    from rodtrad.shapes.scope import Scope

    program, context = compile_shapes(shapes(which)), [vocabulary()]
    begun = time.process_time()
    scope = Scope(data.read_bytes(), context)
    load = time.process_time() - begun
    seconds, rows = timed(lambda: sum(1 for _ in run(program, scope)), once=False)
    return {"load": load, "cpu_s": seconds, "rows": rows}


def region(which: str, data: Path) -> dict[str, float]:
    """One publication from bytes to results: the figure includes the reading that stands beside it."""
    from rodtrad.ontology import vocabulary
    from rodtrad.shapes.compiler import compile_shapes
    from rodtrad.shapes.execution import run
    from rodtrad.shapes.scope import Scope

    program, context, triples = compile_shapes(shapes(which)), [vocabulary()], data.read_bytes()
    whole, reading, rows = [], [], 0
    for _ in range(5):
        begun = time.process_time()
        scope = Scope(triples, context)
        reading.append(time.process_time() - begun)
        rows = sum(1 for _ in run(program, scope))
        whole.append(time.process_time() - begun)
        del scope
    return {"load": statistics.median(reading), "cpu_s": statistics.median(whole), "rows": rows}


def pyrudof(which: str, data: Path) -> dict[str, float]:
    """pyrudof in its native mode."""
    import pyrudof as engine
    from rodtrad.ontology import vocabulary

    session = engine.Rudof(engine.RudofConfig())
    session.read_shacl(shapes(which).serialize(format="turtle"), format=engine.ShaclFormat.Turtle)
    with tempfile.NamedTemporaryFile(suffix=".nt") as file:
        file.write(data.read_bytes() + vocabulary())
        file.flush()
        begun = time.process_time()
        session.read_data(file.name, format=engine.RDFFormat.NTriples)
        load = time.process_time() - begun
    seconds, rows = timed(
        lambda: len(session.validate_shacl(mode=engine.ShaclValidationMode.Native)), once=True
    )
    return {"load": load, "cpu_s": seconds, "rows": rows}


def pyshacl(which: str, data: Path) -> dict[str, float]:
    """pySHACL on an rdflib graph, as it ships."""
    import pyshacl as engine
    from rdflib import RDF, SH, Graph
    from rodtrad.ontology import vocabulary

    rules = shapes(which)
    begun = time.process_time()
    graph = Graph().parse(data=data.read_bytes() + vocabulary(), format="nt")
    load = time.process_time() - begun

    def work() -> int:
        report = engine.validate(graph, shacl_graph=rules, inplace=True, inference="none")[1]
        return len(set(report.subjects(RDF.type, SH.ValidationResult)))

    seconds, rows = timed(work, once=True)
    return {"load": load, "cpu_s": seconds, "rows": rows}


ENGINES = {"rodtrad": rodtrad, "pyrudof": pyrudof, "pyshacl": pyshacl, "rodtrad, one county": region}


def main() -> None:
    """Measure and print a table."""
    if sys.argv[1:2] == ["cell"]:
        found = ENGINES[sys.argv[2]](sys.argv[3], Path(sys.argv[4]))
        found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quads", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--peers", nargs="*", default=["pyrudof", "pyshacl"])
    arguments.add_argument("--what", nargs="*", default=["core", "cycle", "kedja"])
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        nation, county = Path(folder) / "nation.nt", Path(folder) / "county.nt"
        lines = write(asked.quads, asked.seed, nation, county)
        print(f"### Validation of {lines:,} statements, seed {asked.seed}\n")
        print("| what | engine | CPU s | × ours | results | reading, CPU s | peak MB |")
        print("|---|---|---:|---:|---:|---:|---:|")
        for what in asked.what:
            ours = _row(what, "rodtrad", nation, None)
            for peer in asked.peers if what != "kedja" else ():
                _row(what, peer, nation, ours)
            _row(what, "rodtrad, one county", county, None)


def write(quads: int, seed: int, nation: Path, county: Path) -> int:
    """The nation and its first county as N-Triples; the number of statements of the nation."""
    number = 0
    with nation.open("w", encoding="utf-8") as whole:
        for place, one in enumerate(generate.counties(quads, seed)):
            with (county if place == 0 else Path("/dev/null")).open("w", encoding="utf-8") as part:
                for line in one.quads():
                    triple = line.rpartition(" <")[0] + " .\n"
                    whole.write(triple)
                    part.write(triple)
                    number += 1
    return number


def _row(what: str, engine: str, data: Path, ours: float | None) -> float | None:
    command = [sys.executable, "-m", "benchmarks.validation", "cell", engine, what, str(data)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=True, text=True)
    except subprocess.TimeoutExpired:
        print(f"| {what} | {engine} | not within {LIMIT_S} s | | | | |", flush=True)
        return None
    except subprocess.CalledProcessError as error:
        print(f"| {what} | {engine} | {error.stderr.strip().splitlines()[-1][:80]} | | | | |", flush=True)
        return None
    cell = json.loads(done.stdout.splitlines()[-1])
    ratio = cell["cpu_s"] / (ours or cell["cpu_s"])
    print(
        f"| {what} | {engine} | {cell['cpu_s']:.3f} | {ratio:.1f} | {cell['rows']:,} "
        f"| {cell['load']:.2f} | {cell['peak_mb']:.0f} |",
        flush=True,
    )
    return cell["cpu_s"]


if __name__ == "__main__":
    main()
