"""Publications written in RDF."""

from __future__ import annotations

import json

import pytest
from rdflib import RDF, Literal, URIRef
from rodtrad.loader import ntriples, read
from rodtrad.ontology.names import ID, RT

IRI = "https://w3id.org/rodtrad/graph/prov/rdf"
PREFIXES = """@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix id: <https://w3id.org/rodtrad/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HEAD = f"<{IRI}> a rt:Publication ; rt:subject <https://w3id.org/rodtrad/id/ref/region/x1> .\n"
BODY = '<https://w3id.org/rodtrad/id/prov/activity/a> a rt:Activity ; rdfs:label "A"@sv ; rt:value 010.50 .\n'
RDF_XML = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rt="https://w3id.org/rodtrad/ns/">
<rt:Publication rdf:about="{IRI}"/></rdf:RDF>"""


@pytest.fixture
def read_text(tmp_path, references):
    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read([path], references)

    return write


def only(reading):
    assert not reading.ok
    assert len(reading.problems) == 1, reading.problems
    problem = reading.problems[0]
    assert problem.message("sv") and problem.message("en") and problem.hint("sv") and problem.hint("en")
    return problem


def test_a_publication_is_read_and_its_resources_get_publication_and_region(read_text):
    reading = read_text("p.ttl", PREFIXES + HEAD + BODY)
    assert reading.ok
    assert (reading.graph_iri, reading.publisher, reading.dataset) == (URIRef(IRI), "prov", "rdf")
    activity = ID["prov/activity/a"]
    assert reading.graph.value(activity, RT.inPublication) == URIRef(IRI)
    assert reading.graph.value(activity, RT.about) == reading.subject == ID["ref/region/x1"]
    assert reading.graph.value(URIRef(IRI), RT.inPublication) is None
    assert b'"10.5"^^<http://www.w3.org/2001/XMLSchema#decimal>' in ntriples(reading.graph)


@pytest.mark.parametrize("kind", ["nt", "trig", "nq", "jsonld", "rdf"])
def test_every_syntax_gives_the_same_publication(read_text, kind):
    first = read_text("p.ttl", PREFIXES + HEAD + BODY)
    if kind == "trig":
        text = f"{PREFIXES}<{IRI}> {{ {HEAD} {BODY} }}"
    elif kind == "nq":
        text = "".join(line[:-2] + f"<{IRI}> .\n" for line in ntriples(first.graph).decode().splitlines())
    else:
        formats = {"jsonld": "json-ld", "rdf": "xml", "nt": "nt"}
        text = first.graph.serialize(format=formats[kind])
    again = read_text(f"p.{kind}", text)
    assert again.ok, again.problems
    assert ntriples(again.graph) == ntriples(first.graph)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("p.ttl", PREFIXES + HEAD + 'id:a rt:value "x" rt:b .\n', 6),
        ("p.nt", f"<{IRI}> <{RDF.type}> <{RT.Publication}> .\n# remark\n<{IRI}> oops .\n", 3),
        ("p.trig", PREFIXES + "<a> {\n <b> <c> ;; ] .\n}", 6),
        ("p.jsonld", '{\n"@id": "x",,\n}', 2),
        ("p.rdf", '<rdf:RDF xmlns:rdf="urn:x">\n<a></b></rdf:RDF>', 2),
    ],
)
def test_a_syntax_error_is_told_with_its_line(read_text, name, text, line):
    problem = only(read_text(name, text))
    assert (problem.code, problem.where.file) == ("rdf-syntax", name)
    assert f"rad {line}:" in problem.message("sv")
    assert f"line {line}:" in problem.message("en")


def test_deep_nesting_is_told_and_not_a_crash(read_text):
    assert only(read_text("p.ttl", PREFIXES + "id:a rt:b " + "(" * 50_000)).code == "rdf-syntax"
    assert only(read_text("p.jsonld", "[" * 200_000)).code == "rdf-syntax"


@pytest.mark.parametrize(
    "word", ["<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!doctype a>", "<!ENTITY b SYSTEM 'file:///etc/passwd'>"]
)
def test_entities_are_refused(read_text, word):
    assert only(read_text("p.rdf", word + RDF_XML)).code == "rdf-doctype"
    assert only(read_text("p.rdf", (word + RDF_XML).encode("utf-16"))).code == "rdf-not-utf8"


