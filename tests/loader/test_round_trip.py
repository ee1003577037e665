"""A publication that is exported and read again says the same."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rodtrad.loader import build_workbook, ntriples, read, write_csv_folder, write_workbook
from rodtrad.loader.references import References
from rodtrad.ontology.names import GRAPH, ID, RT
from rodtrad.ontology.problems import RodtradError

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def national() -> References:
    """All that the examples may refer to, read as often as they refer to each other."""
    sources = sorted({file.parent for file in EXAMPLES.rglob("*.csv")}) + sorted(EXAMPLES.rglob("*.ttl"))
    references = References.from_ntriples()
    for _ in range(3):
        references = References.from_ntriples(*(ntriples(read([path], references).graph) for path in sources))
    return references


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    "folder", ["bergslund", "evaluation/20-dalarna", "national/actors", "national/joint"]
)
def test_examples_come_back_from_a_workbook_and_from_csv(folder, lang, national, tmp_path):
    first = read([EXAMPLES / folder], national)
    assert first.ok, [(p.code, str(p.where)) for p in first.problems[:5]]
    assert write_workbook(first.graph, tmp_path / "bok.xlsx", lang, national) == ()
    assert ntriples(read([tmp_path / "bok.xlsx"], national).graph) == ntriples(first.graph)
    assert write_csv_folder(first.graph, tmp_path / "csv", lang, national) == ()
    assert ntriples(read([tmp_path / "csv"], national).graph) == ntriples(first.graph)


def test_a_workbook_built_from_csv_says_what_the_csv_says(national, tmp_path):
    build_workbook(EXAMPLES / "bergslund", tmp_path / "bok.xlsx")
    built = read([tmp_path / "bok.xlsx"], national)
    assert built.ok
    assert ntriples(built.graph) == ntriples(read([EXAMPLES / "bergslund"], national).graph)
    page = openpyxl.load_workbook(tmp_path / "bok.xlsx")["Aktiviteter"]
    assert page.data_validations.dataValidation


def test_a_built_workbook_keeps_faults_where_a_reader_finds_them(write_folder, sheets, references, tmp_path):
    sheets["4-aktiviteter"][0][2] = "Okänd rubrik"
    build_workbook(write_folder(sheets), tmp_path / "bok.xlsx")
    found = [p for p in read([tmp_path / "bok.xlsx"], references).problems if p.code == "unknown-heading"]
    assert len(found) == 1
    assert (
        openpyxl.load_workbook(tmp_path / "bok.xlsx")["Aktiviteter"][found[0].where.cell].value
        == "Okänd rubrik"
    )


def test_references_are_written_as_names_unless_two_have_the_same(read_sheets, sheets, references, tmp_path):
    sheets["4-aktiviteter"][2][0] = "Validera vårdkunnande"
    for row, text in zip(sheets["4-aktiviteter"], ("Id", "A1", "A2"), strict=True):
        row.append(text)
    sheets["5-effektkedja"][1][2] = "A2"
    reading = read_sheets(sheets)
    assert reading.ok
    write_csv_folder(reading.graph, tmp_path / "ut", "sv", references)
    outcome, output = (
        (tmp_path / "ut" / "5-effektkedja.csv").read_text(encoding="utf-8").splitlines()[1:][::-1]
    )
    assert output.startswith("Prestation,Genomförda valideringar,A2,")
    assert ",Genomförda valideringar,angiven," in outcome
    activities = (tmp_path / "ut" / "4-aktiviteter.csv").read_text(encoding="utf-8")
    assert ",Provets strategi," in activities
    assert activities.splitlines()[1].endswith(",A1")


def test_ids_are_left_out_where_the_name_gives_them(read_sheets, sheets, references, tmp_path):
    write_csv_folder(read_sheets(sheets).graph, tmp_path / "ut", "sv", references)
    for file in (tmp_path / "ut").glob("*.csv"):
        assert not file.read_text(encoding="utf-8").splitlines()[0].endswith(",Id")


def test_what_has_no_place_in_a_workbook_is_told(read_sheets, sheets, references, tmp_path):
    graph = read_sheets(sheets).graph
    graph.add((ID["prov/activity/validera-vardkunnande"], RT.unheardOf, Literal("x")))
    graph.add((ID["prov/thing/1"], RDF.type, RT.UnheardOf))
    (problem,) = write_workbook(graph, tmp_path / "bok.xlsx", "sv", references)
    assert (problem.code, problem.severity) == ("not-in-workbook", "warning")
    assert problem.message("en").startswith("2 statements about 2 resources")


def test_a_graph_without_publication_is_not_exported(tmp_path):
    with pytest.raises(RodtradError) as caught:
        write_workbook(Graph(), tmp_path / "bok.xlsx")
    assert [p.code for p in caught.value.problems] == ["rdf-no-publication"]


texts = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]) | st.sampled_from(' ;|",\n='), min_size=1
)
names = texts.map(lambda text: unicodedata.normalize("NFC", " ".join(text.split()))).filter(bool)
# Names that look like other rows' identifiers, or like several names in one cell.
names = names | st.sampled_from(
    ["a0", "A1", "u", "x", "a1; a2", '"', '"a"; b', "prov", "Ja", "1.0", "Region Prov"]
)


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    labels=st.lists(names, min_size=1, max_size=6, unique_by=str.casefold),
    others=st.lists(names, max_size=3, unique=True),
    assumptions=st.tuples(names, names),
    lang=st.sampled_from(["sv", "en"]),
)
def test_any_names_and_texts_come_back(labels, others, assumptions, lang, references):
    """Names with separators, quotation marks and formula signs, referred to from several rows."""
    graph = Graph()
    publication = GRAPH["prov/slump"]
    put = lambda s, p, *os: [graph.add((s, p, o)) for o in os]  # noqa: E731
    put(publication, RDF.type, RT.Publication, URIRef("http://www.w3.org/ns/prov#Activity"))
    put(publication, RDFS.label, Literal("Slump", lang="sv"))
    put(publication, RT.publisher, ID["ref/actor/region-prov"])
    put(publication, URIRef("http://purl.org/dc/terms/identifier"), Literal("slump"))
    activities = [ID[f"prov/activity/a{i}"] for i in range(len(labels))]
    effect = ID["prov/outcome/u"]
    nodes = [*activities, effect]
    for i, activity in enumerate(activities):
        put(activity, RDF.type, RT.Activity)
        put(activity, RDFS.label, Literal(labels[i], lang="sv"))
        put(activity, RT.note, Literal(labels[-1]))
        link = ID[f"prov/link/u-a{i}"]
        nodes.append(link)
        put(link, RDF.type, RT.CausalLink)
        put(link, RT.cause, activity)
        put(link, RT.effect, effect)
        put(
            link,
            RT.assumption,
            Literal(assumptions[i % 2].replace("|", "")) if assumptions[i % 2].strip("|") else Literal("x"),
        )
    put(effect, RDF.type, RT.Outcome)
    put(effect, RDFS.label, Literal("u", lang="sv"))
    actor = ID["prov/actor/x"]
    nodes.append(actor)
    put(actor, RDF.type, RT.Actor)
    put(actor, RDFS.label, Literal("x", lang="sv"), Literal(labels[0], lang="en"))
    put(
        actor,
        URIRef("http://www.w3.org/2004/02/skos/core#altLabel"),
        *(Literal(o, lang="sv") for o in others),
    )
    for node in nodes:
        put(node, RT.inPublication, publication)
    with tempfile.TemporaryDirectory() as folder:
        book, sheets = Path(folder) / "bok.xlsx", Path(folder) / "csv"
        assert write_workbook(graph, book, lang, references) == ()
        assert ntriples(read([book], references).graph) == ntriples(graph)
        write_csv_folder(graph, sheets, lang, references)
        assert ntriples(read([sheets], references).graph) == ntriples(graph)
