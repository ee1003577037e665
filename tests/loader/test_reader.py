"""What the rows of a publication without faults become."""

from __future__ import annotations

from decimal import Decimal

import pytest
from rdflib import RDF, RDFS, Literal, Namespace, URIRef
from rodtrad.loader import References, ntriples, read
from rodtrad.ontology.names import ID, RT, SCHEME

GRAPH = URIRef("https://w3id.org/rodtrad/graph/prov/prov-2025")
REGION = ID["ref/region/x1"]
ACTIVITY = ID["prov/activity/validera-vardkunnande"]
OUTPUT = ID["prov/output/genomforda-valideringar"]
OUTCOME = ID["prov/outcome/utfardade-intyg"]
PROV = Namespace("http://www.w3.org/ns/prov#")


def test_a_publication_without_faults_is_read(read_sheets, sheets):
    reading = read_sheets(sheets)
    assert reading.problems == ()
    assert reading.ok
    assert (reading.graph_iri, reading.publisher, reading.dataset) == (GRAPH, "prov", "prov-2025")
    assert reading.subject == REGION


def test_a_row_tells_its_class_name_publication_and_region(read_sheets, sheets):
    graph = read_sheets(sheets).graph
    assert set(graph.objects(ACTIVITY, RDF.type)) == {RT.Activity}
    assert graph.value(ACTIVITY, RDFS.label) == Literal("Validera vårdkunnande", lang="sv")
    assert graph.value(ACTIVITY, RT.inPublication) == GRAPH
    assert graph.value(ACTIVITY, RT.about) == REGION
    assert graph.value(ACTIVITY, RT.status) == SCHEME["activity-status/carried-out"]
    assert graph.value(ACTIVITY, RT.periodStart) == Literal(2019)
    assert graph.value(ACTIVITY, RT.governedBy) == ID["prov/document/provets-strategi"]


def test_the_publication_is_described_in_its_own_graph(read_sheets, sheets):
    graph = read_sheets(sheets).graph
    assert set(graph.objects(GRAPH, RDF.type)) == {RT.Publication, PROV.Activity}
    assert graph.value(GRAPH, RT.publisher) == ID["ref/actor/region-prov"]
    assert graph.value(GRAPH, RT.subject) == REGION
    assert graph.value(GRAPH, RT.constructed) == Literal(True)


def test_a_numbered_group_becomes_a_node_of_its_own(read_sheets, sheets):
    graph = read_sheets(sheets).graph
    node = ID["prov/participation/validera-vardkunnande-1"]
    assert list(graph.objects(ACTIVITY, RT.participation)) == [node]
    assert graph.value(node, RT.actor) == ID["ref/actor/region-prov"]
    assert graph.value(node, RT.role) == SCHEME["participation-role/runs"]
    assert graph.value(node, RT.inPublication) == GRAPH
    assert graph.value(node, RDFS.label) is None


def test_numbered_columns_may_go_beyond_the_template(read_sheets, sheets):
    for row, more in zip(
        sheets["4-aktiviteter"], (["Aktör 9", "Roll 9"], ["Utan id", "deltar"], ["", ""]), strict=True
    ):
        row.extend(more)
    reading = read_sheets(sheets)
    assert reading.ok
    assert (
        reading.graph.value(ID["prov/participation/validera-vardkunnande-9"], RT.actor)
        == ID["ref/actor/utan-id"]
    )


def test_a_link_column_becomes_one_node_per_cause(read_sheets, sheets):
    graph = read_sheets(sheets).graph
    link = ID["prov/link/utfardade-intyg-genomforda-valideringar"]
    assert graph.value(link, RT.cause) == OUTPUT
    assert graph.value(link, RT.effect) == OUTCOME
    assert graph.value(link, RT.basis) == SCHEME["basis/stated"]


