"""The page of an obstacle: which counties tell of the same kind, in county order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from .backend import ask
from .moment import backend_of
from .rendering import language_of
from .words import Labels, Value, iri_of, iris_in


def obstacle_values(request: Request, iri: str) -> Mapping[str, Any]:
    """The obstacles of the same kind, by county; the kind "other" is no kind to compare."""
    rows = ask(backend_of(request), "same-obstacle", ours=iri)
    labels = Labels(backend_of(request), iris_in(rows), language_of(request))
    same: dict[str, list[Value]] = {}
    for row in rows:
        found = same.setdefault(iri_of(row["place"]), [])
        one = Value(labels.words(iri_of(row["obstacle"])), iri_of(row["obstacle"]))
        if one not in found:
            found.append(one)
    return {"same": [(Value(labels.words(place), place), found) for place, found in same.items()]}
