"""What the questions on traceability answer, against the facts as plain JSON and a county counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

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
TOURISM = BERGSLUND + "priority/helarsarbete-i-besoksnaringen"
SURVEY = BERGSLUND + "activity/kartlaggning-av-helarsarbete-i-besoksnaringen"
OBJECTIVE = "Färre tjänster i vård och omsorg saknar rätt utbildad personal"
PAY = "Den som arbetar i vården får sitt kunnande erkänt i lön och uppdrag"
CERTIFICATE = "Deltagarna har intyg på det de kan"
YEAR_ROUND = "Fler helårsjobb i besöksnäringen"


def answer(engine: Engine, query: str, **given: str):
    return run(engine, find(query), given, "sv")


def test_an_activity_is_followed_link_by_link_to_the_objectives(
    engine: Engine, view_without: Callable
) -> None:
    rows = answer(engine, "cq01-activity-to-strategy", activity=VALIDATION).rows
    reached = {row["above"].label for row in rows if row["aboveKind"].label == "Mål"}
    # The four objectives of the county less the one on tourism, which nothing serves.
    assert reached == {OBJECTIVE, PAY, CERTIFICATE}
    assert {row["kind"].label for row in rows} == {"orsak och verkan", "styrning"}
    with view_without(RT.serves) as less:
        after = answer(less, "cq01-activity-to-strategy", activity=VALIDATION).rows
    # Four things serve an objective, and two objectives with two parents each are reached in no other way.
    assert len(after) == len(rows) - 4 - 2 * 2


def beneath(regions: list[dict]) -> Iterator[tuple]:
    """What is done under the mandate and what follows from it, each beside the activity it hangs on."""
    for region in regions:
        county, code = region["region"]["lan"], region["region"]["lan_code"]
        for one in region["activities"]:
            if one["mandate_part"]:
                done = f"{code}-{one['id']}"
                yield county, done, "Aktivitet", one["status"], done, "angiven"
                for out in one["outputs"]:
                    yield county, f"{done}-{out['id']}", "Prestation", out["state"], done, "angiven"
                for out in one.get("outcomes", []):
                    yield county, f"{done}-{out['id']}", "Utfall", out["state"], done, out["link_basis"]
                for result in region["results"]:
                    if one["id"] in result["from"]:
                        local = f"{code}-{result['id']}"
                        yield county, local, "Resultat", result["state"], done, result["link_basis"]


def test_below_a_priority_lie_the_coded_activities_and_what_follows(
    engine: Engine, compared: Callable, regions: list[dict], view_without: Callable
) -> None:
    priority = ID["ref/priority/ns2015-kompetensforsorjning"]
    found = answer(engine, "cq02-below-a-priority", priority=priority)
    columns = "region element: kind state activity: basis"
    assert Counter(compared(found, columns)) == Counter(beneath(regions))
    with view_without(RT.alignedWith) as less:
        assert not answer(less, "cq02-below-a-priority", priority=priority).rows
    with view_without(RT.leadsTo) as less:
        after = answer(less, "cq02-below-a-priority", priority=priority)
    assert {kind for (kind,) in compared(after, "kind")} == {"Aktivitet"}


def test_below_the_made_up_priorities_lies_the_whole_chain(engine: Engine, compared: Callable) -> None:
    columns = "activity element kind state"
    chain = [
        ("Valideringar som genomförts", "Prestation"),
        ("Deltagare som fått intyg på sitt vårdkunnande", "Utfall"),
        ("Validerade som fått nytt uppdrag eller fast tjänst inom ett år", "Kortsiktig effekt"),
        ("Andelen tjänster utan rätt utbildad personal har sjunkit", "Långsiktig effekt"),
        ("Arbetsgivarna räknar intyget som merit när de anställer", "Resultat"),
    ]
    # The intervention and the activity that belongs to it both name the priority.
    work, activity = "Validering nära dig", "Validering av vårdkunnande i fyra lärcentra"
    expected = [(start, *reached, "uppnådd") for start in (work, activity) for reached in chain]
    expected += [(start, activity, "Aktivitet", "genomförd") for start in (work, activity)]
    expected += [(work, work, "Insats", "genomförd")]
    found = compared(answer(engine, "cq02-below-a-priority", priority=PRIORITY), columns)
    assert Counter(found) == Counter(expected)
    survey = "Kartläggning av helårsarbete i besöksnäringen"
    meeting = "Mötesplats för besöksnäringens arbetsgivare"
    assert set(compared(answer(engine, "cq02-below-a-priority", priority=TOURISM), columns)) == {
        (survey, survey, "Aktivitet", "genomförd"),
        (survey, "Rapport om helårsarbete i besöksnäringen", "Prestation", "uppnådd"),
        (meeting, meeting, "Aktivitet", "planerad"),
    }


def test_no_activity_of_the_evaluation_is_tied_to_a_document(
    engine: Engine, compared: Callable, regions: list[dict], view_without: Callable
) -> None:
    found = answer(engine, "cq03-activities-without-document")
    expected = Counter(
        (
            region["region"]["lan"],
            f"{region['region']['lan_code']}-{one['id']}",
            "bara till uppdraget" if one["mandate_part"] else "ingen",
            one["mandate_part"],
        )
        for region in regions
        for one in region["activities"]
    )
    assert Counter(compared(found, "region activity: link part")) == expected
    assert {row["silence"].label for row in found.rows} == {"urval: tystnad är inget bevis"}
    with view_without(RT.mandatePart) as less:
        after = answer(less, "cq03-activities-without-document").rows
    assert {row["link"].label for row in after} == {"ingen"}


def test_an_activity_with_a_document_or_a_priority_is_not_among_those_without(view_without: Callable) -> None:
    activity = ox.NamedNode(ID["rodtrad/activity/20-a1"])
    ties = [
        (RT.governedBy, ID["rodtrad/document/20-hp-kompetens"]),
        (RT.priority, ID["rodtrad/priority/20-hp-kompetens-p1"]),
    ]
    with view_without() as view:
        before = len(answer(view, "cq03-activities-without-document").rows)
        for path, above in ties:
            quad = ox.Quad(activity, ox.NamedNode(path), ox.NamedNode(above))
            view._store.add(quad)
            after = answer(view, "cq03-activities-without-document").rows
            view._store.remove(quad)
            assert len(after) == before - 1
            assert activity.value not in {row["activity"].value for row in after}


def test_a_skipped_level_is_counted_from_the_levels_of_the_coding(
    engine: Engine, compared: Callable, regions: list[dict], view_without: Callable
) -> None:
    expected = Counter()
    for region in regions:
        code = region["region"]["lan_code"]
        for result in region["results"]:
            skipped = LEVELS.index(result["level"]) - LEVELS.index("aktivitet") - 1 if result["level"] else 0
            if skipped > 0:
                above = (f"{code}-{result['id']}", result["level"], skipped, result["link_basis"])
                expected.update((region["region"]["lan"], f"{code}-{one}", *above) for one in result["from"])
    found = compared(answer(engine, "cq05-skipped-levels"), "region cause: effect: effectLevel skipped basis")
    assert Counter(found) == expected
    with view_without(RT.chainLevel) as less:
        # A result without a level is not placed, and no other link skips one.
        assert not answer(less, "cq05-skipped-levels").rows


def test_a_need_is_found_through_the_chain_and_through_the_document(
    engine: Engine, compared: Callable, view_without: Callable
) -> None:
    need = "Var femte tjänst i vård och omsorg saknar rätt utbildad personal"
    document = (need, "genom dokumentet", "Bergslund 2030", "tolkad")
    result = "Arbetsgivarna räknar intyget som merit när de anställer"
    chain = (need, "genom kedjan", result, "angiven")

    def needs(engine: Engine, undertaking: str) -> list[tuple]:
        found = answer(engine, "cq06-need-behind-work", undertaking=undertaking)
        return compared(found, "need way through basis")

    assert needs(engine, UNDERTAKING) == needs(engine, VALIDATION) == [document, chain]
    # Nothing follows from the report of the survey.
    assert needs(engine, SURVEY) == [document]
    with view_without(RT.addresses) as less:
        assert needs(less, UNDERTAKING) == [document]
    with view_without(BERGSLUND + "document/bergslund-2030") as less:
        assert needs(less, UNDERTAKING) == [chain]


def wanted_levels(frameworks: dict) -> dict[str, str]:
    """Level of Västernorrland by the letter of the chain level that it wants."""
    return {
        one["wants"][0]: one["goal_level"]
        for one in frameworks["crosswalk"]["wants"]
        if one["chain"] == "chain-vasternorrland"
    }


def national_levels(frameworks: dict) -> Iterator[tuple[str, str]]:
    """The objectives of Tillväxtverket's theory of change and the level that wants the same."""
    beside = {
        one["tillvaxtverket"]: one["vasterbotten"]
        for one in frameworks["crosswalk"]["chain_levels"]
        if one["tillvaxtverket"] and not one["tillvaxtverket"].endswith("(bara ordet)")
    }
    for goal in frameworks["theory_of_change"]["goals"]:
        letter = next(letter for words, letter in beside.items() if goal["level"] in words)
        yield goal["id"], wanted_levels(frameworks)[letter]


