"""Where the graph lives: a ledger of immutable publications, and an index of them that answers SPARQL."""

from __future__ import annotations

from .diff import Diff, GraphDiff
from .engine import Engine
from .generation import Change, Generation, GraphEntry
from .store import Store, Upload

__all__ = ["Change", "Diff", "Engine", "Generation", "GraphDiff", "GraphEntry", "Store", "Upload"]
