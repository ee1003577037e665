"""A publication as one file for an archive: data, report, origins, what was received, and what it all is."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping

from .. import __version__
from ..loader import unpack_origins
from ..ontology.context import context
from ..ontology.problems import LANGS, Problem, RodtradError, Where
from ..store import Generation, Store
from .texts import text

_LICENCE = re.compile(rb"^<([^>]*)> <http://purl.org/dc/terms/license> <([^>]*)> \.$", re.MULTILINE)
_FIRST = (1980, 1, 1, 0, 0, 0)


def archive(store: Store, graph: str, *, generation: int | None = None, with_private: bool = False) -> bytes:
    """A zip file whose bytes depend on its content alone.

    Args:
        with_private: Also what is not public: the received file, and the statements that are in no graph. For
            the publisher itself and its archive.

    Raises RodtradError: ``unknown-graph``, ``unknown-generation``, ``object-purged``.
    """
    found = store.current() if generation is None else store.generation(generation)
    if graph not in found.graphs:
        raise RodtradError(Problem("unknown-graph", Where(iri=graph), {"graph": graph}))
    number = found.number
    files = {
        "data.nt": store.graph(graph, number),
        "report.json": store.report(graph, number),
        "origins.csv": _origins(store.origins(graph, number)),
        "context.jsonld": json.dumps(context(), ensure_ascii=False, indent=1).encode(),
    }
    received = store.received(graph, number)
    if with_private and received is not None:
        files[f"received/{received[0].replace('/', '_')}"] = received[1]
        files["private.nt"] = store.private(graph, number)
    for lang in LANGS:
        words = text("archive_readme", lang, graph=graph, generation=number, created=found.created)
        files[f"README.{lang}.txt"] = (words + "\n").encode()
    files = {name: content for name, content in files.items() if content}
    files["manifest.json"] = json.dumps(
        _manifest(graph, found, files), ensure_ascii=False, indent=1, sort_keys=True
    ).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[name])
    return buffer.getvalue()


def _manifest(graph: str, generation: Generation, files: Mapping[str, bytes]) -> dict[str, object]:
    """What an archive asks about a delivery: what, by whom, when, from which system, hashes."""
    entry = generation.graphs[graph]
    return {
        "identifier": graph,
        "publisher": generation.publisher(graph),
        "generation": generation.number,
        "created": generation.created,
        "publishedBy": generation.by,
        "system": f"rodtrad {generation.software}",
        "exportedWith": f"rodtrad {__version__}",
        "licence": _licence(graph, files["data.nt"]),
        "sha256": entry.data,
        "statements": entry.triples,
        "receivedSha256": entry.received_sha256,
        "validation": entry.validation,
        "files": [
            {
                "name": name,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, content in sorted(files.items())
        ],
    }


def _licence(graph: str, data: bytes) -> str | None:
    """The licence that the publication itself states."""
    stated = (iri.decode() for about, iri in _LICENCE.findall(data) if about == graph.encode())
    return next(stated, None)


def _origins(packed: bytes) -> bytes:
    rows = [[o.iri, o.path, o.file, o.sheet, o.cell, o.text] for o in unpack_origins(packed)]
    if not rows:
        return b""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([["iri", "property", "file", "sheet", "cell", "text"], *rows])
    return buffer.getvalue().encode()
