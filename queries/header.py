"""The metadata of a query file: the lines that begin with ``#+``, read as one YAML document."""

from __future__ import annotations

from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ..ontology.problems import Lang, Problem, RodtradError, Where

MARK = "#+"
Words = dict[Lang, str]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @field_validator("title", "question", "coverage", "labels", "expectation", "publish", check_fields=False)
    @classmethod
    def _both_languages(cls, words: Words | None) -> Words | None:
        if words is None:
            return None
        missing = {"sv", "en"} - {lang for lang, text in words.items() if text.strip()}
        if missing:
            raise ValueError(f"text is missing in {', '.join(sorted(missing))}")
        return words


class Parameter(_Part):
    """A value that the asker chooses; it binds the variable of the same name.

    Attributes:
        type: ``iri`` takes an IRI, a notation or an unambiguous label; the others text or a whole number.
        cls: The class that the resource belongs to, as a prefixed name (``rt:Region``).
        scheme: The code list that the concept belongs to (``focus-area``).
        required: Without a value and a default there is no answer. An optional parameter that is left out
            does not restrict the answer.
        example: A value that gives rows on the examples; shown in forms, used by tests. Empty (``UNDEF``
            in the text) for an optional parameter that the example leaves out.
    """

    name: str = Field(pattern=r"^[a-z][A-Za-z0-9]*$")
    type: Literal["iri", "string", "integer"]
    labels: Words
    example: str
    cls: str | None = Field(default=None, alias="class")
    scheme: str | None = None
    required: bool = True
    default: str | None = None


class Column(_Part):
    """A column of the answer. ``unit`` is the unit of its numbers.

    A column of type ``iri`` may have a variable with the ending ``Label`` beside it in the query;
    the runner looks up the label where it has none.
    """

    name: str = Field(pattern=r"^[a-z][A-Za-z0-9]*$")
    type: Literal["iri", "string", "integer", "decimal", "boolean", "year"]
    labels: Words
    unit: str | None = None


class Query(_Part):
    """One question: its metadata and its SPARQL, which runs as it stands.

    Attributes:
        answerable: The class of its competency question (besvarad, delvis, …).
        coverage: What the answer says and does not say about the nation.
        rows_from: Whether the example's rows are real or those of the made-up county.
        expectation: How the expected answer was computed by other means than the query.
        publish: What a region publishes to get rows; without it, sheets and columns are read off the query.
        text: The file as it is, header included.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    version: int
    title: Words
    question: Words
    coverage: Words
    columns: tuple[Column, ...] = Field(min_length=1)
    cq: tuple[str, ...] = ()
    answerable: Literal["besvarad", "delvis", "saknas i källan", "kräver regionens egna data"] = Field(
        default="besvarad", alias="class"
    )
    parameters: tuple[Parameter, ...] = ()
    rows_from: Literal["real", "constructed", "both"] | None = Field(default=None, alias="rows-from")
    expectation: Words | None = None
    publish: Words | None = None
    text: str = ""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if the question has it."""
        return next((one for one in self.parameters if one.name == name), None)


def parse(text: str, file: str) -> Query:
    """Read a query file.

    Raises RodtradError ``query-header`` with the file and the line of each fault.
    """
    numbered = [
        (number, line[len(MARK) :].removeprefix(" "))
        for number, line in enumerate(text.splitlines(), 1)
        if line.startswith(MARK)
    ]
    if not numbered:
        raise RodtradError(_fault(file, 1, "there is no #+ header"))
    document = "\n".join(line for _, line in numbered)
    try:
        node = yaml.compose(document, yaml.SafeLoader)
        data = yaml.safe_load(document)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line if error.problem_mark else 0
        raise RodtradError(
            _fault(file, numbered[min(at, len(numbered) - 1)][0], str(error.problem))
        ) from None
    if not isinstance(data, dict):
        raise RodtradError(_fault(file, numbered[0][0], "the header is not a list of keys and values"))
    try:
        return Query.model_validate({**data, "text": text})
    except ValidationError as error:
        raise RodtradError(
            [
                _fault(file, numbered[_line_of(node, fault["loc"])][0], _words(fault["loc"], fault["msg"]))
                for fault in error.errors()
            ]
        ) from None


def _line_of(node: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """The line, within the YAML document, of the innermost part of ``path`` that is there."""
    line = node.start_mark.line if node else 0
    for step in path:
        inner = _child(node, step)
        if inner is None:
            return line
        key, node = inner
        line = key.start_mark.line
    return line


def _child(node: yaml.Node | None, step: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _words(path: tuple[Any, ...], message: str) -> str:
    return f"{'.'.join(str(step) for step in path)}: {message}"


def _fault(file: str, line: int, fault: str) -> Problem:
    return Problem(
        "query-header", Where(file=file, cell=f"{line}"), {"line": line, "file": file, "fault": fault}
    )
