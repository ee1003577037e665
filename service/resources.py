"""Any resource as a page: its fields in the order of its form, its parts, what points at it, its origin.

Nothing here knows a class: what the declarations say of a class is what its page shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from ..ontology.names import PREFIXES
from ..ontology.problems import Lang
from ..shapes.form import Form, load_forms
from .backend import Backend, Row, Term, ask
from .publications import PublicationView, publications
from .texts import text
from .words import Labels, Value, Words, iri_of, iris_in, property_name, rt, words_of

TYPE = PREFIXES["rdf"] + "type"
LABEL = PREFIXES["rdfs"] + "label"
_NAMES = {LABEL, PREFIXES["skos"] + "prefLabel", PREFIXES["dcterms"] + "title"}
_ELSEWHERE = {TYPE, rt("inPublication"), rt("about"), rt("sourceSection")}
# Derived reach is long and is shown as a thread instead.
_DERIVED = {rt(name) for name in ("leadsTo", "ledTo", "contributesTo", "contributedTo", "alignedWith")}


@dataclass(frozen=True)
class Field:
    """One property with its values. ``interpreted``: the coder read the value into the source."""

    iri: str
    name: str
    values: tuple[Value, ...]
    description: str = ""
    interpreted: bool = False


@dataclass(frozen=True)
class Heading:
    """The heading of a column, and whether the coder read its values into the source."""

    name: str
    interpreted: bool = False


@dataclass(frozen=True)
class PartTable:
    """Nodes that belong to the resource, such as participations or links, as a table."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[tuple[Value, ...], ...], ...]


@dataclass(frozen=True)
class Incoming:
    """Resources that point here by one property, or, as ``members``, that belong here."""

    name: str
    values: tuple[Value, ...]
    members: bool = False


@dataclass(frozen=True)
class ResourceView:
    """A resource with everything that its page shows."""

    iri: str
    label: Words
    other_names: tuple[Words, ...]
    types: tuple[Value, ...]
    form: Form | None
    fields: tuple[Field, ...]
    parts: tuple[PartTable, ...]
    incoming: tuple[Incoming, ...]
    about: Value | None
    section: str
    publications: tuple[PublicationView, ...]

    def has(self, *properties: str) -> bool:
        """Whether a field of ours with one of these local names is filled."""
        return any(one.iri in {rt(name) for name in properties} for one in self.fields)


def view(backend: Backend, iri: str, lang: Lang) -> ResourceView | None:
    """Return what is said about a resource, or ``None`` when nothing is."""
    statements = ask(backend, "resource-statements", resource=iri)
    if not statements:
        return None
    forms = load_forms()
    types = [iri_of(row["value"]) for row in statements if iri_of(row["property"]) == TYPE]
    form = next((form for form in forms.all if str(form.target_class) in types), None)
    nested = {str(one.target_class): one for one in forms.nested}
    part_rows = ask(backend, "resource-parts", resource=iri, **{"class": list(nested)}) if nested else []
    incoming = [
        row
        for row in ask(backend, "resource-incoming", resource=iri)
        if "class" not in row or iri_of(row["class"]) not in nested
    ]
    members = ask(backend, "members", resource=iri)
    labels = Labels(backend, {iri, *iris_in(statements), *iris_in(part_rows), *iris_in(incoming)}, lang)
    stated = _by_property(statements)
    said_in = publications_of(backend, stated, iri, types, lang)
    interpreted = frozenset[str]().union(*(one.interpreted for one in said_in))
    about, section = stated.get(rt("about")), stated.get(rt("sourceSection"))
    return ResourceView(
        iri=iri,
        label=labels.words(iri),
        other_names=_other_names(stated, labels.words(iri)),
        types=tuple(labels.value(ox.NamedNode(one)) for one in types),
        form=form,
        fields=_fields(stated if said_in else _in_language(stated, lang), form, labels, interpreted),
        parts=_parts(part_rows, form, nested, labels, interpreted),
        incoming=(*_incoming(incoming, labels), *_members(members, lang)),
        about=labels.value(about[0]) if about else None,
        section=iri_of(section[0]) if section else "",
        publications=tuple(said_in),
    )


def publications_of(
    backend: Backend, stated: Mapping[str, Sequence[object]], iri: str, types: Sequence[str], lang: Lang
) -> list[PublicationView]:
    """The publications that a resource stands in; a publication stands in itself."""
    graphs = [iri_of(term) for term in stated.get(rt("inPublication"), ())]
    if rt("Publication") in types and iri not in graphs:
        graphs.append(iri)
    return [one for graph in graphs for one in publications(backend, lang, iri=graph)]


def _by_property(
    rows: Sequence[Row],
) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    for row in rows:
        found.setdefault(iri_of(row["property"]), []).append(row["value"])
    return found


def _in_language(stated: Mapping[str, Sequence[Term]], lang: Lang) -> dict[str, Sequence[Term]]:
    """What the vocabulary says in two languages, in the reader's where that one has it."""

    def is_in(term: Term, *langs: str | None) -> bool:
        return not isinstance(term, ox.Literal) or term.language in langs

    both = {
        path
        for path, terms in stated.items()
        if any(isinstance(term, ox.Literal) and term.language == lang for term in terms)
    }
    return {
        path: [term for term in terms if path not in both or is_in(term, lang, None)]
        for path, terms in stated.items()
    }


