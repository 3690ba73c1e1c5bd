"""Postings a second by eight processes at twenty hot lots, on a PostgreSQL that waits for its
disk."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.row import Found, Group, Place, Row, Size, at_least, at_most

RATE = Row(
    "postings a second", "Eight writers, two of the same twenty lots in each transaction", "/s",
    goal=at_least(250),
)  # fmt: skip
WRONG = Row(
    "postings: books that are wrong", "Negative, drifting, unbalanced afterwards", "found",
    goal=at_most(0),
)  # fmt: skip


def measure(size: Size) -> Iterator[Found]:
    """Let them write."""
    from tests.bench import hot

    found = [hot.measure(size.of(200, 1_000), size.seed + lap) for lap in range(size.rounds)]
    yield Found(RATE.name, tuple(one.a_second for one in found), note=f"{hot.WRITERS} processes")
    wrong = [line for one in found for line in one.wrong]
    yield Found(WRONG.name, (float(len(wrong)),), note="; ".join(wrong[:1]))


GROUPS = (Group("postings", (RATE, WRONG), measure, Place.POSTGRES, quick=False),)
