"""What the questions on traceability answer, against the facts as plain JSON and a county counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pyoxigraph as ox
from rodtrad.ontology.names import ID, RT
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

LEVELS = ("resurs", "aktivitet", "prestation", "utfall", "kortsiktig effekt", "långsiktig effekt")
BERGSLUND = ID["bergslund/"]
VALIDATION = BERGSLUND + "activity/validering-av-vardkunnande-i-fyra-larcentra"
UNDERTAKING = BERGSLUND + "intervention/validering-nara-dig"
PRIORITY = BERGSLUND + "priority/larande-genom-hela-livet-nara-hemmet"
OBJECTIVE = "Färre tjänster i vård och omsorg saknar rätt utbildad personal"


def answer(engine: Engine, query: str, **given: str):
    return run(engine, find(query), given, "sv")


def test_an_activity_is_followed_link_by_link_to_the_objectives(
    engine: Engine, view_without: Callable
) -> None:
    rows = answer(engine, "cq01-activity-to-strategy", activity=VALIDATION).rows
    reached = {row["above"].label for row in rows if row["aboveKind"].label == "Mål"}
    # The four objectives of the county less the one on tourism, which nothing serves.
    assert reached == {
        OBJECTIVE,
        "Den som arbetar i vården får sitt kunnande erkänt i lön och uppdrag",
        "Deltagarna har intyg på det de kan",
    }
    assert {row["kind"].label for row in rows} == {"orsak och verkan", "styrning"}
    with view_without(RT.serves) as less:
        after = answer(less, "cq01-activity-to-strategy", activity=VALIDATION).rows
    # Four things serve an objective, and two objectives with two parents each are reached in no other way.
    assert len(after) == len(rows) - 4 - 2 * 2


def test_below_a_priority_lie_the_coded_activities(
    engine: Engine, regions: list[dict], view_without: Callable
) -> None:
    priority = ID["ref/priority/ns2015-kompetensforsorjning"]
    rows = answer(engine, "cq02-below-a-priority", priority=priority).rows
    told = Counter(
        region["region"]["lan"] for region in regions for one in region["activities"] if one["mandate_part"]
    )
    got = {(row["region"].label, row["element"].value) for row in rows if row["kind"].label == "Aktivitet"}
    assert Counter(place for place, _ in got) == told
    with view_without(RT.alignedWith) as less:
        assert not answer(less, "cq02-below-a-priority", priority=priority).rows


def test_no_activity_of_the_evaluation_is_tied_to_a_document(
    engine: Engine, regions: list[dict], view_without: Callable
) -> None:
    rows = answer(engine, "cq03-activities-without-document").rows
    expected = Counter(
        "bara till uppdraget" if one["mandate_part"] else "ingen"
        for region in regions
        for one in region["activities"]
    )
    assert Counter(row["link"].label for row in rows) == expected
    assert {row["silence"].label for row in rows} == {"urval: tystnad är inget bevis"}
    with view_without(RT.mandatePart) as less:
        after = answer(less, "cq03-activities-without-document").rows
    assert {row["link"].label for row in after} == {"ingen"}


def test_a_skipped_level_is_counted_from_the_levels_of_the_coding(
    engine: Engine, regions: list[dict], view_without: Callable
) -> None:
    rows = answer(engine, "cq05-skipped-levels").rows
    expected = Counter()
    for region in regions:
        for result in region["results"]:
            level = LEVELS.index(result["level"]) if result["level"] in LEVELS else 0
            skipped = level - LEVELS.index("aktivitet") - 1
            if skipped > 0:
                expected[region["region"]["lan"], skipped] += len(result["from"])
    assert Counter((row["region"].label, int(row["skipped"].value)) for row in rows) == +expected
    with view_without(RT.chainLevel) as less:
        # A result without a level is not placed, and no other link skips one.
        assert not answer(less, "cq05-skipped-levels").rows


def test_a_need_is_found_through_the_chain_and_through_the_document(
    engine: Engine, view_without: Callable
) -> None:
    work = BERGSLUND + "intervention/validering-nara-dig"
    rows = answer(engine, "cq06-need-behind-work", undertaking=work).rows
    assert [(row["way"].label, row["basis"].label) for row in rows] == [
        ("genom dokumentet", "tolkad"),
        ("genom kedjan", "angiven"),
    ]
    with view_without(RT.addresses) as less:
        after = answer(less, "cq06-need-behind-work", undertaking=work).rows
    assert [row["way"].label for row in after] == ["genom dokumentet"]


def test_traceability_falls_up_the_chain(engine: Engine, frameworks: dict, view_without: Callable) -> None:
    ranks = {
        one["level"]: one["influence_rank"]
        for one in frameworks["programme_theory_vasternorrland"]["external_influence"]
    }
    words = {0: "hög", 1: "medel", 2: "medel", 3: "låg"}
    rows = answer(engine, "cq07-traceability-of-objectives").rows
    graded = [row for row in rows if "level" in row]
    assert {(row["level"].label, row["traceability"].label) for row in graded} <= {
        (level, words[rank]) for level, rank in ranks.items()
    }
    highest = [row for row in graded if row["objective"].label == OBJECTIVE]
    assert {row["traceability"].label for row in highest} == {"låg"}
    assert any("level" not in row and row["traceability"].label == "går inte att säga" for row in rows)
    with view_without(RT.externalInfluenceRank) as less:
        after = answer(less, "cq07-traceability-of-objectives").rows
    assert {row["traceability"].label for row in after} == {"går inte att säga"}


def test_other_factors_are_those_of_the_sources(
    engine: Engine, regions: list[dict], frameworks: dict, view_without: Callable
) -> None:
    rows = answer(engine, "cq09-other-factors").rows
    kinds = Counter(row["kind"].label for row in rows if row["constructed"].value == "false")
    examples = sum(len(one["other_factors_sv"]) for one in frameworks["sormland"]["worked_examples"])
    assert kinds["annan faktor bakom resultatet"] == examples
    assert kinds["skäl till förflyttningen"] == sum(len(one["movement"]["factors"]) for one in regions)
    with view_without(RT.otherFactor) as less:
        after = answer(less, "cq09-other-factors").rows
    assert "annan faktor bakom resultatet" not in {row["kind"].label for row in after}


def test_only_the_worked_examples_tie_a_result_to_a_challenge(
    engine: Engine, frameworks: dict, view_without: Callable
) -> None:
    rows = answer(engine, "cq10-challenge-behind-result").rows
    real = [row for row in rows if row["constructed"].value == "false"]
    assert len(real) == len(frameworks["sormland"]["worked_examples"])
    assert len(rows) == len(real) + 1
    with view_without(RT.addresses) as less:
        assert not answer(less, "cq10-challenge-behind-result").rows


def test_every_named_perspective_is_there(engine: Engine, frameworks: dict, view_without: Callable) -> None:
    rows = answer(engine, "cq86-perspectives").rows
    real = {row["perspective"].value for row in rows if row["constructed"].value == "false"}
    assert len(real) == len(frameworks["perspectives"]["items"])
    carried = [row for row in rows if row["said"].label == "anges på den"]
    with view_without(RT.perspective) as less:
        after = answer(less, "cq86-perspectives").rows
    assert carried
    assert {row["said"].label for row in after} == {"källan anger ingen bärare"}


def test_a_tie_that_the_publication_calls_interpreted_is_told_as_interpreted(view_without: Callable) -> None:
    """Bergslund's publication says nothing of interpreted fields; here it does, one at a time."""
    publication, said = "https://w3id.org/rodtrad/graph/bergslund/exempel-2025", str(RT.interpretedProperty)
    cases = [
        (RT.serves, "cq01-activity-to-strategy", {"activity": VALIDATION}, "bidrar till målet"),
        (RT.addresses, "cq06-need-behind-work", {"undertaking": UNDERTAKING}, "genom kedjan"),
        (RT.priority, "cq02-below-a-priority", {"priority": PRIORITY}, None),
    ]
    with view_without() as view:
        for coded, query, values, way in cases:
            column = {"cq01-activity-to-strategy": "how", "cq06-need-behind-work": "way"}.get(query)

            def bases(query=query, values=values, column=column, way=way) -> set[str]:
                rows = answer(view, query, **values).rows
                return {row["basis"].label for row in rows if column is None or row[column].label == way}

            assert bases() == {"angiven"}
            quad = ox.Quad(ox.NamedNode(publication), ox.NamedNode(said), ox.NamedNode(str(coded)))
            view._store.add(quad)
            assert bases() == {"tolkad"}
            view._store.remove(quad)


def test_what_dalarna_and_sormland_hold_is_found_by_their_counties(engine: Engine) -> None:
    """Told of the organisation (held by), not of the county: six uses of tools, two worked examples."""
    tools = answer(engine, "cq45-capacity-tools-in-use", region="20").rows
    assert len({row["use"].value for row in tools if "/tool-use/" in row["use"].value}) == 6
    results = answer(engine, "cq74-results-of-the-year", region="04").rows
    assert {row["result"].value.rpartition("/")[2] for row in results} >= {
        "sormland-exempel-1",
        "sormland-exempel-2",
    }
    assert {row["region"].label for row in results} == {"Södermanlands län"}
