"""A cell holds one value unless the column says how several are told apart."""

from __future__ import annotations

from pathlib import Path

import rodtrad.ontology
from rdflib import RDF, Graph, Literal
from rdflib.namespace import SH
from rdflib.term import Node
from rodtrad.ontology.names import FORM, RT

ROOT = Path(rodtrad.ontology.__file__).parents[1]


def columns() -> tuple[Graph, list[Node]]:
    graph = Graph()
    for path in sorted((ROOT / "shapes" / "forms").glob("*.ttl")):
        graph.parse(path)
    found = {column for form in graph.subjects(SH.targetClass) for column in graph.objects(form, SH.property)}
    return graph, sorted(found, key=str)


def test_a_column_without_a_separator_holds_one_value() -> None:
    graph, found = columns()
    assert len(found) > 250
    several = (FORM.separator, FORM.fold, FORM.foldEach)
    for column in found:
        if any((column, path, None) in graph for path in several):
            continue
        one_per_language = (column, SH.datatype, RDF.langString) in graph and (
            column,
            SH.uniqueLang,
            Literal(True),
        ) in graph
        assert one_per_language or (column, SH.maxCount, Literal(1)) in graph, column


def test_a_statement_has_one_basis() -> None:
    graph, _ = columns()
    found = list(graph.subjects(SH.path, RT.basis))
    assert len(found) >= 6
    for column in found:
        assert (column, SH.maxCount, Literal(1)) in graph, column


def test_the_workbook_has_at_most_nine_sheets() -> None:
    graph, _ = columns()
    assert len(set(graph.subjects(RDF.type, FORM.Sheet))) == 9
