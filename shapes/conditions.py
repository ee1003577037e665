"""What a shape asks of a node, written as a SPARQL expression that is true or false and never an error.

Each look into the graph is an ``EXISTS`` over one triple pattern; a condition on what it finds is nested in
its filter. That form is the one that engines evaluate from the bound end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..ontology.problems import Problem, RodtradError, Where
from .literals import bound_test, comparison, datatype_test, language_test
from .paths import members, path_sparql
from .program import class_mark, true_if_absent

_KINDS = {
    SH.IRI: ("isIRI",),
    SH.BlankNode: ("isBlank",),
    SH.Literal: ("isLiteral",),
    SH.BlankNodeOrIRI: ("isBlank", "isIRI"),
    SH.BlankNodeOrLiteral: ("isBlank", "isLiteral"),
    SH.IRIOrLiteral: ("isIRI", "isLiteral"),
}
_NOT_IN_EVERY_REGEX = re.compile(r"\(\?[=!<]|\\[1-9]")

_AT_MOST_ONE = {
    SH.path,
    SH.datatype,
    SH.nodeKind,
    SH["in"],
    SH.languageIn,
    SH.uniqueLang,
    SH.minCount,
    SH.maxCount,
    SH.minLength,
    SH.maxLength,
    SH.minInclusive,
    SH.minExclusive,
    SH.maxInclusive,
    SH.maxExclusive,
    SH.closed,
    SH.ignoredProperties,
    SH.qualifiedValueShape,
    SH.qualifiedMinCount,
    SH.qualifiedMaxCount,
}
_MANY = 4
_OF_QUERIES = (SH.select, SH.prefixes)
SILENT = {
    RDF.type,
    SH.path,
    SH.name,
    SH.description,
    SH.message,
    SH.severity,
    SH.order,
    SH.group,
    SH.defaultValue,
    SH.deactivated,
    SH.flags,
    SH.property,
    SH.sparql,
    SH.prefixes,
    SH.select,
    SH.ignoredProperties,
    SH.qualifiedValueShape,
    SH.qualifiedValueShapesDisjoint,
    SH.targetClass,
    SH.targetNode,
    SH.targetSubjectsOf,
    SH.targetObjectsOf,
}


def refuse(graph: Graph, shape: Node, component: object) -> RodtradError:
    """The refusal of what the compiler does not cover, naming the component and the shape."""
    name = shape_name(graph, shape)
    return RodtradError(
        Problem("shape-not-covered", Where(iri=name), {"component": str(component), "shape": name})
    )


def shape_name(graph: Graph, shape: Node) -> str:
    """The IRI of a shape, or of the one that it is part of where it has none of its own."""
    seen: set[Node] = set()
    while not isinstance(shape, URIRef) and shape not in seen:
        seen.add(shape)
        shape = next(graph.subjects(None, shape), shape)
    return str(shape)


def constant(graph: Graph, shape: Node, term: Node) -> str:
    """An RDF term of the shapes graph as SPARQL writes it."""
    if isinstance(term, BNode):
        raise refuse(graph, shape, "a blank node as a constant")
    return term.n3()  # type: ignore[attr-defined]


def is_on(graph: Graph, shape: Node) -> bool:
    """Whether the shape is not deactivated."""
    return not any(is_true(value) for value in graph.objects(shape, SH.deactivated))


def is_true(value: Node | None) -> bool:
    """Whether a parameter is the literal true, as SHACL reads it: not ``"1"``."""
    return isinstance(value, Literal) and str(value) == "true"


class Conditions:
    """Writes conditions for the shapes of one graph; ``classes`` collects those asked for with sh:class."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.classes: set[URIRef] = set()
        self.own_parameters: frozenset[Node] = frozenset()
        self._names = count()
        self._open: list[Node] = []
        self._tests: dict[URIRef, Callable[[Node, Node, str], str]] = {
            SH.datatype: self._datatype,
            SH["class"]: self._class,
            SH.nodeKind: self._node_kind,
            SH["in"]: self._in,
            SH.minInclusive: self._range(SH.minInclusive),
            SH.minExclusive: self._range(SH.minExclusive),
            SH.maxInclusive: self._range(SH.maxInclusive),
            SH.maxExclusive: self._range(SH.maxExclusive),
            SH.minLength: self._length(">="),
            SH.maxLength: self._length("<="),
            SH.pattern: self._pattern,
            SH.languageIn: self._language_in,
            SH.node: self._node,
            SH["not"]: lambda shape, value, v: f"(!({self.conforms(value, v)}))",
            SH["and"]: self._and,
            SH["or"]: self._or,
            SH.xone: self._xone,
        }

    def value_tests(self, shape: Node) -> Iterator[tuple[URIRef, Node]]:
        """The (parameter, value) pairs of the shape that test one value node at a time."""
        for parameter in self._tests:
            for value in self._sorted(shape, parameter):
                yield parameter, value

    def set_tests(self, shape: Node) -> Iterator[tuple[URIRef, Node]]:
        """The (parameter, value) pairs that look at all value nodes of a focus node together."""
        for parameter in _SET_TESTS:
            for value in self._sorted(shape, parameter):
                yield parameter, value

    def test(self, shape: Node, parameter: URIRef, value: Node, var: str) -> str:
        """The condition that ``var`` meets one value test."""
        return self._tests[parameter](shape, value, var)

    def refuse_unknown(self, shape: Node, sparql_allowed: bool = True) -> None:
        """Raise where the shape uses anything of SHACL that is not compiled."""
        for predicate in set(self.graph.predicates(shape, None)):
            if predicate in _OF_QUERIES and (None, SH.sparql, shape) not in self.graph:
                raise refuse(self.graph, shape, predicate)
            known = predicate in SILENT or predicate in self._tests or predicate in _SET_TESTS
            if str(predicate).startswith(str(SH)) and not known:
                raise refuse(self.graph, shape, predicate)
            if predicate in _AT_MOST_ONE and len(set(self.graph.objects(shape, predicate))) > 1:
                raise refuse(self.graph, shape, f"more than one {predicate}")
            if predicate == SH.sparql and not sparql_allowed:
                raise refuse(self.graph, shape, "sh:sparql in a shape that another shape refers to")
            if predicate in _WITH_PATH and (shape, SH.path, None) not in self.graph:
                raise refuse(self.graph, shape, f"{predicate} without sh:path")
            if not sparql_allowed and predicate in self.own_parameters:
                raise refuse(self.graph, shape, f"{predicate} in a shape that another shape refers to")

    def conforms(self, shape: Node, var: str) -> str:
        """The condition that the node ``var`` conforms to a shape, nested shapes included."""
        if shape in self._open:
            raise RodtradError(Problem("shape-recursive", Where(iri=str(shape)), {"shape": str(shape)}))
        if not is_on(self.graph, shape):
            return "true"
        self.refuse_unknown(shape, sparql_allowed=False)
        self._open.append(shape)
        try:
            parts = list(self._parts(shape, var))
        finally:
            self._open.pop()
        return "(" + " && ".join(parts) + ")" if parts else "true"

    def path(self, shape: Node) -> str | None:
        """The SPARQL path of a property shape; ``None`` for a node shape."""
        node = self.graph.value(shape, SH.path)
        if node is None:
            return None
        text = path_sparql(self.graph, node)
        if text is None:
            raise refuse(self.graph, shape, "sh:path")
        return text

    def properties(self, shape: Node) -> list[Node]:
        """The property shapes of a shape that are not deactivated."""
        found = self._sorted(shape, SH.property)
        for inner in found:
            if (inner, SH.path, None) not in self.graph:
                raise refuse(self.graph, shape, f"sh:property without sh:path ({inner})")
        return [inner for inner in found if is_on(self.graph, inner)]

    def variable(self) -> str:
        """A variable name that no other part of the query uses."""
        return f"?n{next(self._names)}"

    def constant(self, shape: Node, term: Node) -> str:
        """An RDF term of the shapes graph as SPARQL writes it."""
        return constant(self.graph, shape, term)

    def number(self, shape: Node, parameter: URIRef, value: Node) -> int:
        """A parameter that must be a whole number of at least 0."""
        number = value.toPython() if isinstance(value, Literal) else None
        if not isinstance(number, int) or number < 0:
            raise refuse(self.graph, shape, f"{parameter} {value}")
        return number

    def _sorted(self, shape: Node, parameter: URIRef) -> list[Node]:
        return sorted(self.graph.objects(shape, parameter), key=str)

    def _parts(self, shape: Node, var: str) -> Iterator[str]:
        path = self.path(shape)
        if path is None:
            for parameter, value in self.value_tests(shape):
                yield self.test(shape, parameter, value, var)
            for parameter, value in self.set_tests(shape):
                if (part := self.bare_test(shape, parameter, value, var)) is not None:
                    yield part
        else:
            yield from self._values_parts(shape, path, var)
            yield from self._set_parts(shape, path, var)
        for inner in self.properties(shape):
            if path is None:
                yield self.conforms(inner, var)
            else:
                x = self.variable()
                test = f"(!EXISTS {{ {var} {path} {x} FILTER(!{self.conforms(inner, x)}) }})"
                yield true_if_absent(path, test)

    def _values_parts(self, shape: Node, path: str, var: str) -> Iterator[str]:
        for parameter, value in self.value_tests(shape):
            x = self.variable()
            test = f"(!EXISTS {{ {var} {path} {x} FILTER(!({self.test(shape, parameter, value, x)})) }})"
            yield true_if_absent(path, test)

    def _set_parts(self, shape: Node, path: str, var: str) -> Iterator[str]:
        for parameter, value in self.set_tests(shape):
            if parameter == SH.minCount:
                yield self._at_least(shape, path, var, self.number(shape, parameter, value))
            elif parameter == SH.maxCount:
                number = self.number(shape, parameter, value)
                yield true_if_absent(path, f"(!{self._at_least(shape, path, var, number + 1)})")
            elif parameter == SH.hasValue:
                yield f"EXISTS {{ {var} {path} {self.constant(shape, value)} }}"
            elif parameter == SH.uniqueLang:
                if is_true(value):
                    yield self._unique_lang(path, var)
            elif parameter == SH.closed:
                raise refuse(self.graph, shape, "sh:closed with sh:path")
            elif parameter in (SH.qualifiedMinCount, SH.qualifiedMaxCount):
                yield from self._qualified_parts(shape, parameter, value, path, var)
            else:
                yield from self._pair_parts(shape, parameter, value, path, var)

    def bare_test(self, shape: Node, parameter: URIRef, value: Node, var: str) -> str | None:
        """What a set test asks of a node shape, where the node itself is the one value."""
        x = self.variable()
        if parameter in (SH.qualifiedMinCount, SH.qualifiedMaxCount):
            return None
        if parameter == SH.closed:
            allowed = self.allowed(shape, value)
            return (
                None
                if allowed is None
                else f"(!EXISTS {{ {var} {x} ?o{x[1:]} FILTER({x} NOT IN ({allowed})) }})"
            )
        term = self.constant(shape, value)
        if parameter == SH.hasValue:
            return f"sameTerm({var}, {term})"
        if parameter == SH.disjoint:
            return f"(!EXISTS {{ {var} {term} {var} }})"
        if parameter == SH.equals:
            others = f"!EXISTS {{ {var} {term} {x} FILTER(!sameTerm({x}, {var})) }}"
            return f"(EXISTS {{ {var} {term} {var} }} && {others})"
        raise refuse(self.graph, shape, f"{parameter} without sh:path")

    def allowed(self, shape: Node, closed: Node) -> str | None:
        """The properties that a closed shape lets a node have; ``None`` where the shape is not closed."""
        if not is_true(closed):
            return None
        listed = self.graph.value(shape, SH.ignoredProperties)
        found = set(self._list(shape, listed)) if listed is not None else set()
        for inner in self.graph.objects(shape, SH.property):
            found |= {path for path in self.graph.objects(inner, SH.path) if isinstance(path, URIRef)}
        return ", ".join(sorted(self.constant(shape, one) for one in found))

    def qualified(self, shape: Node, var: str) -> str | None:
        """The condition that a value counts for the qualified shape; ``None`` where there is none."""
        wanted = self.graph.value(shape, SH.qualifiedValueShape)
        if wanted is None:
            return None
        test = self.conforms(wanted, var)
        if is_true(self.graph.value(shape, SH.qualifiedValueShapesDisjoint)):
            parents = set(self.graph.subjects(SH.property, shape))
            beside = {inner for parent in parents for inner in self.graph.objects(parent, SH.property)}
            others = {s for inner in beside for s in self.graph.objects(inner, SH.qualifiedValueShape)}
            for other in sorted(others - {wanted}, key=str):
                test += f" && !({self.conforms(other, var)})"
        return f"({test})"

    def _qualified_parts(
        self, shape: Node, parameter: URIRef, value: Node, path: str, var: str
    ) -> Iterator[str]:
        if (shape, SH.qualifiedValueShape, None) not in self.graph:
            return
        number = self.number(shape, parameter, value)
        if parameter == SH.qualifiedMinCount:
            yield self._at_least(shape, path, var, number, qualified=True)
        else:
            yield f"(!{self._at_least(shape, path, var, number + 1, qualified=True)})"

    def _pair_parts(self, shape: Node, parameter: URIRef, value: Node, path: str, var: str) -> Iterator[str]:
        other = self.constant(shape, value)
        x, y = self.variable(), self.variable()
        if parameter == SH.disjoint:
            yield f"(!EXISTS {{ {var} {path} {x} FILTER EXISTS {{ {var} {other} {x} }} }})"
        elif parameter == SH.equals:
            yield f"(!EXISTS {{ {var} {path} {x} FILTER(!EXISTS {{ {var} {other} {x} }}) }})"
            yield f"(!EXISTS {{ {var} {other} {y} FILTER(!EXISTS {{ {var} {path} {y} }}) }})"
        else:
            fine = comparison(parameter, x, y)
            yield f"(!EXISTS {{ {var} {path} {x} FILTER EXISTS {{ {var} {other} {y} FILTER(!{fine}) }} }})"

    def _at_least(self, shape: Node, path: str, var: str, number: int, qualified: bool = False) -> str:
        if number > _MANY:
            raise refuse(self.graph, shape, f"a count of {number} in a shape that another shape refers to")
        seen: list[str] = []
        text, close = "", ""
        for _ in range(number):
            x = self.variable()
            unlike = "".join(f"FILTER(!sameTerm({x}, {y})) " for y in seen)
            if qualified:
                unlike += f"FILTER({self.qualified(shape, x)}) "
            text += ("FILTER " if seen else "") + f"EXISTS {{ {var} {path} {x} {unlike}"
            close += "}"
            seen.append(x)
        return f"({text}{close})" if number else "true"

    def _unique_lang(self, path: str, var: str) -> str:
        x, y = self.variable(), self.variable()
        twin = (
            f'!sameTerm({x}, {y}) && COALESCE(LANG({x}) != "" && LCASE(LANG({x})) = LCASE(LANG({y})), false)'
        )
        return f"(!EXISTS {{ {var} {path} {x} FILTER EXISTS {{ {var} {path} {y} FILTER({twin}) }} }})"

    def _datatype(self, shape: Node, value: Node, var: str) -> str:
        test = datatype_test(value, var)
        if test is None:
            raise refuse(self.graph, shape, f"sh:datatype {value}")
        return test

    def _class(self, shape: Node, value: Node, var: str) -> str:
        if not isinstance(value, URIRef):
            raise refuse(self.graph, shape, "sh:class of a blank node")
        self.classes.add(value)
        c = self.variable()
        return f"EXISTS {{ {var} <{RDF.type}> {c} FILTER({class_mark(c, value)}) }}"

    def _node_kind(self, shape: Node, value: Node, var: str) -> str:
        if value not in _KINDS:
            raise refuse(self.graph, shape, f"sh:nodeKind {value}")
        return "(" + " || ".join(f"{name}({var})" for name in _KINDS[value]) + ")"  # type: ignore[index]

    def _in(self, shape: Node, value: Node, var: str) -> str:
        members = [f"sameTerm({var}, {self.constant(shape, item)})" for item in self._list(shape, value)]
        return "(" + " || ".join(members) + ")" if members else "false"

    def _range(self, parameter: URIRef) -> Callable[[Node, Node, str], str]:
        def test(shape: Node, value: Node, var: str) -> str:
            within = bound_test(parameter, value, var)
            if within is None:
                raise refuse(self.graph, shape, f"{parameter} {value}")
            return within

        return test

    def _length(self, sign: str) -> Callable[[Node, Node, str], str]:
        def test(shape: Node, value: Node, var: str) -> str:
            number = self.number(shape, SH.minLength if sign == ">=" else SH.maxLength, value)
            return f"COALESCE(!isBlank({var}) && STRLEN(STR({var})) {sign} {number}, false)"

        return test

    def _pattern(self, shape: Node, value: Node, var: str) -> str:
        if _NOT_IN_EVERY_REGEX.search(str(value)):
            raise refuse(self.graph, shape, "sh:pattern with look-around or back reference")
        flags = self.graph.value(shape, SH.flags)
        words = f"STR({var}), {Literal(str(value)).n3()}" + (f", {Literal(str(flags)).n3()}" if flags else "")
        return f"COALESCE(!isBlank({var}) && REGEX({words}), false)"

    def _language_in(self, shape: Node, value: Node, var: str) -> str:
        return language_test([str(item) for item in self._list(shape, value)], var)

    def _node(self, shape: Node, value: Node, var: str) -> str:
        return self.conforms(value, var)

    def _and(self, shape: Node, value: Node, var: str) -> str:
        return "(" + " && ".join(self.conforms(item, var) for item in self._list(shape, value)) + ")"

    def _or(self, shape: Node, value: Node, var: str) -> str:
        return "(" + " || ".join(self.conforms(item, var) for item in self._list(shape, value)) + ")"

    def _xone(self, shape: Node, value: Node, var: str) -> str:
        terms = [f"IF({self.conforms(item, var)}, 1, 0)" for item in self._list(shape, value)]
        return "((" + " + ".join(terms) + ") = 1)"

    def _list(self, shape: Node, head: Node) -> list[Node]:
        found = members(self.graph, head)
        if found is None:
            raise refuse(self.graph, shape, "a list that is not well-formed")
        return found


_SET_TESTS = (
    SH.minCount,
    SH.maxCount,
    SH.uniqueLang,
    SH.hasValue,
    SH.equals,
    SH.disjoint,
    SH.lessThan,
    SH.lessThanOrEquals,
    SH.closed,
    SH.qualifiedMinCount,
    SH.qualifiedMaxCount,
)
_WITH_PATH = (SH.minCount, SH.maxCount, SH.uniqueLang, SH.lessThan, SH.lessThanOrEquals)
