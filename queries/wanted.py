"""What a region publishes to get rows: the sheets and columns that hold what a question reads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rdflib import RDFS, URIRef

from ..ontology import vocabulary_graph
from ..ontology.names import PREFIXES
from ..ontology.problems import Lang
from ..shapes.form import Column, Form, load_forms
from .header import Query

_NAME = re.compile(r"(?<![\w?:/-])(a\s+)?([a-z]+):([A-Za-z]\w*)")
_NOT_ASKED = {"rt:about", "rt:inPublication", "rt:basis", "rt:sourceSection", "rt:constructed"}


@dataclass(frozen=True)
class Wanted:
    """A sheet of the workbook, the kind of row, and the columns that the question reads there."""

    sheet: str
    kind: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.sheet} / {self.kind}" + (f": {', '.join(self.columns)}" if self.columns else "")


def wanted(query: Query, lang: Lang) -> tuple[Wanted, ...]:
    """The sheets and columns that the question reads; empty when no workbook holds what it reads."""
    classes, properties = _terms(query)
    found = []
    for sheet in load_forms().sheets:
        for form in sheet.forms:
            if not _reads(form.target_class, classes):
                continue
            columns = tuple(column.names[lang] for column in _columns(form) if column.path in properties)
            found.append(Wanted(sheet.names[lang], form.names[lang], tuple(dict.fromkeys(columns))))
    return tuple(found)


def what_to_publish(query: Query, lang: Lang) -> str:
    """One sentence's worth: the header's own words, else the sheets and columns; may be empty."""
    if query.publish:
        return query.publish[lang]
    return "; ".join(str(one) for one in wanted(query, lang))


def _terms(query: Query) -> tuple[set[URIRef], set[URIRef]]:
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith(("#+", "PREFIX")))
    classes, properties = set(), set()
    for _, prefix, name in _NAME.findall(body):
        if prefix in PREFIXES and f"{prefix}:{name}" not in _NOT_ASKED:
            (classes if name[0].isupper() else properties).add(URIRef(PREFIXES[prefix] + name))
    return classes, properties


def _reads(cls: URIRef, classes: set[URIRef]) -> bool:
    above = vocabulary_graph().transitive_objects(cls, RDFS.subClassOf)
    return not classes.isdisjoint(above)


def _columns(form: Form) -> list[Column]:
    nested = [inner for column in form.columns if column.nested for inner in column.nested.columns]
    return [*form.columns, *nested]
