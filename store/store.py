"""The store: publish, retire, look back, go back; one writer, readers that never wait."""

from __future__ import annotations

import json
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox

from .. import __version__
from ..ontology.names import GRAPH as GRAPH_BASE
from ..ontology.privacy import private_properties
from ..ontology.problems import Problem, RodtradError, Where
from . import triples
from .derive import derive, rules_hash
from .diff import Diff, compare
from .engine import Engine
from .generation import Change, Generation, Generations, GraphEntry
from .index import DERIVED, VOCABULARY, data_names, load_engine, load_parts
from .ledger import GRAPH, OTHER, Ledger, Tombstone, check_space, name_of
from .merge import merged
from .purge import Doomed, Purge, bury, expired, find, without
from .verify import files_of, verify

RESERVED = frozenset({VOCABULARY, DERIVED, str(GRAPH_BASE["current"])})
Notices = Mapping[str, Mapping[str, object]]
"""By graph: what a new version of another means for it, JSON values only."""
_NOTICES_KEPT = 20
REMOVAL_SHARE = 0.2
"""A new version that removes more than this share of a graph's resources has to be confirmed."""


@dataclass(frozen=True)
class Upload:
    """One version of one publication: its N-Triples and what is kept beside them."""

    graph_iri: str
    data: bytes
    origins: bytes = b""
    """The side file that leads every statement back to its cell."""
    received: tuple[str, bytes] | None = None
    """Name and bytes of the file that was received, without authors and document properties."""
    report: bytes = b""
    validation: Mapping[str, object] = field(default_factory=dict)
    """Summary for the manifest, JSON values only, for example tier and number of findings."""
    blank_nodes: bool = False
    """Blank nodes are taken, and given canonical labels; only for what is published without rules."""
    received_sha256: str = ""
    """Hash of the file as it came; empty when it is kept as it came."""
    private: bytes = b""
    """Further statements that are not public; those among the data are found by their properties."""

    def canonical(self) -> bytes:
        """The data as the ledger holds them. Raises RodtradError ``data-unreadable``, ``blank-node``."""
        make = triples.canonical_blank if self.blank_nodes else triples.canonical
        return make(self.data, self.graph_iri)

    def ready(self) -> Upload:
        """In canonical form, with what is not public taken out of the data. Raises as ``canonical``."""
        public, private = triples.divided(self.canonical(), private_properties())
        more = triples.canonical(self.private, self.graph_iri)
        return replace(self, data=public, private=triples.united(private, more))


