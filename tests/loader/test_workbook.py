"""Workbooks as they are filled in, and workbooks that must not be opened."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import openpyxl
import pytest
import xlsxwriter
from rdflib import Literal
from rodtrad.loader import read
from rodtrad.loader.workbook import read_workbook
from rodtrad.ontology.names import ID, RT


@pytest.fixture
def book(tmp_path):
    """Writes a workbook of one sheet from cell values; ``formats`` are number formats by cell."""

    def write(cells, formats=None, name="Effektkedja"):
        path = tmp_path / "bok.xlsx"
        workbook = xlsxwriter.Workbook(str(path))
        sheet = workbook.add_worksheet(name)
        for cell, value in cells.items():
            number_format = (formats or {}).get(cell)
            sheet.write(
                cell, value, workbook.add_format({"num_format": number_format}) if number_format else None
            )
        workbook.close()
        return path

    return write


def texts(path):
    tables = read_workbook(path)
    assert tables.problems == ()
    return tables.tables[0].rows


def rewritten(path, change):
    """The same zip file with its entries changed: ``change`` gets and gives a dict of names and bytes."""
    with zipfile.ZipFile(path) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in change(entries).items():
            archive.writestr(name, data)
    return path


def codes(path, references):
    return [p.code for p in read([path], references).problems]


def test_cells_are_read_as_the_user_sees_them(book):
    path = book(
        {
            "A1": 3,
            "B1": 0.1 + 0.2,
            "C1": True,
            "D1": "=text",
            "A2": 2019.0,
            "B2": 43831,
            "C2": "a\r\nb",
            "D2": "A\u030a",
        },
        {"B2": "yyyy-mm-dd"},
    )
    rows = texts(rewritten(path, lambda e: e))
    assert rows[0][:3] == ("3", "0.3", "true")
    assert rows[1] == ("2019", "2020-01-01", "a\nb", "Å")


def test_a_number_shown_as_per_cent_is_not_taken_for_its_hundredth(book):
    rows = texts(book({"A1": 0.125, "B1": 0.125, "C1": 0.5}, {"A1": "0.0%", "C1": '0.0 "% av"'}))
    assert rows[0] == ("12.5 %", "0.125", "0.5")


def test_a_cell_that_shows_an_error_is_told_of(tmp_path, references):
    path = tmp_path / "bok.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    workbook.add_worksheet("Tom")
    workbook.add_worksheet("Effektkedja").write_formula("B7", "=1/0", None, "#DIV/0!")
    workbook.close()
    (problem,) = read_workbook(path).problems
    assert (problem.code, problem.where.sheet, problem.where.cell) == (
        "cell-holds-error",
        "Effektkedja",
        "B7",
    )


def test_a_zip_bomb_is_refused_before_it_is_unpacked(book, references):
    path = book({"A1": "x"})
    big = b" " * (60 * 1024 * 1024)
    rewritten(path, lambda entries: entries | {"xl/worksheets/sheet1.xml": big})
    started = time.perf_counter()
    assert codes(path, references) == ["file-too-large"]
    assert time.perf_counter() - started < 2


def test_a_zip_file_that_lies_about_its_sizes_is_refused(book, references):
    path = book({"A1": "x"})
    rewritten(path, lambda entries: entries | {"xl/worksheets/sheet1.xml": b" " * (60 * 1024 * 1024)})
    data = bytearray(path.read_bytes())
    true_size, told = struct.pack("<L", 60 * 1024 * 1024), struct.pack("<L", 1000)
    assert data.count(true_size) >= 2
    path.write_bytes(bytes(data).replace(true_size, told))
    assert codes(path, references) == ["file-too-large"]


def test_too_many_parts_are_refused(book, references):
    path = rewritten(book({"A1": "x"}), lambda e: e | {f"xl/media/{i}.png": b"" for i in range(1001)})
    assert codes(path, references) == ["file-too-large"]


def test_one_cell_far_away_is_refused_before_the_rectangle_is_built(book, references):
    path = book({"A1": "x", "XFD1048576": "y"})
    (problem,) = read([path], references).problems
    assert problem.code == "sheet-too-large"
    assert "1048576 rader" in problem.message("sv")


def test_macros_links_and_other_files_are_refused(book, tmp_path, references):
    with_macro = rewritten(book({"A1": "x"}), lambda e: e | {"xl/vbaProject.bin": b"x"})
    assert codes(with_macro, references) == ["file-has-macros"]
    named = with_macro.rename(tmp_path / "bok.xlsm")
    assert codes(named, references) == ["file-has-macros"]
    linked = rewritten(book({"A1": "x"}), lambda e: e | {"xl/externalLinks/externalLink1.xml": b"<x/>"})
    assert codes(linked, references) == ["file-has-external-links"]
    broken = tmp_path / "bok.xlsx"
    for data in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200, broken.read_bytes()[:-200]):
        broken.write_bytes(data)
        assert codes(broken, references) == ["file-unreadable"]


def test_entities_in_a_workbook_are_refused(book, references):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert codes(rewritten(book({"A1": "x"}), lambda e: e | {"xl/styles.xml": bomb}), references) == [
        "file-unreadable"
    ]


def fill(workbook, sheet, **cells):
    """Writes under the headings, in the first row that is empty."""
    page = workbook[sheet]
    places = {page.cell(1, j).value: j for j in range(1, page.max_column + 1)}
    row = next(i for i in range(2, 100) if all(page.cell(i, j).value is None for j in places.values()))
    for heading, value in cells.items():
        page.cell(row, places[heading.replace("_", " ")]).value = value


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_workbook_filled_in_by_hand_without_any_id_is_read(template, tmp_path, references, lang):
    """As a person does it: open the template, write under the headings, save."""
    workbook = openpyxl.load_workbook(io.BytesIO(template(lang).read_bytes()))

    if lang == "sv":
        fill(
            workbook,
            "Publicering",
            Rubrik="Prov",
            Utgivare="Region Prov",
            Datamängd="prov",
            Fullständighet="urval",
        )
        fill(
            workbook,
            "Aktiviteter",
            Aktivitet="Validera",
            Status="genomförd",
            Från_år=2019,
            Aktör_1="Region Prov",
            Roll_1="driver",
        )
        fill(
            workbook,
            "Effektkedja",
            Led="Prestation",
            Text="Intyg",
            Aktivitet="Validera",
            Tillstånd="uppnådd",
            Värde=184,
        )
        fill(
            workbook,
            "Effektkedja",
            Led="Utfall",
            Text="Anställda",
            Tillstånd="förväntad",
            Följer_av="Intyg",
            Länkens_grund="angiven",
        )
    else:
        fill(
            workbook,
            "Publication",
            Title="Prov",
            Publisher="Region Prov",
            Dataset="prov",
            Completeness="sample",
        )
        fill(
            workbook,
            "Activities",
            Activity="Validera",
            Status="carried out",
            From_year=2019,
            Actor_1="Region Prov",
            Role_1="runs",
        )
        fill(
            workbook, "Chain", Level="Output", Text="Intyg", Activity="Validera", State="achieved", Value=184
        )
        fill(
            workbook,
            "Chain",
            Level="Outcome",
            Text="Anställda",
            State="expected",
            Follows_from="Intyg",
            Basis_of_link="stated",
        )
    path = tmp_path / "ifylld.xlsx"
    workbook.save(path)
    reading = read([path], references)
    assert reading.ok, [(p.code, str(p.where)) for p in reading.problems]
    assert reading.graph.value(ID["prov/output/intyg"], RT.producedBy) == ID["prov/activity/validera"]
    assert reading.graph.value(ID["prov/output/intyg"], RT.value) == Literal(
        "184", datatype=Literal(1).datatype.replace("integer", "decimal")
    )
    assert reading.graph.value(ID["prov/link/anstallda-intyg"], RT.effect) == ID["prov/outcome/anstallda"]
    origin = next(o for o in reading.origins if o.path == str(RT.value) and o.text)
    page = workbook[origin.sheet]
    assert (page[origin.cell].value, origin.text, origin.file) == (184, "184", "ifylld.xlsx")
