"""What a chat sees."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiogram import Bot
from aiogram.methods import EditMessageText
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from engine.model.conversation import Button, Prompt
from engine.model.text import Text, bold
from engine.run.arrival import Shown
from engine.simulator.core import Simulator
from engine.simulator.samples import photo
from engine.telegram.again import again
from engine.telegram.door import Door
from engine.telegram.post import CHANGE, NO_PREVIEW, Post, changed
from engine.telegram.screen import Screens
from tests.engine.telegram.office import RECEIVER, TOKEN, InProcess, Plant, said, written

ASK = Shown(
    RECEIVER, 3, "tok", Prompt(bold("Масса?") + " <кг>", ((Button("Пропустить", "skip"),),))
)


@pytest.fixture
def screens(bot: Bot, plant: Plant) -> Screens:
    return Screens(Door(bot), Post(plant.files))


def asking(text: str, *pictures: str, edit: bool = False) -> Shown:
    prompt = Prompt(Text.of(text), ((Button("Дальше", "next"),),), pictures)
    return replace(ASK, prompt=prompt, edit=edit)


async def test_a_prompt_is_one_message_with_its_buttons(screens: Screens, core: Simulator) -> None:
    message = await screens.show(ASK, None)
    (sent,) = written(core, RECEIVER)
    assert sent.id == message
    assert sent.content.text == "Масса? <кг>"
    assert [mark["type"] for mark in sent.content.entities] == ["bold"]
    assert sent.keyboard
    assert sent.keyboard.rows[0][0] == {"text": "Пропустить", "callback_data": "s.tok.3.0"}


async def test_an_edit_changes_the_message_in_place(screens: Screens, core: Simulator) -> None:
    message = await screens.show(ASK, None)
    assert await screens.show(asking("Готово?", edit=True), message) == message
    assert said(core, RECEIVER) == ["Готово?"]


async def test_an_edit_that_changes_nothing_is_no_failure(
    screens: Screens, core: Simulator, session: InProcess
) -> None:
    message = await screens.show(ASK, None)
    assert await screens.show(replace(ASK, edit=True), message) == message
    assert session.calls == ["sendMessage", "editMessageText"]


async def test_a_message_that_is_gone_is_replaced_by_a_fresh_one(
    screens: Screens, core: Simulator
) -> None:
    message = await screens.show(ASK, None)
    core.people.chat(RECEIVER).messages[message].deleted = True
    fresh = await screens.show(asking("Готово?", edit=True), message)
    assert fresh != message
    assert said(core, RECEIVER)[-1] == "Готово?"


async def test_a_long_prompt_has_its_buttons_on_the_last_part(
    screens: Screens, core: Simulator
) -> None:
    last = await screens.show(asking("строка <b>\n" * 900), None)
    parts = written(core, RECEIVER)
    assert len(parts) == 3
    assert [bool(part.keyboard) for part in parts] == [False, False, True]
    assert parts[-1].id == last


async def test_one_picture_carries_a_short_text_and_the_buttons(
    screens: Screens, core: Simulator, plant: Plant
) -> None:
    plant.files.put("photos/1", photo("truck"), "image/jpeg")
    await screens.show(asking("Карточка", "photos/1"), None)
    (sent,) = written(core, RECEIVER)
    assert sent.media
    assert (sent.media.kind, sent.content.text, bool(sent.keyboard)) == ("photo", "Карточка", True)


async def test_several_pictures_are_an_album_before_the_text(
    screens: Screens, core: Simulator, plant: Plant
) -> None:
    for name in ("photos/1", "photos/2"):
        plant.files.put(name, photo("truck"), "image/jpeg")
    await screens.show(asking("Карточка", "photos/1", "photos/2"), None)
    *album, text = written(core, RECEIVER)
    assert len({picture.album for picture in album}) == 1
    assert [bool(picture.media) for picture in album] == [True, True]
    assert (text.content.text, bool(text.keyboard)) == ("Карточка", True)


async def test_a_long_text_does_not_become_a_caption(
    screens: Screens, core: Simulator, plant: Plant
) -> None:
    plant.files.put("photos/1", photo("truck"), "image/jpeg")
    await screens.show(asking("я" * 1025, "photos/1"), None)
    assert [len(text) for text in said(core, RECEIVER)] == [0, 1025]


async def test_a_picture_that_telegram_does_not_take_for_a_photo_goes_as_a_file(
    screens: Screens, core: Simulator, plant: Plant
) -> None:
    plant.files.put("photos/1", b"heic, perhaps", "image/heic")
    await screens.show(asking("Карточка", "photos/1"), None)
    (sent,) = written(core, RECEIVER)
    assert sent.media
    assert (sent.media.kind, sent.content.text) == ("document", "Карточка")


async def test_a_lost_picture_does_not_hold_back_its_text(
    screens: Screens, core: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    await screens.show(asking("Карточка", "photos/lost"), None)
    assert said(core, RECEIVER) == ["Карточка"]
    assert "photos/lost" in caplog.text


def test_what_is_made_again_is_what_its_model_would_make() -> None:
    def button(text: str) -> InlineKeyboardButton:
        return InlineKeyboardButton(text=text, callback_data="s.tok.3.0")

    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button("Дальше")]])
    first = changed(1, 2, bold("Масса?"), keyboard)
    blank = first.model_copy()
    assert first == EditMessageText(
        chat_id=1, message_id=2, text="<b>Масса?</b>", parse_mode="HTML", reply_markup=keyboard,
        link_preview_options=NO_PREVIEW,
    )  # fmt: skip
    made = again(keyboard.inline_keyboard[0][0], text="Назад")
    assert made == button("Назад")
    assert made.model_dump(exclude_unset=True) == button("Назад").model_dump(exclude_unset=True)
    second = again(first, chat_id=3, reply_markup=None)
    second.as_(Bot(TOKEN))
    assert (first, first.bot) == (blank, None)
    assert [CHANGE.chat_id, CHANGE.reply_markup, CHANGE.bot] == [None, None, None]
