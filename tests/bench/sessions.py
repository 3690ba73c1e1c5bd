"""What a session that lives costs a bot in memory, with its rows in a database: objects of Python
that are there when so many more people are in the middle of a form. Start at `measure`."""

from __future__ import annotations

import gc
import tracemalloc

from crm.people.operations.save_person import save_person
from tests.bench.durable_turn import Durable, Statements, call
from tests.bench.telegram import Phone
from tests.bench.way import walk

FIRST = 900_001  # the chat of the first
WARM = 60  # sessions after which caches are full: aiogram keeps the last 128 updates
BEFORE = "Каркас"  # where everybody leaves his form


async def measure(count: int) -> float:
    """Return kilobytes a session, of so many that are opened. The database has its first data."""
    bot = Durable(Statements())

    def hire() -> None:
        for at in range(WARM + count):
            save_person(
                None, person=None, full_name=f"Чайкин {at}", roles=["receiver"],
                telegram_id=FIRST + at,
            )  # fmt: skip

    async def opened(first: int, many: int) -> int:
        for chat in range(first, first + many):
            bot.phone = Phone(bot.session, bot.talker.bot, chat)
            await walk(bot, before=BEFORE)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    await call(hire)
    tracemalloc.start()
    try:
        before = await opened(FIRST, WARM)
        return (await opened(FIRST + WARM, count) - before) / count / 1024
    finally:
        tracemalloc.stop()
