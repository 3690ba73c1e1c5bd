"""Threads of the bot's work on rows, each with a connection of its own. Start at `Threads`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from crm.bridge.connection import on_rows

Result = TypeVar("Result")

SLOW_S = 0.2  # then the next piece of work begins beside the one that is in hand


class Threads:
    """Runs database work in threads, one piece after another while none is slow.

    What waits for the database, or is long by itself, holds nobody up: after `SLOW_S` the next
    begins beside it, in another thread, at `most` so many. While nothing is slow there is one
    thread and one connection, and turns of one process do not meet over rows."""

    def __init__(self, name: str, most: int = 1) -> None:
        self._name, self._next, self._free = name, asyncio.Lock(), asyncio.Semaphore(most)
        self._idle: list[ThreadPoolExecutor] = []  # of one thread each: a pool of more begins a
        # second one when the first has not yet said that it is free

    async def __call__(self, work: Callable[[], Result], /) -> Result:
        """Run it; what is begun goes on to its end, also when nobody waits for it any more."""
        loop = asyncio.get_running_loop()
        async with self._next:
            await self._free.acquire()
            thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, self._name)
            doing = loop.run_in_executor(thread, copy_context().run, on_rows, work)
            doing.add_done_callback(lambda _done: self._back(thread))
            await asyncio.wait((doing,), timeout=SLOW_S)
        return await asyncio.shield(doing)

    def _back(self, thread: ThreadPoolExecutor) -> None:
        self._idle.append(thread)
        self._free.release()
