"""The right of one process to ask Telegram for updates, which gives them to one alone.

The right is a `Lease` of the outside. This process counts it as its own for less time than others
wait before they take it over, by clocks that nobody moves: it has stopped asking before another
begins, also when the database does not answer. Start at `Tenure.during`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol

from engine.telegram.storage import Caller

log = logging.getLogger(__name__)

HELD = 2 / 3  # of the time of a lease: the rest is for clocks that run unevenly and slow stops
ASKED = 1 / 4  # of that time: three renewals may fail


class Lease(Protocol):
    """A right that one process has at a time, kept where all of them look."""

    @property
    def lasts_s(self) -> float:
        """For how many seconds others leave it alone after it was taken or renewed."""
        ...

    def take(self) -> bool:
        """Take it or renew it; False while another process has it."""
        ...

    def give_up(self) -> None:
        """Let others take it at once; one that others have stays theirs."""
        ...


class Unshared:
    """The lease of a bot that shares its token with no other process."""

    lasts_s = 3600.0

    def take(self) -> bool:
        """Say yes."""
        return True

    def give_up(self) -> None:
        """Do nothing."""


class Tenure:
    """Whether this process has a lease now. `call` runs database work; it must not wait behind
    the work of others, or a slow query loses the lease."""

    def __init__(
        self, lease: Lease, call: Caller, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._lease, self._call, self._monotonic = lease, call, monotonic
        self._until = 0.0
        self._taken, self._gone = asyncio.Event(), asyncio.Event()
        self._gone.set()

    @property
    def held(self) -> bool:
        """Tell whether this process may ask now."""
        return self._monotonic() < self._until

    async def run(self) -> None:
        """Take the lease and renew it until cancelled."""
        while True:
            await self._renew()
            await asyncio.sleep(self._lease.lasts_s * ASKED)

    async def during(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Wait for the lease and work until the work ends or the lease is lost: then the work is
        cancelled. Raises what the work raises."""
        await self._taken.wait()
        doing, lost = asyncio.create_task(work()), asyncio.create_task(self._lost())
        try:
            await asyncio.wait((doing, lost), return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                await doing
        finally:
            for task in (doing, lost):
                task.cancel()
            await asyncio.gather(doing, lost, return_exceptions=True)

    async def end(self) -> None:
        """Hand the lease back, so that another process has it at once."""
        self._lose()
        try:
            await self._call(self._lease.give_up)
        except Exception:  # the database is away: others wait until the time of the lease is over
            log.exception("the lease is not given back")

    async def _renew(self) -> None:
        began = self._monotonic()
        try:
            mine = await self._call(self._lease.take)
        except Exception:  # the database is away: what is left of the lease is still ours
            log.exception("the lease is not renewed")
            return
        if mine:
            self._until = began + self._lease.lasts_s * HELD
            if not self.held:  # the answer came too late to be of use
                return
            if not self._taken.is_set():
                log.info("this process asks Telegram now")
            self._gone.clear()
            self._taken.set()
        elif self._taken.is_set():
            log.warning("another process asks Telegram now")
            self._lose()

    async def _lost(self) -> None:
        """Wait until the lease is no more ours: told so, or not renewed in time."""
        while (left := self._until - self._monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._gone.wait()
        self._lose()

    def _lose(self) -> None:
        self._until = 0.0
        self._taken.clear()
        self._gone.set()
