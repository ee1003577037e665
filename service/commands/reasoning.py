"""What ``rodtrad ontology reason`` does: let the reasoner judge, and say what clashes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import typer
from rdflib import Graph

from ... import examples
from ...loader import References, ntriples, read
from ...ontology import vocabulary
from ...ontology.mappings import mappings
from ...ontology.problems import Lang, RodtradError
from ...ontology.quality import read_modules
from ...ontology.reasoning import Verdict
from ...ontology.reasoning import reason as judge
from .stores import open_store
from .talk import FINDINGS, TableFormat, result, tell, text, write_table


class Scope(StrEnum):
    """What the reasoner is given: the vocabulary, with data, and with mappings as axioms too."""

    ontology = "ontology"
    data = "data"
    mappings = "mappings"


def reason(scope: Scope, data: Path | None, extra: Sequence[Path], left_out: bool, lang: Lang) -> None:
    """Print the verdict and HermiT's time; findings end the command with exit code 1."""
    triples = b"" if scope is Scope.ontology else _publications(data)
    rows = mappings() if scope is Scope.mappings else ()
    verdict = judge(triples, rows, extra=_axioms(extra))
    _show(verdict, scope, lang)
    if left_out:
        columns = [text(f"reason-{name}", lang) for name in ("why", "term", "count")]
        rows_left = [[text(f"reason-{x.reason}", lang), x.term, x.count] for x in verdict.left_out]
        write_table(columns, rows_left, TableFormat.table, None)
    if not verdict.ok:
        raise typer.Exit(FINDINGS)


def _show(verdict: Verdict, scope: Scope, lang: Lang) -> None:
    name = "reason-consistent" if verdict.ok else "reason-clashes"
    count = len(verdict.problems())
    result(
        text(
            name,
            lang,
            scope=text(f"reason-{scope.value}", lang),
            seconds=f"{verdict.seconds:.1f}",
            statements=verdict.statements,
            left=sum(x.count for x in verdict.left_out),
            count=count,
        )
    )
    for problem in verdict.problems():
        tell(problem, lang)


def _publications(folder: Path | None) -> bytes:
    """Everything published in the store, or everything that ships."""
    if folder is not None:
        store = open_store(folder)
        return b"".join(store.graph(graph) for graph in store.current().graphs)
    parts = [vocabulary()]
    for group in examples.groups():
        references = References.from_ntriples(*parts)
        readings = [read([path], references) for path in group]
        problems = [problem for reading in readings if not reading.ok for problem in reading.problems]
        if problems:
            raise RodtradError(problems)
        parts += [ntriples(reading.graph) for reading in readings]
    return b"".join(parts[1:])


def _axioms(paths: Sequence[Path]) -> Graph:
    modules, problems = read_modules(paths)
    if problems:
        raise RodtradError(problems)
    graph = Graph()
    for part in modules.graphs.values():
        graph += part
    return graph
