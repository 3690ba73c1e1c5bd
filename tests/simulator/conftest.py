"""A running simulator and a real aiogram client that knows nothing but its address."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.server import Running, serve
from tests.simulator.cast import RECEIVER, TECHNOLOGIST, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def core(clock: Clock) -> Simulator:
    phones = [
        Phone(RECEIVER, "Ветров П. А.", "Приёмщик"),
        Phone(TECHNOLOGIST, "Орлова М. С.", "Главный технолог"),
    ]
    return Simulator(phones, token="1:demo", clock=clock)


@pytest_asyncio.fixture
async def server(core: Simulator) -> AsyncIterator[Running]:
    running = await serve(core)
    yield running
    await running.stop()


@pytest_asyncio.fixture
async def bot(server: Running) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    client = Bot("1:demo", session=session)
    yield client
    await session.close()