class Store:
    """A folder of immutable graphs and numbered generations; ``None`` keeps it for this process only."""

    def __init__(self, folder: Path | None = None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="rodtrad-") if folder is None else None
        self.folder = Path(self._temporary.name) if self._temporary else Path(folder or ".")
        self._ledger = Ledger(self.folder, durable=folder is not None)
        self._generations = Generations(self._ledger)
        self._engine: Engine | None = None

    def publish(
        self,
        graph_iri: str,
        data: bytes,
        *,
        by: str,
        origins: bytes = b"",
        received: tuple[str, bytes] | None = None,
        report: bytes = b"",
        validation: Mapping[str, object] | None = None,
        confirm_removal: bool = False,
        dry_run: bool = False,
    ) -> Generation:
        """Replace one publication by N-Triples ``data`` and return the generation that holds it.

        The same content again returns the current generation. ``dry_run`` returns the generation that would
        be made; its ``changes`` say what would happen. Raises RodtradError: ``data-unreadable``,
        ``blank-node``, ``graph-reserved``, ``graph-invalid``, ``removes-much``,
        ``store-unwritable``, ``store-busy``.
        """
        upload = Upload(graph_iri, data, origins, received, report, validation or {})
        return self.publish_many([upload], by=by, confirm_removal=confirm_removal, dry_run=dry_run)

    def publish_many(
        self,
        uploads: Sequence[Upload],
        *,
        by: str,
        vocabulary: bytes | None = None,
        confirm_removal: bool = False,
        dry_run: bool = False,
        retire: Sequence[str] = (),
        condition: Callable[[Generation], None] | None = None,
        notices: Notices | None = None,
    ) -> Generation:
        """Publish several graphs, and the vocabulary if given, in one generation: all of them or none.

        Graphs in ``retire`` leave the current view in the same generation. ``condition`` is called with the
        generation that is to be replaced, when nobody else can write any more; what it raises stops all.
        ``notices`` are kept with the generation.
        """
        for upload in uploads:
            _check_graph_iri(upload.graph_iri)
        check_space(self.folder)
        ready = [upload.ready() for upload in uploads]
        words = None if vocabulary is None else triples.canonical(vocabulary, VOCABULARY)
        with self._generations.writing():
            before = self._generations.current()
            if condition is not None:
                condition(before)
            if not confirm_removal:
                self._refuse_much_removal(before, ready)
            entries = {upload.graph_iri: self._put(upload, dry_run) for upload in ready}
            graphs = {iri: entry for iri, entry in before.graphs.items() if iri not in retire}
            for iri, entry in entries.items():
                known = before.graphs.get(iri)
                graphs[iri] = known if known and entry.same_content(known) else entry
            after = replace(before, graphs=graphs, notices=_notices(before, graphs, notices or {}, by))
            if words is not None:
                after = replace(after, vocabulary=self._name(words, GRAPH, dry_run=dry_run))
            fresh = {upload.graph_iri: upload.data for upload in ready}
            if words is not None:
                fresh[VOCABULARY] = words
            return self._advance(before, after, fresh, by, dry_run)

    def retire(
        self,
        graph_iri: str,
        *,
        by: str,
        dry_run: bool = False,
        condition: Callable[[Generation], None] | None = None,
        notices: Notices | None = None,
    ) -> Generation:
        """Take a publication out of the current view; its history stays. Raises ``unknown-graph``."""
        with self._generations.writing():
            before = self._generations.current()
            if graph_iri not in before.graphs:
                _unknown(graph_iri)
            if condition is not None:
                condition(before)
            graphs = {iri: entry for iri, entry in before.graphs.items() if iri != graph_iri}
            told = _notices(before, graphs, notices or {}, by)
            return self._advance(before, replace(before, graphs=graphs, notices=told), {}, by, dry_run)

    def set_vocabulary(self, data: bytes, *, by: str = "rodtrad") -> Generation:
        """Replace the vocabulary (N-Triples), and derive anew when it or the derivation rules changed."""
        return self.publish_many([], by=by, vocabulary=data)

    def rollback(self, number: int, *, by: str) -> Generation:
        """Make a new generation that holds what generation ``number`` held.

        Raises RodtradError: ``unknown-generation``, ``generation-purged``.
        """
        with self._generations.writing():
            before, wanted = self._generations.current(), self._generations.read(number)
            self._refuse_purged(wanted)
            if _state(before) == _state(wanted):
                return before
            changes = self._changes(before, wanted, {})
            return self._commit(before, replace(wanted, restored=number), changes, by)

    def purge(self, *targets: str, reason: str, by: str, may_return: bool = False) -> Purge:
        """Remove publications in all their versions, or the bytes with some hashes, for good.

        The hash and the reason stay, as a tombstone. What was purged cannot be published again, unless it
        ``may_return``. Raises RodtradError ``nothing-to-purge``. One that was cut short is completed by
        purging again.
        """
        with self._generations.writing():
            before = self._generations.current()
            doomed = find(self.generations(), targets)
            made = self._left(before, without(before, doomed.published), doomed.graphs, by)
            bury(self._ledger, doomed, made, reason=reason, by=by, may_return=may_return)
            return Purge(made, doomed)

    def drop_purged(self, *, by: str) -> Generation:
        """Make a generation without what is purged of the current one; for a store from an old backup."""
        with self._generations.writing():
            before = self._generations.current()
            gone = {one.name for one in self._purged(before)}
            if not gone:
                return before
            graphs = [iri for iri, entry in before.graphs.items() if gone & {entry.data, *entry.beside}]
            return self._left(before, without(before, gone), graphs, by)

    def _left(self, before: Generation, after: Generation, gone: Sequence[str], by: str) -> Generation:
        after = replace(after, derivations=rules_hash(), restored=0)
        derived = derive(merged(load_parts(self._ledger, after)))
        after = replace(after, derived=self._ledger.put(derived, GRAPH))
        self._engine = None
        return self._commit(before, after, tuple(Change("purge", graph) for graph in gone), by)

    def purge_plan(self, *targets: str) -> Doomed:
        """What ``purge`` would take. Raises as it does."""
        return find(self.generations(), targets)

    def expired(self, before: datetime) -> list[str]:
        """Hashes of received files that no publication has had since a moment, and that are still there."""
        moment = before.astimezone(UTC).isoformat(timespec="milliseconds")
        names = expired(self.generations(), moment)
        return [name for name in names if self._ledger.tombstone(name) is None]

    def purged_in(self, number: int) -> list[Tombstone]:
        """What was purged of a generation; empty when all of it is there."""
        return self._purged(self.generation(number))

    def current(self) -> Generation:
        """The newest generation; number 0 when nothing was ever stored."""
        return self._generations.current()

    def generation(self, number: int) -> Generation:
        """One generation. Raises RodtradError ``unknown-generation``."""
        return self._generations.read(number)

    def generations(self) -> list[Generation]:
        """All generations, oldest first."""
        return [self._generations.read(number) for number in range(1, self._generations.head()[0] + 1)]

    def diff(self, before: int, after: int) -> Diff:
        """What came and went between two generations, in publications, vocabulary and derived statements."""
        old, new = self._names(before), self._names(after)
        graphs = {
            iri: compare(self._ledger.get(old.get(iri, ""), GRAPH), self._ledger.get(new.get(iri, ""), GRAPH))
            for iri in sorted({*old, *new})
            if old.get(iri) != new.get(iri)
        }
        return Diff(
            before, after, {iri: graph for iri, graph in graphs.items() if graph.added or graph.removed}
        )

    def graph(self, graph_iri: str, generation: int | None = None) -> bytes:
        """The sorted N-Triples of a publication, the vocabulary or the derived graph, as published."""
        names = self._names(generation)
        if graph_iri not in names:
            _unknown(graph_iri)
        return self._ledger.get(names[graph_iri], GRAPH)

    def computed_graphs(self) -> list[str]:
        """The graphs that are no publications: the vocabulary and the derived statements."""
        return [name for name in data_names(self.current()) if name in RESERVED]

    def origins(self, graph_iri: str, generation: int | None = None) -> bytes:
        """The side file that leads statements back to cells; empty when none was given."""
        return self._ledger.get(self._entry(graph_iri, generation).origins)

    def report(self, graph_iri: str, generation: int | None = None) -> bytes:
        """The validation report of a publication; empty when none was given."""
        return self._ledger.get(self._entry(graph_iri, generation).report)

    def private(self, graph_iri: str, generation: int | None = None) -> bytes:
        """The statements of a publication that are not public: for its publisher alone."""
        return self._ledger.get(self._entry(graph_iri, generation).private)

    def received(self, graph_iri: str, generation: int | None = None) -> tuple[str, bytes] | None:
        """Name and bytes of the file from which a publication was read; ``None`` when none was given."""
        entry = self._entry(graph_iri, generation)
        if not entry.received:
            return None
        name = self._ledger.get(entry.received_name).decode("utf-8")
        return name or "received", self._ledger.get(entry.received)

    def engine(self) -> Engine:
        """An index of the current generation, built once for each; for trusted queries in this process."""
        current = self._generations.current()
        engine = self._engine
        if engine is None or engine.generation != current.number:
            engine = self._engine = load_engine(self._ledger, current)
        return engine

    def working_copy(self) -> ox.Store:
        """An index of the current generation that may be changed; nobody else sees it."""
        current = self._generations.current()
        derived = self._ledger.get(current.derived, GRAPH)
        return merged(load_parts(self._ledger, current) | {DERIVED: derived})

    def engine_of(self, number: int) -> Engine:
        """An index of an earlier generation, built for this call.

        Raises RodtradError: ``unknown-generation``, ``generation-purged``.
        """
        return load_engine(self._ledger, self.readable(number))

    def readable(self, number: int) -> Generation:
        """A generation whose graphs are all there. Raises ``unknown-generation``, ``generation-purged``."""
        generation = self.generation(number)
        self._refuse_purged(generation)
        return generation

    def generation_at(self, moment: datetime) -> int:
        """The number of the generation that held at a moment; 0 before the first."""
        numbers = range(1, self._generations.head()[0] + 1)
        return bisect_right(
            numbers, moment, key=lambda one: datetime.fromisoformat(self._generations.read(one).created)
        )

    def verify(self) -> list[Problem]:
        """Re-read everything and derive anew; an empty list means that every byte is as it was written."""
        return verify(self._ledger, self._generations)

    def _put(self, upload: Upload, dry_run: bool) -> GraphEntry:
        received_name, received = upload.received or ("", b"")
        return GraphEntry(
            data=self._name(upload.data, GRAPH, dry_run=dry_run),
            triples=upload.data.count(b"\n"),
            origins=self._name(upload.origins, dry_run=dry_run),
            report=self._name(upload.report, dry_run=dry_run),
            received=self._name(received, dry_run=dry_run),
            received_name=self._name(received_name.encode("utf-8"), dry_run=dry_run),
            received_sha256=upload.received_sha256 or name_of(received),
            private=self._name(upload.private, dry_run=dry_run),
            validation=json.loads(json.dumps(dict(upload.validation))),
        )

    def _name(self, content: bytes, ending: str = OTHER, *, dry_run: bool) -> str:
        return name_of(content) if dry_run else self._ledger.put(content, ending)

    def _advance(
        self, before: Generation, after: Generation, fresh: Mapping[str, bytes], by: str, dry_run: bool
    ) -> Generation:
        """Derive, and commit unless nothing changed; ``fresh`` is data that need not be read back."""
        after = replace(after, derivations=rules_hash(), restored=0)
        if _state(after) == _state(before):
            return before
        index = merged(load_parts(self._ledger, after, fresh))
        derived = derive(index)
        after = replace(after, derived=self._name(derived, GRAPH, dry_run=dry_run))
        changes = self._changes(before, after, {**fresh, DERIVED: derived})
        if dry_run:
            return self._numbered(before, after, changes, by)
        made = self._commit(before, after, changes, by)
        index.load(derived, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(DERIVED))
        self._engine = Engine(index, made.number)
        return made

    def _commit(
        self, before: Generation, after: Generation, changes: tuple[Change, ...], by: str
    ) -> Generation:
        made = self._numbered(before, after, changes, by)
        self._generations.commit(made)
        return made

    def _numbered(
        self, before: Generation, after: Generation, changes: tuple[Change, ...], by: str
    ) -> Generation:
        return replace(
            after,
            number=before.number + 1,
            parent=before.number,
            parent_hash=self._generations.head()[1],
            created=datetime.now(UTC).isoformat(timespec="milliseconds"),
            by=by,
            software=__version__,
            changes=changes,
        )

    def _changes(
        self, before: Generation, after: Generation, fresh: Mapping[str, bytes]
    ) -> tuple[Change, ...]:
        old, new = data_names(before), data_names(after)
        changes: list[Change] = []
        for iri in sorted({*old, *new}):
            if old.get(iri) == new.get(iri) and before.graphs.get(iri) == after.graphs.get(iri):
                continue
            kind = "retire" if iri not in new else "replace" if iri in old else "publish"
            kind = {VOCABULARY: "vocabulary", DERIVED: "derived"}.get(iri, kind)
            lines_before = triples.split(self._ledger.get(old.get(iri, ""), GRAPH))
            data = fresh[iri] if iri in fresh else self._ledger.get(new.get(iri, ""), GRAPH)
            lines_after = triples.split(data)
            about_before, about_after = triples.subjects(lines_before), triples.subjects(lines_after)
            changes.append(
                Change(
                    kind,
                    iri,
                    len(lines_after - lines_before),
                    len(lines_before - lines_after),
                    len(about_after - about_before),
                    len(about_before - about_after),
                )
            )
        return tuple(changes)

    def _refuse_much_removal(self, before: Generation, uploads: Sequence[Upload]) -> None:
        problems: list[Problem] = []
        for upload in uploads:
            entry = before.graphs.get(upload.graph_iri)
            if entry is None:
                continue
            old = triples.subjects(triples.split(self._ledger.get(entry.data, GRAPH)))
            gone = sorted(old - triples.subjects(triples.split(upload.data)))
            if len(gone) > REMOVAL_SHARE * len(old):
                values = {"graph": upload.graph_iri, "removed": len(gone), "total": len(old)}
                values |= {"percent": round(REMOVAL_SHARE * 100), "iris": " ".join(gone)}
                problems.append(Problem("removes-much", Where(iri=upload.graph_iri), values))
        if problems:
            raise RodtradError(problems)

    def _purged(self, generation: Generation) -> list[Tombstone]:
        stones = [self._ledger.tombstone(name) for name, _ in files_of(generation)]
        return [one for one in stones if one is not None]

    def _refuse_purged(self, generation: Generation) -> None:
        graphs = set(data_names(generation).values())
        stone = next((one for one in self._purged(generation) if one.name in graphs), None)
        if stone is not None:
            values = {"number": generation.number, "reason": stone.reason, "time": stone.time[:10]}
            raise RodtradError(Problem("generation-purged", values=values))

    def _names(self, generation: int | None) -> Mapping[str, str]:
        if generation == 0:
            return {}  # Before the first one nothing was said.
        return data_names(self.current() if generation is None else self.generation(generation))

    def _entry(self, graph_iri: str, generation: int | None) -> GraphEntry:
        graphs = (self.current() if generation is None else self.generation(generation)).graphs
        return graphs[graph_iri] if graph_iri in graphs else _unknown(graph_iri)


