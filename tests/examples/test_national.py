"""The national publications say what the registers and frameworks say, counted by plain Python."""

from __future__ import annotations

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node
from rodtrad.loader import References, ntriples, read
from rodtrad.ontology import vocabulary_graph
from rodtrad.ontology.names import ID, RT, SCHEME, slug
from rodtrad.shapes.form import Column, load_forms

ROOT = Path(__file__).parents[2]
NATIONAL = ROOT / "examples" / "national"
FOLDERS = ("actors", "joint", "mandate")
REF = str(ID["ref/"])


def rows(path: str) -> list[dict[str, str]]:
    with (NATIONAL / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def numbered(row: dict[str, str], *names: str) -> list[tuple[str, ...]]:
    """The cells of a fold: one tuple per number, up to the first number without its first cell."""
    found = []
    for number in range(1, 100):
        if not row.get(f"{names[0]} {number}"):
            return found
        found.append(tuple(row.get(f"{name} {number}", "") for name in names))
    raise AssertionError("a fold without an end")


@cache
def frameworks() -> Graph:
    graph = Graph()
    for file in sorted((NATIONAL / "frameworks").glob("*.ttl")):
        graph.parse(file)
    return graph


@cache
def places() -> Graph:
    graph = Graph()
    for file in sorted((ROOT / "ontology" / "places").glob("*.ttl")):
        graph.parse(file)
    return graph


def of(name: str) -> set[Node]:
    return set(frameworks().subjects(RDF.type, RT[name]))


def local(node: Node | None) -> str:
    return str(node).rsplit("/", 1)[-1]


def sv(graph: Graph, node: Node) -> str:
    return next(
        str(name)
        for name in graph.objects(node, RDFS.label)
        if isinstance(name, Literal) and name.language == "sv"
    )


@pytest.fixture(scope="session")
def actors(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "domain/registers/actors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def joint(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "domain/registers/joint.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def facts(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "domain/frameworks.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def codes(actors: dict[str, Any]) -> dict[str, str]:
    """County code by the name of the region's file."""
    return {
        x["id"].removeprefix("region-"): x["regions"][0] for x in actors["actors"] if x["type"] == "region"
    }


def test_every_actor_and_group_of_the_register_is_there(actors: dict[str, Any]) -> None:
    table = {row["Id"]: row for row in rows("actors/9-aktorer.csv")}
    own = {"roda-traden", "nationella-referensutgivaren"}
    named = {entry["id"] for entry in actors["actors"]}
    groups = {entry["id"] for entry in actors["unspecified"]}
    assert {key for key, row in table.items() if row["Slag"] == "Aktör"} == named | own
    assert {key for key, row in table.items() if row["Slag"] == "Aktörsgrupp"} == groups
    name = {entry["id"]: entry["name"] for entry in actors["actors"]}
    for entry in actors["actors"] + actors["unspecified"]:
        row = table[entry["id"]]
        assert (row["Namn"], row["Aktörsslag"]) == (entry["name"], entry["type"])
        assert row["Del av"] == name.get(entry.get("part_of", ""), "")
    assert not {entry["id"] for entry in actors["not_actors"]} & set(table)


def test_a_region_is_a_publisher_by_its_county_code(actors: dict[str, Any], shared: Path) -> None:
    table = {row["Id"]: row for row in rows("actors/9-aktorer.csv")}
    with (shared / "data/codes/lan-regions.csv").open(encoding="utf-8", newline="") as file:
        county = {row["lan_code"]: row["lan_name"] for row in csv.DictReader(file)}
    for entry in actors["actors"]:
        row = table[entry["id"]]
        assert parts(row["Län"]) == [county[code] for code in entry.get("regions", [])]
        assert row["Utgivar-id"] == (entry["regions"][0] if entry["type"] == "region" else "")
    assert (table["roda-traden"]["Utgivar-id"], table["nationella-referensutgivaren"]["Utgivar-id"]) == (
        "rodtrad",
        "ref",
    )


def test_a_name_leads_to_one_actor(actors: dict[str, Any]) -> None:
    meaning: dict[str, set[str]] = {}
    for row in rows("actors/9-aktorer.csv"):
        for name in [row["Namn"], *parts(row["Andra namn"])]:
            meaning.setdefault(name.casefold(), set()).add(row["Id"])
    assert not {name: ids for name, ids in meaning.items() if len(ids) > 1}
    label = {row["Namn"] for row in rows("actors/9-aktorer.csv")}
    local_only = {name.casefold() for name in [*actors["valid_only_in"], *actors["by_region"]]}
    for name, target in actors["strings"].items():
        if name.casefold() in local_only and name not in label:
            assert name.casefold() not in meaning, name
        elif not target.startswith("n-"):
            assert meaning[name.casefold()] == {target}, name


def test_joint_initiatives_keep_their_rows_numbers_and_members(
    joint: dict[str, Any], actors: dict[str, Any], codes: dict[str, str]
) -> None:
    table = {row["Id"]: row for row in rows("joint/9-aktorer.csv")}
    name = {entry["id"]: entry["name"] for entry in actors["actors"] + actors["unspecified"]}
    basis = {"angiven": "angiven", "trolig": "tolkad"}
    assert len(table) == 17
    assert set(table) == {entry["id"] for entry in joint["joint"]}
    for entry in joint["joint"]:
        row = table[entry["id"]]
        told = [str(ID[f"rodtrad/activity/{codes[file]}-{row_id}"]) for file, row_id, _ in entry["members"]]
        assert parts(row["Berättas av"]) == told
        assert (row["Grund"], row["Slag av gemensamt arbete"]) == (basis[entry["certainty"]], entry["kind"])
        counted = [
            (c["what"], "" if c["value"] is None else str(c["value"]), c["unit"]) for c in entry["count_once"]
        ]
        assert numbered(row, "Räknas en gång", "Värde", "Enhet") == counted
        members = [(name[p["actor"]], basis[p["basis"]]) for p in entry["participants"]]
        assert numbered(row, "Aktör", "Medverkans grund") == members
        for (role, word), p in zip(numbered(row, "Roll", "Kallas"), entry["participants"], strict=True):
            assert p["role"] in (role, word)


def test_what_is_planned_is_not_written_as_done(joint: dict[str, Any]) -> None:
    table = {row["Id"]: row for row in rows("joint/9-aktorer.csv")}
    planned = sum(
        role == "deltar (planerat)" for row in table.values() for _, role in numbered(row, "Aktör", "Roll")
    )
    assert (
        planned
        == sum("planerat" in p["role"] for entry in joint["joint"] for p in entry["participants"])
        == 2
    )


def test_the_mandate_has_its_five_parts_under_the_national_strategy(facts: dict[str, Any]) -> None:
    frame = facts["national_frame"]
    table = {row["Id"]: row for row in rows("mandate/2-styrning.csv")}
    decision = table["villkorsbeslut-2018"]
    strategy = table["nationell-strategi-2015-2020"]
    assert decision["Titel"] == frame["mandate_2018"]["title"]
    assert (decision["Dokumentslag"], decision["Från år"], decision["Till år"]) == (
        "villkorsbeslut",
        "2018",
        "2020",
    )
    assert (decision["Överordnad"], decision["Under prioritering"]) == (
        strategy["Titel"],
        "Kompetensförsörjning",
    )
    found = [(row["Titel"], row["Uppdragets verb"]) for row in table.values() if row["Slag"] == "Uppdragsdel"]
    assert found == [(part["mandate_part"], part["verb"]) for part in frame["mandate_2018"]["parts"]]
    assert all(
        row["Överordnad"] == decision["Titel"] for row in table.values() if row["Slag"] == "Uppdragsdel"
    )
    priorities = {
        key: row for key, row in table.items() if row["Slag"] == "Prioritering" and key.startswith("ns2015")
    }
    stated = {key for key, row in priorities.items() if row["Grund"] == "angiven"}
    assert stated == {p["id"] for p in frame["strategies"][0]["priorities"] if p["basis"] == "stated"}
    assert len(priorities) == 4


def test_a_verdict_that_was_lost_is_no_verdict(facts: dict[str, Any]) -> None:
    table = {row["Id"]: row for row in rows("mandate/8-larande.csv")}
    level = {
        row["Id"]: row["Nivå i ramverket"] for row in rows("mandate/2-styrning.csv") if row["Slag"] == "Mål"
    }
    goals = facts["theory_of_change"]["goals"]
    assert level == {goal["id"]: goal["level"] for goal in goals}
    for goal in goals:
        row = table[goal["id"]]
        lost = goal["judgement"].startswith("colour lost")
        stated = "" if lost else goal["judgement"].split(" (")[0].lower()
        assert (row["Omdöme"], row["Publiceringsläge"]) == (stated, "tappat i källan" if lost else "")
    assert sum(not table[goal["id"]]["Omdöme"] for goal in goals) == 3


def test_questioned_measures_give_their_reason() -> None:
    reasons = {row["Benämning"]: row["Ifrågasatt för att"] for row in rows("mandate/7-indikatorer.csv")}
    reasons |= {sv(frameworks(), s): str(o) for s, o in frameworks().subject_objects(RT.questionedBecause)}
    assert {
        "Arbetslöshet",
        "Förvärvsgrad",
        "Antal anställda",
        "Fler företag",
        "Meritvärden per kommun",
    } <= set(reasons)
    assert all(reasons.values())
    proxies = {sv(frameworks(), s): str(o) for s, o in frameworks().subject_objects(RT.proxyFor)}
    assert proxies == {"Meritvärden per kommun": "gymnasieexamen bland unga"}


def test_levels_are_typed_and_named_as_in_the_sources(facts: dict[str, Any]) -> None:
    types = {
        "ChainLevel": "chain-level",
        "GoalLevel": "objective-level",
        "Frame": "frame",
        "Measure": "measure",
        "Column": "column",
    }
    expected = Counter(
        (chain["id"].removeprefix("chain-"), level["term_sv"], types[level["type"]])
        for chain in facts["result_chains"]
        for level in chain["levels"]
    )
    expected += Counter(
        ("vasterbotten", kind["goal_kind_sv"], types[kind["type"]]) for kind in facts["goal_kinds"]
    )
    graph = frameworks()
    found = Counter(
        (local(graph.value(s, RT.levelOf)), sv(graph, s), local(graph.value(s, RT.levelType)))
        for s in of("FrameworkLevel")
    )
    measures = sum(len(chain.get("measures", [])) for chain in facts["result_chains"])
    assert len(of("Framework")) == 9
    assert found & expected == expected
    assert (found - expected).total() == measures == len(set(graph.subjects(RT.measureOf)))


def test_contradictory_horizons_stand_side_by_side(facts: dict[str, Any]) -> None:
    graph = frameworks()
    reference = next(chain for chain in facts["result_chains"] if chain["id"] == "chain-vasterbotten")
    for level in reference["levels"]:
        node = next(s for s in of("FrameworkLevel") if graph.value(s, RT.letter) == Literal(level["letter"]))
        spans = {
            (int(str(graph.value(h, RT.minYears))), int(str(graph.value(h, RT.maxYears))))
            for h in graph.objects(node, RT.horizon)
        }
        expected = {(v["min_years"], v["max_years"]) for v in level.get("time_span_variants", [])}
        assert spans == (expected or ({(0, 0)} if "time" in level else set())), level["letter"]


def test_what_each_objective_level_wants(facts: dict[str, Any]) -> None:
    graph = frameworks()
    letter = {
        f"{level['letter']}": local(graph.value(s, SKOS.exactMatch) or graph.value(s, SKOS.closeMatch))
        for level in facts["result_chains"][0]["levels"]
        for s in of("FrameworkLevel")
        if graph.value(s, RT.letter) == Literal(level["letter"])
    }
    found = {
        (local(graph.value(s, RT.levelOf)), sv(graph, s), local(wanted))
        for s in of("FrameworkLevel")
        for wanted in graph.objects(s, RT.wantsLevel)
    }
    assert found == {
        (row["chain"].removeprefix("chain-"), row["goal_level"], letter[wanted])
        for row in facts["crosswalk"]["wants"]
        for wanted in row["wants"]
    }
    tied = set(graph.subjects(RT.wantsLevel)) | set(graph.subjects(RT.mayWantLevel))
    assert {graph.value(s, RT.levelType) for s in tied} == {SCHEME["level-type/objective-level"]}


def test_both_readings_of_the_cadence(facts: dict[str, Any]) -> None:
    graph = frameworks()
    theory = facts["programme_theory_vasternorrland"]
    for reading, key in (("A", "cadence_reading_a"), ("B", "cadence_reading_b")):
        nodes = {s for s in of("Cadence") if graph.value(s, RT.reading) == Literal(reading)}
        levels = {sv(graph, level) for s in nodes for level in graph.objects(s, RT.cadenceFor)}
        assert levels == {row["level"] for row in theory[key]["map"]}
        assert {graph.value(s, RT.preferredReading) for s in nodes} == {Literal(theory[key]["preferred"])}


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("EvaluationQuestion", "evaluation_questions"),
        ("Contradiction", "contradictions"),
        ("ReportingWeakness", "reporting_weaknesses/items"),
        ("Perspective", "perspectives/items"),
    ],
)
def test_registers_are_whole(facts: dict[str, Any], kind: str, path: str) -> None:
    items: Any = facts
    for step in path.split("/"):
        items = items[step]
    assert {local(s) for s in of(kind)} == {item["id"] for item in items}


def test_contradictions_name_each_source(facts: dict[str, Any]) -> None:
    seeds = [
        "ramverk-strategiskt-larande",
        "reglab-regionala-resultat",
        "rus-natverket-2025",
        "sormland-internt-larande",
    ]
    seeds.append("utvardering-2021")
    for item in facts["contradictions"]:
        node = ID[f"ref/contradiction/{item['id']}"]
        assert {local(s) for s in frameworks().objects(node, DCTERMS.source)} == {
            seeds[int(s)] for s in item["seeds"]
        }
        assert len(set(frameworks().objects(node, RT.handling))) == 2


def test_recommendations_losses_and_the_rest(
    facts: dict[str, Any], joint: dict[str, Any], codes: dict[str, str]
) -> None:
    graph = frameworks()
    for to in ("regeringskansliet", "tillvaxtverket"):
        found = {local(s) for s in graph.subjects(RT.addressedTo, ID[f"ref/actor/{to}"])}
        assert found == {item["id"] for item in facts["recommendations"][f"to_{to}"]}
    assert len(of("DataLoss")) == len(facts["data_losses"])
    assert len(of("MissingCount")) == len(facts["result_types"]["missing_counts_sv"])
    assert len(of("Decision")) == len(facts["decision_feedback"]["examples"])
    assert len(of("Abbreviation")) == len(facts["abbreviations"])

    def activity(pair: list[str] | None) -> str | None:
        return f"{codes[pair[0]]}-{pair[1]}" if pair else None

    ends = Counter(
        tuple(local(end) if (end := graph.value(s, p)) else None for p in (RT.learner, RT.modelActivity))
        for s in of("LearningLink")
    )
    assert ends == Counter((activity(link["from"]), activity(link["to"])) for link in joint["learning_links"])
    groups = {
        sv(graph, s): {local(a) for a in graph.objects(s, RT.seenInActivity)} for s in of("ActivityGroup")
    }
    assert groups == {
        g["name"]: {activity([g["region"], r]) for r in g["rows"]} for g in joint["same_region_rows"]
    }


def test_the_learning_cycle_gives_months_and_says_where_there_is_none(facts: dict[str, Any]) -> None:
    graph = frameworks()
    cycle = ID["ref/cycle/vasterbotten-larande"]
    assert graph.value(cycle, RT.minMonths) == Literal(facts["learning_cycle_vasterbotten"]["min_months"])
    for item in facts["learning_cycle_vasterbotten"]["steps"]:
        step = next(
            s
            for s in graph.subjects(RT.stepOf, cycle)
            if graph.value(s, RT.stepOrder) == Literal(item["order"])
        )
        year = graph.value(step, RT.cycleYear)
        month = graph.value(step, RT.month)
        assert (year.toPython() if isinstance(year, Literal) else None) == item["year"]
        expected = (item["month_no"] - 1) % 12 + 1 if "month_no" in item else None
        assert (month.toPython() if isinstance(month, Literal) else None) == expected
    uppsala = set(graph.subjects(RT.stepOf, ID["ref/cycle/uppsala"]))
    wheel = next(w for w in facts["year_wheels"] if w["id"] == "wheel-uppsala")
    assert len(uppsala) == len(wheel["recurring_activities"]) == 6
    skane = next(w for w in facts["year_wheels"] if w["id"] == "wheel-skane")
    assert {sv(graph, s) for s in graph.subjects(RT.partOfCycle)} == {w["name_sv"] for w in skane["wheels"]}
    owned = {s for s in of("Cycle") if not graph.value(s, RT.partOfCycle)}
    assert len(owned) == len(facts["year_wheels"]) + 1


def test_every_framework_node_has_name_origin_and_basis() -> None:
    graph = frameworks()
    publication = next(iter(of("Publication")))
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]
    for node in set(graph.subjects(RDF.type)) - {publication}:
        assert {name.language for name in graph.objects(node, RDFS.label) if isinstance(name, Literal)} == {
            "sv",
            "en",
        }
        assert graph.value(node, RT.inPublication) == publication
        assert graph.value(node, RT.basis) in {SCHEME["basis/stated"], SCHEME["basis/interpreted"]}
        assert (node, DCTERMS.source, None) in graph or "Publicerad" in str(graph.value(node, RT.note))


