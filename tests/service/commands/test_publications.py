"""A region's way on the command line: template, fill in, validate, publish, look back, go back, take out."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from rodtrad.service.cli import app
from typer.testing import CliRunner, Result

GRAPH = "https://w3id.org/rodtrad/graph/20/insatser"
ROWS = {
    "Publicering": [
        {
            "Rubrik": "Våra insatser 2026",
            "Utgivare": "Region Dalarna",
            "Datamängd": "insatser",
            "Gäller län": "Dalarnas län",
            "Fullständighet": "fullständig",
        }
    ],
    "Styrning": [
        {"Slag": "Styrdokument", "Titel": "Dalastrategin", "Dokumentslag": "RUS"},
        {"Slag": "Prioritering", "Titel": "Kompetens hela livet", "Överordnad": "Dalastrategin"},
    ],
    "Aktiviteter": [
        {
            "Aktivitet": "Vuxenutbildning nära",
            "Prioritering": "Kompetens hela livet",
            "Status": "pågående",
            "Aktör 1": "Region Dalarna",
            "Roll 1": "driver",
        }
    ],
    "Effektkedja": [
        {"Led": "Prestation", "Text": "Kurser", "Aktivitet": "Vuxenutbildning nära", "Tillstånd": "uppnådd"},
        {"Led": "Utfall", "Text": "Kan mer", "Följer av": "Kurser", "Länkens grund": "angiven", "Tillstånd": "förväntad"},
    ],
}  # fmt: skip


def rodtrad(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook filled in by hand, without one technical id."""
    path = tmp_path / "region.xlsx"
    assert rodtrad("template", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    for sheet, rows in ROWS.items():
        columns = {cell.value: cell.column for cell in book[sheet][1]}
        for number, row in enumerate(rows, 2):
            for name, value in row.items():
                book[sheet].cell(number, columns[name]).value = value
    book.save(path)
    return path


def change(path: Path, sheet: str, cell: str, value: str) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell].value = value
    book.save(path)


def test_a_sound_workbook_has_no_findings(workbook: Path) -> None:
    done = rodtrad("validate", workbook, "--lang", "sv")
    assert (done.exit_code, "Inga anmärkningar" in done.stdout) == (0, True)


@pytest.mark.parametrize(("lang", "word"), [("sv", "Tillåtna"), ("en", "Allowed")])
def test_a_wrong_word_is_named_at_its_cell_and_nothing_is_published(
    workbook: Path, tmp_path: Path, lang: str, word: str
) -> None:
    columns = [cell.value for cell in openpyxl.load_workbook(workbook)["Aktiviteter"][1]]
    cell = f"{openpyxl.utils.get_column_letter(columns.index('Status') + 1)}2"
    change(workbook, "Aktiviteter", cell, "pågånde")
    done = rodtrad("publish", workbook, "--data", tmp_path / "store", "--lang", lang)
    assert done.exit_code == 1
    assert f"Aktiviteter!{cell}" in done.stderr
    assert word in done.stderr
    listed = json.loads(rodtrad("history", "--data", tmp_path / "store", "--format", "json").stdout)
    assert len(listed) == 1, "the national publications only"


