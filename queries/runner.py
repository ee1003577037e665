"""Asks a question of the catalogue and reads the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from ..ontology.names import PREFIXES
from ..ontology.problems import LANGS, Lang
from .answer import Answer, Cell
from .header import Query
from .parameters import JSON, Engine, bind

LABEL = "Label"
_BATCH = 500


def run(engine: Engine, query: Query, params: Mapping[str, str] | None = None, lang: Lang = "sv") -> Answer:
    """Ask ``query`` with the values in ``params``.

    A value of a parameter of type ``iri`` is an IRI, a notation or an unambiguous label.
    Raises RodtradError: ``missing-parameter``, ``unknown-parameter``, ``unknown-parameter-value``,
    and what the engine raises.
    """
    sparql = bind(engine, query, params or {}, lang)
    bindings = json.loads(engine.query(sparql, JSON))["results"]["bindings"]
    labels = look_up_labels(engine, _unlabelled(query, bindings), lang)
    return Answer(
        query=query,
        lang=lang,
        columns=query.columns,
        rows=tuple(_row(query, binding, labels) for binding in bindings),
        sparql=sparql,
        generation=getattr(engine, "generation", None),
    )


def look_up_labels(engine: Engine, iris: Iterable[str], lang: Lang) -> dict[str, str]:
    """The label of each resource in ``lang``, or in the other language; those without are left out."""
    wanted = sorted(set(iris))
    found: dict[str, str] = {}
    for batch in _batches(wanted):
        rows = json.loads(engine.query(_labels_query(batch), JSON))["results"]["bindings"]
        for row in sorted(rows, key=lambda row: _preference(row["label"], lang)):
            found.setdefault(row["resource"]["value"], row["label"]["value"])
    return found


def _labels_query(iris: Sequence[str]) -> str:
    values = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    return (
        f"PREFIX rdfs: <{PREFIXES['rdfs']}> PREFIX skos: <{PREFIXES['skos']}>\n"
        f"PREFIX dcterms: <{PREFIXES['dcterms']}>\n"
        f"SELECT DISTINCT ?resource ?label WHERE {{ VALUES ?resource {{ {values} }}\n"
        "  ?resource rdfs:label|skos:prefLabel|dcterms:title ?label . } ORDER BY ?resource ?label"
    )


def _preference(label: Mapping[str, str], lang: Lang) -> tuple[bool, bool]:
    written = label.get("xml:lang", "")
    return written != lang, written not in LANGS


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _unlabelled(query: Query, bindings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    names = [column.name for column in query.columns]
    for binding in bindings:
        for name in names:
            term = binding.get(name)
            if term and term["type"] == "uri" and not binding.get(name + LABEL, {}).get("value"):
                yield term["value"]


def _row(query: Query, binding: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Cell]:
    return {
        column.name: _cell(binding[column.name], binding.get(column.name + LABEL), labels)
        for column in query.columns
        if column.name in binding
    }


def _cell(term: Mapping[str, str], label: Mapping[str, str] | None, labels: Mapping[str, str]) -> Cell:
    value = term["value"]
    if term["type"] != "uri":
        return Cell(value=value, label=value, datatype=term.get("datatype"))
    text = (label or {}).get("value") or labels.get(value) or value.rstrip("/#").rpartition("/")[2]
    return Cell(value=value, iri=value, label=text)