@pytest.mark.parametrize(
    "context",
    [
        "http://example.org/c.jsonld",
        ["https://example.org/c"],
        {"@import": "http://example.org/c"},
        "c.jsonld",
    ],
)
def test_a_context_that_would_be_fetched_is_refused(read_text, context):
    for document in ({"@context": context}, {"@graph": [{"x": {"@context": context}}]}):
        assert only(read_text("p.jsonld", json.dumps(document))).code == "rdf-remote-context"


def test_a_context_in_the_file_is_fine(read_text):
    document = {"@context": {"rt": str(RT)}, "@id": IRI, "@type": "rt:Publication"}
    assert read_text("p.jsonld", json.dumps(document)).ok


def test_blank_nodes_are_refused_with_the_property_that_leads_to_them(read_text):
    problem = only(read_text("p.ttl", PREFIXES + HEAD + BODY + "id:x rt:cause [ ] ."))
    assert problem.code == "rdf-blank-node"
    assert str(RT.cause) in problem.message("sv")


def test_there_is_exactly_one_publication_with_the_name_of_its_graph(read_text):
    assert only(read_text("p.ttl", PREFIXES + BODY)).code == "rdf-no-publication"
    assert (
        only(read_text("p.ttl", PREFIXES + HEAD + f"<{IRI}-2> a rt:Publication .")).code
        == "rdf-several-publications"
    )
    assert only(read_text("p.ttl", PREFIXES + "id:x a rt:Publication .")).code == "rdf-publication-name"


def test_statements_in_another_graph_are_refused(read_text):
    text = f"{PREFIXES}<{IRI}> {{ {HEAD} }} <{IRI}-2> {{ {BODY} }}"
    problem = only(read_text("p.trig", text))
    assert problem.code == "rdf-other-graph"
    assert f"{IRI}-2" in problem.message("en")


def test_rdf_is_read_by_itself(tmp_path, references):
    (tmp_path / "a.ttl").write_text(PREFIXES + HEAD, encoding="utf-8")
    (tmp_path / "b.ttl").write_text(PREFIXES + HEAD, encoding="utf-8")
    reading = read([tmp_path / "a.ttl", tmp_path / "b.ttl"], references)
    assert not reading.ok
    assert {p.code for p in reading.problems} == {"rdf-with-other-files"}


def test_plain_text_has_one_form(read_text):
    text = PREFIXES + HEAD + 'id:a rt:note "x"^^xsd:string ; rt:year "+2019"^^xsd:integer .'
    graph = read_text("p.ttl", text).graph
    assert graph.value(ID.a, RT.note) == Literal("x")
    assert str(graph.value(ID.a, RT.year)) == "2019"


def test_a_folder_of_rdf_files_is_one_publication(tmp_path, references):
    folder = tmp_path / "ramverk"
    folder.mkdir()
    (folder / "head.ttl").write_text(PREFIXES + HEAD, encoding="utf-8")
    (folder / "rest.ttl").write_text(PREFIXES + BODY, encoding="utf-8")
    whole = tmp_path / "whole.ttl"
    whole.write_text(PREFIXES + HEAD + BODY, encoding="utf-8")
    reading = read([folder], references)
    assert reading.ok
    assert ntriples(reading.graph) == ntriples(read([whole], references).graph)


@pytest.mark.parametrize(
    ("text", "code", "file"),
    [
        ("<x> <y>", "rdf-syntax", "ramverk/rest.ttl"),
        (HEAD.replace("/rdf>", "/another>"), "rdf-several-publications", "ramverk"),
    ],
)
def test_a_fault_in_a_folder_names_its_file(text, code, file, tmp_path, references):
    folder = tmp_path / "ramverk"
    folder.mkdir()
    (folder / "head.ttl").write_text(PREFIXES + HEAD, encoding="utf-8")
    (folder / "rest.ttl").write_text(PREFIXES + text, encoding="utf-8")
    problem = only(read([folder], references))
    assert (problem.code, problem.where.file) == (code, file)
