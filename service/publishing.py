"""From files to a generation: read, validate, publish. Used by the command line and by HTTP."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

from rdflib import RDF

from ..loader import Reading, References, ntriples, pack_origins, rdf_files, read
from ..loader.received import cleaned
from ..ontology import vocabulary
from ..ontology.names import RT
from ..ontology.privacy import private_properties
from ..ontology.problems import Problem, RodtradError
from ..shapes.library import Library
from ..shapes.reach import judge
from ..shapes.report import Report, locate, to_json, without_values_of
from ..store import Generation, Store, Upload
from .notices import notices

_PUBLICATION = re.compile(rf"^<([^>]*)> <{RDF.type}> <{RT.Publication}> ".encode(), re.MULTILINE)


@dataclass(frozen=True)
class Submission:
    """One dataset as received: what was read from it and what the rules say.

    ``report`` is ``None`` when the reading itself has violations: nothing half-read is judged.
    """

    path: Path
    reading: Reading
    report: Report | None

    @cached_property
    def triples(self) -> bytes:
        """The dataset as sorted N-Triples."""
        return ntriples(self.reading.graph)

    @property
    def publishable(self) -> bool:
        """Read without violations and not blocked at its tier."""
        return self.reading.ok and self.report is not None and not self.report.blocks

    @property
    def conforms(self) -> bool:
        """Read without violations and without any finding at its tier."""
        return self.reading.ok and self.report is not None and self.report.conforms


class Context:
    """What a dataset is read and judged against: the vocabulary and what is already published."""

    def __init__(self, published: Mapping[str, bytes] | None = None) -> None:
        self._publications = dict(published or {})
        self._references: References | None = None

    @classmethod
    def of(cls, store: Store) -> Context:
        """All current publications of the store."""
        return cls({graph: store.graph(graph) for graph in store.current().graphs})

    def add(self, triples: bytes) -> None:
        """Let what was just read be referred to by what is read next."""
        named = _PUBLICATION.search(triples)
        self._publications[named[1].decode() if named else f"urn:part:{len(self._publications)}"] = triples
        self._references = None

    def judge(self, graph: str, triples: bytes, tier: str, shapes: Library | None = None) -> Report:
        """What the rules say of a dataset in place of its earlier version, beside all others."""
        return judge(graph, {**self._publications, graph: triples}, [vocabulary()], tier, shapes)

    @property
    def parts(self) -> Sequence[bytes]:
        return (vocabulary(), *self._publications.values())

    @property
    def references(self) -> References:
        if self._references is None:
            self._references = References.from_ntriples(*self.parts)
        return self._references


def check(path: Path, context: Context, tier: str, shapes: Library | None = None) -> Submission:
    """Read a workbook, a folder of CSV sheets or an RDF file, and validate it at a tier.

    ``shapes``: other shapes than the package's own.
    """
    reading = read([path], context.references)
    if not reading.ok:
        return Submission(path, reading, None)
    report = context.judge(str(reading.graph_iri), ntriples(reading.graph), tier, shapes)
    submission = Submission(path, reading, report)
    assert submission.report is not None
    return Submission(path, reading, locate(submission.report, reading.origins))


def publish(
    store: Store,
    submissions: Sequence[Submission],
    *,
    by: str,
    confirm_removal: bool = False,
    dry_run: bool = False,
    condition: Callable[[Generation], None] | None = None,
) -> Generation:
    """Publish all of the submissions as one generation, or none; ``condition`` as for the store.

    Raises:
        RodtradError: ``not-publishable`` when one of them could not be read or is blocked at its tier,
            ``published-twice`` when two of them are the same dataset.
    """
    refused = [
        Problem("not-publishable", values={"file": submission.path})
        for submission in submissions
        if not submission.publishable
    ]
    if refused:
        raise RodtradError(refused)
    uploads = [as_upload(submission) for submission in submissions]
    graphs = [upload.graph_iri for upload in uploads]
    twice = sorted({graph for graph in graphs if graphs.count(graph) > 1})
    if twice:
        raise RodtradError([Problem("published-twice", values={"graph": graph}) for graph in twice])
    told = notices(store, {upload.graph_iri: upload.data for upload in uploads})
    return store.publish_many(
        uploads,
        by=by,
        vocabulary=vocabulary(),
        confirm_removal=confirm_removal,
        dry_run=dry_run,
        condition=condition,
        notices=told,
    )


def as_upload(submission: Submission) -> Upload:
    """What the store keeps of a dataset that was read and judged."""
    reading, report = submission.reading, submission.report
    assert reading.graph_iri is not None and report is not None
    name, received = submission.path.name, as_received(submission.path)
    hidden = private_properties()
    return Upload(
        str(reading.graph_iri),
        submission.triples,
        origins=pack_origins(one for one in reading.origins if one.path not in hidden),
        received=(name, cleaned(name, received)),
        received_sha256=hashlib.sha256(received).hexdigest(),
        report=to_json(without_values_of(report, hidden)).encode(),
        validation={"tier": report.tier, "findings": report.total, "conforms": report.conforms},
    )


def as_received(path: Path) -> bytes:
    """The file's bytes; a folder as an archive whose bytes depend on its content alone."""
    if path.is_file():
        return path.read_bytes()
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in rdf_files(path) or sorted(path.glob("*.csv")):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
    return buffer.getvalue()
