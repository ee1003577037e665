"""HermiT finds the vocabulary consistent with data and mappings, and catches what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rodtrad import examples
from rodtrad.loader import References, ntriples, read
from rodtrad.ontology import classes, vocabulary, vocabulary_graph
from rodtrad.ontology import reasoning as module
from rodtrad.ontology.clashes import find_clashes
from rodtrad.ontology.mappings import Mapping, mappings
from rodtrad.ontology.names import RT
from rodtrad.ontology.owl_subset import owl_subset
from rodtrad.ontology.problems import RodtradError
from rodtrad.ontology.reasoning import mapping_axioms, reason

HEAD = """
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix state: <https://w3id.org/rodtrad/scheme/achievement-state/> .
@prefix status: <https://w3id.org/rodtrad/scheme/activity-status/> .
@prefix : <https://example.org/> .
"""

SEEDS = {
    "an output taken for an outcome": (
        ":report a rt:Output .",
        ":report a rt:Outcome .",
        "disjoint",
    ),
    "a resource class put under activities": (
        "",
        "rt:Resource rdfs:subClassOf rt:Activity .",
        "unsatisfiable",
    ),
    "an objective that happens in the chain": (
        ":more-jobs a rt:Objective .",
        ":chain rt:leadsTo :more-jobs .",
        "disjoint",
    ),
    "a target used as an objective": (
        ":twelve a rt:Target . :effect a rt:LongTermEffect .",
        ":effect rt:serves :twelve .",
        "disjoint",
    ),
    "an observation taken for its indicator": (
        ":share a rt:Observation ; rt:value 12.0 .",
        ":target rt:indicator :share .",
        "disjoint",
    ),
    "the county taken for the organisation": (
        ":dalarna a rt:Region .",
        ":project a rt:Intervention ; rt:owner :dalarna .",
        "disjoint",
    ),
    "an activity both planned and carried out": (
        ":course a rt:Activity ; rt:status status:planned .",
        ":course rt:status status:carried-out .",
        "different",
    ),
    "an outcome both expected and achieved": (
        ":certificate a rt:Outcome ; rt:state state:expected .",
        ":certificate rt:state state:achieved .",
        "different",
    ),
    "a causal link with causes on two levels": (
        ":link a rt:CausalLink ; rt:cause :money . :money a rt:Resource . :course a rt:Activity .",
        ":link rt:cause :course .",
        "disjoint",
    ),
    "a chain that goes round": (
        ":a a rt:Outcome ; rt:leadsTo :b .",
        ":b rt:ledTo :a .",
        "loop",
    ),
    "a number written as a word": (
        ":target a rt:Target .",
        ':target rt:value "tolv" .',
        "datatype",
    ),
    "two values of one observation": (
        ":seen a rt:Observation ; rt:value 12.0 .",
        ":seen rt:value 14.0 .",
        "two-values",
    ),
    "a foreign class that swallows both sides": (
        "",
        "rt:Outcome owl:equivalentClass :Outcome . rt:ShortTermEffect owl:equivalentClass :Outcome .",
        "unsatisfiable",
    ),
}  # fmt: skip
"""What stands before, what is wrong with the addition, and the clash that it gives."""


def turtle(*texts: str) -> Graph:
    return Graph().parse(data=HEAD + "\n".join(texts), format="turtle")


@pytest.fixture(scope="module")
def example_data() -> bytes:
    """Every publication that ships."""
    parts = [vocabulary()]
    for group in examples.groups():
        references = References.from_ntriples(*parts)
        readings = [read([path], references) for path in group]
        assert all(reading.ok for reading in readings)
        parts += [ntriples(reading.graph) for reading in readings]
    return b"".join(parts[1:])


def test_the_vocabulary_alone_is_consistent() -> None:
    verdict = reason()
    assert verdict.ok, verdict.clashes
    assert verdict.statements > 3000


def test_the_example_data_are_consistent(example_data: bytes) -> None:
    verdict = reason(example_data)
    assert verdict.ok, verdict.clashes
    assert verdict.statements > 20_000
    assert verdict.seconds < 120


def test_mapped_foreign_classes_make_nothing_contradict(example_data: bytes) -> None:
    axioms = set(mapping_axioms())
    assert len(axioms) >= 20
    assert {axiom for _, axiom, _ in axioms} >= {RDFS.subClassOf, OWL.equivalentProperty}
    verdict = reason(example_data, mappings())
    assert verdict.ok, verdict.clashes


def test_what_stands_before_the_seeds_is_consistent() -> None:
    texts = enumerate(before for before, _, _ in SEEDS.values())
    verdict = reason(extra=[triple for n, before in texts for triple in _apart(turtle(before), n)])
    assert verdict.ok, verdict.clashes


@pytest.mark.parametrize("name", SEEDS)
def test_a_seeded_fault_is_caught_and_named(name: str) -> None:
    before, wrong, kind = SEEDS[name]
    verdict = reason(extra=turtle(before, wrong))
    assert not verdict.ok
    assert verdict.consistent is (kind == "unsatisfiable")
    assert kind in {clash.kind for clash in verdict.clashes}
    told = " ".join(problem.message("sv") for problem in verdict.problems())
    assert all(str(s) in told for s in list(turtle(wrong).subjects())[:1])


def test_the_plain_check_finds_nothing_where_hermit_finds_nothing(example_data: bytes) -> None:
    graph = Graph().parse(data=example_data, format="nt")
    assert find_clashes(owl_subset(vocabulary_graph(), graph).triples) == ()


def test_a_class_without_members_is_named_even_when_the_plain_check_is_silent() -> None:
    union = "rt:Lesson owl:equivalentClass rt:Both . rt:Both a owl:Class ; owl:equivalentClass owl:Nothing ."
    verdict = reason(extra=turtle(union))
    assert set(verdict.unsatisfiable) >= {str(RT.Lesson)}
    assert any(str(RT.Lesson) in problem.message("en") for problem in verdict.problems())


def test_datatypes_that_the_reasoner_does_not_know_are_left_out_and_listed() -> None:
    dated = turtle(
        ':x a rt:Source ; rt:when "2021"^^xsd:gYear ; rt:issuer "SCB" . :seen rt:when "2021-01-01"^^xsd:date .',
        "rt:when a owl:DatatypeProperty ; rdfs:range xsd:date .",
    )
    subset = owl_subset(dated)
    left = {(x.reason, x.term): x.count for x in subset.left_out}
    assert left[("datatype", str(XSD.gYear))] == 1
    assert left[("datatype", str(XSD.date))] == 2, "the value and the range"
    assert not [o for _, _, o in subset.triples if getattr(o, "datatype", None) in (XSD.gYear, XSD.date)]
    assert reason(extra=dated).ok


def test_every_statement_is_either_given_to_the_reasoner_or_listed(example_data: bytes) -> None:
    graph = Graph().parse(data=example_data, format="nt")
    everything = set(graph) | set(vocabulary_graph())
    subset = owl_subset(everything)
    given = len(subset.triples & everything)
    assert given + sum(x.count for x in subset.left_out) == len(everything)
    used = {str(p) for _, p, _ in everything}
    silent = {x.term for x in subset.left_out if x.reason == "annotation" and x.term in used}
    assert not [p for p in silent if (URIRef(p), RDF.type, OWL.ObjectProperty) in vocabulary_graph()]


def test_mappings_become_axioms_by_their_strength() -> None:
    other = URIRef("https://example.org/X")
    row = Mapping(RT.Outcome, "", URIRef(""), other, "", "", "", 1.0, "", "", "", "t.sssom.tsv", 1)

    def axioms(name: str) -> list[tuple[URIRef, URIRef, URIRef]]:
        predicate = URIRef("http://www.w3.org/2004/02/skos/core#" + name)
        return list(mapping_axioms([replace(row, predicate=predicate)]))

    assert axioms("exactMatch") == [(RT.Outcome, OWL.equivalentClass, other)]
    assert axioms("broadMatch") == [(RT.Outcome, RDFS.subClassOf, other)]
    assert axioms("narrowMatch") == [(other, RDFS.subClassOf, RT.Outcome)]
    assert axioms("closeMatch") == axioms("relatedMatch") == []


def test_without_java_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RodtradError) as error:
        reason()
    assert [problem.code for problem in error.value.problems] == ["java-missing"]


def test_out_of_time_ends_the_reasoner_and_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(RodtradError) as error:
        reason(timeout_s=0.05)
    assert error.value.problems[0].code == "reasoning-failed"
    assert not list(tmp_path.iterdir())


def test_a_contradiction_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    assert not reason(extra=turtle(":x a rt:Output , rt:Activity .")).ok
    assert not list(tmp_path.iterdir())


def test_the_classes_are_python_objects() -> None:
    rt = classes()
    assert (rt.Activity.label.sv, rt.Activity.label.en) == (["Aktivitet"], ["Activity"])
    assert rt.ChainElement in rt.Activity.is_a
    assert rt.Measurable in rt.Activity.ancestors()
    assert {rt.Activity, rt.Intervention} == set(rt.Undertaking.subclasses())
    assert rt.serves.range == [rt.Objective]
    excluded = {part for pair in rt.Outcome.disjoints() for part in pair.entities}
    assert {rt.Output, rt.ShortTermEffect} <= excluded
    declared = set(vocabulary_graph().subjects(RDF.type, OWL.Class))
    assert {str(c.iri) for c in rt.classes()} >= {str(c) for c in declared if c.startswith(str(RT))}


def test_python_users_do_not_see_each_others_changes() -> None:
    one, other = classes(), classes()
    with one:
        one.Activity("course")
    assert [x.name for x in one.Activity.instances()] == ["course"]
    assert list(other.Activity.instances()) == []


def _apart(graph: Graph, number: int) -> Iterator[tuple]:
    """The statements with names of their own, so that what stands before many seeds can be judged at once."""
    for triple in graph:
        yield tuple(
            URIRef(f"https://example.org/{number}/{str(term).removeprefix('https://example.org/')}")
            if str(term).startswith("https://example.org/")
            else term
            for term in triple
        )
