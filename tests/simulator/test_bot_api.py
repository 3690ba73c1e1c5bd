"""The unmodified aiogram client over HTTP: every method that the product uses."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramConflictError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.methods import GetUserProfilePhotos
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    MediaUnion,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from engine.simulator import samples
from engine.simulator.core import Simulator
from engine.simulator.params import Upload
from engine.simulator.pictures import photo_sizes
from tests.engine.telegram.office import PATIENCE_S, until
from tests.simulator.cast import RECEIVER

pytestmark = pytest.mark.asyncio(loop_scope="module")


def buttons(*rows: tuple[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=text, callback_data=data)] for text, data in rows
        ]
    )


async def test_get_me_tells_the_bot(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (1, True, "meat_demo_bot")


async def test_a_text_arrives_with_its_formatting_and_buttons(bot: Bot, core: Simulator) -> None:
    sent = await bot.send_message(
        RECEIVER,
        "Масса <b>12,5</b> кг &lt; 20",
        parse_mode="HTML",
        reply_markup=buttons(("Да", "yes")),
    )
    assert sent.text == "Масса 12,5 кг < 20"
    assert sent.entities is not None
    assert (sent.entities[0].type, sent.entities[0].offset, sent.entities[0].length) == (
        "bold",
        6,
        4,
    )
    shown = core.people.chat(RECEIVER).page()["messages"][0]
    assert shown["keyboard"] == [[{"text": "Да", "callback_data": "yes"}]]
    assert not shown["mine"]


async def test_what_a_person_types_comes_as_an_update_until_it_is_confirmed(
    bot: Bot, core: Simulator
) -> None:
    core.people.text(RECEIVER, "/start")
    first = await bot.get_updates()
    again = await bot.get_updates()
    assert [update.update_id for update in first] == [update.update_id for update in again]
    assert first[0].message is not None
    assert first[0].message.text == "/start"
    assert first[0].message.from_user is not None
    assert first[0].message.from_user.id == RECEIVER
    assert await bot.get_updates(offset=first[0].update_id + 1) == []


async def test_a_long_poll_ends_as_soon_as_somebody_writes(bot: Bot, core: Simulator) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: core.world.updates._poll is not None)
    core.people.text(RECEIVER, "12,5")
    updates = await asyncio.wait_for(poll, PATIENCE_S)
    assert updates[0].message is not None
    assert updates[0].message.text == "12,5"


async def test_a_second_get_updates_ends_the_first_with_a_conflict(
    bot: Bot, core: Simulator
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: core.world.updates._poll is not None)
    second = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, PATIENCE_S)
    core.people.text(RECEIVER, "да")
    assert len(await asyncio.wait_for(second, PATIENCE_S)) == 1


async def test_only_the_allowed_kinds_of_updates_are_queued(bot: Bot, core: Simulator) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    core.people.text(RECEIVER, "не нужно")
    assert await bot.get_updates() == []


async def test_a_press_comes_with_its_message_and_its_answer_is_shown(
    bot: Bot, core: Simulator
) -> None:
    sent = await bot.send_message(
        RECEIVER, "Верно?", reply_markup=buttons(("Да", "yes"), ("Нет", "no"))
    )
    core.people.press(RECEIVER, sent.message_id, 1, 0)
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("no", RECEIVER)
    assert isinstance(query.message, Message)
    assert query.message.text == "Верно?"
    assert await bot.answer_callback_query(query.id, text="Принято", show_alert=True)
    toast = core.people.chat(RECEIVER).page()["toasts"][0]
    assert (toast["id"], toast["text"], toast["alert"]) == (query.id, "Принято", True)


async def test_a_message_is_edited_in_place(bot: Bot, core: Simulator) -> None:
    sent = await bot.send_message(RECEIVER, "Раз", reply_markup=buttons(("Да", "yes")))
    edited = await bot.edit_message_text("Два", chat_id=RECEIVER, message_id=sent.message_id)
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup) == ("Два", None)
    markup = buttons(("Ещё", "more"))
    await bot.edit_message_reply_markup(
        chat_id=RECEIVER, message_id=sent.message_id, reply_markup=markup
    )
    shown = core.people.chat(RECEIVER).page()["messages"]
    assert [(one["text"], one["edited"], one["keyboard"][0][0]["text"]) for one in shown] == [
        ("Два", True, "Ещё")
    ]


async def test_a_deleted_message_is_gone_and_told_as_a_change(bot: Bot, core: Simulator) -> None:
    sent = await bot.send_message(RECEIVER, "Лишнее")
    before = core.people.chat(RECEIVER).revision
    assert await bot.delete_message(RECEIVER, sent.message_id)
    assert core.people.chat(RECEIVER).page()["messages"] == []
    change = core.people.chat(RECEIVER).page(before)["messages"][0]
    assert (change["id"], change["deleted"]) == (sent.message_id, True)


async def test_a_photo_goes_out_in_several_sizes_and_again_by_its_id(bot: Bot) -> None:
    photo = BufferedInputFile(samples.photo("truck"), "truck.jpg")
    sent = await bot.send_photo(RECEIVER, photo, caption="<i>Фура</i>", parse_mode="HTML")
    assert sent.photo is not None
    assert [max(size.width, size.height) for size in sent.photo] == [90, 320, 800, 1280]
    assert sent.caption == "Фура"
    again = await bot.send_photo(RECEIVER, sent.photo[-1].file_id)
    assert again.photo is not None
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    edited = await bot.edit_message_caption(
        chat_id=RECEIVER, message_id=sent.message_id, caption="Рефрижератор"
    )
    assert isinstance(edited, Message)
    assert edited.caption == "Рефрижератор"


async def test_a_document_goes_out_with_its_name_and_comes_back_whole(
    bot: Bot, core: Simulator
) -> None:
    data = b"PK\x03\x04" + bytes(range(256)) * 40
    sent = await bot.send_document(
        RECEIVER, BufferedInputFile(data, "Входной контроль.docx"), caption="ЧЕРНОВИК"
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == (
        "Входной контроль.docx",
        len(data),
    )
    found = await bot.get_file(sent.document.file_id)
    assert found.file_path is not None
    kept = await bot.download_file(found.file_path)
    assert kept is not None
    assert kept.read() == data


async def test_an_album_is_sent_as_messages_of_one_group(bot: Bot, core: Simulator) -> None:
    media: list[MediaUnion] = [
        InputMediaPhoto(media=BufferedInputFile(samples.photo("truck"), "a.jpg"), caption="Фото"),
        InputMediaPhoto(media=BufferedInputFile(samples.photo("cold"), "b.jpg")),
    ]
    sent = await bot.send_media_group(RECEIVER, media)
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in sent] == ["Фото", None]


async def test_an_album_of_a_person_comes_as_updates_of_one_group(
    bot: Bot, core: Simulator
) -> None:
    sizes = photo_sizes(samples.photo("cold"))
    core.people.photos(RECEIVER, [sizes, sizes, sizes], "Кузов")
    messages = [update.message for update in await bot.get_updates()]
    assert len({message.media_group_id for message in messages if message}) == 1
    assert [message.caption for message in messages if message] == ["Кузов", None, None]
    assert messages[0] is not None
    assert messages[0].photo is not None
    kept = await bot.download(messages[0].photo[-1])
    assert kept is not None
    assert kept.read().startswith(b"\xff\xd8")


async def test_a_file_a_sticker_and_a_voice_of_a_person_are_what_aiogram_reads(
    bot: Bot, core: Simulator
) -> None:
    core.people.document(RECEIVER, Upload("фото.jpg", samples.photo("warm"), "image/jpeg"))
    core.people.sticker(RECEIVER, "👍")
    core.people.voice(RECEIVER, 4)
    file, sticker, voice = [update.message for update in await bot.get_updates()]
    assert file is not None
    assert file.document is not None
    assert (file.document.file_name, file.document.mime_type) == ("фото.jpg", "image/jpeg")
    assert sticker is not None
    assert sticker.sticker is not None
    assert sticker.sticker.emoji == "👍"
    assert voice is not None
    assert voice.voice is not None
    assert voice.voice.duration == 4


async def test_a_reply_keyboard_stays_until_it_is_removed(bot: Bot, core: Simulator) -> None:
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Новая партия")]], resize_keyboard=True
    )
    await bot.send_message(RECEIVER, "Меню", reply_markup=keyboard)
    await bot.send_message(RECEIVER, "Ещё")
    core.people.tap(RECEIVER, "Новая партия")
    message = (await bot.get_updates())[0].message
    assert message is not None
    assert message.text == "Новая партия"
    assert core.people.chat(RECEIVER).page()["reply_keyboard"] == [["Новая партия"]]
    await bot.send_message(RECEIVER, "Всё", reply_markup=ReplyKeyboardRemove())
    assert core.people.chat(RECEIVER).page()["reply_keyboard"] == []


async def test_commands_are_kept_and_the_webhook_is_none(bot: Bot, core: Simulator) -> None:
    assert await bot.set_my_commands([BotCommand(command="start", description="Начать")])
    assert [command.command for command in await bot.get_my_commands()] == ["start"]
    core.people.text(RECEIVER, "раньше")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    assert await bot.delete_webhook(drop_pending_updates=True)
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("", 0)


async def test_a_stranger_is_unauthorized_and_an_unknown_method_is_not_found(bot: Bot) -> None:
    with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
        await Bot("2:other", session=bot.session).get_me()
    with pytest.raises(TelegramNotFound, match="Not Found"):
        await bot(GetUserProfilePhotos(user_id=RECEIVER))


async def test_a_dispatcher_polls_and_answers_as_it_does_with_telegram(
    bot: Bot, core: Simulator
) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(f"Эхо: {message.text}", reply_markup=buttons(("Ок", "ok")))

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer("Готово")

    polling = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
    )
    core.people.text(RECEIVER, "привет")
    chat = core.people.chat(RECEIVER)
    while len(chat.messages) < 2:
        await asyncio.wait_for(core.world.changes.wait(3), PATIENCE_S)
    core.people.press_named(RECEIVER, label="Ок")
    while not chat.toasts:
        await asyncio.wait_for(core.world.changes.wait(3), PATIENCE_S)
    await dispatcher.stop_polling()
    await polling
    assert [message.content.text for message in chat.messages.values()] == ["привет", "Эхо: привет"]
    assert chat.toasts[0].text == "Готово"
    assert core.world.updates.status == "online"
