"""The file that is kept names nobody, and reads as the one that was sent."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from rodtrad.examples import groups
from rodtrad.loader import References, build_workbook, ntriples, read
from rodtrad.loader.received import cleaned
from rodtrad.ontology import vocabulary

NAME = "Anna Hemlig"


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"tEXt", b"Author\0" + NAME.encode())
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04JF"
    + b"\xff\xe1"
    + struct.pack(">H", 2 + len(NAME))
    + NAME.encode()
    + b"\xff\xfe"
    + struct.pack(">H", 2 + len(NAME))
    + NAME.encode()
    + b"\xff\xda\x00\x02picture\xff\xd9"
)
WORKBOOK_XML = (
    f"""<fileSharing userName="{NAME}"/><x15ac:absPath url="C:\\Users\\{NAME}\\" xmlns:x15ac="x"/>"""
)


@pytest.fixture
def sent(tmp_path: Path) -> bytes:
    """A workbook of the made-up county with a name in every place where programs write one."""
    folder = next(path for group in groups() for path in group if path.name == "bergslund")
    path = tmp_path / "book.xlsx"
    build_workbook(folder, path)
    book = openpyxl.load_workbook(path)
    book.properties.creator = book.properties.lastModifiedBy = NAME
    book.properties.title = NAME
    book.custom_doc_props.append(StringProperty(name="Handläggare", value=NAME))
    book.worksheets[0]["A1"].comment = Comment(f"{NAME}:\nkontrollera", NAME)
    book.save(path)
    more = {
        "xl/media/image1.png": PNG,
        "xl/media/image2.jpeg": JPEG,
        "xl/printerSettings/printerSettings1.bin": NAME.encode("utf-16-le"),
        "docProps/app.xml": f"<Properties><Manager>{NAME}</Manager><Company>{NAME}</Company></Properties>".encode(),
        "xl/persons/person.xml": f'<personList><person displayName="{NAME}" userId="{NAME}" id="1"/></personList>'.encode(),
    }
    buffer = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            if entry.filename not in more:
                content = old.read(entry)
                if entry.filename == "xl/workbook.xml":
                    content = content.replace(b"<bookViews", WORKBOOK_XML.encode() + b"<bookViews")
                    assert NAME.encode() in content
                new.writestr(entry.filename, content)
        for name, content in more.items():
            new.writestr(name, content)
        new.comment = NAME.encode()
    return buffer.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def names_in(content: bytes) -> list[str]:
    found = [
        name
        for name, part in parts(content).items()
        if NAME.encode() in part or NAME.encode("utf-16-le") in part
    ]
    return found + ["comment"] * (NAME.encode() in content)


def test_the_kept_workbook_names_nobody(sent: bytes) -> None:
    assert len(names_in(sent)) == 10
    kept = cleaned("book.xlsx", sent)
    assert names_in(kept) == []
    assert set(parts(kept)) == set(parts(sent))


def test_the_comment_itself_stays(sent: bytes) -> None:
    comment = openpyxl.load_workbook(BytesIO(cleaned("book.xlsx", sent))).worksheets[0]["A1"].comment
    assert comment is not None and comment.text.strip() == "kontrollera"


def test_pictures_still_show(sent: bytes) -> None:
    kept = parts(cleaned("book.xlsx", sent))
    assert kept["xl/media/image1.png"] == PNG.replace(chunk(b"tEXt", b"Author\0" + NAME.encode()), b"")
    assert kept["xl/media/image2.jpeg"] == b"\xff\xd8\xff\xe0\x00\x04JF\xff\xda\x00\x02picture\xff\xd9"


def test_it_reads_as_what_was_sent_and_cleaning_again_changes_nothing(sent: bytes, tmp_path: Path) -> None:
    kept = cleaned("book.xlsx", sent)
    references = References.from_ntriples(vocabulary())
    read_back = []
    for name, content in (("sent.xlsx", sent), ("kept.xlsx", kept)):
        (tmp_path / name).write_bytes(content)
        read_back.append(ntriples(read([tmp_path / name], references).graph))
    assert read_back[0] == read_back[1] != b""
    assert cleaned("book.xlsx", kept) == kept


def test_what_is_no_workbook_is_left_alone() -> None:
    assert cleaned("data.ttl", b"<urn:a> <urn:b> 'Anna' .") == b"<urn:a> <urn:b> 'Anna' ."
