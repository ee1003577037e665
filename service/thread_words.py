"""The levels of a chain in the words of a county's own framework, the national ones beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..ontology.problems import Lang
from .backend import Backend, Row, ask
from .chain import Chain, Column
from .thread import OBJECTIVE, OUTCOME
from .words import iri_of, preference, words_of

_EFFECTS = 5


def in_own_words(backend: Backend, chain: Chain, places: Sequence[str], lang: Lang) -> tuple[Chain, str]:
    """The chain with the county's own level names in its headings, and the names in one line.

    The line is empty where the counties have no framework here, or where several counties are shown.
    """
    rows = ask(backend, "framework-words", region=places) if len(places) == 1 else []
    own: dict[int, list[str]] = {}
    named: dict[str, list[Row]] = {}
    for row in rows:
        named.setdefault(iri_of(row["level"]), []).append(row)
    for several in named.values():
        name = words_of(min((row["label"] for row in several), key=lambda term: preference(term, lang))).text
        for row in several:
            at = _column(row, len(chain.columns))
            if at is not None and name not in own.setdefault(at, []):
                own[at].append(name)
    columns = tuple(
        Column(f"{' / '.join(own[at])} ({column.heading})", column.empty)
        if at in own and own[at] != [column.heading]
        else column
        for at, column in enumerate(chain.columns)
    )
    return replace(chain, columns=columns), "; ".join(columns[at].heading for at in sorted(own))


def _column(row: Row, columns: int) -> int | None:
    if "order" in row:
        order = int(iri_of(row["order"]))
        return min(order, OUTCOME) + 1 if order <= _EFFECTS else None
    if "/objective-kind/" in iri_of(row["core"]):
        return OBJECTIVE if columns > OBJECTIVE else None
    return None
