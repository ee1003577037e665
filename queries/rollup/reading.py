"""Asks the queries of this folder and reads their rows as plain text, in the cheapest form there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ...ontology.problems import Lang
from ..catalogue import read_folder
from ..header import MARK, Query
from ..parameters import Engine, with_iris

TSV = "text/tab-separated-values"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@cache
def texts() -> Mapping[str, Query]:
    """The queries of roll-ups, by id."""
    return read_folder(Path(__file__).parent)


def asked(query_id: str, terms: Mapping[str, Sequence[str]], lang: Lang = "sv") -> str:
    """The SPARQL of a query with its values in place."""
    return with_iris(_bodies()[query_id], terms, lang)


def unordered(sparql: str) -> str:
    """A query of this folder without its last line, the order of the rows."""
    return sparql.rstrip().rpartition("\nORDER BY ")[0]


@cache
def _bodies() -> Mapping[str, str]:
    """The queries without their headers, which would be read again at every call."""
    return {
        key: "\n".join(line for line in query.text.splitlines() if not line.startswith(MARK))
        for key, query in texts().items()
    }


def rows(
    engine: Engine, query_id: str, terms: Mapping[str, Sequence[str]], lang: Lang = "sv"
) -> list[dict[str, str]]:
    """The rows as text by variable; what is unbound is left out."""
    body = engine.query(asked(query_id, terms, lang), TSV).decode()
    heading, *rest = body.split("\n")
    names = [name.removeprefix("?") for name in heading.rstrip("\r").split("\t")]
    return [
        {name: term(cell) for name, cell in zip(names, line.split("\t"), strict=True) if cell}
        for line in rest
        if line or len(names) == 1
    ]


def term(cell: str) -> str:
    """An IRI or the text of a literal, as it stands in TSV."""
    if cell.startswith("<"):
        return cell[1:-1]
    if cell.startswith('"'):
        text = cell[1 : cell.rindex('"')]
        return text if "\\" not in text else _unescaped(text)
    return cell


def _unescaped(text: str) -> str:
    pieces, position = [], 0
    while (found := text.find("\\", position)) >= 0:
        pieces += [text[position:found], _ESCAPES.get(text[found + 1], text[found + 1])]
        position = found + 2
    return "".join([*pieces, text[position:]])
