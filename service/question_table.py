"""The table of the competency questions as a document: the source of ``docs/questions.md``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..ontology import vocabulary
from ..ontology.names import RT
from ..ontology.problems import RodtradError
from ..queries.catalogue import catalogue
from ..queries.competency import Competency, competencies, themes
from ..queries.header import Query
from ..queries.parameters import Engine
from ..queries.runner import run
from ..store import Store, Upload
from .commands.stores import load_examples

_HEAD = """# The competency questions

Each of the {count} questions, what the published sources can answer (its class), the queries of the catalogue
that answer it, the rows each gives on the examples with the values of its header, and how the expected answer
was computed by other means. *Made up* says that the rows come from the made-up county: the real sources hold
nothing that answers, and the county shows that the question works when a region publishes.

Made by `python -m rodtrad.service.question_table`; a test keeps it current.
"""
_COLUMNS = "| No | Question | Class | Query | Rows | Real or made up | How the expectation was computed |"

_OF_THE_MACHINERY = {
    f"test_{name}.py"
    for name in (
        "client",
        "competency_questions",
        "executables",
        "explain",
        "header",
        "lint",
        "runner",
        "second_engine",
    )
}


@dataclass(frozen=True)
class Rows:
    """How many rows a question of the catalogue gives on all examples, and without the made-up county."""

    every: int
    real: int

    @property
    def origin(self) -> str:
        """Where the rows come from."""
        if not self.every:
            return "–"
        if self.real == self.every:
            return "real"
        return "both" if self.real else "made up"


def rows_of(query: Query, every: Engine, real: Engine) -> Rows:
    """Ask a question with the values of its header, of all examples and of the real ones alone."""
    given = {parameter.name: parameter.example for parameter in query.parameters}
    alone = 0
    try:
        alone = len(run(real, query, given).rows)
    except RodtradError as error:
        # The value of the header may name something that is made up.
        if {one.code for one in error.problems} - {"unknown-parameter-value", "parameter-of-other-kind"}:
            raise
    return Rows(len(run(every, query, given).rows), alone)


def proofs(tests: Path) -> Mapping[str, tuple[str, ...]]:
    """For each question of the catalogue, the test files that name it.

    How questions are handed out, or that engines agree, proves no answer.
    """
    known = set(catalogue())
    found: dict[str, list[str]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        if path.name not in _OF_THE_MACHINERY:
            named = known & set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", path.read_text("utf-8")))
            for query_id in named:
                found.setdefault(query_id, []).append(path.name)
    return {key: tuple(values) for key, values in found.items()}


def table(rows: Mapping[str, Rows], proven: Mapping[str, tuple[str, ...]]) -> str:
    """The document, Markdown."""
    parts = [_HEAD.format(count=len(competencies()))]
    for theme, names in themes().items():
        asked = [one for one in competencies().values() if one.theme == theme]
        lines = [line for one in asked for line in _lines(one, rows, proven)]
        parts.append(f"\n## {names['en']}\n\n{_COLUMNS}\n|--|--|--|--|--:|--|--|\n" + "".join(lines))
    return "".join(parts)


def _lines(
    asked: Competency, rows: Mapping[str, Rows], proven: Mapping[str, tuple[str, ...]]
) -> Iterable[str]:
    for query in asked.queries:
        expected = query.expectation["en"] if query.expectation else "–"
        files = ", ".join(f"`{name}`" for name in proven.get(query.id, ()))
        got = rows[query.id]
        yield (
            f"| {asked.number} | {asked.question['en']} | {asked.answerable} | `{query.id}` | {got.every} "
            f"| {got.origin} | {expected} ({files}) |\n"
        )
    if not asked.queries:
        yield f"| {asked.number} | {asked.question['en']} | {asked.answerable} | – | – | – | – |\n"


def without_made_up(store: Store) -> Store:
    """A store in memory with the publications that are not of the made-up county."""
    asked = f"SELECT ?graph WHERE {{ ?graph <{RT.constructed}> true }}"
    made_up = {getattr(row["graph"], "value", "") for row in store.engine().rows(asked)}
    graphs = [iri for iri in store.current().graphs if iri not in made_up]
    real = Store(None)
    real.publish_many(
        [Upload(iri, store.graph(iri)) for iri in graphs], by="rodtrad", vocabulary=vocabulary()
    )
    return real


def documentation(store: Store, tests: Path) -> str:
    """The document, made from a store of the examples and from the folder of the tests."""
    every, real = store.engine(), without_made_up(store).engine()
    return table({key: rows_of(query, every, real) for key, query in catalogue().items()}, proofs(tests))


def main() -> None:
    """Write the document into the project."""
    root = Path(__file__).parents[1]
    store = Store(None)
    load_examples(store)
    text = documentation(store, root / "tests" / "queries")
    (root / "docs" / "questions.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
