"""The Program as aiogram sees it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from aiogram import Bot
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.base import StorageKey

from engine.errors import EngineError
from engine.model.conversation import Actor, Answer, Chat, Session
from engine.simulator.core import Simulator
from engine.telegram.bot import Talker
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


def test_one_asynchronous_handler_without_filters_serves_a_kind_of_update(talker: Talker) -> None:
    used = {kind: observer.handlers for kind, observer in talker.dispatcher.observers.items()}
    used.pop("update"), used.pop("error", None)
    assert {kind for kind, handlers in used.items() if handlers} == set(UPDATES)
    for handlers in (used[kind] for kind in UPDATES):
        assert len(handlers) == 1
        assert handlers[0].awaitable
        assert not handlers[0].filters


async def test_a_turn_does_not_read_the_state_of_aiogram(
    talker: Talker, plant: Plant, core: Simulator, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(view: SessionView, key: StorageKey) -> str:
        raise AssertionError("the state was read")

    monkeypatch.setattr(SessionView, "get_state", read)
    core.people.text(RECEIVER, "1")
    await talker._polling.backlog()
    assert len(plant.arrivals) == 1
