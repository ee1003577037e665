"""Every word of the vocabulary is defined once, in both languages, and every word used is defined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rodtrad.ontology
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.term import Node
from rodtrad.ontology import files, label, vocabulary, vocabulary_graph
from rodtrad.ontology.names import FORM, PREFIXES, RT, SCHEME

ROOT = Path(rodtrad.ontology.__file__).parents[1]
FORM_FILES = sorted((ROOT / "shapes" / "forms").glob("*.ttl"))
RULE_FILES = sorted((ROOT / "shapes" / "rules").glob("*.ttl"))
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, SKOS.Concept}
OURS = (str(RT), str(FORM), str(SCHEME))
CC0 = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
BOTH = ["en", "sv"]


@pytest.fixture(scope="module")
def vocab() -> Graph:
    return vocabulary_graph()


@pytest.fixture(scope="module")
def forms() -> Graph:
    return parsed(FORM_FILES)


def parsed(paths: list[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def is_ours(node: Node) -> bool:
    return isinstance(node, URIRef) and str(node).startswith(OURS)


def terms(graph: Graph) -> set[Node]:
    return {s for kind in KINDS for s in graph.subjects(RDF.type, kind) if is_ours(s)}


def languages(graph: Graph, subject: Node, path: URIRef) -> list[str]:
    """Languages of non-empty texts, one entry per text."""
    texts = (text for text in graph.objects(subject, path) if isinstance(text, Literal) and text.strip())
    return sorted(str(text.language) for text in texts)


def word(text: str) -> str:
    """A cell's text as the reader compares it."""
    return " ".join(text.split()).casefold()


def names_of(graph: Graph, concept: Node) -> set[str]:
    paths = (SKOS.prefLabel, SKOS.altLabel, SKOS.notation)
    return {word(str(name)) for path in paths for name in graph.objects(concept, path)}


def ambiguous(named: Iterator[tuple[Node, str]]) -> dict[str, set[Node]]:
    owners: dict[str, set[Node]] = {}
    for owner, name in named:
        owners.setdefault(name, set()).add(owner)
    return {name: found for name, found in owners.items() if len(found) > 1}


def stray_blank_nodes(graph: Graph, allowed: tuple[URIRef, ...]) -> set[Node]:
    blank = {node for triple in graph for node in triple if isinstance(node, BNode)}
    return {node for node in blank if not any((node, path, None) in graph for path in (RDF.first, *allowed))}


def test_every_term_has_one_name_and_one_definition_per_language(vocab: Graph) -> None:
    assert len(terms(vocab)) > 300
    for term in sorted(terms(vocab), key=str):
        name = SKOS.prefLabel if (term, RDF.type, SKOS.Concept) in vocab else RDFS.label
        assert languages(vocab, term, name) == BOTH, term
        assert languages(vocab, term, SKOS.definition) == BOTH, term


def test_every_class_and_property_says_which_module_defines_it(vocab: Graph) -> None:
    modules = set(vocab.subjects(RDF.type, OWL.Ontology))
    for term in terms(vocab) - set(vocab.subjects(RDF.type, SKOS.Concept)):
        assert set(vocab.objects(term, RDFS.isDefinedBy)) & modules, term


def test_every_class_has_an_example_in_both_languages(vocab: Graph) -> None:
    for term in terms(vocab) & set(vocab.subjects(RDF.type, OWL.Class)):
        assert set(languages(vocab, term, SKOS.example)) == set(BOTH), term


def test_every_term_used_in_shapes_and_ontology_is_defined(vocab: Graph) -> None:
    used = parsed([*FORM_FILES, *RULE_FILES, *files()])
    ours = {n for triple in used for n in triple if is_ours(n)}
    declared = set(vocab.subjects(RDF.type)) | set(used.subjects(RDF.type, FORM.Sheet))
    assert ours
    assert ours - declared == set()


def test_every_term_used_in_queries_is_defined(vocab: Graph) -> None:
    declared = set(vocab.subjects(RDF.type))
    used: dict[URIRef, str] = {}
    for path in sorted([*ROOT.glob("queries/**/*.rq"), *ROOT.glob("store/**/*.rq"), *RULE_FILES]):
        text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
        used |= {RT[name]: path.name for name in re.findall(r"(?<![\w:])rt:([A-Za-z]\w*)", text)}
    assert {term: path for term, path in used.items() if term not in declared} == {}


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_file_has_its_header(path: Path) -> None:
    graph = Graph().parse(path)
    heads = {*graph.subjects(RDF.type, OWL.Ontology), *graph.subjects(RDF.type, SKOS.ConceptScheme)}
    assert len(heads) == 1
    head = heads.pop()
    assert languages(graph, head, DCTERMS.title) == BOTH
    assert languages(graph, head, DCTERMS.description) == BOTH
    assert graph.value(head, DCTERMS.license) == CC0
    for path_of_one in (OWL.versionInfo, DCTERMS.issued, DCTERMS.modified):
        assert len(list(graph.objects(head, path_of_one))) == 1, path_of_one
    if (head, RDF.type, OWL.Ontology) in graph:
        assert graph.value(head, OWL.versionIRI) == URIRef(f"{head}/{graph.value(head, OWL.versionInfo)}")


