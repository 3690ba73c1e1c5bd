"""The limits that every call keeps."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter, TelegramServerError
from aiogram.methods import SendMessage

from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.telegram.door import Door
from tests.engine.telegram.office import RECEIVER, TECHNOLOGIST, InProcess, said


class Time:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def door(bot: Bot, time: Time) -> Door:
    return Door(bot, now=time, sleep=time.sleep)


def hello(chat: int = RECEIVER) -> SendMessage:
    return SendMessage(chat_id=chat, text="Здравствуйте")


def crowd(core: Simulator, count: int) -> range:
    """Let so many more people talk to the bot; return their chats."""
    chats = range(1000, 1000 + count)
    for chat in chats:
        core.people.put(Phone(chat, f"Чайкин {chat}"))
    return chats


async def test_notices_into_one_chat_are_a_second_apart(door: Door, time: Time) -> None:
    for _ in range(3):
        await door.notice(hello(), RECEIVER)
    assert time.now - 100 >= 2


async def test_notices_use_the_allowed_rate_and_no_more(
    door: Door, time: Time, core: Simulator
) -> None:
    for chat in crowd(core, 58):
        await door.notice(hello(chat), chat)
    assert 57 / 30 <= round(time.now - 100, 6) <= 57 / 30 / 0.95


async def test_an_answer_to_a_worker_does_not_wait_for_notices(
    door: Door, time: Time, core: Simulator
) -> None:
    for chat in crowd(core, 29):
        await door.notice(hello(chat), chat)
    before = time.now
    await door.answer(hello(), RECEIVER)
    assert time.now == before


async def test_a_429_stops_everybody_for_the_time_it_names(
    door: Door, time: Time, core: Simulator
) -> None:
    core.world.faults.rate_limit, core.world.faults.retry_after = 1, 7
    with pytest.raises(TelegramRetryAfter):
        await door.notice(hello(), RECEIVER)
    assert door.held == 7
    await door.answer(hello(TECHNOLOGIST), TECHNOLOGIST)
    assert time.now >= 107


async def test_an_answer_is_tried_again_after_a_broken_connection(
    door: Door, core: Simulator, session: InProcess
) -> None:
    core.world.faults.drop["sendMessage"] = 2
    await door.answer(hello(), RECEIVER)
    assert said(core, RECEIVER) == ["Здравствуйте"]
    assert session.calls == ["sendMessage"] * 3


async def test_an_answer_is_given_up_after_four_tries(
    door: Door, core: Simulator, session: InProcess
) -> None:
    core.world.faults.server_error = 10
    with pytest.raises(TelegramServerError):
        await door.answer(hello(), RECEIVER)
    assert session.calls == ["sendMessage"] * 4
