"""Control charts against an independent computation (floats, the definitions word by word) and a
published example."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.quality.control import Rule, chart_of

# Flow rates of NIST/SEMATECH e-Handbook 6.3.2.2, «Example of moving range»; the book gives the mean
# 50.81, the mean range 1.8778 and, by 3/1.128 where we take 2.66, the limits 45.8159 and 55.8041.
NIST = ["49.6", "47.6", "49.9", "51.3", "47.8", "51.2", "52.6", "52.4", "53.6", "52.1"]


def values(*numbers: str | int) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def rules_of(*numbers: str | int) -> list[tuple[int, ...]]:
    chart = chart_of(values(*numbers))
    assert chart is not None
    return [tuple(map(int, rules)) for rules in chart.rules]


def expected(numbers: list[float]) -> list[set[int]]:
    """The four tests as Nelson words them, each looked for in every window by itself."""
    mean = sum(numbers) / len(numbers)
    moves = [abs(b - a) for a, b in pairwise(numbers)]
    reach = 2.66 * sum(moves) / len(moves)
    found: list[set[int]] = []
    for end in range(1, len(numbers) + 1):
        last = numbers[end - 1]
        met = {1} if last > mean + reach or last < mean - reach else set()
        nine, six, fourteen = (numbers[max(0, end - n) : end] for n in (9, 6, 14))
        if len(nine) == 9 and (min(nine) > mean or max(nine) < mean):
            met.add(2)
        steps = [b - a for a, b in pairwise(six)]
        if len(six) == 6 and (min(steps) > 0 or max(steps) < 0):
            met.add(3)
        turns = [b - a for a, b in pairwise(fourteen)]
        if len(fourteen) == 14 and all(a * b < 0 for a, b in pairwise(turns)):
            met.add(4)
        found.append(met)
    return found


def test_a_published_example_has_its_published_limits() -> None:
    chart = chart_of(values(*NIST))
    assert chart is not None
    assert round(chart.mean, 2) == Decimal("50.81")
    assert round(chart.mean_range, 4) == Decimal("1.8778")
    assert abs(chart.upper - Decimal("55.8041")) < Decimal("0.001")
    assert abs(chart.lower - Decimal("45.8159")) < Decimal("0.001")
    assert round(chart.upper_range, 3) == Decimal("6.135")
    assert chart.signals == 0


# Multiples of 1/1024: sums of them are exact in floats too, so that no rounding decides a rule.
@given(st.lists(st.integers(-9000, 9000).map(lambda n: n / 1024), min_size=2, max_size=60))
def test_rules_are_those_of_the_definitions_window_by_window(numbers: list[float]) -> None:
    chart = chart_of([Decimal(number) for number in numbers])
    assert chart is not None
    got = [{*map(int, rules)} for rules in chart.rules]
    mean = sum(numbers) / len(numbers)
    near = any(abs(number - mean) < 1e-9 for number in numbers)
    wanted = expected(numbers)
    if near:  # on the mean itself floats and decimals may differ in the last digit
        got, wanted = [one - {2} for one in got], [one - {2} for one in wanted]
    assert got == wanted


@given(st.lists(st.integers(0, 3), min_size=14, max_size=80))
def test_runs_of_equal_and_few_values_are_counted_as_the_definitions_do(numbers: list[int]) -> None:
    chart = chart_of(values(*numbers))
    assert chart is not None
    got = [{*map(int, rules)} - {1, 2} for rules in chart.rules]
    assert got == [one - {1, 2} for one in expected([float(one) for one in numbers])]


def test_a_value_past_three_sigmas_is_marked() -> None:
    calm = [10, 11] * 10
    assert rules_of(*calm, 30)[-1] == (Rule.BEYOND,)
    chart = chart_of(values(*calm, 30))
    assert chart is not None
    assert chart.wide[-1]
    assert not any(chart.wide[:-1])


def test_the_ninth_on_one_side_is_marked_and_the_eighth_is_not() -> None:
    low, high = [1, 2, 1, 1, 2, 1, 2, 2, 1], [9, 8, 9, 9, 8, 9, 8, 8, 9]
    marked = rules_of(*low, *high)
    assert [at for at, one in enumerate(marked) if Rule.ONE_SIDE in one] == [8, 17]


def test_the_sixth_in_a_trend_is_marked_and_a_pause_breaks_it() -> None:
    assert Rule.SIX_IN_TREND in rules_of(1, 2, 3, 4, 5, 6)[5]
    assert not any(Rule.SIX_IN_TREND in one for one in rules_of(1, 2, 3, 3, 4, 5, 6))
    assert Rule.SIX_IN_TREND in rules_of(6, 5, 4, 3, 2, 1)[5]


def test_the_fourteenth_that_turns_about_is_marked_and_the_thirteenth_is_not() -> None:
    marked = rules_of(*[1, 2] * 7)
    assert Rule.TURN_ABOUT in marked[13]
    assert not any(Rule.TURN_ABOUT in one for one in marked[:13])


@pytest.mark.parametrize("few", [[], ["1"]])
def test_fewer_than_two_values_have_no_chart(few: list[str]) -> None:
    assert chart_of(values(*few)) is None


def test_values_that_never_change_signal_nothing() -> None:
    chart = chart_of(values(*[5] * 30))
    assert chart is not None
    assert [chart.lower, chart.upper, chart.signals] == [5, 5, 0]