def test_several_causes_share_one_basis_or_have_one_each(read_sheets, sheets):
    chain = sheets["5-effektkedja"]
    chain[2][4] = "Genomförda valideringar; Validera vårdkunnande"
    first, second = (
        ID[f"prov/link/utfardade-intyg-{cause}"]
        for cause in ("genomforda-valideringar", "validera-vardkunnande")
    )
    shared = read_sheets(sheets).graph
    assert shared.value(first, RT.basis) == shared.value(second, RT.basis) == SCHEME["basis/stated"]
    chain[2][5] = "angiven; tolkad"
    each = read_sheets(sheets).graph
    assert each.value(first, RT.basis) == SCHEME["basis/stated"]
    assert each.value(second, RT.basis) == SCHEME["basis/interpreted"]


def test_nested_nodes_of_rows_with_the_same_id_are_kept_apart(read_sheets, sheets):
    sheets["5-effektkedja"] = [
        ["Led", "Text", "Tillstånd", "Följer av", "Id"],
        ["Utfall", "Ett", "uppnådd", "Validera vårdkunnande", "1"],
        ["Kortsiktig effekt", "Två", "uppnådd", "Validera vårdkunnande", "1"],
    ]
    graph = read_sheets(sheets).graph
    links = set(graph.subjects(RDF.type, RT.CausalLink))
    assert len(links) == 2
    assert {graph.value(link, RT.effect) for link in links} == {
        ID["prov/outcome/1"],
        ID["prov/short-term-effect/1"],
    }


def test_the_same_column_name_means_what_the_class_says(read_sheets, sheets):
    graph = read_sheets(sheets).graph
    objective = ID["prov/objective/fler-far-intyg"]
    assert graph.value(objective, RT.under) == ID["prov/document/provets-strategi"]


def test_id_prefix_and_id_give_the_identifier(read_sheets, sheets):
    sheets["1-publicering"][0].append("Id-förled")
    sheets["1-publicering"][1].append("x1")
    for row, text in zip(sheets["4-aktiviteter"], ("Id", "A1", ""), strict=True):
        row.append(text)
    sheets["5-effektkedja"][1][2] = "a1"
    graph = read_sheets(sheets).graph
    assert (ID["prov/activity/x1-A1"], RDF.type, RT.Activity) in graph
    assert (ID["prov/activity/x1-kartlagga-behov"], RDF.type, RT.Activity) in graph
    assert (
        graph.value(ID["prov/output/x1-genomforda-valideringar"], RT.producedBy) == ID["prov/activity/x1-A1"]
    )


def test_a_class_without_name_is_named_by_its_key(read_sheets, sheets):
    sheets["7-indikatorer"] = [
        ["Slag", "Benämning", "Indikator", "År", "Värde", "Id"],
        ["Indikator", "Andel med intyg", "", "", "", "I1"],
        ["Nollmätning", "", "i1", "2018", "10.50", ""],
    ]
    reading = read_sheets(sheets)
    assert reading.ok, reading.problems
    baseline = ID["prov/baseline/i1-2018"]
    assert reading.graph.value(baseline, RDFS.label) == Literal("Andel med intyg · 2018", lang="sv")
    value = reading.graph.value(baseline, RT.value)
    assert (str(value), value.toPython()) == ("10.5", Decimal("10.5"))


def test_texts_have_the_language_of_the_publication_and_twins_their_own(read_sheets, sheets):
    sheets["1-publicering"][0].append("Språk")
    sheets["1-publicering"][1].append("fi")
    for row, text in zip(
        sheets["4-aktiviteter"], ("Aktivitet (en)", "Validate care skills", ""), strict=True
    ):
        row.append(text)
    graph = read_sheets(sheets).graph
    assert set(graph.objects(ACTIVITY, RDFS.label)) == {
        Literal("Validera vårdkunnande", lang="fi"),
        Literal("Validate care skills", lang="en"),
    }


