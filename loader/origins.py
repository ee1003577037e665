"""The side file of a publication: which cell each statement comes from, as compressed JSON lines."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable

import zstandard

from .reading import Origin


def pack_origins(origins: Iterable[Origin]) -> bytes:
    """Origins as zstd-compressed JSON lines, in the given order; equal origins give equal bytes."""
    lines = (
        json.dumps(
            [o.iri, o.path, o.file, o.sheet, o.cell, o.text], ensure_ascii=False, separators=(",", ":")
        )
        for o in origins
    )
    return zstandard.ZstdCompressor(level=9).compress("".join(line + "\n" for line in lines).encode())


def unpack_origins(data: bytes) -> tuple[Origin, ...]:
    """The opposite of ``pack_origins``; no bytes are no origins."""
    if not data:
        return ()
    with zstandard.ZstdDecompressor().stream_reader(data) as stream:
        return tuple(
            Origin(*json.loads(line)) for line in io.TextIOWrapper(stream, encoding="utf-8", newline="\n")
        )
