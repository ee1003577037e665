"""The strategies of 21 regions hold what the collected facts hold, counted by hand, and nothing more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.query import ResultRow
from rdflib.term import Node
from rodtrad.examples import publications
from rodtrad.loader import ntriples
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import ID, RT
from rodtrad.shapes.validation import validate

FOLDERS = [path.name for path in publications() if path.parent.name == "strategies"]
PREFIX = {"20-dalastrategin": "20-ds-"}
CLASSES = ("GoverningDocument", "Objective", "Priority", "Indicator", "Target", "FrameworkLevel")
# Documents, objectives, priorities, indicators, targets and level names. A list whose names the facts lack
# is one row that says so: RUFS (milestones, priorities), Västra Götaland (priorities), Örebro (effect
# objectives, areas), Gävleborg (effect objectives) and Västerbotten (priorities).
COUNTED = {
    "01-rufs-2050": (1, 1 + 4 + 1, 1, 0, 0, 6),
    "03-rus-uppsala": (3, 1 + 7, 3 + 3, 9, 12, 4),
    "04-sormlandsstrategin": (2, 0, 5, 0, 0, 0),
    "05-utvecklingsstrategi-ostergotland": (1, 1, 6, 0, 0, 0),
    "06-rus-jonkoping": (1, 0, 6, 0, 0, 5),
    "07-grona-kronoberg-2025": (1, 1 + 2, 2 + 4, 2, 2, 5),
    "08-klimat-att-vaxa-i": (1, 0, 4, 0, 0, 5),
    "09-vart-gotland-2040": (1 + 3, 1 + 3, 0, 0, 0, 5),
    "10-vaxtplats-blekinge": (2, 0, 2 + 4, 0, 0, 0),
    "12-oppna-skane-2030": (2, 6, 0, 0, 0, 2),
    "13-basta-livsplatsen-2035": (2, 0, 3, 0, 0, 0),
    "14-rus-vastra-gotaland": (2, 0, 4 + 1, 0, 0, 4),
    "17-varmlandsstrategin": (2, 1 + 9, 4, 9, 9, 5),
    "18-rus-orebro": (2, 1 + 3 + 1, 1, 9, 9, 6),
    "19-rus-vastmanland": (2, 3, 0, 0, 0, 5),
    "20-dalastrategin": (2 + 6, 1 + 3 + 9 + 2, 3, 37 + 8, 1, 5),
    "21-rus-gavleborg": (1, 5 + 1, 0, 0, 0, 3),
    "22-ett-vasternorrland": (1, 1 + 3, 4 + 5 + 7, 0, 0, 3),
    "23-jamtlands-lan-2050": (2, 0, 0, 0, 0, 0),
    "24-rus-vasterbotten": (2 + 2 + 6, 2, 3 + 1, 0, 0, 4),
    "25-rus-norrbotten": (2, 1, 4, 0, 0, 0),
}
FIGURES = {
    "01-rufs-2050": {"delmål": 22, "prioriteringar": 9, "indikatorer": 40, "åtgärder": 94},
    "06-rus-jonkoping": {},
    "08-klimat-att-vaxa-i": {"mål": 10},
    "10-vaxtplats-blekinge": {"områden": 4},
    "12-oppna-skane-2030": {"ställningstaganden": 5},
    "14-rus-vastra-gotaland": {"program": 4, "teman": 4, "frågor": 32},
    "17-varmlandsstrategin": {"mål": 13, "effektmål": 33},
    "19-rus-vastmanland": {"delmål": 20},
    "21-rus-gavleborg": {"indikatorer": 60},
    "23-jamtlands-lan-2050": {"prioriteringar": 7, "mål": 35},
    "24-rus-vasterbotten": {"prioriteringar": 6, "delprioriteringar": 20},
}
KINDS = {
    "03-rus-uppsala": {"absolut nivå": 3, "tröskel": 3, "förändring": 6},
    "07-grona-kronoberg-2025": {"bara riktning": 1, "absolut nivå": 1},
    "17-varmlandsstrategin": {
        "absolut nivå": 1,
        "förändring": 1,
        "rang": 1,
        "relativt annan": 4,
        "bara riktning": 1,
        "gap": 1,
    },
    "18-rus-orebro": {"relativt annan": 2, "bara riktning": 1, "gap": 2, "förändring": 2, "tröskel": 2},
    "20-dalastrategin": {"bana": 1},
}
SEVERAL_PARENTS = {
    ("01-rufs-2050", "delmal"): 4,
    ("18-rus-orebro", "effektmal"): 3,
    ("21-rus-gavleborg", "effektmal"): 5,
    ("24-rus-vasterbotten", "prioriteringar"): 2 + 3,
}


@pytest.fixture
def strategy(facts) -> Callable:
    return lambda folder: facts(folder, prefix=PREFIX.get(folder, f"{folder[:2]}-rus-"))


def targets(told, folder: str) -> list[dict[str, str | None]]:
    paths = ("indicator", "targetKind", "value", "unit", "year", "baselineYear", "comparedWith")
    one = told(folder)
    return [{path: one.cell(node, path) for path in paths} for node in one.of("Target")]


def test_every_region_has_its_strategy() -> None:
    counties = sorted(path.name[:2] for path in publications() if path.parent.name == "evaluation")
    assert sorted(folder[:2] for folder in FOLDERS) == counties
    assert set(FOLDERS) == set(COUNTED)


@pytest.mark.parametrize("folder", FOLDERS)
def test_hand_counts(folder: str, strategy) -> None:
    one = strategy(folder)
    assert one.reading.problems == ()
    assert tuple(len(one.of(cls)) for cls in CLASSES) == COUNTED[folder]


@pytest.mark.parametrize("folder", FIGURES)
def test_what_is_counted_but_not_named_stands_as_a_figure(folder: str, strategy) -> None:
    one = strategy(folder)
    found = {one.cell(node, "unit"): int(one.cell(node, "value")) for node in one.of("Figure")}
    assert found == FIGURES[folder]


@pytest.mark.parametrize("folder", FOLDERS)
def test_we_say_it_about_the_region_with_its_source(folder: str, strategy) -> None:
    one = strategy(folder)
    head = one.reading.graph_iri
    assert one.cell(head, "publisher") == "Röda tråden"
    assert one.cell(head, "completeness") == "urval"
    assert one.reading.subject == ID[f"ref/region/{folder[:2]}"]
    assert next(one.graph.objects(head, DCTERMS.source)) in one.of("Source")
    for cls in CLASSES:
        assert [node for node in one.of(cls) if not one.cell(node, "sourceSection")] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_published_titles_are_those_of_the_facts(folder: str, strategy, shared: Path) -> None:
    text = (shared / "domain" / "rus-facts.md").read_text(encoding="utf-8").casefold()
    # "Ett välmående / tillgängligt / nyskapande Västmanland" is three names.
    for first, *words, last in re.findall(r"\b(en|ett) ((?:\w+ / )+\w+) (region|västmanland)\b", text):
        text += "".join(f"\n{first} {word} {last}" for word in " ".join(words).split(" / "))
    one = strategy(folder)
    # Dalarna's goal tree comes from another source, which has a test of its own.
    nodes = [
        node
        for cls in ("Objective", "Priority")
        for node in one.of(cls)
        if one.cell(node, "availability") == "publicerat"
        and one.cell(node, "basis") == "angiven"
        and "målträd" not in (one.cell(node, "sourceSection") or "")
    ]
    for node in nodes:
        names = {str(name).casefold() for name in one.graph.objects(node, RDFS.label)}
        assert any(name in text for name in names), names


@pytest.mark.parametrize("folder", FOLDERS)
def test_sound_at_bas_and_at_chain(folder: str, readings) -> None:
    context = [
        vocabulary(),
        *(ntriples(readings[name].graph) for name in ("actors", "frameworks", "mandate")),
    ]
    for tier in ("bas", "kedja"):
        report = validate(ntriples(readings[folder].graph), context, tier)
        assert [(found.rule, found.focus) for found in report.findings] == []


def parents(graph: Graph) -> dict[Node, int]:
    answer = graph.query(
        """SELECT ?part (COUNT(DISTINCT ?parent) AS ?parents)
        WHERE { VALUES ?kind { rt:Objective rt:Priority } ?part a ?kind ; rt:under ?parent }
        GROUP BY ?part""",
        initNs={"rt": RT},
    )
    return {row[0]: int(str(row[1])) for row in answer if isinstance(row, ResultRow)}


def test_trees_and_matrices(strategy) -> None:
    found = {
        (folder, one.text(node)): count
        for folder in FOLDERS
        for one in [strategy(folder)]
        for node, count in parents(one.graph).items()
        if count > 1
    }
    assert found == SEVERAL_PARENTS


def test_vasternorrland_is_a_tree_of_four_five_and_seven(strategy) -> None:
    one = strategy("22-ett-vasternorrland")
    assert one.count("Priority", "under") == {"stark-plats": 4, "leva": 5, "vaxa": 7}
    assert one.count("Objective", "under") == {"ett-vasternorrland": 1, "vision": 3}


def test_vasterbotten_is_a_matrix_with_a_perspective(strategy) -> None:
    one = strategy("24-rus-vasterbotten")
    cell = ID["rodtrad/priority/24-rus-prioriteringar"]
    crossed = [next(one.graph.objects(parent, RDF.type)) for parent in one.graph.objects(cell, RT.under)]
    assert Counter(crossed) == {RT.Objective: 2, RT.Priority: 3}
    assert one.cell(cell, "perspective") == "Två hållbarhetsmål gånger tre inriktningar"
    assert one.cell(cell, "availability") == "tappat i källan"


def test_own_level_names_stand_beside_the_national_core(strategy) -> None:
    def beside(folder: str) -> list[tuple[str | None, str | None, str | None]]:
        one = strategy(folder)
        order = {node: int(one.cell(node, "levelOrder")) for node in one.of("FrameworkLevel")}
        match = URIRef("http://www.w3.org/2004/02/skos/core#closeMatch")
        nodes = sorted(order, key=lambda node: order[node])
        return [
            (one.cell(node, RDFS.label), one.cell(node, "levelType"), one.cell(node, match)) for node in nodes
        ]

    assert beside("17-varmlandsstrategin") == [
        ("Vision", "målnivå", "vision"),
        ("Insatsområde", "ram", None),
        ("Mål", "målnivå", None),
        ("Effektmål", "målnivå", "effektmål"),
        ("Indikator", "mått", None),
    ]
    assert beside("01-rufs-2050") == [
        ("Vision", "målnivå", "vision"),
        ("Mål", "målnivå", "övergripande mål"),
        ("Delmål", "målnivå", None),
        ("Indikator", "mått", None),
        ("Regional prioritering", "ram", None),
        ("Insats", "led", "aktivitet"),
    ]
    # The same word in two regions is not the same level.
    objective = [
        {name: core for name, _, core in beside(folder)}["Mål"]
        for folder in ("17-varmlandsstrategin", "22-ett-vasternorrland")
    ]
    assert objective == [None, "övergripande mål"]


def test_objectives_stand_at_the_own_levels(strategy) -> None:
    one = strategy("20-dalastrategin")
    level = one.count("Objective", "frameworkLevel")
    assert {name: level[f"niva-{name}"] for name in ("overgripande-mal", "malomrade", "avsnitt")} == {
        "overgripande-mal": 1,
        "malomrade": 3,
        "avsnitt": 9,
    }


@pytest.mark.parametrize("folder", KINDS)
def test_kinds_of_target_per_strategy(folder: str, strategy) -> None:
    assert Counter(target["targetKind"] for target in targets(strategy, folder)) == KINDS[folder]


def test_every_kind_of_target_that_real_strategies_have_occurs(strategy) -> None:
    all_targets = [target for folder in KINDS for target in targets(strategy, folder)]

    def some(kind: str, **cells: str | None) -> list[dict[str, str | None]]:
        return [
            target
            for target in all_targets
            if target["targetKind"] == kind and all(target[key] == value for key, value in cells.items())
        ]

    def places(target: dict[str, str | None]) -> int:
        return len((target["comparedWith"] or "").split("; "))

    assert len(some("absolut nivå")) == 5
    against_a_year = [t for t in some("förändring", unit="procent") if t["baselineYear"]]
    assert {(t["value"], t["year"], t["baselineYear"]) for t in against_a_year} == {
        ("-40", "2020", "1990"),
        ("-75", "2040", "1990"),
        ("-60", "2030", "2005"),
        ("-50", "2030", "2005"),
    }
    assert [t["value"] for t in some("förändring", unit="personer")] == ["5000"]
    assert [t["value"] for t in some("förändring", unit="gånger")] == ["2", "2"]
    assert len(some("bara riktning")) == 3
    assert len(some("relativt annan", comparedWith="Sverige")) == 3
    assert sorted(places(t) for t in some("relativt annan")) == [1, 1, 1, 4, 4, 18]
    assert [t["value"] for t in some("rang")] == ["7"]
    assert len(some("gap")) == 3
    assert {Decimal(t["value"] or 0) for t in some("tröskel")} == {2100, 13, 80, 90}
    years = Counter(t["indicator"] for t in targets(strategy, "03-rus-uppsala") if t["year"])
    assert {name for name, count in years.items() if count == 2} == {"vaxthusgaser", "bredband-100"}
    measures = strategy("03-rus-uppsala").count("Indicator", "indicatorFor")
    assert {name for name, count in measures.items() if count > 1} == {"kollektivtrafik", "jordbruk"}
    assert [t["value"] for t in some("bana")] == ["1.25"]
    # A judgement by people beside the number: the arrows of Dalarna.
    arrows = strategy("20-dalastrategin").count("Assessment", "verdict")
    assert arrows == {"positiv": 10, "oförändrad": 14, "negativ": 10}


def test_no_year_of_decision_that_the_facts_do_not_give(strategy) -> None:
    found = {
        (folder[:2], one.text(node)): int(one.cell(node, "adoptedYear"))
        for folder in FOLDERS
        for one in [strategy(folder)]
        for node in one.of("GoverningDocument")
        if one.cell(node, "adoptedYear")
    }
    assert found == {
        ("01", "rufs-2050"): 2018,
        ("09", "vart-gotland"): 2021,
        ("14", "rus-2021"): 2021,
        ("17", "varmlandsstrategin-2040"): 2021,
        ("18", "rus-2022"): 2022,
        ("19", "rus-2020"): 2020,
        ("20", "dalastrategin-2030"): 2021,
    }
    note = strategy("01-rufs-2050").cell(ID["rodtrad/document/01-rus-rufs-2050"], "note")
    assert "juni 2018" in note
    assert "november 2019" in note


def test_titles_are_told_in_both_languages(strategy) -> None:
    for folder in FOLDERS:
        one = strategy(folder)
        for cls in ("GoverningDocument", "Objective", "Priority", "FrameworkLevel"):
            for node in one.of(cls):
                names = [n for n in one.graph.objects(node, RDFS.label) if isinstance(n, Literal)]
                assert sorted(str(n.language) for n in names) == ["en", "sv"], node