def test_interpreted_fields_are_properties(read_sheets, sheets):
    sheets["1-publicering"][0].append("Tolkade fält")
    sheets["1-publicering"][1].append("Status; focus area")
    graph = read_sheets(sheets).graph
    assert set(graph.objects(GRAPH, RT.interpretedProperty)) == {RT.status, RT.focusArea}


def test_english_sheets_are_read_as_swedish_ones(read_sheets, sheets):
    english = {
        "publication": [
            ["Title", "Publisher", "Dataset", "Completeness"],
            ["Test 2025", "region  PROV", "prov-2025", "Sample"],
        ],
        "activities": [["Activity", "Status", "From year"], ["Validate", "carried out", "2019"]],
    }
    reading = read_sheets(english)
    assert reading.ok, reading.problems
    assert (
        reading.graph.value(ID["prov/activity/validate"], RT.status) == SCHEME["activity-status/carried-out"]
    )


def test_the_publisher_may_be_an_actor_of_the_workbook(read_sheets, sheets):
    sheets["1-publicering"][1][1] = "Region Ny"
    sheets["9-aktorer"] = [
        ["Slag", "Namn", "Aktörsslag", "Utgivar-id"],
        ["Aktör", "Region Ny", "region", "ny"],
    ]
    reading = read_sheets(sheets)
    assert reading.ok, reading.problems
    assert reading.graph_iri == URIRef("https://w3id.org/rodtrad/graph/ny/prov-2025")
    assert reading.graph.value(reading.graph_iri, RT.publisher) == ID["ny/actor/region-ny"]


def test_names_with_the_separator_in_them_are_found(read_sheets, sheets):
    sheets["4-aktiviteter"][2][0] = "Kartlägga behov; etapp 1"
    sheets["5-effektkedja"][1][2] = "Kartlägga behov; etapp 1; Validera vårdkunnande"
    graph = read_sheets(sheets).graph
    assert set(graph.objects(OUTPUT, RT.producedBy)) == {
        ACTIVITY,
        ID["prov/activity/kartlagga-behov-etapp-1"],
    }


def test_formula_like_text_stays_text(read_sheets, sheets):
    sheets["4-aktiviteter"][2][0] = '=HYPERLINK("http://example.org")'
    reading = read_sheets(sheets)
    assert reading.ok
    assert Literal('=HYPERLINK("http://example.org")', lang="sv") in set(
        reading.graph.objects(None, RDFS.label)
    )


@pytest.mark.parametrize("sheet", ["1-publicering", "4-aktiviteter", "5-effektkedja"])
def test_every_statement_leads_back_to_a_cell_with_its_text(read_sheets, sheets, sheet):
    reading = read_sheets(sheets)
    told = {(o.iri, o.path) for o in reading.origins}
    assert {(str(s), str(p)) for s, p, _ in reading.graph} <= told
    for origin in reading.origins:
        if origin.file == f"prov/{sheet}.csv":
            column, row = ord(origin.cell[0]) - 65, int(origin.cell[1:]) - 1
            assert sheets[sheet][row][column] == origin.text


def test_an_empty_cell_is_known_as_the_place_to_fill_in(read_sheets, sheets):
    origins = read_sheets(sheets).origins
    empty = [o for o in origins if o.path == str(RT.governedBy) and not o.text]
    assert [(o.iri, o.sheet, o.cell) for o in empty] == [
        (str(ID["prov/activity/kartlagga-behov"]), "aktiviteter", "D3")
    ]


def test_what_the_older_version_said_is_not_referred_to(write_folder, sheets, known):
    """A row that is taken away is not found again through the version that is being replaced."""
    before = read([write_folder(sheets)], References.from_ntriples(known))
    assert before.ok
    sheets["4-aktiviteter"][1][0] = "Något helt annat"
    after = read([write_folder(sheets)], References.from_ntriples(known, ntriples(before.graph)))
    assert [(p.code, p.where.cell) for p in after.problems] == [("unknown-reference", "C2")]
