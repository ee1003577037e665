"""Conditions on literals: the form that a datatype asks for, and bounds."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import SH, XSD, Literal, URIRef
from rdflib.term import Node

_ZONE = r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?"
_FORM_OF: Mapping[Node, str] = {
    XSD.integer: r"^[+-]?[0-9]+$",
    XSD.decimal: r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$",
    XSD.boolean: r"^(true|false|1|0)$",
    XSD.double: r"^([+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN)$",
    XSD.float: r"^([+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN)$",
    XSD.gYear: rf"^-?([1-9][0-9]{{3,}}|0[0-9]{{3}}){_ZONE}$",
    XSD.gYearMonth: rf"^-?([1-9][0-9]{{3,}}|0[0-9]{{3}})-(0[1-9]|1[0-2]){_ZONE}$",
    XSD.gMonth: rf"^--(0[1-9]|1[0-2]){_ZONE}$",
    XSD.gDay: rf"^---(0[1-9]|[12][0-9]|3[01]){_ZONE}$",
}
_CAST = (XSD.date, XSD.dateTime, XSD.time)
_ANY_FORM = (XSD.string, XSD.anyURI)
_NUMERIC = (XSD.integer, XSD.decimal, XSD.double, XSD.float)
COMPARISON: Mapping[Node, str] = {
    SH.minInclusive: ">=",
    SH.minExclusive: ">",
    SH.maxInclusive: "<=",
    SH.maxExclusive: "<",
    SH.lessThan: "<",
    SH.lessThanOrEquals: "<=",
}


def datatype_test(datatype: Node, var: str) -> str | None:
    """The condition that ``var`` is well-formed and of the datatype; ``None`` where it cannot be judged.

    It cannot where the embedded store replaces the datatype when data come in (``xsd:int`` and the other
    kinds of integer become ``xsd:integer``). Datatypes that SPARQL does not know have no form to break.
    """
    same = f"DATATYPE({var}) = <{datatype}>"
    if datatype in _FORM_OF:
        same += f' && REGEX(STR({var}), "{_FORM_OF[datatype]}")'
    elif datatype in _CAST:
        same += f" && BOUND({var}) && DATATYPE(<{datatype}>(STR({var}))) = <{datatype}>"
    elif str(datatype).startswith(str(XSD)) and datatype not in _ANY_FORM:
        return None
    return f"COALESCE({same}, false)"


def bound_test(parameter: URIRef, bound: Node, var: str) -> str | None:
    """The condition that ``var`` lies within a bound; ``None`` where such a bound is not covered."""
    datatype = bound.datatype if isinstance(bound, Literal) else None
    if datatype not in (*_NUMERIC, XSD.date, XSD.dateTime) or not isinstance(bound, Literal):
        return None
    alike = "isNumeric" if datatype in _NUMERIC else f"<{datatype}> = DATATYPE"
    return f"({comparison(parameter, var, bound.n3())} && COALESCE({alike}({var}), false))"


def comparison(parameter: URIRef, left: str, right: str) -> str:
    """A comparison that is false where the two cannot be compared."""
    return f"COALESCE({left} {COMPARISON[parameter]} {right}, false)"


def language_test(ranges: list[str], var: str) -> str:
    """The condition that ``var`` is in one of the languages."""
    tests = [f"LANGMATCHES(LANG({var}), {Literal(one).n3()})" for one in ranges]
    return f"COALESCE({' || '.join(tests)}, false)" if tests else "false"
