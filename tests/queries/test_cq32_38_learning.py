"""CQ35–CQ38, CQ82 and CQ87: what lessons led to, where they went, what recurs, and who is alike.

The expectations are from the plain JSON of facts and from the sheets, read by plain Python and no SPARQL.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rodtrad import examples
from rodtrad.ontology.names import RT
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run

CHANGED = "cq35-lessons-that-changed-something"
PASSED_ON = "cq36-where-lessons-were-passed-on"
FACTORS = "cq37-factors-in-several-regions"
SYNTHESES = "cq37-syntheses-and-their-lessons"
LIKE_US = "cq38-regions-like-us"
SIZES = "cq38-inhabitants-of-counties"
DECISIONS = "cq82-decisions-after-a-lesson"
BOTH = "cq34-reached-and-not-reached"
# Named in chapter 2 of the evaluation, and so in the register of success factors.
STRONG, WITHOUT = "redan utvecklat", "strukturer saknades"


def sheet(folder: Path) -> list[dict[str, str]]:
    with (folder / "8-larande.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told(answer):
    return [row for row in answer.rows if row["constructed"].value == "false"]


def made_up(answer):
    return [row for row in answer.rows if row["constructed"].value == "true"]


def local(cell) -> str:
    return cell.value.rpartition("/")[2]


@pytest.fixture(scope="module")
def codings() -> list[tuple[str, str, str, str]]:
    """County code, lesson, factor and effect of every coding in the sheets of the evaluation."""
    found = []
    for folder in examples.publications():
        if folder.parent.name == "evaluation":
            for row in sheet(folder):
                for number in ("1", "2"):
                    factor = row.get(f"Lärdomsfaktor {number}")
                    if factor:
                        code = folder.name[:2]
                        found.append((code, f"{code}-{row['Id']}", factor, row[f"Faktorns verkan {number}"]))
    return found


def test_every_lesson_of_the_evaluation_is_coded(codings, regions):
    lessons = [
        f"{region['region']['lan_code']}-l{at}"
        for region in regions
        for at, _ in enumerate(region["lessons"], 1)
    ]
    assert len(lessons) == 52 and {lesson for _, lesson, _, _ in codings} == set(lessons)


@pytest.mark.parametrize(
    ("least", "effect", "word"),
    [("3", "", "hjälpte"), ("2", "helped", "hjälpte"), ("1", "oklart", "oklart"), ("14", "", "hjälpte")],
)
def test_factors_that_recur(engine, codings, least, effect, word):
    counties = defaultdict(set)
    for code, _, factor, how in codings:
        if how == word and factor != "annat":
            counties[factor].add(code)
    expected = Counter(
        (factor, len(counties[factor]), code, lesson)
        for code, lesson, factor, how in codings
        if how == word and factor in counties and len(counties[factor]) >= int(least)
    )
    answer = run(engine, find(FACTORS), {"least": least, "effect": effect})
    found = Counter(
        (row["factor"].label, int(row["regions"].value), local(row["region"]), local(row["lesson"]))
        for row in answer.rows
    )
    assert found == expected
    assert all(row["basis"].label == "tolkad" and row["coder"].value == "Röda tråden" for row in answer.rows)


def test_three_factors_helped_in_at_least_three_counties(engine):
    """Counted by hand from the 52 lessons."""
    rows = run(engine, find(FACTORS), {}).rows
    assert {row["factor"].label: row["regions"].value for row in rows} == {
        "mandat": "13",
        "samverkan": "9",
        "kunskapsunderlag": "5",
    }


@pytest.mark.parametrize("term", ["coding", "lessonFactor", "factorEffect"])
def test_factors_rest_on_the_codings(without, term):
    with without(str(RT[term])) as poorer:
        assert run(poorer, find(FACTORS), {}).rows == ()


def test_syntheses_name_what_speaks_against_them(engine):
    answer = run(engine, find(SYNTHESES), {})
    expected = Counter()
    for row in sheet(Path(examples.__file__).parent / "national" / "synthesis"):
        for column, role in (("Bygger på lärdom", "talar för"), ("Motexempel", "talar emot")):
            for iri in filter(None, row[column].split("; ")):
                expected[row["Text"], role, iri.rpartition("/")[2]] += 1
    found = Counter((row["synthesis"].label, row["role"].value, local(row["lesson"])) for row in told(answer))
    assert found == expected and sum(expected.values()) == 22
    assert {row["basis"].label for row in told(answer)} == {"tolkad"}
    assert {row["role"].value for row in made_up(answer)} == {"talar för", "talar emot"}
    assert {row["role"].value for row in run(engine, find(SYNTHESES), {}, "en").rows} == {
        "speaks for",
        "speaks against",
    }


def test_without_counter_examples_the_answer_is_poorer(without):
    with without(str(RT.counterExample)) as poorer:
        assert {row["role"].value for row in run(poorer, find(SYNTHESES), {}).rows} == {"talar för"}


def test_decisions_are_the_five_of_the_register(engine, frameworks):
    told_by_source = frameworks["decision_feedback"]["examples"]
    rows = told(run(engine, find(DECISIONS), {}))
    assert len({row["decision"].value for row in rows}) == len(told_by_source) == 5
    assert {row["decidedBy"].value for row in rows} == {one["by"] for one in told_by_source}
    assert all(row["words"].value and "ground" not in row for row in rows)
    assert {row["decidedBy"].value for row in rows if row["kind"].label == "avslag"} == {
        "parter i Norrbotten"
    }


def test_a_rejection_changed_nothing(engine):
    all_of_them, changed = (told(run(engine, find(one), {})) for one in (DECISIONS, CHANGED))
    gone = {row["decision"].value for row in all_of_them} - {row["decision"].value for row in changed}
    assert [one.rpartition("/")[2] for one in gone] == ["norrbotten-valideringsfunktion"]


def test_the_made_up_county_shows_the_whole_tie_from_lesson_to_change(engine):
    rows = made_up(run(engine, find(CHANGED), {}))
    grounds = {(row["groundKind"].label, row["ground"].label) for row in rows}
    assert ("Lärdom", "Vägledning före valideringen halverade avhoppen") in grounds
    assert ("Syntes", "Vägledning öga mot öga före valideringen minskar avhoppen") in grounds
    assert {row["changed"].label for row in rows} == {"Validering nära dig"}


@pytest.mark.parametrize(("query", "term"), [(CHANGED, "decisionKind"), (DECISIONS, "Decision")])
def test_decisions_rest_on_what_is_said(without, query, term):
    with without(str(RT[term])) as poorer:
        assert run(poorer, find(query), {}).rows == ()


def test_what_decisions_rest_on_matters(without):
    with without(str(RT.basedOn)) as poorer:
        assert made_up(run(poorer, find(DECISIONS), {})) == []


def test_no_source_says_where_a_lesson_went_but_the_contexts_stand(engine, frameworks):
    contexts = frameworks["lifting"]["contexts"]
    rows = run(engine, find(PASSED_ON), {}).rows
    assert len({row["context"].value for row in rows}) == len(contexts) == 9
    assert [row for row in rows if "lesson" in row and row["constructed"].value == "false"] == []


def test_a_county_that_fills_in_lifted_to_gets_an_answer(engine, without):
    rows = run(engine, find(PASSED_ON), {"context": "andra regioner"}).rows
    assert [row["lesson"].label for row in rows] == ["Vägledning före valideringen halverade avhoppen"]
    assert rows[0]["constructed"].value == "true"
    with without(str(RT.liftedTo)) as poorer:
        assert all("lesson" not in row for row in run(poorer, find(PASSED_ON), {}).rows)


def traits(region: dict, stage: dict) -> set[tuple[str, str]]:
    found = {("hinder", one["kind"]) for one in region["challenges"] if one["kind"] != "annat"}
    areas = {one.get("focus_area") for one in region["challenges"]} - {None, "Övergripande"}
    found |= {("område med hinder", one) for one in areas}
    direction = region["movement"].get("direction")
    found |= {("upplevd rörelse", direction)} if direction else set()
    name = region["region"]["name"].removesuffix(" län")
    for key, word in (
        ("already_strong_before_2018", STRONG),
        ("nearly_without_structure_before_2018", WITHOUT),
    ):
        if name in stage[key]:
            found.add(("utgångsläge", word))
    return found


def test_counties_like_each_county(engine, regions, frameworks):
    stage = frameworks["success_factors_stage"]
    every = {one["region"]["lan_code"]: traits(one, stage) for one in regions}
    assert sum(("utgångsläge" in dict(one)) for one in every.values()) == 5
    for code, ours in every.items():
        expected = {
            (len(ours & theirs), other, kind, trait)
            for other, theirs in every.items()
            if other != code
            for kind, trait in ours & theirs
        }
        answer = run(engine, find(LIKE_US), {"region": code})
        found = {
            (int(row["shared"].value), local(row["other"]), row["kind"].value, row["trait"].label)
            for row in answer.rows
        }
        assert found == expected, code
        groups = [(-int(row["shared"].value), local(row["other"])) for row in answer.rows]
        assert groups == sorted(groups)


@pytest.mark.parametrize("term", ["startingPoint", "movementDirection", "obstacleKind"])
def test_likeness_rests_on_the_traits(engine, without, term):
    before = run(engine, find(LIKE_US), {"region": "22"}).rows
    with without(str(RT[term])) as poorer:
        assert len(run(poorer, find(LIKE_US), {"region": "22"}).rows) < len(before)


def test_inhabitants_are_the_sum_of_women_and_men(engine, without):
    """Added up from the lines of the file, men and women of every age, where the query adds the totals."""
    file = next(Path(examples.__file__).parent.glob("statistics/scb-tab6471/*.ttl"))
    blocks = re.split(r"\n\s*\n", file.read_text(encoding="utf-8"))
    months = {found[1] for one in blocks if (found := re.search(r'rt:period "([\d-]+)"', one))}
    people: Counter = Counter()
    for one in blocks:
        place = re.search(r"rt:place \S*?(\d\d)>? ", one)
        if place and f'rt:period "{max(months)}"' in one and re.search(r"sex/(wo)?men|sex:(wo)?men", one):
            people[place[1]] += int(re.search(r"rt:value (\d+)", one)[1])
    rows = run(engine, find(SIZES), {}).rows
    found = {local(row["region"]): int(row["inhabitants"].value) for row in rows}
    assert len(found) == 21 and list(found) == sorted(found)
    assert all(abs(found[code] - people[code]) <= 100 for code in found), (found, people)
    with without(str(RT.period)) as poorer:
        assert run(poorer, find(SIZES), {}).rows == ()


def test_what_was_reached_and_what_was_not_stand_in_one_table(engine, regions, without):
    words = {"uppnådd", "ej uppnådd"}
    expected = Counter(
        (one["region"]["lan_code"], f"{one['region']['lan_code']}-{result['id']}", result["state"])
        for one in regions
        for result in one["results"]
        if result["state"] in words and result.get("focus_area") == "Validering"
    )
    rows = run(engine, find(BOTH), {"area": "validation"}).rows
    found = Counter(
        (local(row["region"]), local(row["item"]), row["outcome"].label)
        for row in rows
        if row["outcome"].label in words
    )
    assert not expected - found
    assert {row["outcome"].label for row in rows} & {"förväntad", "planerad"} == set()
    codes = [local(row["region"]) for row in rows]
    assert codes == sorted(codes)
    with without(str(RT.focusArea)) as poorer:
        assert run(poorer, find(BOTH), {"area": "validation"}).rows == ()


@pytest.mark.parametrize("query", ["cq32-lessons-on-focus-area", "cq34-documented-failures"])
def test_counties_stand_in_the_order_of_their_codes(engine, query):
    params = {"area": "övergripande"} if "area" in {one.name for one in find(query).parameters} else {}
    codes = [local(row["region"]) for row in run(engine, find(query), params).rows if "region" in row]
    assert len(set(codes)) > 5 and codes == sorted(codes)
