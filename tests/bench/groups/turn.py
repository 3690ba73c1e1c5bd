"""A turn of the intake beside the same form written by hand, in process, sessions in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from tests.bench.row import Found, Group, Of, Row, Size, at_most

OURS = "ours"
GOALS = {"documented style": 0.35, "async filters only": 0.75, "one dictionary": None}
KINDS = {"press": "a button", "text": "typed words", "photo": "a photo, fetched and looked at"}
CALLS = Row(
    "turn: API calls a form",
    "Calls of Telegram from /start to «Сохранить», 21 questions: one an update",
    "calls",
    "documented style",
    at_most(1.05, Of.RATIO),
)


def _rows() -> Iterator[Row]:
    for peer, bound in GOALS.items():
        goal = None if bound is None else at_most(bound, Of.RATIO)
        yield Row(f"turn: {peer}", f"A turn beside the peer «{peer}»", "ms", peer, goal)
    for kind, said in KINDS.items():
        yield Row(f"turn: {kind}", f"A turn whose input is {said}", "ms", "documented style")
    yield CALLS


def measure(size: Size) -> Iterator[Found]:
    """Let every contender take the same forms."""
    from tests.bench.measure import measure as contend
    from tests.bench.measure import of_kind

    rounds = asyncio.run(contend(size.rounds, size.of(2, 10), size.seed))
    ours = rounds[OURS]
    for name in GOALS:
        theirs = rounds[name]
        yield Found(
            f"turn: {name}",
            tuple(one.ms for one in ours),
            tuple(one.ms for one in theirs),
            tuple(one.cpu_ms for one in ours),
            tuple(one.cpu_ms for one in theirs),
        )
    documented = rounds["documented style"]
    for kind in KINDS:
        value = of_kind(kind)
        yield Found(f"turn: {kind}", tuple(map(value, ours)), tuple(map(value, documented)))
    calls, theirs_calls = (tuple(one.calls for one in side) for side in (ours, documented))
    yield Found(CALLS.name, calls, theirs_calls)


GROUPS = (Group("turn", tuple(_rows()), measure),)
