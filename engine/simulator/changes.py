"""A number that rises with every change, and a way to wait until it has."""

from __future__ import annotations

import asyncio


class Changes:
    """The revision of the whole simulator. Lives in one event loop."""

    def __init__(self) -> None:
        self.revision = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def bump(self) -> int:
        """Raise the revision, wake everyone who waits, and return it."""
        self.revision += 1
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()
        return self.revision

    async def wait(self, timeout: float) -> bool:
        """Wait for the next change, at most `timeout` seconds; tell whether one came."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await asyncio.wait_for(waiter, timeout)
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiter)
        return True
