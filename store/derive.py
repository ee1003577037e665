"""What follows from the published statements: the CONSTRUCT rules in ``derivations``, run in file order."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from . import triples

STEP = "https://w3id.org/rodtrad/step/"
"""Predicates here are intermediate: later rules see them, the result leaves them out."""


@cache
def rules() -> tuple[str, ...]:
    """The query texts, in the order in which they run."""
    return tuple(
        path.read_text("utf-8") for path in sorted((Path(__file__).parent / "derivations").glob("*.rq"))
    )


@cache
def rules_hash() -> str:
    """SHA-256 over the rules: two results are comparable when it is the same."""
    return hashlib.sha256("\0".join(rules()).encode()).hexdigest()


def derive(store: ox.Store) -> bytes:
    """Add to the default graph all that follows from it, and return that as canonical N-Triples."""
    found: set[ox.Triple] = set()
    for rule in rules():
        new = set(store.query(rule)) - found  # type: ignore[arg-type]
        store.extend(_quad(triple) for triple in new)
        found |= new
    steps = {triple for triple in found if triple.predicate.value.startswith(STEP)}
    for triple in steps:
        store.remove(_quad(triple))
    return triples.lines(found - steps)


def _quad(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, ox.DefaultGraph())
