"""A turn with its session as a row, beside the floor under it: the turn in memory and one bare
UPDATE that commits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

from tests.bench.row import Found, Group, Place, Row, Size, at_most

FLOOR = "the turn in memory and a bare UPDATE with its COMMIT"


def _rows(place: Place) -> tuple[Row, ...]:
    return (
        Row(f"durable turn, {place}", "A turn with sessions as rows", "ms", FLOOR),
        Row(
            f"durable turn, {place}: over the floor",
            "What it costs more than its floor",
            "ms",
            goal=at_most(2.5),
        ),
        Row(
            f"durable turn, {place}: statements",
            "SQL statements a turn besides BEGIN and COMMIT, the mean of a form but its saving",
            "statements",
            goal=at_most(2),
        ),
        Row(
            f"durable turn, {place}: memory a live session",
            "What the bot holds more for each worker in the middle of a form",
            "kB",
            goal=at_most(4),
        ),
    )


def measure(place: Place, size: Size) -> Iterator[Found]:
    """Take forms on the rows of this process's database."""
    from tests.bench.durable_turn import measure as taken

    found = asyncio.run(taken(size.rounds, size.of(2, 5)))
    turn, over, statements, memory = (row.name for row in _rows(place))
    floor = tuple(one + bare for one, bare in zip(found.memory_ms, found.bare_ms, strict=True))
    yield Found(turn, found.durable_ms, floor, found.durable_cpu_ms, found.memory_cpu_ms)
    yield Found(over, tuple(one - low for one, low in zip(found.durable_ms, floor, strict=True)))
    yield Found(statements, (found.statements,))
    from tests.bench.sessions import measure as held

    yield Found(memory, (asyncio.run(held(size.of(20, 200))),))


GROUPS = tuple(
    Group(f"durable {place}", _rows(place), partial(measure, place), place)
    for place in (Place.SQLITE, Place.POSTGRES)
)