def test_blank_nodes_are_lists_or_inverse_paths(vocab: Graph, forms: Graph) -> None:
    assert stray_blank_nodes(vocab, ()) == set()
    assert stray_blank_nodes(forms, (SH.inversePath,)) == set()


def test_a_concept_is_found_by_its_notation_in_its_iri(vocab: Graph) -> None:
    concepts = set(vocab.subjects(RDF.type, SKOS.Concept)) & terms(vocab)
    assert concepts
    for concept in concepts:
        (scheme,) = vocab.objects(concept, SKOS.inScheme)
        (notation,) = vocab.objects(concept, SKOS.notation)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(notation)), concept
        assert concept == URIRef(f"{scheme}/{notation}")
        assert (scheme, RDF.type, SKOS.ConceptScheme) in vocab
        assert (concept, SKOS.topConceptOf, scheme) in vocab


def test_a_word_names_one_concept_of_a_scheme(vocab: Graph) -> None:
    for scheme in vocab.subjects(RDF.type, SKOS.ConceptScheme):
        concepts = list(vocab.subjects(SKOS.inScheme, scheme))
        assert concepts, scheme
        assert ambiguous((c, name) for c in concepts for name in names_of(vocab, c)) == {}, scheme


def test_a_word_in_the_class_column_names_one_class(vocab: Graph, forms: Graph) -> None:
    for sheet in forms.subjects(RDF.type, FORM.Sheet):
        classes = [
            c for shape in forms.subjects(FORM.sheet, sheet) for c in forms.objects(shape, SH.targetClass)
        ]
        named = (
            (c, word(str(n)))
            for c in classes
            for p in (RDFS.label, SKOS.altLabel)
            for n in vocab.objects(c, p)
        )
        assert ambiguous(named) == {}, sheet


def test_every_form_has_a_class_and_names_and_help_in_both_languages(vocab: Graph, forms: Graph) -> None:
    for sheet in forms.subjects(RDF.type, FORM.Sheet):
        assert languages(forms, sheet, RDFS.label) == BOTH, sheet
    shapes = list(forms.subject_objects(SH.targetClass))
    assert shapes
    for shape, target in shapes:
        assert (target, RDF.type, OWL.Class) in vocab, target
        for column in forms.objects(shape, SH.property):
            assert languages(forms, column, SH.name) == BOTH, column
            assert languages(forms, column, SH.description) == BOTH, column


def test_help_texts_of_a_form_differ(forms: Graph) -> None:
    for shape in forms.subjects(SH.targetClass):
        columns = list(forms.objects(shape, SH.property))
        texts = {str(text) for column in columns for text in forms.objects(column, SH.description)}
        assert len(texts) == 2 * len(columns), shape


def test_every_code_list_of_a_form_has_concepts(vocab: Graph, forms: Graph) -> None:
    for scheme in set(forms.objects(None, FORM.scheme)):
        assert (scheme, RDF.type, SKOS.ConceptScheme) in vocab, scheme


def test_the_levels_of_the_chain_stand_in_order(vocab: Graph) -> None:
    levels = vocab.subject_objects(RT.chainOrder)
    ordered = [
        str(level).rpartition("/")[2] for level, _ in sorted(levels, key=lambda pair: int(str(pair[1])))
    ]
    up_to_society = ["activity", "output", "outcome", "short-term-effect", "long-term-effect"]
    assert ordered == ["resource", *up_to_society, "need"]


def test_generic_activities_say_what_they_are_expected_to_give(vocab: Graph) -> None:
    kinds = list(vocab.subjects(SKOS.inScheme, SCHEME["generic-activity"]))
    assert len(kinds) == 11
    for kind in kinds:
        assert languages(vocab, kind, RT.expectedOutput) == BOTH
        assert languages(vocab, kind, RT.expectedOutcome) == BOTH


def test_vocabulary_is_sorted_unique_lines_that_hold_every_concept(vocab: Graph) -> None:
    lines = vocabulary().splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == len(vocab)
    notation = f'<{SCHEME}basis/stated> <{SKOS.notation}> "stated" .'
    assert notation.encode() in lines


def test_label_falls_back_to_the_other_language_and_to_the_iri() -> None:
    assert label(str(RT.Output), "sv") == "Prestation"
    assert label(str(RT.Output), "en") == "Output"
    assert label(str(RT.Output), "fi") in {"Prestation", "Output"}
    assert label(PREFIXES["skos"] + "mappingRelation", "sv") == "mappingRelation"
