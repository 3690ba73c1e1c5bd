"""Hearing the bell of the outbox, so that a message that another process wrote is sent at once and
an idle bot need not look: a connection of its own waits for it; on SQLite a file is looked at, as
notices of the system get lost on mounted folders. Start at `Listener.run`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection

from crm.outbox import bell

log = logging.getLogger(__name__)
HEARING_S = 30.0  # between looks at the outbox while the bell is heard: a fallback
AGAIN_S = 5.0  # until the next try when the database is away
LOOKS_S = 0.01  # between two looks at the bell of a file of SQLite; each takes microseconds


@dataclass
class Listener:
    """Hears the bell. `rung` is called at each ring; `idle` is told how long a sender may sleep:
    long while the bell is heard, as usual (None) while it is not."""

    rung: Callable[[], None]
    idle: Callable[[float | None], None]

    async def run(self) -> None:
        """Listen until cancelled; where there is no bell there is nothing to do."""
        if (file := bell.bell_file()) is not None:
            await self._watch(file)
        if connection.vendor != "postgresql":
            return
        address = await sync_to_async(_address)()
        while True:
            try:
                await self._hear(address)
            except psycopg.Error as error:
                log.info("the bell of the outbox is not heard: %s", error)
            finally:
                self.idle(None)
            await asyncio.sleep(AGAIN_S)

    async def _watch(self, file: Path) -> None:
        """Look whether the bell of a file of SQLite was rung, until cancelled."""
        try:
            file.touch()  # never emptied: another listener would take what comes then for what was
            heard = file.stat().st_size
            self.idle(HEARING_S)
            self.rung()  # what was written before nobody heard
            while True:
                await asyncio.sleep(LOOKS_S)
                if (now := file.stat().st_size) != heard:
                    heard = now
                    self.rung()
        except OSError as error:  # somebody took it away: a sender looks as when nobody rings
            log.warning("the bell of the outbox is not heard: %s", error)
        finally:
            self.idle(None)

    async def _hear(self, address: str) -> None:
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as listening:
            await listening.execute(f"LISTEN {bell.CHANNEL}")
            self.idle(HEARING_S)
            self.rung()  # what was written before nobody heard
            async for _ in listening.notifies():
                self.rung()


def _address() -> str:
    """Return where the database is, as PostgreSQL's own library is told."""
    known = psycopg.pq.Conninfo.get_defaults()
    names = {option.keyword.decode() for option in known}
    given = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{name: value for name, value in given.items() if name in names}
    )
