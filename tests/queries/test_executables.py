"""The catalogue as SHACL SPARQL executables: what is published is what is asked."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import SH
from rodtrad.queries.catalogue import catalogue, find
from rodtrad.queries.executables import executable_iri, serialize, turtle
from rodtrad.queries.parameters import JSON


@pytest.fixture(scope="module")
def published() -> Graph:
    return Graph().parse(data=turtle(catalogue().values()), format="turtle")


def test_every_question_is_there_with_words_and_version(published: Graph) -> None:
    assert set(published.subjects(RDF.type, SH.SPARQLSelectExecutable)) == {
        URIRef(executable_iri(one)) for one in catalogue()
    }
    for query in catalogue().values():
        me = URIRef(executable_iri(query.id))
        assert Literal(query.title["sv"], "sv") in set(published.objects(me, RDFS.label))
        assert Literal(query.title["en"], "en") in set(published.objects(me, RDFS.label))
        assert str(published.value(me, OWL.versionInfo)) == str(query.version)


def test_select_with_its_declared_prefixes_gives_the_rows_of_the_file(published: Graph, engine) -> None:
    """A client that knows SHACL alone: PREFIX lines from sh:declare, then sh:select as it stands."""
    for query in list(catalogue().values())[::6]:
        me = URIRef(executable_iri(query.id))
        declared = "".join(
            f"PREFIX {published.value(one, SH.prefix)}: <{published.value(one, SH.namespace)}>\n"
            for one in published.objects(published.value(me, SH.prefixes), SH.declare)
        )
        text = declared + str(published.value(me, SH.select))
        assert "#+ id" not in text and text.count("PREFIX") == query.text.count("PREFIX")
        told, file = (json.loads(engine.query(one, JSON)) for one in (text, query.text))
        assert told == file


def test_parameters_say_what_they_take(published: Graph) -> None:
    lessons = find("cq32-lessons-on-focus-area")
    found = list(published.objects(URIRef(executable_iri(lessons.id)), SH.parameter))
    assert len(found) == len(lessons.parameters) == 1
    assert str(published.value(found[0], SH.path)).endswith("/area")
    assert published.value(found[0], SH.optional) == Literal(False)
    month = find("cq26-cycle-steps-in-month")
    one = next(
        node
        for node in published.objects(URIRef(executable_iri(month.id)), SH.parameter)
        if str(published.value(node, SH.path)).endswith("/month")
    )
    assert str(published.value(one, SH.datatype)).endswith("#integer")


def test_json_ld_says_the_same() -> None:
    one = [find("cq08-documents-under-the-strategy")]
    as_json = {quad.triple for quad in ox.parse(serialize(one, ox.RdfFormat.JSON_LD), ox.RdfFormat.JSON_LD)}
    as_turtle = {quad.triple for quad in ox.parse(turtle(one), ox.RdfFormat.TURTLE)}
    assert as_json == as_turtle
