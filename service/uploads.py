"""What is done with an upload, in a process with limits: read, judge, publish. See ``store/sandbox.py``.

Each function takes the body and JSON values, and returns JSON: what was done, or why not.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Sequence
from email.parser import BytesParser
from email.policy import HTTP
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.parsers import expat

import pyoxigraph as ox

from ..loader import ntriples, read
from ..loader.archive_guard import MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_TOTAL_BYTES
from ..ontology import vocabulary
from ..ontology.names import GRAPH
from ..ontology.problems import Problem, RodtradError, Where
from ..shapes.report import to_json
from ..shapes.validation import rules
from ..store import Generation, Store, Upload
from .notices import notices, told_by
from .ownership import refuse_others
from .publishing import Context, Submission, check
from .publishing import publish as publish_all

NO_RULES = "none"
SUFFIXES = {
    "text/turtle": ".ttl",
    "application/x-turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/ld+json": ".jsonld",
    "application/rdf+xml": ".rdf",
    "application/trig": ".trig",
    "application/n-quads": ".nq",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "multipart/form-data": ".parts",
}
"""Media types that may be published; a workbook as one file, a folder of CSV sheets as a zip file."""
_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}
_MAX_DEPTH = 500
_SYNTAX = ("rdf-syntax", "rdf-doctype", "rdf-not-utf8", "rdf-remote-context", "file-", "folder-", "csv-")


def warm() -> None:
    """Read the declarations once, for all copies of the standing process."""
    vocabulary()
    rules()
    Context().references  # noqa: B018


def publish(
    body: bytes,
    *,
    folder: str,
    graph: str,
    media: str,
    tier: str,
    by: str,
    merge: bool = False,
    confirm: bool = False,
    dry_run: bool = False,
    if_match: Sequence[str] | None = None,
    if_new: bool = False,
) -> bytes:
    """Publish one dataset from an upload.

    Args:
        graph: The graph that it is to replace; empty = the one that the content names.
        merge: Add to what is published instead of replacing it.
        if_match: Hashes of which the graph must have one now; ``*`` = any.
        if_new: The graph must not be there.

    Raises:
        RodtradError: As ``Store.publish``, and ``graph-mismatch``, ``graph-changed``, ``unknown-tier``.
    """
    store = Store(Path(folder))
    suffix = SUFFIXES[media.partition(";")[0].strip().lower()]
    condition = _Condition(graph, if_match, if_new)
    with tempfile.TemporaryDirectory(prefix="rodtrad-upload-") as place:
        path = written(body, Path(place), suffix, media)
        if tier == NO_RULES:
            upload = _unjudged(path, graph, store if merge else None)
            made = store.publish_many(
                [upload], by=by, confirm_removal=True, dry_run=dry_run, condition=condition
            )
            return _done(store, upload.graph_iri, made, condition.before, dry_run, None)
        context = Context.of(store)
        submission = _submission(path, graph, store if merge else None, context, tier)
        found = str(submission.reading.graph_iri or "")
        if graph and found and found != graph:
            raise RodtradError(Problem("graph-mismatch", Where(iri=graph), {"graph": graph, "found": found}))
        if not submission.publishable:
            return refusal(submission)
        refuse_others(submission.triples, found)
        made = publish_all(
            store, [submission], by=by, confirm_removal=confirm, dry_run=dry_run, condition=condition
        )
        return _done(store, found, made, condition.before, dry_run, submission)


def retire(
    _body: bytes,
    *,
    folder: str,
    graph: str,
    by: str,
    dry_run: bool = False,
    if_match: Sequence[str] | None = None,
) -> bytes:
    """Take a publication out of the current view. Raises ``unknown-graph``, ``graph-changed``."""
    store = Store(Path(folder))
    condition = _Condition(graph, if_match, False)
    told = notices(store, {graph: None})
    made = store.retire(graph, by=by, dry_run=dry_run, condition=condition, notices=told)
    return _done(store, graph, made, condition.before, dry_run, None)


def graph_named(body: bytes, *, folder: str, media: str) -> bytes:
    """The graph that the content of an upload names, or ``""``."""
    suffix = SUFFIXES[media.partition(";")[0].strip().lower()]
    references = Context.of(Store(Path(folder))).references
    with tempfile.TemporaryDirectory(prefix="rodtrad-upload-") as place:
        reading = read([written(body, Path(place), suffix, media)], references)
        if reading.graph_iri is None:
            raise RodtradError([one for one in reading.problems if one.severity == "violation"])
        return str(reading.graph_iri).encode()


class _Condition:
    """What must hold of the generation that is replaced; remembers which one that was."""

    def __init__(self, graph: str, if_match: Sequence[str] | None, if_new: bool) -> None:
        self._graph, self._if_match, self._if_new = graph, if_match, if_new
        self.before = 0

    def __call__(self, before: Generation) -> None:
        self.before = before.number
        entry = before.graphs.get(self._graph)
        held = entry.data if entry else ""
        header = ""
        if self._if_match is not None and (
            not held or ("*" not in self._if_match and held not in self._if_match)
        ):
            header = "If-Match"
        elif self._if_new and held:
            header = "If-None-Match"
        if header:
            values = {"etag": f'"{held}"' if held else "–", "header": header}
            raise RodtradError(Problem("graph-changed", Where(iri=self._graph), values))


def written(body: bytes, place: Path, suffix: str, media: str) -> Path:
    """The upload as a file, or as a folder of the files that it holds."""
    if suffix == ".zip":
        return _unpacked(body, place / "sheets")
    if suffix == ".parts":
        return _parts(body, place / "parts", media)
    path = place / f"upload{suffix}"
    path.write_bytes(body)
    return path


def _unpacked(body: bytes, folder: Path) -> Path:
    folder.mkdir()
    total = 0
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            entries = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if len(archive.infolist()) > MAX_ENTRIES:
                raise _too_large()
            for number, entry in enumerate(entries):
                with archive.open(entry) as file:
                    content = file.read(MAX_ENTRY_BYTES + 1)
                total += len(content)
                if len(content) > MAX_ENTRY_BYTES or total > MAX_TOTAL_BYTES:
                    raise _too_large()
                # The name tells the sheet; whatever folder it names is not gone to.
                name = Path(entry.filename.replace("\\", "/")).name or f"{number}.csv"
                (folder / name).write_bytes(content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        values = {"file": "upload.zip", "reason": error}
        raise RodtradError(Problem("file-unreadable", Where(file="upload.zip"), values)) from None
    return folder


def _too_large() -> RodtradError:
    limit = f"{MAX_TOTAL_BYTES // 2**20} MB"
    return RodtradError(Problem("file-too-large", Where(file="upload.zip"), {"limit": limit, "file": "zip"}))


def _parts(body: bytes, folder: Path, media: str) -> Path:
    """The parts of a form as files; each says its own media type, or what its name ends in."""
    folder.mkdir()
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + media.encode() + b"\r\n\r\n" + body)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if not parts:
        values = {"file": "form", "reason": "0 parts"}
        raise RodtradError(Problem("file-unreadable", Where(file="form"), values))
    for number, part in enumerate(parts[:MAX_ENTRIES]):
        ending = Path(part.get_filename() or "").suffix.lower()
        suffix = SUFFIXES.get(part.get_content_type(), ending if ending in _FORMATS else "")
        if suffix not in _FORMATS:
            raise RodtradError(Problem("media-type-unsupported", values={"path": part.get_content_type()}))
        content = part.get_payload(decode=True)
        (folder / f"{number}{suffix}").write_bytes(content if isinstance(content, bytes) else b"")
    return folder


def _submission(path: Path, graph: str, merge_into: Store | None, context: Context, tier: str) -> Submission:
    published = b""
    if merge_into and graph in merge_into.current().graphs:
        published = merge_into.graph(graph) + merge_into.private(graph)
    if published:
        added = _triples(path) if path.suffix in _FORMATS else _read_triples(path, context)
        path = path.parent / "merged.nt"
        path.write_bytes(published + added)
    return check(path, context, tier)


def _read_triples(path: Path, context: Context) -> bytes:
    reading = read([path], context.references)
    if not reading.ok:
        raise RodtradError([one for one in reading.problems if one.severity == "violation"])
    return ntriples(reading.graph)


def _triples(path: Path) -> bytes:
    """An RDF file, or a folder of them, as N-Triples; quads of a named graph are refused by the reader."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    found: list[ox.Quad] = []
    for number, file in enumerate(files):
        text = file.read_bytes()
        if file.suffix == ".rdf" and b"<!DOCTYPE" in text.upper().replace(b"\0", b""):
            raise RodtradError(Problem("rdf-doctype", Where(file=file.name), {"line": 1}))
        if file.suffix == ".rdf":
            _refuse_deep(text, file.name)
        try:
            # Blank nodes of two files are two nodes, whatever their labels.
            found += ox.parse(text, _FORMATS[file.suffix], rename_blank_nodes=number > 0)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or "?"
            values = {
                "line": line,
                "column": getattr(error, "offset", None) or "?",
                "reason": str(error)[:300],
            }
            raise RodtradError(Problem("rdf-syntax", Where(file=file.name), values)) from None
    others = sorted({str(one.graph_name) for one in found if not isinstance(one.graph_name, ox.DefaultGraph)})
    if others:
        values = {"found": ", ".join(others[:5]), "wanted": "–"}
        raise RodtradError(Problem("rdf-other-graph", Where(file=path.name), values))
    return ox.serialize((one.triple for one in found), format=ox.RdfFormat.N_TRIPLES) or b""


