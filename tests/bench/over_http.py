"""Turns over HTTP: a bot of ours and one written by hand, each a process with a simulator of its
own, take the same forms by turns. Start at `measure`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from engine.talk.parse import Says
from tests.bench.laps import used_by
from tests.bench.live import Hand, Heard, lines, served, talking
from tests.bench.ours import Ours
from tests.bench.telegram import CHAT
from tests.bench.theirs import DOCUMENTED

SAVED = "зарегистрирована"
PEER = ("-m", "tests.bench.contender", DOCUMENTED)


@dataclass(frozen=True, slots=True)
class Turns:
    """Milliseconds of a turn in each round: from the worker's act to his screen, and of the
    processor of the bot's process."""

    ms: tuple[float, ...]
    cpu_ms: tuple[float, ...]


class Taker:
    """Takes forms of a bot that runs."""

    def __init__(self, heard: Heard, used: Callable[[], float], form: list[Says]) -> None:
        self.heard, self._used, self._form = heard, used, form
        self._hand = Hand(heard)

    async def round(self, forms: int) -> tuple[float, float]:
        """Take so many forms; return milliseconds a turn by the clock and of the processor."""
        updates, seconds, used = 0, 0.0, self._used()
        for _ in range(forms):
            for said in self._form:
                done, took = await self._hand.does(said)
                updates, seconds = updates + done, seconds + took
            await self.heard.until(lambda: SAVED in self.heard.shown[-1].text)
        return 1000 * seconds / updates, 1000 * (self._used() - used) / updates


@asynccontextmanager
async def taker(command: Sequence[str], files: str, *, today: bool) -> AsyncIterator[Taker]:
    """Start a bot and its simulator."""
    heard = Heard()
    async with (
        served(heard) as url,
        talking(heard, url, *command, FILES_DIR=files, LOG_LEVEL="WARNING") as bot,
    ):
        yield Taker(heard, partial(used_by, bot.pid), lines(today=today))


def plant() -> None:
    """Put the first data and our receiver into the rows of this process's database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connections

    from crm.office.seed import seed
    from crm.people.operations.save_person import save_person

    seed()
    save_person(None, person=None, full_name="Ветров Б. А.", roles=["receiver"], telegram_id=CHAT)
    connections.close_all()


async def measure(rounds: int, forms: int, *, rows: bool) -> tuple[Turns, Turns]:
    """Take forms of ours, in memory or on the `rows` of the plant, and of the peer by turns."""
    own = ("cli.py", "bot") if rows else ("-m", "tests.bench.contender", Ours.name)
    async with AsyncExitStack() as stack:
        files = stack.enter_context(tempfile.TemporaryDirectory())
        bots = [
            await stack.enter_async_context(taker(own, files, today=rows)),
            await stack.enter_async_context(taker(PEER, files, today=False)),
        ]
        kept: list[list[tuple[float, float]]] = [[], []]
        for bot in bots:
            await bot.round(1)  # what happens once is not what a turn costs
        for _ in range(rounds):
            for bot, laps in zip(bots, kept, strict=True):
                laps.append(await bot.round(forms))
    ours, theirs = (Turns(*zip(*laps, strict=True)) for laps in kept)
    return ours, theirs
