"""One thing at a time in a chat: in this process, and beyond it where several work for one bot.

What must not be wrong is decided by rows. This order is for what is seen: that the screens of a
chat come in the order of its turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from weakref import WeakValueDictionary

Order = Callable[[int], AbstractAsyncContextManager[None]]  # held for a chat


@asynccontextmanager
async def alone(chat: int) -> AsyncIterator[None]:
    """Be the order of a process that shares its chats with no other."""
    del chat
    yield


class InOrder:
    """One thing at a time in a chat, first come first served; chats do not wait for each other.
    `beyond` is the order among processes."""

    def __init__(self, beyond: Order = alone) -> None:
        self._beyond = beyond
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def __call__(self, chat: int) -> AsyncIterator[None]:
        """Wait for the chat's turn and hold it."""
        lock = self._locks.get(chat)
        if lock is None:
            lock = self._locks[chat] = asyncio.Lock()
        async with lock:
            if self._beyond is alone:
                yield
                return
            async with self._beyond(chat):
                yield
