"""The JSON-LD context says of every word what it stands for and what its values are."""

from __future__ import annotations

import json

import pytest
from pyld import jsonld
from rdflib import OWL, RDF, Graph, Literal, URIRef
from rodtrad.loader import our_context, write_jsonld
from rodtrad.ontology import vocabulary_graph
from rodtrad.ontology.context import Use, context
from rodtrad.ontology.names import ID, PREFIXES, RT, SCHEME

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
TERMS = our_context()["@context"]


def full(name: str) -> str:
    """A short name written out."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def test_every_class_and_property_of_ours_has_its_word() -> None:
    words = {
        full(said if isinstance(said, str) else said["@id"]) for n, said in TERMS.items() if n not in PREFIXES
    }
    ours = {str(term) for kind in KINDS for term in vocabulary_graph().subjects(RDF.type, kind) if term in RT}
    # A word that is also a prefix stays with its prefix.
    assert {iri for iri in ours - words if iri.removeprefix(str(RT)) not in PREFIXES} == set()
    assert len(ours) > 300


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Activity", "rt:Activity"),
        ("status", {"@id": "rt:status", "@type": "@id"}),
        ("periodStart", {"@id": "rt:periodStart", "@type": "xsd:integer"}),
        ("label", {"@id": "rdfs:label", "@container": "@language"}),
        ("governedBy", {"@id": "rt:governedBy", "@type": "@id", "@container": "@set"}),
        ("constructed", {"@id": "rt:constructed", "@type": "xsd:boolean"}),
    ],
)
def test_a_word_says_what_its_values_are(word: str, said: object) -> None:
    assert TERMS[word] == said


def test_where_two_forms_differ_each_value_tells_its_own_kind() -> None:
    xsd = PREFIXES["xsd"]
    uses = [Use(RT.year, URIRef(xsd + "integer"), False), Use(RT.year, URIRef(xsd + "gYear"), True)]
    assert context(uses)["@context"]["year"] == {"@id": "rt:year", "@container": "@set"}


def test_a_processor_of_others_reads_the_words_as_we_mean_them() -> None:
    document = {
        "@context": TERMS,
        "@id": "id:x/activity/a",
        "@type": "Activity",
        "label": {"sv": "Namn"},
        "status": "scheme:activity-status/planned",
        "periodStart": 2020,
    }
    lines = jsonld.to_rdf(document, {"format": "application/n-quads"})
    a, label = ID["x/activity/a"], URIRef(PREFIXES["rdfs"] + "label")
    assert set(Graph().parse(data=lines, format="nt")) == {
        (a, RDF.type, RT.Activity),
        (a, label, Literal("Namn", lang="sv")),
        (a, RT.status, SCHEME["activity-status/planned"]),
        (a, RT.periodStart, Literal(2020)),
    }


def test_values_of_other_kinds_than_the_word_says_come_back_as_they_were() -> None:
    a = ID["x/activity/a"]
    xsd = PREFIXES["xsd"]
    values = {
        RT.periodStart: [
            Literal(2020),
            Literal("2020"),
            Literal("2020-01-01", datatype=URIRef(xsd + "date")),
        ],
        RT.status: [SCHEME["activity-status/planned"], Literal("planerad", lang="sv")],
        URIRef(PREFIXES["rdfs"] + "label"): [
            Literal("utan"),
            Literal("med", lang="sv"),
            Literal("två", lang="sv"),
        ],
        RT.constructed: [Literal(True), Literal("ja")],
        RT.note: [a, Literal("x", lang="fi"), URIRef(str(GRAPH_LIKE))],
    }
    graph = Graph()
    for prop, several in values.items():
        for value in several:
            graph.add((a, prop, value))
    read = Graph().parse(
        data=jsonld.to_rdf(json.loads(write_jsonld(graph)), {"format": "application/n-quads"})
    )
    assert set(read) == set(graph)


GRAPH_LIKE = "id:looks-like-a-prefix"


def test_an_identifier_that_looks_like_a_short_name_keeps_its_own() -> None:
    graph = Graph()
    graph.add((URIRef("id:a"), RT.leadsTo, URIRef("https://w3id.org/rodtrad/id//b")))
    read = Graph().parse(
        data=jsonld.to_rdf(json.loads(write_jsonld(graph)), {"format": "application/n-quads"})
    )
    assert set(read) == set(graph)


def test_a_file_holds_only_the_part_of_the_context_that_it_needs() -> None:
    graph = Graph()
    graph.add((ID["x/activity/a"], RDF.type, RT.Activity))
    written = json.loads(write_jsonld(graph))
    assert set(written["@context"]) == {*PREFIXES, "Activity"}
    assert written["@graph"] == [{"@id": "id:x/activity/a", "@type": "Activity"}]
