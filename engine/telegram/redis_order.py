"""The order of chats among processes by locks of Redis, each a lease: renewed while its chat is
held, it ends seconds after a process that was killed.

Redis may die at any moment: then another order is asked, and Redis again a little later. Start at
`RedisOrder`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from engine.telegram.order import Order, alone

log = logging.getLogger(__name__)

HELD_S = 10.0  # the lock of a process that was killed ends by itself
RENEWED_S = 2.0  # a turn that takes longer keeps its chat, also in a loop that is held up
WAIT_S = 30  # for another process; then its order is not waited for
ASK_S = 0.02  # between looks whether a lock is free
ANSWER_S = 2.0  # of Redis; a longer one is none
REST_S = 5.0  # Redis that failed is left alone


class RedisOrder:
    """The order among processes by Redis; while Redis is away, by `otherwise`."""

    def __init__(self, url: str, otherwise: Order = alone) -> None:
        self._otherwise, self._rest_until = otherwise, 0.0
        self._redis: Redis = Redis.from_url(
            url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S
        )

    @asynccontextmanager
    async def __call__(self, chat: int) -> AsyncIterator[None]:
        """Hold a chat."""
        async with AsyncExitStack() as held:
            if not await self._hold(chat, held):
                await held.enter_async_context(self._otherwise(chat))
            yield

    async def _hold(self, chat: int, held: AsyncExitStack) -> bool:
        if time.monotonic() < self._rest_until:
            return False
        lock = self._redis.lock(f"chat:{chat}", HELD_S, ASK_S, blocking_timeout=WAIT_S)
        try:
            if not await lock.acquire():
                log.warning("chat %s was held by another process for %s s", chat, WAIT_S)
                return True
        except (RedisError, OSError) as error:
            self._failed(error)
            return False
        over = asyncio.Event()
        renewing = asyncio.create_task(self._renew(chat, lock, over), name=f"lease of chat {chat}")

        async def release() -> None:
            over.set()  # the client sends by `wait_for`, which may swallow a cancel (CPython 86296)
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            try:
                await lock.release()
            except LockError:
                log.warning("the lock of chat %s had ended", chat)
            except (RedisError, OSError) as error:  # it ends by itself
                self._failed(error)

        held.push_async_callback(release)
        return True

    async def _renew(self, chat: int, lock: Lock, over: asyncio.Event) -> None:
        while not over.is_set():
            await asyncio.sleep(RENEWED_S)
            try:
                await lock.reacquire()
            except LockError:
                log.warning("the lock of chat %s has ended", chat)
                return
            except (RedisError, OSError) as error:
                self._failed(error)

    def _failed(self, error: Exception) -> None:
        log.warning("Redis does not keep the order of chats: %s", error)
        self._rest_until = time.monotonic() + REST_S

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.connection_pool.disconnect()
