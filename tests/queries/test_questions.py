"""Every question of the catalogue answers what the facts say, as counted by plain Python and no SPARQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from rodtrad.ontology.names import ID, RT, slug
from rodtrad.queries.answer import Answer
from rodtrad.queries.catalogue import catalogue, find
from rodtrad.queries.runner import run

NONE = "källan anger inget"
DONE = {"genomförd", "pågående"}
PLANS = {"delstrategi", "handlingsplan", "program", "verksamhetsplan", "nämndplan"}
ACTIVITY = ID["rodtrad/activity/"]


@dataclass(frozen=True)
class Facts:
    """The JSON files."""

    regions: list[dict]
    actors: dict
    joint: dict
    frameworks: dict

    def activities(self) -> Iterator[tuple[dict, dict]]:
        return ((region, activity) for region in self.regions for activity in region["activities"])

    def named(self, name: str, region: dict) -> str | None:
        """The register's name of an actor; ``None`` where the word is no actor."""
        local = self.actors["by_region"].get(name, {}).get(region["stem"]) or self.actors["strings"][name]
        known = [*self.actors["actors"], *self.actors["unspecified"]]
        instead = {one["id"]: one.get("instead") for one in self.actors["not_actors"]}
        if local in instead:
            return None
        return next(one["name"] for one in known if one["id"] == local)

    def iri(self, stem: str, row: str) -> str:
        return next(lan_code(one) for one in self.regions if one["stem"] == stem) + "-" + row


@dataclass(frozen=True)
class Case:
    """What a question should answer.

    Attributes:
        columns: The cells compared: ``name`` by what is shown, ``name:`` by the last part of its IRI.
        expected: From the facts and the parameters to the rows, in any order.
        rests_on: Terms without which the answer must change.
        asks: The values to ask with.
        only: Rows whose publication's IRI holds this text; the JSON says nothing of the others.
        beside: First cells that the coders give and the JSON does not.
    """

    columns: str
    expected: Callable[..., Iterable[tuple]]
    rests_on: tuple[str, ...]
    asks: Callable[[Facts], Iterable[dict[str, str]]] = lambda facts: [{}]
    only: str = ""
    beside: frozenset[str] = frozenset()


def lan(region: dict) -> str:
    return region["region"]["lan"]


def lan_code(region: dict) -> str:
    return region["region"]["lan_code"]


def each_county(facts: Facts) -> Iterator[dict[str, str]]:
    return ({"region": lan_code(region)} for region in facts.regions)


def county(facts: Facts, code: str) -> dict:
    return next(region for region in facts.regions if lan_code(region) == code)


def kind(activity: dict) -> str | None:
    return activity["generic_type"] and activity["generic_type"].split()[0]


def items(rows: Counter | Mapping) -> list[tuple]:
    return [(*key, count) if isinstance(key, tuple) else (key, count) for key, count in rows.items()]


