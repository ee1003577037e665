"""What the rules do to an answer that is given: bounds, tolerance, conversion, status, specialisations."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.queries.lint import lint_folder
from rodtrad.queries.rollup import audit, comparability, rollup
from rodtrad.queries.rollup.period import period
from rodtrad.queries.rollup.rollup import read_threshold, read_years

from .conftest import FLOW, GRAPH, IN_WHOLE, SEX, SHARE, STOCK, A, indicator, value

ROOT = Path(__file__).parents[3]
ONE = "https://w3id.org/rodtrad/id/ref/thing/one"
NOISY = STOCK + "; rt:disclosureNoise 3"


def codes(result) -> set[str]:
    return {finding.code for finding in result.findings}


def test_query_files_keep_the_house_rules() -> None:
    assert [str(fault) for fault in lint_folder(ROOT / "queries" / "rollup")] == []


def test_weights_make_a_share_approximate(ask: Callable) -> None:
    result = ask(
        indicator(SHARE + "; rt:weightIndicator i:w"),
        indicator(STOCK, "w"),
        *(value("x:one", 10), value("x:two", 40), value("x:one", 300, of="w"), value("x:two", 100, of="w")),
        place=IN_WHOLE,
    )
    assert (result.value, result.verdict) == (Decimal("17.5"), "approximate")


def test_a_zero_denominator_drops_its_place_and_says_so(ask: Callable) -> None:
    told = [
        value(p, 0, more=f"; rt:numeratorValue {n} ; rt:denominatorValue {d}")
        for p, n, d in (("x:one", 1, 4), ("x:two", 5, 0))
    ]
    result = ask(indicator(SHARE), *told, place=IN_WHOLE)
    assert (result.value, result.verdict, result.missing) == (25, "partial", ("Två",))


@pytest.mark.parametrize(
    ("total", "code", "verdict"),
    [(100, None, "exact"), (107, "within-noise", "exact"), (150, "total-differs", "approximate")],
)
def test_a_published_total_goes_before_its_parts(
    ask: Callable, total: int, code: str | None, verdict: str
) -> None:
    data = [value("x:one", 60), value("x:two", 40), value("x:whole", total)]
    result = ask(indicator(NOISY), *data, place=IN_WHOLE)
    assert (result.value, result.verdict) == (total, verdict)
    assert codes(result) & {"within-noise", "total-differs"} == ({code} if code else set())


def test_suppressed_is_unknown_and_not_zero(ask: Callable) -> None:
    result = ask(
        indicator(STOCK),
        value("x:one", 5),
        value("x:two", None, more="; rt:observationStatus observation-status:suppressed"),
        place=IN_WHOLE,
    )
    assert (result.value, result.verdict, result.present, result.suppressed) == (5, "partial", 1, ("Två",))


def test_the_worst_status_follows_the_value(ask: Callable) -> None:
    estimated = ask(
        indicator(STOCK),
        value("x:one", 5, more="; rt:observationStatus observation-status:estimated"),
        value("x:two", 1),
        place=IN_WHOLE,
    )
    assert (estimated.value, estimated.verdict) == (6, "approximate")
    provisional = ask(
        indicator(STOCK),
        value("x:one", 5, more="; rt:observationStatus observation-status:provisional"),
        value("x:two", 1),
        place=IN_WHOLE,
    )
    assert provisional.verdict == "exact" and "status" in codes(provisional)


def test_thousands_and_ones_are_converted_exactly(ask: Callable) -> None:
    amount = "rt:measureKind measure-kind:amount ; rt:additivity additivity:flow ; rt:unit 'kr'"
    result = ask(
        indicator(amount), value("x:one", "1.5", more="; rt:unit 'tkr'"), value("x:two", 250), place=IN_WHOLE
    )
    assert (result.value, result.unit, result.verdict) == (1750, "kr", "exact")
    assert "rescaled" in codes(result)


def test_a_specialisation_of_place_enters_and_one_of_population_makes_the_answer_partial(
    ask: Callable,
) -> None:
    def with_restriction(name: str):
        special = f"i:s a rt:Indicator ; xkos:specializes i:a ; rt:restricts restriction:{name} .\n"
        return ask(indicator(STOCK), special, value("x:one", 5), value("x:two", 6, of="s"), place=IN_WHOLE)

    assert (with_restriction("place").value, with_restriction("place").verdict) == (11, "exact")
    assert with_restriction("population").verdict == "partial"
    left_out = with_restriction("period")
    assert (left_out.value, left_out.verdict, left_out.missing) == (5, "partial", ("Två",))


def test_a_running_total_takes_the_latest_of_each_place_and_tells_of_falls(ask: Callable) -> None:
    running = FLOW + "; rt:cumulation cumulation:running-total"
    data = [("one", 2021, 10), ("one", 2022, 15), ("two", 2021, 30), ("two", 2022, 20)]
    result = ask(
        indicator(running), *(value(f"x:{p}", n, y) for p, y, n in data), over="region,time", place=IN_WHOLE
    )
    assert (result.value, result.verdict) == (35, "approximate")
    assert {"running-total", "running-total-falls"} <= codes(result)


def test_months_of_a_year_are_summed_and_the_missing_counted(ask: Callable) -> None:
    data = [value("x:one", 2, f"2023-{month:02}") for month in range(1, 12)]
    result = ask(indicator(FLOW), *data, over="time", place=ONE, years="2023")
    assert (result.value, result.verdict) == (22, "partial")
    whole = ask(indicator(FLOW), *data, value("x:one", 2, "2023-12"), over="time", place=ONE, years="2023")
    assert (whole.value, whole.verdict) == (24, "exact")


def test_a_breakdown_total_within_noise_is_no_error(ask: Callable) -> None:
    def of(total: int):
        told = (("k:k", 50), ("k:m", 50), ("k:t", total))
        data = [value("x:one", n, more=f"; rt:breakdownCategory {g}") for g, n in told]
        return ask(indicator(NOISY), SEX, *data, over="breakdown", place=ONE)

    assert (of(104).value, of(104).verdict) == (104, "exact")
    assert (of(140).value, of(140).verdict) == (140, "approximate")


def test_human_verdicts_are_counted_and_never_averaged(ask: Callable) -> None:
    judged = "".join(
        f"x:j{p} a rt:Assessment ; rt:assesses i:a ; rt:place x:{p} ; rt:year 2026 ; rt:verdict verdict:{v} .\n"
        for p, v in (("one", "improving"), ("two", "worsening"))
    )
    result = ask(indicator(FLOW), judged, of="assessments", place=IN_WHOLE)
    assert (result.value, result.distribution) == (None, {"improving": 1, "worsening": 1})


def test_made_up_values_never_enter_a_national_answer(nation: Callable) -> None:
    other = "https://w3id.org/rodtrad/graph/bergslund/tal"
    fake = value("x:two", 9).replace(GRAPH, other) + f"<{other}> a rt:Publication ; rt:constructed true .\n"
    result = rollup(nation(indicator(STOCK), value("x:one", 1), fake), A, place=IN_WHOLE).result
    assert (result.value, result.verdict, result.missing) == (1, "partial", ("Två",))


def test_years_that_are_not_put_together_are_one_result_each(nation: Callable) -> None:
    data = [value(f"x:{p}", n, y) for p in ("one", "two") for y, n in ((2021, 1), (2022, 2))]
    answer = rollup(nation(indicator(STOCK), *data), A, place=IN_WHOLE, years="2021-2022")
    assert [(one.period, one.value) for one in answer.results] == [("2021", 2), ("2022", 4)]


def test_the_answer_names_members_rules_sparql_and_generation(nation: Callable) -> None:
    answer = rollup(nation(indicator(STOCK), value("x:one", 1), value("x:two", 2)), A, place=IN_WHOLE)
    told = json.loads(answer.to_json())
    (result,) = told["results"]
    assert told["generation"] == 1 and "rt:Observation" not in told["sparql"] and f"<{A}>" in told["sparql"]
    assert (result["value"], result["verdict"], result["rules"]) == ("3", "exact", ["A1", "A2", "A11"])
    member = result["members"][0]
    assert (member["place"], member["value"], member["status"], member["publication"]) == (
        "Ett",
        "1",
        "final",
        GRAPH,
    )
    assert result["derived_from"] == [one["observation"] for one in result["members"]]
    assert next(csv.DictReader(io.StringIO(answer.to_csv())))["Mätvärde"] == "3"
    assert answer.to_xlsx()[:2] == b"PK"


def test_the_audit_lists_published_sums_that_drift(nation: Callable) -> None:
    data = [
        value("x:one", 60),
        value("x:two", 40),
        value("x:whole", 120),
        *(value(f"x:{p}", n, 2022) for p, n in (("one", 1), ("two", 2), ("whole", 3))),
    ]
    found = audit(nation(indicator(STOCK), *data))
    (drift,) = found.unexplained
    assert (found.compared, drift.period, drift.published, drift.recomputed, drift.difference) == (
        2,
        "2023",
        120,
        100,
        20,
    )


def test_the_three_checks_say_what_may_be_compared_and_why_not(nation: Callable) -> None:
    versions = "x:v1 a rt:IndicatorVersion ; rt:versionOf i:a ; rt:validFrom 2000 ; rt:validTo 2021 .\nx:v2 a rt:IndicatorVersion ; rt:versionOf i:a ; rt:validFrom 2022 ; rt:breakWithPrevious true .\n"
    other = indicator(STOCK.replace("'antal'", "'hektar'"), "b")
    data = [
        value("x:one", 1, 2021),
        value("x:one", 2, 2022),
        value("x:two", 2, 2022, more="; rt:unit 'hektar'"),
    ]
    found = comparability(nation(indicator(STOCK), other, versions, *data), [A, A[:-1] + "b"], place=IN_WHOLE)
    assert [check.comparable for check in found.checks] == [False, False, False]
    assert [one.finding.code for one in found.definitional.reasons] == ["units-differ"]
    assert "units-differ" in {one.finding.code for one in found.transversal.reasons if one.forbids}
    (broken,) = [one for one in found.longitudinal.reasons if one.forbids]
    assert (broken.finding.code, broken.finding.values["period"], broken.between) == (
        "series-break",
        "2022",
        ("Ett",),
    )


def test_what_is_alike_may_be_compared(nation: Callable) -> None:
    data = [value(f"x:{p}", 1, y) for p in ("one", "two") for y in (2021, 2022)]
    found = comparability(nation(indicator(STOCK), *data), A, place=IN_WHOLE)
    assert [check.comparable for check in found.checks] == [True, True, True]
    assert all(not check.reasons for check in found.checks)


@pytest.mark.parametrize(
    ("text", "years"),
    [("2023", (2023,)), ("2020-2022", (2020, 2021, 2022)), ("2020,2022", (2020, 2022)), ("", ())],
)
def test_years_are_read(text: str, years: tuple[int, ...]) -> None:
    assert read_years(text) == years


@pytest.mark.parametrize("text", ["i fjol", "2023-2020", "23", "1000-9999"])
def test_unreadable_years_are_told(text: str) -> None:
    with pytest.raises(RodtradError) as caught:
        read_years(text)
    assert caught.value.problems[0].code == "bad-years"


def test_thresholds_are_shares() -> None:
    assert read_threshold("90%") == read_threshold("0,9") == Decimal("0.9")
    for odd in ("mycket", "1.5", "-1", "NaN"):
        with pytest.raises(RodtradError):
            read_threshold(odd)


def test_periods_are_read_as_they_are_written() -> None:
    told = {
        "2024-03": "month",
        "2024M03": "month",
        "2024K1": "quarter",
        "2019-2022": "years",
        "2023/24": "school-year",
    }
    assert {text: one.kind for text in told if (one := period(text))} == told
    assert period("förra året") is None


def test_codes_of_lists_that_divide_the_country_alike_stand_together(ask: Callable) -> None:
    coded = [
        value("x:one", 1, more="; rt:codeList code-list:nuts-2016"),
        value("x:two", 2, more="; rt:codeList code-list:nuts-2024"),
    ]
    assert (ask(indicator(FLOW), *coded, place=IN_WHOLE).value) == 3
    unsaid = value("x:two", 2)
    assert ask(indicator(FLOW), coded[0], unsaid, place=IN_WHOLE).verdict == "exact"
    old = value("x:one", 1, more="; rt:codeList code-list:nuts-2003")
    refused = ask(indicator(FLOW), old, unsaid, place=IN_WHOLE)
    assert (refused.value, refused.refusal.kind.reason) == (None, "code-lists-differ")
    assert "NUTS 2003" in refused.refusal.sentence("sv") and "A7" in refused.rules


def test_a_series_does_not_go_from_one_division_to_another(ask: Callable) -> None:
    series = [value("x:one", 1, 2005, more="; rt:codeList code-list:nuts-2003"), value("x:one", 2, 2006)]
    assert ask(indicator(FLOW), *series, over="time", place=ONE).refusal.kind.reason == "code-lists-differ"


def test_an_unknown_code_is_left_out_and_named(ask: Callable) -> None:
    data = [indicator(FLOW), value("x:one", 1), value("x:two", 2), value("r:99", 40)]
    result = ask(*data, place=IN_WHOLE)
    assert (result.value, result.verdict) == (3, "partial")
    assert "99" in next(one.sentence("en") for one in result.findings if one.code == "unknown-place")
    assert ask(*data[:-1], value("r:20", 40), place=IN_WHOLE).verdict == "exact"
