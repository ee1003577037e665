"""Is the vocabulary sound as a whole: modules, mappings to other vocabularies, and framework levels?

A file of one's own is checked together with the standing vocabulary, in place of the standing file of
the same name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS

from . import files, framework_levels, quality
from .mapping_checks import check_mappings, stated_matches
from .mappings import (
    TABLE,
    TERM_LIST,
    Mapping,
    Vocabulary,
    read_table,
    read_terms,
    table_files,
    term_list_files,
)
from .names import FORM, RT, SCHEME
from .problems import Problem, RodtradError, Where

_OURS = (str(RT), str(FORM), str(SCHEME))


@dataclass(frozen=True)
class Counts:
    """How much there is. Documented and mapped are per cent of classes and properties."""

    classes: int
    properties: int
    concepts: int
    mappings: int
    mapped_vocabularies: int
    without_match: int
    levels: int
    documented: float
    mapped: float


@dataclass(frozen=True)
class Soundness:
    """What was found wrong, each with file and term, and how much there is."""

    problems: tuple[Problem, ...]
    counts: Counts

    @property
    def ok(self) -> bool:
        return not self.problems


def check_vocabulary(own: Sequence[Path] = (), levels: Sequence[Path] = ()) -> Soundness:
    """Check the vocabulary, or files of one's own against it.

    Args:
        own: Modules or framework profiles (.ttl), mapping tables (.sssom.tsv) or term lists (.tsv).
            Without any, everything is checked.
        levels: Turtle files that hold the framework profiles; a file of ``own`` stands in for its namesake.

    Raises:
        RodtradError: ``vocabulary-file-unknown`` for a file that is none of these.
        OSError: a file cannot be read.
    """
    turtle, tables, lists = _sorted(own)
    profiles = _profiles(turtle, levels)
    chosen = [path for path in turtle if path not in profiles]
    modules, unread = quality.read_modules(_standing(files(), chosen))
    rows, in_tables = _rows(_standing(table_files(), tables))
    terms, in_lists = _terms(_standing(term_list_files(), lists))
    problems = [*unread, *in_tables, *in_lists]
    if not problems:
        problems += [] if own and not chosen else quality.check(chosen or None)
        problems += check_mappings(rows, modules.whole, terms)
        problems += [
            p for path, graph in modules.graphs.items() for p in stated_matches(graph, terms, path.name)
        ]
        problems += framework_levels.check_files(profiles if own else levels)
        problems += [] if own else quality.mapping_problems(modules, rows)
    return Soundness(tuple(problems), _count(modules, rows, _standing(levels, profiles)))


def _profiles(paths: Sequence[Path], levels: Sequence[Path]) -> list[Path]:
    """The files that hold framework levels; they are no modules, and have no header of one."""
    names = {level.name for level in levels} - {path.name for path in files()}
    parsed, _ = quality.read_modules(paths)
    return [
        path
        for path in paths
        if path.name in names
        or (path in parsed.graphs and (None, RDF.type, RT.FrameworkLevel) in parsed.graphs[path])
    ]


def _sorted(own: Iterable[Path]) -> tuple[list[Path], list[Path], list[Path]]:
    turtle, tables, lists = [], [], []
    for path in own:
        path.stat()
        if path.suffix == ".ttl":
            turtle.append(path)
        elif path.name.endswith(TABLE):
            tables.append(path)
        elif path.name.endswith(TERM_LIST):
            lists.append(path)
        else:
            raise RodtradError(Problem("vocabulary-file-unknown", Where(file=str(path)), {"file": path.name}))
    return turtle, tables, lists


def _standing(standing: Iterable[Path], own: Sequence[Path]) -> list[Path]:
    names = {path.name for path in own}
    return [*(path for path in standing if path.name not in names), *own]


def _rows(paths: Iterable[Path]) -> tuple[list[Mapping], list[Problem]]:
    tables = [read_table(path) for path in paths]
    return [row for table in tables for row in table.rows], [p for table in tables for p in table.problems]


def _terms(paths: Iterable[Path]) -> tuple[list[Vocabulary], list[Problem]]:
    found: list[Vocabulary] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found.append(read_terms(path))
        except RodtradError as error:
            problems += error.problems
    return found, problems


def _count(modules: quality.Modules, rows: Sequence[Mapping], profiles: Sequence[Path]) -> Counts:
    terms = {**modules.classes, **modules.properties}
    documented = len(terms) - len(
        {p.where.iri for p in quality.word_problems(modules)} & {str(t) for t in terms}
    )
    found = [row for row in rows if row.target is not None]
    mapped = {row.subject for row in found} | {term for term in terms if _below_foreign(modules.whole, term)}
    levels, _ = quality.read_modules(profiles)
    return Counts(
        classes=len(modules.classes),
        properties=len(modules.properties),
        concepts=len(modules.concepts),
        mappings=len(found),
        mapped_vocabularies=len({row.file for row in found}),
        without_match=len(rows) - len(found),
        levels=len(set(levels.whole.subjects(RDF.type, RT.FrameworkLevel))),
        documented=_per_cent(documented, len(terms)),
        mapped=_per_cent(len(mapped & set(terms)), len(terms)),
    )


def _below_foreign(graph: Graph, term: URIRef) -> bool:
    above = (parent for path in (RDFS.subClassOf, RDFS.subPropertyOf) for parent in graph.objects(term, path))
    return any(isinstance(parent, URIRef) and not str(parent).startswith(_OURS) for parent in above)


def _per_cent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
