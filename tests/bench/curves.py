"""Curves over size: rows that differ in size alone, and how fast what each costs grows. Start at
`curves_of`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tests.bench.row import Group
from tests.bench.run import Results

Points = Sequence[tuple[int, float]]


def curves_of(results: Results, groups: Sequence[Group]) -> Mapping[str, Points]:
    """Return the rows that differ in size alone, with what each costs."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row in (row for group in groups for row in group.rows if row.series):
        if row.name in results.found:
            found[row.series].append((row.size, results.found[row.name].value))
    return {name: sorted(points) for name, points in found.items() if len(points) > 1}


def growth(points: Points) -> float:
    """Return how a curve grows where it grows fastest, from one size to the next: what it costs
    then beside what n·log n would have made of what it cost before. Above 1 it grows faster."""
    return max(
        (later / cost) / (nlogn(more) / nlogn(size))
        for (size, cost), (more, later) in pairwise(points)
    )


def nlogn(size: int) -> float:
    """Return n·log n, of one thing too."""
    return size * math.log2(size + 1)
