"""How long notices wait from commit to send beside a poller of statuses, and what a plant asks of
its database and of its processors while nothing happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from statistics import quantiles

from tests.bench.row import Found, Group, Place, Row, Size, at_most

PEER = "a poller that looks every four seconds"
WRITERS = {"the bot": True, "the office": False}
P50, P99 = 10, 50  # milliseconds


def _rows(place: Place) -> Iterator[Row]:
    for writer in WRITERS:
        what = f"From the commit of {writer} until Telegram is called, the COMMIT counted in"
        yield Row(f"notice of {writer}, {place}: p50", what, "ms", PEER, at_most(P50))
        yield Row(f"notice of {writer}, {place}: p99", what, "ms", goal=at_most(P99))


def measure(place: Place, size: Size) -> Iterator[Found]:
    """Commit messages, and look when they were sent."""
    from tests.bench import notices

    for writer, itself in WRITERS.items():
        taken = notices.measure(size.of(30, 120), size.seed, itself=itself)
        ours, theirs = asyncio.run(taken)
        name = f"notice of {writer}, {place}"
        yield Found(f"{name}: p50", tuple(ours), tuple(theirs), note=f"{len(ours)} commits")
        yield Found(f"{name}: p99", (_p99(ours),), note=f"the poller {_p99(theirs):,.0f} ms")


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100, method="inclusive")[98]


GROUPS = tuple(
    Group(f"notices {place}", tuple(_rows(place)), partial(measure, place), place, quick=False)
    for place in (Place.SQLITE, Place.POSTGRES)
)
