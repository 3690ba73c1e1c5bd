"""A bot that updates are brought to: who may bring them, what it answers, how it stops, and two of
one bot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from aiogram import Bot
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientSession

from engine.errors import EngineError
from engine.simulator.core import Simulator
from engine.telegram import webhook
from engine.telegram.bot import Talker
from engine.telegram.order import InOrder
from engine.telegram.webhook import HEADER, Address
from tests.engine.telegram.conftest import render
from tests.engine.telegram.office import (
    PATIENCE_S,
    RECEIVER,
    TECHNOLOGIST,
    TOKEN,
    InProcess,
    Plant,
    call,
    said,
    until,
    written,
)
from tests.engine.telegram.test_sender import letter
from tests.servers import free_port

SECRET = "knock-three-times"  # pragma: allowlist secret
UPDATE = {"update_id": 1, "message": {"message_id": 5, "date": 1, "text": "а"}}


class Slow(InProcess):
    """A way to Telegram on which a message waits until `go`."""

    def __init__(self, core: Simulator) -> None:
        super().__init__(core)
        self.showing, self.go = asyncio.Event(), asyncio.Event()

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        if isinstance(method, SendMessage):
            self.showing.set()
            await self.go.wait()
        return await super().make_request(bot, method, timeout)


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    make = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(make)


def hooked(plant: Plant, bot: Bot, beyond: InOrder | None = None) -> Talker:
    port = free_port()
    at = Address(f"http://127.0.0.1:{port}/telegram", SECRET, "127.0.0.1", port)
    order = beyond or InOrder()
    return Talker(
        bot, plant.serve, dict, plant.ports, plant.files, call, render, webhook=at, beyond=order
    )  # fmt: skip


@asynccontextmanager
async def going(talker: Talker) -> AsyncIterator[asyncio.Task[None]]:
    """Let a talker listen; stop it at the end."""
    task = asyncio.create_task(talker.run(signals=False))
    async with asyncio.timeout(PATIENCE_S):
        while not task.done() and not await _listens(talker):
            await asyncio.sleep(0.01)
    try:
        yield task
    finally:
        talker.stop()
        await task


async def _listens(talker: Talker) -> bool:
    try:
        return await post(talker, {}, "") == 401
    except OSError:
        return False


async def post(talker: Talker, body: object, secret: str = SECRET) -> int:
    """Bring something; return the status of the answer."""
    assert talker.webhook is not None
    url = f"http://127.0.0.1:{talker.webhook.port}/telegram"
    headers = {HEADER: secret}
    async with ClientSession() as http, http.post(url, json=body, headers=headers) as answer:
        return answer.status


@pytest_asyncio.fixture
async def listening(plant: Plant, core: Simulator, bot: Bot) -> AsyncIterator[Talker]:
    talker = hooked(plant, bot)
    async with going(talker):
        await until(lambda: core.world.webhook)
        yield talker
    await core.call("deleteWebhook", {})


async def test_what_is_brought_is_answered_and_confirmed(
    listening: Talker, core: Simulator
) -> None:
    core.people.text(RECEIVER, "18,5")
    await until(lambda: "Принято: 18,5" in said(core, RECEIVER))
    await until(lambda: not core.world.updates.pending)


@pytest.mark.parametrize("secret", ["", "knock-three-time", "knock-three-times2", "стук"])
async def test_who_does_not_know_the_secret_is_not_heard(
    listening: Talker, plant: Plant, secret: str
) -> None:
    assert await post(listening, UPDATE, secret) == 401
    assert plant.arrivals == []


async def test_the_secret_is_compared_in_constant_time(
    listening: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, right: bytes) -> bool:
        compared.append((given, right))
        return False

    monkeypatch.setattr(webhook, "compare_digest", compare)
    assert await post(listening, UPDATE, SECRET) == 401
    assert compared == [(SECRET.encode(), SECRET.encode())]


@pytest.mark.parametrize(("body", "status"), [(UPDATE, 200), ({"update_id": "нет"}, 200)])
async def test_what_cannot_be_read_does_not_come_again_for_ever(
    listening: Talker, plant: Plant, body: dict[str, Any], status: int
) -> None:
    assert await post(listening, body) == status
    assert plant.arrivals == []


async def test_a_repeated_update_is_taken_once(
    listening: Talker, core: Simulator, plant: Plant
) -> None:
    core.world.faults.duplicate = 3
    for text in "абв":
        core.people.text(RECEIVER, text)
    await until(lambda: not core.world.updates.pending)
    assert [one.input.said for one in plant.arrivals if one.input] == ["а", "б", "в"]


async def test_who_stops_finishes_what_he_took_and_takes_no_more(
    plant: Plant, core: Simulator, session: InProcess, bot: Bot
) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(work: Any) -> Any:
        begun.set()
        await go.wait()
        return work()

    talker = hooked(plant, bot)
    async with going(talker):
        await until(lambda: core.world.webhook)
        talker.answering.call = slow
        core.people.text(RECEIVER, "а")
        await begun.wait()
        talker.stop()
        await asyncio.sleep(0.05)
        assert await post(talker, UPDATE) == 503
        go.set()
    assert "Принято: а" in said(core, RECEIVER)
    await until(lambda: not core.world.updates.pending)
    await core.call("deleteWebhook", {})


async def test_a_place_that_is_taken_is_told_to_the_operator(
    listening: Talker, plant: Plant, core: Simulator
) -> None:
    assert listening.webhook is not None
    other = hooked(plant, Bot(listening.bot.token, session=InProcess(core)))
    assert other.webhook is not None
    other.webhook._at = listening.webhook._at
    with pytest.raises(EngineError, match="WEBHOOK_LISTEN"):
        await other.run(signals=False)


async def test_two_of_one_bot_keep_the_order_of_a_chat_s_screens(
    plant: Plant, core: Simulator, session: InProcess
) -> None:
    """The first is slow to show what it took; meanwhile the same update and a later one come to
    the other one, as after an answer that took too long."""
    order, slow = InOrder(), Slow(core)
    one = hooked(plant, Bot(TOKEN, session=slow), order)
    other = hooked(plant, Bot(TOKEN, session=InProcess(core)), order)
    async with going(one), going(other):
        await core.call("deleteWebhook", {})
        first, second = ({"update_id": at, "message": _message(at)} for at in (7, 8))
        bringing = [asyncio.create_task(post(one, first))]
        await slow.showing.wait()
        bringing += [asyncio.create_task(post(other, update)) for update in (first, second)]
        await asyncio.sleep(0.1)
        assert said(core, RECEIVER) == []
        slow.go.set()
        assert await asyncio.gather(*bringing) == [200, 200, 200]
    assert said(core, RECEIVER) == ["Принято: 7", "Принято: 8"]


async def test_a_screen_that_another_process_showed_is_not_written_over(
    plant: Plant, core: Simulator
) -> None:
    order = InOrder()
    one, other = (hooked(plant, Bot(TOKEN, session=InProcess(core)), order) for _ in range(2))
    async with going(one), going(other):
        await core.call("deleteWebhook", {})
        assert await post(one, {"update_id": 1, "message": _message(1)}) == 200
        assert await post(other, {"update_id": 2, "message": _message(2)}) == 200
        stale = written(core, RECEIVER)[0]
        press = {
            "id": core.world.next_query(core.world.chat(RECEIVER)),
            "from": _message(1)["from"],
            "chat_instance": "1",
            "message": _message(3) | {"message_id": stale.id},
            "data": _data(stale),
        }
        assert await post(one, {"update_id": 3, "callback_query": press}) == 200
    assert said(core, RECEIVER)[:2] == ["Принято: 1", "Принято: 2"]
    assert len(said(core, RECEIVER)) == 3


async def test_the_outbox_is_delivered_by_the_one_with_the_tenure(
    plant: Plant, core: Simulator, bot: Bot
) -> None:
    talker = hooked(plant, bot)
    async with going(talker):
        plant.outbox.add(letter("1", TECHNOLOGIST))
        talker.poke()
        await until(lambda: said(core, TECHNOLOGIST))
    await core.call("deleteWebhook", {})


def _message(number: int) -> dict[str, Any]:
    person = {"id": RECEIVER, "is_bot": False, "first_name": "Ветров"}
    chat = {"id": RECEIVER, "type": "private"}
    return {
        "message_id": 900 + number,
        "date": 1,
        "text": f"{number}",
        "chat": chat,
        "from": person,
    }


def _data(message: Any) -> str:
    return str(message.markup.rows[0][0]["callback_data"])
