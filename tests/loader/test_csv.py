"""CSV as different programs save it."""

from __future__ import annotations

import pytest
from rodtrad.loader import read

TEXT = "Aktivitet{d}Status{d}Från år\n{q}Prova, och prova; igen{q}{d}genomförd{d}2019\n"


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_byte_order_marks_and_line_ends_do_not_matter(
    delimiter, mark, end, write_folder, sheets, references
):
    del sheets["5-effektkedja"]
    folder = write_folder(sheets)
    text = mark + TEXT.format(d=delimiter, q='"').replace("\n", end)
    (folder / "4-aktiviteter.csv").write_bytes(text.encode())
    reading = read([folder], references)
    assert reading.ok, reading.problems
    assert "Prova, och prova; igen" in {str(label) for label in reading.graph.objects()}


def test_a_file_in_another_encoding_is_told_of_and_the_others_are_still_read(
    write_folder, sheets, references
):
    sheets["2-styrning"][2][4] = "okänt slag"
    folder = write_folder(sheets)
    (folder / "4-aktiviteter.csv").write_bytes("Aktivitet;Status\nMöte;pågående\n".encode("cp1252"))
    reading = read([folder], references)
    assert not reading.ok
    found = {(p.code, p.where.file, p.where.cell) for p in reading.problems}
    assert ("csv-not-utf8", "prov/4-aktiviteter.csv", None) in found
    assert ("value-not-in-list", "prov/2-styrning.csv", "E3") in found


def test_a_quotation_that_does_not_end_is_told_of(write_folder, sheets, references):
    folder = write_folder(sheets)
    (folder / "4-aktiviteter.csv").write_text('Aktivitet,Status\n"Möte,pågående\n', encoding="utf-8")
    assert "csv-broken" in {p.code for p in read([folder], references).problems}


def test_sheets_may_be_given_one_by_one(write_folder, sheets, references):
    folder = write_folder(sheets)
    together = read([folder], references)
    apart = read(sorted(folder.glob("*.csv")), references)
    assert apart.ok
    assert set(apart.graph) == set(together.graph)


def test_a_folder_without_sheets_and_a_missing_file_are_problems(tmp_path, references):
    (tmp_path / "tom").mkdir()
    assert [p.code for p in read([tmp_path / "tom"], references).problems] == ["folder-without-sheets"]
    assert [p.code for p in read([tmp_path / "finns-inte.xlsx"], references).problems] == ["file-not-found"]
    (tmp_path / "brev.docx").write_bytes(b"PK")
    assert [p.code for p in read([tmp_path / "brev.docx"], references).problems] == ["file-kind-unknown"]
