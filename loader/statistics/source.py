"""What the reader of a format hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib.term import Node

from .head import Description, Head
from .raw import Raw

Triple = tuple[Node, Node, Node]


def _none(head: Head) -> Iterable[Triple]:
    return ()


@dataclass(frozen=True)
class Source:
    """Figures and what is said about them; ``statements`` gives what no row of a workbook can hold."""

    description: Description
    raw: Raw
    statements: Callable[[Head], Iterable[Triple]] = _none
