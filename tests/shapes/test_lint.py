"""The shipped shapes pass the lint, and the lint sees what it is for."""

from __future__ import annotations

import pytest
from rdflib import Graph
from rodtrad.shapes.library import Library, library, shape_files
from rodtrad.shapes.lint import lint

PREFIXES = """
@prefix rt: <https://w3id.org/rodtrad/ns/> . @prefix rts: <https://w3id.org/rodtrad/shape/> .
@prefix rule: <https://w3id.org/rodtrad/rule/> . @prefix tier: <https://w3id.org/rodtrad/scheme/tier/> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def test_shipped_shapes_and_rules_are_sound() -> None:
    assert lint(library()) == []


def with_addition(turtle: str) -> Library:
    graph = Graph()
    for file in shape_files():
        graph.parse(file)
    return Library(graph.parse(data=PREFIXES + turtle, format="turtle"))


@pytest.mark.parametrize(
    ("addition", "told"),
    [
        ("rts:Actor-label sh:minCuont 1 .", "SHACL has no http://www.w3.org/ns/shacl#minCuont"),
        ("rts:Actor-label sh:dataType rt:x .", "SHACL has no http://www.w3.org/ns/shacl#dataType"),
        ('rule:RT-K-900 a rt:Rule ; rt:ruleId "RT-K-900" .', "needs exactly one"),
        ('rule:RT-K-001 sh:message "Se {?whatever}."@sv .', "unknown place {?whatever}"),
        ("rts:x a sh:NodeShape ; sh:targetClass rt:Actor .", "has a target but no rt:tier"),
        ("rts:x a sh:PropertyShape ; sh:path rt:nonesuch .", "not declared in the ontology"),
        (
            "rts:x a sh:NodeShape ; rt:tier tier:bas ; sh:targetClass rt:Actor ; sh:minLength 1, 2 .",
            "more than one",
        ),
        ('rts:c sh:select "SELECT $this WHERE { $this ?p ?o MINUS { $this a ?x } }" .', "forbids MINUS"),
        (
            'rts:c sh:select "SELECT $this WHERE { $this ?p ?o FILTER NOT EXISTS { ?o ?q ?r . ?r ?s 1 }}" .',
            "2 triple patterns in one EXISTS",
        ),
        ('rts:c sh:select "SELECT $this WHERE { $this ?p }" .', "cannot be parsed"),
    ],
)
def test_lint_names_the_fault(addition: str, told: str) -> None:
    assert any(told in remark.text for remark in lint(with_addition(addition)))
