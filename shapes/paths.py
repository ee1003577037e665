"""SHACL property paths as SPARQL property paths."""

from __future__ import annotations

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

_SUFFIX = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path_sparql(graph: Graph, path: Node, above: tuple[Node, ...] = ()) -> str | None:
    """The path in SPARQL's writing, ``None`` where it is no SHACL path; ``above`` holds it."""
    if isinstance(path, URIRef):
        return f"<{path}>"
    if not isinstance(path, BNode) or path in above:
        return None
    above = (*above, path)
    if (path, RDF.first, None) in graph:
        return _join(graph, path, "/", above)
    if (inner := graph.value(path, SH.inversePath)) is not None:
        return _wrap("^", path_sparql(graph, inner, above), "")
    if (inner := graph.value(path, SH.alternativePath)) is not None:
        return _join(graph, inner, "|", above)
    for predicate, suffix in _SUFFIX.items():
        if (inner := graph.value(path, predicate)) is not None:
            return _wrap("", path_sparql(graph, inner, above), suffix)
    return None


def path_name(graph: Graph, path: Node) -> str | None:
    """The path as findings name it: the predicate's IRI, ``^`` and the IRI, or the SPARQL path."""
    text = path_sparql(graph, path)
    if text is None:
        return None
    bare = text.removeprefix("^").strip("<>")
    if ">" in bare:
        return text
    return ("^" if text.startswith("^") else "") + bare


def _wrap(before: str, inner: str | None, after: str) -> str | None:
    if inner is None:
        return None
    return (
        f"{before}{inner}{after}"
        if inner.startswith("<") and ">" not in inner[:-1]
        else f"{before}({inner}){after}"
    )


def _join(graph: Graph, head: Node, sign: str, above: tuple[Node, ...]) -> str | None:
    parts = [path_sparql(graph, item, above) for item in members(graph, head) or ()]
    if None in parts or not parts:
        return None
    return "(" + sign.join(str(part) for part in parts) + ")"


def members(graph: Graph, head: Node) -> list[Node] | None:
    """The members of an RDF list, or ``None`` where it is not well-formed."""
    found: list[Node] = []
    seen: set[Node] = set()
    while head != RDF.nil:
        first, rest = list(graph.objects(head, RDF.first)), list(graph.objects(head, RDF.rest))
        if len(first) != 1 or len(rest) != 1 or head in seen:
            return None
        seen.add(head)
        found += first
        head = rest[0]
    return found
