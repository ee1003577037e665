"""A submitted workbook comes back with coloured cells, and otherwise as it was."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from rodtrad.loader import References, read, write_template
from rodtrad.loader.marked_copy import COLOURS, Remark, marked_copy
from rodtrad.ontology.problems import Where

from .conftest import KNOWN

FAULT = Remark(
    Where(sheet="Aktiviteter", cell="B2"), "RT-B-004", "violation", "=HYPERLINK(1)", "Välj ur listan."
)
DOUBT = Remark(
    Where(sheet="Aktiviteter", cell="B2"), "RT-K-004", "warning", "Hänger löst.", "Ange uppdraget."
)
NOWHERE = Remark(Where(iri="https://example.org/x"), "RT-K-014", "info", "Utan prestation.", "Lägg till en.")


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Aktiviteter"
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["B2"], sheet["C2"] = (
        "Aktivitet",
        "Status",
        "Kurs",
        "klart",
        "=1+1",
    )
    sheet["A1"].font = Font(bold=True, color="FF00AA00")
    sheet["A2"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["B2"].comment = Comment("Fråga Anna", "Anna Ek")
    choices = DataValidation(type="list", formula1='"planerad,pågående"')
    choices.add("B2:B99")
    sheet.add_data_validation(choices)
    book.create_sheet("Egna anteckningar")["A1"] = "rör inte"
    book.properties.creator = "Anna Ek"
    path = tmp_path / "region.xlsx"
    book.save(path)
    return path


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_cell_with_a_fault_is_red_and_says_what_to_do(submitted: Path) -> None:
    sheet = opened(marked_copy(submitted, [FAULT, DOUBT], "sv", "Nivå bas: 1 fel."))["Aktiviteter"]
    assert sheet["B2"].fill.fgColor.rgb == COLOURS["violation"]
    said = sheet["B2"].comment.text
    assert said.startswith("Fråga Anna")
    assert "fel RT-B-004: =HYPERLINK(1)\nVälj ur listan." in said
    assert "varning RT-K-004: Hänger löst.\nAnge uppdraget." in said


def test_the_first_sheet_lists_the_remarks_with_links_to_their_cells(submitted: Path) -> None:
    book = opened(marked_copy(submitted, [FAULT, DOUBT, NOWHERE], "en", "Tier bas: 1 violation."))
    assert book.sheetnames == ["Findings", "Aktiviteter", "Egna anteckningar"]
    page = book["Findings"]
    assert page["A1"].value == "Tier bas: 1 violation."
    assert [page.cell(4, j).value for j in range(1, 7)] == [
        "Aktiviteter", "B2", "RT-B-004", "violation", "=HYPERLINK(1)", "Välj ur listan."
    ]  # fmt: skip
    assert page["E4"].data_type == "s"
    assert page["B4"].hyperlink.location == "'Aktiviteter'!B2"
    assert (page["B6"].hyperlink, page["G6"].value) == (None, "https://example.org/x")


def test_all_else_stays_as_it_was(submitted: Path) -> None:
    content = marked_copy(submitted, [FAULT], "sv", "")
    before, after = openpyxl.load_workbook(submitted), opened(content)
    for sheet in before:
        assert {c.coordinate: c.value for row in sheet for c in row} == {
            c.coordinate: c.value for row in after[sheet.title] for c in row
        }
    sheet = after["Aktiviteter"]
    assert sheet["C2"].value == "=1+1"
    assert (sheet["A1"].font.bold, sheet["A1"].font.color.rgb) == (True, "FF00AA00")
    assert sheet["A2"].fill.fgColor.rgb == "FF00FF00"
    (choices,) = sheet.data_validations.dataValidation
    assert (choices.formula1, str(choices.sqref)) == ('"planerad,pågående"', "B2:B99")
    assert submitted.read_bytes() != content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any(b"Anna Ek" in parts.read(name) for name in parts.namelist())


def test_the_template_keeps_its_lists_and_names(tmp_path: Path) -> None:
    path = tmp_path / "mall.xlsx"
    write_template(path, "sv")
    before = openpyxl.load_workbook(path)
    after = opened(marked_copy(path, [FAULT], "sv", ""))
    assert after.sheetnames[1:] == before.sheetnames
    assert sorted(after.defined_names) == sorted(before.defined_names)
    for sheet in before:
        assert len(after[sheet.title].data_validations.dataValidation) == len(
            sheet.data_validations.dataValidation
        )
        assert after[sheet.title].protection.sheet == sheet.protection.sheet


def test_a_corrected_copy_loses_its_earlier_marks_and_its_list_is_not_read(
    submitted: Path, tmp_path: Path
) -> None:
    first = tmp_path / "marked.xlsx"
    first.write_bytes(marked_copy(submitted, [FAULT], "sv", ""))
    book = opened(marked_copy(first, [], "sv", ""))
    assert book.sheetnames.count("Anmärkningar") == 1
    assert book["Anmärkningar"]["A4"].value is None
    assert book["Aktiviteter"]["B2"].fill.fgColor.rgb not in COLOURS.values()
    assert book["Aktiviteter"]["B2"].comment.text == "Fråga Anna"
    assert not [one for one in read([first], References.from_ntriples(KNOWN)).problems
                if one.where.sheet == "Anmärkningar"]  # fmt: skip


def test_a_folder_of_csv_sheets_gets_a_workbook_with_the_same_cells(tmp_path: Path) -> None:
    folder = tmp_path / "blad"
    folder.mkdir()
    (folder / "4-aktiviteter.csv").write_text("Aktivitet;Status\n=Kurs;klart\n", encoding="utf-8")
    sheet = opened(marked_copy(folder, [FAULT], "sv", ""))["aktiviteter"]
    assert [[cell.value for cell in row] for row in sheet] == [["Aktivitet", "Status"], ["=Kurs", "klart"]]
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].fill.fgColor.rgb == COLOURS["violation"]
