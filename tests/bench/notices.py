"""How long a message waits from the commit that wants it to the sender's call of Telegram, beside a
poller of statuses (`peers.poller`) that is told of the same commits. Both run in one loop of this
process; a thread with a connection of its own commits. Start at `measure`."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from aiogram import Bot
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from django.db import connection, connections, transaction
from django.utils import timezone

from crm.bridge.listening import Listener
from crm.bridge.ports import make_ports
from crm.bridge.program import program
from crm.bridge.threads import Threads
from crm.office.seed import seed
from crm.outbox.bell import sends_itself
from crm.outbox.operations.put import put
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from engine.model.text import Text
from engine.run.perform import serve
from engine.talk.papers import MemoryFiles
from engine.telegram.bot import Talker
from tests.bench.ours import no_paper
from tests.bench.peers.poller import EVERY_S, MADE, PUT, Poller
from tests.bench.telegram import TOKEN, AtOnce

PEOPLE = 40  # each is told something again after more than a second: Telegram's limit of a chat
FIRST = 700_001  # the chat of the first of them
GAP_S = 0.25  # between two commits, on the average
OURS, THEIRS = "ours {}", "theirs {}"
PATIENCE_S = 60.0


class Handed(AtOnce):
    """A Telegram that notes when each text was handed to it."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, float] = {}

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """Note it, and answer."""
        if isinstance(method, SendMessage):
            self.at.setdefault(method.text, time.perf_counter())
        return await super().make_request(bot, method, timeout)


def prepare() -> list[Person]:
    """Make the first data, people who are told, and the peer's table."""
    seed()
    with connection.cursor() as cursor:
        cursor.execute(MADE)
        cursor.execute("DELETE FROM bench_order")
    return [
        Person.objects.filter(telegram_id=FIRST + at).first()
        or save_person(
            None, person=None, full_name=f"Чайкин {at}", roles=["lab"], telegram_id=FIRST + at
        )
        for at in range(PEOPLE)
    ]


def commit(run: str, number: int, person: Person) -> float:
    """Commit what both have to tell; return the moment before the COMMIT, so that this is part of
    the wait."""
    with transaction.atomic():
        text = Text.of(OURS.format(number))
        put(event=f"{run} {number}", people=[person], text=text, at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(PUT, [number, person.telegram_id])
        return time.perf_counter()


def asked(sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Run a statement of the peer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


@asynccontextmanager
async def sending(session: Handed) -> AsyncIterator[Talker]:
    """Run the sender with the bell, and the poller beside it."""
    present = program()
    bot, ports, call = Bot(TOKEN, session=session), make_ports(present), Threads("turns", 8)
    talker = Talker(
        bot,
        partial(serve, present, ports),
        lambda: present.flows,
        ports,
        MemoryFiles(),
        call,
        no_paper,
    )
    polls = Threads("poller")

    async def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return await polls(lambda: asked(sql, values))

    async def tell(identity: int, chat: int) -> None:
        await bot(SendMessage(chat_id=chat, text=THEIRS.format(identity)))

    bell = Listener(talker.sender.poke, talker.sender.rest)
    running = [
        asyncio.create_task(one)
        for one in (talker.sender.run(), bell.run(), Poller(ask, tell).run())
    ]
    try:
        yield talker
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def measure(count: int, seed: int, *, itself: bool) -> tuple[list[float], list[float]]:
    """Commit so many times, at random moments; return the milliseconds that each message of ours
    and each of the peer's waited. When the bot writes `itself` it wakes its sender, as it does
    after a turn; else another process writes, and only the bell of PostgreSQL can."""
    chance, session, commits, run = Random(seed), Handed(), Threads("commits"), uuid4().hex
    people = await commits(prepare)
    sends_itself(lambda: itself)
    at: dict[int, float] = {}
    async with AsyncExitStack() as stack:
        talker = await stack.enter_async_context(sending(session))
        await asyncio.sleep(1.0)  # until the bell is heard
        for number in range(count):
            await asyncio.sleep(chance.uniform(0, 2 * GAP_S))
            at[number] = await commits(partial(commit, run, number, people[number % PEOPLE]))
            if itself:
                talker.poke()
        async with asyncio.timeout(PATIENCE_S + EVERY_S):
            while len(session.at) < 2 * count:
                await asyncio.sleep(0.1)
    connections.close_all()
    ours, theirs = (
        [1000 * (session.at[name.format(number)] - when) for number, when in at.items()]
        for name in (OURS, THEIRS)
    )
    return ours, theirs
