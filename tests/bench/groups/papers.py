"""Papers and workbooks: a certificate beside docxtpl, a long list beside openpyxl, a designed
report. A workbook is made in a process of its own, so that the peak of memory is its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.bench.row import Found, Group, Of, Row, Size, at_least, at_most

CERTIFICATE = Row(
    "certificate (docx)",
    "A certificate of incoming control from its sample, warm",
    "ms",
    "docxtpl, its layout opened anew each time",
    at_most(80),
)
ALL = Row(
    "documents a second",
    "Every document of templates/ by turns, from its sample, warm",
    "/s",
    "docxtpl, each layout opened anew each time",
    at_least(12.5),
)
DESIGNED = Row(
    "report, designed, 5,000 rows", "Groups, totals, styles, 12 columns", "s", "", at_most(5)
)
LISTS = (1_000, 10_000, 100_000)
PEER = "openpyxl in memory, the same rows"
FASTER = 1.0  # than the peer, at least


def _rows() -> Iterator[Row]:
    yield from (CERTIFICATE, ALL, DESIGNED)
    for count in LISTS:
        goal = at_most(10) if count == LISTS[-1] else at_most(FASTER, Of.RATIO)
        what = f"A plain list of {count:,} rows by 12 columns as xlsx"
        yield Row(f"plain list of {count:,}", what, "s", PEER, goal, "plain list", count)
    yield Row(
        "plain list: memory", "The most memory while the longest is made", "MB", PEER, at_most(200)
    )


def measure(size: Size) -> Iterator[Found]:
    """Make papers."""
    yield _certificate(size)
    yield _documents(size)
    from tests.bench.reports import DESIGNED as FORM
    from tests.bench.reports import PLAIN, alone, by_peer, measured

    designed = [alone(measured, FORM, 5_000) for _ in range(5)]
    yield Found(
        DESIGNED.name,
        tuple(one[0] for one in designed),
        cpu_ms=tuple(1000 * one[1] for one in designed),
        peak_mb=max(one[2] for one in designed),
    )
    for count in LISTS[: size.of(2, 3)]:
        pairs = [
            (alone(measured, PLAIN, count), alone(by_peer, PLAIN, count))
            for _ in range(5 if count < LISTS[-1] else 1)
        ]
        yield Found(
            f"plain list of {count:,}",
            tuple(ours[0] for ours, _ in pairs),
            tuple(theirs[0] for _, theirs in pairs),
            tuple(1000 * ours[1] for ours, _ in pairs),
            tuple(1000 * theirs[1] for _, theirs in pairs),
            max(ours[2] for ours, _ in pairs),
        )
    memory = (tuple(float(one[2]) for one in side) for side in zip(*pairs, strict=True))
    ours_mb, their_mb = memory
    yield Found("plain list: memory", ours_mb, their_mb, note=f"{count:,} rows")


def _certificate(size: Size) -> Found:
    from tests.bench.laps import laps
    from tests.bench.prints import ours, sample, theirs

    one = [sample("incoming_control")]
    return laps(CERTIFICATE, size, partial(ours, one), partial(theirs, one), times=size.of(3, 20))


def _documents(size: Size) -> Found:
    """A lap prints each document once; what is kept is how many that were a second."""
    from tests.bench.laps import laps
    from tests.bench.prints import ours, samples, theirs

    every = samples()
    taken = laps(
        CERTIFICATE, size, partial(ours, every), partial(theirs, every), times=size.of(1, 5)
    )
    kinds = len(every)
    return Found(
        ALL.name,
        tuple(1000 * kinds / ms for ms in taken.ours),
        tuple(1000 * kinds / ms for ms in taken.theirs),
        note=f"{kinds} kinds",
    )


GROUPS = (Group("papers", tuple(_rows()), measure),)
