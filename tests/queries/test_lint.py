"""Every query file keeps the house rules, and every rule sees what breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rodtrad.queries.lint import RULES, lint, lint_folder

FOLDERS = ["calendar", "catalogue", "pages", "trace"]
ROOT = Path(__file__).parents[2] / "queries"

HEADER = """#+ id: lessons
#+ version: 1
#+ title: {sv: Lärdomar, en: Lessons}
#+ question: {sv: 'Vilka lärdomar?', en: 'Which lessons?'}
#+ coverage: {sv: Alla., en: All.}
#+ parameters:
#+   - {name: area, type: iri, scheme: focus-area, required: false, example: validation, labels: {sv: Område, en: Area}}
#+ columns:
#+   - {name: lesson, type: iri, labels: {sv: Lärdom, en: Lesson}}
PREFIX rt: <https://w3id.org/rodtrad/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX area: <https://w3id.org/rodtrad/scheme/focus-area/>
"""
BODY = """SELECT DISTINCT ?lesson ?lessonLabel
WHERE {
  VALUES (?lang) { ("sv") } #+lang
  VALUES (?area) { (area:validation) } #+params
  ?lesson a rt:Lesson ; rt:focusArea ?area .
  FILTER NOT EXISTS { ?lesson rt:note ?note . }
  OPTIONAL { ?lesson rdfs:label ?lessonLabel . FILTER(LANG(?lessonLabel) = ?lang) }
}
ORDER BY ?lessonLabel ?lesson
"""
BREAKS = {
    "select-star": ("SELECT DISTINCT ?lesson ?lessonLabel", "SELECT *"),
    "service": ("?lesson a rt:Lesson", "SERVICE <http://x.example/> { ?a ?b ?c } ?lesson a rt:Lesson"),
    "order-by": ("ORDER BY ?lessonLabel ?lesson", "ORDER BY ?lesson ?lessonLabel"),
    "columns": ("SELECT DISTINCT ?lesson ?lessonLabel", "SELECT DISTINCT ?lesson ?lessonLabel ?area"),
    "distinct-path": ("SELECT DISTINCT ?lesson", "SELECT ?lesson"),
    "bound-end": ("?lesson a rt:Lesson ; rt:focusArea ?area .", "?area a ?any . ?lesson rt:leadsTo+ ?end ."),
    "not-exists": ("{ ?lesson rt:note ?note . }", "{ ?lesson rt:note ?note . ?note rt:source ?other . }"),
    "path-to-type": ("?lesson a rt:Lesson ;", "?lesson a rt:Lesson ; rt:leadsTo+ ?area ;"),
    "parameters": ("#+params", ""),
    "language-scope": (
        "FILTER NOT EXISTS { ?lesson rt:note ?note . }",
        'OPTIONAL { ?lesson rt:note ?note . BIND(IF(?lang = "en", 1, 2) AS ?words) }',
    ),
    "optional-on-optional": (
        "FILTER NOT EXISTS { ?lesson rt:note ?note . }",
        "OPTIONAL { ?lesson rt:about ?region . } OPTIONAL { ?region rt:code ?code . }",
    ),
    "required-first": (
        "?lesson a rt:Lesson ; rt:focusArea ?area .",
        "?lesson a rt:Lesson . OPTIONAL { ?lesson rt:note ?said . } ?lesson rt:focusArea ?area .",
    ),
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_query_files_keep_the_rules(folder: str) -> None:
    assert list((ROOT / folder).glob("*.rq"))
    assert [str(fault) for fault in lint_folder(ROOT / folder)] == []


def test_the_good_example_is_good() -> None:
    assert lint(HEADER + BODY, "good.rq") == []


def test_every_rule_has_a_bad_example() -> None:
    assert set(BREAKS) == set(RULES)


@pytest.mark.parametrize("rule", BREAKS)
def test_rule_sees_what_breaks_it(rule: str) -> None:
    good, bad = BREAKS[rule]
    text = BODY.replace(good, bad)
    if rule == "distinct-path":
        text = text.replace("?lesson a rt:Lesson", "?lesson rt:about/rt:code ?code ; a rt:Lesson")
    assert text != BODY
    assert rule in {fault.rule for fault in lint(HEADER + text, "bad.rq")}


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ("sv: Lärdomar, en: Lessons", "sv: Lärdomar", "title"),
        (
            "type: iri, labels: {sv: Lärdom, en: Lesson}",
            "type: thing, labels: {sv: Lärdom, en: Lesson}",
            "columns",
        ),
        ("#+ version: 1", "#+ versions: 1", "version"),
    ],
)
def test_header_faults_are_told(good: str, bad: str, words: str) -> None:
    faults = lint(HEADER.replace(good, bad) + BODY, "bad.rq")
    assert faults and all(fault.rule == "header" and words in fault.words for fault in faults[:1])


def test_syntax_is_tried_by_both_parsers() -> None:
    only_oxigraph = BODY.replace("?lesson a rt:Lesson", "LATERAL { ?lesson a rt:Lesson } ?lesson a rt:Lesson")
    assert {fault.rule for fault in lint(HEADER + only_oxigraph, "bad.rq")} == {"syntax"}
    assert {fault.rule for fault in lint(HEADER + BODY + "}", "bad.rq")} == {"syntax"}


def test_an_answer_without_order_is_told() -> None:
    text = BODY.replace("ORDER BY ?lessonLabel ?lesson", "")
    assert "order-by" in {fault.rule for fault in lint(HEADER + text, "bad.rq")}


def test_an_optional_parameter_must_be_bound_without_its_line() -> None:
    text = BODY.replace("; rt:focusArea ?area", "")
    assert "parameters" in {fault.rule for fault in lint(HEADER + text, "bad.rq")}
