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
    return Simulator(phones, token="1:demo", clock=clock, monotonic=clock)


@pytest_asyncio.fixture(loop_scope="module")
async def server(core: Simulator) -> AsyncIterator[Running]:
    running = await serve(core)
    yield running
    await running.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def session() -> AsyncIterator[AiohttpSession]:
    """One for a module: aiogram sleeps a quarter of a second when it closes one."""
    opened = AiohttpSession()
    yield opened
    await opened.close()


@pytest.fixture
def bot(server: Running, session: AiohttpSession) -> Bot:
    session.api = TelegramAPIServer.from_base(server.url)
    return Bot("1:demo", session=session)
