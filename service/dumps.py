"""Everything for download: the current view and each publication, streamed from the ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import zstandard
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from ..ontology.names import GRAPH, PREFIXES
from ..ontology.problems import Problem, RodtradError
from ..store import Store

router = APIRouter(tags=["linked data"])
CURRENT = "current"
KINDS = {"nq": "application/n-quads", "ttl": "text/turtle"}
_ENDING = ".zst"
_LEVEL = 9


@router.get("/dumps/{name:path}", summary="A download: zstd-compressed N-Quads or Turtle")
def dump(request: Request, name: str) -> Response:
    """``current.nq.zst`` is everything that holds now, ``{publisher}/{dataset}.ttl.zst`` one publication."""
    store: Store = request.app.state.store
    stem, _, kind = name.removesuffix(_ENDING).rpartition(".")
    current = store.current()
    if not name.endswith(_ENDING) or kind not in KINDS:
        raise RodtradError(Problem("unknown-dump", values={"name": name[:200]}))
    if stem == CURRENT:
        graphs = [*sorted(current.graphs), *store.computed_graphs()]
        version = f"g{current.number}"
    else:
        graph = str(GRAPH[stem])
        if graph not in current.graphs:
            raise RodtradError(Problem("unknown-dump", values={"name": name[:200]}))
        graphs, version = [graph], current.graphs[graph].data
    headers = {
        "ETag": f'"{version}.{kind}.zst"',
        "Cache-Control": "no-cache",
        "X-Generation": str(current.number),
        "Content-Disposition": f'attachment; filename="{stem.replace("/", "-")}.{kind}.zst"',
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    pieces = compressed(written(store, graphs, kind, current.number))
    return StreamingResponse(pieces, headers=headers, media_type="application/zstd")


def written(store: Store, graphs: list[str], kind: str, generation: int) -> Iterator[bytes]:
    """The graphs of a generation one after the other, each whole in memory while it is written."""
    for graph in graphs:
        data = store.graph(graph, generation)
        if kind == "nq":
            ending = f" <{graph}> .\n".encode()
            yield b"".join(line[:-2].rstrip() + ending for line in data.splitlines())
        else:
            triples = (quad.triple for quad in ox.parse(data, ox.RdfFormat.N_TRIPLES))
            yield ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""


def compressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces as one zstd frame."""
    packing = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
    for piece in pieces:
        if packed := packing.compress(piece):
            yield packed
    yield packing.flush()
