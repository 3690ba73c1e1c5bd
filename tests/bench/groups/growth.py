"""A turn of a form among 1, 10, 100 and 1,000 flows, in process, sessions in memory; beside it
linear routers as aiogram documents them, with as many forms of ten questions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from tests.bench.row import Found, Group, Of, Row, Size, at_most

SIZES = (1, 10, 100, 1000)
FLAT = Row(
    "turn, 1,000 flows beside 1",
    "A turn with the most flows beside the same turn with one (a hundred in a quick run)",
    "ms",
    "the same turn with one flow",
    at_most(1.1, Of.RATIO),
)
LINEAR = "linear routers, ten State and F filters a form"


def _rows() -> Iterator[Row]:
    for count in SIZES:
        goal = at_most(0.01, Of.RATIO) if count == SIZES[-1] else None
        what = "A turn of the last form"
        yield Row(f"turn, {count:,} flows", what, "ms", LINEAR, goal, "turn over flows", count)
    yield FLAT


def measure(size: Size) -> Iterator[Found]:
    """Load plants of many flows, and talk to all of them by turns."""
    from crm.care.garbage import settle
    from tests.bench.crowd import Crowd, Linear

    counts = SIZES[: size.of(3, 4)]
    ours = {count: Crowd(count, size.seed) for count in counts}
    theirs = {count: Linear(count) for count in counts}
    settle()  # as a bot does: a search through four plants and a thousand routers is no lap's
    laps: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for lap in range(size.rounds + 1):
        for count in counts:
            for name, bot in (("ours", ours[count]), ("theirs", theirs[count])):
                taken = asyncio.run(bot.lap(size.of(4, 20)))
                if lap:  # the first warms up
                    laps.setdefault((name, count), []).append(taken)
    for count in counts:
        yield _found(f"turn, {count:,} flows", laps["ours", count], laps["theirs", count])
    yield _found(FLAT.name, laps["ours", counts[-1]], laps["ours", counts[0]])


def _found(name: str, ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> Found:
    (clock, cpu), (their_clock, their_cpu) = zip(*ours, strict=True), zip(*theirs, strict=True)
    return Found(name, tuple(clock), tuple(their_clock), tuple(cpu), tuple(their_cpu))


GROUPS = (Group("growth", tuple(_rows()), measure),)
