"""Every publication that ships says the same after Turtle, JSON-LD, CSV sheets and a workbook.

None has blank nodes (RDF with such is refused), so its sorted N-Triples are its canonical form, and equal
hashes of them mean equal graphs.
"""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from pyld import jsonld
from rdflib import BNode, Graph
from rodtrad import examples
from rodtrad.loader import (
    References,
    ntriples,
    our_context,
    read,
    write_csv_folder,
    write_jsonld,
    write_workbook,
)
from rodtrad.ontology.context import CONTEXT_IRI

# What has no sheet, and why. Everything else of these comes back too.
NOT_IN_A_WORKBOOK = {
    "ref/ramverk": "Contradictions, evaluation questions, recommendations and the like: only in Turtle",
    "ref/scb-tab6471": "The code lists of a statistical table, made from the table itself",
}
PUBLICATIONS = examples.publications()
SAMPLE = ("20-dalarna", "bergslund", "joint", "frameworks", "03-rus-uppsala")
EACH = [
    pytest.param(number, id=path.name, marks=() if path.name in SAMPLE else pytest.mark.deep)
    for number, path in enumerate(PUBLICATIONS)
]


def canonical(graph: Graph) -> str:
    assert not any(isinstance(node, BNode) for triple in graph for node in triple)
    return sha256(ntriples(graph)).hexdigest()


@pytest.fixture(scope="module")
def known(shipped) -> References:
    return References.from_ntriples(shipped.context[0], *(ntriples(g) for g in shipped.graphs.values()))


@pytest.fixture(params=EACH)
def publication(request, shipped) -> tuple[str, Graph]:
    return list(shipped.graphs.items())[request.param]


def test_every_publication_is_here(shipped) -> None:
    assert len(shipped.graphs) == len(PUBLICATIONS) >= 49
    assert len([name for name in shipped.graphs if name.startswith("rodtrad/utvardering-2021-")]) == 21
    assert set(NOT_IN_A_WORKBOOK) < set(shipped.graphs)


def test_rdf_comes_back(publication, tmp_path) -> None:
    name, graph = publication
    graph.serialize(tmp_path / "p.ttl", format="turtle")
    (tmp_path / "p.jsonld").write_bytes(write_jsonld(graph))
    for file in ("p.ttl", "p.jsonld"):
        back = read([tmp_path / file], References.from_ntriples())
        assert back.ok, (name, file, back.problems[:2])
        assert canonical(back.graph) == canonical(graph), (name, file)


def test_csv_sheets_come_back(publication, known, tmp_path) -> None:
    name, graph = publication
    problems = write_csv_folder(graph, tmp_path / "csv", "sv", known)
    same(name, graph, problems, read([tmp_path / "csv"], known).graph)


def test_a_workbook_comes_back(publication, known, tmp_path) -> None:
    name, graph = publication
    problems = write_workbook(graph, tmp_path / "bok.xlsx", "sv", known)
    same(name, graph, problems, read([tmp_path / "bok.xlsx"], known).graph)


def same(name, graph, problems, back) -> None:
    """Equal, or told to be less; and what comes back is never anything else than what was there."""
    if name not in NOT_IN_A_WORKBOOK:
        assert problems == ()
        assert canonical(back) == canonical(graph), name
        return
    (problem,) = problems
    assert problem.code == "not-in-workbook"
    assert set(back) < set(graph)
    assert len(graph) - len(back) == problem.values["count"]


def test_a_processor_of_others_agrees_on_the_canonical_form(shipped) -> None:
    """RDFC-1.0 (there under its older name) of our JSON-LD by PyLD is our sorted N-Triples."""
    graph = shipped.graphs["bergslund/exempel-2025"]
    options = {"algorithm": "URDNA2015", "format": "application/n-quads"}
    assert jsonld.normalize(json.loads(write_jsonld(graph)), options).encode() == ntriples(graph)


def test_a_reference_to_our_context_is_resolved_without_a_network(shipped, tmp_path) -> None:
    graph = shipped.graphs["bergslund/exempel-2025"]
    document = json.loads(write_jsonld(graph))
    for context in (CONTEXT_IRI, [CONTEXT_IRI], [CONTEXT_IRI, {"x": "https://example.org/x"}]):
        file = tmp_path / "p.jsonld"
        file.write_text(json.dumps({**document, "@context": context}), "utf-8")
        back = read([file], References.from_ntriples())
        assert back.ok
        assert canonical(back.graph) == canonical(graph)
    assert set(document["@context"]) < set(our_context()["@context"])


def test_any_other_context_is_refused_with_a_reason_even_beside_ours(tmp_path) -> None:
    file = tmp_path / "p.jsonld"
    file.write_text(json.dumps({"@context": [CONTEXT_IRI, "https://schema.org/"], "@id": "x"}), "utf-8")
    (problem,) = read([file], References.from_ntriples()).problems
    assert problem.code == "rdf-remote-context"
    assert "https://schema.org/" in problem.message("en")
    assert CONTEXT_IRI in problem.hint("sv")