def _notices(
    before: Generation, graphs: Mapping[str, GraphEntry], fresh: Notices, by: str
) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The notices of publications that stay as they were, the new ones last."""
    stamp = {"generation": before.number + 1, "by": by}
    kept = {}
    for iri, entry in graphs.items():
        if entry == before.graphs.get(iri):
            fresh_ones = [{**stamp, **fresh[iri]}] if iri in fresh else []
            kept[iri] = [*before.notices.get(iri, ()), *fresh_ones][-_NOTICES_KEPT:]
    return {iri: notes for iri, notes in kept.items() if notes}


def _state(generation: Generation) -> tuple[object, ...]:
    return generation.graphs, generation.vocabulary, generation.derivations


def _check_graph_iri(graph_iri: str) -> None:
    where = Where(iri=graph_iri)
    if graph_iri in RESERVED:
        raise RodtradError(Problem("graph-reserved", where, {"graph": graph_iri}))
    try:
        ox.NamedNode(graph_iri)
    except ValueError as error:
        raise RodtradError(Problem("graph-invalid", where, {"graph": graph_iri, "reason": error})) from None


def _unknown(graph_iri: str) -> NoReturn:
    raise RodtradError(Problem("unknown-graph", Where(iri=graph_iri), {"graph": graph_iri}))
