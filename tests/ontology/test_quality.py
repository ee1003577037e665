"""The vocabulary meets its quality bar, and each check can tell a vocabulary that does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import rodtrad.ontology
from rdflib import Graph, URIRef
from rdflib.namespace import RDFS, SH
from rodtrad.ontology import files, mappings
from rodtrad.ontology.names import RT, SCHEME
from rodtrad.ontology.problems import Problem
from rodtrad.ontology.quality import (
    Modules,
    check,
    declaration_problems,
    deprecation_problems,
    example_problems,
    header_problems,
    mapping_problems,
    module_problems,
    name_problems,
    placement_problems,
    read_modules,
    use_problems,
    used_terms,
    word_problems,
)

ROOT = Path(rodtrad.ontology.__file__).parents[1]
SHAPES = sorted((ROOT / "shapes").rglob("*.ttl"))
QUERIES = [*sorted((ROOT / "queries").rglob("*.rq")), *sorted((ROOT / "store").rglob("*.rq"))]
EXAMPLES = [*sorted((ROOT / "examples").rglob("*.ttl")), *sorted((ROOT / "tests" / "shapes").rglob("*.ttl"))]
CODE = [
    path
    for part in ("loader", "queries", "service", "shapes", "store")
    for path in (ROOT / part).rglob("*.py")
]
FIXTURES = [
    path for part in ("queries", "loader", "shapes") for path in (ROOT / "tests" / part).rglob("*.py")
]
TEMPLATES = sorted((ROOT / "service").rglob("*.html"))


@pytest.fixture(scope="module")
def modules() -> Modules:
    found, problems = read_modules(files())
    assert problems == []
    return found


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for path in SHAPES:
        graph.parse(path)
    return graph


def told(problems: list[Problem]) -> list[str]:
    return [f"{problem.code} {problem.where}" for problem in problems]


# The bar


@pytest.mark.parametrize(
    "of",
    [
        header_problems,
        declaration_problems,
        word_problems,
        example_problems,
        name_problems,
        module_problems,
    ],
)
def test_every_module_and_term_passes(of: Callable[[Modules], list[Problem]], modules: Modules) -> None:
    assert len(modules.terms) > 600
    assert told(of(modules)) == []


def test_the_check_of_the_whole_vocabulary_finds_nothing() -> None:
    assert told(check()) == []


def test_every_class_and_property_has_its_place(modules: Modules, shapes: Graph) -> None:
    assert told(placement_problems(modules, shapes)) == []


def test_every_term_is_used_by_a_shape_a_question_or_an_example(modules: Modules) -> None:
    used = used_terms([*SHAPES, *QUERIES, *EXAMPLES, *CODE, *FIXTURES, *TEMPLATES])
    assert told(use_problems(modules, used)) == []


def test_every_class_and_property_is_mapped_or_said_to_have_no_match(modules: Modules) -> None:
    assert told(mapping_problems(modules, mappings.mappings())) == []


def test_no_deprecated_term_lacks_an_heir_or_is_still_used(modules: Modules) -> None:
    used = used_terms([*SHAPES, *QUERIES, *EXAMPLES])
    assert told(deprecation_problems(modules, modules.whole, used)) == []


# Each check can fail

HEADER = """
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix scheme: <https://w3id.org/rodtrad/scheme/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/rodtrad/ontology/wheels> a owl:Ontology ;
    owl:versionIRI <https://w3id.org/rodtrad/ontology/wheels/0.2.0> ;
    owl:versionInfo "0.2.0" ;
    dcterms:title "Hjul"@sv , "Wheels"@en ;
    dcterms:description "Prov."@sv , "A trial of an annual wheel."@en ;
    dcterms:issued "2026-11-21"^^xsd:date ;
    dcterms:modified "2026-11-21"^^xsd:date ;
    dcterms:license <http://creativecommons.org/publicdomain/zero/1.0/> .
"""
TERM = """
rt:AnnualWheel a owl:Class ;
    rdfs:label "Årshjul"@sv , "Annual wheel"@en ;
    skos:definition "Ett hjul för ett år."@sv , "A wheel for a year."@en ;
    skos:example "Uppsalas"@sv , "That of Uppsala"@en ;
    rdfs:isDefinedBy <https://w3id.org/rodtrad/ontology/wheels> .
