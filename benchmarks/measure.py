"""Measure one cell of the table in this process and print it as a line of JSON."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPEATS = 5
ENOUGH_S = 20


def timed(work: Callable[[], int], enough_s: float = ENOUGH_S) -> dict[str, float]:
    """CPU seconds (median) and what the work counted; no further run after ``enough_s``."""
    figures: list[float] = []
    rows = 0
    while len(figures) < REPEATS and sum(figures) < enough_s:
        begun = time.process_time()
        rows = work()
        figures.append(time.process_time() - begun)
    return {"cpu_s": statistics.median(figures), "rows": rows}


def publications(data: Path) -> dict[str, bytes]:
    """The N-Triples of each graph of an N-Quads file."""
    graphs: dict[str, list[str]] = {}
    with data.open(encoding="utf-8") as file:
        for line in file:
            triple, _, graph = line.rstrip(" .\n").rpartition(" ")
            graphs.setdefault(graph.strip("<>"), []).append(triple + " .\n")
    return {graph: "".join(sorted(set(lines))).encode() for graph, lines in graphs.items()}


def our_engine(data: Path):
    """The product's engine with all publications, the vocabulary and the derived graph."""
    from rodtrad.ontology import vocabulary
    from rodtrad.store import Store, Upload

    store = Store(None)
    store.publish_many(
        [Upload(g, t) for g, t in publications(data).items()], by="benchmark", vocabulary=vocabulary()
    )
    return store.engine()


def merged_rdflib(data: Path):
    """The same merged view in rdflib: the statements of our default graph."""
    from rdflib import Graph

    engine = our_engine(data)
    triples = engine.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "application/n-triples")
    return Graph().parse(data=triples, format="nt")


def load(engine: str, data: Path) -> dict[str, float]:
    """Read the dataset into a fresh index."""
    if engine == "rdflib":
        from rdflib import Dataset

        return timed(lambda: len(Dataset().parse(data, format="nquads")))
    import pyoxigraph as ox

    def work() -> int:
        store = ox.Store()
        store.bulk_load(path=str(data), format=ox.RdfFormat.N_QUADS)
        return len(store)

    return timed(work)


def query(name: str, engine: str, data: Path) -> dict[str, float]:
    """Answer a workload over the merged view."""
    text = (Path(__file__).parent / "workloads" / f"{name}.rq").read_text(encoding="utf-8")
    if engine == "rdflib":
        graph = merged_rdflib(data)
        return timed(lambda: len(list(graph.query(text))))
    ours = our_engine(data)
    return timed(lambda: len(ours.rows(text)))


def rollup(data: Path) -> dict[str, float]:
    """Put 21 counties' values of one indicator together for each of 20 years, beside the rest of the nation."""
    from .observations import rollup_cell

    return rollup_cell(our_engine(data))


def rollup_apart(data: Path, where: str) -> dict[str, float]:
    """The same roll-up where the index holds the publications and the vocabulary but nothing derived, ``in
    memory`` or ``on disk``: so that it can be had at ten million quads."""
    import tempfile

    import pyoxigraph as ox
    from rodtrad.ontology import vocabulary
    from rodtrad.store import Engine

    from .observations import rollup_cell

    with tempfile.TemporaryDirectory() as folder:
        store = ox.Store(f"{folder}/index") if where == "on disk" else ox.Store()
        store.bulk_load(path=str(data), format=ox.RdfFormat.N_QUADS)
        merged = Path(folder) / "merged.nt"
        with data.open(encoding="utf-8") as lines, merged.open("w", encoding="utf-8") as file:
            file.writelines(line.rstrip(" .\n").rpartition(" ")[0] + " .\n" for line in lines)
        store.bulk_load(path=str(merged), format=ox.RdfFormat.N_TRIPLES)
        store.bulk_load(vocabulary(), format=ox.RdfFormat.N_TRIPLES)
        merged.unlink()
        return rollup_cell(Engine(store, 1)) | {"quads": len(store)}


def validate(engine: str, data: Path) -> dict[str, float]:
    """Validate the largest publication's nation at tier kedja; rows are findings."""
    from rodtrad.ontology import vocabulary
    from rodtrad.shapes.validation import validate as check

    nation = b"".join(publications(data).values())
    mode = "pyshacl" if engine == "pyshacl" else "compiled"
    return timed(lambda: len(check(nation, [vocabulary()], "kedja", mode).findings))


def examples() -> dict[str, list[list[str]]]:
    """Load, validate, publish and answer with the examples; start of the service; pages; memory."""
    from rodtrad.service.commands.stores import load_examples
    from rodtrad.store import Store

    from .service import pages

    begun = time.perf_counter()
    store = Store(None)
    load_examples(store)
    lines = [["load, validate, publish (wall s)", f"{time.perf_counter() - begun:.1f}"]]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines.append(["peak memory of that (MB)", f"{peak:.0f}"])
    return {"lines": lines + pages()}


def main() -> None:
    """Measure the cell named on the command line."""
    data, what, *rest = Path(sys.argv[1]), *sys.argv[2:]
    if what == "examples":
        print(json.dumps(examples()))
    elif what == "load":
        print(json.dumps(load(rest[0], data)))
    elif what == "rollup":
        print(json.dumps(rollup(data)))
    elif what.startswith("rollup "):
        print(json.dumps(rollup_apart(data, what.removeprefix("rollup "))))
    elif what.startswith("query "):
        print(json.dumps(query(what.removeprefix("query "), rest[0], data)))
    else:
        print(json.dumps(validate(rest[0], data)))


if __name__ == "__main__":
    main()
