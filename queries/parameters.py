"""From what an asker writes to the terms that a query is asked with."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from ..ontology.names import PREFIXES, SCHEME
from ..ontology.problems import LANGS, Lang, Problem, RodtradError
from .header import Parameter, Query

JSON = "application/sparql-results+json"
MAX_CANDIDATES = 30
_MAX_COMPARED = 5_000
_NEAREST = 5

_LINE = re.compile(r"^(?P<indent>\s*)VALUES\s*\(\s*\?(?P<name>\w+)\s*\).*#\+(?P<kind>params|lang)\s*$")
_NAMES = ("rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:notation", "rt:code", "rt:publisherId")
_ABSOLUTE = re.compile(r"^(https?|urn):\S+$")


class Engine(Protocol):
    """What answers a query: the store's engine in this process, or a host outside it."""

    def query(self, text: str, accept: str, /) -> bytes:
        """The answer in the media type ``accept``."""
        ...


@dataclass(frozen=True)
class Candidate:
    """A resource that a value may have meant."""

    iri: str
    label: str

    def __str__(self) -> str:
        return f"{self.label} <{self.iri}>" if self.label else f"<{self.iri}>"


def parameter_lines(text: str) -> Mapping[str, int]:
    """The variables that the asker may set, each with its line counted from 1."""
    found = ((_LINE.match(line), number) for number, line in enumerate(text.splitlines(), 1))
    return {match["name"]: number for match, number in found if match}


def bind(engine: Engine, query: Query, given: Mapping[str, str], lang: Lang) -> str:
    """Return the query's text with its example values replaced by the terms of ``given``.

    Empty values count as not given. An optional parameter that is not given loses its line.
    Raises RodtradError: ``unknown-parameter``, ``missing-parameter``, ``unknown-parameter-value``.
    """
    known = {parameter.name for parameter in query.parameters}
    problems = [
        Problem(
            "unknown-parameter",
            values={"query": query.id, "name": name, "known": ", ".join(sorted(known)) or "–"},
        )
        for name in sorted(set(given) - known)
    ]
    terms: dict[str, ox.NamedNode | ox.Literal | None] = {"lang": ox.Literal(lang)}
    for parameter in query.parameters:
        try:
            terms[parameter.name] = _term(engine, query, parameter, given.get(parameter.name, ""), lang)
        except RodtradError as error:
            problems += error.problems
    if problems:
        raise RodtradError(problems)
    return "\n".join(
        line for line in (_bound(line, terms) for line in query.text.splitlines()) if line is not None
    )


def with_iris(text: str, iris: Mapping[str, Sequence[str]], lang: Lang = "sv") -> str:
    """Return a query with each variable of ``iris`` bound to those resources; other lines fall away.

    Raises ValueError for what is not an IRI.
    """
    lines = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if not match or match["kind"] == "lang":
            lines.append(_bound(line, {"lang": ox.Literal(lang)}))
        elif match["name"] in iris:
            terms = " ".join(f"({ox.NamedNode(iri)})" for iri in iris[match["name"]])
            lines.append(f"{match['indent']}VALUES (?{match['name']}) {{ {terms} }}")
    return "\n".join(line for line in lines if line is not None)


def candidates(engine: Engine, parameter: Parameter, lang: Lang, value: str | None = None) -> list[Candidate]:
    """The resources that a parameter of type ``iri`` can take, by label; with ``value`` those so named."""
    condition = "" if value is None else _named(value)
    return _asked(engine, _lookup(parameter, condition, lang))


def _asked(engine: Engine, text: str) -> list[Candidate]:
    rows = json.loads(engine.query(text, JSON))["results"]["bindings"]
    return [Candidate(row["candidate"]["value"], row.get("label", {}).get("value", "")) for row in rows]


def matching(engine: Engine, parameter: Parameter, lang: Lang, written: str) -> list[Candidate]:
    """The resources whose label or notation holds what is written so far, by label; all when nothing is."""
    words = ox.Literal(" ".join(written.split()).casefold())
    condition = (
        f"?candidate ?name ?called . FILTER(?name IN ({', '.join(_NAMES)}))\n"
        f"FILTER(CONTAINS(LCASE(STR(?called)), {words}))"
        if written.strip()
        else ""
    )
    return _asked(engine, _lookup(parameter, condition, lang))


