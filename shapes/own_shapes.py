"""Shapes of one's own beside the package's: read, held to what can be judged, and given words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rdflib import SH, Graph, URIRef

from ..ontology.problems import Problem, RodtradError, Where
from .compiler import compile_shapes
from .library import Library, shape_files
from .lint import shacl_terms
from .rulebook import Rulebook


def with_own(files: Sequence[Path]) -> Library:
    """The package's shapes and those of the files; the latter hold at every tier.

    Raises:
        RodtradError: Naming the file and the shape: ``shapes-unreadable`` (not Turtle),
            ``shape-term-unknown`` (SHACL does not have it), ``shapes-without-target`` (nothing to test),
            ``shape-not-covered``, ``shape-recursive``, ``shape-query-broken``.
    """
    for file in files:
        graph = Library.read([file]).graph
        _known_terms(graph, file)
        try:
            program = compile_shapes(graph)
        except RodtradError as error:
            raise RodtradError([_in_file(problem, file) for problem in error.problems]) from error
        if not program.sets:
            raise RodtradError(Problem("shapes-without-target", Where(file=file.name), {"file": file.name}))
    shapes = Library.read([*shape_files(), *files])
    shapes.rulebook = Rulebook(shapes.graph, stated_suffices=True)
    return shapes


def _known_terms(graph: Graph, file: Path) -> None:
    unknown = sorted(
        (str(term), str(triple[0]))
        for triple in graph
        for term in triple
        if isinstance(term, URIRef) and term.startswith(str(SH)) and term not in shacl_terms()
    )
    if unknown:
        raise RodtradError(
            [
                Problem(
                    "shape-term-unknown", Where(file=file.name, iri=shape), {"term": term, "shape": shape}
                )
                for term, shape in dict.fromkeys(unknown)
            ]
        )


def _in_file(problem: Problem, file: Path) -> Problem:
    return replace(problem, where=replace(problem.where, file=file.name))
