"""Questions on intention, on the region's view beside the external one and on too broad objectives, against the facts as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from rodtrad.ontology.names import RT, slug
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run
from rodtrad.store import Engine

PILOT = {"begränsad": "begränsat uppfyllt", "uppfyllt": "uppfyllt"}
AIMS = {
    "Samordning": "samordning",
    "Systemsyn": "systemsyn",
    "Gemensamt ägarskap för RUS": "agarskap",
    "Tid och plats för reflektion": "reflektion",
}


def local(cell: object) -> str:
    return cell.iri.rpartition("/")[2]  # pyright: ignore[reportAttributeAccessIssue]


def asked(engine: Engine, query_id: str, **given: str) -> list[dict]:
    return run(engine, find(query_id), given, "sv").rows


def counties(rows: list[dict]) -> list[str]:
    return [local(row["region"]) for row in rows]


def not_reached(regions: list[dict]) -> set[str]:
    """Results and outputs that the coded facts say were not reached."""
    found = set()
    for one in regions:
        code = one["region"]["lan_code"]
        found |= {f"{code}-{result['id']}" for result in one["results"] if result["state"] == "ej uppnådd"}
        for activity in one["activities"]:
            outputs = [output for output in activity["outputs"] if output["state"] == "ej uppnådd"]
            found |= {f"{code}-{activity['id']}-{output['id']}" for output in outputs}
    return found


@pytest.mark.parametrize(
    ("query_id", "term", "left"),
    [
        ("cq50-intention-reached", str(RT.assesses), 13),
        ("cq51-own-and-external-view", str(RT.assesses), 0),
        ("cq52-objectives-too-broad", str(RT.externalInfluence), 3),
    ],
)
def test_the_answer_is_poorer_without_its_term(
    query_id: str, term: str, left: int, engine: Engine, without: Callable
) -> None:
    full = len(asked(engine, query_id))
    with without(term) as less:
        poorer = len(asked(less, query_id))
    assert poorer == left < full


def test_aims_of_the_pilot_and_what_was_not_reached(
    engine: Engine, regions: list[dict], frameworks: dict
) -> None:
    rows = asked(engine, "cq50-intention-reached")
    assert counties(rows) == sorted(counties(rows))
    aims = {local(row["item"]): row["outcome"].label for row in rows if "pilot" in local(row["item"])}
    told = frameworks["sormland"]["pilot"]["assessment"]
    assert aims == {f"sormland-pilot-{AIMS[one['aim']]}": PILOT[one["fulfilment"]] for one in told}
    failed = {local(row["item"]) for row in rows if row["outcome"].label == "ej uppnådd"}
    assert failed == not_reached(regions) and len(failed) >= 10


def test_obstacles_are_those_of_the_same_county_and_area(engine: Engine, regions: list[dict]) -> None:
    rows = asked(engine, "cq50-intention-reached")
    shown = {(local(row["item"]), row["obstacle"].label) for row in rows if "obstacle" in row}
    expected = set()
    for one in regions:
        code = one["region"]["lan_code"]
        for result in one["results"]:
            if result["state"] == "ej uppnådd":
                expected |= {
                    (f"{code}-{result['id']}", obstacle["text"])
                    for obstacle in one["challenges"]
                    if obstacle.get("focus_area") == result["focus_area"]
                }
    assert shown == expected and len(shown) == 5


def test_one_county_alone(engine: Engine) -> None:
    assert set(counties(asked(engine, "cq50-intention-reached", region="04"))) == {"04"}


def test_the_view_of_each_county_beside_the_two_judgements_of_the_evaluator(
    engine: Engine, regions: list[dict]
) -> None:
    rows = asked(engine, "cq51-own-and-external-view")
    assert Counter(counties(rows)) == {one["region"]["lan_code"]: 2 for one in regions}
    assert counties(rows) == sorted(counties(rows))
    for one in regions:
        mine = [row for row in rows if local(row["region"]) == one["region"]["lan_code"]]
        states = Counter(result["state"] for result in one["results"])
        assert {(row["reached"].value, row["notReached"].value) for row in mine} == {
            (str(states["uppnådd"]), str(states["ej uppnådd"]))
        }
        assert {local(row["external"]) for row in mine} == {
            "sammantaget-kapitel-3",
            "sammantaget-kapitel-4",
        }
        # The judgement concerns the country: nobody may read agreement or the contrary from it.
        assert {row["agreement"].value.partition(":")[0] for row in mine} == {"går inte att säga"}


def test_examples_of_too_broad_objectives(engine: Engine, frameworks: dict) -> None:
    rows = asked(engine, "cq52-objectives-too-broad")
    by_kind = {
        kind: {local(row["item"]) for row in rows if row["kind"].label == kind}
        for kind in {row["kind"].label for row in rows}
    }
    goals = frameworks["theory_of_change"]["goals"]
    beyond = {one["id"] for one in goals if one["judgement"].startswith("Ej möjligt att bedöma")}
    lab = slug(frameworks["reglab_workshop"]["lab"]["problem_examples"][0]["sv"])
    assert beyond and by_kind["Mål"] == beyond | {lab}
    weakness = next(one for one in frameworks["reporting_weaknesses"]["items"] if one["id"] == "w10")
    assert by_kind["Indikator"] == {
        slug(word) for word in ("arbetslöshet", "förvärvsgrad") if word in weakness["sv"]
    }
    assert by_kind["Ramverksnivå"] == {"vasternorrland-overgripande-mal"}
    assert not any("region" in row for row in rows)
