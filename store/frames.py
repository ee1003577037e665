"""Messages between the processes that ask and answer: a JSON header and a body of bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

_LENGTHS = struct.Struct(">II")


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return one frame."""
    head = json.dumps(header, ensure_ascii=False).encode(errors="replace")
    return _LENGTHS.pack(len(head), len(body)) + head + body


class Reader:
    """Collects bytes as they come and gives whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Take bytes and yield every frame that is now complete."""
        self._buffer += data
        while len(self._buffer) >= _LENGTHS.size:
            head, body = _LENGTHS.unpack_from(self._buffer)
            start, end = _LENGTHS.size + head, _LENGTHS.size + head + body
            if len(self._buffer) < end:
                return
            header = json.loads(self._buffer[_LENGTHS.size : start])
            content = bytes(self._buffer[start:end])
            del self._buffer[:end]
            yield header, content