def test_publish_again_diff_and_rollback(workbook: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert rodtrad("publish", workbook, "--data", store).stdout == f"2\t{GRAPH}\n"
    assert rodtrad("publish", workbook, "--data", store).stdout == f"2\t{GRAPH}\n", (
        "same content, same generation"
    )
    change(workbook, "Aktiviteter", "A2", "Vuxenutbildning nära hemmet")
    change(workbook, "Effektkedja", "C2", "Kurser")
    book = openpyxl.load_workbook(workbook)
    columns = [cell.value for cell in book["Effektkedja"][1]]
    book["Effektkedja"].cell(2, columns.index("Aktivitet") + 1).value = "Vuxenutbildning nära hemmet"
    book.save(workbook)
    assert rodtrad("publish", workbook, "--data", store, "--confirm-removal").stdout == f"3\t{GRAPH}\n"
    changed = json.loads(rodtrad("diff", 2, 3, "--data", store, "--format", "json", "--lang", "en").stdout)
    labels = {
        row["Change"]: row["Statement"] for row in changed if '"Vuxenutbildning nära' in row["Statement"]
    }
    assert {sign: "hemmet" in statement for sign, statement in labels.items()} == {"-": False, "+": True}
    assert rodtrad("rollback", 2, "--data", store).stdout == "4\n"
    assert rodtrad("diff", 2, 4, "--data", store, "--format", "json").stdout == "[]\n"
    assert rodtrad("verify", "--data", store).exit_code == 0


def test_verify_finds_a_changed_file(workbook: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    rodtrad("publish", workbook, "--data", store)
    victim = sorted((store / "objects").rglob("*.nt.zst"))[0]
    victim.write_bytes(victim.read_bytes()[:-1] + b"\0")
    done = rodtrad("verify", "--data", store)
    assert done.exit_code == 1
    assert done.stderr.strip()


def test_a_publication_goes_back_to_a_workbook_that_reads_the_same(workbook: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    rodtrad("publish", workbook, "--data", store)
    exported = tmp_path / "exported.xlsx"
    assert rodtrad("export", GRAPH, exported, "--data", store).exit_code == 0
    rodtrad("publish", exported, "--data", store)
    changed = rodtrad("diff", 2, 3, "--data", store, "--format", "json")
    assert json.loads(changed.stdout) == [], "other cells, the same statements"


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "nt"])
def test_convert_keeps_every_statement(workbook: Path, tmp_path: Path, ending: str) -> None:
    store, target = tmp_path / "store", tmp_path / f"out.{ending}"
    assert rodtrad("convert", workbook, target).exit_code == 0
    rodtrad("publish", workbook, "--data", store)
    assert rodtrad("publish", target, "--data", store, "--dry-run").exit_code == 0
    rodtrad("publish", target, "--data", store)
    assert json.loads(rodtrad("diff", 2, 3, "--data", store, "--format", "json").stdout) == []


@pytest.mark.parametrize("form", ["text", "json", "turtle"])
def test_report_formats_name_the_rule(workbook: Path, form: str) -> None:
    done = rodtrad("validate", workbook, "--tier", "full", "--format", form)
    assert done.exit_code == 1
    assert "RT-F-001" in done.stdout


def test_report_as_a_workbook(workbook: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    done = rodtrad("validate", workbook, "--tier", "full", "--format", "xlsx", "--out", out)
    assert done.exit_code == 1
    texts = [str(cell.value) for sheet in openpyxl.load_workbook(out) for row in sheet for cell in row]
    assert any("RT-F-001" in text for text in texts)


def test_what_cannot_be_done_says_why_in_one_line(tmp_path: Path) -> None:
    for arguments in (
        ("validate", tmp_path / "none.xlsx"),
        ("history", "--data", tmp_path),
        ("publish", tmp_path, "--lang", "sv"),
        ("export", GRAPH, tmp_path / "x.xlsx", "--data", tmp_path),
    ):
        done = rodtrad(*arguments)
        assert done.exit_code == 2, arguments
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()


def test_one_dataset_in_two_files_is_refused(workbook: Path, tmp_path: Path) -> None:
    done = rodtrad("publish", workbook, workbook, "--data", tmp_path / "store", "--lang", "en")
    assert done.exit_code == 2
    assert GRAPH in done.stderr
    assert len(json.loads(rodtrad("history", "--data", tmp_path / "store", "--format", "json").stdout)) == 1


def test_several_reports_are_one_json_document(workbook: Path) -> None:
    done = rodtrad("validate", workbook, workbook, "--format", "json")
    assert [one["report"]["conforms"] for one in json.loads(done.stdout)] == [True, True]
    assert rodtrad("validate", workbook, workbook, "--format", "turtle").exit_code == 2


def test_a_dry_run_leaves_no_store_behind(workbook: Path, tmp_path: Path) -> None:
    done = rodtrad("publish", workbook, "--data", tmp_path / "store", "--dry-run", "--lang", "en")
    assert done.exit_code == 0
    assert "nothing was published" in done.stderr
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("ending", ["html", "json", "ttl", "xlsx"])
def test_the_report_is_written_as_the_file_name_says(workbook: Path, tmp_path: Path, ending: str) -> None:
    change(workbook, "Aktiviteter", "A2", "")
    target = tmp_path / f"rapport.{ending}"
    done = rodtrad("validate", workbook, "--report", target, "--lang", "sv")
    if ending == "ttl":  # a file that was not judged has no report in that form
        assert done.exit_code == 2
        return
    assert done.exit_code == 1
    if ending == "xlsx":
        book = openpyxl.load_workbook(target)
        assert book.sheetnames[0] == "Anmärkningar"
        assert book["Aktiviteter"]["A2"].comment is not None
    else:
        assert "Aktiviteter" in target.read_text(encoding="utf-8")


def test_a_report_in_a_form_that_does_not_exist_is_refused(workbook: Path, tmp_path: Path) -> None:
    assert rodtrad("validate", workbook, "--report", tmp_path / "rapport.docx").exit_code == 2
