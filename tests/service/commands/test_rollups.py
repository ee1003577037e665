"""The roll-up on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import PROV, Graph, URIRef
from rodtrad.ontology import vocabulary
from rodtrad.service.cli import app
from rodtrad.store import Store, Upload
from typer.testing import CliRunner, Result

GRAPH = "https://w3id.org/rodtrad/graph/ref/tal"
RT = "https://w3id.org/rodtrad/ns/"
ID = "https://w3id.org/rodtrad/id/ref"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    scheme = "https://w3id.org/rodtrad/scheme"
    lines = [
        f"<{GRAPH}> <{TYPE}> <{RT}Publication> .",
        f"<{ID}/indicator/folk> <{TYPE}> <{RT}Indicator> .",
        f'<{ID}/indicator/folk> <http://www.w3.org/2000/01/rdf-schema#label> "Folkmängd"@sv .',
        f"<{ID}/indicator/folk> <{RT}measureKind> <{scheme}/measure-kind/count> .",
        f"<{ID}/indicator/folk> <{RT}additivity> <{scheme}/additivity/stock> .",
        f"<{ID}/indicator/folk> <{RT}distinctness> <{scheme}/distinctness/unique> .",
    ]
    for place, number in (("region/20", 287), ("region/21", 286), ("country/SE", 999)):
        this = f"<{ID}/observation/{number}>"
        lines += [
            f"{this} <{TYPE}> <{RT}Observation> .",
            f"{this} <{RT}indicator> <{ID}/indicator/folk> .",
            f"{this} <{RT}place> <{ID}/{place}> .",
            f'{this} <{RT}year> "{2023 if number < 900 else 2022}"^^<{INTEGER}> .',
            f'{this} <{RT}value> "{number}"^^<{INTEGER}> .',
            f"{this} <{RT}inPublication> <{GRAPH}> .",
        ]
    text = "\n".join(sorted(lines)).encode() + b"\n"
    Store(folder).publish_many([Upload(GRAPH, text)], by="test", vocabulary=vocabulary())
    return folder


def rodtrad(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_answer_stands_on_stdout_in_each_format(data: Path, tmp_path: Path) -> None:
    ask = ("rollup", "Folkmängd", "--over", "region", "--year", "2023", "--data", data, "--lang", "sv")
    table = rodtrad(*ask)
    assert table.exit_code == 0
    assert "573" in table.stdout and "delvis" in table.stdout and "2 av 21" in table.stdout
    (result,) = json.loads(rodtrad(*ask, "--format", "json").stdout)["results"]
    assert (result["value"], result["verdict"]) == ("573", "partial")
    assert "573" in rodtrad(*ask, "--format", "csv").stdout
    turtle = rodtrad(*ask, "--format", "turtle")
    assert turtle.exit_code == 0
    derived = Graph().parse(data=turtle.stdout, format="turtle")
    assert [float(value) for value in derived.objects(None, URIRef(f"{RT}value"))] == [573]
    assert len(set(derived.objects(None, PROV.wasDerivedFrom))) == 2
    out = tmp_path / "svar.xlsx"
    assert rodtrad(*ask, "--format", "xlsx", "--out", out).exit_code == 0
    assert out.read_bytes()[:2] == b"PK"


def test_a_refusal_is_a_finding(data: Path) -> None:
    done = rodtrad(
        "rollup", "Folkmängd", "--year", "2023", "--threshold", "90%", "--data", data, "--lang", "en"
    )
    assert done.exit_code == 1
    assert "2 of 21" in done.stdout and "573" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Folkmängde",), "Folkmängd"),
        (("Folkmängd", "--year", "ifjol"), "ifjol"),
        (("Folkmängd", "--place", "99"), "99"),
        (("Folkmängd", "--over", "colour"), "colour"),
        ((), "INDICATOR"),
    ],
)
def test_what_cannot_be_done_has_its_reason_and_exit_code_two(
    data: Path, arguments: tuple, words: str
) -> None:
    done = rodtrad("rollup", *arguments, "--data", data)
    assert done.exit_code == 2
    assert words in done.stderr and done.stdout == ""


def test_checks_and_audit(data: Path) -> None:
    checked = rodtrad("rollup", "Folkmängd", "--check", "--data", data, "--format", "json")
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["checks"]["transversal"]["comparable"] is True
    audited = rodtrad("rollup", "--audit", "--data", data, "--format", "csv", "--lang", "en")
    assert audited.exit_code == 0
    assert "0 published sums were recomputed" in audited.stderr


def test_the_middle_of_the_year_stands_beside_years_only_when_asked(tmp_path: Path) -> None:
    scheme, lines = "https://w3id.org/rodtrad/scheme", [f"<{GRAPH}> <{TYPE}> <{RT}Publication> ."]
    this = f"<{ID}/indicator/folk>"
    for name, value in (
        ("measureKind", "measure-kind/count"),
        ("additivity", "additivity/stock"),
        ("distinctness", "distinctness/unique"),
    ):
        lines.append(f"{this} <{RT}{name}> <{scheme}/{value}> .")
    lines += [
        f"{this} <{TYPE}> <{RT}Indicator> .",
        f'{this} <http://www.w3.org/2000/01/rdf-schema#label> "A"@sv .',
    ]
    special = f"<{ID}/indicator/folk-20>"
    lines += [
        f"{special} <{TYPE}> <{RT}Indicator> .",
        f"{special} <http://rdf-vocabulary.ddialliance.org/xkos#specializes> {this} .",
        f"{special} <{RT}restricts> <{scheme}/restriction/place> .",
        f"{special} <{RT}periodType> <{scheme}/period-type/midyear> .",
        f"{special} <{RT}measureKind> <{scheme}/measure-kind/count> .",
    ]
    for of, place, number in ((this, "region/21", 286), (special, "region/20", 287)):
        seen = f"<{ID}/observation/{number}>"
        lines += [
            f"{seen} <{TYPE}> <{RT}Observation> .",
            f"{seen} <{RT}indicator> {of} .",
            f"{seen} <{RT}place> <{ID}/{place}> .",
            f'{seen} <{RT}year> "2023"^^<{INTEGER}> .',
            f'{seen} <{RT}value> "{number}"^^<{INTEGER}> .',
            f"{seen} <{RT}inPublication> <{GRAPH}> .",
        ]
    folder = tmp_path / "figures"
    text = "\n".join(sorted(lines)).encode() + b"\n"
    Store(folder).publish_many([Upload(GRAPH, text)], by="test", vocabulary=vocabulary())
    ask = ("rollup", f"{ID}/indicator/folk", "--year", "2023", "--data", folder, "--format", "json")
    apart = json.loads(rodtrad(*ask).stdout)["results"]
    assert "573" not in {one["value"] for one in apart}
    (together,) = json.loads(rodtrad(*ask, "--mid-year").stdout)["results"]
    assert together["value"] == "573"
    assert "mid-year-accepted" in {one["code"] for one in together["findings"]}
