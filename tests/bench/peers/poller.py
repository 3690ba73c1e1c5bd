"""How plants tell people today: a program that asks every four seconds which records stand in a
status of which nobody was told, tells, and marks them. Frozen: a change re-measures its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

EVERY_S = 4.0
MADE = (
    "CREATE TABLE IF NOT EXISTS bench_order "
    "(id INTEGER PRIMARY KEY, chat BIGINT NOT NULL, status VARCHAR(10) NOT NULL)"
)
PUT = "INSERT INTO bench_order (id, chat, status) VALUES (%s, %s, 'new')"
FRESH = "SELECT id, chat FROM bench_order WHERE status = 'new' ORDER BY id"
TOLD = "UPDATE bench_order SET status = 'told' WHERE id = %s"


class Ask(Protocol):
    """Runs a statement where the database may be used, in a transaction of its own."""

    async def __call__(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return its rows; none of a change."""
        ...


class Poller:
    """The program: `tell` sends a message about a record into a chat."""

    def __init__(self, ask: Ask, tell: Callable[[int, int], Awaitable[object]]) -> None:
        self._ask, self._tell = ask, tell

    async def look(self) -> int:
        """Tell of what is new; return of how many records."""
        found = await self._ask(FRESH)
        for identity, chat in found:
            await self._tell(identity, chat)
            await self._ask(TOLD, identity)
        return len(found)

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S)
