"""A number that rises with every change, and a way to wait until it has: whatever changed, or a
chat. Thousands of phones that wait would else be woken by every word in another chat."""

from __future__ import annotations

import asyncio
from collections import defaultdict

ANY = 0  # whatever changes


class Changes:
    """The revision of the whole simulator. Lives in one event loop."""

    def __init__(self) -> None:
        self.revision = 0
        self._waiting: defaultdict[int, set[asyncio.Future[None]]] = defaultdict(set)

    def bump(self, chat: int = ANY) -> int:
        """Raise the revision, wake who waits for any change or for that of a chat, and return
        it."""
        self.revision += 1
        for waiter in (one for what in {ANY, chat} for one in self._waiting.pop(what, ())):
            if not waiter.done():
                waiter.set_result(None)
        return self.revision

    async def wait(self, timeout: float, chat: int = ANY) -> bool:
        """Wait for the next change, of a chat if one is named, at most `timeout` seconds; tell
        whether one came."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[chat].add(waiter)
        try:
            await asyncio.wait_for(waiter, timeout)
        except TimeoutError:
            return False
        finally:
            self._waiting[chat].discard(waiter)
        return True
