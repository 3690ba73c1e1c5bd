"""Who touches his form first after a restart or a night is asked whether he goes on, and what he
sent is held until he says so (domain 3.8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.model.conversation import Chat, Input, Session
from engine.run.stored import pack_chat, unpack_chat
from engine.talk.stage import Stage
from engine.talk.things import Camera
from tests.engine.rehearsal import rehearser
from tests.engine.run.test_reactions import Phone

OFFER = "Продолжить «Новая партия», шаг"
FIRST = ("ООО «Учебная компания 1»", "Каркас", "Каркас ЦБ", "замороженное")


@pytest.fixture
def stage() -> Stage:
    return rehearser().stage()


@pytest.fixture
def receiver(stage: Stage) -> Phone:
    return Phone(stage, "receiver").command("start").press("Новая партия").say(*FIRST)


def chat_of(phone: Phone) -> Chat:
    return phone.stage.plant.ports.chats.load(phone.chat)


def top_of(phone: Phone) -> Session:
    top = chat_of(phone).top
    assert top is not None
    return top


def photos(phone: Phone, *things: str) -> None:
    camera = Camera()
    for thing in things:
        for given in camera.inputs("receiver", thing) or ():
            phone.stage.arrive(phone.chat, given=given)


def test_a_number_after_a_restart_is_taken_once_its_owner_goes_on(receiver: Phone) -> None:
    receiver.press("Пропустить", "Пропустить")
    receiver.stage.restart()
    receiver.say("-18")
    assert OFFER in receiver.text
    assert "Ответ «-18» будет принят после «Продолжить»" in receiver.text
    assert receiver.titles[:3] == ["Продолжить", "Начать заново", "Отменить"]
    assert "body_temp" not in top_of(receiver).answers
    receiver.press("Продолжить")
    assert str(top_of(receiver).answers["body_temp"].value) == "-18"
    receiver.press("Сегодня")
    assert OFFER not in receiver.text


def test_a_button_of_the_question_is_held_as_well(receiver: Phone) -> None:
    receiver.stage.restart()
    asked = top_of(receiver).step
    receiver.press("Пропустить")
    assert OFFER in receiver.text
    assert "Кнопка сработает после «Продолжить»" in receiver.text
    assert top_of(receiver).step == asked
    receiver.press("Продолжить")
    assert top_of(receiver).step != asked


def test_every_picture_that_is_sent_before_he_goes_on_counts(receiver: Phone) -> None:
    receiver.press("Пропустить", "Пропустить").say("-18").press("Сегодня").say("4471")
    receiver.stage.restart()
    photos(receiver, "photo 2", "photo")
    assert "файлов: 3" in receiver.text
    receiver.press("Продолжить")
    assert "Фото: 3" in receiver.text


def test_the_last_text_counts_of_those_that_are_sent_before_he_goes_on(receiver: Phone) -> None:
    receiver.press("Пропустить", "Пропустить")
    receiver.stage.restart()
    receiver.say("-81", "-18")
    receiver.press("Продолжить")
    assert str(top_of(receiver).answers["body_temp"].value) == "-18"


@pytest.mark.parametrize(("hours", "asked"), [(5, False), (6, True)])
def test_a_night_asks_as_a_restart_does(receiver: Phone, hours: int, asked: bool) -> None:
    receiver.press("Пропустить", "Пропустить")
    receiver.stage.wait(timedelta(hours=hours))
    receiver.say("-18")
    assert (OFFER in receiver.text) is asked


def test_what_is_held_is_gone_with_the_offer(receiver: Phone) -> None:
    receiver.press("Пропустить", "Пропустить")
    receiver.stage.restart()
    receiver.say("-18").command("start")
    assert chat_of(receiver).held is None
    receiver.press("▶ Продолжить «Новая партия», 7 из 22")
    assert "body_temp" not in top_of(receiver).answers


def test_starting_anew_forgets_what_is_held(receiver: Phone) -> None:
    receiver.stage.restart()
    receiver.press("Пропустить").press("Начать заново")
    assert top_of(receiver).answers == {}
    assert chat_of(receiver).held is None


def test_what_no_question_asks_for_is_not_held(receiver: Phone) -> None:
    receiver.stage.restart()
    receiver.stage.arrive(receiver.chat, given=Input.other("стикер"))
    assert OFFER in receiver.text
    assert chat_of(receiver).held is None


def test_what_is_held_is_stored_exactly(receiver: Phone) -> None:
    receiver.stage.restart()
    photos(receiver, "photo 2")
    chat = chat_of(receiver)
    assert chat.held is not None
    assert len(chat.held.sent) == 2
    assert unpack_chat(chat.id, pack_chat(chat), chat.sessions) == chat
