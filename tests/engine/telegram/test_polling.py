"""No update is lost, none holds up another chat."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot
from aiogram.types import Update

from engine.errors import EngineError
from engine.simulator.core import Simulator
from engine.telegram.polling import NOT_ADMITTED, Polling
from tests.engine.telegram.office import (
    RECEIVER,
    TECHNOLOGIST,
    InProcess,
    until,
)


class Desk:
    """Handles updates when it is told to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def feed(self, update: Update) -> None:
        assert update.message
        text = update.message.text or ""
        self.seen.append(text)
        if text in self.gates:
            await self.gates[text].wait()
        if text == "ошибка":
            raise RuntimeError("broken")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def polling(bot: Bot, desk: Desk, pauses: list[float]) -> Polling:
    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    return Polling(bot, desk.feed, ["message"], sleep)


async def test_an_update_is_confirmed_only_when_it_was_handled(
    polling: Polling, desk: Desk, core: Simulator
) -> None:
    desk.gates["медленно"] = asyncio.Event()
    core.people.text(RECEIVER, "медленно")
    task = asyncio.create_task(polling.run())
    await until(lambda: desk.seen == ["медленно"])
    core.people.text(TECHNOLOGIST, "быстро")
    await until(lambda: desk.seen == ["медленно", "быстро"])
    await asyncio.sleep(0.05)
    assert core.world.updates.pending == 2
    desk.gates["медленно"].set()
    await until(lambda: core.world.updates.pending == 0)
    assert desk.seen == ["медленно", "быстро"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_was_unhandled_at_a_crash_comes_again(
    polling: Polling, desk: Desk, core: Simulator, bot: Bot
) -> None:
    desk.gates["ответ"] = asyncio.Event()
    core.people.text(RECEIVER, "ответ")
    task = asyncio.create_task(polling.run())
    await until(lambda: desk.seen == ["ответ"])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    after = Desk()
    await Polling(bot, after.feed, ["message"]).backlog()
    assert after.seen == ["ответ"]
    desk.gates["ответ"].set()
    await polling.settle()


async def test_an_update_that_fails_is_logged_and_does_not_come_for_ever(
    polling: Polling, desk: Desk, core: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    core.people.text(RECEIVER, "ошибка")
    await polling.backlog()
    core.people.text(RECEIVER, "дальше")
    await polling.backlog()
    assert desk.seen == ["ошибка", "дальше"]
    assert "broken" in caplog.text


async def test_a_broken_network_is_asked_again_with_growing_pauses(
    polling: Polling, desk: Desk, core: Simulator, pauses: list[float]
) -> None:
    core.world.faults.drop["getUpdates"] = 7
    core.people.text(RECEIVER, "ответ")
    await polling.backlog()
    assert desk.seen == ["ответ"]
    assert pauses[0] < 1.31
    assert pauses[1] >= 2
    assert max(pauses) <= 30 * 1.3


async def test_a_token_that_telegram_refuses_ends_the_bot_with_words(
    core: Simulator, session: InProcess, desk: Desk
) -> None:
    stranger = Bot("2:other", session=session)
    with pytest.raises(EngineError, match="TELEGRAM_BOT_TOKEN") as stop:
        await Polling(stranger, desk.feed, []).backlog()
    assert str(stop.value) == NOT_ADMITTED


async def test_a_second_bot_is_named_in_the_log(
    polling: Polling, desk: Desk, core: Simulator, caplog: pytest.LogCaptureFixture,
    pauses: list[float],
) -> None:  # fmt: skip
    task = asyncio.create_task(polling.run())
    await until(lambda: core.world.updates._poll is not None)
    await core.call("getUpdates", {})
    await until(lambda: pauses)
    assert "уже запущен" in caplog.text
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
