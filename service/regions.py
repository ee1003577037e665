"""The counties: what is known about each, in county-code order, never ranked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..ontology.names import ID
from ..ontology.problems import Lang
from ..shapes.form import Form, load_forms
from .backend import Backend, ask
from .publications import PublicationView, publications, sizes_by_class
from .words import Labels, Value, Words, iri_of, iris_in, last_part, preference, words_of

_PIECE = re.compile(r"\d{1,9}|\D+")


@dataclass(frozen=True)
class RegionSummary:
    """A county and how many things of each class are told about it.

    Attributes:
        counts: Number by local name of the class.
        at_least: The numbers are lower bounds, since a source is a selection.
        constructed: The county is made up.
    """

    iri: str
    code: str
    label: Words
    counts: Mapping[str, int]
    publications: tuple[PublicationView, ...] = ()

    @property
    def at_least(self) -> bool:
        return not all(one.complete for one in self.publications)

    @property
    def constructed(self) -> bool:
        return any(one.constructed for one in self.publications)

    @property
    def has_published(self) -> bool:
        """Whether the region itself has published something here."""
        return any(one.is_by(self.code) for one in self.publications)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Item:
    """One thing told about a county: its values by local name of the property."""

    iri: str
    label: Words
    classes: tuple[str, ...]
    values: Mapping[str, tuple[Value, ...]]

    def get(self, name: str) -> tuple[Value, ...]:
        """All values of a property; empty where nothing is said."""
        return self.values.get(name, ())

    def first(self, name: str) -> Value | None:
        """The value of a property that has at most one."""
        return next(iter(self.get(name)), None)


@dataclass(frozen=True)
class RegionContent:
    """Everything told about a county, by local name of the class, in the order of the forms."""

    by_class: Mapping[str, tuple[Item, ...]]
    forms: Mapping[str, Form] = field(default_factory=dict)

    def of(self, name: str) -> tuple[Item, ...]:
        """The things of a class; empty where there are none."""
        return self.by_class.get(name, ())

    def others(self, shown: Sequence[str]) -> list[tuple[Form, tuple[Item, ...]]]:
        """Classes with a form that the page has no place of their own for."""
        return [
            (form, self.by_class[name])
            for name, form in self.forms.items()
            if name not in shown and self.by_class.get(name)
        ]


def regions(backend: Backend, lang: Lang, iri: str | None = None) -> list[RegionSummary]:
    """All counties in county-code order, or the one with an IRI."""
    rows = ask(backend, "regions", **({"region": iri} if iri else {}))
    published: dict[str, list[PublicationView]] = {}
    all_published = publications(backend, lang)
    for one in all_published:
        if one.region and one.region.iri:
            published.setdefault(one.region.iri, []).append(one)
    found: dict[str, RegionSummary] = {}
    for row in sorted(rows, key=lambda row: (iri_of(row["code"]), preference(row["label"], lang))):
        key = iri_of(row["region"])
        if key not in found:
            own = tuple(published.get(key, ()))
            found[key] = RegionSummary(key, iri_of(row["code"]), words_of(row["label"]), {}, own)
        if "class" in row and "count" in row:
            counts = dict(found[key].counts)
            counts[last_part(iri_of(row["class"]))] = int(iri_of(row["count"]))
            summary = found[key]
            found[key] = RegionSummary(summary.iri, summary.code, summary.label, counts, summary.publications)
    return [*found.values(), *_made_up(backend, all_published, iri)]


def _made_up(backend: Backend, published: Sequence[PublicationView], iri: str | None) -> list[RegionSummary]:
    """Made-up counties have no place of their own: each is what its publication tells."""
    chosen = [one for one in published if one.constructed and one.region is None and iri in (None, one.iri)]
    sizes = sizes_by_class(backend) if chosen else {}
    return [
        RegionSummary(one.iri, one.publisher_code, one.label, sizes.get(one.iri, {}), (one,))
        for one in chosen
    ]


def by_code(summaries: Sequence[RegionSummary], code: str) -> RegionSummary | None:
    """The county with a code."""
    return next((one for one in summaries if one.code.casefold() == code.casefold()), None)


def region_iri(code: str) -> str:
    """Where a real county's identifier stands."""
    return str(ID[f"ref/region/{code}"])


def content(backend: Backend, region: str, lang: Lang) -> RegionContent:
    """Everything told about a county."""
    rows = ask(backend, "region-statements", region=region)
    labels = Labels(backend, iris_in(rows), lang)
    values: dict[str, dict[str, list[Value]]] = {}
    classes: dict[str, list[str]] = {}
    for row in rows:
        thing, prop = iri_of(row["thing"]), last_part(iri_of(row["property"]))
        if prop == "type":
            classes.setdefault(thing, []).append(last_part(iri_of(row["value"])))
        elif prop != "label":
            values.setdefault(thing, {}).setdefault(prop, []).append(
                labels.value(row["value"], iri_of(row["property"]))
            )
    forms = {last_part(form.target_class): form for form in load_forms().all}
    by_class: dict[str, list[Item]] = {}
    for thing, names in classes.items():
        own = {prop: tuple(several) for prop, several in values.get(thing, {}).items()}
        item = Item(thing, labels.words(thing), tuple(names), own)
        for name in names:
            by_class.setdefault(name, []).append(item)
    return RegionContent({name: tuple(sorted(items, key=_order)) for name, items in by_class.items()}, forms)


def _order(item: Item) -> tuple[str, list[object]]:
    """Things in the order that people number them: a2 before a10."""
    local = last_part(item.iri)
    head = item.iri[: -len(local)]
    parts: list[object] = [
        (0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in _PIECE.findall(local)
    ]
    return head, parts
