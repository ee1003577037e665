"""What a mapping table must hold: known terms on both sides, a fitting relation, and no contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from .mappings import PREDICATES, ForeignTerm, Mapping, Vocabulary
from .names import FORM, ID, RT, SCHEME
from .problems import Problem, Where

_CLASS_ONLY = (OWL.equivalentClass, RDFS.subClassOf)
_PROPERTY_ONLY = (OWL.equivalentProperty, RDFS.subPropertyOf)
_SAME = (SKOS.exactMatch, OWL.equivalentClass, OWL.equivalentProperty)
_MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
_OURS = (str(RT), str(FORM), str(SCHEME), str(ID))
_JUSTIFICATION = "semapv:"


def check_mappings(
    rows: Sequence[Mapping], graph: Graph, vocabularies: Sequence[Vocabulary]
) -> list[Problem]:
    """Faults of mapping rows, each with its file and line.

    Args:
        rows: Every row that counts, so that rows which contradict each other are found.
        graph: Our vocabulary.
        vocabularies: The lists of foreign terms.
    """
    foreign = {term.iri: term for vocabulary in vocabularies for term in vocabulary.terms}
    problems = [problem for row in rows for problem in _row(row, graph, foreign)]
    return [*problems, *_contradictions(rows, foreign)]


def stated_matches(graph: Graph, vocabularies: Sequence[Vocabulary], file: str) -> list[Problem]:
    """Foreign terms that a module names in a SKOS match but no term list holds."""
    foreign = {term.iri for vocabulary in vocabularies for term in vocabulary.terms}
    return [
        Problem("mapping-unknown-object", Where(file=file, iri=str(subject)), {"term": target})
        for predicate in _MATCHES
        for subject, target in sorted(graph.subject_objects(predicate))
        if target not in foreign and not str(target).startswith(_OURS)
    ]


def kind_of(term: URIRef, graph: Graph) -> str | None:
    """Class, property or concept; None for what the vocabulary does not hold."""
    kinds = set(graph.objects(term, RDF.type))
    if OWL.Class in kinds:
        return "class"
    if kinds & {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property}:
        return "property"
    return "concept" if kinds else None


def _row(row: Mapping, graph: Graph, foreign: dict[URIRef, ForeignTerm]) -> Iterator[Problem]:
    kind = kind_of(row.subject, graph)
    if kind is None:
        yield Problem("mapping-unknown-subject", row.where, {"term": row.subject})
    if not row.justification.startswith(_JUSTIFICATION):
        yield Problem("mapping-justification", row.where, {"term": row.justification or "–"})
    if not 0 < row.confidence <= 1:
        yield Problem("mapping-confidence", row.where, {"term": row.confidence})
    target = foreign.get(row.target) if row.target is not None else None
    if row.target is not None and target is None:
        yield Problem("mapping-unknown-object", row.where, {"term": row.target})
    kinds = {"subject_kind": kind, "object_kind": target.kind if target else kind}
    if not _fits(row.predicate, kinds["subject_kind"], kinds["object_kind"]):
        yield Problem("mapping-predicate", row.where, {"term": row.predicate, **kinds})
    elif target is not None and kind is not None and (kind == "property") != (target.kind == "property"):
        yield Problem("mapping-kinds", row.where, {"term": row.target, **kinds})


def _fits(predicate: URIRef, ours: str | None, theirs: str | None) -> bool:
    if predicate in _CLASS_ONLY:
        return ours == theirs == "class"
    if predicate in _PROPERTY_ONLY:
        return ours == theirs == "property"
    return predicate in PREDICATES


def _contradictions(rows: Sequence[Mapping], foreign: dict[URIRef, ForeignTerm]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], Mapping] = {}
    for row in rows:
        for code, key in _keys(row, foreign):
            other = seen.setdefault(key, row)
            if other is not row and (code != "mapping-conflict" or not _agree(row, other)):
                place = replace(other.where, iri=None)
                yield Problem(code, row.where, {"term": _words(row), "other": f"{_words(other)} ({place})"})
    found = {row.subject: row for row in rows if row.target is not None}
    for row in rows:
        if row.target is None and row.subject in found:
            other = found[row.subject]
            values = {"term": _words(row), "other": f"{_words(other)} ({other.file}:{other.line})"}
            yield Problem("mapping-conflict", row.where, values)


def _keys(row: Mapping, foreign: dict[URIRef, ForeignTerm]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What may occur once only: the same row, two relations of one pair, two things that are the same."""
    target = str(row.target)
    yield "mapping-twice", ("row", row.subject, row.predicate, target)
    if row.target is None:
        return
    yield "mapping-conflict", ("pair", row.subject, target)
    if row.predicate in _SAME and row.target in foreign:
        yield "mapping-conflict", ("ours", row.subject, foreign[row.target].vocabulary)
        yield "mapping-conflict", ("theirs", target)


def _agree(row: Mapping, other: Mapping) -> bool:
    """The same row twice is told once, as that."""
    return (row.subject, row.predicate, row.target) == (other.subject, other.predicate, other.target)


def _words(row: Mapping) -> str:
    relation = row.predicate.rpartition("#")[2]
    return f"{row.subject} {relation} {row.target or 'sssom:NoTermFound'}"
