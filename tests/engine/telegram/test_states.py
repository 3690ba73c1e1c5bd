"""The Program as aiogram sees it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from aiogram import Bot
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.base import StorageKey
from aiogram.types import TelegramObject, Update

from engine.errors import EngineError
from engine.model.conversation import Actor, Answer, Chat, Input, Session
from engine.simulator.core import Simulator
from engine.telegram.bot import Talker
from engine.telegram.inbox import CORRECTED
from engine.telegram.router import UPDATES, Places
from engine.telegram.states import groups, places
from engine.telegram.storage import SessionView
from tests.engine.telegram.office import RECEIVER, Plant, call


@dataclass(frozen=True)
class Step:
    name: str


@dataclass(frozen=True)
class Flow:
    title: str
    places: tuple[Step, ...]


FLOWS = {
    "raw_intake": Flow("Новая партия", (Step("company"), Step("body_temp"), Step("review"))),
    "holds": Flow("Блокировки", (Step("reason"),)),
}


def test_the_states_are_exactly_the_steps_of_the_program() -> None:
    made = {
        name: [str(state.state) for state in group.__states__]
        for name, group in groups(FLOWS).items()
    }
    assert made == {
        "raw_intake": ["raw_intake:company", "raw_intake:body_temp", "raw_intake:review"],
        "holds": ["holds:reason"],
    }


def test_every_state_is_in_the_dictionary_under_aiograms_own_name() -> None:
    for name, place in places(FLOWS).items():
        assert place.state.state == name == f"{place.flow}:{place.step}"


def test_the_dictionary_follows_the_program() -> None:
    present = [FLOWS]
    found = Places(lambda: present[0])
    assert str(found["raw_intake:body_temp"]) == "raw_intake:body_temp («Новая партия»)"
    present[0] = {"holds": FLOWS["holds"]}
    assert found["raw_intake:body_temp"] == "raw_intake:body_temp"
    assert found[None] == "меню"


@pytest.fixture
def state(plant: Plant) -> FSMContext:
    session = Session(
        UUID(int=1), "raw_intake", "digest", Actor("1", "Ветров П. А."), step="body_temp",
        answers={"company": Answer("Учебная компания 1")},
    )  # fmt: skip
    plant.chats.chats[RECEIVER] = Chat(RECEIVER, "tok", sessions=(session,))
    view = SessionView(plant.ports, call)
    return FSMContext(view, StorageKey(1, RECEIVER, RECEIVER))


async def test_the_state_of_aiogram_is_the_session_of_the_chat(state: FSMContext) -> None:
    assert await state.get_state() == "raw_intake:body_temp"
    assert await state.get_data() == {"company": "Учебная компания 1"}


async def test_nobody_moves_a_session_through_aiogram(state: FSMContext) -> None:
    with pytest.raises(EngineError):
        await state.set_state("raw_intake:review")
    with pytest.raises(EngineError):
        await state.update_data(company="другая")


CHAT = {"id": RECEIVER, "type": "private", "first_name": "Ветров"}
WORKER = {"id": RECEIVER, "is_bot": False, "first_name": "Ветров"}
SAID = {"message_id": 1, "date": 1, "chat": CHAT, "from": WORKER, "text": "1"}
ROBOT = {"id": 1, "is_bot": True, "first_name": "Бот"}
STATUS = {
    "chat": CHAT,
    "from": WORKER,
    "date": 1,
    "old_chat_member": {"status": "left", "user": ROBOT},
}
BODIES: dict[str, dict[str, Any]] = {
    "message": SAID,
    "edited_message": SAID | {"edit_date": 2},
    "callback_query": {
        "id": "1", "from": WORKER, "chat_instance": "1", "message": SAID, "data": "s.t101.1.0",
    },
    "my_chat_member": STATUS
    | {"new_chat_member": {"status": "kicked", "user": ROBOT, "until_date": 0}},
}  # fmt: skip


async def test_an_update_of_each_kind_that_is_asked_for_goes_straight_to_its_handler(
    talker: Talker, plant: Plant, bot: Bot, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def asked(observer: TelegramEventObserver, event: TelegramObject, **given: Any) -> Any:
        raise AssertionError("aiogram looked for a handler")

    async def feed(number: int, kind: str, body: dict[str, Any]) -> None:
        update = {"update_id": number, kind: body}
        await talker.feed(Update.model_validate(update, context={"bot": bot}))

    monkeypatch.setattr(TelegramEventObserver, "trigger", asked)
    caplog.set_level(logging.INFO, "engine.telegram.router")
    for number, kind in enumerate(UPDATES, 1):
        await feed(number, kind, BODIES[kind])
    said, corrected, pressed = plant.arrivals
    assert (said.update, said.input) == (1, Input.text("1"))
    assert (corrected.update, corrected.input) == (2, Input.other(CORRECTED))
    assert (pressed.update, pressed.data) == (3, "s.t101.1.0")
    assert f"chat {RECEIVER} blocked the bot" in caplog.messages
    with pytest.raises(AssertionError, match="aiogram looked"):
        await feed(5, "chat_member", BODIES["my_chat_member"])


async def test_a_turn_does_not_read_the_state_of_aiogram(
    talker: Talker, plant: Plant, core: Simulator, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(view: SessionView, chat: int) -> str:
        raise AssertionError("the state was read")

    monkeypatch.setattr(SessionView, "state_of", read)
    core.people.text(RECEIVER, "1")
    await talker._polling.backlog()
    assert len(plant.arrivals) == 1
