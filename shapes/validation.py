"""Validate a publication against the shapes of a tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from .execution import run
from .findings import LeftOut, assemble
from .library import Library, library
from .reference import reference_results
from .report import MAX_FINDINGS, Report
from .rulebook import Rule
from .scope import Scope

Engine = Literal["compiled", "pyshacl"]


def validate(
    data: bytes,
    context: Sequence[bytes],
    tier: str,
    engine: Engine = "compiled",
    shapes: Library | None = None,
    cap: int = MAX_FINDINGS,
) -> Report:
    """Validate data and report what concerns the nodes that the data describe.

    Args:
        data: The publication, N-Triples.
        context: What it may refer to (vocabulary, other publications), N-Triples each. Findings about nodes
            that only the context describes are dropped.
        tier: "bas", "kedja" or "full" ("none" tests nothing); each includes the ones before it.
        engine: "compiled" is the product's path; "pyshacl" the reference that it is held against.
        shapes: Other shapes than the package's own.
        cap: How many findings are given out; the others are only counted.

    Raises:
        RodtradError: ``unknown-tier``, ``unreadable-for-validation``, or shapes that cannot be read or
            compiled.
    """
    shapes = shapes or library()
    chosen = shapes.tier(tier)
    scope = Scope(data, context)
    left_out: LeftOut = Counter()
    if engine == "compiled":
        results = list(run(shapes.program(chosen), scope, left_out, cap))
    else:
        results = list(reference_results(shapes.at(chosen), scope))
    return assemble(results, shapes, scope, chosen, left_out, cap)


def rules() -> list[Rule]:
    """Every rule of the package, by id, those for single fields included."""
    return list(library().rulebook.rules)
