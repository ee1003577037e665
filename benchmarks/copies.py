"""The examples many times over: a large dataset that has everything the examples have.

Each copy of a publication tells the same of the same county under names of its own, so that a county of a
million quads holds about as much as one of the generated nation. What ``ref`` publishes (places, frameworks,
statistics) stands once, as it would in a nation.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator

from rodtrad.ontology.names import GRAPH, ID
from rodtrad.service.commands.stores import load_examples
from rodtrad.store import Store

_OWN = re.compile(rf"<((?:{re.escape(ID)}|{re.escape(GRAPH)})(?!ref/)[^>]+)>")


def copies(quads: int, store: Store) -> Iterator[str]:
    """N-Quads of what a store holds and of as many copies as come nearest to ``quads``; the first has the names
    that the store has."""
    graphs = {graph: store.graph(graph).decode() for graph in store.current().graphs}
    once = {graph: text for graph, text in graphs.items() if graph.startswith(f"{GRAPH}ref/")}
    again = {graph: text for graph, text in graphs.items() if graph not in once}
    for graph, text in once.items():
        yield from _quads(graph, text)
    fixed, each = (sum(text.count("\n") for text in part.values()) for part in (once, again))
    for number in range(max(1, round((quads - fixed) / each))):
        for graph, text in again.items():
            yield from _quads(graph, text, f"-{number}" if number else "")


def _quads(graph: str, text: str, ending: str = "") -> Iterator[str]:
    for line in text.splitlines():
        quad = f"{line.removesuffix(' .')} <{graph}> .\n"
        yield _OWN.sub(rf"<\1{ending}>", quad) if ending else quad


def main() -> None:
    """Write the N-Quads to stdout."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("quads", type=int, help="about how many quads")
    quads = arguments.parse_args().quads
    store = Store(None)
    load_examples(store)
    sys.stdout.writelines(copies(quads, store))


if __name__ == "__main__":
    main()
