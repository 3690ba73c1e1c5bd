"""The only door to APScheduler: wakes the sweep of reminders and escalations.

Timers are rows; nothing is kept here. The alarm stands at the earliest due row, and every 60 s the
sweep looks again, so that rows of other processes and lost alarms are found. APScheduler waits for
a moment of the wall clock: put back an hour it would let all wait for that hour, so a steady
clock watches it. Any number of processes may sweep: rows are claimed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from engine.plant_ports import Timers
from engine.ports import Clock

log = logging.getLogger(__name__)
T = TypeVar("T")

EVERY_S = 60.0
AGAIN_S = 1.0  # after a poke: turns come in bursts, one look at the rows serves them all


class Caller(Protocol):
    """Runs a synchronous function where the database may be used, and waits for its result."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Run it."""
        ...


class Sweeper:
    """Sweeps due timers. `swept` is called after every sweep that fired something, to wake the
    sender; `beat` after every one that did not fail, as a sign of life.

    `now` of the clock may be moved by tests; the alarm counts the seconds that are left by that
    clock."""

    def __init__(
        self,
        timers: Timers,
        clock: Clock,
        call: Caller,
        *,
        swept: Callable[[], None] = lambda: None,
        beat: Callable[[], None] = lambda: None,
        transaction: Callable[[], AbstractContextManager[None]] = nullcontext,
        every_s: float = EVERY_S,
    ) -> None:
        self._timers, self._clock, self._call = timers, clock, call
        self._swept, self._beat = swept, beat
        self._transaction, self._every_s = transaction, every_s
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._running: asyncio.Task[int] | None = None
        self._pokes = 0
        self._watching: asyncio.Task[None] | None = None
        self._swept_at = monotonic()

    def start(self) -> None:
        """Begin inside a running event loop, with a sweep at once."""
        self._scheduler.start()
        self._set("sweep", self._begin, 0.0)
        self._watching = asyncio.create_task(self._watch())

    def stop(self) -> None:
        """End; a sweep that runs goes on to its end, which `settle` waits for."""
        if self._watching is not None:
            self._watching.cancel()
        self._scheduler.shutdown(wait=False)

    async def settle(self) -> None:
        """Wait for the end of a sweep that runs."""
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)

    async def _begin(self) -> None:
        """Begin a sweep as a task of its own: the scheduler cancels at its end what it runs."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self.sweep())

    async def _watch(self) -> None:
        """Sweep where the alarm did not."""
        while True:
            await asyncio.sleep(self._every_s)
            if monotonic() - self._swept_at > 1.5 * self._every_s:
                log.warning("the alarm is late: was the clock put back?")
                await self._begin()

    def poke(self) -> None:
        """Say that timers may have been written, so that one due soon is not found a minute
        late."""
        self._pokes += 1
        if self._scheduler.running and self._scheduler.get_job("look") is None:
            self._set("look", self._look, AGAIN_S)

    async def sweep(self) -> int:
        """Fire everything due now; return how many. A failure is logged and the next sweep tries
        again."""
        self._swept_at, pokes = monotonic(), self._pokes
        try:
            fired, due, now = await self._call(self._fire)
        except Exception:  # a database that is away must not end the sweeping
            log.exception("the sweep failed")
            fired = 0
            await self._look()
        else:
            self._beat()
            if pokes == self._pokes:
                self._set_alarm(due, now)
            else:  # what was written meanwhile may be due before what the sweep saw
                await self._look()
        if fired:
            log.info("%s timers fired", fired)
            self._swept()
        return fired

    async def _look(self) -> None:
        """Look when the next timer is due."""
        due: datetime | None = None
        now = self._clock.now()
        try:
            due, now = await self._call(self._next)
        except Exception:  # as above: the next regular sweep looks again
            log.exception("the next timer is not known")
        self._set_alarm(due, now)

    def _set_alarm(self, due: datetime | None, now: datetime) -> None:
        """Set the alarm to the earliest due timer, at most `every_s` from now."""
        left = self._every_s
        if due is not None:
            left = min(left, max(0.0, (due - now).total_seconds()))
        self._set("sweep", self._begin, left)

    def _fire(self) -> tuple[int, datetime | None, datetime]:
        with self._transaction():
            return *self._timers.sweep_and_look(self._clock.now()), self._clock.now()

    def _next(self) -> tuple[datetime | None, datetime]:
        with self._transaction():
            return self._timers.next_due(), self._clock.now()

    def _set(self, name: str, work: Callable[[], Awaitable[object]], after_s: float) -> None:
        if self._scheduler.running:
            # Without a grace time APScheduler drops a job that is a second late.
            self._scheduler.add_job(
                work,
                "date",
                run_date=datetime.now(UTC) + timedelta(seconds=after_s),
                id=name,
                replace_existing=True,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
