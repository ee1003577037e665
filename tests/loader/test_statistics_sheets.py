"""Figures in a workbook, read by a mapping: the region's own file value by value, and faults told by sheet row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import yaml
from defusedxml.ElementTree import fromstring
from rdflib import RDF, Graph, URIRef
from rodtrad.loader import References
from rodtrad.loader.statistics import read_statistics
from rodtrad.ontology.names import RT
from rodtrad.ontology.problems import RodtradError

from .conftest import FIGURES_SHEET

FILE = "arbetsmarknadsstatus_tidsserie.xlsx"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TABLE: dict[str, Any] = {
    "file": FILE,
    "place": "region",
    "time": "Period",
    "values": {"arbetslöshet": "arbetsloshet"},
    "groups": {"kön": "sex"},
    "leave_out": ["regionkod", "ålder", "födelseregion", "ar", "manad_long"],
}


def mapping(folder: Path, **table: object) -> str:
    told = {
        "publication": FIGURES_SHEET,
        "indicators": [{"Id": "arbetsloshet", "Benämning": "Arbetslöshet", "Enhet": "procent"}],
        "groups": {"sex": {"scheme": "scheme:sex"}},
        "tables": [TABLE | table],
    }
    file = folder / "mappning.yaml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return str(file)


def cells(path: Path) -> list[list[str]]:
    """The rows of the first sheet, straight from the XML of the file."""
    with ZipFile(path) as archive:
        shared = fromstring(archive.read("xl/sharedStrings.xml"))
        sheet = fromstring(archive.read("xl/worksheets/sheet1.xml"))
    texts = ["".join(part.text or "" for part in one.iter(f"{MAIN}t")) for one in shared]
    rows = []
    for row in sheet.iter(f"{MAIN}row"):
        told = [(cell.get("t"), cell.findtext(f"{MAIN}v") or "") for cell in row]
        rows.append([texts[int(value)] if kind == "s" else value for kind, value in told])
    return rows


def observed(graph: Graph) -> set[tuple[str, str, Decimal]]:
    def one(node: object, term: URIRef) -> str:
        return str(next(graph.objects(node, term)))  # pyright: ignore[reportArgumentType]

    return {
        (one(node, RT.place).rpartition("/")[2], one(node, RT.period), Decimal(one(node, RT.value)))
        for node in graph.subjects(RDF.type, RT.Observation)
    }


def test_every_value_of_the_regions_own_workbook(
    shared: Path, tmp_path: Path, national_actors: References
) -> None:
    folder = shared / "data/statistics/dalarna-lage"
    heading, *rows = cells(folder / FILE)
    at = {name: heading.index(name) for name in ("regionkod", "Period", "arbetslöshet")}
    expected = {
        (
            row[at["regionkod"]].replace("00", "SE"),
            row[at["Period"]],
            Decimal(str(round(float(row[at["arbetslöshet"]]), 6))),
        )
        for row in rows
    }
    by_code = mapping(tmp_path, place="regionkod", leave_out=["region", *TABLE["leave_out"][1:]])
    reading = read_statistics(by_code, [folder], national_actors)
    assert reading.ok
    assert observed(reading.graph) == expected and len(expected) == 1078
    # The country stands among the counties: told once, at its first row.
    assert [(one.code, one.where.file, one.where.cell) for one in reading.problems] == [
        ("statistics-country", FILE, "F2")
    ]


def test_names_that_a_county_shares_with_a_municipality_are_refused_at_their_row(
    shared: Path, tmp_path: Path, national_actors: References
) -> None:
    """Six of the 21 names, 49 months each: Stockholm stands first, on row 51."""
    folder = shared / "data/statistics/dalarna-lage"
    reading = read_statistics(mapping(tmp_path), [folder], national_actors)
    (problem,) = [one for one in reading.problems if one.severity == "violation"]
    assert (problem.code, problem.where.file, problem.where.cell) == ("statistics-place", FILE, "F51")
    assert (problem.values["value"], problem.values["count"]) == ("Stockholm", 6 * 49)


def test_a_year_among_months_is_refused(tmp_path: Path, national_actors: References) -> None:
    months = [("Dalarna", f"2024-0{number}", "totalt", 3 + number) for number in (1, 2)]
    folder = small(tmp_path, *months, ("Dalarna", "2024", "totalt", 3.5))
    reading = read_statistics(mapping(tmp_path, header=3, leave_out=[]), [folder], national_actors)
    assert [(one.code, one.where.cell) for one in reading.problems] == [("statistics-mixed-periods", "D6")]


def small(folder: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in (("Arbetslösa i länet",), (), ("region", "Period", "kön", "arbetslöshet"), *rows):
        assert book.active is not None
        book.active.append(row)
    book.save(folder / FILE)
    return folder


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (("99", "2024-02", "totalt", 3.5), "statistics-place", "D5"),
        (("Dalarna", "i fjol", "totalt", 3.5), "statistics-time", "D5"),
        (("Dalarna", "2024-02", "okänt", 3.5), "statistics-group", "D5"),
        (("Dalarna", "2024-02", "totalt", "ungefär 3"), "statistics-value", "D5"),
        (("Dalarna", "2024-01", "totalt", 4.5), "statistics-conflict", "D5"),
    ],
)
def test_a_fault_in_a_sheet_is_told_with_file_and_cell(
    row: tuple[object, ...], code: str, cell: str, tmp_path: Path, national_actors: References
) -> None:
    """The headings stand on the third row, under a title; the cell is that of the value."""
    folder = small(tmp_path, ("Dalarna", "2024-01", "totalt", 3.25), row)
    reading = read_statistics(mapping(tmp_path, header=3, leave_out=[]), [folder], national_actors)
    assert not reading.ok
    assert [(one.code, one.where.file, one.where.cell) for one in reading.problems] == [(code, FILE, cell)]


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path, national_actors: References) -> None:
    folder = small(tmp_path, ("Dalarna", "2024-01", "totalt", 3.25))
    with pytest.raises(RodtradError) as caught:
        read_statistics(mapping(tmp_path, sheet="Blad 7", header=3, leave_out=[]), [folder], national_actors)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.file) == ("statistics-no-such-sheet", FILE)
    assert "Blad 7" in problem.message("sv")