def test_traceability_falls_up_the_chain(
    engine: Engine, compared: Callable, frameworks: dict, view_without: Callable
) -> None:
    ranks = {
        one["level"]: one["influence_rank"]
        for one in frameworks["programme_theory_vasternorrland"]["external_influence"]
    }
    words = {0: "hög", 1: "medel", 2: "medel", 3: "låg"}
    wanted = wanted_levels(frameworks)
    expected = dict(national_levels(frameworks)) | {
        "farre-tjanster-i-vard-och-omsorg-saknar-ratt-utbildad-personal": wanted["B"],
        "den-som-arbetar-i-varden-far-sitt-kunnande-erkant-i-lon-och-uppdrag": wanted["C"],
        "deltagarna-har-intyg-pa-det-de-kan": wanted["D"],
        "fler-helarsjobb-i-besoksnaringen": wanted["B"],
        "20-ds-innovationskraft": wanted["B"],
        "20-ds-delstrategins-mal": wanted["C"],
    }
    # The overall objectives of Västernorrland's strategy stand at its own word for that level of the framework.
    overall = ("22-rus-stark-plats", "22-rus-leva", "22-rus-vaxa")
    expected |= dict.fromkeys(overall, "Övergripande mål/Effektmål")
    found = answer(engine, "cq07-traceability-of-objectives")
    rows = compared(found, "objective: level traceability")
    graded = {one for one in rows if one[1]}
    assert graded == {(name, level, words[ranks[level]]) for name, level in expected.items()}
    ungraded = {row["traceability"].label for row in found.rows if "level" not in row}
    assert ungraded == {"går inte att säga"}
    with view_without(RT.externalInfluenceRank) as less:
        after = answer(less, "cq07-traceability-of-objectives").rows
    assert {row["traceability"].label for row in after} == {"går inte att säga"}


