"""The declarations in ``forms/*.ttl``: which sheets, classes and columns a workbook has.

A class and its layout are declared there once; the template, the reader and the export all follow this model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import Node

from ..ontology import vocabulary_graph
from ..ontology.names import FORM
from ..ontology.problems import LANGS

FOLDER = Path(__file__).parent / "forms"
SEPARATOR = ";"

Names = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """One field of a class, and how it stands on a sheet.

    Attributes:
        path: The property; when ``inverse``, the value is the subject of its statements.
        names, descriptions: By language, "sv" and "en".
        datatype, cls, scheme: What a value is: a literal of this type, a resource of this class, or a
            concept of this scheme; ``None`` where it does not apply.
        multiple: More than one value is allowed.
        separator: What stands between several values in one cell; ``None`` when a cell holds one value.
        fold: A nested node per number, shown for this many numbers in the template; ``None`` = no fold.
        fold_each: The column of the nested class that holds one value per nested node.
        nested: The nested class.
        refers_to_column: The cell names other columns; the values are their properties.
        minimum, maximum: Least and greatest allowed number; ``None`` = no bound.
    """

    iri: URIRef
    path: URIRef
    inverse: bool
    names: Names = field(hash=False)
    descriptions: Names = field(hash=False)
    datatype: URIRef | None
    cls: URIRef | None
    scheme: URIRef | None
    required: bool
    multiple: bool
    separator: str | None
    fold: int | None
    fold_each: URIRef | None
    nested: Form | None
    refers_to_column: bool
    order: float
    minimum: int | None = None
    maximum: int | None = None

    @property
    def is_text(self) -> bool:
        """A text in the language of the publication, which may have a twin column in another language."""
        return self.datatype == RDF.langString


@dataclass(frozen=True)
class Form:
    """One class: its columns in order, the columns that identify a row, and its names by language."""

    iri: URIRef
    target_class: URIRef
    kind: str
    key: tuple[Column, ...]
    columns: tuple[Column, ...]
    names: Names = field(hash=False)
    order: float = 0

    @property
    def label(self) -> Column | None:
        """The column that holds the name; ``None`` for classes whose name is made of the key."""
        return next((column for column in self.columns if column.path == RDFS.label), None)


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``class_column`` is its heading by language when the sheet holds several classes."""

    iri: URIRef
    names: Names = field(hash=False)
    class_column: Names | None = field(hash=False)
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Forms:
    """All sheets, and what the vocabulary says of super- and subclasses."""

    sheets: tuple[Sheet, ...]
    nested: tuple[Form, ...]
    superclasses: Mapping[URIRef, frozenset[URIRef]] = field(hash=False)
    class_names: Mapping[URIRef, Names] = field(hash=False)

    @property
    def all(self) -> tuple[Form, ...]:
        """Every form, those of nested classes last."""
        return (*(form for sheet in self.sheets for form in sheet.forms), *self.nested)

    def is_a(self, cls: URIRef, expected: URIRef) -> bool:
        """Whether ``cls`` is ``expected`` or a subclass of it."""
        return cls == expected or expected in self.superclasses.get(cls, frozenset())

    def class_name(self, cls: URIRef, lang: str) -> str:
        """The name of a class, or the last part of its identifier when it has none."""
        return self.class_names.get(cls, {}).get(lang) or _last_part(cls)


def load_forms(extra: Iterable[Path] = ()) -> Forms:
    """Read the declarations; the same declarations are read once.

    Args:
        extra: More Turtle files, or folders of them, read together with those of the package.
    """
    return _load(tuple(extra))


@cache
def _load(extra: tuple[Path, ...]) -> Forms:
    graph = Graph()
    for path in [*sorted(FOLDER.glob("*.ttl")), *_turtle_files(extra)]:
        graph.parse(path, format="turtle")
    return _Reader(graph, graph + vocabulary_graph()).forms()


def _turtle_files(paths: Iterable[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob("*.ttl")) if path.is_dir() else [path])]


