"""The compiled shapes, pySHACL and pyrudof find the same, focus node by focus node.

Literals are compared in the form that the embedded store gives them (``shapes/scope.py``). Named exceptions:
pyrudof passes over constraint components that a shapes graph declares itself; pySHACL and the compiled shapes
agree on those in ``test_compiler.py``.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rodtrad.examples import groups
from rodtrad.loader import References, ntriples, read
from rodtrad.ontology import vocabulary
from rodtrad.shapes.library import library
from rodtrad.shapes.scope import Scope

from . import engines

HERE = Path(__file__).parent
DEEP = os.environ.get("RODTRAD_DEEP") == "1"
FIXTURES = sorted(HERE.glob("RT-*/*.*.ttl"))
CHOSEN = FIXTURES if DEEP else FIXTURES[::6]
FULL = library().at(library().tier("full"))


@cache
def triples(file: Path) -> bytes:
    store = ox.Store()
    store.load(file.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=file.as_uri())
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())  # type: ignore[return-value]


@cache
def rudof() -> engines.Rudof:
    return engines.Rudof(FULL)


@pytest.mark.parametrize("file", CHOSEN, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_pyrudof_agrees_on_a_fixture(file: Path) -> None:
    scope = Scope(triples(file), [vocabulary(), triples(HERE / "context.ttl")])
    assert engines.compiled(FULL, scope) == rudof().results(scope)


@cache
def publications() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for group in groups():
        references = References.from_ntriples(vocabulary(), *found.values())
        found |= {path.name: ntriples(read([path], references).graph) for path in group}
    return found


REGIONS = sorted(path.name for group in groups() for path in group if path.parent.name == "evaluation")
ONE, *OTHERS = sorted(REGIONS, key=lambda name: name != "20-dalarna")


@pytest.mark.parametrize("name", [ONE, *(pytest.param(name, marks=pytest.mark.deep) for name in OTHERS)])
def test_both_other_engines_agree_on_a_region(name: str) -> None:
    scope = Scope(publications()[name], [vocabulary()])
    ours = engines.compiled(FULL, scope)
    assert len(ours) > 5
    assert ours == rudof().results(scope)
    assert ours == engines.pyshacl(FULL, scope)


@pytest.mark.deep
def test_pyrudof_agrees_on_all_publications_together() -> None:
    """pySHACL, which asks each query once for each node, would need a quarter of an hour."""
    scope = Scope(b"".join(publications().values()), [vocabulary()])
    ours = engines.compiled(FULL, scope)
    assert len(ours) > 900
    assert ours == rudof().results(scope)


FOREIGN_SHAPES = """
@prefix ex: <https://example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Person a sh:NodeShape ; sh:targetClass foaf:Person ; sh:closed true ;
    sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
    sh:property ex:name , ex:age , ex:knows , ex:mail , ex:member .
ex:name sh:path foaf:name ; sh:minCount 1 ; sh:uniqueLang true ; sh:minLength 2 .
ex:age sh:path foaf:age ; sh:datatype xsd:integer ; sh:maxCount 1 ; sh:minInclusive 0 ; sh:maxExclusive 130 .
ex:knows sh:path foaf:knows ; sh:class foaf:Person ; sh:nodeKind sh:IRI ; sh:disjoint org:reportsTo .
ex:mail sh:path foaf:mbox ; sh:pattern "^mailto:" ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ;
    sh:qualifiedMinCount 1 .
ex:member sh:path ( org:memberOf [ sh:zeroOrMorePath org:subOrganizationOf ] ) ; sh:class org:Organization ;
    sh:maxCount 2 .
ex:Event a sh:NodeShape ; sh:targetSubjectsOf schema:startDate ;
    sh:property ex:start , ex:place .
ex:start sh:path schema:startDate ; sh:lessThanOrEquals schema:endDate .
ex:place sh:path [ sh:alternativePath ( schema:location schema:address ) ] ;
    sh:xone ( [ sh:datatype xsd:string ] [ sh:class schema:Place ; sh:property [ sh:path schema:name ; sh:minCount 1 ] ] ) .
