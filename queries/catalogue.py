"""The questions that can be asked: every query file of a folder, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ..ontology.problems import Problem, RodtradError, Where
from .header import Query, parse

_HERE = Path(__file__).parent


@cache
def catalogue() -> Mapping[str, Query]:
    """The questions for people, by id."""
    return read_folder(_HERE / "catalogue")


@cache
def pages() -> Mapping[str, Query]:
    """The questions that the pages ask, by id."""
    return read_folder(_HERE / "pages")


def find(query_id: str) -> Query:
    """The question with that id.

    Raises RodtradError ``unknown-query``.
    """
    try:
        return catalogue()[query_id]
    except KeyError:
        raise RodtradError(Problem("unknown-query", values={"query": query_id})) from None


def read_folder(folder: Path) -> Mapping[str, Query]:
    """Read every ``.rq`` file of a folder, by id in order of file name.

    Raises RodtradError ``query-header``, also when a file is not named for its id.
    """
    found: dict[str, Query] = {}
    for path in sorted(folder.glob("*.rq")):
        query = parse(path.read_text("utf-8"), path.name)
        if query.id != path.stem:
            values = {"file": path.name, "line": 1, "fault": f"the id {query.id} is not the file's name"}
            raise RodtradError(Problem("query-header", Where(file=path.name, cell="1"), values))
        found[query.id] = query
    return MappingProxyType(found)
