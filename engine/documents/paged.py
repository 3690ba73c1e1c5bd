"""How a table that is wide stands on pages that people read. Start at `narrowed`.

A page shows a whole sheet by printing it smaller. Below a size of letters that takes no effort its
texts break into more lines; where that is not enough, as in a pivot of many columns, the sheet
takes several pages across, each with the leading columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

MARGIN = 2  # characters that a column has beyond its text
CHARACTER = 5.25  # points of one, in the letters that a sheet counts widths in
ROOM = {"landscape": 784.0, "portrait": 537.0}  # points of A4 between the margins
EASY, LEAST = 7.5, 6.5  # points of letters on paper: read without effort; read at all
NARROW = 6  # characters: no text is broken into narrower pieces


@dataclass(frozen=True, slots=True)
class Wide:
    """Characters that a column wants, and the fewest that it may get."""

    usual: float
    least: float


def narrowed(columns: Mapping[int, Wide], size: float, lies: str) -> dict[int, float]:
    """Return the widths of columns with their margins: what they want if a page shows that in
    letters easily read (`size` is theirs on screen), else the widest texts break first.

    >>> narrowed({1: Wide(8, 8), 2: Wide(60, 12), 3: Wide(30, 12)}, 11, "landscape")
    {1: 10, 2: 62, 3: 32}
    >>> narrowed({1: Wide(150, 150), 2: Wide(60, 12), 3: Wide(30, 12)}, 11, "landscape")
    {1: 152, 2: 35, 3: 32}
    """
    widest = max((one.usual for one in columns.values()), default=0.0)
    caps = [widest - step for step in range(max(1, ceil(widest - NARROW)))]
    for points in (EASY, LEAST):
        for cap in caps:
            widths = _capped(columns, cap)
            if sum(widths.values()) <= _room(points, size, lies):
                return widths
    return _capped(columns, NARROW)


def _capped(columns: Mapping[int, Wide], cap: float) -> dict[int, float]:
    return {at: max(one.least, min(one.usual, cap)) + MARGIN for at, one in columns.items()}


def pages_across(widths: Mapping[int, float], lead: int, size: float, lies: str) -> int:
    """Return how many pages a sheet takes across so that it can be read, when each of them repeats
    the `lead` first columns; one when there are none to repeat.

    >>> pages_across({at: 13 for at in range(1, 21)}, 7, 14, "landscape")
    1
    >>> pages_across({at: 13 for at in range(1, 61)}, 7, 14, "landscape")
    3
    """
    room, whole = _room(LEAST, size, lies), sum(widths.values())
    first = sum(width for at, width in widths.items() if at <= lead)
    if not lead or whole <= room or first >= room:
        return 1
    return ceil((whole - first) / (room - first))


def _room(points: float, size: float, lies: str) -> float:
    """Return the characters of a page on which letters of a size are printed in so many points."""
    return ROOM[lies] / CHARACTER * max(1, size / points)
