"""Answers to SPARQL over one generation, in memory and in this process."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from ..ontology.names import PREFIXES
from ..ontology.problems import Problem, RodtradError
from .dataset import Dataset, named_in
from .guard import syntax_problem
from .output import GRAPH_FORMATS, SELECT_FORMATS, Output, check_rows, distinct

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Engine:
    """An index of one generation that never changes: each publication in its named graph, the merged view
    in the default graph. Results are read and written out inside the call: only bytes and terms leave it."""

    def __init__(self, store: ox.Store, generation: int) -> None:
        self._store = store
        self.generation = generation

    def query(
        self,
        sparql: str,
        accept: str = "application/sparql-results+json",
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        base: str | None = None,
        result_bytes: int | None = None,
        result_rows: int | None = None,
    ) -> bytes:
        """Return the answer in the media type ``accept``, whole or not at all.

        SELECT and ASK take the SPARQL result formats, CONSTRUCT and DESCRIBE the RDF formats.
        ``base`` is what relative IRIs are relative to. Naming any graph makes the dataset exactly the
        graphs that are named, as the protocol says.
        Raises RodtradError: ``query-syntax``, ``query-format``, ``query-dataset``, ``query-failed``,
        ``result-too-large``, ``result-too-many``.
        """
        try:
            answer = self._evaluate(sparql, Dataset(tuple(default_graphs), tuple(named_graphs)), base)
            output = Output(result_bytes)
            if isinstance(answer, ox.QueryTriples):
                _check_format(accept, GRAPH_FORMATS)
                form = GRAPH_FORMATS[accept]
                ox.serialize(distinct(answer, result_rows), output, format=form, prefixes=PREFIXES)  # type: ignore[arg-type]
                return output.body()
            _check_format(accept, SELECT_FORMATS)
            answer.serialize(output, format=SELECT_FORMATS[accept])  # type: ignore[arg-type]
            if isinstance(answer, ox.QuerySolutions):
                check_rows(output.body(), accept, result_rows)
            return output.body()
        except (ValueError, RuntimeError, OSError) as error:
            raise RodtradError(Problem("query-failed", values={"reason": error})) from None

    def rows(self, sparql: str) -> list[dict[str, Term]]:
        """Return the rows of a SELECT; unbound variables are left out of their row.

        Raises RodtradError: ``query-syntax``, ``query-format``, ``query-failed``.
        """
        try:
            answer = self._evaluate(sparql, Dataset())
            if not isinstance(answer, ox.QuerySolutions):
                raise RodtradError(Problem("query-format", values={"accept": "rows", "formats": "SELECT"}))
            names = [variable.value for variable in answer.variables]
            return [
                {name: value for name, value in zip(names, row, strict=True) if value is not None}
                for row in answer
            ]
        except (ValueError, RuntimeError, OSError) as error:
            raise RodtradError(Problem("query-failed", values={"reason": error})) from None

    def _evaluate(self, sparql: str, dataset: Dataset, base: str | None = None) -> _Answer:
        try:
            chosen = dataset if dataset.default or dataset.named else named_in(sparql, base or "")
            if len(chosen.default) < 2:
                chosen = dataset  # The engine reads its own FROM rightly when there is one.
            return chosen.evaluate(self._store, sparql, base)
        except SyntaxError as error:
            raise RodtradError(syntax_problem(str(error))) from None


def _check_format(accept: str, formats: dict[str, ox.QueryResultsFormat] | dict[str, ox.RdfFormat]) -> None:
    if accept not in formats:
        values = {"accept": accept, "formats": ", ".join(formats)}
        raise RodtradError(Problem("query-format", values=values))
