"""What our words correspond to elsewhere: enough of it, true to lists that were read, and without contradictions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import CSVW, DCAT, DCTERMS, ORG, PROV, QB, RDFS, SDO, SH, SKOS, TIME, DefinedNamespace
from rodtrad.ontology import label, vocabulary_graph
from rodtrad.ontology.mapping_checks import check_mappings, kind_of, stated_matches
from rodtrad.ontology.mappings import (
    Mapping,
    Vocabulary,
    mappings,
    read_table,
    read_terms,
    table_files,
    term_list_files,
    vocabularies,
)
from rodtrad.ontology.names import RT, SCHEME
from rodtrad.ontology.problems import Problem, RodtradError

FIFTEEN = {
    "cids", "iso21972", "iati", "stratml", "fibo", "ontopia", "sdg", "cccev", "cpov", "prov", "org", "qb", "xkos",
    "iadopt", "schema",
}  # fmt: skip
RESULT_TYPE = "https://iatistandard.org/en/iati-standard/203/codelists/resulttype/#"
CIDS = "https://ontology.commonapproach.org/cids#"
PUBLISHED: dict[str, type[DefinedNamespace]] = {
    "prov": PROV, "org": ORG, "qb": QB, "schema": SDO, "dcterms": DCTERMS, "skos": SKOS, "time": TIME, "csvw": CSVW,
    "shacl": SH, "dcat": DCAT,
}  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> Graph:
    return vocabulary_graph()


def found() -> list[Mapping]:
    return [row for row in mappings() if row.target is not None]


def relations(subject: URIRef) -> set[tuple[str, str]]:
    return {(row.predicate.rpartition("#")[2], str(row.target)) for row in found() if row.subject == subject}


def test_there_are_enough_mappings_and_most_are_on_classes_and_properties(graph: Graph) -> None:
    kinds = Counter(kind_of(row.subject, graph) for row in found())
    assert sum(kinds.values()) >= 150
    assert kinds["class"] + kinds["property"] >= 100
    assert kinds["concept"] >= 50


def test_every_vocabulary_asked_for_is_mapped_to() -> None:
    assert {Path(row.file).name.removesuffix(".sssom.tsv") for row in found()} >= FIFTEEN


def test_the_tables_have_no_faults(graph: Graph) -> None:
    problems = check_mappings(mappings(), graph, vocabularies())
    assert [f"{one.where} {one.message('en')}" for one in problems] == []


def test_what_modules_match_directly_is_in_the_lists_too(graph: Graph) -> None:
    assert [str(one.where) for one in stated_matches(graph, vocabularies(), "")] == []


def test_a_table_says_what_sssom_asks_for() -> None:
    for path in table_files():
        about = read_table(path).metadata
        assert about["license"] == "https://creativecommons.org/publicdomain/zero/1.0/", path
        assert (
            about["mapping_set_id"]
            == f"https://w3id.org/rodtrad/mappings/{path.name.removesuffix('.sssom.tsv')}"
        )
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(about["mapping_date"]))
        assert re.fullmatch(r"\d+\.\d+\.\d+", about["mapping_set_version"])


def test_a_table_names_the_version_that_its_list_was_read_in() -> None:
    lists = {one.key: one for one in vocabularies()}
    for path in table_files():
        key = path.name.removesuffix(".sssom.tsv")
        if key in lists:
            about = read_table(path).metadata
            stated = (about["object_source"], about["object_source_version"])
            assert stated == (lists[key].iri, lists[key].version), path
            assert {row.target_source for row in read_table(path).rows} == {lists[key].iri}


def test_a_list_says_where_it_was_read() -> None:
    for one in vocabularies():
        assert re.search(r" at [0-9a-f]{40}|rdflib \d|Eurostat|public code", one.read_from), one.key
        assert one.version and one.date and one.licence and one.terms


@pytest.mark.parametrize("key", PUBLISHED)
def test_listed_terms_are_in_the_published_vocabulary(key: str) -> None:
    terms = next(one.terms for one in vocabularies() if one.key == key)
    assert [term.iri for term in terms if term.iri not in PUBLISHED[key]] == []


def test_labels_are_those_of_the_terms() -> None:
    names = {term.iri: term.label for one in vocabularies() for term in one.terms}
    for row in mappings():
        assert row.subject_label == label(str(row.subject), "en"), row.where
        assert row.target is None or row.target_label == names[row.target], row.where


def test_cardinality_counts_the_rows_of_the_table() -> None:
    for path in table_files():
        rows = [row for row in read_table(path).rows if row.target is not None]
        ours, theirs = Counter(row.target for row in rows), Counter(row.subject for row in rows)
        for row in rows:
            expected = f"{'n' if ours[row.target] > 1 else '1'}:{'n' if theirs[row.subject] > 1 else '1'}"
            assert row.cardinality == expected, row.where


def test_same_is_rare_and_sure() -> None:
    same = [row for row in found() if row.predicate == SKOS.exactMatch]
    assert same and min(row.confidence for row in same) >= 0.85
    related = [row.confidence for row in found() if row.predicate == SKOS.relatedMatch]
    assert sum(related) / len(related) < 0.6


def test_the_level_names_are_shifted_against_iati() -> None:
    assert relations(SCHEME["chain-level/output"]) >= {("closeMatch", RESULT_TYPE + "1")}
    assert relations(SCHEME["chain-level/outcome"]) >= {("relatedMatch", RESULT_TYPE + "2")}
    assert relations(SCHEME["chain-level/short-term-effect"]) >= {("closeMatch", RESULT_TYPE + "2")}
    assert relations(SCHEME["chain-level/long-term-effect"]) >= {("closeMatch", RESULT_TYPE + "3")}
    outcomes = {RT.Outcome, SCHEME["chain-level/outcome"]}
    to_iati = {
        row.predicate
        for row in found()
        if row.subject in outcomes and str(row.target).startswith(RESULT_TYPE)
    }
    assert to_iati == {SKOS.relatedMatch}


def test_every_effect_of_ours_lies_within_what_cids_calls_outcome() -> None:
    for ours in (RT.Outcome, RT.ShortTermEffect, RT.LongTermEffect):
        assert ("broadMatch", CIDS + "Outcome") in relations(ours)


def test_an_effect_is_never_a_goal() -> None:
    goals = re.compile(r"(goal|objective|aim)$", re.IGNORECASE)
    chain = {RT.Outcome, RT.ShortTermEffect, RT.LongTermEffect, RT.Output}
    assert not [row for row in found() if row.subject in chain and goals.search(str(row.target))]


def test_mappings_are_part_of_the_vocabulary_with_names(graph: Graph) -> None:
    activity = URIRef(CIDS + "Activity")
    assert (RT.Activity, SKOS.closeMatch, activity) in graph
    assert (activity, RDFS.isDefinedBy, URIRef(CIDS)) in graph
    assert label(CIDS, "sv") == "Common Impact Data Standard"
    assert (RT.Contradiction, None, URIRef("https://w3id.org/sssom/NoTermFound")) not in graph


def test_terms_without_a_match_are_said_outright() -> None:
    alone = {row.subject for row in mappings() if row.target is None}
    assert RT.Contradiction in alone
    assert not alone & {row.subject for row in found()}


# A faulty copy of a table or list: what is replaced by what, and the code and line or term that must be named.
LINE = (
    "rt:Activity\tActivity\tskos:closeMatch\tcids:Activity\tActivity\thttps://ontology.commonapproach.org/cids#\t"
    "semapv:ManualMappingCuration\t0.85\t1:1\trodtrad\t"
)
FAULTS = {
    "unknown subject": (("rt:Activity\t", "rt:Aktivitet\t"), "mapping-unknown-subject", "ns/Aktivitet"),
    "unknown object": (("cids:Activity\t", "cids:Aktivity\t"), "mapping-unknown-object", "cids#Aktivity"),
    "no relation": (("skos:closeMatch", "skos:related"), "mapping-predicate", "core#related"),
    "property relation": (("skos:closeMatch", "rdfs:subPropertyOf"), "mapping-predicate", "subPropertyOf"),
    "class to property": (("cids:Activity\t", "cids:forActivity\t"), "mapping-kinds", "cids#forActivity"),
    "property to class": (("rt:Activity\t", "rt:year\t"), "mapping-kinds", "cids#Activity"),
    "no justification": (("semapv:ManualMappingCuration", ""), "mapping-justification", "–"),
    "too sure": (("0.85", "1.2"), "mapping-confidence", "1.2"),
    "not sure at all": (("0.85", "0"), "mapping-confidence", "0.0"),
}


def written(folder: Path, *lines: str) -> list[Mapping]:
    head = next(path for path in table_files() if path.name == "cids.sssom.tsv").read_text(encoding="utf-8")
    header = [line for line in head.splitlines() if line.startswith("#")]
    columns = next(line for line in head.splitlines() if line.startswith("subject_id"))
    path = folder / "cids.sssom.tsv"
    path.write_text("\n".join([*header, columns, *lines]) + "\n", encoding="utf-8")
    table = read_table(path)
    if table.problems:
        raise RodtradError(list(table.problems))
    return list(table.rows)


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, [one.message("en") for one in problems]
    return problems[0]


def test_the_sound_line_has_no_fault(tmp_path: Path, graph: Graph) -> None:
    assert check_mappings(written(tmp_path, LINE), graph, vocabularies()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_line_is_named(fault: str, tmp_path: Path, graph: Graph) -> None:
    (good, bad), code, told = FAULTS[fault]
    assert LINE.count(good) == 1
    rows = written(tmp_path, LINE.replace(good, bad))
    problem = only(check_mappings(rows, graph, vocabularies()))
    assert problem.code == code
    assert problem.where.file == f"cids.sssom.tsv:{rows[0].line}"
    assert problem.where.iri == str(rows[0].subject)
    for lang in ("sv", "en"):
        assert told in problem.message(lang)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (LINE, "mapping-twice"),
        (LINE.replace("closeMatch", "exactMatch"), "mapping-conflict"),
        (LINE.replace("cids:Activity", "sssom:NoTermFound"), "mapping-conflict"),
    ],
)
def test_lines_that_do_not_agree(second: str, code: str, tmp_path: Path, graph: Graph) -> None:
    rows = written(tmp_path, LINE, second)
    problem = only(check_mappings(rows, graph, vocabularies()))
    assert problem.code == code
    assert f"cids.sssom.tsv:{rows[0].line}" in problem.message("en")


def test_one_term_is_not_the_same_as_two_of_one_vocabulary(tmp_path: Path, graph: Graph) -> None:
    exact = LINE.replace("closeMatch", "exactMatch")
    rows = written(tmp_path, exact, exact.replace("cids:Activity", "cids:Program"))
    assert only(check_mappings(rows, graph, vocabularies())).code == "mapping-conflict"


def test_two_terms_are_not_the_same_as_one(tmp_path: Path, graph: Graph) -> None:
    exact = LINE.replace("closeMatch", "exactMatch")
    rows = written(tmp_path, exact, exact.replace("rt:Activity", "rt:Intervention"))
    assert only(check_mappings(rows, graph, vocabularies())).code == "mapping-conflict"


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (LINE.replace("cids:Activity", "sdic:Activity"), "sdic:Activity"),
        (LINE.replace("0.85", "high"), "high"),
        (LINE.rpartition("\t")[0], "10"),
    ],
)
def test_a_line_that_is_no_sssom_is_named(bad: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(RodtradError) as caught:
        written(tmp_path, LINE, bad)
    problem = only(caught.value.problems)
    lines = (tmp_path / "cids.sssom.tsv").read_text(encoding="utf-8").splitlines()
    assert (problem.code, problem.where.file) == ("mapping-table", f"cids.sssom.tsv:{len(lines)}")
    assert told in problem.message("sv")


def test_a_header_that_lacks_something_is_named(tmp_path: Path) -> None:
    source = table_files()[0].read_text(encoding="utf-8")
    path = tmp_path / "x.sssom.tsv"
    path.write_text(re.sub(r"#license.*\n", "", source), encoding="utf-8")
    assert "license" in only(list(read_table(path).problems)).message("en")


@pytest.mark.parametrize("bad", ["iri\tlabel\tkind\nhttp://a\tA\tthing\n", "iri\tlabel\tkind\nhttp://a\tA\n"])
def test_a_faulty_term_list_is_named(bad: str, tmp_path: Path) -> None:
    header = [
        line for line in term_list_files()[0].read_text(encoding="utf-8").splitlines() if line[0] == "#"
    ]
    path = tmp_path / "list.tsv"
    path.write_text("\n".join(header) + "\n" + bad, encoding="utf-8")
    with pytest.raises(RodtradError) as caught:
        read_terms(path)
    assert only(caught.value.problems).where.file == f"list.tsv:{len(header) + 2}"


def test_a_module_that_matches_what_no_list_has_is_named() -> None:
    module = Graph().parse(
        data="@prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
        "<https://w3id.org/rodtrad/scheme/unit/sek> skos:exactMatch <http://qudt.org/vocab/unit/CCY_SEC> ."
    )
    problem = only(stated_matches(module, vocabularies(), "unit.ttl"))
    assert problem.where.file == "unit.ttl"
    assert "CCY_SEC" in problem.message("sv")


def test_lists_hold_each_term_once() -> None:
    holders: dict[URIRef, list[Vocabulary]] = defaultdict(list)
    for one in vocabularies():
        for term in one.terms:
            holders[term.iri].append(one)
    assert [iri for iri, lists in holders.items() if len(lists) > 1] == []