"""
RETIRED = """
    owl:deprecated true ;
    dcterms:isReplacedBy rt:Cycle ;
    skos:changeNote "Ersatt av cykel."@sv , "Replaced by cycle."@en ;
    rdfs:isDefinedBy"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "wheels.ttl"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def parsed(path: Path) -> Modules:
    modules, problems = read_modules([path])
    assert problems == []
    return modules


def test_a_sound_module_of_ones_own_passes(written: Callable[[str], Path]) -> None:
    assert told(check([written(HEADER + TERM)])) == []
    assert told(check([written(HEADER + TERM.replace("    rdfs:isDefinedBy", RETIRED))])) == []


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("term-without-label", '"Årshjul"@sv , ', ""),
        ("term-without-label", '"Annual wheel"@en', '" "@en'),
        ("term-without-label", '"Annual wheel"@en', '"Annual wheel"@en , "Wheel"@en'),
        ("term-without-definition", ' , "A wheel for a year."@en', ""),
        ("term-without-example", '"Uppsalas"@sv , ', ""),
        ("term-without-module", "rdfs:isDefinedBy <https://w3id.org/rodtrad/ontology/wheels>", "a owl:Thing"),
        ("term-badly-named", "rt:AnnualWheel", "rt:annualWheel"),
        ("term-badly-named", "rt:AnnualWheel", "rt:Årshjul"),
        ("term-badly-named", "rt:AnnualWheel", "rt:Arshjul"),
        ("term-badly-named", "rt:AnnualWheel", "rt:AnnWhl"),
        ("term-badly-named", "rt:AnnualWheel", "rt:Annual_Wheel"),
        ("module-header", '    owl:versionInfo "0.2.0" ;\n', ""),
        ("module-header", "wheels/0.2.0> ;", "wheels/0.1.0> ;"),
        ("module-header", ' , "Wheels"@en', ""),
        ("module-header", '    dcterms:modified "2026-11-21"^^xsd:date ;\n', ""),
        ("module-header", 'modified "2026-11-21"', 'modified "2026-11-20"'),
        ("module-header", "dcterms:license <http://creativecommons.org/publicdomain/zero/1.0/>", "a owl:Thing"),
        ("deprecated-without-successor", "    rdfs:isDefinedBy", RETIRED.replace("dcterms:isReplacedBy rt:Cycle ;", "")),
        ("deprecated-without-successor", "    rdfs:isDefinedBy", RETIRED.replace("rt:Cycle", "rt:NoSuchTerm")),
        ("deprecated-without-successor", "    rdfs:isDefinedBy", RETIRED.replace("rt:Cycle", "rt:AnnualWheel")),
        ("deprecated-without-note", "    rdfs:isDefinedBy", RETIRED.replace('"Replaced by cycle."@en', '" "@en')),
    ],
)  # fmt: skip
def test_one_fault_is_told_with_its_file_and_term(
    code: str, old: str, new: str, written: Callable[[str], Path]
) -> None:
    text = HEADER + TERM
    assert text.count(old) == 1
    path = written(text.replace(old, new))
    problems = check([path])
    assert {problem.code for problem in problems} == {code}
    for problem in problems:
        assert problem.where.file == str(path)
        assert str(problem.where.iri).startswith("https://w3id.org/rodtrad/")
        assert problem.message("sv") != problem.message("en")


def test_a_syntax_error_is_told_with_its_file_and_line(written: Callable[[str], Path]) -> None:
    path = written(HEADER + TERM.replace("a owl:Class ;", "a owl:Class"))
    (problem,) = check([path])
    assert problem.code == "ontology-syntax"
    assert problem.where.file == str(path)
    line = (HEADER + TERM).splitlines().index("rt:AnnualWheel a owl:Class ;") + 2
    assert re.search(rf"line {line}\b", problem.message("en"))


def test_a_file_without_a_header_is_told(written: Callable[[str], Path]) -> None:
    body = HEADER.split("<https://w3id.org/rodtrad/ontology/wheels> a")[0]
    path = written(body + "rt:x rt:y rt:z .")
    assert [problem.code for problem in check([path])] == ["module-header"]


