"""Everybody reads his language: screens, toasts, notices; and chooses it himself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.languages.catalogue import Languages
from engine.languages.pseudo import Pseudo
from engine.model.conversation import Input
from engine.run.arrival import Arrival
from engine.run.decisions import NOT_YOURS
from engine.run.perform import serve
from engine.run.program import compile_program
from engine.talk.plant import rehearsal_plant
from engine.talk.stage import Stage
from tests.engine.rehearsal import samples, shipped
from tests.engine.run.test_reactions import Phone

STRANGER = 9999


def staged(languages: Languages) -> Stage:
    program = compile_program(shipped().sources(), languages)
    plant = rehearsal_plant(program, shipped().vocabulary, samples())
    return Stage(plant, lambda plant: plant)


@pytest.fixture
def stage() -> Stage:
    """Return a stage whose English is the pseudo-locale."""
    return staged(Languages({"en": Pseudo()}))


@pytest.fixture
def receiver(stage: Stage) -> Phone:
    return Phone(stage, "receiver").command("start")


def test_the_language_is_chosen_in_the_menu_and_kept(stage: Stage, receiver: Phone):
    receiver.press("Язык")
    assert receiver.titles == ["Русский", "English", "Главное меню"]
    receiver.press("English")
    assert receiver.text.startswith("⟦Главное меню")
    receiver.command("start")
    assert receiver.text.startswith("⟦Главное меню")
    receiver.command("lang").press("Русский")
    assert receiver.text.startswith("Главное меню")


def test_names_of_languages_are_their_own(receiver: Phone):
    receiver.command("lang").press("English").command("lang")
    assert receiver.titles[:2] == ["Русский", "English"]


def test_a_language_that_the_plant_has_not_changes_nothing(stage: Stage, receiver: Phone):
    chat = stage.plant.ports.chats.load(receiver.chat)
    forged = replace(chat.buttons[-1], act="speak", arg="xx")
    stage.plant.ports.chats.keep(
        replace(chat, buttons=(*chat.buttons[:-1], forged)), stage.plant.clock.now()
    )
    receiver.press(receiver.titles[-1])
    actor = stage.plant.ports.people.actor(receiver.chat)
    assert actor is not None
    assert actor.language == "ru"


def test_every_turn_says_in_which_language_its_chat_reads(stage: Stage, receiver: Phone):
    """What is said of no turn, such as an apology, is said in that one."""

    def spoken(update: int, **given: Any) -> str:
        plant = stage.plant
        return serve(plant.program, plant.ports, Arrival(receiver.chat, update, **given)).language

    assert spoken(901, command="start") == "ru"
    receiver.command("lang").press("English")
    assert spoken(902, command="start") == "en"  # a screen
    assert spoken(902, command="start") == "en"  # the same update once more
    assert spoken(903, data="forged.1.1") == "en"  # a toast alone
    assert spoken(0, input=Input.show()) == "en"  # shown again by the system


def test_a_toast_is_said_in_the_language(receiver: Phone):
    receiver.command("lang").press("English")
    receiver.stage.arrive(receiver.chat, data="forged.1.1")
    assert receiver.toast == Pseudo().say(NOT_YOURS)


def test_a_notice_reaches_each_in_his_language(stage: Stage, receiver: Phone):
    Phone(stage, "technologist").command("lang").press("English").command("start")
    receiver.press("Новая партия")
    receiver.say("ООО «Учебная компания 1»", "Каркас", "Каркас ЦБ", "замороженное")
    receiver.press("Пропустить", "Пропустить").say("-5,5")
    chat = stage.plant.chat_of("technologist", 0)
    (card,) = [one for one in stage.messages if one.chat == chat and not one.screen]
    assert all("⟦" in button.title for button in card.buttons)


def test_a_chat_of_nobody_reads_the_language_of_its_phone_and_then_chooses(stage: Stage):
    stage.plant.memory.invitations["CODE2345"] = next(iter(stage.plant.memory.people))
    stage.speaks = "en"
    phone = Phone(stage, "receiver")
    phone.chat = STRANGER
    phone.command("start")
    assert phone.text.startswith("⟦Вас нет в системе")
    phone.say("CODE2345")
    assert phone.titles[:2] == ["Русский", "English"]
    phone.press("English")
    assert phone.text.startswith("⟦Главное меню")


def test_a_phone_in_a_language_that_the_plant_has_not_reads_russian(stage: Stage):
    stage.speaks = "fr"
    phone = Phone(stage, "receiver")
    phone.chat = STRANGER
    assert phone.command("start").text.startswith("Вас нет в системе")
