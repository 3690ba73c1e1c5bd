"""Updates that are brought to an address: in the order of each chat, again until they are taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from engine.simulator.api_error import ApiError
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.webhook import HEADER
from tests.engine.telegram.office import until

ONE, OTHER = 101, 102


class Bot:
    """Listens; keeps what it took, and with which secret. Refuses the next `refuse`; `slow` chats
    are answered when `go` is set."""

    def __init__(self) -> None:
        self.took: list[tuple[int, str, int]] = []
        self.secrets: set[str] = set()
        self.refuse, self.slow, self.go = 0, 0, asyncio.Event()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        update: dict[str, Any] = await request.json()
        if self.refuse:
            self.refuse -= 1
            return web.Response(status=502)
        chat = update["message"]["chat"]["id"]
        if chat == self.slow:
            await self.go.wait()
        self.secrets.add(request.headers[HEADER])
        self.took.append((chat, update["message"]["text"], update["update_id"]))
        return web.Response()

    def said(self, chat: int) -> list[str]:
        return [text for one, text, _ in self.took if one == chat]


@pytest_asyncio.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/hook", bot.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield bot
    await runner.cleanup()


@pytest_asyncio.fixture
async def core(bot: Bot) -> AsyncIterator[Simulator]:
    core = Simulator([Phone(ONE, "Первый"), Phone(OTHER, "Второй")])
    knock = {"url": bot.url, "secret_token": "knock"}  # pragma: allowlist secret
    await core.call("setWebhook", knock)
    yield core
    await core.call("deleteWebhook", {})


async def test_updates_are_brought_with_the_secret_and_are_gone(core: Simulator, bot: Bot) -> None:
    core.people.text(ONE, "а")
    await until(lambda: bot.took)
    assert bot.secrets == {"knock"}
    await until(lambda: not core.world.updates.pending)
    assert (await core.call("getWebhookInfo", {}))["url"] == bot.url


async def test_what_is_not_taken_is_brought_again_before_what_came_later(
    core: Simulator, bot: Bot
) -> None:
    bot.refuse = 2
    for text in "абв":
        core.people.text(ONE, text)
    await until(lambda: bot.said(ONE) == ["а", "б", "в"])
    assert "502" in (await core.call("getWebhookInfo", {}))["last_error_message"]


async def test_a_slow_chat_holds_up_its_own_updates_alone(core: Simulator, bot: Bot) -> None:
    bot.slow = ONE
    for text in "аб":
        core.people.text(ONE, text)
        core.people.text(OTHER, text)
    await until(lambda: bot.said(OTHER) == ["а", "б"])
    assert bot.said(ONE) == []
    bot.go.set()
    await until(lambda: bot.said(ONE) == ["а", "б"])


async def test_a_repeated_update_comes_twice_under_one_number(core: Simulator, bot: Bot) -> None:
    core.world.faults.duplicate = 1
    core.people.text(ONE, "а")
    await until(lambda: len(bot.took) == 2)
    assert bot.took[0] == bot.took[1]


async def test_an_answer_that_takes_too_long_is_no_answer(core: Simulator, bot: Bot) -> None:
    assert core.world.webhook is not None
    await core.call("deleteWebhook", {})
    await core.call("setWebhook", {"url": bot.url, "secret_token": "knock"})
    core.world.webhook.patience_s = 0.2
    bot.slow = ONE
    core.people.text(ONE, "а")
    await until(lambda: core.world.updates.refused)
    bot.go.set()
    await until(lambda: not core.world.updates.pending)


async def test_nobody_asks_for_updates_that_are_brought(core: Simulator) -> None:
    with pytest.raises(ApiError, match="webhook is active"):
        await core.call("getUpdates", {})
    await core.call("deleteWebhook", {})
    assert await core.call("getUpdates", {}) == []


@pytest.mark.parametrize(
    "params", [{"url": "ftp://plant"}, {"url": "http://plant", "secret_token": "я"}]
)
async def test_an_address_or_secret_of_the_wrong_form_is_refused(
    core: Simulator, params: dict[str, str]
) -> None:
    with pytest.raises(ApiError):
        await core.call("setWebhook", params)