def test_references_lead_to_something_that_is_published() -> None:
    kinds = {
        "Aktör": "actor",
        "Aktörsgrupp": "actor-group",
        "Källa": "source",
        "Gemensam satsning": "joint-initiative",
        "Bedömning": "assessment",
        "Indikator": "indicator",
    }
    known = {str(s) for graph in (frameworks(), vocabulary_graph()) for s in graph.subjects()}
    for folder in FOLDERS:
        for file in sorted((NATIONAL / folder).glob("[2-9]-*.csv")):
            for row in rows(f"{folder}/{file.name}"):
                known.add(f"{REF}{kinds.get(row['Slag'], slug(row['Slag']))}/{row['Id']}")
    targets = {str(o) for o in frameworks().objects() if isinstance(o, URIRef) and str(o).startswith(REF)}
    assert not targets - known


def test_headings_are_columns_of_the_forms() -> None:
    sheets = {slug(sheet.names["sv"]): sheet for sheet in load_forms().sheets}

    def headings(column: Column) -> set[str]:
        name = column.names["sv"]
        if column.nested is None:
            return {name, f"{name} (en)"} if column.is_text else {name}
        inner = {column.names["sv"] for column in column.nested.columns}
        return {f"{name} {n}" for name in inner for n in range(1, 20)} if column.fold else inner

    for folder in FOLDERS:
        for file in sorted((NATIONAL / folder).glob("*.csv")):
            sheet = sheets[file.stem.partition("-")[2]]
            allowed = {"Id"} | {
                h for form in sheet.forms for column in form.columns for h in headings(column)
            }
            allowed |= {sheet.class_column["sv"]} if sheet.class_column else set()
            assert set(rows(f"{folder}/{file.name}")[0]) <= allowed, file