class _Reader:
    def __init__(self, graph: Graph, vocabulary: Graph) -> None:
        self.graph = graph
        self.vocabulary = vocabulary

    def forms(self) -> Forms:
        shapes = sorted({s for s in self.graph.subjects(FORM.kind) if isinstance(s, URIRef)})
        forms = sorted((self.form(shape) for shape in shapes), key=lambda form: (form.order, form.iri))
        by_sheet: dict[Node | None, list[Form]] = {}
        for form in forms:
            by_sheet.setdefault(self.graph.value(form.iri, FORM.sheet), []).append(form)
        sheets = sorted(
            (s for s in self.graph.subjects(RDF.type, FORM.Sheet) if isinstance(s, URIRef)),
            key=lambda sheet: (self.number(sheet, SH.order) or 0, sheet),
        )
        return Forms(
            tuple(self.sheet(sheet, by_sheet.get(sheet, ())) for sheet in sheets),
            tuple(by_sheet.get(None, ())),
            self.superclasses(),
            self.class_names(forms),
        )

    def sheet(self, iri: URIRef, forms: Sequence[Form]) -> Sheet:
        class_column = self.words(iri, FORM.classColumn)
        return Sheet(iri, self.words(iri, RDFS.label), class_column or None, tuple(forms))

    def form(self, iri: URIRef) -> Form:
        columns = [self.column(shape) for shape in self.iris(iri, SH.property) if self.is_column(shape)]
        columns.sort(key=lambda column: (column.order, column.iri))
        by_iri = {column.iri: column for column in columns}
        head = self.graph.value(iri, FORM.key)
        items = Collection(self.graph, head) if head else ()
        key = [by_iri[item] for item in items if isinstance(item, URIRef) and item in by_iri]
        target = self.iri(iri, SH.targetClass) or iri
        names = self.words(target, RDFS.label) or {lang: _last_part(target) for lang in LANGS}
        kind = str(self.graph.value(iri, FORM.kind))
        return Form(iri, target, kind, tuple(key), tuple(columns), names, self.number(iri, SH.order) or 0)

    def is_column(self, shape: URIRef) -> bool:
        return bool(self.words(shape, SH.name))

    def column(self, iri: URIRef) -> Column:
        path, inverse = self.path(iri)
        node = self.iri(iri, SH.node)
        nested = self.form(node) if node and self.graph.value(node, FORM.kind) else None
        datatype = self.iri(iri, SH.datatype)
        single = self.number(iri, SH.maxCount) == 1 or datatype == RDF.langString
        separator = self.text(iri, FORM.separator)
        fold = self.number(iri, FORM.fold)
        # A reference is resolved as a whole before it is split, so it may always hold several.
        if separator is None and not single and datatype is None and nested is None:
            separator = SEPARATOR
        return Column(
            iri=iri,
            path=path,
            inverse=inverse,
            names=self.words(iri, SH.name),
            descriptions=self.words(iri, SH.description) or self.words(path, SKOS.definition),
            datatype=datatype,
            cls=self.iri(iri, SH["class"]),
            scheme=self.iri(node, FORM.scheme) if node else None,
            required=(self.number(iri, SH.minCount) or 0) > 0,
            multiple=separator is not None or nested is not None,
            separator=separator,
            fold=int(fold) if fold is not None else None,
            fold_each=self.iri(iri, FORM.foldEach),
            nested=nested,
            refers_to_column=self.iri(iri, FORM.refersTo) == FORM.Column,
            order=self.number(iri, SH.order) or 0,
            minimum=self.whole(iri, SH.minInclusive),
            maximum=self.whole(iri, SH.maxInclusive),
        )

    def path(self, iri: URIRef) -> tuple[URIRef, bool]:
        value = self.graph.value(iri, SH.path)
        if isinstance(value, URIRef):
            return value, False
        inverse = self.graph.value(value, SH.inversePath) if value is not None else None
        if not isinstance(inverse, URIRef):
            raise ValueError(f"{iri}: a column has a property or an inverse property as its path")
        return inverse, True

    def superclasses(self) -> dict[URIRef, frozenset[URIRef]]:
        found: dict[URIRef, frozenset[URIRef]] = {}
        for cls in set(self.vocabulary.subjects(RDFS.subClassOf)):
            above = self.vocabulary.transitive_objects(cls, RDFS.subClassOf)
            if isinstance(cls, URIRef):
                found[cls] = frozenset(c for c in above if isinstance(c, URIRef)) - {cls}
        return found

    def class_names(self, forms: Sequence[Form]) -> dict[URIRef, Names]:
        used = {form.target_class for form in forms}
        used |= {column.cls for form in forms for column in form.columns if column.cls}
        return {cls: self.words(cls, RDFS.label) for cls in sorted(used)}

    def words(self, iri: Node, prop: URIRef) -> dict[str, str]:
        found = [o for o in self.vocabulary.objects(iri, prop) if isinstance(o, Literal)]
        return {lang: str(o) for lang in LANGS for o in found if o.language == lang}

    def iris(self, iri: Node, prop: URIRef) -> list[URIRef]:
        return [o for o in self.graph.objects(iri, prop) if isinstance(o, URIRef)]

    def iri(self, iri: Node, prop: URIRef) -> URIRef | None:
        return next(iter(self.iris(iri, prop)), None)

    def text(self, iri: Node, prop: URIRef) -> str | None:
        value = self.graph.value(iri, prop)
        return None if value is None else str(value)

    def number(self, iri: Node, prop: URIRef) -> float | None:
        value = self.text(iri, prop)
        return None if value is None else float(value)

    def whole(self, iri: Node, prop: URIRef) -> int | None:
        value = self.number(iri, prop)
        return None if value is None else int(value)


def _last_part(iri: URIRef) -> str:
    return str(iri).rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
