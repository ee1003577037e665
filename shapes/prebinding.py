"""SHACL-SPARQL constraints as set-based queries: ``$this`` ranges over all focus nodes at once.

SHACL binds ``$this`` beforehand in every part of the query. Here each group that SPARQL evaluates on its own
(the body, sub-selects, branches of a union, optional parts) begins with the pattern of the focus nodes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_UNBOUND = {"?shapesGraph", "?currentShape"}


class NotCovered(ValueError):
    """The query uses what SHACL forbids or the compiler does not cover; the text names it."""


@dataclass
class _Group:
    kind: str
    within_exists: bool


def focus_query(select: str, focus_pattern: str, path: str | None) -> str:
    """The constraint's query over all focus nodes.

    Args:
        select: The text of sh:select, prefixes left out.
        focus_pattern: The triple pattern that binds ``?this`` to the focus nodes.
        path: What ``$PATH`` stands for; ``None`` where the shape has no path.

    Raises:
        NotCovered: MINUS, VALUES, SERVICE, a sub-select without ``$this``, ``$PATH`` without a path, or a
            variable that only some engines bind.
    """
    tokens = [(m.lastgroup or "", m.group()) for m in _TOKEN.finditer(select)]
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
                written.append(f" {focus_pattern} . ")
        elif text == "}" and groups:
            groups.pop()
        elif kind == "word" and text.upper() == "SELECT":
            _require_this(tokens[index + 1 :])
        solid.append(text.upper() if kind == "word" else text)
    return "".join(written)


def _plain(kind: str, text: str, path: str | None) -> str:
    if kind == "word" and text.upper() in _FORBIDDEN:
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


def _binds(group: _Group, after: list[tuple[str, str]]) -> bool:
    following = next((text for kind, text in after if kind not in ("comment", "space")), "")
    return group.kind in ("group", "optional") and not group.within_exists and following.upper() != "SELECT"


def _require_this(after: list[tuple[str, str]]) -> None:
    for _, text in after:
        if text == "{":
            break
        if text in ("$this", "?this"):
            return
    raise NotCovered("SELECT with no $this")
