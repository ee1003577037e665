"""Each rule finds what it should in its fixtures and nothing else, on both engines.

A rule's folder holds pairs of a valid and an invalid fixture that differ in one place, further ``edges``
fixtures for where its bounds lie, and ``expected.csv``: every finding that the fixtures give at the rule's tier.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rodtrad.ontology import vocabulary
from rodtrad.shapes.library import Library, library, shape_files
from rodtrad.shapes.report import Finding, Report, to_json, to_text
from rodtrad.shapes.validation import Engine, rules, validate

HERE = Path(__file__).parent
FIXTURES = sorted(HERE.glob("RT-*/*.*.ttl"))
RULES = {rule.id: rule for rule in rules()}
Row = tuple[str, str, str, str, str]


@cache
def ntriples(file: Path) -> bytes:
    store = ox.Store()
    store.load(file.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())


@cache
def shapes_of(rule: str) -> Library:
    own = HERE / rule / "shapes.ttl"
    return Library.read([*shape_files(), own]) if own.exists() else library()


@cache
def run(file: Path, engine: Engine = "compiled") -> Report:
    rule = file.parent.name
    context = [vocabulary(), ntriples(HERE / "context.ttl")]
    return validate(ntriples(file), context, RULES[rule].tier, engine, shapes_of(rule))


def row(finding: Finding) -> Row:
    return (finding.rule, finding.severity, finding.focus, finding.path or "", finding.value or "")


def expected(rule: str) -> dict[str, list[Row]]:
    """What each fixture of a rule is to give, as written beside them."""
    found: dict[str, list[Row]] = {}
    with (HERE / rule / "expected.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            entry = (line["rule"], line["severity"], line["focus"], line["path"], line["value"])
            found.setdefault(line["fixture"], []).append(entry)
    return found


def fixtures(rule: str, kind: str) -> list[Path]:
    return sorted((HERE / rule).glob(f"{kind}.*.ttl"))


def invalid(rule: str) -> Path:
    return fixtures(rule, "invalid")[0]


def statements(file: Path) -> set[bytes]:
    return set(ntriples(file).splitlines())


def differ_in_one_place(one: Path, other: Path) -> bool:
    """One statement more, less or changed; or one subject under another name."""
    more, less = statements(one) - statements(other), statements(other) - statements(one)
    if len(more) <= 1 and len(less) <= 1:
        return True
    subjects = [{line.split(b" ", 1)[0] for line in lines} for lines in (more, less)]
    rest = [{line.split(b" ", 1)[1] for line in lines} for lines in (more, less)]
    return all(len(found) == 1 for found in subjects) and rest[0] == rest[1]


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_valid_and_invalid_fixtures_that_differ_in_one_place(rule: str) -> None:
    valid, bad = fixtures(rule, "valid"), fixtures(rule, "invalid")
    assert valid
    assert bad
    for file in bad:
        assert any(differ_in_one_place(file, other) for other in valid), file.name


@pytest.mark.parametrize("rule", sorted(RULES))
def test_valid_fixtures_give_nothing_and_invalid_ones_their_own_rule_only(rule: str) -> None:
    given = expected(rule)
    assert given.keys() <= {file.stem for file in (HERE / rule).glob("*.*.ttl")}
    assert not any(name.startswith("valid") for name in given)
    for file in fixtures(rule, "invalid"):
        assert {entry[0] for entry in given[file.stem]} == {rule}


def test_every_folder_of_fixtures_belongs_to_a_rule() -> None:
    assert {file.parent.name for file in FIXTURES} == set(RULES)


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_fixture_gives_exactly_the_expected_report(file: Path) -> None:
    report = run(file)
    wanted = expected(file.parent.name).get(file.stem, [])
    assert sorted(map(row, report.findings)) == sorted(wanted)
    assert report.conforms == (not wanted)


@cache
def structure() -> bytes:
    """The vocabulary without its texts: what rules look at, and small enough for the slower engine."""
    kept = (b" <https://w3id.org/rodtrad/ns/", b"#subClassOf> ", b"#inScheme> ")
    lines = vocabulary().splitlines(keepends=True)
    return b"".join(line for line in lines if any(part in line for part in kept))


def same_on_both_engines(file: Path) -> bool:
    rule, context = file.parent.name, [structure(), ntriples(HERE / "context.ttl")]
    said = [
        validate(ntriples(file), context, RULES[rule].tier, engine, shapes_of(rule))
        for engine in ("compiled", "pyshacl")
    ]
    return set(map(row, said[0].findings)) == set(map(row, said[1].findings))


FAULTY = [file for file in FIXTURES if not file.name.startswith("valid")]


@pytest.mark.parametrize("file", FAULTY, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_both_engines_say_the_same_of_a_fixture(file: Path) -> None:
    assert same_on_both_engines(file)


@pytest.mark.deep
@pytest.mark.parametrize("rule", sorted(RULES))
def test_both_engines_say_the_same_of_valid_fixtures(rule: str) -> None:
    assert all(same_on_both_engines(file) for file in fixtures(rule, "valid"))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_words_of_a_finding_are_filled_in_for_both_languages(rule: str) -> None:
    finding = run(invalid(rule)).findings[0]
    for text in (*finding.messages.values(), *finding.hints.values()):
        assert text.endswith(".")
        assert "{" not in text
        assert "””" not in text
        assert "“”" not in text
    assert finding.messages.keys() == finding.hints.keys() == {"sv", "en"}


def alone(file: Path, focus: str) -> bytes:
    """The statements that a fixture makes with the focus node as subject, and nothing about any other."""
    return b"".join(line + b"\n" for line in statements(file) if line.startswith(f"<{focus}> ".encode()))


def looks_across_nodes(rule: str) -> bool:
    """Whether what the rule says of a node changes when all other nodes but the vocabulary are taken away."""
    given = expected(rule)
    foci = {entry[2] for rows in given.values() for entry in rows if entry[0] == rule}
    for file in (HERE / rule).glob("*.*.ttl"):
        for focus in foci:
            own = validate(alone(file, focus), [vocabulary()], RULES[rule].tier, shapes=shapes_of(rule))
            without = {row(found) for found in own.findings if found.rule == rule}
            within = {entry for entry in given.get(file.stem, []) if entry[0] == rule and entry[2] == focus}
            if without != within:
                return True
    return False


def test_there_are_at_least_40_rules_of_which_25_look_across_nodes() -> None:
    across = [rule for rule in RULES if rule.startswith(("RT-K", "RT-F")) and looks_across_nodes(rule)]
    assert len(RULES) >= 40
    assert len(across) >= 25
    for own in ("RT-K-008", "RT-K-010", "RT-K-012", "RT-K-018", "RT-K-032"):
        assert own not in across


def test_nothing_is_said_of_nodes_that_only_the_context_describes() -> None:
    bad, good = ntriples(invalid("RT-B-001")), ntriples(fixtures("RT-B-001", "valid")[0])
    own = good.replace(b"/a1>", b"/a2>")
    assert validate(own, [vocabulary(), bad], "bas").conforms


@pytest.mark.parametrize("rule", ["RT-B-018", "RT-B-019"])
def test_a_finding_on_personal_data_does_not_repeat_them(rule: str) -> None:
    for file in [*fixtures(rule, "invalid"), *fixtures(rule, "edges")]:
        report = run(file)
        said = [found for found in report.findings if found.rule == rule]
        assert said
        told = " ".join(
            [*to_text(report, "sv").splitlines(), *to_text(report, "en").splitlines(), to_json(report)]
        )
        for datum in (
            "anna@exempel.se",
            "0701234567",
            "070-123 45 67",
            "+46 70 123 45 67",
            "850101",
            "850161",
        ):
            assert datum not in told
        for finding in said:
            assert finding.severity == "warning"
            assert "[borttaget]" in finding.hints["sv"]
            assert "[removed]" in finding.hints["en"]


def test_the_order_of_levels_is_read_from_the_vocabulary() -> None:
    file = fixtures("RT-K-001", "valid")[0]
    output = b"<https://w3id.org/rodtrad/scheme/chain-level/output> <https://w3id.org/rodtrad/ns/chainOrder> "
    other = vocabulary().replace(output + b'"2"', output + b'"4"')
    assert other != vocabulary()
    context = [other, ntriples(HERE / "context.ttl")]
    assert [found.rule for found in validate(ntriples(file), context, "kedja").findings] == ["RT-K-001"]


def test_horizons_are_read_from_the_framework() -> None:
    context = ntriples(HERE / "context.ttl")
    most = b'/ns/maxYears> "1"'
    longer = context.replace(most, b'/ns/maxYears> "2"')
    assert longer != context
    data = ntriples(invalid("RT-K-020"))
    assert not validate(data, [vocabulary(), context], "kedja").conforms
    assert validate(data, [vocabulary(), longer], "kedja").conforms
