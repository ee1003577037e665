"""Objective attainment: every kind of target, against numbers only, beside what people have said."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib.namespace import SKOS
from rodtrad.ontology import vocabulary_graph
from rodtrad.ontology.names import SCHEME
from rodtrad.ontology.problems import RodtradError
from rodtrad.queries.client import query
from rodtrad.queries.rollup import attainment, rollup
from rodtrad.queries.rollup import attainment_answer as answers
from rodtrad.queries.rollup.attainment import judge_all, read_targets
from rodtrad.store import Engine

from .attainment_cases import CASES, LOWER, level, series, target
from .conftest import IN_WHOLE, STOCK, A, indicator, value

OBJECTIVE = "https://w3id.org/rodtrad/id/ref/thing/goal"
GOAL = "x:goal a rt:Objective ; rdfs:label 'Målet'@sv . i:a rt:indicatorFor x:goal .\n"


def judged(engine: Engine):
    (row,) = [row for row in attainment(engine, indicator=A).rows if row.target]
    assert row.judged is not None
    return row.judged


@pytest.mark.parametrize("name", CASES)
def test_a_target_is_judged_by_its_kind(name: str, nation: Callable) -> None:
    definition, wanted, values, verdict, code = CASES[name]
    found = judged(nation(indicator(definition), wanted, values))
    assert found.verdict == verdict
    assert code in {one.code for one in found.findings}
    for lang in ("sv", "en"):
        told = answers.explanation(found, lang)
        assert told and "{" not in told and "None" not in told


def test_every_kind_has_a_case_that_is_met_one_that_is_not_and_one_unknown() -> None:
    kinds = {
        str(c).rpartition("/")[2] for c in vocabulary_graph().subjects(SKOS.inScheme, SCHEME["target-kind"])
    }
    told: dict[str, set[str]] = {kind: set() for kind in kinds}
    for _, wanted, _, verdict, _ in CASES.values():
        for kind in kinds:
            if f"target-kind:{kind} " in wanted:
                told[kind].add({"reached-so-far": "met", "not-yet": "unmet"}.get(verdict, verdict))
    lacking = {kind: {"met", "unmet", "unknown"} - found for kind, found in told.items()}
    assert {kind: found for kind, found in lacking.items() if found} == {"threshold": {"unknown"}}


def test_every_finding_of_the_vocabulary_is_reached() -> None:
    from rodtrad.ontology.names import RT

    graph = vocabulary_graph()
    known = {str(graph.value(one, SKOS.notation)) for one in graph.subjects(None, RT.AttainmentFinding)}
    reached = {code for *_, code in CASES.values()}
    # These stand beside another finding of the same case.
    assert known - reached == {"path-needs", "path-rate-needs"}


def test_the_path_says_what_each_year_needs(nation: Callable) -> None:
    wanted = target("pathway", level(4, 2024))
    found = judged(nation(indicator(LOWER), wanted, series("x:one", 8, 8, 8)))
    (needs,) = [one for one in found.findings if one.code == "path-needs"]
    (rate,) = [one for one in found.findings if one.code == "path-rate-needs"]
    assert needs.values["linear"] == -2
    assert round(rate.values["rate"], 3) == Decimal("-29.289")


@pytest.mark.parametrize(
    "kind", ["absolute", "threshold", "change", "direction-only", "relative", "rank", "gap", "pathway"]
)
def test_targets_of_every_kind_are_counted_by_region(kind: str, nation: Callable) -> None:
    facts = {
        "absolute": level(5, 2021),
        "threshold": level(5),
        "change": level(-5, 2021, "rt:baselineYear 2020 ; "),
        "direction-only": "rt:year 2021 ; ",
        "relative": "rt:comparedWith x:whole ; ",
        "rank": "rt:comparedWith x:whole ; rt:value 1 ; ",
        "gap": "",
        "pathway": level(5, 2021),
    }[kind]
    three = "x:three a rt:Region ; rt:code 'W3' ; rdfs:label 'Tre'@sv ; rt:partOfPlace x:whole .\n"
    places = ("one", "two", "three")
    # Undated levels of one kind are not put together either: a target of each place, one with another year.
    wanted = "".join(target(kind, facts, f"x:{place}", f"t{place}") for place in places)
    wanted += target("absolute", level(99, 1990), "x:one", "old") if kind == "absolute" else ""
    values = series("x:one", 10, 5) + series("x:two", 10, 11) + series("x:whole", 10, 8)
    result = rollup(nation(indicator(LOWER), three, wanted, values), A, of="targets", place=IN_WHOLE).result
    assert (result.value, result.refusal.kind.reason) == (None, "targets-not-absolute")
    # The place without values may be better than the first: its rank stays unknown.
    expected = {
        "rank": {"met": 0, "unmet": 1, "unknown": 2},
        "absolute": {"met": 1, "unmet": 1, "unknown": 2},
    }
    assert result.refusal.values == expected.get(kind, {"met": 1, "unmet": 1, "unknown": 1})


def human(verdict: str, on: str = "x:goal", name: str = "h") -> str:
    return f"x:{name} a rt:Assessment ; rdfs:label 'Omdöme'@sv ; rt:assesses {on} ; rt:year 2026{verdict} .\n"


def test_the_verdict_of_people_stands_beside_and_changes_nothing(nation: Callable) -> None:
    data = [indicator(LOWER), GOAL, target("absolute", level(5, 2022)), series("x:one", 1, 9, 4)]
    told = {}
    for word in ("fulfilled", "not-fulfilled", ""):
        said = f" ; rt:verdict verdict:{word}" if word else ""
        found = attainment(nation(*data, human(said)), objective=OBJECTIVE)
        (row,) = found.rows
        told[word] = row.judged.verdict
        (one,) = found.humans
        assert (one.verdict or "").rpartition("/")[2] == word
    assert set(told.values()) == {"met"}


def test_the_numbers_change_nothing_of_what_people_have_said(nation: Callable) -> None:
    said = human(" ; rt:verdict verdict:not-fulfilled")
    for number, computed in ((4, "met"), (6, "unmet")):
        data = [indicator(LOWER), GOAL, target("absolute", level(5, 2020)), series("x:one", number), said]
        found = attainment(nation(*data), objective=OBJECTIVE)
        assert (found.rows[0].judged.verdict, found.humans[0].verdict.rpartition("/")[2]) == (
            computed,
            "not-fulfilled",
        )


def test_an_objective_without_targets_has_no_computed_verdict(nation: Callable) -> None:
    found = attainment(
        nation(indicator(LOWER), GOAL, series("x:one", 1), human(" ; rt:verdict verdict:fulfilled")),
        objective=OBJECTIVE,
    )
    (row,) = found.rows
    assert (row.target, row.judged, found.counts(), len(found.humans)) == (None, None, {}, 1)


def test_what_people_say_of_a_part_of_the_objective_is_told_as_that(nation: Callable) -> None:
    part = "x:part a rt:Objective ; rdfs:label 'Delen'@sv ; rt:under x:goal .\n"
    found = attainment(
        nation(indicator(LOWER), GOAL, part, human(" ; rt:verdict verdict:partly", "x:part")),
        objective=OBJECTIVE,
    )
    assert [found.label(one.on) for one in found.humans] == ["Delen"]


def test_a_judgement_on_an_indicator_stands_at_its_targets(nation: Callable) -> None:
    said = human(" ; rt:indicator i:a ; rt:verdict verdict:worsening")
    found = attainment(
        nation(indicator(LOWER), GOAL, target("absolute", level(5)), series("x:one", 4), said), indicator=A
    )
    assert [found.label(one.verdict) for one in found.rows[0].humans] == ["negativ"]
    assert found.rows[0].judged.verdict == "met"


def test_a_value_without_a_place_is_the_publishing_regions(nation: Callable) -> None:
    graph = "<https://w3id.org/rodtrad/graph/20/tal>"
    data = (
        f"x:t a rt:Target ; rt:indicator i:a ; rt:targetKind target-kind:absolute ; rt:value 5 ; rt:inPublication {graph} .\n"
        f"o:v a rt:Observation ; rt:indicator i:a ; rt:year 2023 ; rt:value 4 ; rt:inPublication {graph} .\n"
    )
    found = attainment(nation(indicator(LOWER), data), indicator=A)
    assert found.label(found.rows[0].target.place) == "Dalarnas län"
    assert found.rows[0].judged.verdict == "met"
    assert rollup(nation(indicator(LOWER), data), A).result.present == 1


def test_made_up_targets_are_not_counted_among_real_ones(nation: Callable) -> None:
    fake = "<https://w3id.org/rodtrad/graph/bergslund/tal>"
    made_up = target("absolute", level(5, more=f"rt:inPublication {fake} ; "), "x:two", "fake")
    made_up += f"{fake} a rt:Publication ; rt:constructed true .\n"
    found = attainment(
        nation(indicator(LOWER), target("absolute", level(5)), made_up, series("x:one", 4)), indicator=A
    )
    assert (len(found.rows), found.counts()) == (2, {"met": 1})


def test_the_answer_in_json_and_csv(nation: Callable) -> None:
    said = human(" ; rt:verdict verdict:worsening")
    data = [indicator(LOWER), GOAL, target("absolute", level(5, 2020)), value("x:one", 4, 2020, id="four")]
    found = attainment(nation(*data, said), objective=OBJECTIVE)
    told = json.loads(answers.to_json(found))
    (row,) = told["targets"]
    assert (row["target"]["value"], row["computed"]["value"], row["computed"]["verdict"]) == ("5", "4", "met")
    assert row["computed"]["derived_from"] == ["https://w3id.org/rodtrad/id/ref/observation/four"]
    assert [one["verdict"]["label"] for one in told["human"]] == ["negativ"]
    first, second = csv.DictReader(io.StringIO(answers.to_csv(found)))
    assert (first["Räknat"], first["Bedömt av människor"]) == ("", "Omdöme: negativ (2026)")
    assert (second["Räknat"], second["Mätvärde"], second["Målvärde"]) == ("nått", "4", "5")


def test_one_of_objective_and_indicator_is_asked_for(nation: Callable) -> None:
    engine = nation(indicator(STOCK))
    for asked in ({}, {"objective": OBJECTIVE, "indicator": A}):
        with pytest.raises(RodtradError) as caught:
            attainment(engine, **asked)
        assert caught.value.problems[0].code == "value-missing"


def test_the_33_targets_of_the_strategies(engine: Engine) -> None:
    """One has values: Dalarna's path to 1.25 tonnes in 2045. The others say that they lack values."""
    text = "PREFIX rt: <https://w3id.org/rodtrad/ns/> SELECT DISTINCT ?i WHERE { ?t a rt:Target ; rt:indicator ?i ; rt:about ?county } ORDER BY ?i"
    indicators = [row["i"] for row in query(engine, text).rows]
    targets = read_targets(engine, indicators)
    found = judge_all(engine, indicators, targets, "sv")
    told = {one.iri.rpartition("/")[2]: (one.kind, found[one.iri]) for one in targets}
    assert len(told) == 33
    kind, path = told.pop("20-ds-utslapp-2045")
    assert (kind, path.verdict, path.value, path.period) == (
        "pathway",
        "not-yet",
        Decimal("5.15403409"),
        "2020",
    )
    needs = {one.code: one.values for one in path.findings}
    # (1.25 − 5.15403409) / 25 years; and the 25th root of 1.25 / 5.15403409.
    assert round(needs["path-needs"]["linear"], 4) == Decimal("-0.1562")
    assert round(float(needs["path-rate-needs"]["rate"]), 4) == round(
        ((1.25 / 5.15403409) ** (1 / 25) - 1) * 100, 4
    )
    assert "path-depends" in needs
    assert {one.findings[-1].code for _, one in told.values()} == {"no-values"}


def test_the_34_judgements_of_dalarna_stand_beside_and_are_not_computed(engine: Engine, shared: Path) -> None:
    file = shared / "data/statistics/dalarna-rus-2023/uppfoljning-2026-bedomning.csv"
    judged = {
        row["indikatoromrade"]: row["bedomd_riktning_2026"]
        for row in csv.DictReader(file.open(encoding="utf-8"))
    }
    told = {}
    for goal in ("klimatsmart", "konkurrenskraftigt", "sammanhallet"):
        found = attainment(engine, objective=f"https://w3id.org/rodtrad/id/rodtrad/objective/20-ds-{goal}")
        told |= {
            found.label(one.assessment).partition(":")[0]: found.label(one.verdict) for one in found.humans
        }
    assert len(told) == 34 and told == judged
    found = attainment(engine, objective="https://w3id.org/rodtrad/id/rodtrad/objective/20-ds-klimatsmart")
    (row,) = [row for row in found.rows if row.target]
    assert (row.judged.verdict, [found.label(one.verdict) for one in row.humans]) == ("not-yet", ["negativ"])
