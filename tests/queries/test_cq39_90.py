"""Roles, money, posts, reporting: the answers against the facts as plain JSON, and against the made-up county."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from rodtrad.ontology.names import ID, RT, slug
from rodtrad.queries.catalogue import catalogue, find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

NONE = "källan anger inget"
TIME_LIMITED = {"ESF", "ERUF", "Tillväxtverket"}
REGION, NATION = "Region Bergslund", "Sverige"
RESULT = "Arbetsgivarna räknar intyget som merit när de anställer"
INTERVENTION, MONEY, TIME = (
    "Validering nära dig",
    "Projektmedel till Validering nära dig",
    "Vägledare i valideringen",
)
PRIORITY = "Lärande genom hela livet, nära hemmet"
CERTIFICATE = "Deltagarna har intyg på det de kan"
RECOGNISED = "Den som arbetar i vården får sitt kunnande erkänt i lön och uppdrag"
STAFFED = "Färre tjänster i vård och omsorg saknar rätt utbildad personal"
CERTIFICATE_IRI = ID[f"bergslund/objective/{slug(CERTIFICATE)}"]
VALIDATION = "Validering av vårdkunnande i fyra lärcentra"
CERTIFIED = "Deltagare som fått intyg på sitt vårdkunnande"
PROMOTED = "Validerade som fått nytt uppdrag eller fast tjänst inom ett år"
FALLEN = "Andelen tjänster utan rätt utbildad personal har sjunkit"
# What the register of frameworks calls the six uses of tools, and their ids in the sheets.
TOOL_USES = {
    "stärka strategrollen genom samling kring verktygen": "dalarna-strategrollen",
    "bli bättre på att prioritera": "dalarna-prioritera",
    "hitta mötesformer": "dalarna-motesformer",
    "rätta förväntningar": "dalarna-forvantningar",
    "gemensamma prioriteringar": "dalarna-gemensamma-val",
    "kraftsamlingar": "dalarna-kraftsamling",
}


@dataclass(frozen=True)
class Case:
    """What a question should answer.

    Attributes:
        columns: The cells compared: ``name`` by what is shown, ``name:`` by the last part of its IRI.
        expected: From the facts to the rows, in any order.
        rests_on: Terms without which the answer must change.
        only: Rows compared: those of real publications, of the made-up county, or all.
    """

    columns: str
    expected: Callable[[Facts], Iterator[tuple] | list[tuple]]
    rests_on: tuple[str, ...]
    only: str = ""


@dataclass(frozen=True)
class Facts:
    """The JSON files."""

    regions: list[dict]
    joint: dict
    frameworks: dict


def lan(region: dict) -> str:
    return region["region"]["lan"]


def code(region: dict) -> str:
    return region["region"]["lan_code"]


def activities(facts: Facts) -> Iterator[tuple[dict, dict]]:
    return ((region, activity) for region in facts.regions for activity in region["activities"])


def started(activity: dict) -> int | None:
    return int(activity["period"][:4]) if activity["period"] else None


def roles(facts: Facts) -> Iterator[tuple]:
    for region, activity in activities(facts):
        if activity.get("region_role"):
            identity = f"{code(region)}-{activity['id']}"
            yield lan(region), identity, activity["region_role"], "tolkad", started(activity)


def role_pattern(facts: Facts) -> Iterator[tuple]:
    found: dict[tuple, list] = defaultdict(list)
    for region, activity in activities(facts):
        if activity.get("region_role"):
            found[lan(region), activity["region_role"]].append(started(activity))
    for key, years in found.items():
        dated = [year for year in years if year]
        yield (*key, len(years), len(dated), min(dated, default=None), max(dated, default=None))


def tools(facts: Facts) -> Iterator[tuple]:
    used = facts.frameworks["dalarna"]["tools_used"]
    for side, words in (("inåt", used["internal_sv"]), ("utåt", used["external_sv"])):
        for one in words:
            yield "Dalarnas län", "Kapacitetsverktyg", side, TOOL_USES[one], "Region Dalarna", None
    yield from tools_of_the_made_up_county()


def tools_of_the_made_up_county() -> Iterator[tuple]:
    survey = "Kartläggning av helårsarbete i besöksnäringen"
    meeting = "Mötesplats för besöksnäringens arbetsgivare"
    for tool, activity, actor, role in (
        ("lärprocesser", VALIDATION, REGION, "samordnar"),
        ("lärprocesser", VALIDATION, "Ekbackens kommun", "driver"),
        ("lärprocesser", VALIDATION, "Tallnäs kommun", "driver"),
        ("lärprocesser", VALIDATION, "Granviks folkhögskola", "deltar"),
        ("lärprocesser", VALIDATION, "Arbetsgivare inom vård och omsorg i Bergslund", "deltar"),
        ("kunskap och analys", survey, REGION, "driver"),
        ("aktörer/nätverk", meeting, REGION, "driver"),
    ):
        yield REGION, tool, NONE, slug(activity), actor, role


def established(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        for one in region["results"]:
            result = f"{code(region)}-{one['id']}"
            yield lan(region), result, NONE, None, None, one["certainty"], one["state"]
    for one in facts.frameworks["sormland"]["worked_examples"]:
        # The source does not say whether they were reached.
        result = f"sormland-exempel-{one['no']}"
        yield "Södermanlands län", result, one["evidence_sv"], None, None, None, "oklar"


def evidence_of_the_made_up_county(_: Facts) -> list[tuple]:
    survey = "Enkät ett år efter intyget: 97 av 148 svarande har nytt uppdrag eller fast tjänst"
    return [
        (RESULT, "Intervjuer med arbetsgivare 2022", None, None, "angivet av regionen", "uppnådd"),
        (PROMOTED, "se belägget", survey, "enkät", None, "uppnådd"),
    ]


def resources_by_goal(_: Facts) -> list[tuple]:
    below, aims, adds = (
        "arbetet ligger under prioriteringen",
        "insatsen vill nå målet",
        "kedjan bidrar till målet",
    )
    intervention = (INTERVENTION, None, "ESF", None, None, 2_500_000, 2_350_000)
    money = (MONEY, "pengar", "ESF", 2_500_000, "kr", None, None)
    time = (TIME, "tid", "regionens egna medel", 2, "årsarbetskrafter", None, None)
    return [
        *((PRIORITY, "Prioritering", *one, below) for one in (intervention, money, time)),
        *((CERTIFICATE, "Mål", *one, aims) for one in (intervention, money)),
        *((goal, "Mål", *money, adds) for goal in (CERTIFICATE, RECOGNISED, STAFFED)),
        *((goal, "Mål", *time, adds) for goal in (CERTIFICATE, RECOGNISED, STAFFED)),
    ]


def money_for(resource: dict) -> list[str]:
    """The activities of a resource; the JSON names one, and the others in a note."""
    also = re.findall(r"\ba\d+\b", resource.get("note") or "")
    return [resource["for"], *also] if resource["for"] else []


def projects(region: dict) -> dict[tuple[str, str | None], list[str]]:
    """Activities by the project's name and fund; a project without a name is called by its activity."""
    found = defaultdict(list)
    for activity in region["activities"]:
        if "project" in activity:
            name = activity["project"].get("name") or f"Projektet bakom {activity['title']}"
            found[name, activity["project"].get("fund")].append(activity["id"])
    return found


