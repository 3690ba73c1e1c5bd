"""A turn of the intake over real HTTP to the simulator: ours in memory, on SQLite, on PostgreSQL,
each beside the form written by hand, which holds everything in memory. The simulator and the phones
are this process; the bots are processes of their own.

With them a crowd: two hundred workers at one bot and its office, worker and scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from statistics import quantiles

from tests.bench.row import Found, Group, Place, Row, Size, at_least, at_most

PEER = "documented style in memory, over HTTP too"
WORKERS, TURNS = 200, 4_000
SPEED = Row(
    "crowd: turns a second", "200 workers over HTTP at one bot, forty turns on their way", "/s",
    goal=at_least(150),
)  # fmt: skip
WAIT = Row("crowd: p99", "From what a worker sends until his screen", "ms", goal=at_most(250))
ERRORS = Row("crowd: errors", "Screens that did not come, lost answers", "found", goal=at_most(0))


def name(place: Place) -> str:
    """Return where ours keeps its chats."""
    return "memory" if place is Place.NOTHING else str(place)


def _row(place: Place) -> Row:
    what = "From what a worker does on his phone to the screen that it brings"
    return Row(f"turn over HTTP, {name(place)}", what, "ms", PEER)


def measure(place: Place, size: Size) -> Iterator[Found]:
    """Take forms."""
    from tests.bench import over_http

    if rows := place is not Place.NOTHING:
        over_http.plant()
    taken = over_http.measure(size.rounds, size.of(1, 4), rows=rows)
    ours, theirs = asyncio.run(taken)
    yield Found(_row(place).name, ours.ms, theirs.ms, ours.cpu_ms, theirs.cpu_ms)


def crowd(size: Size) -> Iterator[Found]:
    """Let a crowd work at a plant whose PostgreSQL waits for its disk."""
    from tests.soak.crowd import hold

    workers, turns = size.of(20, WORKERS), size.of(400, TURNS)
    held = asyncio.run(hold(workers, turns, 1, durable=True))
    note = f"{held.saved} saves, {len(held.waits)} turns"
    yield Found(SPEED.name, (len(held.waits) / held.seconds,), note=note)
    yield Found(WAIT.name, (1000 * quantiles(held.waits, n=100)[98],))
    yield Found(ERRORS.name, (float(len(held.errors)),), note="; ".join(held.errors[:1]))


GROUPS = (
    *(
        Group(
            f"http {name(place)}",
            (_row(place),),
            partial(measure, place),
            place,
            quick=False,
        )
        for place in (Place.NOTHING, Place.SQLITE, Place.POSTGRES)
    ),
    Group("crowd", (SPEED, WAIT, ERRORS), crowd, quick=False),
)
