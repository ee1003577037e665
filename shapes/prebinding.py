"""SHACL-SPARQL constraints as set-based queries: ``$this`` ranges over all focus nodes at once.

SHACL binds ``$this`` beforehand in every part of the query. Here each group that SPARQL evaluates on its own
(the body, sub-selects, branches of a union, optional parts) begins with the pattern of the focus nodes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from .program import way

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<var>[?$][A-Za-z_]\w*)
    |(?P<word>[A-Za-z_][\w.\-]*:?[\w.\-]*|:[\w.\-]+)
    |(?P<space>\s+)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_FORBIDDEN = {"MINUS", "VALUES", "SERVICE"}
# Over all focus nodes at once they would cut across them.
_PER_FOCUS = {"LIMIT", "OFFSET"}
_UNBOUND = {"?shapesGraph", "?currentShape"}
_Token = tuple[str, str]


class NotCovered(ValueError):
    """The query uses what SHACL forbids or the compiler does not cover; the text names it."""


@dataclass
class _Group:
    kind: str
    within_exists: bool


def focus_query(
    select: str,
    focus_pattern: str,
    path: str | None,
    given: frozenset[str] = frozenset(),
    prefixes: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The constraint's query over all focus nodes.

    Args:
        select: The text of sh:select, prefixes left out.
        focus_pattern: The pattern that binds ``?this`` to the focus nodes, and parameters to their values.
        path: What ``$PATH`` stands for; ``None`` where the shape has no path.
        given: Names of the parameters that the pattern binds.
        prefixes: What prefixes stand for; with them, alternatives of paths can be left out at run time.

    Raises:
        NotCovered: MINUS, VALUES, SERVICE, LIMIT, a sub-select without ``$this`` or within EXISTS, ``$PATH``
            without a path, a variable bound anew, or one that only some engines bind.
    """
    tokens = _alternatives(_tokens(select), prefixes)
    _refuse_rebinding(tokens, {"this", *given})
    written: list[str] = []
    groups: list[_Group] = []
    solid: list[str] = []
    for index, (kind, text) in enumerate(tokens):
        if kind in ("comment", "space"):
            written.append(" ")
            continue
        written.append(_plain(kind, text, path))
        if text == "{":
            group = _open(solid, groups)
            groups.append(group)
            if _binds(group, tokens[index + 1 :]):
                written.append(f" {focus_pattern} ")
        elif text == "}" and groups:
            groups.pop()
        elif kind == "word" and text.upper() == "SELECT":
            if groups and groups[-1].within_exists:
                raise NotCovered("SELECT within EXISTS")
            _require_this(tokens[index + 1 :])
        solid.append(text.upper() if kind == "word" else text)
    return "".join(written)


def ask_body(ask: str, path: str | None, given: frozenset[str]) -> str:
    """The group of an ASK query, to be put to each value node with ``EXISTS``.

    Raises:
        NotCovered: As ``focus_query``; and any sub-select.
    """
    tokens = [("space", " ") if kind == "comment" else (kind, text) for kind, text in _tokens(ask)]
    _refuse_rebinding(tokens, {"this", "value", *given})
    words = [text.upper() for kind, text in tokens if kind == "word"]
    if words[:1] != ["ASK"] or "SELECT" in words:
        raise NotCovered("SELECT in sh:ask" if "SELECT" in words else "sh:ask without ASK")
    start = next((i for i, (_, text) in enumerate(tokens) if text == "{"), len(tokens))
    return "".join(_plain(kind, text, path) for kind, text in tokens[start:])


def _tokens(query: str) -> list[_Token]:
    return [(m.lastgroup or "", m.group()) for m in _TOKEN.finditer(query)]


def _alternatives(tokens: list[_Token], prefixes: Mapping[str, str]) -> list[_Token]:
    """The tokens with each last or middle alternative of a path that is one step made a ``way``."""
    solid = [(at, text) for at, (kind, text) in enumerate(tokens) if kind not in ("comment", "space")]
    found = list(tokens)
    for place, (at, text) in enumerate(solid[:-1]):
        if text != "|" or (place and solid[place - 1][1] == "|"):
            continue
        inverse = solid[place + 1][1] == "^"
        step = solid[place + (2 if inverse else 1) :][:2]
        if len(step) == 2 and step[1][1] in (")", "|") and (iri := _iri(tokens[step[0][0]], prefixes)):
            found[at] = ("way", way(iri, "|" + "^" * inverse + f"<{iri}>"))
            for inner in range(at + 1, step[0][0] + 1):
                found[inner] = ("space", " ")
    return found


def _iri(token: _Token, prefixes: Mapping[str, str]) -> str | None:
    kind, text = token
    if kind == "iri":
        return text[1:-1]
    prefix, colon, local = text.partition(":")
    return prefixes[prefix] + local if kind == "word" and colon and prefix in prefixes else None


def _refuse_rebinding(tokens: list[_Token], bound: set[str]) -> None:
    solid = [(kind, text) for kind, text in tokens if kind not in ("comment", "space")]
    for (kind, text), (_, after) in pairwise(solid):
        if kind == "word" and text.upper() == "AS" and after[1:] in bound and after[:1] in "?$":
            raise NotCovered(f"AS {after}")


def _plain(kind: str, text: str, path: str | None) -> str:
    if kind == "word" and text.upper() in _FORBIDDEN | _PER_FOCUS:
        raise NotCovered(text.upper())
    if kind != "var":
        return text
    name = "?" + text[1:]
    if text == "$PATH":
        if path is None:
            raise NotCovered("$PATH without sh:path")
        return path
    if name in _UNBOUND:
        raise NotCovered(name)
    return name


def _open(before: list[str], groups: list[_Group]) -> _Group:
    last = before[-1] if before else ""
    inside = bool(groups) and groups[-1].within_exists
    if last == "EXISTS":
        return _Group("exists", True)
    if len(before) > 1 and before[-2] == "GRAPH":
        return _Group("graph", inside)
    return _Group({"OPTIONAL": "optional"}.get(last, "group"), inside)


def _binds(group: _Group, after: list[_Token]) -> bool:
    following = next((text for kind, text in after if kind not in ("comment", "space")), "")
    return group.kind in ("group", "optional") and not group.within_exists and following.upper() != "SELECT"


def _require_this(after: list[_Token]) -> None:
    for _, text in after:
        if text == "{":
            break
        if text in ("$this", "?this"):
            return
    raise NotCovered("SELECT with no $this")
