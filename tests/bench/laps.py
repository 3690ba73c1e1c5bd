"""Laps: a piece of work of ours and the peer's by turns, with the clock's and the processor's time.

Start at `laps`; a row without a peer is run against a yardstick, so that its ratio says something
on another machine too."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from tests.bench.row import TIMES, Found, Row, Size

Work = Callable[[], object]
Used = Callable[[], float]


def yardstick() -> None:
    """Do what our programs do all day: dictionaries, texts, decimals; some ten milliseconds."""
    kept: dict[str, Decimal] = {}
    for at in range(6_000):
        name = f"lot {at % 500}"
        kept[name] = kept.get(name, Decimal(0)) + Decimal(at) / 4
    sorted(kept.items(), key=lambda pair: (pair[1], pair[0]))


def laps(
    row: Row,
    size: Size,
    ours: Work,
    theirs: Work = yardstick,
    *,
    times: int = 1,
    used: Used = time.process_time,
) -> Found:
    """Measure a row whose lap is `ours` repeated; what is kept is one of them."""
    assert row.unit in TIMES, row.unit
    kept: list[tuple[float, float]] = []
    beside: list[tuple[float, float]] = []
    ours()  # what happens once is not what a lap costs
    theirs()
    for _ in range(size.rounds):
        kept.append(_lap(ours, times, used))
        beside.append(_lap(theirs, 1 if theirs is yardstick else times, used))
    unit = TIMES[row.unit]
    return Found(
        row.name,
        tuple(clock / unit for clock, _ in kept),
        tuple(clock / unit for clock, _ in beside),
        tuple(cpu for _, cpu in kept),
        tuple(cpu for _, cpu in beside),
    )


def _lap(work: Work, times: int, used: Used) -> tuple[float, float]:
    """Return milliseconds of the clock and of the processor, each of one time."""
    gc.collect()
    cpu, began = used(), time.perf_counter()
    for _ in range(times):
        work()
    clock = time.perf_counter() - began
    return 1000 * clock / times, 1000 * (used() - cpu) / times


def used_with_database() -> float:
    """Return the seconds that this process and the one which answers its queries have used."""
    return time.process_time() + used_by_server()


def used_by_server() -> float:
    """Return the seconds that the process which answers the queries has used; none of SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    return used_by(connection.connection.info.backend_pid)


def used_by(process: int) -> float:
    """Return the processor's seconds of another process."""
    stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def peak_mb() -> float:
    """Return the most memory that this process has held; `ru_maxrss` would also be that of the
    process which started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
