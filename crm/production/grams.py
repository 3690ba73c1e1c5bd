"""Kilograms in whole grams, and their division: evenly, or by weights. How an order is divided over
its mixes is `allocation`."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

GRAM, NOTHING = Decimal("0.001"), Decimal(0)


def split_evenly(kg: Decimal, count: int) -> list[Decimal]:
    """Divide kilograms into `count` parts in whole grams; the last one takes the rest.

    >>> [str(part) for part in split_evenly(Decimal("100.000"), 3)]
    ['33.333', '33.333', '33.334']
    """
    part = (kg / count).quantize(GRAM, ROUND_DOWN)
    return [*[part] * (count - 1), kg - part * (count - 1)]


def split_by(kg: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Divide kilograms by weights in whole grams; the last one takes the rest.

    >>> [str(part) for part in split_by(Decimal("10.000"), [Decimal(2), Decimal(1)])]
    ['6.666', '3.334']
    """
    whole = sum(weights, Decimal(0))
    parts = [(kg * weight / whole).quantize(GRAM, ROUND_DOWN) for weight in weights[:-1]]
    return [*parts, kg - sum(parts, Decimal(0))]
