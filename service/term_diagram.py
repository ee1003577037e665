"""The picture of a module: its classes with their properties, and arrows to the classes these lead to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, URIRef

from ..ontology import vocabulary_graph
from ..ontology.problems import Lang
from ..shapes.form import load_forms
from .chain_svg import _attribute, _text
from .term_docs import Ref, TermDoc, describe, documented
from .texts import text

_LEFT, _RIGHT, _BETWEEN = 300.0, 260.0, 190.0
_HEAD, _ROW, _GAP, _PAD = 30.0, 22.0, 16.0, 9.0


@dataclass(frozen=True, order=True)
class Arrow:
    """From a class by a property to a class; without a property the target is a superclass."""

    source: Ref
    prop: Ref | None
    target: Ref


def arrows(module: TermDoc, lang: Lang) -> list[tuple[Ref, list[Arrow]]]:
    """The classes of a module, each with its arrows: its superclasses first, then by name of property."""
    found = []
    for one in module.of_kind("class"):
        source = Ref(one.label, one.iri)
        up = [Arrow(source, None, parent) for parent in (one.links or {}).get("supers", ())]
        along = {Arrow(source, prop, target) for prop, target in _properties(one.iri, lang)}
        found.append(
            (source, [*up, *sorted(along, key=lambda a: ((a.prop or a.target).text.casefold(), a.target))])
        )
    return found


def _properties(cls: str, lang: Lang) -> list[tuple[Ref, Ref]]:
    """Properties of a class that lead to classes: by the forms, and by domain and range."""
    graph, node = vocabulary_graph(), URIRef(cls)
    pairs: set[tuple[URIRef, URIRef]] = set()
    for form in load_forms().all:
        for column in form.columns:
            target = column.cls or (column.nested.target_class if column.nested else None)
            if form.target_class == node and target is not None and not column.inverse:
                pairs.add((column.path, target))
    for prop in graph.subjects(RDFS.domain, node):
        for target in graph.objects(prop, RDFS.range):
            if (
                isinstance(prop, URIRef)
                and isinstance(target, URIRef)
                and (target, RDF.type, OWL.Class) in graph
            ):
                pairs.add((prop, target))
    return [(_ref(prop, lang), _ref(target, lang)) for prop, target in pairs]


def _ref(iri: URIRef, lang: Lang) -> Ref:
    known = str(iri) in documented()
    return Ref(
        describe(str(iri), lang).label if known else iri.rpartition("#")[2].rpartition("/")[2], str(iri)
    )


def draw(module: TermDoc, lang: Lang, href: Callable[[str], str | None]) -> str:
    """The module as an ``<svg>`` element; empty when it has no classes. ``href`` gives the page of a term."""
    rows = arrows(module, lang)
    if not rows:
        return ""
    places, ends, y = [], {}, 0.0
    for source, several in rows:
        places.append((y, source, several))
        for at, arrow in enumerate(several):
            ends.setdefault(arrow.target, []).append(y + _HEAD + (at + 0.5) * _ROW)
        y += _HEAD + len(several) * _ROW + _GAP
    targets = _stacked(ends)
    height = max([y - _GAP, *(top + _HEAD for top in targets.values())]) + 2
    width = _LEFT + _BETWEEN + _RIGHT + 4
    title = text("onto_diagram_title", lang, name=module.label)
    parts = [
        '<svg class="model" xmlns="http://www.w3.org/2000/svg" role="group" '
        f'viewBox="-2 -1 {width:g} {height:.0f}" width="{width:g}" height="{height:.0f}" '
        'aria-labelledby="model-title model-desc">',
        f'<title id="model-title">{_text(title)}</title>',
        f'<desc id="model-desc">{_text(text("onto_diagram_desc", lang))}</desc>',
        '<g class="arrows" aria-hidden="true">',
        *(_arrow(top, at, arrow, targets) for top, _, several in places for at, arrow in enumerate(several)),
        "</g>",
        *(_class(top, source, several, lang, href) for top, source, several in places),
        *(_target(top, target, href) for target, top in targets.items()),
        "</svg>",
    ]
    return "\n".join(parts)


def _stacked(ends: dict[Ref, list[float]]) -> dict[Ref, float]:
    """Each target near the middle of what points to it, none upon another."""
    found: dict[Ref, float] = {}
    free = 0.0
    for target, points in sorted(ends.items(), key=lambda pair: (sum(pair[1]) / len(pair[1]), pair[0])):
        found[target] = max(free, sum(points) / len(points) - _HEAD / 2)
        free = found[target] + _HEAD + 10
    return found


def _arrow(top: float, at: int, arrow: Arrow, targets: dict[Ref, float]) -> str:
    y, end, half = top + _HEAD + (at + 0.5) * _ROW, targets[arrow.target] + _HEAD / 2, _LEFT + _BETWEEN / 2
    x = _LEFT + _BETWEEN - 8
    kind = "is-a" if arrow.prop is None else "leads"
    return (
        f'<path class="{kind}" d="M{_LEFT:g} {y:.1f}C{half:g} {y:.1f} {half:g} {end:.1f} {x:g} {end:.1f}"/>'
        f'<path class="head {kind}" d="M{x + 8:g} {end:.1f}l-9 -4.5v9z"/>'
    )


def _class(
    top: float, source: Ref, several: list[Arrow], lang: Lang, href: Callable[[str], str | None]
) -> str:
    height = _HEAD + len(several) * _ROW
    parts = [
        f'<rect class="box" x="0" y="{top:.1f}" width="{_LEFT:g}" height="{height:.1f}" rx="3"/>',
        _words(source, 0, top + 20, "name", href),
    ]
    for at, arrow in enumerate(several):
        shown = arrow.prop or Ref(text("onto_is_a", lang))
        parts.append(_words(shown, 0, top + _HEAD + (at + 0.68) * _ROW, "property", href))
    return "".join(parts)


def _target(top: float, target: Ref, href: Callable[[str], str | None]) -> str:
    x = _LEFT + _BETWEEN
    return (
        f'<rect class="box target" x="{x:g}" y="{top:.1f}" width="{_RIGHT:g}" height="{_HEAD:g}" rx="3"/>'
        + _words(target, x, top + 20, "name", href)
    )


def _words(ref: Ref, x: float, y: float, cls: str, href: Callable[[str], str | None]) -> str:
    shown = ref.text if len(ref.text) <= 36 else ref.text[:35].rstrip() + "…"
    words = f'<text class="{cls}" x="{x + _PAD:g}" y="{y:.1f}">{_text(shown)}</text>'
    address = href(ref.iri) if ref.iri else None
    return f'<a href="{_attribute(address)}">{words}</a>' if address else words