def test_a_county_and_the_region_that_governs_it_have_different_names() -> None:
    graph = places()
    county = {
        str(name).casefold()
        for s in graph.subjects(RDF.type, RT.Region)
        for path in (RDFS.label, SKOS.altLabel)
        for name in graph.objects(s, path)
    }
    names = {
        name.casefold()
        for row in rows("actors/9-aktorer.csv")
        for name in [row["Namn"], *parts(row["Andra namn"])]
    }
    assert not county & names


def test_the_publications_can_be_read_in_order(joint: dict[str, Any]) -> None:
    told = {iri for row in rows("joint/9-aktorer.csv") for iri in parts(row["Berättas av"])}
    known = ["".join(f"<{iri}> <{RDF.type}> <{RT.Activity}> .\n" for iri in sorted(told)).encode()]
    readings = {}
    for name in ("actors", "frameworks", "mandate", "joint"):
        reading = read([NATIONAL / name], References.from_ntriples(*known))
        assert reading.problems == ()
        assert reading.ok
        known.append(ntriples(reading.graph))
        readings[name] = reading
    datasets = {name: (reading.publisher, reading.dataset) for name, reading in readings.items()}
    assert datasets == {
        "actors": ("ref", "aktorer"),
        "frameworks": ("ref", "ramverk"),
        "mandate": ("ref", "uppdraget-2018"),
        "joint": ("ref", "gemensamt"),
    }
    mandate, work = readings["mandate"].graph, readings["joint"].graph
    decision = ID["ref/document/villkorsbeslut-2018"]
    assert mandate.value(decision, RT.under) == ID["ref/priority/ns2015-kompetensforsorjning"]
    assert len(set(mandate.subjects(DCTERMS.isPartOf, decision))) == 5
    entries = joint["joint"]
    assert len(set(work.subjects(RDF.type, RT.Membership))) == sum(len(e["participants"]) for e in entries)
    values = sorted(str(value) for value in work.objects(None, RT.value))
    expected = [c["value"] for e in entries for c in e["count_once"] if c["value"] is not None]
    assert values == sorted(str(value) for value in expected)
