"""The house rules for query files, checked on what the parsers make of the very text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from rdflib import RDF, Variable
from rdflib.paths import MulPath
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from ..ontology.problems import RodtradError
from .algebra import certain, nodes, triples, variables_in, variables_of
from .header import Query, parse
from .parameters import parameter_lines
from .runner import LABEL

LANG = "lang"


@dataclass(frozen=True)
class Fault:
    """A broken house rule: its name, the file, and what is wrong."""

    rule: str
    file: str
    words: str

    def __str__(self) -> str:
        return f"{self.file}: {self.words} [{self.rule}]"


@dataclass(frozen=True)
class _Subject:
    """What a rule looks at."""

    query: Query
    tree: CompValue
    algebra: CompValue


Rule = Callable[[_Subject], Iterator[str]]


def lint_folder(folder: Path) -> list[Fault]:
    """The faults of every query file of a folder."""
    return [
        fault for path in sorted(folder.glob("*.rq")) for fault in lint(path.read_text("utf-8"), path.name)
    ]


def lint(text: str, file: str) -> list[Fault]:
    """The faults of one query file; ``[]`` when it keeps the house rules."""
    try:
        query = parse(text, file)
    except RodtradError as error:
        return [Fault("header", file, problem.message("en")) for problem in error.problems]
    try:
        ox.Store().query(text)
    except (SyntaxError, ValueError) as error:
        return [Fault("syntax", file, f"pyoxigraph: {error}")]
    try:
        tree = parseQuery(text)
        algebra = translateQuery(tree).algebra
    except Exception as error:  # rdflib's parsers raise a family of their own and plain Exception
        return [Fault("syntax", file, f"rdflib: {error}")]
    subject = _Subject(query, cast(CompValue, tree[1]), algebra)
    return [Fault(name, file, words) for name, rule in RULES.items() for words in rule(subject)]


def _select_star(subject: _Subject) -> Iterator[str]:
    for node in nodes(subject.tree):
        if node.name in {"SelectQuery", "SubSelect"} and "projection" not in node:
            yield "SELECT * hides what the answer holds"


def _service(subject: _Subject) -> Iterator[str]:
    if any(node.name == "ServiceGraphPattern" for node in nodes(subject.tree)):
        yield "SERVICE would open a connection"


def _order(subject: _Subject) -> Iterator[str]:
    order = subject.tree.orderby
    if subject.tree.name != "SelectQuery":
        return
    if not order:
        yield "there is no ORDER BY"
        return
    last = order["condition"][-1]
    last = last["expr"] if isinstance(last, CompValue) and last.name == "OrderCondition" else last
    if not isinstance(last, Variable) or last not in subject.algebra.PV or str(last).endswith(LABEL):
        yield "the last key of ORDER BY is not a variable of the answer that tells rows apart"


def _columns(subject: _Subject) -> Iterator[str]:
    declared = {column.name for column in subject.query.columns}
    selected = {str(variable) for variable in subject.algebra.PV}
    labels = {name for name in selected if name.endswith(LABEL) and name.removesuffix(LABEL) in declared}
    if missing := sorted(declared - selected):
        yield f"declared but not selected: {', '.join(missing)}"
    if more := sorted(selected - declared - labels):
        yield f"selected but not declared: {', '.join(more)}"


def _distinct_paths(subject: _Subject) -> Iterator[str]:
    for select, distinct in _selects(subject.algebra):
        if not distinct and any(isinstance(triple[1], PropertyPath) for triple in _own_triples(select)):
            yield "a property path stands outside SELECT DISTINCT"


def _bound_ends(subject: _Subject) -> Iterator[str]:
    for select, _ in _selects(subject.algebra):
        own = _own_triples(select)
        sure = _own(select, {"LeftJoin", "Minus"})
        plain = {
            term
            for node in sure
            if node.name == "BGP"
            for s, p, o in node.triples
            if not isinstance(p, MulPath)
            for term in (s, o)
        }
        plain |= {name for node in sure if node.name == "values" for row in node.res for name in row}
        plain |= {name for node in sure if node.name == "ToMultiSet" for name in certain(node)}
        for s, p, o in own:
            if isinstance(p, MulPath) and not any(
                not isinstance(end, Variable) or end in plain for end in (s, o)
            ):
                yield f"neither end of the path {p.n3()} is bound"


def _not_exists(subject: _Subject) -> Iterator[str]:
    for node in nodes(subject.algebra):
        if node.name == "Builtin_NOTEXISTS" and len(list(triples(node.graph))) > 1:
            yield "NOT EXISTS holds more than one triple pattern: use MINUS, or nest"


def _path_to_type(subject: _Subject) -> Iterator[str]:
    for select, _ in _selects(subject.algebra):
        own = _own_triples(select)
        typed = {s for s, p, _ in own if p == RDF.type}
        for s, p, o in own:
            if isinstance(p, MulPath) and p.mod in {"+", "*"} and {s, o} & typed:
                yield "a repeated path joins a type pattern: use FILTER EXISTS"


def _parameters(subject: _Subject) -> Iterator[str]:
    query = subject.query
    marked = parameter_lines(query.text)
    known = {parameter.name for parameter in query.parameters}
    for name in sorted(known - set(marked)):
        yield f"there is no line VALUES (?{name}) {{ … }} #+params"
    for name in sorted(set(marked) - known - {LANG}):
        yield f"the line of ?{name} has no parameter in the header"
    body = [line for line in query.text.splitlines() if not line.startswith("#+")]
    if sum("#+" in line for line in body) != sum(len(parameter_lines(line)) for line in body):
        yield "a #+ mark stands on a line that the runner does not read"
    for parameter in query.parameters:
        rest = "\n".join(line for line in body if parameter.name not in parameter_lines(line))
        if not parameter.required and not re.search(rf"\?{parameter.name}\b", rest):
            yield f"?{parameter.name} is optional but bound by nothing else"


def _language_scope(subject: _Subject) -> Iterator[str]:
    for node in nodes(subject.algebra):
        groups = {
            "Union": (node.p1, node.p2),
            "Minus": (node.p2,),
            "LeftJoin": (node.p2,),
            "ToMultiSet": (node.p,),
        }
        for group in groups.get(node.name, ()):
            if _reads_language(group) and not _sets_language(group):
                yield f"?{LANG} is read in an inner group, which does not see it"


def _optional_on_optional(subject: _Subject) -> Iterator[str]:
    for node in nodes(subject.algebra):
        if node.name == "LeftJoin":
            loose = variables_of(node.p2) & variables_of(node.p1) - certain(node.p1)
            if loose:
                unsure = _names(loose)
                yield f"an OPTIONAL hangs on {unsure}, which may be unbound: it would then match everything"


def _required_first(subject: _Subject) -> Iterator[str]:
    """Engines take all before an OPTIONAL, a BIND or a MINUS for large, and read a pattern after it whole."""
    for group in nodes(subject.tree):
        if group.name != "GroupGraphPatternSub":
            continue
        sure: set[Variable] = set()
        loose: set[Variable] = set()
        cut = False
        for part in group.part or ():
            if part.name in {"OptionalGraphPattern", "Bind", "MinusGraphPattern"}:
                cut = True
                loose |= set(variables_in(part)) - sure
            elif part.name == "TriplesBlock":
                for triple in triples(part):
                    named = set(variables_in(triple))
                    if named & loose:
                        loose |= named - sure
                    elif cut:
                        yield f"a required pattern of {_names(named)} follows an OPTIONAL, BIND or MINUS"
                    else:
                        sure |= named
            elif part.name != "Filter":
                sure |= set(variables_in(part)) - loose


RULES: dict[str, Rule] = {
    "select-star": _select_star,
    "service": _service,
    "order-by": _order,
    "columns": _columns,
    "distinct-path": _distinct_paths,
    "bound-end": _bound_ends,
    "not-exists": _not_exists,
    "path-to-type": _path_to_type,
    "parameters": _parameters,
    "language-scope": _language_scope,
    "optional-on-optional": _optional_on_optional,
    "required-first": _required_first,
}


def _selects(algebra: CompValue) -> Iterator[tuple[CompValue, bool]]:
    """Every SELECT of a query, outer first, and whether its rows are made distinct."""
    distinct = {id(node.p) for node in nodes(algebra) if node.name in {"Distinct", "Reduced"}}
    sliced = {id(node.p) for node in nodes(algebra) if node.name == "Slice" and id(node) in distinct}
    for node in nodes(algebra):
        if node.name == "Project":
            yield node, id(node) in distinct | sliced


def _own(select: CompValue, first_only: Collection[str] = ()) -> list[CompValue]:
    """The nodes of a SELECT without those of the SELECTs and the EXISTS inside it.

    Of nodes named in ``first_only`` the second side is left out: what it holds need not be there.
    """
    found = list(nodes(select.p, stop={"Project", "Builtin_EXISTS", "Builtin_NOTEXISTS"}))
    left_out = {
        id(below) for node in found if node.name in first_only for below in nodes(node.p2, stop={"Project"})
    }
    return [node for node in found if id(node) not in left_out]


def _own_triples(select: CompValue) -> list[tuple]:
    return [triple for node in _own(select) if node.name == "BGP" for triple in node.triples]


def _names(variables: Collection[Variable]) -> str:
    return ", ".join(sorted(f"?{name}" for name in variables))


def _reads_language(group: CompValue) -> bool:
    return Variable(LANG) in variables_of(group, expressions=True)


def _sets_language(group: CompValue) -> bool:
    return any(Variable(LANG) in row for node in nodes(group) if node.name == "values" for row in node.res)
