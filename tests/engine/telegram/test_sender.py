"""Delivering the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime

import pytest
import pytest_asyncio
from aiogram import Bot

from engine.languages.catalogue import Languages
from engine.languages.message import Message
from engine.languages.pseudo import Pseudo
from engine.model.conversation import Button, Verdict
from engine.model.effects import Paper, ReportWanted
from engine.model.files import StoredFile
from engine.model.letters import Letter
from engine.model.text import Text
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.samples import photo
from engine.telegram import door, sender
from engine.telegram.bot import Talker
from engine.telegram.sender import Sender
from tests.engine.telegram.conftest import render
from tests.engine.telegram.office import (
    NEVER_S,
    RECEIVER,
    TECHNOLOGIST,
    Plant,
    Row,
    call,
    said,
    until,
    written,
)

BUTTONS = (
    Button("✅ Подтвердить", "answer", "1:approve"),
    Button("❌ Отклонить", "answer", "1:no"),
)


@pytest_asyncio.fixture
async def at_work(talker: Talker, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sender]:
    monkeypatch.setattr(door, "CHAT_GAP_S", 0.02)
    monkeypatch.setattr(sender, "IDLE_S", 0.02)
    task = asyncio.create_task(talker.sender.run())
    yield talker.sender
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def letter(number: str, chat: int = TECHNOLOGIST, text: str = "Партия", **more: object) -> Letter:
    return Letter(number, "message", chat, Text.of(text), **more)  # type: ignore[arg-type]


async def done(row: Row) -> None:
    await until(lambda: row.done or row.tried)


async def test_a_message_is_sent_with_its_buttons_and_marked(
    at_work: Sender, plant: Plant, core: Simulator
) -> None:
    row = plant.outbox.add(letter("7", buttons=BUTTONS, text="<b>температура кузова"))
    at_work.poke()
    await done(row)
    (sent,) = written(core, TECHNOLOGIST)
    assert row.message == sent.id
    assert sent.content.text == "<b>температура кузова"
    assert sent.keyboard
    assert [row[0]["callback_data"] for row in sent.keyboard.rows] == ["n.7.0", "n.7.1"]


async def test_pictures_come_with_a_message(at_work: Sender, plant: Plant, core: Simulator) -> None:
    for key in ("photos/1", "photos/2"):
        plant.files.put(key, photo("truck"), "image/jpeg")
    row = plant.outbox.add(letter("7", buttons=BUTTONS, pictures=("photos/1", "photos/2")))
    await done(row)
    first, second, text = written(core, TECHNOLOGIST)
    assert first.album == second.album != ""
    assert row.message == text.id
    assert text.keyboard


async def test_a_paper_is_rendered_and_sent_as_a_file(
    at_work: Sender, plant: Plant, core: Simulator
) -> None:
    paper = Paper("k1", "incoming_control", "raw_batch", "1", "p1")
    row = plant.outbox.add(Letter("8", "paper", RECEIVER, Text.of("Документ партии"), paper=paper))
    await done(row)
    (sent,) = written(core, RECEIVER)
    assert sent.media
    assert sent.media.best.name == "incoming_control.pdf"
    assert sent.media.best.data == b"%PDF-1.4 raw_batch"
    assert sent.content.text == "Документ партии"


async def test_a_paper_that_takes_its_time_keeps_no_letter_of_another_chat_waiting(
    plant: Plant, bot: Bot, core: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "IDLE_S", 0.02)
    made = asyncio.Event()

    async def slow(wanted: Paper | ReportWanted) -> tuple[str, bytes, StoredFile]:
        await made.wait()
        return await render(wanted)

    talker = Talker(bot, plant.serve, dict, plant.ports, plant.files, call, slow)
    task = asyncio.create_task(talker.sender.run())
    paper = Paper("k1", "incoming_control", "raw_batch", "1", "p1")
    late = plant.outbox.add(Letter("8", "paper", RECEIVER, Text.of("Документ"), paper=paper))
    await done(plant.outbox.add(letter("9")))
    assert (late.done, said(core, TECHNOLOGIST)) == (False, ["Партия"])
    made.set()
    await done(late)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_report_is_made_and_sent_as_a_file(
    at_work: Sender, plant: Plant, core: Simulator
) -> None:
    wanted = ReportWanted("k2", "raw_stock", {"days": 3}, "p1")
    row = plant.outbox.add(Letter("8", "report", RECEIVER, Text.of("Отчёт"), report=wanted))
    await done(row)
    (sent,) = written(core, RECEIVER)
    assert sent.media
    assert sent.media.best.name == "raw_stock.xlsx"
    assert sent.media.best.data == b"%PDF-1.4 {'days': 3}"


async def test_a_decision_goes_into_the_chat_that_waits_for_it(
    at_work: Sender, plant: Plant, core: Simulator
) -> None:
    verdict = Verdict("d1", "approve", "", "Орлова М. С.")
    row = plant.outbox.add(Letter("9", "verdict", RECEIVER, Text(), verdict=verdict))
    await done(row)
    assert row.done
    assert plant.arrivals[0].input
    assert plant.arrivals[0].input.verdict == verdict
    assert said(core, RECEIVER) == ["Принято: Решение: approve"]
    assert plant.chats.undelivered() == ()


async def test_letters_of_one_chat_keep_their_order(
    at_work: Sender, plant: Plant, core: Simulator
) -> None:
    rows = [plant.outbox.add(letter(str(number), text=f"№ {number}")) for number in range(5)]
    await until(lambda: all(row.done for row in rows))
    assert said(core, TECHNOLOGIST) == [f"№ {number}" for number in range(5)]


async def test_a_429_is_obeyed_and_the_letter_comes_after(
    at_work: Sender, plant: Plant, core: Simulator, talker: Talker
) -> None:
    core.world.faults.rate_limit, core.world.faults.retry_after = 1, 1
    row = plant.outbox.add(letter("7"))
    await done(row)
    assert row.tried[0][1:] == (1.0, False)
    assert 0 < talker.sender.door.held <= 1
    assert said(core, TECHNOLOGIST) == []
    talker.sender.door._held_until = 0.0
    plant.clock.move(seconds=1)
    await until(lambda: row.done)
    assert said(core, TECHNOLOGIST) == ["Партия"]


async def test_a_blocked_bot_gives_the_letter_up(
    at_work: Sender, plant: Plant, core: Simulator
) -> None:
    core.people.block(TECHNOLOGIST)
    blocked, unknown = plant.outbox.add(letter("7")), plant.outbox.add(letter("8", chat=999))
    await until(lambda: blocked.tried and unknown.tried)
    for row, words in ((blocked, "blocked"), (unknown, "chat not found")):
        (error, after_s, permanent) = row.tried[0]
        assert words in error
        assert (after_s, permanent) == (None, True)


async def test_a_broken_connection_is_tried_again_later(
    at_work: Sender, plant: Plant, core: Simulator
) -> None:
    core.world.faults.drop["sendMessage"] = 1
    row = plant.outbox.add(letter("7"))
    await done(row)
    assert row.tried[0][1:] == (None, False)
    plant.clock.move(seconds=11)
    await until(lambda: row.done)
    assert said(core, TECHNOLOGIST) == ["Партия"]


async def test_a_letter_with_nothing_in_it_is_planned_again_and_logged(
    at_work: Sender, plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    row = plant.outbox.add(Letter("8", "paper", RECEIVER, Text()))
    await done(row)
    assert row.tried[0][1:] == (None, False)
    assert "letter 8 cannot be made" in caplog.text


async def test_a_mark_that_fails_once_does_not_send_the_letter_twice(
    at_work: Sender, plant: Plant, core: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, tries = plant.outbox.sent, []

    def locked_at_first(*arguments: object) -> None:
        tries.append(arguments)
        if len(tries) == 1:
            raise OSError("database is locked")
        mark(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(plant.outbox, "sent", locked_at_first)
    row = plant.outbox.add(letter("7"))
    await until(lambda: row.done)
    assert said(core, TECHNOLOGIST) == ["Партия"]


async def test_an_idle_sender_looks_rarely_and_wakes_at_once(
    talker: Talker, plant: Plant, core: Simulator
) -> None:
    assert talker.sender.idle_s == sender.IDLE_S >= 60 / 30
    talker.sender.rest(NEVER_S)
    task = asyncio.create_task(talker.sender.run())
    await until(lambda: plant.outbox.reads)
    await asyncio.sleep(0.05)
    assert plant.outbox.reads == 1
    row = plant.outbox.add(letter("7"))
    talker.poke()
    await until(lambda: row.done)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_letters_that_are_still_in_work_do_not_hold_up_those_behind_them(
    talker: Talker, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "BATCH", 2)
    talker.sender.rest(NEVER_S)
    task = asyncio.create_task(talker.sender.run())
    try:
        async with talker.sender._in_order(RECEIVER):  # a slow chat
            slow = [plant.outbox.add(letter(number, RECEIVER)) for number in ("1", "2")]
            talker.poke()
            await until(lambda: len(talker.sender._working) == 2)
            for row in slow:  # their claim is over
                row.due = plant.clock.now()
            behind = plant.outbox.add(letter("3"))
            talker.poke()
            await until(lambda: behind.done)
        await until(lambda: all(row.done for row in slow))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_decision_does_not_wait_for_what_the_others_are_told(
    talker: Talker, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "AT_ONCE", 3)
    monkeypatch.setattr(sender, "FULL_S", 0.02)
    monkeypatch.setattr(door, "CHAT_GAP_S", 0.02)
    talker.sender.rest(NEVER_S)
    task = asyncio.create_task(talker.sender.run())
    try:
        async with talker.sender._in_order(TECHNOLOGIST):  # a chat that is told much
            told = [plant.outbox.add(letter(f"{number}")) for number in range(4)]
            talker.poke()
            await until(lambda: len(talker.sender._working) == 3)
            verdict = Verdict("d1", "approve", "Орлова М. С.", "")
            decided = plant.outbox.add(
                Letter("9", "verdict", RECEIVER, Text.of(""), verdict=verdict)
            )
            await until(lambda: decided.done)
            assert not any(row.done for row in told)
        await until(lambda: all(row.done for row in told))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_places_that_become_free_are_filled_several_at_once(
    talker: Talker, plant: Plant, core: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "AT_ONCE", 4)
    monkeypatch.setattr(sender, "REFILL", 2)
    monkeypatch.setattr(sender, "MOMENT_S", NEVER_S)
    chats = range(2000, 2006)
    for chat in chats:
        core.people.put(Phone(chat, f"Чайкин {chat}"))
    async with AsyncExitStack() as running:
        task = asyncio.create_task(talker.sender.run())
        running.callback(task.cancel)
        held = [AsyncExitStack() for _ in chats]
        for chat, one in zip(chats, held, strict=True):
            await one.enter_async_context(talker.sender._in_order(chat))
        rows = [plant.outbox.add(letter(f"{chat}", chat=chat)) for chat in chats]
        talker.poke()
        await until(lambda: len(talker.sender._working) == 4)
        looks = plant.outbox.reads
        await held[0].aclose()
        await until(lambda: rows[0].done)
        await asyncio.sleep(0.02)
        assert plant.outbox.reads == looks
        await held[1].aclose()
        await until(lambda: len(talker.sender._working) == 4)
        for one in held[2:]:
            await one.aclose()
        await until(lambda: all(row.done for row in rows))
    await asyncio.gather(task, return_exceptions=True)


async def test_a_letter_that_was_told_of_is_claimed_without_a_look(
    talker: Talker, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "IDLE_S", NEVER_S)
    task = asyncio.create_task(talker.sender.run())
    await until(lambda: plant.outbox.reads == 1)  # it has begun, and there is nothing
    row = plant.outbox.add(letter("7"))
    looks: list[int] = []
    claim = plant.outbox.claim

    def claimed(now: datetime, count: int, *, moving: bool = False) -> tuple[Letter, ...]:
        looks.append(plant.outbox.reads)
        return claim(now, count, moving=moving)

    monkeypatch.setattr(plant.outbox, "claim", claimed)
    talker.poke()
    await until(lambda: row.done)
    assert looks == [1]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_outbox_that_cannot_be_read_is_looked_at_again(
    at_work: Sender, plant: Plant, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def broken() -> None:
        raise OSError("no database")

    with monkeypatch.context() as patch:
        patch.setattr(plant.outbox, "next_due", broken)
        at_work.poke()
        await until(lambda: "the outbox cannot be read" in caplog.text)
    row = plant.outbox.add(letter("7"))
    await until(lambda: row.done)


async def test_a_letter_is_said_in_the_language_of_who_gets_it(
    bot: Bot, plant: Plant, core: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "IDLE_S", 0.02)
    languages = Languages({"xx": Pseudo()})
    talker = Talker(
        bot, plant.serve, dict, plant.ports, plant.files, call, render, lambda: languages
    )
    task = asyncio.create_task(talker.sender.run())
    ready = Message("Партия {number} готова", {"number": "2611/1"})
    row = plant.outbox.add(
        Letter(
            "7",
            "message",
            TECHNOLOGIST,
            Text.of(ready),
            (Button(Message("Открыть"), "card", "1"),),
            language="xx",
        )
    )
    await done(row)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    (sent,) = written(core, TECHNOLOGIST)
    assert sent.content.text == "⟦Партия 2611/1 готова~~~~⟧"
    assert sent.keyboard
    assert [row[0]["text"] for row in sent.keyboard.rows] == ["⟦Открыть~⟧"]
