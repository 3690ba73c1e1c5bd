"""The whole bot, against a Telegram over real HTTP and in process."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramServerError
from aiogram.methods import GetMe

from engine.errors import EngineError
from engine.model.conversation import Chat, Verdict
from engine.model.letters import Letter
from engine.model.text import Text
from engine.run.arrival import Arrival, Shown
from engine.simulator.core import Simulator
from engine.simulator.pictures import photo_sizes
from engine.simulator.samples import photo
from engine.simulator.server import serve
from engine.telegram.bot import COMMANDS, Talker, make_bot
from engine.telegram.secrecy import HIDDEN, hide
from engine.telegram.session import Session
from tests.engine.telegram.conftest import render
from tests.engine.telegram.office import (
    NEVER_S,
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


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    make = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(make)


async def test_the_bot_talks_over_http_by_its_address_alone(plant: Plant, core: Simulator) -> None:
    server = await serve(core)
    talker = Talker(
        make_bot(TOKEN, server.url), plant.serve, dict, plant.ports, plant.files, call, render
    )
    ready = asyncio.Event()
    names = []

    async def on_ready(name: str) -> None:
        names.append(name)
        ready.set()

    task = asyncio.create_task(talker.run(on_ready=on_ready, signals=False))
    await asyncio.wait_for(ready.wait(), PATIENCE_S)
    core.people.text(RECEIVER, "-5,5")
    await until(lambda: said(core, RECEIVER) == ["Принято: -5,5"])
    core.people.press_named(RECEIVER, "Дальше")
    await until(lambda: core.people.chat(RECEIVER).toasts)
    core.people.photos(RECEIVER, [photo_sizes(photo("truck"))])
    await until(lambda: said(core, RECEIVER)[-1] == "Принято: files: 1")
    talker.stop()
    await task
    await server.stop()
    assert names == ["meat_demo_bot"]
    assert [command["command"] for command in core.world.commands[""]] == list(COMMANDS)


async def test_prompts_that_never_arrived_are_shown_at_the_start(
    plant: Plant, core: Simulator, talker: Talker
) -> None:
    plant.chats.chats[RECEIVER] = Chat(RECEIVER, "tok", turn=4)
    task = asyncio.create_task(talker.run(signals=False))
    await until(lambda: said(core, RECEIVER))
    assert plant.chats.undelivered() == ()
    talker.stop()
    await task


async def test_what_was_written_while_the_bot_was_away_comes_before_the_repeated_prompts(
    plant: Plant, core: Simulator, talker: Talker
) -> None:
    plant.chats.chats[RECEIVER] = Chat(RECEIVER, "tok", turn=4)
    core.people.text(RECEIVER, "-5,5")
    task = asyncio.create_task(talker.run(signals=False))
    await until(lambda: said(core, RECEIVER))
    await until(lambda: core.world.updates.pending == 0)
    assert said(core, RECEIVER) == ["Принято: -5,5"]
    talker.stop()
    await task


async def test_chats_are_served_side_by_side_and_each_in_order(
    plant: Plant, core: Simulator, running: Talker, session: InProcess
) -> None:
    session.slow = asyncio.Event()
    core.people.photos(RECEIVER, [photo_sizes(photo("truck"))])
    core.people.text(RECEIVER, "после фото")
    core.people.text(TECHNOLOGIST, "другой чат")
    await until(lambda: said(core, TECHNOLOGIST) == ["Принято: другой чат"])
    core.people.text(TECHNOLOGIST, "и ещё раз")
    await until(lambda: said(core, TECHNOLOGIST)[-1] == "Принято: и ещё раз")
    assert said(core, RECEIVER) == []
    session.slow.set()
    await until(lambda: len(said(core, RECEIVER)) == 2)
    assert said(core, RECEIVER) == ["Принято: files: 1", "Принято: после фото"]


async def test_a_decision_waits_for_the_turn_of_its_chat(
    plant: Plant, core: Simulator, running: Talker, session: InProcess
) -> None:
    session.slow = asyncio.Event()
    core.people.photos(RECEIVER, [photo_sizes(photo("truck"))])
    await until(lambda: "getFile" in session.calls)
    verdict = Verdict("d1", "approve", "", "Орлова М. С.")
    plant.outbox.add(Letter("1", "verdict", RECEIVER, Text(), verdict=verdict))
    running.poke()
    await asyncio.sleep(0.02)
    session.slow.set()
    await until(lambda: len(said(core, RECEIVER)) == 2)
    assert said(core, RECEIVER)[-1] == "Принято: Решение: approve"


async def test_letters_of_a_turn_are_sent_at_once(plant: Plant, core: Simulator, bot: Bot) -> None:
    def served(arrival: Arrival) -> Shown:
        if arrival.chat == RECEIVER:
            plant.outbox.add(Letter("1", "message", TECHNOLOGIST, Text.of("Решите")))
        return plant.serve(arrival)

    talker = Talker(bot, served, dict, plant.ports, plant.files, call, render)
    talker.sender.rest(NEVER_S)
    task = asyncio.create_task(talker.run(signals=False))
    await until(lambda: core.world.updates._poll is not None)
    core.people.text(RECEIVER, "-5,5")
    await until(lambda: said(core, TECHNOLOGIST) == ["Решите"])
    talker.stop()
    await task


async def test_sigterm_ends_the_bot_after_the_work_in_hand(
    plant: Plant, core: Simulator, talker: Talker, session: InProcess
) -> None:
    task = asyncio.create_task(talker.run())
    await until(lambda: core.world.updates._poll is not None)
    session.slow = asyncio.Event()
    core.people.photos(RECEIVER, [photo_sizes(photo("truck"))])
    await until(lambda: "getFile" in session.calls)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(0.02)
    assert not task.done()
    session.slow.set()
    await asyncio.wait_for(task, PATIENCE_S)
    assert len(written(core, RECEIVER)) == 1


async def test_a_refused_token_ends_the_bot_with_words(plant: Plant, session: InProcess) -> None:
    stranger = Bot("2:other", session=session)
    talker = Talker(stranger, plant.serve, dict, plant.ports, plant.files, call, render)
    with pytest.raises(EngineError, match="TELEGRAM_BOT_TOKEN"):
        await asyncio.wait_for(talker.run(signals=False), PATIENCE_S)


async def test_a_token_that_is_taken_back_ends_the_bot_with_words(
    core: Simulator, talker: Talker
) -> None:
    task = asyncio.create_task(talker.run(signals=False))
    await until(lambda: core.world.updates._poll is not None)
    core.world.bot = replace(core.world.bot, token="1:another")
    core.people.text(RECEIVER, "-5,5")
    with pytest.raises(EngineError, match="TELEGRAM_BOT_TOKEN"):
        await asyncio.wait_for(task, PATIENCE_S)


@pytest.mark.parametrize(("status", "page"), [(502, "<html>Bad Gateway</html>"), (200, "{}")])
def test_an_answer_that_cannot_be_read_is_a_failure_of_the_server(
    status: int, page: str, bot: Bot
) -> None:
    with pytest.raises(TelegramServerError, match=str(status)):
        Session().check_response(bot, GetMe(), status, page)


def test_a_text_that_is_no_token_is_refused_without_being_repeated() -> None:
    with pytest.raises(EngineError, match="TELEGRAM_BOT_TOKEN") as stop:
        make_bot("secret words")
    assert "secret" not in str(stop.value)


def test_the_token_appears_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    token = "1:demo-token-of-a-test"
    hide(token)
    try:
        raise OSError(f"cannot connect to /bot{token}/getMe")
    except OSError:
        logging.getLogger("any").exception("no answer from %s", f"/bot{token}/getMe")
    assert token not in caplog.text
    assert caplog.text.count(HIDDEN) == 2
