"""SPARQL update against the ledger: tried on a copy, then each changed graph is published as any other.

Done in a process with limits. See ``store/sandbox.py``.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from ..ontology.problems import Problem, RodtradError
from ..store import Store, Upload
from ..store.guard import check as check_text
from ..store.guard import placed_tokens, tokens
from ..store.index import DERIVED, VOCABULARY
from ..store.store import RESERVED
from .ownership import refuse_others
from .publishing import Context, as_upload, check
from .uploads import NO_RULES, refusal

_CLEARING = {"CLEAR", "DROP"}


def update(
    body: bytes,
    *,
    folder: str,
    tier: str,
    by: str,
    base: str = "",
    dry_run: bool = False,
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
) -> bytes:
    """Carry out an update.

    Raises:
        RodtradError: ``update-unclear``, ``default-graph-computed``, ``graph-reserved``, the codes of
            ``guard.check``, and those of publishing.
    """
    text = body.decode("utf-8")
    check_text(text, update=True)
    if using or using_named:
        text = _with_dataset(text, using, using_named)
    store = Store(Path(folder))
    copy = store.working_copy()
    before = _graphs(copy)
    try:
        copy.update(text, base_iri=base or None)
    except SyntaxError as error:
        raise RodtradError(Problem("update-unclear", values={"reason": str(error)[:300]})) from None
    except (ValueError, RuntimeError, OSError) as error:
        raise RodtradError(Problem("update-unclear", values={"reason": str(error)[:300]})) from None
    after = _graphs(copy)
    _refuse_computed(text, before, after)
    changed = sorted(
        graph for graph in {*before, *after} - {"", *RESERVED} if before.get(graph) != after.get(graph)
    )
    gone = [graph for graph in changed if not after.get(graph)]
    held = store.current().graphs
    # What is not public is in no graph that an update sees: it stays as it was.
    written = {
        graph: after[graph] + (store.private(graph) if graph in held else b"")
        for graph in changed
        if after.get(graph)
    }
    if not changed:
        return _answer(store.current().number, [])
    uploads = (
        [
            Upload(graph, data, validation={"tier": NO_RULES}, blank_nodes=True)
            for graph, data in written.items()
        ]
        if tier == NO_RULES
        else []
    )
    if tier != NO_RULES:
        judged = _judged(store, written, tier)
        if isinstance(judged, bytes):
            return judged
        uploads = judged
    made = store.publish_many(uploads, by=by, retire=gone, confirm_removal=True, dry_run=dry_run)
    return _answer(made.number, changed)


def _answer(generation: int, changed: Sequence[str]) -> bytes:
    return json.dumps({"generation": generation, "changed": list(changed)}).encode()


def _judged(store: Store, written: dict[str, bytes], tier: str) -> list[Upload] | bytes:
    context = Context.of(store)
    uploads = []
    with tempfile.TemporaryDirectory(prefix="rodtrad-update-") as place:
        for number, (graph, data) in enumerate(written.items()):
            path = Path(place) / f"{number}.nt"
            path.write_bytes(data)
            submission = check(path, context, tier)
            if not submission.publishable:
                return refusal(submission)
            if str(submission.reading.graph_iri) != graph:
                values = {"graph": graph, "found": submission.reading.graph_iri}
                raise RodtradError(Problem("graph-mismatch", values=values))
            refuse_others(submission.triples, graph)
            uploads.append(as_upload(submission))
    return uploads


def _graphs(store: ox.Store) -> dict[str, bytes]:
    """Every graph as sorted lines, the merged view as ``""``."""
    found: dict[str, bytes] = {}
    names: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.DefaultGraph(), *store.named_graphs()]
    for name in names:
        lines = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name) or b""
        key = "" if isinstance(name, ox.DefaultGraph) else name.value
        found[key] = b"".join(sorted(line + b"\n" for line in lines.split(b"\n") if line))
    return found


def _refuse_computed(text: str, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """The merged view may be cleared with everything else, since it is computed anew; not written."""
    words = [part.upper() for kind, part in tokens(text) if kind == "word"]
    clears = any(
        one in _CLEARING and {"ALL", "DEFAULT"} & set(words[at + 1 : at + 3]) for at, one in enumerate(words)
    )
    now = after.get("", b"")
    if now != before.get("", b"") and not (clears and not now):
        raise RodtradError(Problem("default-graph-computed"))
    named = any(
        one in _CLEARING and {"ALL", "NAMED"} & set(words[at + 1 : at + 3]) for at, one in enumerate(words)
    )
    for graph in (VOCABULARY, DERIVED):
        if after.get(graph, b"") != before.get(graph, b"") and not (named and not after.get(graph)):
            raise RodtradError(Problem("graph-reserved", values={"graph": graph}))


def _with_dataset(text: str, using: Sequence[str], using_named: Sequence[str]) -> str:
    """Add the dataset of the request to each operation that reads, as the protocol says.

    Raises RodtradError ``update-unclear`` when the text has a dataset of its own.
    """
    clause = " ".join(
        [*(f"USING {_iri(one)}" for one in using), *(f"USING NAMED {_iri(one)}" for one in using_named)]
    )
    places, depth, after_template = [], 0, False
    for kind, part, place in placed_tokens(text):
        word = part.upper() if kind == "word" else ""
        if depth == 0 and word in ("USING", "WITH"):
            raise RodtradError(Problem("update-unclear", values={"reason": word}))
        if depth == 0 and word == "WHERE" and after_template:
            places.append(place)
        depth += (part == "{") - (part == "}") if kind in ("open", "close") else 0
        after_template = depth == 0 and part == "}"
    for place in reversed(places):
        text = f"{text[:place]}{clause} {text[place:]}"
    return text


def _iri(given: str) -> str:
    try:
        return str(ox.NamedNode(given))
    except ValueError as error:
        raise RodtradError(Problem("update-unclear", values={"reason": error})) from None
