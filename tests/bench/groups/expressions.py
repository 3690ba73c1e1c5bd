"""An expression of a flow beside the same written as a lambda of Python."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.row import Found, Group, Of, Row, Size, at_most

ROW = Row(
    "expressions",
    "Ten expressions of flows, decimals included, over the same values",
    "ms",
    "lambdas of Python",
    at_most(1.5, Of.RATIO),
)


def measure(size: Size) -> Iterator[Found]:
    """Evaluate all of them; a lap is one evaluation of each."""
    from tests.bench.expressions import measure as costs

    rounds = [costs(1, size.of(2_000, 20_000)) for _ in range(size.rounds)]
    ours = tuple(sum(one.ours_ns for one in each) / 1e6 for each in rounds)
    theirs = tuple(sum(one.theirs_ns for one in each) / 1e6 for each in rounds)
    yield Found(ROW.name, ours, theirs, ours, theirs)


GROUPS = (Group("expressions", (ROW,), measure),)
