"""Text that every file format can hold."""

from __future__ import annotations

import re

# What XML 1.0 cannot carry, and the marks that turn the direction of the text around them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_MAX_LINK = 2079


def plain(text: str) -> str:
    """The text without what a document or workbook cannot hold."""
    return _FORBIDDEN.sub("", text)


def link(iri: str | None) -> str | None:
    """The address when it is one that a reader may be led to, else ``None``."""
    if iri and iri.startswith(("https://", "http://")) and len(iri) <= _MAX_LINK:
        return plain(iri)
    return None
