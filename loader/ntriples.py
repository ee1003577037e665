"""N-Triples in one fixed form: sorted, each line once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdflib import XSD, Graph, Literal, URIRef
from rdflib.term import Node

_LINE = re.compile(
    r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?) ?\.\s*'
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_TO_ESCAPE = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def ntriples(graph: Graph) -> bytes:
    """The graph as sorted, unique lines of N-Triples in UTF-8."""
    lines = {f"{_written(s)} {_written(p)} {_written(o)} .\n" for s, p, o in graph}
    return "".join(sorted(lines)).encode()


def is_statement(line: str) -> bool:
    """Whether the line is one whole N-Triples statement without blank nodes."""
    return _LINE.fullmatch(line) is not None


def statements(data: bytes, properties: frozenset[str]) -> Iterator[tuple[str, str, Node]]:
    """The statements of these properties in N-Triples; much faster than a parser that builds a graph.

    Lines with blank nodes, and lines that are not N-Triples, are passed over.
    """
    for line in data.decode("utf-8").split("\n"):
        match = _LINE.fullmatch(line)
        if match is None or match[2] not in properties:
            continue
        subject, prop, iri, lexical, lang, datatype = match.groups()
        if iri is not None:
            yield subject, prop, URIRef(_unescaped(iri))
        else:
            kind = URIRef(datatype) if datatype and datatype != str(XSD.string) else None
            yield subject, prop, Literal(_unescaped(lexical), lang=lang, datatype=kind, normalize=False)


def _written(term: Node) -> str:
    if isinstance(term, Literal):
        text = f'"{str(term).translate(_TO_ESCAPE)}"'
        if term.language:
            return f"{text}@{term.language}"
        return text if term.datatype in (None, XSD.string) else f"{text}^^<{term.datatype}>"
    return term.n3()


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_one_unescaped, text) if "\\" in text else text


def _one_unescaped(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    return chr(int(short or long, 16)) if letter is None else _ESCAPED.get(letter, letter)
