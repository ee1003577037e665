"""A file as it is kept: without the names and traces of the people who wrote it.

Programs for spreadsheets write who made a file, where it lay and which printer it knew. None of it is part of
what is published. The cells are not touched: reading the kept file gives what reading the sent file gave.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMPTY_PARTS = {
    "docprops/core.xml": _HEAD
    + b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docprops/app.xml": _HEAD
    + b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docprops/custom.xml": _HEAD
    + b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    "docmetadata/labelinfo.xml": _HEAD
    + b'<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata"/>',
}
_AUTHOR = re.compile(r"(<(?:\w+:)?author)(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?author>)", re.DOTALL)
_PEOPLE = re.compile(r"\b(displayName|userId|userName|providerId|lastModifiedBy)\s*=\s*(\"[^\"]*\"|'[^']*')")
_PATHS = re.compile(r"<(\w+:)?absPath\b[^>]*/>")
_SHARING = re.compile(r"<(\w+:)?fileSharing\b[^>]*/>")
_JPEG_KEPT = frozenset({0xE0, 0xE2, 0xEE})
"""JFIF, colour profile and Adobe's colour transform; others tell of camera and author."""
_PNG_TRACES = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")


def cleaned(name: str, content: bytes) -> bytes:
    """Return a workbook without authors, document properties and paths; other files as they are."""
    if not name.lower().endswith((".xlsx", ".xlsm")):
        return content
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as sent,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for entry in sent.infolist():
            if entry.is_dir():
                continue
            # A fresh entry: moments, comments and extra fields of the sent one stay behind.
            part = zipfile.ZipInfo(entry.filename)
            part.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(part, _part(entry.filename.lower().lstrip("/"), sent.read(entry)))
    return buffer.getvalue()


def _part(name: str, content: bytes) -> bytes:
    if name in _EMPTY_PARTS:
        return _EMPTY_PARTS[name]
    if name.startswith(("xl/printersettings/", "docprops/thumbnail")):
        return b""
    if name.endswith((".jpg", ".jpeg")):
        return _jpeg(content)
    if name.endswith(".png"):
        return _png(content)
    if name == "xl/workbook.xml":
        return _rewritten(content, lambda text: _PATHS.sub("", _SHARING.sub("", _people(text))))
    if name.startswith(("xl/persons/", "xl/threadedcomments/", "xl/revisions/")):
        return _rewritten(content, _people)
    if name.startswith("xl/") and "comments" in name and name.endswith(".xml"):
        return _rewritten(content, _comments)
    return content


def _rewritten(content: bytes, change: Callable[[str], str]) -> bytes:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        return change(content.decode(encoding)).encode(encoding)
    except UnicodeDecodeError:
        return b""  # Rather no comment than a name that was not found.


def _people(text: str) -> str:
    return _PEOPLE.sub(r'\1=""', text)


def _comments(text: str) -> str:
    """Authors without names; a comment usually begins with its author's name, too."""
    names = sorted({name for _, name in _AUTHOR.findall(text) if name.strip()}, key=len, reverse=True)
    text = _AUTHOR.sub(lambda found: f"{found[1]}></{found[1][1:]}>", text)
    for name in names:
        text = re.sub(rf"(<(?:\w+:)?t\b[^>]*>\s*){re.escape(name)}\s*:?", r"\1", text)
    return _people(text)


def _jpeg(content: bytes) -> bytes:
    if content[:2] != b"\xff\xd8":
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        marker = content[at + 1]
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        trace = marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in _JPEG_KEPT)
        if not trace:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])


def _png(content: bytes) -> bytes:
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return content
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        end = at + 12 + struct.unpack_from(">I", content, at)[0]
        if content[at + 4 : at + 8] not in _PNG_TRACES:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)