"""
FOAF, ORG, SCHEMA = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/ns/org#", "https://schema.org/"
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
NODES = [f"<https://example.com/{name}>" for name in ("anna", "bo", "org", "unit", "fair")]
KINDS = [f"<{FOAF}Person>", f"<{ORG}Organization>", f"<{SCHEMA}Place>"]
WORDS = ['"Anna"', '"Anna"@sv', '"Ann"@sv', '"B"', '"mailto:a@example.com"', "<mailto:b@example.com>"]
NUMBERS = [f'"{n}"^^<{XSD}integer>' for n in (-1, 7, 130)] + [f'"7.5"^^<{XSD}decimal>']
DAYS = [f'"2020-0{m}-01"^^<{XSD}date>' for m in (1, 2)]
THINGS = [f"{FOAF}knows", f"{ORG}reportsTo", f"{ORG}memberOf", f"{ORG}subOrganizationOf", f"{SCHEMA}location"]
foreign = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(NODES), st.just(A), st.sampled_from(KINDS)),
        st.tuples(
            st.sampled_from(NODES),
            st.sampled_from([f"{FOAF}name", f"{FOAF}mbox", f"{SCHEMA}name"]),
            st.sampled_from(WORDS),
        ),
        st.tuples(st.sampled_from(NODES), st.just(f"{FOAF}age"), st.sampled_from(NUMBERS)),
        st.tuples(
            st.sampled_from(NODES),
            st.sampled_from([f"{SCHEMA}startDate", f"{SCHEMA}endDate"]),
            st.sampled_from(DAYS),
        ),
        st.tuples(st.sampled_from(NODES), st.sampled_from(THINGS), st.sampled_from(NODES)),
        st.tuples(st.sampled_from(NODES), st.just(f"{SCHEMA}address"), st.sampled_from(WORDS)),
    ),
    max_size=24,
).map(lambda rows: "".join(f"{s} <{p}> {o} .\n" for s, p, o in rows).encode())


@settings(max_examples=1000 if DEEP else 40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=foreign)
def test_all_engines_agree_on_foreign_data_and_shapes(data: bytes) -> None:
    shapes = Graph().parse(data=FOREIGN_SHAPES, format="turtle")
    scope = Scope(data, [])
    ours = engines.compiled(shapes, scope)
    assert ours == engines.pyshacl(shapes, scope)
    assert ours == engines.Rudof(shapes).results(scope)


def test_foreign_data_break_the_foreign_shapes() -> None:
    """An agreement on nothing would prove nothing."""
    lines = [f"{NODES[0]} <{A}> {KINDS[0]}", f"{NODES[0]} <{FOAF}age> {NUMBERS[2]}"]
    scope = Scope("".join(f"{line} .\n" for line in lines).encode(), [])
    found = engines.compiled(Graph().parse(data=FOREIGN_SHAPES, format="turtle"), scope)
    assert {
        component.rpartition("#")[2].removesuffix("ConstraintComponent") for _, component, _ in found
    } == {
        "MinCount",
        "MaxExclusive",
        "QualifiedMinCount",
    }


@pytest.mark.shared
def test_the_shapes_of_shapes_find_the_same_in_the_suite(shared: Path) -> None:
    """Foreign RDF of every make: the W3C's shapes for shapes over the W3C's own tests."""
    core = shared / "w3c" / "shacl" / "core"
    shapes = Graph().parse(core / "complex" / "shacl-shacl.ttl")
    files = [f for f in sorted(core.rglob("*.ttl")) if "complex" not in f.parts]
    for file in files if DEEP else files[::9]:
        scope = Scope(triples(file), [])
        assert engines.compiled(shapes, scope) == engines.pyshacl(shapes, scope), file.name


LINES = sorted(
    {line for file in FIXTURES for line in triples(file).splitlines(keepends=True) if b"_:" not in line}
)


@settings(max_examples=60 if DEEP else 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.sampled_from(LINES), min_size=30, max_size=150, unique=True))
def test_all_engines_agree_on_fixtures_thrown_together(rows: list[bytes]) -> None:
    scope = Scope(b"".join(rows), [vocabulary()])
    ours = engines.compiled(FULL, scope)
    assert ours == engines.pyshacl(FULL, scope)
    assert ours == rudof().results(scope)
