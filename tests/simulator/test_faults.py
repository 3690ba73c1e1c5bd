"""Faults on purpose: repeated updates, refusals that pass, broken connections."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from engine.simulator.core import Simulator
from tests.simulator.cast import RECEIVER

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_duplicated_update_comes_once_more_after_its_confirmation(
    bot: Bot, core: Simulator
) -> None:
    core.world.faults.duplicate = 1
    core.people.text(RECEIVER, "раз")
    core.people.text(RECEIVER, "два")
    first, second = [update.update_id for update in await bot.get_updates()]
    again = await bot.get_updates(offset=second + 1)
    assert [update.update_id for update in again] == [first]
    assert again[0].message is not None
    assert again[0].message.text == "раз"
    assert await bot.get_updates(offset=second + 1) == []


async def test_a_rate_limit_refuses_the_next_calls_and_then_passes(
    bot: Bot, core: Simulator
) -> None:
    core.world.faults.rate_limit, core.world.faults.retry_after = 2, 7
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as error:
            await bot.send_message(RECEIVER, "Раз")
        assert error.value.retry_after == 7
    assert (await bot.get_me()).id == 1
    assert await bot.send_message(RECEIVER, "Раз")
    assert len(core.people.chat(RECEIVER).messages) == 1


async def test_a_server_error_passes_too(bot: Bot, core: Simulator) -> None:
    core.world.faults.server_error = 1
    with pytest.raises(TelegramServerError, match="Internal Server Error"):
        await bot.send_message(RECEIVER, "Раз")
    assert await bot.send_message(RECEIVER, "Раз")


async def test_a_dropped_connection_does_nothing_and_a_lost_answer_did_it(
    bot: Bot, core: Simulator
) -> None:
    core.world.faults.drop = {"sendMessage": 1}
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(RECEIVER, "Раз")
    assert core.people.chat(RECEIVER).messages == {}
    core.world.faults.drop_answer = {"sendmessage": 1}
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(RECEIVER, "Два")
    said = [one.content.text for one in core.people.chat(RECEIVER).messages.values()]
    assert said == ["Два"]


async def test_faults_leave_the_polling_alone(bot: Bot, core: Simulator) -> None:
    core.world.faults.rate_limit = core.world.faults.server_error = 5
    core.people.text(RECEIVER, "раз")
    assert len(await bot.get_updates()) == 1
    assert core.world.faults.page()["rate_limit"] == 5
