"""Every reason to refuse is reached by data that show it, and comes with what can be answered instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib.namespace import SKOS
from rodtrad.ontology import vocabulary_graph
from rodtrad.ontology.names import SCHEME
from rodtrad.queries.rollup import rollup

from .conftest import COUNT, FLOW, IN_WHOLE, MEDIAN, SEX, SHARE, STOCK, A, indicator, value

ONE = "https://w3id.org/rodtrad/id/ref/thing/one"
AMOUNT = "rt:measureKind measure-kind:amount ; rt:additivity additivity:flow ; rt:priceBase price-base:fixed ; rt:unit 'kr'"
TWO = value("x:one", 1), value("x:two", 2)
VERSIONS = """
x:v1 a rt:IndicatorVersion ; rt:versionOf i:a ; rdfs:label "före"@sv ; rt:validFrom 2000 ; rt:validTo 2021 {first}.
x:v2 a rt:IndicatorVersion ; rt:versionOf i:a ; rdfs:label "efter"@sv ; rt:validFrom 2022 ; rt:breakWithPrevious true {second}.
"""
TARGETS = """
x:t1 a rt:Target ; rt:indicator i:a ; rt:place x:one ; rt:year 2030 ; rt:value 5 ; rt:targetKind target-kind:change .
x:t2 a rt:Target ; rt:indicator i:a ; rt:place x:two ; rt:year 2030 ; rt:value 5 ; rt:targetKind target-kind:absolute .
"""
EFFECT = """
x:effect a rt:LongTermEffect . i:a rt:indicatorFor x:effect .
x:act1 a rt:Activity ; rt:leadsTo x:effect . x:act2 a rt:Activity ; rt:leadsTo x:effect .
x:use1 a rt:IndicatorUse ; rt:indicator i:a ; rt:follows x:act1 . x:use2 a rt:IndicatorUse ; rt:indicator i:a ; rt:follows x:act2 .
"""
SUPPRESSED = "; rt:observationStatus observation-status:suppressed"


def version(number: int) -> str:
    return f"; rt:indicatorVersion x:v{number}"


CASES: dict[str, tuple[list[str], dict]] = {
    "no-function": ([indicator("rt:unit 'antal'"), *TWO], {}),
    "non-additive": ([indicator(MEDIAN), *TWO], {}),
    "stock-over-time": (
        [
            indicator(STOCK + "; rt:functionOverTime aggregation-function:sum"),
            value("x:one", 1, 2022),
            value("x:one", 2),
        ],
        {"over": "time", "place": ONE},
    ),
    "parts-missing": ([indicator(SHARE), *TWO], {}),
    "definitions-differ": (
        [
            indicator(STOCK),
            VERSIONS.format(first="", second=""),
            value("x:one", 1, more=version(1)),
            value("x:two", 2, more=version(2)),
        ],
        {},
    ),
    "units-differ": ([indicator(STOCK), value("x:one", 1), value("x:two", 2, more="; rt:unit 'hektar'")], {}),
    "populations-differ": (
        [
            indicator(STOCK),
            VERSIONS.format(first="; rt:population '20–64 år'", second="; rt:population '16–64 år'"),
            *(value("x:one", 1, more=version(1)), value("x:two", 2, more=version(2))),
        ],
        {},
    ),
    "periods-differ": (
        [indicator(FLOW), value("x:one", 1, 2023), value("x:one", 1, "2023-04")],
        {"over": "time", "place": ONE},
    ),
    "series-break": (
        [
            indicator(FLOW),
            VERSIONS.format(first="", second=""),
            value("x:one", 1, 2021),
            value("x:one", 2, 2022),
        ],
        {"over": "time", "place": ONE, "years": "2021-2022"},
    ),
    "levels-differ": (
        [
            indicator(FLOW),
            "x:three a rt:Municipality ; rt:code 'W3' ; rt:partOfPlace x:whole .\n",
            *TWO,
            value("x:three", 3),
        ],
        {},
    ),
    "breakdown-overlaps": (
        [
            indicator(STOCK),
            SEX.replace("rt:mutuallyExclusive true", "rt:mutuallyExclusive false"),
            *(value("x:one", n, more=f"; rt:breakdownCategory {g}") for g, n in (("k:k", 1), ("k:m", 2))),
        ],
        {"over": "breakdown", "place": ONE},
    ),
    "price-bases-differ": (
        [
            indicator(AMOUNT),
            value("x:one", 1, more="; rt:priceYear 2015"),
            value("x:two", 2, more="; rt:priceYear 2020"),
        ],
        {},
    ),
    "base-periods-differ": (
        [
            indicator(STOCK),
            *(
                f"x:b{p} a rt:Baseline ; rt:indicator i:a ; rt:place x:{p} ; rt:year {y} ; rt:value 1 .\n"
                for p, y in (("one", 2019), ("two", 2020))
            ),
        ],
        {"of": "baselines"},
    ),
    "suppressed-derivable": (
        [indicator(STOCK), value("x:one", 1), value("x:two", None, more=SUPPRESSED), value("x:whole", 4)],
        {},
    ),
    "code-lists-differ": (
        [
            indicator(FLOW),
            value("x:one", 1, more="; rt:codeList code-list:nuts-2003"),
            value("x:two", 2, more="; rt:codeList code-list:nuts-2021"),
        ],
        {},
    ),
    "targets-not-absolute": ([indicator(FLOW), TARGETS], {"of": "targets"}),
    "attribution": (
        [
            indicator(FLOW),
            EFFECT,
            value("x:one", 1, more="; rt:indicatorUse x:use1"),
            value("x:two", 2, more="; rt:indicatorUse x:use2"),
        ],
        {},
    ),
    "no-observations": ([indicator(FLOW), *TWO], {"years": "1999"}),
    "zero-denominator": (
        [
            indicator(SHARE),
            *(value(p, 0, more="; rt:numeratorValue 0 ; rt:denominatorValue 0") for p in ("x:one", "x:two")),
        ],
        {},
    ),
    "coverage-too-low": ([indicator(FLOW), value("x:one", 1)], {"threshold": "90%"}),
    "conflicting-values": ([indicator(STOCK), *TWO, value("x:one", 7, id="again")], {}),
    "not-computable": ([indicator(STOCK), value("x:one", "1" + "0" * 90), value("x:two", 1)], {}),
}


@pytest.mark.parametrize("reason", CASES)
def test_the_reason_is_reached_with_words_in_both_languages(reason: str, nation: Callable) -> None:
    parts, how = CASES[reason]
    answer = rollup(nation(*parts), A, **({"over": "region", "place": IN_WHOLE} | how))
    result = answer.result
    assert (result.value, result.verdict) == (None, "refused")
    assert result.refusal.kind.reason == reason
    for lang in ("sv", "en"):
        assert "{" not in answer.explanation(result, lang) + answer.alternative(result, lang)
        assert answer.alternative(result, lang)
    assert result.refusal.kind.rule in result.rules


def test_every_reason_of_the_scheme_has_data_that_reach_it() -> None:
    concepts = vocabulary_graph().subjects(SKOS.inScheme, SCHEME["refusal-reason"])
    assert {str(concept).rpartition("/")[2] for concept in concepts} == set(CASES)


def test_infinity_and_words_are_not_computable(ask: Callable) -> None:
    for odd in ("'INF'^^xsd:double", "'många'", "'NaN'^^xsd:double"):
        result = ask(indicator(STOCK), value("x:one", odd), value("x:two", 1), place=IN_WHOLE)
        assert (result.value, result.refusal.kind.reason) == (None, "not-computable")


def test_a_share_is_never_a_plain_mean_even_if_its_definition_says_so(ask: Callable) -> None:
    result = ask(indicator(SHARE + "; rt:functionOverPlace aggregation-function:sum"), *TWO, place=IN_WHOLE)
    assert result.verdict == "refused"


def test_distinctness_unsaid_is_not_taken_for_unique(ask: Callable) -> None:
    unsaid = COUNT.replace("rt:distinctness distinctness:unique ; ", "") + "; rt:additivity additivity:flow"
    assert ask(indicator(unsaid), *TWO, place=IN_WHOLE).verdict == "upper-bound"
