"""Drawings of numbers as coordinates; a template makes SVG of them, in the colours of the page.

Start at `control_plot` and `pareto_plot`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from crm.office.card import Tone

WIDTH, HEIGHT = 960, 260
LEFT, RIGHT, TOP, BOTTOM = 14, 120, 24, 26
LABEL = 14  # least distance between two labels
Norm = Sequence[tuple[Decimal | None, str]]  # of each mark, the end that held and its words


@dataclass(frozen=True, slots=True)
class Level:
    """A line across the drawing, or over the dots that it holds for, with its words: the mean, a
    limit, a norm. One that ends before the last dot says its words only when it is pointed at."""

    y: int
    label_y: int
    text: str
    kind: str
    first: int
    last: int
    is_labelled: bool = True


@dataclass(frozen=True, slots=True)
class Dot:
    """A value: where it is, what it says when it is pointed at, which rules it completes."""

    x: int
    y: int
    text: str
    marks: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """Dots that are joined, levels, words under the first and the last."""

    title: str
    dots: Sequence[Dot]
    levels: Sequence[Level]
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def path(self) -> str:
        """The line from dot to dot."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)

    @property
    def right(self) -> int:
        """Where levels end."""
        return self.width - RIGHT

    @property
    def left(self) -> int:
        """Where levels begin."""
        return LEFT

    @property
    def foot(self) -> int:
        """Where words under the drawing stand."""
        return self.height - 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A value to be drawn: how much, its words, its marks, its colour. None leaves its place
    empty."""

    value: Decimal | None
    text: str = ""
    marks: str = ""
    tone: Tone = ""


def control_plot(
    title: str,
    marks: Sequence[Mark],
    levels: Sequence[tuple[Decimal, str, str]],
    ends: tuple[str, str],
    norms: Sequence[Norm] = (),
) -> Plot:
    """Draw values from left to right between levels (value, words, kind); `ends` are the words
    under the first and the last. Each of `norms` has an end a mark, which is drawn beside the marks
    that it held for."""
    drawn = [mark.value for mark in marks if mark.value is not None]
    held = [value for norm in norms for value, _text in norm if value is not None]
    heights = [*drawn, *held, *(value for value, _text, _kind in levels)]
    low, high = min(heights), max(heights)
    span = high - low or Decimal(1)

    def y(value: Decimal) -> int:
        return TOP + int((high - value) * (HEIGHT - TOP - BOTTOM) / span)

    step = Decimal(WIDTH - LEFT - RIGHT - 20) / max(1, len(marks) - 1)

    def x(at: int) -> int:
        return LEFT + 10 + int(at * step)

    dots = [
        Dot(x(at), y(mark.value), mark.text, mark.marks, mark.tone)
        for at, mark in enumerate(marks)
        if mark.value is not None
    ]
    across = [
        Level(y(value), y(value) + 4, text, kind, LEFT, WIDTH - RIGHT)
        for value, text, kind in levels
    ]
    for norm in norms:
        for value, text, first, last in _runs(norm):
            ends_here = last == len(marks) - 1
            begin = LEFT if first == 0 else (x(first - 1) + x(first)) // 2
            end = WIDTH - RIGHT if ends_here else (x(last) + x(last + 1)) // 2
            across.append(Level(y(value), y(value) + 4, text, "norm", begin, end, ends_here))
    return Plot(title, dots, _apart(across), *ends)


def _runs(norm: Norm) -> Iterator[tuple[Decimal, str, int, int]]:
    """Give the ends that a norm had with the first and the last mark that each held for."""
    at = 0
    for (value, text), same in groupby(norm):
        count = len([*same])
        if value is not None:
            yield value, text, at, at + count - 1
        at += count


def _apart(levels: Sequence[Level]) -> list[Level]:
    """Push the words of levels apart so that none lies over another."""
    placed, least = [], 0
    for level in sorted(levels, key=attrgetter("y")):
        if not level.is_labelled:
            placed.append(level)
            continue
        placed.append(replace(level, label_y=max(level.label_y, least)))
        least = placed[-1].label_y + LABEL
    return placed


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of a Pareto chart with its number, and the dot of the running share over it."""

    x: int
    y: int
    width: int
    height: int
    number: int
    count: int
    text: str
    share_x: int
    share_y: int


@dataclass(frozen=True, slots=True)
class Pareto:
    """Bars from the greatest on, and the line of the running share."""

    columns: Sequence[Column]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def path(self) -> str:
        """The line of the running share."""
        return " ".join(f"{one.share_x},{one.share_y}" for one in self.columns)

    @property
    def right(self) -> int:
        """Where lines end."""
        return self.width - LEFT - 40

    @property
    def base(self) -> int:
        """Where bars stand."""
        return self.height - BOTTOM

    @property
    def eighty(self) -> int:
        """How high 80 per cent are."""
        return TOP + (self.height - TOP - BOTTOM) // 5


def pareto_plot(counts: Sequence[tuple[str, int]]) -> Pareto:
    """Draw counts, the greatest first, with their running share of all."""
    whole = sum(count for _text, count in counts)
    room, most = HEIGHT - TOP - BOTTOM, max(count for _text, count in counts)
    slot = (WIDTH - 2 * LEFT - 40) // len(counts)
    width = min(90, slot * 3 // 4)
    columns, running = [], 0
    for at, (text, count) in enumerate(counts):
        running += count
        tall = max(1, room * count // most)
        x = LEFT + at * slot + (slot - width) // 2
        share = HEIGHT - BOTTOM - room * running // whole
        place = (x, HEIGHT - BOTTOM - tall, width, tall)
        columns.append(Column(*place, at + 1, count, text, x + width // 2, share))
    return Pareto(columns)
