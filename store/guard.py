"""What is refused before a query text reaches the engine.

The engine opens connections for SERVICE and dies of deep nesting, and neither can be switched off. The text
is read by tokens, so the word SERVICE in a string, comment, IRI or variable is no reason to refuse.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..ontology.problems import Problem, RodtradError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 100
MAX_CHAIN = 400

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n\r]*)
  | (?P<string>'{3}(?:[^'\\]|\\.|'(?!''))*+'{3} | "{3}(?:[^"\\]|\\.|"(?!""))*+"{3}
      | '(?:[^'\\\n\r]|\\.)*+' | "(?:[^"\\\n\r]|\\.)*+")
  | (?P<iri><[^<>"{}|^`\x00-\x20]*+>)
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--(?:ltr|rtl))?)
  | (?P<name>(?:\w[\w.\-·]*)?:(?:[\w.\-:·%]|\\.)*)
  | (?P<word>\w[\w.\-·]*)
  | (?P<open>[{(\[]|<<)
  | (?P<close>[})\]]|>>)
  | (?P<chain>\|\||&&|[/|^!+*\-])
  | (?P<stop>[.;,])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPERAND = {"string", "iri", "variable", "language", "name", "word"}
_CLEARLY_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_CONFUSING = re.compile(r"['#()\[\]]")
_WRITING = {"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_PROLOGUE = {"PREFIX", "BASE", "VERSION"}
_BEFORE_GRAPH = {"GRAPH", "FROM", "NAMED", "DESCRIBE"}
_GROUP_CHAIN = {"FILTER", "BIND", "AS"}
_NOT_TEXT = re.compile("[\ud800-\udfff]")
_SYNTAX_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def check(text: str, *, update: bool = False) -> None:
    """Return when the query may be evaluated, or the update when it is one.

    Raises RodtradError: ``query-too-long``, ``query-too-deep``, ``query-service-refused``,
    ``query-load-refused``, ``query-update-refused``, ``query-unclear``, ``query-syntax`` (not Unicode text).
    """
    if lone := _NOT_TEXT.search(text):
        line, column = _place(text, lone.start())
        raise RodtradError(syntax_problem(f"error at {line}:{column}: not a character"))
    size = len(text.encode())
    if size > MAX_BYTES:
        _refuse("query-too-long", size=size, limit=MAX_BYTES)
    reader = _Reader(text, update=update)
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            reader.take(match.lastgroup or "other", match.group(), match.start())


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each token; kinds are ``iri``, ``name``, ``word``, ``variable``, ``open``, …"""
    for kind, part, _ in placed_tokens(text):
        yield kind, part


def placed_tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield kind, text and place of each token."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield match.lastgroup or "other", match.group(), match.start()


def syntax_problem(message: str) -> Problem:
    """Return the engine's complaint about a query as a Problem with line and column."""
    found = _SYNTAX_AT.match(message)
    line, column, reason = found.groups() if found else ("?", "?", message)
    reason = " ".join(reason.split())
    short = reason if len(reason) <= 200 else reason[:200].rsplit(",", 1)[0] + ", …"
    return Problem("query-syntax", values={"line": line, "column": column, "reason": short})


@dataclass
class _Reader:
    text: str
    update: bool = False
    brackets: list[str] = field(default_factory=list)
    chains: list[Counter[str]] = field(default_factory=lambda: [Counter()])
    kind: str = ""
    token: str = ""
    form: str = ""
    call: int | None = None
    """Where a prefixed name stands that the engine would read as SERVICE if a group follows."""

    def take(self, kind: str, part: str, at: int) -> None:
        if self.call is not None and part == "{":
            self._refuse_at("query-service-refused", self.call)
        self.call = None
        match kind:
            case "word":
                self._word(part.rstrip(".").upper(), at)
            case "name" if "service" in part.partition(":")[0].lower():
                if not (self.kind == "word" and self.token.upper() in _BEFORE_GRAPH):
                    self.call = at
            case "iri" if self._in_expression() and not _CLEARLY_IRI.match(part):
                # The engine reads "<" here as less than: a quote or bracket inside would be out of step.
                if _CONFUSING.search(part):
                    self._refuse_at("query-unclear", at)
            case "open":
                self._open(part)
            case "close" if self.brackets:
                self.brackets.pop()
                self.chains.pop()
            case "chain":
                self._chain(part)
            case _:
                pass
        if kind == "stop" or (kind in ("word", "name") and part.endswith(".")):
            self._next_statement()
        self.kind, self.token = kind, part

    def _word(self, word: str, at: int) -> None:
        # The engine wants no space after a keyword: 1SERVICE and SERVICESILENT are calls too.
        if "SERVICE" in word:
            self._refuse_at("query-service-refused", at)
        if not self.form and word not in _PROLOGUE:
            self.form = word
        if word == "LOAD":
            self._refuse_at("query-load-refused", at)
        if word == self.form and word in _WRITING and not self.update:
            self._refuse_at("query-update-refused", at, form=word)
        if word in _GROUP_CHAIN:
            self._chain(word)

    def _in_expression(self) -> bool:
        after_operand = self.kind in _OPERAND or self.token in (")", "]")
        return after_operand and bool(self.brackets) and self.brackets[-1] == "("

    def _open(self, bracket: str) -> None:
        if bracket == "{":
            self._chain("{")
        self.brackets.append(bracket)
        self.chains.append(Counter())
        if len(self.brackets) > MAX_DEPTH:
            _refuse("query-too-deep", depth=len(self.brackets), limit=MAX_DEPTH)

    def _chain(self, operator: str) -> None:
        self.chains[-1][operator] += 1
        if self.chains[-1][operator] > MAX_CHAIN:
            _refuse("query-chain-too-long", operator=operator, limit=MAX_CHAIN)

    def _next_statement(self) -> None:
        kept = {name: count for name, count in self.chains[-1].items() if name in {"{", *_GROUP_CHAIN}}
        self.chains[-1] = Counter(kept)

    def _refuse_at(self, code: str, at: int, **values: object) -> None:
        line, column = _place(self.text, at)
        _refuse(code, line=line, column=column, **values)


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _refuse(code: str, **values: object) -> None:
    raise RodtradError(Problem(code, values=values))
