"""Every rule is weakened in turn, and a fixture must notice.

A mutant is the package's shapes with one change to one rule: the rule dropped, its severity changed, or one piece of
what it looks at changed (a condition dropped or turned round, a comparison or a number shifted, a path
shortened, a target or bound moved). It is killed when a fixture of the rule no longer gives the expected report.
The drops and severities of all rules and a sample of the rest run always; all of it with RODTRAD_DEEP=1.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
import yaml
from rdflib import SH, Graph, Literal, URIRef
from rdflib.term import Node
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import RT, RULE
from rodtrad.ontology.problems import RodtradError
from rodtrad.shapes.compiler import component_of
from rodtrad.shapes.library import Library, library, shape_files
from rodtrad.shapes.report import Report
from rodtrad.shapes.validation import rules, validate

HERE = Path(__file__).parent
RULES = {rule.id: rule for rule in rules()}
SAMPLE = 7
EQUIVALENT = yaml.safe_load((HERE / "equivalent-mutants.yaml").read_text("utf-8")) or {}
_SEVERITIES = (SH.Violation, SH.Warning, SH.Info)
_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_BOUNDS = (SH.minCount, SH.maxCount, SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive)
_NEAR = {SH.lessThanOrEquals: SH.lessThan, SH.lessThan: SH.lessThanOrEquals}
_OPERATORS = {
    "<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="),
    "=": ("!=",), "!=": ("=",), "||": ("&&",), "&&": ("||",),
    "IN": ("NOT IN",), "NOT IN": ("IN",), "EXISTS": ("NOT EXISTS",), "NOT EXISTS": ("EXISTS",),
}  # fmt: skip
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<iri><[^<>"\s]*>)|(?P<var>[?$]\w+)
    |(?P<op>NOT\ IN|NOT\ EXISTS|\bEXISTS\b|\bIN\b|<=|>=|!=|\|\||&&|[<>=])
    |(?P<name>[A-Za-z][\w-]*:[A-Za-z][\w-]*)|(?P<number>\b\d+(?:\.\d+)?\b)|(?P<word>\w+)|(?P<sign>\S)""",
    re.VERBOSE,
)  # fmt: skip


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    return [Token(m.lastgroup or "", m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def closing(found: list[Token], at: int) -> int:
    """The index of the bracket that closes the one at an index."""
    pairs = {"(": ")", "{": "}"}
    opening, depth = found[at].text, 0
    for index in range(at, len(found)):
        depth += (found[index].text == opening) - (found[index].text == pairs[opening])
        if depth == 0:
            return index
    raise AssertionError(f"unbalanced at {found[at].start}")


def filters(found: list[Token]) -> Iterator[tuple[int, int]]:
    """The token spans of FILTER conditions."""
    for at, token in enumerate(found):
        if token.text == "FILTER":
            opening = next(i for i in range(at, len(found)) if found[i].text in "({")
            yield at, closing(found, opening)


def statements(found: list[Token]) -> Iterator[tuple[int, int]]:
    """The token spans of single predicate-object parts of the patterns that are not within brackets or filters."""
    start: int | None = None
    depth = 0
    skip = -1
    spans = dict(filters(found))
    body = next(i for i, token in enumerate(found) if token.text == "{")
    for at in range(body + 1, len(found)):
        if at <= skip:
            continue
        if at in spans and depth == 0:
            skip = spans[at]
            if start is not None:
                yield start, at
            start = None
        elif (found[at].text in "{}" and found[at].kind == "sign") or found[at].text == "UNION":
            if start is not None and at > start:
                yield start, at
            start = None
        else:
            text = found[at].text
            depth += (text == "(") - (text == ")")
            if start is None:
                start = at
            elif depth == 0 and text in (".", ";"):
                yield start, at
                start = None


def replaced(text: str, start: int, end: int, by: str) -> str:
    return text[:start] + by + text[end:]


def query_mutants(text: str) -> Iterator[tuple[str, str]]:
    """The name of a change and the changed query, for each change to a query of a rule."""
    found = tokens(text)
    for first, last in filters(found):
        start, end = found[first].start, found[last].end
        piece = " ".join(text[start:end].split())[:70] + f" at {start}"
        yield f"without {piece}", replaced(text, start, end, "")
        if found[first + 1].text == "(":
            yield (
                f"not {piece}",
                replaced(text, found[first + 1].start, end, f"(!{text[found[first + 1].start : end]})"),
            )
    for token in found:
        for other in _OPERATORS.get(token.text, ()) if token.kind == "op" else ():
            yield f"{token.text} to {other} at {token.start}", replaced(text, token.start, token.end, other)
        if token.kind == "number":
            for other in (_shifted(token.text, 1), _shifted(token.text, -1)):
                yield (
                    f"{token.text} to {other} at {token.start}",
                    replaced(text, token.start, token.end, other),
                )
    yield from _statement_mutants(text, found)
    yield from _path_mutants(text, found)


def _shifted(number: str, by: int) -> str:
    return str(float(number) + by) if "." in number else str(int(number) + by)


def _statement_mutants(text: str, found: list[Token]) -> Iterator[tuple[str, str]]:
    for first, last in statements(found):
        begins = first == 0 or found[first - 1].text != ";"
        ends = found[last].text
        kept = first + 1 if begins else first
        if kept == last:
            continue
        start = found[kept].start
        piece = " ".join(text[start : found[last - 1].end].split())[:70] + f" at {start}"
        if begins and ends == ";":
            yield f"without {piece}", replaced(text, found[kept].start, found[last].end, "")
        elif begins:
            close = found[last].end if ends == "." else found[last].start
            yield f"without {piece}", replaced(text, found[first].start, close, "")
        else:
            yield f"without {piece}", replaced(text, found[first - 1].start, found[last].start, "")


def _path_mutants(text: str, found: list[Token]) -> Iterator[tuple[str, str]]:
    for at, token in enumerate(found):
        if token.text == "|" and token.kind == "sign":
            before, after = _part(found, at, -1), _part(found, at, 1)
            yield (
                f"without path {text[found[before].start : token.start]} at {token.start}",
                replaced(text, found[before].start, token.end, ""),
            )
            yield (
                f"without path {text[token.end : found[after].end]} at {token.start}",
                replaced(text, token.start, found[after].end, ""),
            )
        if token.kind == "sign" and token.text in "+?" and found[at - 1].end == token.start:
            yield f"without {token.text} at {token.start}", replaced(text, token.start, token.end, "")
        if token.text == "," and token.kind == "sign" and _in_list(found, at):
            following = found[at + 1]
            yield (
                f"without {following.text} in the list at {token.start}",
                replaced(text, token.start, following.end, ""),
            )


def _part(found: list[Token], at: int, step: int) -> int:
    """The far end of the path alternative beside a bar."""
    index, depth = at + step, 0
    while True:
        text = found[index].text
        depth += (text in (")", "}")) - (text in ("(", "{")) if step < 0 else (text in "({") - (text in ")}")
        following = found[index + step]
        joined = following.text in ("/", "^") or found[index].text in ("/", "^") or depth > 0
        if not joined:
            return index
        index += step


def _in_list(found: list[Token], at: int) -> bool:
    opening = max((i for i in range(at) if found[i].text == "("), default=-1)
    return opening > 0 and found[opening - 1].text in ("IN", "NOT IN")


class Mutant(NamedTuple):
    rule: str
    name: str
    removed: tuple[tuple[Node, URIRef, Node], ...]
    added: tuple[tuple[Node, URIRef, Node], ...]

    @property
    def id(self) -> str:
        return f"{self.rule}: {self.name}"


def changed(
    rule: str, name: str, triple: tuple[Node, URIRef, Node], *new: tuple[Node, URIRef, Node]
) -> Mutant:
    return Mutant(rule, name, (triple,), new)


def shapes_of(rule: str) -> list[URIRef]:
    """The shapes that speak with a rule's voice in its fixtures: itself, or the fields whose findings it words."""
    if (RULE[rule], RT.forComponent, None) not in library().graph:
        return [RULE[rule]]
    found = {
        finding.shape
        for file in sorted((HERE / rule).glob("*.*.ttl"))
        for finding in validated(file, library_of(rule)).findings
        if finding.rule == rule
    }
    return [URIRef(shape) for shape in sorted(found)]


def mutants(rule: str) -> list[Mutant]:
    """Every mutant of a rule, the drop and the severities first."""
    graph = library_of(rule).graph
    made: list[Mutant] = []
    for shape in shapes_of(rule):
        made += _dropped(rule, graph, shape)
        stated = graph.value(shape, SH.severity)
        for other in _SEVERITIES:
            if other != (stated or SH.Violation):
                removed = ((shape, SH.severity, stated),) if stated else ()
                name = f"severity {other.rpartition('#')[2]} ({shape.rpartition('/')[2]})"
                made.append(Mutant(rule, name, removed, ((shape, SH.severity, other),)))
    for shape in shapes_of(rule):
        made += _moved(rule, graph, shape)
        for constraint in graph.objects(shape, SH.sparql):
            text = graph.value(constraint, SH.select)
            for name, query in query_mutants(str(text)):
                made.append(
                    changed(
                        rule, name, (constraint, SH.select, text), (constraint, SH.select, Literal(query))
                    )  # type: ignore[arg-type]
                )
    return made


def _dropped(rule: str, graph: Graph, shape: URIRef) -> Iterator[Mutant]:
    yield Mutant(rule, f"dropped ({shape.rpartition('/')[2]})", (), ((shape, SH.deactivated, Literal(True)),))


def _moved(rule: str, graph: Graph, shape: URIRef) -> Iterator[Mutant]:
    """Bounds shifted, comparisons made strict, and one of several targets left out."""
    spoken_for = set(graph.objects(RULE[rule], RT.forComponent)) or {component_of(one) for one in _BOUNDS}
    for predicate in (one for one in _BOUNDS if component_of(one) in spoken_for):
        for value in graph.objects(shape, predicate):
            for by in (1, -1):
                number = value.toPython() + by  # type: ignore[attr-defined]
                if number >= 0:
                    name = f"{predicate.rpartition('#')[2]} {value} to {number} ({shape.rpartition('/')[2]})"
                    yield changed(rule, name, (shape, predicate, value), (shape, predicate, Literal(number)))
    for predicate, other in _NEAR.items():
        for value in graph.objects(shape, predicate):
            yield changed(
                rule,
                f"{predicate.rpartition('#')[2]} made near",
                (shape, predicate, value),
                (shape, other, value),
            )
    if shape == RULE[rule]:
        targets = [(p, o) for p in _TARGETS for o in graph.objects(shape, p)]
        for predicate, value in targets if len(targets) > 1 else ():
            yield changed(rule, f"without target {value.rpartition('/')[2]}", (shape, predicate, value))  # type: ignore[attr-defined]


@cache
def ntriples(file: Path) -> bytes:
    store = ox.Store()
    store.load(file.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())


@cache
def structure() -> bytes:
    """The vocabulary without its texts: all that rules look at."""
    kept = (b" <https://w3id.org/rodtrad/ns/", b"#subClassOf> ", b"#inScheme> ")
    return b"".join(
        line for line in vocabulary().splitlines(keepends=True) if any(part in line for part in kept)
    )


@cache
def library_of(rule: str) -> Library:
    own = HERE / rule / "shapes.ttl"
    return Library.read([*shape_files(), own]) if own.exists() else library()


def validated(file: Path, shapes: Library) -> Report:
    return validate(
        ntriples(file),
        [structure(), ntriples(HERE / "context.ttl")],
        RULES[file.parent.name].tier,
        shapes=shapes,
    )


@cache
def expected(rule: str) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    with (HERE / rule / "expected.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            entry = tuple(line[name] for name in ("rule", "severity", "focus", "path", "value"))
            if line["rule"] == rule:
                found.setdefault(line["fixture"], []).append(entry)
    return found


@cache
def bare(rule: str) -> Graph:
    """The rule's own shape with what belongs to it, or all shapes where the rule words the findings of fields."""
    whole = library_of(rule).graph
    if (RULE[rule], RT.forComponent, None) in whole:
        return whole
    kept = {RULE[rule], *whole.objects(RULE[rule], SH.sparql), *whole.subjects(RT.tierOrder)}
    for holder in whole.subjects(SH.declare):
        kept |= {holder, *whole.objects(holder, SH.declare)}
    small = Graph(bind_namespaces="none")
    for triple in whole:
        if triple[0] in kept:
            small.add(triple)
    return small


def killed(mutant: Mutant) -> bool | None:
    """Whether a fixture notices; ``None`` where the change is no longer a query that can be run."""
    graph = Graph(bind_namespaces="none")
    for triple in bare(mutant.rule):
        graph.add(triple)
    for triple in mutant.removed:
        graph.remove(triple)
    for triple in mutant.added:
        graph.add(triple)
    shapes = Library(graph)
    for file in sorted((HERE / mutant.rule).glob("*.*.ttl")):
        try:
            report = validated(file, shapes)
        except (RodtradError, SyntaxError):
            return None
        said = [
            (found.rule, found.severity, found.focus, found.path or "", found.value or "")
            for found in report.findings
            if found.rule == mutant.rule
        ]
        if sorted(said) != sorted(expected(mutant.rule).get(file.stem, [])):
            return True
    return False


def surviving(rule: str, chosen: list[Mutant]) -> list[str]:
    known = set(EQUIVALENT.get(rule, {}))
    return [mutant.name for mutant in chosen if mutant.name not in known and killed(mutant) is False]


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_dropped_or_made_milder_or_stricter_is_noticed(rule: str) -> None:
    first = [mutant for mutant in mutants(rule) if mutant.name.startswith(("dropped", "severity"))]
    assert len(first) >= 3
    assert surviving(rule, first) == []


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_weakened_is_noticed_in_a_sample(rule: str) -> None:
    rest = [mutant for mutant in mutants(rule) if not mutant.name.startswith(("dropped", "severity"))]
    assert surviving(rule, rest[::SAMPLE]) == []


@pytest.mark.deep
@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_weakened_in_any_way_is_noticed(rule: str) -> None:
    assert surviving(rule, mutants(rule)) == []


@pytest.mark.deep
@pytest.mark.parametrize("rule", sorted(EQUIVALENT))
def test_mutants_called_equivalent_exist_and_survive(rule: str) -> None:
    by_name = {mutant.name: mutant for mutant in mutants(rule)}
    assert [name for name in EQUIVALENT[rule] if name not in by_name or killed(by_name[name])] == []
