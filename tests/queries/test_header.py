"""The header of a query file is read strictly, and faults are told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.queries.catalogue import catalogue, find, pages, read_folder
from rodtrad.queries.header import parse

TEXT = """#+ id: lessons
#+ version: 1
#+ class: besvarad
#+ cq: [CQ32]
#+ title: {sv: Lärdomar, en: Lessons}
#+ question: {sv: 'Vilka?', en: 'Which?'}
#+ coverage: {sv: Alla., en: All.}
#+ columns:
#+   - {name: lesson, type: iri, labels: {sv: Lärdom, en: Lesson}}
SELECT ?lesson WHERE { ?lesson ?p ?o } ORDER BY ?lesson
"""


def fault(text: str) -> tuple[str, str]:
    with pytest.raises(RodtradError) as caught:
        parse(text, "lessons.rq")
    problem = caught.value.problems[0]
    assert problem.code == "query-header"
    assert problem.where.file == "lessons.rq"
    return str(problem.values["line"]), problem.message("sv")


def test_what_is_read() -> None:
    query = parse(TEXT, "lessons.rq")
    assert (query.id, query.version, query.cq, query.answerable) == ("lessons", 1, ("CQ32",), "besvarad")
    assert query.columns[0].labels == {"sv": "Lärdom", "en": "Lesson"}
    assert query.text == TEXT


@pytest.mark.parametrize(
    ("good", "bad", "line"),
    [
        ("#+ version: 1", "#+ version: one", "2"),
        ("class: besvarad", "class: kanske", "3"),
        ("{sv: Lärdomar, en: Lessons}", "{sv: Lärdomar}", "5"),
        ("type: iri", "type: thing", "9"),
        ("#+ cq: [CQ32]", "#+ cq: [CQ32", "5"),
    ],
)
def test_the_line_of_a_fault(good: str, bad: str, line: str) -> None:
    told, message = fault(TEXT.replace(good, bad))
    assert told == line
    assert f"lessons.rq, rad {line}" in message


def test_no_header() -> None:
    assert "no #+ header" in fault("SELECT ?s WHERE { ?s ?p ?o }")[1]


def test_a_file_is_named_for_its_id(tmp_path: Path) -> None:
    (tmp_path / "other.rq").write_text(TEXT, encoding="utf-8")
    with pytest.raises(RodtradError, match="not the file's name"):
        read_folder(tmp_path)


def test_the_catalogue_is_read() -> None:
    assert find("cq32-lessons-on-focus-area").parameter("area")
    assert len(catalogue()) > 24 and pages()
    with pytest.raises(RodtradError) as caught:
        find("cq999")
    assert caught.value.problems[0].code == "unknown-query"