def test_the_influence_on_the_own_links_stands_beside(engine: Engine, compared: Callable) -> None:
    found = answer(engine, "cq07-traceability-of-objectives")
    own = [one[:2] for one in compared(found, "objective ownLinks constructed") if one[2]]
    assert sorted(own, key=str) == sorted(
        [(OBJECTIVE, "medel"), (PAY, "medel"), (PAY, "låg"), (CERTIFICATE, "låg"), (YEAR_ROUND, None)],
        key=str,
    )


def test_other_factors_are_those_of_the_sources(
    engine: Engine, compared: Callable, regions: list[dict], frameworks: dict, view_without: Callable
) -> None:
    result, reason = "annan faktor bakom resultatet", "skäl till förflyttningen"
    found = compared(answer(engine, "cq09-other-factors"), "moved: kind factor constructed")
    expected = Counter(
        (f"{one['region']['lan_code']}-forflyttning", reason, factor, False)
        for one in regions
        for factor in one["movement"]["factors"]
    )
    assert Counter(one for one in found if one[1] == reason and not one[3]) == expected
    # The factor of the first example is told in other words than in the facts, all but the first word.
    told = {one["no"]: one["other_factors_sv"] for one in frameworks["sormland"]["worked_examples"]}
    assert {(one[0], one[2].split()[0]) for one in found if one[1] == result and not one[3]} == {
        (f"sormland-exempel-{number}", factor.split()[0])
        for number, factors in told.items()
        for factor in factors
    }
    assert {one[1:3] for one in found if one[3]} == {
        (result, "brist på sökande"),
        (result, "nytt kollektivavtal 2021"),
        (reason, "fasta vägledare"),
        (reason, "intyg som arbetsgivarna godtar"),
        ("yttre faktor på en länk", "Nytt kollektivavtal för vård och omsorg"),
    }
    with view_without(RT.otherFactor) as less:
        after = answer(less, "cq09-other-factors").rows
    assert result not in {row["kind"].label for row in after}


def test_only_the_worked_examples_tie_a_result_to_a_challenge(
    engine: Engine, compared: Callable, frameworks: dict, view_without: Callable
) -> None:
    challenges = {1: "sormland-samlat-arbete", 2: "sormland-utbildning-och-utsatthet"}
    expected = [
        (f"sormland-exempel-{one['no']}", challenges[one["no"]], "oklar", one["evidence_sv"], False)
        for one in frameworks["sormland"]["worked_examples"]
    ]
    expected.append(
        (
            "arbetsgivarna-raknar-intyget-som-merit-nar-de-anstaller",
            "var-femte-tjanst-i-vard-och-omsorg-saknar-ratt-utbildad-personal",
            "uppnådd",
            "Intervjuer med arbetsgivare 2022",
            True,
        )
    )
    columns = "result: challenge: state evidence constructed"
    assert compared(answer(engine, "cq10-challenge-behind-result"), columns) == expected
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