def nearest(engine: Engine, parameter: Parameter, lang: Lang, value: str) -> list[Candidate]:
    """The resources whose labels are most like what was written, the likest first."""
    every = _asked(engine, _lookup(parameter, "", lang, _MAX_COMPARED))
    by_label = {one.label.casefold(): one for one in reversed(every)}
    folded = " ".join(value.split()).casefold()
    close = difflib.get_close_matches(folded, by_label, _NEAREST, 0.6)
    held = [label for label in by_label if len(folded) > 2 and folded in label]
    return [by_label[label] for label in dict.fromkeys([*close, *sorted(held)])][:_NEAREST]


def _bound(line: str, terms: Mapping[str, ox.NamedNode | ox.Literal | None]) -> str | None:
    match = _LINE.match(line)
    if not match:
        return line
    term = terms.get(match["name"])
    return None if term is None else f"{match['indent']}VALUES (?{match['name']}) {{ ({term}) }}"


def _term(
    engine: Engine, query: Query, parameter: Parameter, given: str, lang: Lang
) -> ox.NamedNode | ox.Literal | None:
    value = given.strip() or parameter.default or ""
    if not value and not parameter.required:
        return None
    if not value:
        values = {
            "query": query.id,
            "name": parameter.name,
            "example": parameter.example,
            "label_sv": parameter.labels["sv"],
            "label_en": parameter.labels["en"],
        }
        raise RodtradError(Problem("missing-parameter", values=values))
    if parameter.type == "string":
        return ox.Literal(value)
    if parameter.type == "integer":
        try:
            return ox.Literal(int(value))
        except ValueError:
            raise _wrong("parameter-not-a-number", parameter, value, []) from None
    return ox.NamedNode(_resource(engine, parameter, value, lang))


def _resource(engine: Engine, parameter: Parameter, value: str, lang: Lang) -> str:
    found = candidates(engine, parameter, lang, value)
    if len(found) == 1:
        return found[0].iri
    if found:
        raise _wrong("ambiguous-parameter-value", parameter, value, found)
    if _ABSOLUTE.match(value):
        raise _wrong("parameter-of-other-kind", parameter, value, candidates(engine, parameter, lang))
    close = nearest(engine, parameter, lang, value)
    raise _wrong("unknown-parameter-value", parameter, value, [*close, *candidates(engine, parameter, lang)])


def _wrong(code: str, parameter: Parameter, value: str, found: Sequence[Candidate]) -> RodtradError:
    """The nearest come first; of a long list the rest is left to the look-up."""
    listed = list(dict.fromkeys(found))
    shown = "; ".join(str(candidate) for candidate in listed[:MAX_CANDIDATES]) or parameter.example
    more = " …" if len(listed) > MAX_CANDIDATES else ""
    values = {
        "name": parameter.name,
        "given": value,
        "candidates": shown + more,
        "example": parameter.example,
        "label_sv": parameter.labels["sv"],
        "label_en": parameter.labels["en"],
    }
    return RodtradError(Problem(code, values=values))


def _named(value: str) -> str:
    if _ABSOLUTE.match(value):
        try:
            return f"VALUES (?candidate) {{ ({ox.NamedNode(value)}) }}"
        except ValueError:
            return "FILTER(false)"
    folded = ox.Literal(" ".join(value.split()).casefold())
    return (
        f"?candidate ?name ?called . FILTER(?name IN ({', '.join(_NAMES)}))\n"
        f"FILTER(LCASE(STR(?called)) = {folded})"
    )


def _lookup(parameter: Parameter, condition: str, lang: Lang, limit: int = MAX_CANDIDATES + 1) -> str:
    if parameter.scheme:
        belongs = f"?candidate skos:inScheme {ox.NamedNode(SCHEME + parameter.scheme)} ."
    elif parameter.cls:
        prefix, _, name = parameter.cls.partition(":")
        # From the class down: the other way round, the type of every resource would be read.
        belongs = (
            f"VALUES (?top) {{ ({ox.NamedNode(PREFIXES[prefix] + name)}) }}\n"
            "  ?class rdfs:subClassOf* ?top . ?candidate a ?class ."
        )
    else:
        belongs = "?candidate a ?class ."
    first, second = (ox.Literal(one) for one in sorted(LANGS, key=lambda one: one != lang))
    return f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
PREFIX rt: <{PREFIXES["rt"]}>
SELECT DISTINCT ?candidate ?label WHERE {{
  {belongs}
  {condition}
  OPTIONAL {{ ?candidate rdfs:label|skos:prefLabel ?first . FILTER(LANG(?first) = {first}) }}
  OPTIONAL {{ ?candidate rdfs:label|skos:prefLabel ?second . FILTER(LANG(?second) = {second}) }}
  BIND(COALESCE(?first, ?second) AS ?label)
}} ORDER BY ?label ?candidate LIMIT {limit}
"""
