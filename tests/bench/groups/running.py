"""What a plant of real processes does beside its turns: forms that are saved while it runs, a
message to a thousand people, and what it costs while nothing happens."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from statistics import median, quantiles

from tests.bench.row import Found, Group, Place, Row, Size, at_least, at_most

LAPS, WORKERS = 5, 10
LIVE = Row(
    "reload: save to live", "From saving a form until the bot told that it is live", "s",
    "a restart: from the start of the bot until it asks for updates", at_most(2),
)  # fmt: skip
LOST = Row(
    "reload: sessions lost", "Workers in the middle of that form who cannot go on", "lost",
    goal=at_most(0),
)  # fmt: skip
PEOPLE = 1_000
USED = Row(
    "broadcast: of what Telegram allows", "Messages a second while a thousand are told, of thirty",
    "%", goal=at_least(95),
)  # fmt: skip
REFUSED = Row("broadcast: 429", "Calls that Telegram refused for a flood", "found", "", at_most(0))
WAIT = Row(
    "broadcast: a worker waits longer, p99", "For his screen, than the median before it", "ms",
    goal=at_most(50),
)  # fmt: skip
PROCESSES = ("bot", "scheduler", "worker", "web")
ASKED = Row(
    "idle plant: queries a minute", "Bot, scheduler, worker and office on PostgreSQL, all together",
    "queries", goal=at_most(30),
)  # fmt: skip
CPU = "of the processor a minute while nothing happens"


def _idle() -> Iterator[Row]:
    yield ASKED
    for name in PROCESSES:
        yield Row(f"idle {name}: CPU a minute", f"Seconds {CPU}", "s")


def reloaded(size: Size) -> Iterator[Found]:
    """Save forms while a bot runs, then restart it."""
    from tests.bench import reload

    reload.prepare(WORKERS)
    found = asyncio.run(reload.measure(size.of(2, LAPS), WORKERS))
    yield Found(LIVE.name, found.live_s, found.restart_s)
    yield Found(LOST.name, (float(found.lost),), note=f"of {WORKERS}")


def told(size: Size) -> Iterator[Found]:
    """Tell everybody something."""
    from tests.bench import broadcast

    people = size.of(100, PEOPLE)
    broadcast.prepare(people)
    found = asyncio.run(broadcast.measure(people))
    used = 100 * found.rate / broadcast.ALLOWED
    yield Found(USED.name, (used,), note=f"{found.rate:.1f} a second to {people:,} people")
    yield Found(REFUSED.name, (float(found.refused),))
    quiet, busy = median(found.quiet_ms), quantiles(found.busy_ms, n=100, method="inclusive")[98]
    yield Found(WAIT.name, (max(0.0, busy - quiet),), note=f"{quiet:.0f} ms before it")


def idle(size: Size) -> Iterator[Found]:
    """Let all processes of a plant do nothing."""
    from tests.bench import idle
    from tests.bench.over_http import plant

    plant()
    found = asyncio.run(idle.measure(os.environ["DATABASE_URL"], size.of(1, 2)))
    each = ", ".join(f"{name} {count:.0f}" for name, count in sorted(found.asked.items()))
    yield Found(ASKED.name, (sum(found.asked.values()),), note=each)
    for name in PROCESSES:
        used = found.used[name]
        yield Found(f"idle {name}: CPU a minute", (used,), cpu_ms=(1000 * used,))


GROUPS = (
    Group("reload", (LIVE, LOST), reloaded, Place.SQLITE, quick=False),
    Group("broadcast", (USED, REFUSED, WAIT), told, Place.POSTGRES, quick=False),
    Group("idle plant", tuple(_idle()), idle, Place.POSTGRES, quick=False),
)
