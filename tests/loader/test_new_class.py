"""A class that is declared in Turtle only is in the template, the reader and the export."""

from __future__ import annotations

import openpyxl
import pytest
from rdflib import RDF, RDFS, Literal
from rodtrad.loader import read, write_csv_folder, write_template
from rodtrad.ontology.names import ID, RT
from rodtrad.shapes.form import load_forms

DECLARED = """
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix rts: <https://w3id.org/rodtrad/shape/> .
@prefix form: <https://w3id.org/rodtrad/form/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

rt:StudyVisit rdfs:label "Studiebesök"@sv , "Study visit"@en ;
    rdfs:subClassOf rt:ChainElement .

rts:StudyVisit a sh:NodeShape ;
    sh:targetClass rt:StudyVisit ;
    form:sheet form:learning ;
    form:kind "study-visit" ;
    form:key ( rts:StudyVisit-label ) ;
    sh:order 99 ;
    sh:property rts:StudyVisit-label , rts:StudyVisit-day , rts:StudyVisit-host .

rts:StudyVisit-label sh:path rdfs:label ;
    sh:name "Text"@sv , "Text"@en ; sh:datatype rdf:langString ; sh:minCount 1 ; sh:order 10 .
rts:StudyVisit-day sh:path rt:day ;
    sh:name "Besöksdag"@sv , "Day of visit"@en ;
    sh:description "Dagen för besöket."@sv , "The day of the visit."@en ;
    sh:datatype xsd:date ; sh:minCount 1 ; sh:maxCount 1 ; sh:order 20 .
rts:StudyVisit-host sh:path rt:host ;
    sh:name "Värd"@sv , "Host"@en ; sh:class rt:Party ; sh:maxCount 1 ; sh:order 30 .
"""


@pytest.fixture
def forms(tmp_path):
    folder = tmp_path / "more-forms"
    folder.mkdir()
    (folder / "study-visit.ttl").write_text(DECLARED, encoding="utf-8")
    return load_forms(extra=[folder])


def test_it_is_in_the_template(forms, tmp_path):
    write_template(tmp_path / "mall.xlsx", "sv", forms)
    page = openpyxl.load_workbook(tmp_path / "mall.xlsx")["Lärande"]
    day = next(page.cell(1, j) for j in range(1, page.max_column + 1) if page.cell(1, j).value == "Besöksdag")
    assert "Dagen för besöket." in day.comment.text
    assert "Studiebesök" in day.comment.text


def test_it_is_read_and_may_be_referred_to_as_what_it_is_a_kind_of(forms, write_folder, sheets, references):
    sheets["8-larande"] = [
        ["Slag", "Text", "Besöksdag", "Värd", "Lärt av"],
        ["Studiebesök", "Till lärcentrum", "2025-05-31", "Region Prov", ""],
        ["Lärdom", "Närhet avgör", "", "", "Till lärcentrum"],
    ]
    reading = read([write_folder(sheets)], references, forms=forms)
    assert reading.ok, [(p.code, str(p.where)) for p in reading.problems]
    visit = ID["prov/study-visit/till-larcentrum"]
    assert reading.graph.value(visit, RDF.type) == RT.StudyVisit
    assert reading.graph.value(visit, RT.host) == ID["ref/actor/region-prov"]
    assert str(reading.graph.value(visit, RT.day)) == "2025-05-31"
    assert reading.graph.value(ID["prov/lesson/narhet-avgor"], RT.learntFrom) == visit


def test_its_faults_are_found(forms, write_folder, sheets, references):
    sheets["8-larande"] = [
        ["Slag", "Text", "Besöksdag"],
        ["Study visit", "Ett", "31/5"],
        ["Studiebesök", "Två", ""],
    ]
    problems = read([write_folder(sheets)], references, forms=forms).problems
    assert [(p.code, p.where.cell) for p in problems] == [("bad-date", "C2"), ("missing-cell", "C3")]


def test_it_is_exported(forms, write_folder, sheets, references, tmp_path):
    sheets["8-larande"] = [["Slag", "Text", "Besöksdag"], ["Studiebesök", "Till lärcentrum", "2025-05-31"]]
    reading = read([write_folder(sheets)], references, forms=forms)
    assert write_csv_folder(reading.graph, tmp_path / "ut", "en", references, forms) == ()
    assert (tmp_path / "ut" / "8-learning.csv").read_text(encoding="utf-8") == (
        "Kind,Text,Day of visit\nStudy visit,Till lärcentrum,2025-05-31\n"
    )
    again = read([tmp_path / "ut"], references, forms=forms)
    assert (
        ID["prov/study-visit/till-larcentrum"],
        RDFS.label,
        Literal("Till lärcentrum", lang="sv"),
    ) in again.graph


def test_without_the_declaration_it_is_unknown(write_folder, sheets, references):
    sheets["8-larande"] = [["Slag", "Text"], ["Studiebesök", "Till lärcentrum"]]
    assert [p.code for p in read([write_folder(sheets)], references).problems] == ["unknown-class-word"]
