"""The bot of `cli.py bot`, under a clock that is moved from outside: `python -m tests.e2e.bot
<database> <moment>`.

Lines of standard input: `after <seconds>` lets so much time pass, stopping wherever something is
due, as a night does; it answers with the moment when all that is due was done and sent."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from asgiref.sync import sync_to_async
from django.db import connections

from crm.bridge import jobs
from crm.bridge.connection import on_rows
from crm.bridge.jobs import DjangoJobs
from crm.bridge.ports import make_ports
from crm.bridge.program import program
from crm.bridge.timers import DjangoTimers
from crm.commands.bot import assemble
from crm.plant.clock import PlantClock
from engine.schedule import Sweeper
from engine.telegram.bot import Talker

LOOK_S = 0.02  # between looks at the outbox
SENT_S = 120.0  # for everything that is due to be sent, on a busy machine


class Hand:
    """The hand of the clock of a running bot."""

    def __init__(self, clock: PlantClock, talker: Talker, sweeper: Sweeper) -> None:
        self.clock, self._talker, self._sweeper = clock, talker, sweeper

    async def obey(self) -> None:
        """Read lines and do them, until there are no more."""
        while line := await asyncio.to_thread(sys.stdin.readline):
            _, seconds = line.split()
            await self.wait_until(self.clock.now() + timedelta(seconds=float(seconds)))
            print(self.clock.now().isoformat(), flush=True)

    async def wait_until(self, end: datetime) -> None:
        """Let time pass until a moment."""
        stop = self.clock.now()
        while stop < end:
            stop = await sync_to_async(on_rows)(lambda: self._next(end))
            self.clock.move_to(stop)
            await self._sweeper.sweep()
            await asyncio.wait_for(self._sent(), SENT_S)

    def _next(self, end: datetime) -> datetime:
        """Return when something is due next, at most the end."""
        now = self.clock.now()
        timers = DjangoTimers(program(), DjangoJobs())
        due = timers.next_due(), make_ports(program()).outbox.next_due()
        return min((one for one in due if one is not None and now < one < end), default=end)

    async def _sent(self) -> None:
        self._talker.poke()
        while await sync_to_async(on_rows)(self._is_due):
            await asyncio.sleep(LOOK_S)

    def _is_due(self) -> bool:
        due = make_ports(program()).outbox.next_due()
        return due is not None and due <= self.clock.now()


async def run(clock: PlantClock) -> None:
    """Be the bot until SIGTERM."""
    talker, sweeper, _ = await sync_to_async(assemble)()
    sweeper.start()
    moving = asyncio.create_task(Hand(clock, talker, sweeper).obey())

    async def ready(name: str) -> None:
        print(name, flush=True)

    try:
        await talker.run(on_ready=ready)
    finally:
        moving.cancel()
        sweeper.stop()


if __name__ == "__main__":
    connections.settings["default"]["NAME"] = sys.argv[1]
    jobs.LEFT = timedelta()  # there is no worker to leave them to
    with PlantClock(datetime.fromisoformat(sys.argv[2]), ticking=True) as moved:
        asyncio.run(run(moved))
