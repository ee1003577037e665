"""Nine frameworks in their own words, level by level beside the national core, and what contradicts what."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph
from rdflib.term import Node
from rodtrad import examples
from rodtrad.ontology.framework_levels import MATCHES, check, check_files
from rodtrad.ontology.names import RT, SCHEME
from rodtrad.queries.catalogue import find
from rodtrad.queries.runner import run

FOLDER = Path(examples.__file__).parent / "national" / "frameworks"
OWNERS = {
    "vasterbotten": "vasterbotten",
    "vasternorrland": "region-vasternorrland",
    "tillvaxtverket": "tillvaxtverket",
    "dalarna": "region-dalarna",
    "sormland": "region-sormland",
    "reglab-lab": "reglab",
    "gavleborg": "region-gavleborg",
    "ramboll-effektlogik": "ramboll",
    "skr": "skr",
}
# The crosswalk of the facts: chain level of Västerbotten -> what stands beside it elsewhere.
CROSSWALK = {
    "need": {"vasterbotten-a", "sormland-samhallsutmaning"},
    "long-term-effect": {"vasterbotten-b", "tillvaxtverket-effekt-lang", "sormland-resultat"},
    "short-term-effect": {
        "vasterbotten-c",
        "tillvaxtverket-effekt-kort",
        "tillvaxtverket-effekt-medellang",
        "sormland-resultat",
    },
    "outcome": {"vasterbotten-d", "tillvaxtverket-prestationer", "sormland-resultat"},
    "output": {"vasterbotten-e"},
    "activity": {"vasterbotten-f", "sormland-aktiviteter", "gavleborg-aktiviteter", "skr-aktiviteter"},
    "resource": {"vasterbotten-g"},
}
COLUMNS = ("framework", "core", "reason")
SEEDS = (
    "ramverk-strategiskt-larande",
    "reglab-regionala-resultat",
    "rus-natverket-2025",
    "sormland-internt-larande",
    "utvardering-2021",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    graph = Graph()
    for path in sorted(FOLDER.glob("*.ttl")):
        graph.parse(path)
    return graph


def local(node: object) -> str:
    return str(node).rsplit("/", 1)[-1]


def matched(graph: Graph) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for how in MATCHES:
        for level, concept in graph.subject_objects(how):
            found[str(concept).removeprefix(str(SCHEME))].add(local(level))
    return found


def test_one_file_per_framework(graph: Graph) -> None:
    assert {local(node) for node in graph.subjects(RDF.type, RT.Framework)} == set(OWNERS)
    for name in OWNERS:
        own = Graph().parse(FOLDER / f"{name}.ttl")
        assert {local(node) for node in own.subjects(RDF.type, RT.Framework)} == {name}
        assert {local(node) for node in own.objects(None, RT.levelOf)} == {name}
    assert max(len(path.read_text(encoding="utf-8").splitlines()) for path in FOLDER.glob("*.ttl")) <= 500


def test_every_level_stands_beside_the_core_or_says_why_not(graph: Graph) -> None:
    assert check_files(sorted(FOLDER.glob("*.ttl"))) == []
    levels = set(graph.subjects(RDF.type, RT.FrameworkLevel))
    beside = {level for how in MATCHES for level in graph.subjects(how)}
    apart = set(graph.subjects(RT.unmappedBecause))
    assert len(levels) == 49
    assert (len(beside), len(apart)) == (30, 19)
    kinds = {local(graph.value(level, RT.levelType)) for level in apart}
    assert kinds == {"frame", "measure", "column"}


def test_chain_levels_stand_as_in_the_crosswalk(graph: Graph) -> None:
    found = matched(graph)
    assert {key.partition("/")[0] for key in found} == {"chain-level", "objective-kind"}
    assert {name: found[f"chain-level/{name}"] for name in CROSSWALK} == CROSSWALK


def test_objective_levels_with_the_same_word_are_told_apart(graph: Graph) -> None:
    found = matched(graph)
    assert "vasterbotten-utfallsmal" in found["objective-kind/outcome"]
    assert "vasternorrland-utfallsmal" in found["objective-kind/output"]
    assert found["objective-kind/vision"] == {"skr-vision"}


def test_only_what_the_source_says_is_called_the_same(graph: Graph) -> None:
    same = {local(level) for level in graph.subjects(SKOS.exactMatch)}
    assert same == {f"vasterbotten-{letter}" for letter in "abdefg"}


def test_the_query_gives_the_level_its_core_or_its_reason(example_store) -> None:
    answer = run(example_store.engine(), find("framework-levels-beside-the-core"), {}, "sv")
    rows = [tuple(row[name].label if name in row else None for name in COLUMNS) for row in answer.rows]
    by_framework = Counter(framework for framework, *_ in rows)
    # Sörmland's result stands beside three chain levels and so on three rows.
    assert by_framework["Baklängeskedja i resultatrapporteringen"] == 5 + 2
    assert by_framework["Resultatkedja i Ramverk för strategiskt lärande"] == 7 + 5
    assert all((core is None) != (reason is None) for _, core, reason in rows)
    # Nine frameworks with 49 levels and 15 strategies with 67, and two rows more for Sörmland's result.
    assert len(rows) == 49 + 67 + 2


def test_the_query_finds_all_contradictions_with_all_their_sources(example_store, shared: Path) -> None:
    facts = json.loads((shared / "domain" / "frameworks.json").read_text(encoding="utf-8"))
    answer = run(example_store.engine(), find("cq65-contradictions"), {}, "sv")
    found: dict[str, set[str]] = defaultdict(set)
    for row in answer.rows:
        found[local(row["contradiction"].iri)].add(local(row["source"].iri))
        assert row["handling"].label
    expected = {one["id"]: {SEEDS[int(seed)] for seed in one["seeds"]} for one in facts["contradictions"]}
    assert len(expected) == 29
    assert found == expected


def test_a_contradiction_within_one_source_names_both_places(graph: Graph) -> None:
    places = {
        local(s): str(o) for s, o in graph.subject_objects(RT.sourceSection) if "contradiction" in str(s)
    }
    assert places["c1"] == "figur 1; figur 2"
    assert places["c13"] == places["c14"] == "kapitel 2; bilaga 1"
    assert places["c15"] == "kapitel 3; kapitel 4"


@pytest.mark.parametrize("path", sorted((FOLDER.parents[1] / "strategies").iterdir()), ids=lambda p: p.name)
def test_the_levels_of_strategies_keep_the_same_rules(path: Path, readings) -> None:
    assert check(readings[path.name].graph, path.name) == []


def test_cycles_and_horizons_are_data_of_the_framework(graph: Graph) -> None:
    def spans(level: str) -> set[tuple[int, int]]:
        node = next(s for s in graph.subjects(RDF.type, RT.FrameworkLevel) if local(s) == level)
        return {(years(h, RT.minYears), years(h, RT.maxYears)) for h in graph.objects(node, RT.horizon)}

    def years(horizon: Node, which: Node) -> int:
        return int(str(graph.value(horizon, which)))

    assert spans("vasterbotten-b") == {(1, 20), (1, 10)}
    assert spans("vasterbotten-c") == {(0, 2)}
    assert spans("dalarna-pa-gang") == {(1, 3)}
