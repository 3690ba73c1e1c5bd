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
        self._pool = ThreadPoolExecutor(most, thread_name_prefix=name)
        self._next = asyncio.Lock()

    async def __call__(self, work: Callable[[], Result], /) -> Result:
        """Run it."""
        loop = asyncio.get_running_loop()
        async with self._next:
            doing = loop.run_in_executor(self._pool, copy_context().run, on_rows, work)
            await asyncio.wait((doing,), timeout=SLOW_S)
        return await doing
