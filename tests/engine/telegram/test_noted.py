"""Which message shows a chat's screen: noted with its next turn, or with that of others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from engine.model.conversation import Chat, Seen
from engine.run.arrival import Arrival
from engine.telegram import noted
from engine.telegram.bot import Talker
from engine.telegram.noted import Noted
from tests.engine.telegram.office import RECEIVER, TECHNOLOGIST, Plant, call, until

SEEN, OTHER = Seen(RECEIVER, 1, 501), Seen(TECHNOLOGIST, 1, 502)


@pytest.fixture
def notes(plant: Plant) -> Noted:
    plant.chats.chats = {one: Chat(one, "tok", turn=1) for one in (RECEIVER, TECHNOLOGIST)}
    return Noted(plant.ports, call)


@pytest_asyncio.fixture
async def putting_off(notes: Noted) -> AsyncIterator[asyncio.Task[None]]:
    """Somebody writes later what no turn takes along."""
    task = asyncio.create_task(notes.run())
    await asyncio.sleep(0)
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_where_nobody_writes_later_it_is_written_at_once(notes: Noted, plant: Plant) -> None:
    await notes.note(SEEN)
    assert plant.chats.message(RECEIVER) == 501
    assert notes.of(RECEIVER) is None


async def test_it_waits_for_a_turn_and_is_written_with_others_when_none_comes(
    notes: Noted, plant: Plant, putting_off: asyncio.Task[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noted, "LATER_S", 0.01)
    await notes.note(SEEN)
    await notes.note(OTHER)
    assert plant.chats.on_screen == {}
    assert notes.of(RECEIVER) == SEEN
    await until(lambda: notes.of(RECEIVER) is None)
    assert plant.chats.on_screen == {RECEIVER: (1, 501), TECHNOLOGIST: (1, 502)}


async def test_what_is_not_written_yet_is_written_when_the_bot_stops(
    notes: Noted, plant: Plant, putting_off: asyncio.Task[None]
) -> None:
    await notes.note(SEEN)
    putting_off.cancel()
    with suppress(asyncio.CancelledError):
        await putting_off
    assert plant.chats.message(RECEIVER) == 501


async def test_what_a_busy_chat_shows_is_kept_for_the_next_time(notes: Noted, plant: Plant) -> None:
    plant.chats.busy.add(RECEIVER)
    await notes.note(SEEN)
    assert notes.of(RECEIVER) == SEEN
    plant.chats.busy.clear()
    await notes.note(OTHER)
    assert plant.chats.on_screen == {RECEIVER: (1, 501), TECHNOLOGIST: (1, 502)}


async def test_a_database_that_is_away_loses_no_note(
    plant: Plant, notes: Noted, caplog: pytest.LogCaptureFixture
) -> None:
    away = True

    async def broken(work: object) -> object:
        if away:
            raise ConnectionError("away")
        return work()  # type: ignore[operator]

    notes.call = broken  # type: ignore[assignment]
    await notes.note(SEEN)
    assert "what is on screen of 1 chats is not remembered" in caplog.text
    away = False
    await notes.write()
    assert plant.chats.message(RECEIVER) == 501


async def test_a_turn_takes_along_what_was_not_written_and_only_one_that_ends_well(
    plant: Plant, talker: Talker
) -> None:
    notes = talker.answering.noted
    task = asyncio.create_task(notes.run())
    await asyncio.sleep(0)
    plant.chats.chats[RECEIVER] = Chat(RECEIVER, "tok", turn=1)
    await notes.note(SEEN)
    plant.fails = RuntimeError("the table is gone")
    with pytest.raises(RuntimeError):
        await talker.answering.system(Arrival(RECEIVER, command="start"))
    assert notes.of(RECEIVER) == SEEN
    plant.fails = None
    await talker.answering.system(Arrival(RECEIVER, command="start"))
    assert plant.arrivals[-1].seen == SEEN
    shown = notes.of(RECEIVER)
    assert shown is not None
    assert (shown.turn, plant.chats.on_screen[RECEIVER]) == (2, (1, 501))
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert plant.chats.message(RECEIVER) == shown.message