def _refuse_deep(text: bytes, name: str) -> None:
    """XML that is nested deep takes the engine a time that grows with the square of the depth."""
    depth, parser = 0, expat.ParserCreate()

    def begin(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber
            values = {"line": line, "column": column, "reason": f"> {_MAX_DEPTH}"}
            raise RodtradError(Problem("rdf-syntax", Where(file=name), values))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        return  # The engine tells what is wrong, and where.


def _unjudged(path: Path, graph: str, merge_into: Store | None) -> Upload:
    data = _triples(path)
    name = graph or str(GRAPH[f"local/{uuid5(NAMESPACE_URL, data.decode())}"])
    if merge_into and name in merge_into.current().graphs:
        data += merge_into.graph(name) + merge_into.private(name)
    return Upload(name, data, validation={"tier": NO_RULES}, blank_nodes=True)


def _done(
    store: Store, graph: str, made: Generation, before: int, dry_run: bool, submission: Submission | None
) -> bytes:
    # The current generation comes back when there was nothing to change.
    new = made.number != before
    held = store.generation(made.parent).graphs.get(graph) if new else made.graphs.get(graph)
    now = made.graphs.get(graph)
    answer: dict[str, Any] = {
        "generation": made.number,
        "graph": graph,
        "created": held is None and now is not None,
        "changed": held != now,
        "dry_run": dry_run,
        "etag": now.data if now else "",
        "statements": now.triples if now else 0,
        "changes": [vars(change) for change in made.changes] if new else [],
        "notified": told_by(made) if new else [],
    }
    if submission is not None and submission.report is not None:
        answer["report"] = json.loads(to_json(submission.report))
        answer["remarks"] = [one.as_dict() for one in submission.reading.problems]
    return json.dumps(answer, ensure_ascii=False).encode()


def refusal(submission: Submission) -> bytes:
    """Why a dataset is not published: status, errors and report."""
    problems = [one for one in submission.reading.problems if one.severity == "violation"]
    unreadable = bool(problems) and all(one.code.startswith(_SYNTAX) for one in problems)
    answer: dict[str, Any] = {
        "refused": 400 if unreadable else 422,
        "errors": [one.as_dict() for one in submission.reading.problems],
        "report": json.loads(to_json(submission.report)) if submission.report else None,
    }
    return json.dumps(answer, ensure_ascii=False).encode()