def test_a_term_that_two_modules_declare_is_told(written: Callable[[str], Path], tmp_path: Path) -> None:
    other = tmp_path / "carts.ttl"
    other.write_text((HEADER + TERM).replace("ontology/wheels", "ontology/carts"), encoding="utf-8")
    modules, _ = read_modules([written(HEADER + TERM), other])
    (problem,) = declaration_problems(modules)
    assert (problem.code, problem.where.iri) == ("term-declared-twice", str(RT.AnnualWheel))
    assert problem.where.file == str(other)
    assert "wheels.ttl" in problem.message("sv")


def test_a_concept_is_named_by_its_preferred_label(written: Callable[[str], Path]) -> None:
    concept = (
        'scheme:basis\\/guessed a skos:Concept ; skos:inScheme scheme:basis ; %s "gissad"@sv , "guessed"@en ;'
    )
    concept += ' skos:definition "Gissad."@sv , "A guess."@en .'
    assert told(check([written(HEADER + concept % "skos:prefLabel")])) == []
    (problem,) = check([written(HEADER + concept % "rdfs:label")])
    assert (problem.code, problem.where.iri) == ("term-without-label", str(SCHEME["basis/guessed"]))


def test_a_term_that_nothing_places_is_told(written: Callable[[str], Path]) -> None:
    modules = parsed(written(HEADER + TERM))
    (problem,) = placement_problems(modules, Graph())
    assert (problem.code, problem.where.iri) == ("term-without-place", str(RT.AnnualWheel))
    shape = f"<x:s> <{SH.targetClass}> <{RT.AnnualWheel}> ."
    assert placement_problems(modules, Graph().parse(data=shape)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shape.ttl", "<x:s> <http://www.w3.org/ns/shacl#targetClass> <https://w3id.org/rodtrad/ns/AnnualWheel> ."),
        ("question.rq", "PREFIX w: <https://w3id.org/rodtrad/ns/>\nSELECT ?x WHERE { ?x a w:AnnualWheel } ORDER BY ?x"),
        ("writer.py", 'graph.add((node, RDF.type, RT["AnnualWheel"]))'),
        ("reader.py", "graph.subjects(RDF.type, RT.AnnualWheel)"),
    ],
)  # fmt: skip
def test_a_term_that_nothing_uses_is_told(
    name: str, text: str, written: Callable[[str], Path], tmp_path: Path
) -> None:
    modules = parsed(written(HEADER + TERM))
    (problem,) = use_problems(modules, used_terms([]))
    assert (problem.code, problem.where.iri) == ("term-unused", str(RT.AnnualWheel))
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert use_problems(modules, used_terms([tmp_path / name])) == []


def test_a_comment_in_a_question_is_no_use(written: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / "question.rq").write_text("# rt:AnnualWheel\nSELECT ?x WHERE { ?x ?y ?z }", encoding="utf-8")
    assert use_problems(parsed(written(HEADER + TERM)), used_terms([tmp_path / "question.rq"]))


def test_a_deprecated_term_in_a_shape_is_told(written: Callable[[str], Path]) -> None:
    modules = parsed(written(HEADER + TERM.replace("    rdfs:isDefinedBy", RETIRED)))
    known = modules.whole + Graph().parse(ROOT / "ontology" / "followup.ttl")
    assert deprecation_problems(modules, known, {}) == []
    (problem,) = deprecation_problems(modules, known, {RT.AnnualWheel: {"wheel-shapes.ttl"}})
    assert problem.code == "deprecated-in-use"
    assert "wheel-shapes.ttl" in problem.message("sv")


def test_a_term_without_a_mapping_is_told_until_it_stands_under_a_foreign_one(
    written: Callable[[str], Path],
) -> None:
    path = written(HEADER + TERM)
    (problem,) = mapping_problems(parsed(path), ())
    assert (problem.code, problem.where.iri) == ("term-unmapped", str(RT.AnnualWheel))
    modules = parsed(path)
    modules.whole.add((RT.AnnualWheel, RDFS.subClassOf, URIRef("http://www.w3.org/ns/prov#Plan")))
    assert mapping_problems(modules, ()) == []