def time_limited(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        paid = [(one["text"], one["fund"], money_for(one) or [None]) for one in region["resources"]]
        paid += [(*project, found) for project, found in projects(region).items()]
        for name, fund, found in paid:
            if fund in TIME_LIMITED:
                for local in found:
                    yield lan(region), fund, name, local and f"{code(region)}-{local}"


def posts(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        staff = region["organisation"].get("staff")
        rows: list[tuple] = [("Regionens arbete", staff, None)] if staff else []
        rows += [("Resurs", "", one["value"]) for one in region["resources"] if one["kind"] == "tid"]
        rows += [("Hinder", "", None) for one in region["challenges"] if one["kind"] == "personal"]
        yield from ((lan(region), *row) for row in rows or [(None, NONE, None)])
    yield None, "Hinder", "", None


def analysis(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        about = {one["id"] for one in region["activities"] if one["area"] == "Analys och prognoser"}
        covers = [
            (one["text"], f"{code(region)}-{local}")
            for one in region["resources"]
            if one["kind"] == "annat"
            for local in money_for(one)
            if local in about
        ]
        covers += [
            (one["name"], f"{code(region)}-{local}")
            for one in facts.joint["joint"]
            for stem, local in {tuple(row[:2]) for row in one["members"]}
            if stem == region["stem"] and local in about
        ]
        for obstacle in region["challenges"]:
            if obstacle["kind"] == "analyskapacitet":
                yield from ((lan(region), obstacle["text"], *row) for row in covers or [(None, None)])


def recommendations(facts: Facts) -> Iterator[tuple]:
    given, by = facts.frameworks["recommendations"], facts.frameworks["theory_of_change"]["assessor"]
    yield from ((one["id"], "Regeringskansliet", by, None) for one in given["to_regeringskansliet"])
    yield from ((one["id"], "Tillväxtverket", by, None) for one in given["to_tillvaxtverket"])


def stated_reach(region: dict) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """From each activity, by stated links: what follows, and what is said by an interpreted link alone."""
    stated, read = defaultdict(set), defaultdict(set)
    for activity in region["activities"]:
        own = activity["id"]
        for output in activity["outputs"]:
            stated[own].add(f"{own}-{output['id']}")
        for outcome in activity.get("outcomes", []):
            for cause in outcome["from"]:
                kind = stated if outcome["link_basis"] == "angiven" else read
                kind[f"{own}-{cause}"].add(f"{own}-{outcome['id']}")
    for result in region["results"]:
        for cause in result["from"]:
            (stated if result["link_basis"] == "angiven" else read)[cause].add(result["id"])
    return stated, read


def follow(starts: Iterable[str], *links: dict[str, set[str]]) -> set[str]:
    """All that is reached from the starts by any of the links."""
    reached, found = set(), list(starts)
    while found:
        here = found.pop()
        beyond = set().union(*(after[here] for after in links)) - reached
        found += beyond
        reached |= beyond
    return reached


def money_in(region: dict) -> Iterator[tuple[tuple, list[str]]]:
    """Name, fund, value and unit of what pays, with the activities paid for."""
    for one in region["resources"]:
        if one["kind"] == "pengar":
            yield (one["text"], one["fund"], one["value"], one["unit"]), money_for(one)
    for project, found in projects(region).items():
        yield (*project, None, None), found


def ends(region: dict) -> dict[str, tuple[str, str]]:
    """Kind and state of the outcomes and results."""
    found = {one["id"]: ("Resultat", one["state"]) for one in region["results"]}
    for activity in region["activities"]:
        for one in activity.get("outcomes", []):
            found[f"{activity['id']}-{one['id']}"] = "Utfall", one["state"]
    return found


def money_behind(facts: Facts) -> Iterator[tuple]:
    """By stated links all the way, or with an interpreted link on the way."""
    for region in facts.regions:
        stated, read = stated_reach(region)
        known = ends(region)
        for money, paid_for in money_in(region):
            reached = follow(paid_for, stated)
            guessed = follow(paid_for, stated, read) - reached
            for path, those in (("angiven", reached), ("tolkad", guessed)):
                for end in those & known.keys():
                    yield lan(region), f"{code(region)}-{end}", *known[end], *money, None, None, path


def money_behind_in_the_made_up_county(_: Facts) -> Iterator[tuple]:
    """The resource pays for the intervention, its activity gives validations, and they all four ends."""
    for end, kind in (
        (CERTIFIED, "Utfall"),
        (PROMOTED, "Kortsiktig effekt"),
        (FALLEN, "Långsiktig effekt"),
        (RESULT, "Resultat"),
    ):
        yield end, kind, "uppnådd", INTERVENTION, "ESF", None, None, 2_500_000, 2_350_000, "angiven"
        yield end, kind, "uppnådd", MONEY, "ESF", 2_500_000, "kr", None, None, "angiven"


def wanted(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        county, number = lan(region), code(region)
        for activity in region["activities"]:
            own = f"{number}-{activity['id']}"
            for one in activity.get("outcomes", []):
                if one["from"]:
                    yield county, own, f"{own}-{one['id']}", "Utfall", one["state"], one["link_basis"]
        for one in region["results"]:
            for cause in one["from"]:
                row = f"{number}-{cause}", f"{number}-{one['id']}", "Resultat"
                yield county, *row, one["state"], one["link_basis"]


def wanted_in_the_made_up_county(_: Facts) -> list[tuple]:
    """The only judgement is of another objective."""
    return [
        (INTERVENTION, CERTIFICATE, "Mål", CERTIFIED, "uppnådd", None, "angiven"),
        (VALIDATION, CERTIFIED, "Utfall", None, "uppnådd", None, "angiven"),
    ]


def popular(region: dict) -> Iterator[tuple]:
    done, missed, ahead = "Det här gjorde vi", "Det här nådde vi inte", "Det här vill vi göra härnäst"
    heading = {"genomförd": done, "pågående": done, "avbruten": missed, "planerad": ahead}
    for one in region["activities"]:
        if one["status"] in heading:
            yield heading[one["status"]], one["title"], one["area"]
    heading = {"uppnådd": "Det här nådde vi", "ej uppnådd": missed}
    for one in region["results"]:
        if one["state"] in heading:
            yield heading[one["state"]], one["text"], one["focus_area"]
    yield from (("Det här var svårt", one["text"], one.get("focus_area")) for one in region["challenges"])
    yield from (("Det här lärde vi oss", one["text"], one["focus_area"]) for one in region["lessons"])
    yield from ((ahead, one, None) for one in region["forward"])


EVALUATION, MADE_UP = "utvardering-2021", "bergslund"
CASES: dict[str, tuple[str, Case]] = {
    "roles": (
        "cq39-role-in-each-activity",
        Case(
            "region activity: role basis fromYear",
            roles,
            ("regionRole", "interpretedProperty"),
            only=EVALUATION,
        ),
    ),
    "pattern": (
        "cq39-role-pattern",
        Case(
            "region role activities dated firstYear lastYear", role_pattern, ("regionRole",), only=EVALUATION
        ),
    ),
    "tools": (
        "cq45-capacity-tools-in-use",
        Case(
            "region tool side use: actor role", tools, ("capacityTool", "ToolUse", "participation", "heldBy")
        ),
    ),
    "established": (
        "cq64-how-results-were-established",
        Case(
            "region result: how evidence kind certainty state",
            established,
            ("establishedBy", "certainty", "state"),
            only="!bergslund",
        ),
    ),
    "evidence": (
        "cq64-how-results-were-established",
        Case(
            "result how evidence kind certainty state",
            evidence_of_the_made_up_county,
            ("supportedBy", "establishedBy"),
            only=MADE_UP,
        ),
    ),
    "goals": (
        "cq69-resources-by-goal",
        Case(
            "goal goalKind resource kind fund value unit granted paid tie",
            resources_by_goal,
            ("resourceFor", "aimsAt", "contributesTo", "value", "granted", "paid"),
            only=MADE_UP,
        ),
    ),
    "time-limited": (
        "cq70-work-on-time-limited-money",
        Case("region fund money activity:", time_limited, ("fund",), only=EVALUATION),
    ),
    "posts": ("cq71-posts-and-person-dependence", Case("region kind staffing value", posts, ("staffing",))),
    "analysis": (
        "cq72-analysis-capacity",
        Case("region obstacle cover activity:", analysis, ("obstacleKind",)),
    ),
    "recommendations": (
        "cq75-recommendations",
        Case("recommendation: addressee holder decision", recommendations, ("Recommendation", "heldBy")),
    ),
    "money": (
        "cq83-money-behind-a-result",
        Case(
            "region result: kind state money fund value unit granted paid path",
            money_behind,
            ("contributesTo", "leadsTo", "fund", "value"),
            only=EVALUATION,
        ),
    ),
    "money-made-up": (
        "cq83-money-behind-a-result",
        Case(
            "result kind state money fund value unit granted paid path",
            money_behind_in_the_made_up_county,
            ("contributesTo", "fund", "granted", "paid"),
            only=MADE_UP,
        ),
    ),
    "wanted": (
        "cq85-wanted-and-reached",
        Case("region undertaking: wanted: kind state basis", wanted, ("cause",), only=EVALUATION),
    ),
    "wanted-made-up": (
        "cq85-wanted-and-reached",
        Case(
            "undertaking wanted kind reached state verdict basis",
            wanted_in_the_made_up_county,
            ("aimsAt", "serves", "producedBy"),
            only=MADE_UP,
        ),
    ),
}


@pytest.fixture(scope="module")
def facts(regions: list[dict], joint: dict, frameworks: dict) -> Facts:
    return Facts(regions, joint, frameworks)


def ask(engine, compared, name: str) -> Counter:
    query_id, case = CASES[name]
    answer = run(engine, find(query_id), {})
    apart = case.only.removeprefix("!") if case.only.startswith("!") else None
    rows = [row for row in answer.rows if not apart or apart not in row["publication"].value]
    kept = type(answer)(**{**vars(answer), "rows": tuple(rows)})
    return Counter(compared(kept, case.columns, "" if apart else case.only))


@pytest.mark.parametrize("name", CASES)
def test_answer(name: str, engine, compared, facts: Facts) -> None:
    found, expected = ask(engine, compared, name), Counter(CASES[name][1].expected(facts))
    assert expected
    assert found == expected, (found - expected, expected - found)


@pytest.mark.parametrize("name", CASES)
def test_answer_changes_with_the_data(name: str, compared, view_without) -> None:
    with view_without() as full:
        before = ask(full, compared, name)
    for term in CASES[name][1].rests_on:
        with view_without(str(RT[term])) as poorer:
            assert ask(poorer, compared, name) != before, term


@contextmanager
def told_more(view_without, turtle: str) -> Iterator[Engine]:
    """An engine over the same data and what somebody else might publish; afterwards it is gone."""
    head = f"@prefix : <http://x.example/> . @prefix rt: <{RT}> . "
    quads = list(ox.parse((head + turtle).encode(), ox.RdfFormat.TURTLE))
    with view_without() as view:
        view._store.extend(quads)
        try:
            yield view
        finally:
            for quad in quads:
                view._store.remove(quad)


def shown(row, *names: str) -> tuple:
    return tuple(row[name].label if name in row else None for name in names)


def test_baseline_is_told_only_where_one_is_published(engine, without):
    question = find("cq63-baseline-before-payment")
    columns = ("region", "item", "verdict", "indicator", "value", "baselineYear", "startYear", "paid")
    rows = {shown(row, *columns) for row in run(engine, question, {}).rows}
    certificates = "Personer med intyg på vårdkunnande"
    assert {row for row in rows if row[0] == REGION} == {
        (REGION, INTERVENTION, "ja, före insatsens start", certificates, "0", "2018", "2019", "2350000")
    }
    assert {row[2] for row in rows if row[0] == NATION} == {"saknas, sagt i stort"}
    folders = (Path(__file__).parents[2] / "examples" / "evaluation").glob("*/3-insatser.csv")
    told = [line for path in folders for line in path.read_text("utf-8").splitlines()]
    named = sum(line.startswith("Insats,") for line in told)
    real = [row for row in rows if row[0] not in {REGION, NATION}]
    assert {row[2] for row in real} == {"källan anger ingen"}
    assert len(real) == named
    with without(str(RT["Baseline"])) as poorer:
        verdicts = {row["verdict"].value for row in run(poorer, question, {}).rows}
    assert verdicts == {"källan anger ingen", "saknas, sagt i stort"}


def test_each_report_says_what_there_is(engine, facts, without):
    question = find("cq73-data-for-each-report")
    region = next(one for one in facts.regions if code(one) == "04")
    expected = {
        "Activity": len(region["activities"]),
        "Output": sum(len(one["outputs"]) for one in region["activities"]),
        "Result": len(region["results"]),
        "Resource": len(region["resources"]),
        "Obstacle": len(region["challenges"]),
        "Lesson": len(region["lessons"]),
        "ForwardPlan": len(region["forward"]),
        "RegionalWork": 1,
        "Baseline": 0,
    }
    rows = run(engine, question, {"region": "04"}).rows
    found = {row["part"].value.rpartition("/")[2]: int(row["facts"].value) for row in rows}
    assert {part: found[part] for part in expected} == expected
    assert {row["report"].value for row in rows} == {"årsrapport", "villkorsrapport", "populärversion"}
    assert {row["held"].value for row in rows if row["facts"].value == "0"} == {NONE}
    with without(str(RT["Lesson"])) as poorer:
        less = run(poorer, question, {"region": "04"}).rows
    assert {row["facts"].value for row in less if row["part"].value == str(RT["Lesson"])} == {"0"}


def test_results_of_the_year_answer_the_five_questions(engine, facts, without):
    question = find("cq74-results-of-the-year")
    columns = ("result", "year", "activity", "otherFactor", "challenge", "how")
    rows = {shown(row, *columns) for row in run(engine, question, {"forYear": "2022"}).rows}
    challenge = "Var femte tjänst i vård och omsorg saknar rätt utbildad personal"
    activity, how = "Validering av vårdkunnande i fyra lärcentra", "Intervjuer med arbetsgivare 2022"
    assert rows == {
        (RESULT, "2022", activity, factor, challenge, how)
        for factor in ("brist på sökande", "nytt kollektivavtal 2021")
    }
    undated = [row for row in run(engine, question, {}).rows if "year" not in row]
    examples = facts.frameworks["sormland"]["worked_examples"]
    assert Counter(row["how"].value for row in undated) == {
        one["evidence_sv"]: len(one["other_factors_sv"]) for one in examples
    }
    assert run(engine, question, {"forYear": "2021"}).rows == ()
    with without(str(RT["year"])) as poorer:
        assert run(poorer, question, {"forYear": "2022"}).rows == ()


def test_recommendations_are_not_said_to_be_carried_out(engine):
    for lang, words in (("sv", "finns inte i källan: "), ("en", "not in the source: ")):
        rows = run(engine, find("cq75-recommendations"), {}, lang).rows
        assert all(row["outcome"].value.startswith(words) for row in rows)


@pytest.mark.parametrize(("lang", "words"), [("sv", "se beslutet"), ("en", "see the decision")])
def test_a_recommendation_with_a_decision_points_to_it(lang: str, words: str, facts, view_without) -> None:
    given = facts.frameworks["recommendations"]
    known = {one["id"] for one in [*given["to_regeringskansliet"], *given["to_tillvaxtverket"]]}
    decided = f":minutes-1 a rt:Decision ; rt:basedOn <{ID['ref/recommendation/rk2']}> ; rt:inPublication :minutes ."
    with told_more(view_without, decided) as view:
        rows = run(view, find("cq75-recommendations"), {}, lang).rows
    told = {row["recommendation"].value.rpartition("/")[2]: row for row in rows}
    assert len(rows) == len(told) and told.keys() == known
    assert {name for name, row in told.items() if "decision" in row} == {"rk2"}
    assert {name for name, row in told.items() if row["outcome"].value == words} == {"rk2"}
    assert told["rk2"]["decision"].value == "http://x.example/minutes-1"


def test_the_verdict_on_what_an_intervention_wanted_stands_beside_it(view_without) -> None:
    verdict = "<https://w3id.org/rodtrad/scheme/verdict/partly>"
    judged = f":judgement a rt:Assessment ; rt:assesses <{CERTIFICATE_IRI}> ; rt:verdict {verdict} ."
    with told_more(view_without, judged) as view:
        rows = run(view, find("cq85-wanted-and-reached"), {}).rows
    found = [shown(row, "undertaking", "wanted", "verdict") for row in rows if "verdict" in row]
    assert found == [(INTERVENTION, CERTIFICATE, "delvis uppfyllt")]


def test_what_others_did_for_the_objective_is_not_reached_by_the_intervention(
    engine, compared, view_without
) -> None:
    question, columns = find("cq85-wanted-and-reached"), "undertaking wanted reached"
    by_others = f":other a rt:Outcome ; rt:serves <{CERTIFICATE_IRI}> ."
    with told_more(view_without, by_others) as view:
        found = compared(run(view, question, {}), columns)
    assert found == compared(run(engine, question, {}), columns)


def test_a_tool_that_is_asked_for_is_the_only_one(engine, compared) -> None:
    question, columns = find("cq45-capacity-tools-in-use"), "region tool side use: actor role"
    made_up = list(tools_of_the_made_up_county())
    for tool in {row[1] for row in made_up}:
        found = compared(run(engine, question, {"tool": tool}), columns)
        assert Counter(found) == Counter(row for row in made_up if row[1] == tool), tool


def test_owner_and_co_funders_of_an_intervention_have_roles(engine, compared) -> None:
    undertaking = ID[f"bergslund/intervention/{slug(INTERVENTION)}"]
    answer = run(engine, find("cq40-who-does-what-in-an-activity"), {"undertaking": undertaking})
    assert Counter(compared(answer, "actor role basis")) == Counter(
        [
            (REGION, "projektägare", "angiven"),
            ("Ekbackens kommun", "finansierar", "angiven"),
            ("Tallnäs kommun", "finansierar", "angiven"),
        ]
    )


def told_otherwise(engine, compared, facts: Facts) -> list[str]:
    """Counties whose popular version is not that of the JSON."""
    question, columns = find("cq88-popular-version"), "heading statement area"
    return [
        lan(region)
        for region in facts.regions
        if Counter(compared(run(engine, question, {"region": code(region)}), columns))
        != Counter(popular(region))
    ]


def test_each_county_has_its_popular_version(engine, compared, facts) -> None:
    assert told_otherwise(engine, compared, facts) == []


@pytest.mark.parametrize("term", ["status", "state", "focusArea"])
def test_no_popular_version_stands_without(term: str, compared, facts, view_without) -> None:
    with view_without(str(RT[term])) as poorer:
        assert told_otherwise(poorer, compared, facts) == [lan(region) for region in facts.regions]


def test_support_stands_beside_the_movement_of_every_county(engine, facts, compared, without):
    question = find("cq77-support-and-movement")
    answer = run(engine, question, {})
    moved = Counter(set(compared(answer, "region movement direction")))
    expected = {
        (lan(one), one["movement"]["text"], one["movement"].get("direction")) for one in facts.regions
    }
    assert moved == Counter([*expected, (NATION, None, None)])
    rows = set(compared(answer, "region kind support"))
    money = {
        (lan(region), "Resurs", one["text"])
        for region in facts.regions
        for one in region["resources"]
        if one["fund"] == "Tillväxtverket"
    }
    work = {
        (lan(region), "Aktivitet", one["title"])
        for region, one in activities(facts)
        if any(actor["name"] == "Tillväxtverket" for actor in one.get("actors", []))
    }
    assert money and {row for row in rows if row[1] == "Resurs"} == money
    assert work and {row for row in rows if row[1] == "Aktivitet"} == work
    assert sum(row[0] == NATION for row in rows) == 2
    for term in ("fund", "participation", "Movement"):
        with without(str(RT[term])) as poorer:
            assert run(poorer, question, {}).rows != answer.rows


NUMBERS = {f"CQ{number}" for number in (39, 45, 63, 64, 69, 70, 71, 72, 73, 74, 75, 77, 83, 85, 88)}
MINE = [one.id for one in catalogue().values() if NUMBERS & set(one.cq)]
BY_COUNTY = [
    "cq42-forums-and-who-meets",
    "cq44-agencies-the-region-meets",
    "cq66-interpreted-facts",
    "cq89-planned-not-done",
    "cq90-posts-held-by-one-person",
]
BY_CODE = [one for one in [*MINE, *BY_COUNTY] if any(c.name == "region" for c in find(one).columns)]


@pytest.mark.parametrize("query_id", BY_CODE)
def test_counties_stand_in_the_order_of_their_codes(query_id: str, engine, regions: list[dict]) -> None:
    number = {lan(one): code(one) for one in regions}
    rows = run(engine, find(query_id), {}).rows
    codes = [number[row["region"].label] for row in rows if "region" in row and row["region"].label in number]
    assert codes == sorted(codes)


@pytest.mark.parametrize("query_id", [one for one in MINE if find(one).parameter("region")])
def test_a_county_that_is_asked_for_is_the_only_one(query_id: str, engine) -> None:
    rows = run(engine, find(query_id), {"region": "12"}).rows
    publications = {row["publication"].value for row in rows if "publication" in row}
    assert not any("bergslund" in one or "/ref/" in one for one in publications)
    assert {row["region"].label for row in rows if "region" in row} <= {"Skåne län"}


@pytest.mark.parametrize("number", ["CQ43", "CQ62", "CQ75"])
def test_what_no_source_holds_says_where_it_dropped_out(number: str, engine) -> None:
    (row,) = run(engine, find("what-the-sources-do-not-hold"), {"number": number}).rows
    assert row["why"].value and row["remedy"].value and row["source"].value


@pytest.mark.parametrize("query_id", MINE)
def test_rows_lead_to_their_source(query_id: str, engine) -> None:
    answer = run(engine, find(query_id), {})
    assert answer.rows
    named = {column.name for column in answer.columns}
    assert named >= {"source", "publication"} or query_id == "cq73-data-for-each-report"
    if "publication" in named:
        known = [row for row in answer.rows if "publication" in row]
        assert known and all("source" in row for row in known)
