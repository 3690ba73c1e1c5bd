"""The bot and Telegram over a line that is cut, slow, or says everything twice: no answer is lost,
none is taken twice, and each chat keeps its order."""

from __future__ import annotations

import asyncio
import random
from urllib.parse import urlsplit

import pytest

from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.server import serve
from engine.telegram import bot as talking
from engine.telegram.bot import Talker, make_bot
from tests.chaos.proxy import Line
from tests.engine.telegram.conftest import render
from tests.engine.telegram.office import TOKEN, Plant, call, said, until
from tests.sizes import sizes

SEED, TIMES = sizes().seed, sizes().times
CHATS = (101, 102, 103)


async def _disturb(line: Line, what: str, chance: random.Random) -> None:
    """Do something to a line for a moment."""
    match what:
        case "cut":
            await line.cut()
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            line.mend()
        case "slow":
            line.delay_s = chance.uniform(0.02, 0.2)
            await asyncio.sleep(0.4)
            line.delay_s = 0.0
        case "twice":
            line.twice = True
            await line.cut()  # a connection that is kept says all once
            line.mend()
            await asyncio.sleep(0.4)
            line.twice = False


def taken(plant: Plant) -> dict[int, list[str]]:
    """Return what each worker's chat has taken, in order."""
    heard = [one for one in plant.arrivals if one.update and one.input]
    return {
        chat: [one.input.said for one in heard if one.chat == chat and one.input] for chat in CHATS
    }


async def test_every_answer_arrives_once_and_in_order_over_a_line_that_breaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(talking, "OWED_S", 0.2)
    chance, plant = random.Random(SEED), Plant()
    core = Simulator([Phone(chat, f"Работник {chat}") for chat in CHATS], token=TOKEN)
    server = await serve(core)
    there = urlsplit(server.url)
    assert there.hostname is not None
    assert there.port is not None
    written: dict[int, list[str]] = {chat: [] for chat in CHATS}
    async with Line(there.hostname, there.port) as line:
        talker = Talker(
            make_bot(TOKEN, line.url), plant.serve, dict, plant.ports, plant.files, call, render
        )
        task = asyncio.create_task(talker.run(signals=False))
        await until(lambda: core.world.updates.status == "online")
        kinds = ["cut", "cut", "slow", "twice"] * 2 * TIMES
        for number, kind in enumerate(chance.sample(kinds, len(kinds))):
            for chat in CHATS:
                written[chat].append(f"{number}")
                core.people.text(chat, f"{number}")
            await _disturb(line, kind, chance)
        await until(lambda: taken(plant) == written)
        last = {chat: f"Принято: {texts[-1]}" for chat, texts in written.items()}
        await until(lambda: all(last[chat] in said(core, chat) for chat in CHATS))
        print(f"SEED={SEED}: the line was cut {line.cuts} times, called {line.calls} times")
        assert line.cuts >= TIMES
        talker.stop()
        await task
    await server.stop()