def results_without_activity(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        for result in region["results"]:
            if result["link_basis"] != "angiven":
                yield lan(region), f"{lan_code(region)}-{result['id']}", result["link_basis"], result["state"]


def plans(facts: Facts, region: str) -> Iterator[tuple]:
    documents = {one["id"]: one for one in county(facts, region)["governing"]}
    for document in documents.values():
        if document["kind"] in PLANS:
            parent, rus = document["parent"], None
            above = parent
            while above:
                rus = above if documents[above]["kind"] == "RUS" else rus
                above = documents[above]["parent"]
            prefix = f"{region}-"
            yield prefix + document["id"], document["kind"], parent and prefix + parent, rus and prefix + rus


def types_by_county(facts: Facts) -> list[tuple]:
    rows: dict[tuple, Counter] = defaultdict(Counter)
    for region, activity in facts.activities():
        if activity["status"] in DONE and kind(activity):
            rows[lan(region), kind(activity)][activity["status"]] += 1
    return [(*key, count["genomförd"], count["pågående"]) for key, count in rows.items()]


def groups(facts: Facts) -> dict[tuple, list[tuple]]:
    found: dict[tuple, list[tuple]] = defaultdict(list)
    for region, activity in facts.activities():
        if activity["status"] in DONE and kind(activity):
            found[activity["area"], kind(activity)].append(
                (lan(region), f"{lan_code(region)}-{activity['id']}")
            )
    return found


def types_by_area(facts: Facts) -> list[tuple]:
    return [(*key, len(rows), len({place for place, _ in rows})) for key, rows in groups(facts).items()]


def summable(facts: Facts) -> Iterator[tuple]:
    shared = {
        facts.iri(*row[:2])
        for one in facts.joint["joint"]
        for row in one["members"]
        if len({tuple(each[:2]) for each in one["members"]}) > 1
    }
    rows: dict[tuple, list] = defaultdict(list)
    for region, activity in facts.activities():
        for output in activity["outputs"]:
            if output["state"] == "uppnådd" and output.get("value") is not None and output.get("unit"):
                once = f"{lan_code(region)}-{activity['id']}" not in shared
                rows[output["unit"], output.get("year")].append((lan(region), once, output))
    for (unit, year), told in rows.items():
        counties = len({place for place, _, _ in told})
        if year is None:
            verdict = "nej: källan anger inget år"
        elif counties < 2:
            verdict = "nej: bara ett län har enheten och året"
        elif not all(once for _, once, _ in told):
            verdict = "nej: samma satsning kan räknas två gånger"
        else:
            verdict = "ja"
        total = Decimal(sum(output["value"] for _, _, output in told)) if verdict == "ja" else None
        yield unit, year, len(told), counties, total, verdict


def same_kind(facts: Facts) -> Iterator[tuple]:
    for key, rows in groups(facts).items():
        places = Counter(place for place, _ in rows)
        if len(places) > 1:
            yield from ((*key, len(places), place, count) for place, count in places.items())


def lessons(facts: Facts, area: str) -> Iterator[tuple]:
    for region in facts.regions:
        for lesson in region["lessons"]:
            if lesson["focus_area"] == area:
                yield lan(region), lesson["text"]


def same_obstacle(facts: Facts, region: str) -> Iterator[tuple]:
    ours = {one["kind"] for one in county(facts, region)["challenges"]} - {"annat"}
    for other in facts.regions:
        for obstacle in other["challenges"] if lan_code(other) != region else []:
            if obstacle["kind"] in ours:
                area = obstacle.get("focus_area")
                done = sum(one["area"] == area and one["status"] in DONE for one in other["activities"])
                learnt = sum(one["focus_area"] == area for one in other["lessons"])
                counts = (done, learnt) if area else (None, None)
                yield obstacle["kind"], lan(other), obstacle["text"], area, *counts


def failures(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        code = lan_code(region)
        for result in region["results"]:
            if result["state"] == "ej uppnådd":
                yield lan(region), f"{code}-{result['id']}", "Resultat", "ej uppnådd"
        for activity in region["activities"]:
            if activity["status"] in {"avbruten", "ej påbörjad"}:
                yield lan(region), f"{code}-{activity['id']}", "Aktivitet", activity["status"]
            for output in activity["outputs"]:
                if output["state"] == "ej uppnådd":
                    yield lan(region), f"{code}-{activity['id']}-{output['id']}", "Prestation", "ej uppnådd"
    for goal in facts.frameworks["theory_of_change"]["goals"]:
        if goal["judgement"].startswith("Delvis uppfyllt"):
            yield None, goal["id"], "Bedömning", "delvis uppfyllt"
    for aim in facts.frameworks["sormland"]["pilot"]["assessment"]:
        if aim["fulfilment"] == "begränsad":
            yield "Södermanlands län", f"sormland-pilot-{slug(aim['aim'])}", "Bedömning", "begränsat uppfyllt"


def every_activity(facts: Facts) -> Iterator[dict[str, str]]:
    for region, activity in facts.activities():
        yield {"undertaking": f"{ACTIVITY}{lan_code(region)}-{activity['id']}"}


def who(facts: Facts, undertaking: str) -> Iterator[tuple]:
    code, _, row = undertaking.rpartition("/")[2].partition("-")
    region = county(facts, code)
    activity = next(one for one in region["activities"] if one["id"] == row)
    for actor in activity.get("actors", []):
        role = actor.get("role")
        yield facts.named(actor["name"], region), role, "tolkad" if role else "angiven"


def owners(facts: Facts) -> list[tuple]:
    found: dict[tuple, set] = defaultdict(set)
    for region, activity in facts.activities():
        for actor in activity.get("actors", []):
            role = actor.get("role")
            if activity["mandate_part"] and role in {"driver", "projektägare", "samordnar"}:
                found[activity["mandate_part"], role, actor["type"]].add((lan(region), activity["id"]))
    return [(*key, len(rows)) for key, rows in found.items()]


def forums(facts: Facts) -> Iterator[tuple]:
    for region, activity in facts.activities():
        if kind(activity) == "4":
            row = (lan(region), f"{lan_code(region)}-{activity['id']}", activity.get("frequency"))
            for actor in activity.get("actors") or [None]:
                yield (*row, actor and facts.named(actor["name"], region), actor and actor.get("role"))


def agencies(facts: Facts) -> list[tuple]:
    found: dict[tuple, set] = defaultdict(set)
    for region, activity in facts.activities():
        for actor in activity.get("actors", []):
            if actor["type"] == "statlig myndighet":
                name = facts.named(actor["name"], region)
                found[lan(region), name, activity["mandate_part"], activity["area"]].add(activity["id"])
    return [(*key, len(rows)) for key, rows in found.items()]


def every_statement(facts: Facts) -> Iterator[dict[str, str]]:
    return ({"statement": asked["undertaking"]} for asked in every_activity(facts))


def source(facts: Facts, statement: str) -> Iterator[tuple]:
    code, _, row = statement.rpartition("/")[2].partition("-")
    region = county(facts, code)
    activity = next(one for one in region["activities"] if one["id"] == row)
    heading = "" if activity.get("area_basis") == "tolkad" else f", {activity['area']}"
    section = activity.get("source") or f"Bilaga 1{heading}"
    told = region["source"]
    yield told["document"], 2021, section, told["coded_by"], told["completeness"], False


def interpreted(facts: Facts, region: str) -> Iterator[tuple]:
    one = county(facts, region)
    outcomes = [each for activity in one["activities"] for each in activity.get("outcomes", [])]
    actors = [actor for activity in one["activities"] for actor in activity.get("actors", [])]
    counts = {
        ("genericActivity", "fält"): sum(bool(each["generic_type"]) for each in one["activities"]),
        ("regionRole", "fält"): sum("region_role" in each for each in one["activities"]),
        ("chainLevel", "fält"): sum(each["level"] is not None for each in one["results"]),
        ("role", "fält"): sum("role" in actor for actor in actors),
        ("focusArea", "uppgift"): sum(each.get("area_basis") == "tolkad" for each in one["activities"]),
        ("Resource", "uppgift"): sum(each["basis"] == "tolkad" for each in one["resources"]),
        ("CausalLink", "uppgift"): sum(
            len(each["from"]) for each in [*outcomes, *one["results"]] if each["link_basis"] == "tolkad"
        ),
    }
    return ((*key, count) for key, count in counts.items() if count)


def steering(facts: Facts) -> Iterator[tuple]:
    told = [
        (one.get("focus_area"), lan(region), one["text"])
        for region in facts.regions
        for one in region["challenges"]
        if one["kind"] == "nationell styrning"
    ]
    return ((area, len({p for a, p, _ in told if a == area}), place, text) for area, place, text in told)


def tied_work(facts: Facts) -> Iterator[tuple]:
    told = [region for region in facts.regions if region.get("activities_link")]
    share = f"{len(told)} av {len(facts.regions)}"
    for region in facts.regions:
        link = region.get("activities_link")
        titles = {document["id"]: document["title"] for document in region["governing"]}
        yield (
            lan(region),
            link.get("name") or titles[link["to"]] if link else NONE,
            link["level"] if link else None,
            share,
        )


def side_by_side(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        movement, organisation = region["movement"], region["organisation"]
        yield (
            lan(region),
            movement["text"],
            movement.get("direction"),
            organisation.get("staff", NONE),
            organisation.get("unit", NONE),
        )


def the_same(facts: Facts, region: str) -> Iterator[tuple]:
    us = county(facts, region)
    for key, rows in groups(facts).items():
        places = Counter(place for place, _ in rows)
        ours = places.pop(lan(us), 0)
        if ours:
            yield from ((place, "var för sig", *key, None, ours, count) for place, count in places.items())
    for one in facts.joint["joint"]:
        rows = Counter(stem for stem, _ in {tuple(row[:2]) for row in one["members"]})
        ours = rows.pop(us["stem"], 0)
        if ours:
            for stem, count in rows.items():
                yield name_of(facts, stem), "tillsammans", None, None, one["id"], ours, count
    for one in facts.joint["learning_links"]:
        if one["from"] and one["to"]:
            learner, model = one["from"][0], one["to"][0]
            if us["stem"] == learner:
                yield name_of(facts, model), "vi lär av dem", None, None, "…", None, None
            if us["stem"] == model:
                yield name_of(facts, learner), "de lär av oss", None, None, "…", None, None


def name_of(facts: Facts, stem: str) -> str:
    return next(lan(region) for region in facts.regions if region["stem"] == stem)


def tellers(facts: Facts) -> Iterator[tuple]:
    for one in facts.joint["joint"]:
        for stem, row in {(row[0], row[1]) for row in one["members"]}:
            yield one["id"], facts.iri(stem, row)


def counted_once(facts: Facts) -> Iterator[tuple]:
    for one in facts.joint["joint"]:
        tellers = len({row[0] for row in one["members"]})
        basis = "angiven" if one["certainty"] == "angiven" else "tolkad"
        for number in one["count_once"] or [{}]:
            value = number.get("value")
            row = (number.get("what"), None if value is None else Decimal(value), number.get("unit"), basis)
            yield one["name"], tellers, *row


def not_done(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        code = lan_code(region)
        for activity in region["activities"]:
            if activity["status"] in {"planerad", "ej påbörjad"}:
                yield lan(region), f"{code}-{activity['id']}", activity["status"]
            for one in [*activity["outputs"], *activity.get("outcomes", [])]:
                if one["state"] == "förväntad":
                    yield lan(region), f"{code}-{activity['id']}-{one['id']}", "förväntad"
        for result in region["results"]:
            if result["state"] == "förväntad":
                yield lan(region), f"{code}-{result['id']}", "förväntad"
        yield from ((lan(region), f"{code}-f{number}", None) for number, _ in enumerate(region["forward"], 1))


def single_posts(facts: Facts) -> Iterator[tuple]:
    for region in facts.regions:
        for one in region["resources"]:
            value = one["value"]
            if one["kind"] == "tid" and value is not None and one.get("value_max", value) <= 1:
                yield lan(region), one["text"], Decimal(str(value)), one["unit"]


def covered(facts: Facts, area: str) -> Iterator[tuple]:
    counts = {
        lan(region): sum(one["focus_area"] == area for one in region["lessons"]) for region in facts.regions
    }
    told = f"{sum(count > 0 for count in counts.values())} av 21"
    return ((place, count, "ja" if count else NONE, told) for place, count in counts.items())


def lessons_by_area(facts: Facts) -> Iterator[tuple]:
    told = [(one["focus_area"], lan(region)) for region in facts.regions for one in region["lessons"]]
    for area in [*AREAS, "Annat"]:
        places = [place for each, place in told if each == area]
        yield area, len(places), len(set(places))


AREAS = ["Analys och prognoser", "Strategisk dialog", "Validering", "Yrkesvux", "Lärcentra", "Övergripande"]


CASES: dict[str, Case] = {
    "cq01-work-tied-to-strategy": Case("region tied level coverage", tied_work, ("RegionalWork",)),
    "cq04-results-without-stated-activity": Case(
        "region result: link state", results_without_activity, ("Result",)
    ),
    "cq08-documents-under-the-strategy": Case(
        "document: kind parent: rus:", plans, ("GoverningDocument",), each_county, only="utvardering-2021"
    ),
    "cq11-activities-by-type-and-region": Case(
        "region type: carriedOut ongoing", types_by_county, ("genericActivity",)
    ),
    "cq12-common-types-by-focus-area": Case("area type: activities regions", types_by_area, ("focusArea",)),
    "cq14-outputs-that-can-be-summed": Case("unit year outputs regions total verdict", summable, ("unit",)),
    "cq15-regions-with-the-same-kind-of-work": Case(
        "area type: regions region activities", same_kind, ("genericActivity",)
    ),
    "cq32-lessons-on-focus-area": Case(
        "region lesson", lessons, ("Lesson",), lambda facts: ({"area": area} for area in AREAS)
    ),
    "cq33-regions-with-the-same-obstacle": Case(
        "kind other obstacle area activities lessons", same_obstacle, ("obstacleKind",), each_county
    ),
    "cq34-documented-failures": Case("region item: kind outcome", failures, ("state", "verdict", "status")),
    "cq40-who-does-what-in-an-activity": Case("actor role basis", who, ("participation",), every_activity),
    "cq41-who-owns-and-who-coordinates": Case("part role actorType activities", owners, ("participation",)),
    "cq42-forums-and-who-meets": Case("region forum: frequency actor role", forums, ("genericActivity",)),
    "cq44-agencies-the-region-meets": Case("region agency part area activities", agencies, ("actorType",)),
    "cq61-source-of-a-statement": Case(
        "source sourceYear section codedBy completeness constructed",
        source,
        ("inPublication",),
        every_statement,
    ),
    "cq66-interpreted-facts": Case(
        "what: how facts",
        interpreted,
        ("interpretedProperty",),
        each_county,
        only="utvardering-2021",
        beside=frozenset({"processStatus", "Intervention", "Coding"}),
    ),
    "cq76-obstacles-for-national-steering": Case("area regions region obstacle", steering, ("obstacleKind",)),
    "cq79-regions-side-by-side": Case("region movement direction staffing unit", side_by_side, ("Movement",)),
    "cq80-regions-that-do-the-same": Case(
        "other how area type: joint: ours theirs", the_same, ("genericActivity",), each_county
    ),
    "cq84-joint-initiatives-counted-once": Case(
        "initiative tellers once value unit basis", counted_once, ("JointInitiative",)
    ),
    "cq84-who-tells-of-a-joint-initiative": Case("initiative: activity:", tellers, ("toldBy",)),
    "cq89-planned-not-done": Case("region claim: state", not_done, ("ForwardPlan",)),
    "cq90-posts-held-by-one-person": Case("region post value unit", single_posts, ("resourceKind",)),
    "coverage-of-question": Case(
        "region count held coverage", covered, ("Lesson",), lambda facts: ({"area": area} for area in AREAS)
    ),
    "lessons-by-focus-area": Case("area lessons regions", lessons_by_area, ("Lesson",)),
}


@pytest.fixture(scope="module")
def facts(regions: list[dict], actors: dict, joint: dict, frameworks: dict) -> Facts:
    return Facts(regions, actors, joint, frameworks)


def rows(compared, answer: Answer, case: Case) -> Counter:
    return Counter(row for row in compared(answer, case.columns, case.only) if row[0] not in case.beside)


@pytest.mark.parametrize("query_id", CASES)
def test_answer(query_id: str, engine, compared, facts: Facts) -> None:
    case = CASES[query_id]
    for params in case.asks(facts):
        found = rows(compared, run(engine, find(query_id), params), case)
        expected = Counter(case.expected(facts, **params))
        assert found == expected, (params, found - expected, expected - found)


@pytest.mark.parametrize("query_id", CASES)
def test_answer_changes_with_the_data(query_id: str, engine, compared, without, facts: Facts) -> None:
    case = CASES[query_id]
    params = next(asked for asked in case.asks(facts) if list(case.expected(facts, **asked)))
    before = rows(compared, run(engine, find(query_id), params), case)
    with without(*(str(RT[term]) for term in case.rests_on)) as poorer:
        after = rows(compared, run(poorer, find(query_id), params), case)
    assert before and before != after


def test_enough_questions_are_answered() -> None:
    answered = {cq for query in catalogue().values() if query.answerable == "besvarad" for cq in query.cq}
    assert len(answered) >= 20
