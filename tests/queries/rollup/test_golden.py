"""The golden cases: what a national number may and may not be."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from rodtrad.queries.rollup import rollup

from .conftest import CODES, COUNT, FLOW, IN_WHOLE, MEDIAN, SEX, SHARE, STOCK, A, everywhere, indicator, value


def codes(result) -> set[str]:
    return {finding.code for finding in result.findings}


def test_i_shares_are_recomputed_from_their_parts(ask: Callable) -> None:
    result = ask(
        indicator(SHARE + "; rt:numerator i:n ; rt:denominator i:d"),
        indicator(STOCK, "n"),
        indicator(STOCK, "d"),
        *(
            value(p, n, of=i)
            for i, p, n in [("n", "x:one", 10), ("d", "x:one", 100), ("n", "x:two", 30), ("d", "x:two", 50)]
        ),
        *(value("x:one", 10), value("x:two", 60)),
        place=IN_WHOLE,
    )
    assert round(result.value, 1) == Decimal("26.7")
    assert (result.numerator, result.denominator) == (40, 150)
    assert result.verdict == "exact"
    assert "A3" in result.rules


def test_ii_a_stock_is_never_summed_over_time(ask: Callable) -> None:
    data = [indicator(STOCK), value("x:one", 100, 2022), value("x:one", 110, 2023)]
    latest = ask(*data, over="time", place="https://w3id.org/rodtrad/id/ref/thing/one", years="2022-2023")
    assert (latest.value, latest.verdict) == (110, "exact")
    summed = indicator(STOCK + " ; rt:functionOverTime aggregation-function:sum")
    refused = ask(summed, *data[1:], over="time", place="https://w3id.org/rodtrad/id/ref/thing/one")
    assert (refused.value, refused.verdict, refused.refusal.kind.reason) == (
        None,
        "refused",
        "stock-over-time",
    )


def test_ii_a_stock_over_region_and_time_is_the_latest_sum(ask: Callable) -> None:
    data = [
        value(f"x:{p}", n, y)
        for p, n, y in [("one", 100, 2022), ("two", 10, 2022), ("one", 110, 2023), ("two", 20, 2023)]
    ]
    result = ask(indicator(STOCK), *data, over="region,time", place=IN_WHOLE)
    assert (result.value, result.verdict) == (130, "exact")


def test_iii_the_total_of_a_breakdown_is_not_added_to_its_parts(ask: Callable) -> None:
    groups = [("k:k", 51), ("k:m", 49), ("k:t", 100)]
    data = [value("x:one", n, more=f"; rt:breakdownCategory {g}") for g, n in groups]
    place = "https://w3id.org/rodtrad/id/ref/thing/one"
    result = ask(indicator(STOCK), SEX, *data, over="breakdown", place=place)
    assert (result.value, result.verdict) == (100, "exact")
    assert "A9" in result.rules
    without_total = ask(indicator(STOCK), SEX, *data[:2], over="breakdown", place=place)
    assert (without_total.value, without_total.verdict) == (100, "exact")


def test_iii_over_region_only_the_totals_are_summed(ask: Callable) -> None:
    data = [
        value(p, n, more=f"; rt:breakdownCategory {g}")
        for p in ("x:one", "x:two")
        for g, n in [("k:k", 51), ("k:m", 49), ("k:t", 100)]
    ]
    assert ask(indicator(STOCK), SEX, *data, place=IN_WHOLE).value == 200


def test_iv_twenty_of_twenty_one_regions_is_partial(nation: Callable) -> None:
    engine = nation(indicator(FLOW), everywhere(2, but=("09",)))
    answer = rollup(engine, A, "region", years="2023")
    result = answer.result
    assert (result.value, result.verdict, result.present, result.expected) == (40, "partial", 20, 21)
    assert answer.covered(result) == "20 av 21"
    assert result.missing == ("Gotlands län",)
    assert result.share == Decimal("0.9524")
    assert "20 av 21. Saknas: Gotlands län." in answer.explanation(result)
    assert "20 of 21" in answer.explanation(result, "en")


def test_v_medians_are_refused_with_the_list(nation: Callable) -> None:
    values = [value(f"r:{code}", 300000 + int(code)) for code in CODES]
    answer = rollup(nation(indicator(MEDIAN), *values), A, "region", years="2023")
    result = answer.result
    assert (result.value, result.verdict, result.refusal.kind.reason) == (None, "refused", "non-additive")
    assert [member.value for member in result.members] == [300000 + int(code) for code in CODES]
    assert "300001" in answer.alternative(result) and "300025" in answer.alternative(result)


def test_v_a_median_declared_summable_is_still_refused(ask: Callable) -> None:
    summed = indicator(MEDIAN + " ; rt:functionOverPlace aggregation-function:sum")
    result = ask(summed, value("x:one", 1), value("x:two", 2), place=IN_WHOLE)
    assert (result.value, result.refusal.kind.reason) == (None, "non-additive")


def test_v_the_published_national_median_is_the_nearest_alternative(nation: Callable) -> None:
    data = [indicator(MEDIAN), value("x:one", 1), value("x:two", 3), value("x:whole", 2)]
    answer = rollup(nation(*data), A, "region", place=IN_WHOLE)
    assert answer.result.value is None
    assert "Det publicerade värdet för Helheten är 2." in answer.alternative(answer.result)


def test_vi_a_parent_strategy_and_its_child_count_once(ask: Callable) -> None:
    strategies = """
    x:strategy a rt:GoverningDocument . x:sub a rt:GoverningDocument ; rt:under x:strategy .
    x:use1 a rt:IndicatorUse ; rt:indicator i:a ; rt:follows x:strategy .
    x:use2 a rt:IndicatorUse ; rt:indicator i:a ; rt:follows x:sub .
    """
    data = [value("x:one", 40, more=f"; rt:indicatorUse x:use{n}") for n in (1, 2)]
    result = ask(indicator(FLOW), strategies, *data, value("x:two", 0), place=IN_WHOLE)
    assert result.value == 40
    assert "part-of-whole" in codes(result)


def test_two_activities_of_one_region_are_summed(ask: Callable) -> None:
    activities = "".join(
        f"x:act{n} a rt:Activity . x:use{n} a rt:IndicatorUse ; rt:indicator i:a ; rt:follows x:act{n} .\n"
        for n in (1, 2)
    )
    data = [value("x:one", 40, more=f"; rt:indicatorUse x:use{n}") for n in (1, 2)]
    assert ask(indicator(FLOW), activities, *data, value("x:two", 1), place=IN_WHOLE).value == 81


def test_vii_a_target_of_zero_with_lower_is_better_is_met_by_zero_only(ask: Callable) -> None:
    def counts(held: int) -> dict[str, int]:
        targets = """
        x:t1 a rt:Target ; rt:indicator i:a ; rt:place x:one ; rt:year 2023 ; rt:value 0 ; rt:targetKind target-kind:absolute .
        x:t2 a rt:Target ; rt:indicator i:a ; rt:place x:two ; rt:year 2023 ; rt:targetKind target-kind:direction-only .
        """
        lower = indicator(FLOW + " ; rt:direction direction:lower")
        data = [value("x:one", held), value("x:two", 9, 2022), value("x:two", 5)]
        result = ask(lower, targets, *data, of="targets", place=IN_WHOLE)
        assert result.refusal.kind.reason == "targets-not-absolute"
        return dict(result.refusal.values)

    assert counts(0) == {"met": 2, "unmet": 0, "unknown": 0}
    assert counts(1) == {"met": 1, "unmet": 1, "unknown": 0}


def test_absolute_targets_of_one_year_are_summed(ask: Callable) -> None:
    targets = "".join(
        f"x:t{p} a rt:Target ; rt:indicator i:a ; rt:place x:{p} ; rt:year 2030 ; rt:value {n} ; rt:targetKind target-kind:absolute .\n"
        for p, n in (("one", 0), ("two", 7))
    )
    result = ask(indicator(FLOW), targets, of="targets", place=IN_WHOLE)
    assert (result.value, result.verdict, result.period) == (7, "exact", "2030")


def test_viii_counts_over_a_sample_are_lower_bounds(nation: Callable) -> None:
    engine = nation(indicator(FLOW), everywhere(2), completeness="sample")
    answer = rollup(engine, A, "region", years="2023")
    result = answer.result
    assert (result.value, result.verdict, result.present) == (42, "lower-bound", 21)
    assert "Minst 42" in answer.explanation(result)


def test_ix_a_joint_application_told_of_twice_counts_once(ask: Callable) -> None:
    joint = "x:joint a rt:JointInitiative .\n"
    data = [value(p, 29, more="; rt:jointInitiative x:joint") for p in ("x:one", "x:two")]
    result = ask(indicator(FLOW), joint, *data, place=IN_WHOLE)
    assert (result.value, result.present, result.verdict) == (29, 2, "exact")
    assert "counted-once" in codes(result)


def test_what_may_repeat_is_an_upper_bound_with_both_ends(ask: Callable) -> None:
    repeating = (
        COUNT.replace("distinctness:unique", "distinctness:may-repeat") + " ; rt:additivity additivity:flow"
    )
    result = ask(indicator(repeating), value("x:one", 40), value("x:two", 25), place=IN_WHOLE)
    assert (result.value, result.lower, result.upper, result.verdict) == (65, 40, 65, "upper-bound")
