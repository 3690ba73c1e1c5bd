"""A Telegram in process, ports in memory, and a bot between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiogram import Bot

from engine.model.effects import Paper, ReportWanted
from engine.model.files import StoredFile
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.telegram.bot import Talker
from tests.engine.telegram.office import (
    PATIENCE_S,
    RECEIVER,
    TECHNOLOGIST,
    TOKEN,
    InProcess,
    Plant,
    call,
)


@pytest.fixture
def plant() -> Plant:
    return Plant()


@pytest.fixture
def core() -> Simulator:
    phones = [
        Phone(RECEIVER, "Ветров П. А.", "Приёмщик сырья"),
        Phone(TECHNOLOGIST, "Орлова М. С.", "Главный технолог"),
    ]
    return Simulator(phones, token=TOKEN)


@pytest.fixture
def session(core: Simulator) -> InProcess:
    return InProcess(core)


@pytest.fixture
def bot(session: InProcess) -> Bot:
    return Bot(TOKEN, session=session)


async def render(wanted: Paper | ReportWanted) -> tuple[str, bytes, StoredFile]:
    what = wanted.record if isinstance(wanted, Paper) else str(wanted.arguments)
    name = f"{wanted.document}.pdf" if isinstance(wanted, Paper) else f"{wanted.report}.xlsx"
    content = b"%PDF-1.4 " + what.encode()
    return name, content, StoredFile(wanted.key, "", len(content), "")


@pytest.fixture
def talker(plant: Plant, bot: Bot) -> Talker:
    return Talker(bot, plant.serve, dict, plant.ports, plant.files, call, render)


@pytest_asyncio.fixture
async def running(talker: Talker) -> AsyncIterator[Talker]:
    """A bot that is ready and is stopped after the test."""
    ready = asyncio.Event()

    async def on_ready(name: str) -> None:
        ready.set()

    task = asyncio.create_task(talker.run(on_ready=on_ready, signals=False))
    await asyncio.wait_for(ready.wait(), PATIENCE_S)
    yield talker
    talker.stop()
    await task
