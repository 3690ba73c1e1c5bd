"""A message to a thousand people: how much of what Telegram allows the bot uses, whether it is ever
refused, and whether a worker waits for his screen meanwhile. The bot is a process of its own, the
simulator keeps Telegram's limits. Start at `measure`."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from engine.talk.parse import Says
from tests.bench.live import PATIENCE_S, Hand, Heard, Shown, served, talking
from tests.bench.over_http import plant
from tests.bench.telegram import CHAT
from tests.bench.way import WHO

FIRST = 800_001  # the chat of the first who is told
TOLD = "Собрание"
ALLOWED = 30  # messages a second
ASKS = Says(0, WHO, "command", "start")
QUIET = 20  # screens before it
GAP_S = 1.1  # from a screen to what he sends next: Telegram allows one a second into a chat


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Messages a second, those of the worker too, from the first to the last; calls that Telegram
    refused; milliseconds that the worker waited for his screen before it and meanwhile."""

    rate: float
    refused: int
    quiet_ms: tuple[float, ...]
    busy_ms: tuple[float, ...]


def listeners(count: int) -> None:
    """Make people who are told."""
    from crm.people.models import Person

    Person.objects.bulk_create(
        Person(full_name=f"Чайкин {at}", telegram_id=FIRST + at) for at in range(count)
    )


def tell(count: int) -> None:
    """Write a message for each of them, in one transaction."""
    from django.db import connections, transaction
    from django.utils import timezone

    from crm.outbox.operations.put import put
    from crm.people.models import Person
    from engine.model.text import Text

    with transaction.atomic():
        people = Person.objects.filter(telegram_id__gte=FIRST, telegram_id__lt=FIRST + count)
        put(event="meeting", people=people, text=Text.of(TOLD), at=timezone.now())
    connections.close_all()


async def measure(count: int) -> Broadcast:
    """Tell so many."""
    heard = Heard([CHAT, *range(FIRST, FIRST + count)])
    hand = Hand(heard)
    heard.limit()
    async with AsyncExitStack() as stack:
        files = stack.enter_context(tempfile.TemporaryDirectory())
        url = await stack.enter_async_context(served(heard))
        own = {"FILES_DIR": files, "LOG_LEVEL": "WARNING"}
        await stack.enter_async_context(talking(heard, url, "cli.py", "bot", **own))
        await hand.does(ASKS)
        quiet = await _asked(hand, lambda at: at < QUIET)
        before = len(heard.shown)
        await asyncio.to_thread(tell, count)
        async with asyncio.timeout(PATIENCE_S + 2 * count / ALLOWED):
            busy = await _asked(hand, lambda _: _told(heard, before) < count)
    return Broadcast(rate(heard.shown[before:]), heard.floods, quiet, busy)


def rate(shown: Sequence[Shown]) -> float:
    """Return how many messages a second were put on phones, those of others too, from the first
    that tells to the last."""
    told = [one.at for one in shown if one.text == TOLD]
    within = sum(told[0] <= one.at <= told[-1] for one in shown)
    return (within - 1) / (told[-1] - told[0])


def _told(heard: Heard, before: int) -> int:
    return sum(one.text == TOLD for one in heard.shown[before:])


async def _asked(hand: Hand, more: Callable[[int], bool]) -> tuple[float, ...]:
    """Let the worker ask for the menu again and again; return what he waited each time."""
    waits: list[float] = []
    while more(len(waits)):
        await asyncio.sleep(GAP_S)
        waits.append(1000 * (await hand.does(ASKS))[1])
    return tuple(waits)


def prepare(count: int) -> None:
    """Make the plant, the worker and those who are told, on the rows of this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    plant()
    listeners(count)
