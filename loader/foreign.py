"""What exports to other standards share: one publication with the names and mappings that its export needs.

What is exported, and as what, is declared in ``exports/*.rq`` and in the mapping tables of the ontology.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Identifier, Node

from ..ontology import label, vocabulary, vocabulary_graph
from ..ontology.mappings import mapping_triples
from ..ontology.names import RT
from ..ontology.problems import LANGS, Lang, Problem, RodtradError, Where
from .ntriples import statements

FOLDER = Path(__file__).parent / "exports"
STEP = Namespace("https://w3id.org/rodtrad/step/")

_NAMES = (SKOS.prefLabel, RDFS.label, DCTERMS.title)
_CONTEXT = frozenset(
    str(p)
    for p in (
        *_NAMES,
        SKOS.notation,
        RT.atLevel,
        RT.inRegion,
        RT.actorType,
        RT.publisherId,
        RT.partOfPlace,
        RT.iso3166,
    )
)


@dataclass(frozen=True)
class Exported:
    """A publication in the form of another standard.

    Attributes:
        content: The file, in UTF-8.
        counts: How many things of each kind it holds.
        problems: What it does not hold, and why; warnings, since the file is whole as it is.
    """

    content: bytes
    counts: Mapping[str, int]
    problems: tuple[Problem, ...]


class Scope:
    """One publication, what the others say of the things that it names, and the mapping tables."""

    def __init__(self, publication: Graph, context: Iterable[bytes], lang: Lang) -> None:
        found = sorted(s for s in publication.subjects(RDF.type, RT.Publication) if isinstance(s, URIRef))
        if len(found) != 1:
            code = "rdf-several-publications" if found else "rdf-no-publication"
            raise RodtradError(Problem(code, Where(), {"count": len(found), "found": ", ".join(found[:5])}))
        self.publication, self.iri = publication, found[0]
        self.lang: Lang = lang
        language = publication.value(self.iri, DCTERMS.language)
        self.text_lang = str(language) if language else "sv"
        self.graph = Graph()
        self.graph += publication
        self.graph += _vocabulary()
        for part in context:
            if part is not vocabulary():
                self.graph += _named(part)
        for triple in mapping_triples():
            self.graph.add(triple)
        self._names = self._all_names()
        for subject, names in self._names.items():
            self.graph.add((subject, STEP.name, Literal(_chosen(names, lang))))
        for thing in set(publication.subjects(RT.breakdownCategory)):
            parts = sorted(self.name(part) for part in publication.objects(thing, RT.breakdownCategory))
            self.graph.add((thing, STEP.part, Literal(", ".join(parts))))
        self._add("step-1-organisation", "step-2-level", "step-3-measures")
        self.descriptions = self._descriptions()
        for thing, texts in self.descriptions.items():
            self.graph.add((thing, STEP.description, Literal(texts[lang])))

    def construct(self, *names: str) -> Graph:
        """What the named CONSTRUCT files give, together."""
        made = Graph()
        for name in names:
            made += self.graph.query(_query(name)).graph or Graph()
        return made

    def rows(self, name: str, **given: Identifier) -> list[dict[str, Any]]:
        """The rows of the named SELECT file; what is not bound is absent."""
        answer = self.graph.query(_query(name), initBindings=given)
        return [{str(k): v for k, v in row.asdict().items()} for row in answer]  # type: ignore[union-attr]

    def texts(self, thing: Node) -> Mapping[str, str]:
        """The names of a thing by language; one without a language is in that of the publication."""
        return self._names.get(thing, {})

    def name(self, thing: Node, lang: Lang | None = None) -> str:
        """The name of a thing in a language, else in the other, else the end of its IRI."""
        names = self.texts(thing)
        return _chosen(names, lang or self.lang) if names else label(str(thing), lang or self.lang)

    def left_out(self, told: Iterable[Node], form: str) -> list[Problem]:
        """The classes with members that the export does not hold, each with their number."""
        told = set(told)
        counts: Counter[Node] = Counter()
        for thing, cls in self.publication.subject_objects(RDF.type):
            if (cls, RDF.type, OWL.Class) in vocabulary_graph() and thing not in told and thing != self.iri:
                counts[cls] += 1
        return [
            Problem("not-in-format", Where(), {"count": count, "format": form, **_called(cls)}, "warning")
            for cls, count in sorted(counts.items())
        ]

    def _add(self, *names: str) -> None:
        for name in names:
            self.graph += self.construct(name)

    def _all_names(self) -> Mapping[Node, dict[str, str]]:
        names: dict[Node, dict[str, str]] = defaultdict(dict)
        for prop in reversed(_NAMES):
            for subject, value in self.graph.subject_objects(prop):
                if isinstance(value, Literal):
                    names[subject][value.language or self.text_lang] = str(value)
        return names

    def _descriptions(self) -> Mapping[Node, Mapping[Lang, str]]:
        """Lines such as "tillstånd: uppnådd" in both languages."""
        told: dict[Node, list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows("description"):
            told[row["thing"]].append(row)
        return {
            thing: {lang: _sentence([self._line(row, lang) for row in _ordered(rows)]) for lang in LANGS}
            for thing, rows in told.items()
        }

    def _line(self, row: Mapping[str, Any], lang: Lang) -> str:
        value = row["value"]
        text = str(value) if isinstance(value, Literal) else self.name(value, lang)
        doubt = f" ({label(f'{RT}'.replace('/ns/', '/scheme/basis/interpreted'), lang)})"
        return f"{label(str(row['property']), lang)}: {text}{doubt if _true(row.get('interpreted')) else ''}"


@cache
def _vocabulary() -> Graph:
    return _named(vocabulary())


def _named(part: bytes) -> Graph:
    """What is needed of another publication: names, codes and where things belong."""
    graph = Graph()
    for subject, prop, value in statements(part, _CONTEXT):
        graph.add((URIRef(subject), URIRef(prop), value))
    return graph


@cache
def _query(name: str) -> Query:
    return prepareQuery((FOLDER / f"{name}.rq").read_text(encoding="utf-8"))


def _called(cls: Node) -> dict[str, object]:
    return {f"class_{lang}": label(str(cls), lang).lower() for lang in LANGS}


def _chosen(names: Mapping[str, str], lang: str) -> str:
    return names.get(lang) or names.get("sv") or names[min(names)]


def _ordered(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda row: (int(row["order"]), str(row["value"])))


def _sentence(lines: Sequence[str]) -> str:
    text = "; ".join(lines)
    return text[:1].upper() + text[1:] + "."


def _true(value: object) -> bool:
    return isinstance(value, Literal) and bool(value.value)
