"""The W3C's SHACL tests: read the manifests, run a test against the compiled shapes, tell what came of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib import SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node
from rodtrad.ontology.problems import RodtradError
from rodtrad.shapes.compiler import compile_shapes
from rodtrad.shapes.execution import run
from rodtrad.shapes.paths import members, path_name
from rodtrad.shapes.scope import Everything, term_text

PAGE = Path(__file__).parents[2] / "docs" / "shacl-conformance.md"
_BEGIN, _END = "<!-- tables: made by tests/shapes/w3c_suite.py -->", "<!-- end of tables -->"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
_REFUSALS = {"shape-not-covered", "shape-recursive", "shape-query-broken"}


@dataclass(frozen=True, eq=False)
class Case:
    """One test of the suite: its name, the group it belongs to, the file, and the graph that describes it."""

    name: str
    group: str
    file: Path
    iri: Node
    manifest: Graph


@dataclass(frozen=True)
class Outcome:
    """``passed``, ``refused`` (with what, by name) or ``failed`` (with the difference)."""

    verdict: str
    detail: str = ""


def cases(suite: Path) -> Iterator[Case]:
    """Every test of the suite, those that its manifests forget included."""
    for file in sorted(suite.rglob("*.ttl")):
        graph = _read(file)
        for head in graph.objects(None, MF.entries):
            group = str(file.parent.relative_to(suite))
            for iri in members(graph, head) or ():
                yield Case(str(iri).rpartition("/")[2], group, file, iri, graph)


def _read(file: Path) -> Graph:
    normalise, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        return Graph(bind_namespaces="none").parse(file, format="turtle", publicID=file.as_uri())
    finally:
        rdflib.NORMALIZE_LITERALS = normalise


def _path(iri: Node) -> Path:
    return Path(str(iri).removeprefix("file://"))


def outcome(case: Case) -> Outcome:
    """Run a test and compare its results, as a set, with what the manifest expects."""
    action = case.manifest.value(case.iri, MF.action)
    assert action is not None
    shapes, data = (_part(case, action, part) for part in (SHT.shapesGraph, SHT.dataGraph))
    expected = case.manifest.value(case.iri, MF.result)
    try:
        found = {tuple(raw) for raw in run(compile_shapes(shapes), Everything(_quads(data)))}
    except RodtradError as error:
        problem = error.problems[0]
        assert problem.code in _REFUSALS
        if expected == SHT.Failure:
            return Outcome("passed")
        return Outcome("refused", str(problem.values.get("component", problem.values)))
    if expected == SHT.Failure or expected is None:
        return Outcome("failed", "a failure was expected")
    wanted = set(_expected(case.manifest, expected))
    if found == wanted:
        return Outcome("passed")
    return Outcome(
        "failed", f"missing {sorted(map(str, wanted - found))}, extra {sorted(map(str, found - wanted))}"
    )


def _part(case: Case, action: Node, part: URIRef) -> Graph:
    iri = case.manifest.value(action, part)
    return case.manifest if _path(iri) == case.file else _read(_path(iri))


def _quads(graph: Graph) -> list[ox.Quad]:
    return [ox.Quad(_term(s), _term(p), _term(o)) for s, p, o in graph]


def _term(node: Node):
    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    assert isinstance(node, Literal)
    datatype = None if node.language or node.datatype is None else ox.NamedNode(str(node.datatype))
    return ox.Literal(str(node), language=node.language, datatype=datatype)


def _as_stored(node: Node) -> str:
    """A term as findings write it, literals in the form that the embedded store gives them."""
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), _term(node)))
    return term_text(next(iter(store)).object)


def _expected(graph: Graph, report: Node) -> Iterator[tuple[object, ...]]:
    for result in graph.objects(report, SH.result):
        component, shape = (graph.value(result, p) for p in (SH.sourceConstraintComponent, SH.sourceShape))
        focus, value = graph.value(result, SH.focusNode), graph.value(result, SH.value)
        path = graph.value(result, SH.resultPath)
        yield (
            _as_stored(focus),
            path_name(graph, path) if path is not None else None,
            _as_stored(value) if value is not None else None,
            component,
            shape,
        )


def table(outcomes: Mapping[Case, Outcome]) -> str:
    """The results by group, and what was refused by name, in Markdown."""
    verdicts = ("passed", "refused", "failed")
    counts = Counter((case.group, found.verdict) for case, found in outcomes.items())
    groups = sorted({case.group for case in outcomes})
    lines = ["| group | tests | passed | refused | failed |", "|---|---:|---:|---:|---:|"]
    for group in (*groups, "together"):
        chosen = groups if group == "together" else [group]
        numbers = [sum(counts[one, verdict] for one in chosen) for verdict in verdicts]
        lines.append(f"| {group} | {sum(numbers)} | {' | '.join(map(str, numbers))} |")
    lines += ["", "| refused test | because the compiler does not cover |", "|---|---|"]
    for case, found in outcomes.items():
        if found.verdict == "refused":
            lines.append(f"| {case.group}/{case.name} | {found.detail} |")
    return "\n".join(lines) + "\n"


def page(outcomes: Mapping[Case, Outcome]) -> str:
    """The page of results: the words of the page as it stands, with the tables made anew."""
    before, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
    return f"{before}{_BEGIN}\n\n{table(outcomes)}\n{_END}{rest.partition(_END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page({case: outcome(case) for case in cases(Path(sys.argv[1]))}), "utf-8")
