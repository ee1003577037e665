"""Whether each level of a framework stands beside the national core, like to like, or says why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Literal, Node

from . import vocabulary_graph
from .names import RT, SCHEME
from .problems import LANGS, Problem, Where
from .quality import read_modules

MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch)


def check_files(paths: Sequence[Path]) -> list[Problem]:
    """The faults of framework profiles in Turtle, each with its file, unreadable ones among them."""
    modules, problems = read_modules(paths)
    found = [problem for path, graph in modules.graphs.items() for problem in check(graph, str(path))]
    return [*problems, *found]


def check(graph: Graph, file: str) -> list[Problem]:
    """The faults of the framework levels in a graph; ``file`` is what the problems name as their place."""
    core = vocabulary_graph()
    levels = sorted(graph.subjects(RDF.type, RT.FrameworkLevel), key=str)
    return [
        Problem(code, Where(file=file, iri=str(level)), {"term": str(level).rsplit("/", 1)[-1], **values})
        for level in levels
        for code, values in _faults(graph, core, level)
    ]


def _faults(graph: Graph, core: Graph, level: Node) -> Iterator[tuple[str, dict[str, object]]]:
    matched = [(how, target) for how in MATCHES for target in sorted(graph.objects(level, how), key=str)]
    reasons = [text for text in graph.objects(level, RT.unmappedBecause) if isinstance(text, Literal)]
    if matched and reasons:
        yield "level-mapped-and-unmapped", {}
    elif not matched and {text.language for text in reasons if text.strip()} != set(LANGS):
        yield "level-unmapped", {}
    allowed = set(_lists(graph, core, level))
    for how, target in matched:
        lists = set(core.objects(target, SKOS.inScheme))
        if not lists:
            yield "level-target-unknown", {"target": target}
        elif not lists & allowed:
            yield "level-not-like-to-like", {"target": target, "allowed": _named(allowed)}
        if how == SKOS.exactMatch and (level, RT.correspondenceBasis, SCHEME["basis/stated"]) not in graph:
            yield "level-surer-than-source", {"target": target}


def _lists(graph: Graph, core: Graph, level: Node) -> Iterator[Node]:
    for kind in graph.objects(level, RT.levelType):
        yield from core.objects(kind, RT.mapsInto)


def _named(lists: Iterable[Node]) -> str:
    return ", ".join(sorted(str(one).rsplit("/", 1)[-1] for one in lists if isinstance(one, URIRef))) or "–"
