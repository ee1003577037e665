"""Bad input in statistics is named with file and row, and corrected by a told rule or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rdflib import RDF
from rodtrad.loader import Reading, References
from rodtrad.loader.statistics import read_statistics
from rodtrad.ontology.names import RT
from rodtrad.ontology.problems import RodtradError

from .conftest import FIGURES_SHEET


class Desk:
    """Reads small tables by a mapping."""

    def __init__(self, folder: Path, references: References) -> None:
        self.folder = folder
        self.references = references

    def read(
        self, lines: str, corrections: tuple[str, ...] = (), unit: str = "procent", **table: object
    ) -> Reading:
        (self.folder / "tal.csv").write_text(lines, encoding="utf-8")
        heading = lines.split("\n", 1)[0].split(",")
        described = {
            "file": "tal.csv",
            "place": "plats",
            "time": "tid",
            "value": "tal",
            "indicator": "matt",
            **({"unit": "enhet"} if "enhet" in heading else {}),
            **({"groups": {"kon": "sex"}} if "kon" in heading else {}),
            **table,
        }
        mapping = {
            "publication": FIGURES_SHEET,
            "indicators": [{"Id": "matt", "Benämning": "Mått", "Enhet": unit}],
            "groups": {"sex": {"scheme": "scheme:sex"}},
            "corrections": list(corrections),
            "tables": [described],
        }
        file = self.folder / "mappning.yaml"
        file.write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
        return read_statistics(str(file), [self.folder], self.references)


@pytest.fixture
def desk(tmp_path: Path, national_actors: References) -> Desk:
    return Desk(tmp_path, national_actors)


def told(reading: Reading) -> list[tuple[str, str, str, str | None]]:
    return [(p.code, p.severity, p.where.file or "", p.where.cell) for p in reading.problems]


def numbers(reading: Reading) -> list[str]:
    return sorted(str(value) for value in reading.graph.objects(None, RT.value))


def count(reading: Reading) -> int:
    return len(set(reading.graph.subjects(RDF.type, RT.Observation)))


def test_clean_figures_have_nothing_to_tell(desk: Desk) -> None:
    reading = desk.read("plats,tid,tal\n20,2023,76.5\n21,2023,75\n")
    assert told(reading) == []
    assert reading.ok
    assert numbers(reading) == ["75", "76.5"]


@pytest.mark.parametrize(
    ("lines", "unit", "code", "cell"),
    [
        ("plats,tid,tal,enhet\n20,2023,3,snöbollar\n", "procent", "statistics-unit", "C2"),
        ("plats,tid,tal,enhet\n20,2023,3,kg\n", "procent", "statistics-unit-differs", "C2"),
        ("plats,tid,tal\n20,2023,35\n20,2022,34\n20,2021,0.35\n", "procent", "statistics-fraction", "C4"),
        ("plats,tid,tal\n20,2023,3\n20,2023,4\n", "procent", "statistics-conflict", "C3"),
        ("plats,tid,tal\n20,2023,3\n99,2023,4\n", "procent", "statistics-place", "C3"),
        ("plats,tid,tal\nUppsala,2023,3\n", "procent", "statistics-place", "C2"),
        ("plats,tid,tal\n20,2022,3\n20,2023,4\n20,2023-01,4\n", "procent", "statistics-mixed-periods", "C4"),
        ("plats,tid,tal\n20,200701,3\n", "procent", "statistics-time", "C2"),
        ("plats,tid,tal\n20,i fjol,3\n", "procent", "statistics-time", "C2"),
        ("plats,tid,tal\n20,2023,ungefär 3\n", "procent", "statistics-value", "C2"),
        ("plats,tid,tal,kon\n20,2023,3,okänt kön\n", "procent", "statistics-group", "C2"),
    ],
)
def test_what_no_rule_covers_is_refused_at_its_row(
    desk: Desk, lines: str, unit: str, code: str, cell: str
) -> None:
    reading = desk.read(lines, unit=unit)
    assert told(reading) == [(code, "violation", "tal.csv", cell)]
    assert not reading.ok


@pytest.mark.parametrize(
    ("lines", "unit", "corrections", "code", "cell", "left"),
    [
        (
            "plats,tid,tal,enhet\n20,2023,3,tkr\n21,2023,5000,kr\n",
            "kronor",
            (),
            "statistics-multiplier",
            "C2",
            ["3000", "5000"],
        ),
        ("plats,tid,tal,enhet\n20,2023,3,mnkr\n", "tkr", (), "statistics-multiplier", "C2", ["3000"]),
        (
            "plats,tid,tal\n20,2023,35\n20,2022,0.35\n",
            "procent",
            ("percent-as-fraction",),
            "statistics-fraction-corrected",
            "C3",
            ["35", "35"],
        ),
        ("plats,tid,tal\n20,2023,inf\n20,2022,4\n", "procent", (), "statistics-not-finite", "C2", ["4"]),
        ("plats,tid,tal\n20,2023,NaN\n20,2022,4\n", "procent", (), "statistics-not-finite", "C2", ["4"]),
        ("plats,tid,tal\n20,2023,4\n20,2023,4.0\n", "procent", (), "statistics-doubled", "C3", ["4"]),
        (
            "plats,tid,tal\n20,2023,4\n99,2023,5\n",
            "procent",
            ("unknown-place",),
            "statistics-place-left-out",
            "C3",
            ["4"],
        ),
        (
            "plats,tid,tal,kon\n20,2023,4,K\n20,2023,5,M\n",
            "personer",
            (),
            "statistics-no-total",
            "C2",
            ["4", "5"],
        ),
        ("plats,tid,tal\n20,2023,4\nRiket,2023,5\n", "procent", (), "statistics-country", "C3", ["4", "5"]),
        ("plats,tid,tal\n20,2004-2007,4\n", "procent", (), "statistics-year-range", "C2", ["4"]),
        (
            "plats,tid,tal\n20,2022,4\n20,2023,5\n20,2023M01,6\n",
            "procent",
            ("other-periods",),
            "statistics-period-left-out",
            "C4",
            ["4", "5"],
        ),
    ],
)
def test_a_correction_follows_a_told_rule(
    desk: Desk, lines: str, unit: str, corrections: tuple[str, ...], code: str, cell: str, left: list[str]
) -> None:
    reading = desk.read(lines, corrections, unit)
    assert told(reading) == [(code, "info", "tal.csv", cell)]
    assert reading.ok
    assert numbers(reading) == left
    (problem,) = reading.problems
    assert "Regel:" in problem.message("sv")
    assert "Rule:" in problem.message("en")


def test_an_infinite_number_is_a_missing_value_and_not_no_value(desk: Desk) -> None:
    reading = desk.read("plats,tid,tal\n20,2023,inf\n")
    assert count(reading) == 1
    assert [str(o).rpartition("/")[2] for o in reading.graph.objects(None, RT.observationStatus)] == [
        "missing"
    ]


def test_small_percentages_are_not_taken_for_fractions(desk: Desk) -> None:
    assert told(desk.read("plats,tid,tal\n20,2023,6\n20,2022,0.8\n20,2021,1.2\n")) == []


def test_the_country_and_the_counties_are_values_of_different_levels(desk: Desk) -> None:
    reading = desk.read("plats,tid,tal\n20,2023,4\n00 Riket,2023,5\n")
    assert {str(o).split("/")[-2] for o in reading.graph.objects(None, RT.place)} == {"region", "country"}


@pytest.mark.parametrize(
    "word",
    [
        "20",
        "0020",
        "Dalarna",
        "Dalarnas län",
        "Region Dalarna",
        "20 Dalarnas län",
        "SE312",
        " dalarnas  LÄN ",
    ],
)
def test_all_ways_of_writing_a_county_mean_the_same(desk: Desk, word: str) -> None:
    reading = desk.read(f"plats,tid,tal\n{word},2023,4\n")
    assert {str(o) for o in reading.graph.objects(None, RT.place)} == {
        "https://w3id.org/rodtrad/id/ref/region/20"
    }


@pytest.mark.parametrize(
    ("word", "year", "period"),
    [
        ("2011", "2011", None),
        ("2004-2007", "2007", "2004/2007"),
        ("2020M01", "2020", "2020-01"),
        ("2020-01", "2020", "2020-01"),
        ("2024Q1", "2024", "2024Q1"),
        ("1975K1", "1975", "1975Q1"),
        ("200701", "2007", "2007Q1"),
        ("2023/24", "2024", "2023/2024"),
    ],
)
def test_all_ways_of_writing_time_are_understood(
    desk: Desk, word: str, year: str, period: str | None
) -> None:
    reading = desk.read(f"plats,tid,tal\n20,{word},4\n", six_digits="yyyyqq")
    (found,) = reading.graph.objects(None, RT.year)
    assert str(found) == year
    assert [str(o) for o in reading.graph.objects(None, RT.period)] == ([period] if period else [])


@pytest.mark.parametrize(
    "word",
    [
        "T",
        "totalt",
        "Totalt",
        "TotSa",
        "1+2",
        "Båda könen",
        "män och kvinnor",
        "samtliga anställda",
        "samtliga män och kvinnor",
    ],
)
def test_all_words_for_both_sexes_are_the_total(desk: Desk, word: str) -> None:
    reading = desk.read(f"plats,tid,tal,kon\n20,2023,4,{word}\n")
    assert {str(o) for o in reading.graph.objects(None, RT.breakdownCategory)} == {
        "https://w3id.org/rodtrad/scheme/sex/total"
    }


def test_a_mapping_that_names_no_column_of_the_file_says_what_there_is(desk: Desk) -> None:
    with pytest.raises(RodtradError) as caught:
        desk.read("plats,år,tal\n20,2023,4\n")
    (problem,) = caught.value.problems
    assert problem.code == "statistics-no-column"
    assert "plats, år, tal" in problem.message("sv")


def test_a_misspelt_mapping_is_told_with_its_place(desk: Desk) -> None:
    with pytest.raises(RodtradError) as caught:
        desk.read("plats,tid,tal\n20,2023,4\n", platser="plats")
    assert [p.values["place"] for p in caught.value.problems] == ["tables.0.platser"]


def test_a_file_in_another_encoding_is_refused_until_the_encoding_is_said(desk: Desk) -> None:
    desk.read("plats,tid,tal\n20,2023,4\n")
    (desk.folder / "tal.csv").write_bytes("plats,tid,tal\nDalarnas län,2023,4\n".encode("latin-1"))
    mapping = desk.folder / "mappning.yaml"
    with pytest.raises(RodtradError) as caught:
        read_statistics(str(mapping), [desk.folder], desk.references)
    assert [p.code for p in caught.value.problems] == ["statistics-encoding"]
    mapping.write_text(
        mapping.read_text("utf-8").replace("file: tal.csv", "file: tal.csv\n  encoding: latin-1"), "utf-8"
    )
    assert read_statistics(str(mapping), [desk.folder], desk.references).ok


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("jsonstat", "[1, 2", "file-unreadable"),
        ("jsonstat", '{"class": "collection"}', "statistics-not-jsonstat"),
        (
            "jsonstat",
            '{"class": "dataset", "id": ["Tid"], "size": [2], "value": [1], "dimension": {}}',
            "statistics-jsonstat-size",
        ),
        ("sdmx-tsv", "a\tb\n1\t2\n", "statistics-not-sdmx"),
        ("kolada", "a,b\n1,2\n", "statistics-not-kolada"),
        ("brp", "a;b\n1;2\n", "statistics-nothing-to-read"),
        ("excel", "a", "statistics-format"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_a_reason(
    kind: str, text: str, code: str, tmp_path: Path, national_actors: References
) -> None:
    file = tmp_path / "fil.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RodtradError) as caught:
        read_statistics(kind, [file], national_actors)
    assert [p.code for p in caught.value.problems] == [code]
