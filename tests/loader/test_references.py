"""What names lead to, and the side files of a publication."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rodtrad.loader import Origin, References, ntriples, pack_origins, unpack_origins
from rodtrad.loader.ntriples import statements
from rodtrad.ontology.names import ID, SCHEME


def test_names_are_compared_without_case_and_extra_space(references):
    for text in ("Provs län", " provs  LÄN ", "X1", "x1"):
        assert {entry.iri for _, entry in references.named(text)} == {ID["ref/region/x1"]}


def test_code_lists_are_always_known():
    concepts = References.from_ntriples().concepts(SCHEME["generic-activity"])
    assert [c.notation for c in concepts] == [str(n) for n in range(1, 12)]


def test_nearer_publications_come_before_others(read_sheets, sheets, write_folder, known):
    """An activity that several regions have is taken from the same publisher where it has one."""
    from rodtrad.loader import read

    label, kind = (
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    )
    others = "".join(
        f'<{ID}{who}/activity/x> <{label}> "Validering"@sv .\n<{ID}{who}/activity/x> <{kind}> '
        f"<https://w3id.org/rodtrad/ns/Activity> .\n"
        for who in ("prov", "annan")
    )
    sheets["5-effektkedja"][1][2] = "Validering"
    reading = read([write_folder(sheets)], References.from_ntriples(known, others.encode()))
    assert reading.ok
    assert ID["prov/activity/x"] in set(reading.graph.objects())


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(texts, st.sampled_from([None, "sv", "en-GB"])), max_size=5))
def test_ntriples_are_sorted_unique_and_read_back(values):
    graph, prop = Graph(), URIRef("http://example.org/p")
    for text, lang in values:
        graph.add((URIRef("http://example.org/s"), prop, Literal(text, lang=lang)))
    data = ntriples(graph)
    lines = data.decode().split("\n")[:-1]
    assert lines == sorted(set(lines))
    assert Graph().parse(data=data, format="nt").isomorphic(graph)
    assert {v for _, _, v in statements(data, frozenset({str(prop)}))} == set(graph.objects())


def test_origins_are_packed_and_read_back():
    origins = (
        Origin("i", "p", "f.xlsx", "Blad 1", "B7", 'text med "citat"\noch rad'),
        Origin("i", "p", "f", "s", "C1", ""),
    )
    packed = pack_origins(origins)
    assert unpack_origins(packed) == origins
    assert pack_origins(origins) == packed
    assert unpack_origins(b"") == ()