def _other_names(stated: Mapping[str, Sequence[object]], shown: Words) -> tuple[Words, ...]:
    names = [words_of(term) for name in sorted(_NAMES) for term in stated.get(name, ())]
    return tuple(dict.fromkeys(name for name in names if name != shown))


def _fields(
    stated: Mapping[str, Sequence[Term]],
    form: Form | None,
    labels: Labels,
    interpreted: frozenset[str],
) -> tuple[Field, ...]:
    lang = labels.lang
    columns = {str(column.path): column for column in (form.columns if form else ()) if not column.inverse}
    nested = {path for path, column in columns.items() if column.nested}
    hidden = _NAMES | _ELSEWHERE | _DERIVED | nested
    order = [path for path in columns if path in stated] + sorted(
        path for path in stated if path not in columns
    )
    fields = []
    for path in order:
        if path in hidden:
            continue
        column = columns.get(path)
        name = column.names.get(lang, "") if column else property_name(path, lang)
        described = column.descriptions.get(lang, "") if column else ""
        values = tuple(labels.value(term, path) for term in stated[path])
        fields.append(Field(path, name, values, described, path in interpreted))
    return tuple(fields)


def _parts(
    rows: Sequence[Row],
    form: Form | None,
    nested: Mapping[str, Form],
    labels: Labels,
    interpreted: frozenset[str],
) -> tuple[PartTable, ...]:
    """A table for each way in which parts hang on the resource; the columns are those of the part's form."""
    groups: dict[tuple[str, str, bool], dict[str, dict[str, list[Value]]]] = {}
    for row in rows:
        forward = "forward" in row
        way = (iri_of(row["class"]), iri_of(row["forward" if forward else "backward"]), forward)
        part = groups.setdefault(way, {}).setdefault(iri_of(row["part"]), {})
        part.setdefault(iri_of(row["property"]), []).append(
            labels.value(row["value"], iri_of(row["property"]))
        )
    return tuple(
        _part_table(nested[cls], way, forward, parts, form, labels.lang, interpreted)
        for (cls, way, forward), parts in sorted(groups.items())
    )


def _part_table(
    part_form: Form,
    way: str,
    forward: bool,
    parts: Mapping[str, Mapping[str, Sequence[Value]]],
    form: Form | None,
    lang: Lang,
    interpreted: frozenset[str],
) -> PartTable:
    declared = next(
        (c for c in (form.columns if form else ()) if str(c.path) == way and c.inverse is not forward), None
    )
    title = (
        declared.names[lang]
        if declared
        else text(
            "part_where_this_is", lang, part=part_form.names[lang], name=property_name(way, lang).lower()
        )
    )
    columns = {str(column.path): column.names[lang] for column in part_form.columns}
    # A part may hang on its owner by a property that is no column of its own, such as the effect of a link.
    hooks = {
        str(column.path): property_name(str(column.path), lang)
        for one in load_forms().all
        for column in one.columns
        if column.inverse and column.nested and column.nested.iri == part_form.iri
    }
    shown = {path: name for path, name in {**hooks, **columns}.items() if path != way or forward}
    used = {path: name for path, name in shown.items() if any(path in part for part in parts.values())}
    rows = tuple(tuple(tuple(part.get(path, ())) for path in used) for part in parts.values())
    return PartTable(title, tuple(Heading(name, path in interpreted) for path, name in used.items()), rows)


def _incoming(rows: Sequence[Row], labels: Labels) -> list[Incoming]:
    """By the name that the field has on the forms of the resources that point here."""
    lang = labels.lang
    fields = {
        (str(form.target_class), str(column.path)): column.names[lang]
        for form in load_forms().all
        for column in form.columns
        if not column.inverse and lang in column.names
    }
    groups: dict[str, dict[str, Value]] = {}
    for row in rows:
        path = iri_of(row["property"])
        cls = iri_of(row["class"]) if "class" in row else ""
        name = fields.get((cls, path)) or property_name(path, lang)
        groups.setdefault(name, {})[iri_of(row["subject"])] = labels.value(row["subject"])
    return [
        Incoming(name, tuple(sorted(values.values(), key=lambda v: v.text)))
        for name, values in groups.items()
    ]


def _members(rows: Sequence[Row], lang: Lang) -> list[Incoming]:
    """What stands in a publication, a code list or a class, by class."""
    groups: dict[str, dict[str, Value]] = {}
    for row in rows:
        subject = iri_of(row["subject"])
        words = words_of(row["label"]) if "label" in row else None
        group = groups.setdefault(iri_of(row["class"]), {})
        if words and (subject not in group or words.lang == lang):
            group[subject] = Value(words, subject)
    return [
        Incoming(property_name(cls, lang), tuple(sorted(values.values(), key=lambda v: v.text)), members=True)
        for cls, values in groups.items()
        if values
    ]


def suggestions(backend: Backend, iri: str, most: int = 6) -> list[str]:
    """Identifiers that look like one that is not there."""
    wanted = set(iri.casefold().replace("-", "/").split("/"))
    scored: list[tuple[int, str]] = []
    for row in ask(backend, "identifiers"):
        known = iri_of(row["thing"])
        score = len(wanted & set(known.casefold().replace("-", "/").split("/")))
        scored.append((-score, known))
    common = len({"https:", "", "w3id.org", "rodtrad", "id"} & wanted)
    return [known for score, known in sorted(scored)[:most] if -score > common]
