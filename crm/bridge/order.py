"""The order of chats among processes by advisory locks of PostgreSQL, which end with the connection
of who held them: a killed process holds nobody up. Start at `DatabaseOrder`.

On SQLite one process has a plant; there is nothing to hold."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.db import Error, connection

from crm.bridge.threads import Threads

log = logging.getLogger(__name__)

CHATS = 4_001_402  # the class of these advisory locks
WAIT_S = 30.0  # for another process; then its order is not waited for
FIRST_ASK_S, LAST_ASK_S = 0.01, 0.1  # between looks whether a chat is free
KEYS = 2**31  # of a class; two chats that share one wait for each other


class DatabaseOrder:
    """Holds chats for one process, in a thread and over a connection of its own."""

    def __init__(self) -> None:
        self._call = Threads("order")

    @asynccontextmanager
    async def __call__(self, chat: int) -> AsyncIterator[None]:
        """Hold a chat. A database that is away holds nothing: the turn will find out."""
        held = await self._hold(chat % KEYS)
        try:
            yield
        finally:
            if held:
                await self._asked("SELECT pg_advisory_unlock(%s, %s)", chat % KEYS)

    async def _hold(self, key: int) -> bool:
        until, pause_s = time.monotonic() + WAIT_S, FIRST_ASK_S
        while time.monotonic() < until:
            got = await self._asked("SELECT pg_try_advisory_lock(%s, %s)", key)
            if got is not False:
                return bool(got)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LAST_ASK_S)
        log.warning("a chat was held by another process for %s s", WAIT_S)
        return False

    async def _asked(self, sql: str, key: int) -> bool | None:
        """Ask about a lock; None when there are none."""

        def ask() -> bool | None:
            if connection.vendor != "postgresql":
                return None
            with connection.cursor() as cursor:
                cursor.execute(sql, [CHATS, key])
                return bool(cursor.fetchone()[0])

        try:
            return await self._call(ask)
        except Error as error:
            log.warning("the order of chats is not kept: %s", error)
            return None

    async def close(self) -> None:
        """Close the connection, and with it let everything go."""

        def leave() -> None:
            connection.close()  # that of the thread

        await self._call(leave)
