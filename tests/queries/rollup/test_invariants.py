"""A19: one value comes back as it is, and two steps give what one step gives."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rodtrad.queries.rollup import rollup

from .conftest import FLOW, IN_WHOLE, MEDIAN, SHARE, STOCK, A, indicator, value

EXAMPLES = 300 if os.environ.get("RODTRAD_DEEP") else 20
FEW = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NUMBERS = st.decimals(-(10**9), 10**9, places=3, allow_nan=False, allow_infinity=False)
PARTS = st.lists(st.lists(NUMBERS, min_size=1, max_size=4), min_size=1, max_size=4)


@FEW
@given(number=NUMBERS, facts=st.sampled_from([FLOW, STOCK, SHARE, MEDIAN]))
def test_a_single_value_comes_back_unchanged(nation: Callable, number: Decimal, facts: str) -> None:
    alone = (
        "x:only a rt:Region ; rt:code 'O1' ; rt:partOfPlace x:single . x:single a rt:Place ; rt:code 'O' .\n"
    )
    engine = nation(indicator(facts), alone, value("x:only", number))
    for over in ("region", "time"):
        place = "https://w3id.org/rodtrad/id/ref/thing/" + ("single" if over == "region" else "only")
        result = rollup(engine, A, over, place=place, years="2023").result
        assert (result.value, result.verdict) == (number, "exact")


@FEW
@given(parts=PARTS)
def test_two_steps_of_place_give_what_one_step_gives(nation: Callable, parts: list[list[Decimal]]) -> None:
    places, values = "x:land a rt:Place ; rt:code 'L' .\n", ""
    for county, numbers in enumerate(parts):
        places += f"x:county{county} a rt:Region ; rt:code 'L{county}' ; rt:partOfPlace x:land .\n"
        for town, number in enumerate(numbers):
            places += f"x:town{county}-{town} a rt:Municipality ; rt:code 'L{county}{town}' ; rt:partOfPlace x:county{county} .\n"
            values += value(f"x:town{county}-{town}", number)
    one_step = rollup(nation(indicator(STOCK), places, values), A, "region", place=thing("land")).result
    engine = nation(indicator(STOCK), places, values)
    sums = [rollup(engine, A, "region", place=thing(f"county{n}")).result for n in range(len(parts))]
    between = "".join(value(f"x:county{n}", one.value) for n, one in enumerate(sums))
    two_steps = rollup(nation(indicator(STOCK), places, between), A, "region", place=thing("land")).result
    assert one_step.value == two_steps.value == sum(number for numbers in parts for number in numbers)
    assert one_step.verdict == two_steps.verdict == "exact"


@FEW
@given(
    parts=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=2, max_size=2),
    years=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=5),
)
def test_ratios_are_their_sums_and_flows_do_not_care_for_the_order(
    nation: Callable, parts: list[tuple[int, int]], years: list[tuple[int, int]]
) -> None:
    told = [
        value(f"x:{p}", 0, more=f"; rt:numeratorValue {n} ; rt:denominatorValue {d}")
        for p, (n, d) in zip(("one", "two"), parts, strict=True)
    ]
    ratio = rollup(nation(indicator(SHARE), *told), A, "region", place=IN_WHOLE).result
    exact = Decimal(sum(n for n, _ in parts)) * 100 / sum(d for _, d in parts)
    assert abs(ratio.value - exact) <= Decimal("1e-10")
    flows = [
        value(f"x:{p}", n, 2000 + y)
        for y, pair in enumerate(years)
        for p, n in zip(("one", "two"), pair, strict=True)
    ]
    both = rollup(nation(indicator(FLOW), *flows), A, "region,time", place=IN_WHOLE).result
    assert both.value == sum(sum(pair) for pair in years)


@FEW
@given(
    parts=st.lists(
        st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_two_steps_of_a_ratio_give_what_one_step_gives(
    nation: Callable, parts: list[list[tuple[int, int]]]
) -> None:
    """The step between hands on its numerator and denominator, not only its quotient."""

    def told(place: str, number: object, above: object, below: object) -> str:
        return value(place, number, more=f"; rt:numeratorValue {above} ; rt:denominatorValue {below}")

    places, values = "x:land a rt:Place ; rt:code 'L' .\n", ""
    for county, pairs in enumerate(parts):
        places += f"x:county{county} a rt:Region ; rt:code 'L{county}' ; rt:partOfPlace x:land .\n"
        for town, (above, below) in enumerate(pairs):
            places += f"x:town{county}-{town} a rt:Municipality ; rt:code 'L{county}{town}' ; rt:partOfPlace x:county{county} .\n"
            values += told(f"x:town{county}-{town}", above * 100 / below, above, below)
    engine = nation(indicator(SHARE), places, values)
    one_step = rollup(engine, A, "region", place=thing("land")).result
    steps = [rollup(engine, A, "region", place=thing(f"county{n}")).result for n in range(len(parts))]
    between = "".join(
        told(f"x:county{n}", one.value, one.numerator, one.denominator) for n, one in enumerate(steps)
    )
    two_steps = rollup(nation(indicator(SHARE), places, between), A, "region", place=thing("land")).result
    above, below = (sum(pair[n] for pairs in parts for pair in pairs) for n in (0, 1))
    assert (one_step.numerator, one_step.denominator) == (above, below) if sum(map(len, parts)) > 1 else True
    assert abs(one_step.value - two_steps.value) <= Decimal("1e-8")
    assert abs(one_step.value - Decimal(above) * 100 / below) <= Decimal("1e-8")


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_data_does_not_matter(nation: Callable, order: int) -> None:
    data = [value("x:one", 1, id="b"), value("x:two", 2, id="a")][::order]
    assert rollup(nation(indicator(STOCK), *data), A, place=IN_WHOLE).result.value == 3


def thing(name: str) -> str:
    return f"https://w3id.org/rodtrad/id/ref/thing/{name}"
