"""Control charts of individual values: limits of the values and of their moving ranges, and runs of
values that say that something changed. Knows no rows: start at `chart_of`.

Limits and tests are those of L. S. Nelson, «The Shewhart Control Chart — Tests for Special Causes»,
Journal of Quality Technology 16 (1984) 4, 237–239, tests 1 to 4 (Western Electric, «Statistical
Quality Control Handbook», 1956, has the first of them and eight for nine), and of the NIST/SEMATECH
e-Handbook of Statistical Methods, 6.3.2.2 «Individuals Control Charts»."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from itertools import pairwise

VALUES = Decimal("2.66")  # 3 / d2 of ranges of two, d2 = 1.128
RANGES = Decimal("3.267")  # D4 of ranges of two
SIDE, TREND, ALTERNATING = 9, 6, 14
ENOUGH = 20  # values from which on limits are more than preliminary


class Rule(IntEnum):
    """Which of Nelson's tests a value completes."""

    BEYOND = 1  # past three sigmas
    ONE_SIDE = 2  # nine in a row on one side of the mean
    SIX_IN_TREND = 3  # six in a row that all rise or all fall
    TURN_ABOUT = 4  # fourteen in a row that rise and fall in turn


@dataclass(frozen=True, slots=True)
class Chart:
    """Values with their mean and limits, the ranges between neighbours with theirs (none before the
    first), and the rules that each value and each range completes."""

    values: tuple[Decimal, ...]
    mean: Decimal
    lower: Decimal
    upper: Decimal
    ranges: tuple[Decimal | None, ...]
    mean_range: Decimal
    upper_range: Decimal
    rules: tuple[tuple[Rule, ...], ...]
    wide: tuple[bool, ...]

    @property
    def signals(self) -> int:
        """How many values say that something changed."""
        return sum(bool(rules) or wide for rules, wide in zip(self.rules, self.wide, strict=True))


def chart_of(values: Sequence[Decimal]) -> Chart | None:
    """Return the chart of values in the order of their times; None of fewer than two.

    >>> chart = chart_of([Decimal(10), Decimal(12), Decimal(11)])
    >>> chart.mean, chart.mean_range, chart.upper, chart.upper_range
    (Decimal('11'), Decimal('1.5'), Decimal('14.990'), Decimal('4.9005'))
    """
    if len(values) < 2:
        return None
    mean = sum(values, Decimal(0)) / len(values)
    moves = [abs(after - before) for before, after in pairwise(values)]
    mean_range = sum(moves, Decimal(0)) / len(moves)
    reach = VALUES * mean_range
    upper_range = RANGES * mean_range
    return Chart(
        values=tuple(values),
        mean=mean,
        lower=mean - reach,
        upper=mean + reach,
        ranges=(None, *moves),
        mean_range=mean_range,
        upper_range=upper_range,
        rules=tuple(_rules(values, mean, reach)),
        wide=(False, *(move > upper_range for move in moves)),
    )


def _rules(values: Sequence[Decimal], mean: Decimal, reach: Decimal) -> Iterator[tuple[Rule, ...]]:
    """Give the rules that each value completes, counting runs that end with it."""
    side = trend = turns = 0
    for at, value in enumerate(values):
        sign = _sign(value - mean)
        side = side + sign if side * sign > 0 else sign
        if at:
            step, before = _sign(value - values[at - 1]), _step(values, at - 1)
            trend = trend + step if trend * step > 0 else step
            turns = turns + 1 if step * before < 0 else int(step != 0)
        met = {
            Rule.BEYOND: abs(value - mean) > reach,
            Rule.ONE_SIDE: abs(side) >= SIDE,
            Rule.SIX_IN_TREND: abs(trend) >= TREND - 1,  # six values are five steps
            Rule.TURN_ABOUT: turns >= ALTERNATING - 1,
        }
        yield tuple(rule for rule, is_met in met.items() if is_met)


def _step(values: Sequence[Decimal], at: int) -> int:
    return _sign(values[at] - values[at - 1]) if at else 0


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)
