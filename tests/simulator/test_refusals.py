"""Every refusal of the Bot API, in Telegram's own words, as aiogram raises it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from engine.simulator import samples
from engine.simulator.core import Simulator
from engine.simulator.params import Upload
from engine.simulator.pictures import photo_sizes
from tests.simulator.cast import RECEIVER, TECHNOLOGIST, Clock

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def button(data: str) -> InlineKeyboardMarkup:
    key = InlineKeyboardButton(text="Да", callback_data=data)
    return InlineKeyboardMarkup(inline_keyboard=[[key]])


def words(error: pytest.ExceptionInfo[TelegramBadRequest]) -> str:
    return error.value.message


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot) -> None:
    sent = await bot.send_message(RECEIVER, "Раз", reply_markup=button("yes"))
    with pytest.raises(TelegramBadRequest) as error:
        await bot.edit_message_text(
            "<b></b>Раз ",
            chat_id=RECEIVER,
            message_id=sent.message_id,
            reply_markup=button("yes"),
            parse_mode="HTML",
        )
    assert words(error) == NOT_MODIFIED


async def test_a_message_older_than_48_hours_can_be_neither_edited_nor_deleted(
    bot: Bot, clock: Clock
) -> None:
    sent = await bot.send_message(RECEIVER, "Раз")
    clock.now += timedelta(hours=48, seconds=1).total_seconds()
    with pytest.raises(TelegramBadRequest) as error:
        await bot.edit_message_text("Два", chat_id=RECEIVER, message_id=sent.message_id)
    assert words(error) == "Bad Request: message can't be edited"
    with pytest.raises(TelegramBadRequest) as error:
        await bot.delete_message(RECEIVER, sent.message_id)
    assert words(error) == "Bad Request: message can't be deleted for everyone"


async def test_a_message_of_a_person_or_with_a_reply_keyboard_cannot_be_edited(
    bot: Bot, core: Simulator
) -> None:
    theirs = core.people.text(RECEIVER, "12,5")
    menu = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Меню")]])
    ours = await bot.send_message(RECEIVER, "Меню", reply_markup=menu)
    for number in (theirs.id, ours.message_id):
        with pytest.raises(TelegramBadRequest) as error:
            await bot.edit_message_text("Два", chat_id=RECEIVER, message_id=number)
        assert words(error) == "Bad Request: message can't be edited"


async def test_a_message_that_is_gone_is_not_found(bot: Bot) -> None:
    sent = await bot.send_message(RECEIVER, "Раз")
    await bot.delete_message(RECEIVER, sent.message_id)
    with pytest.raises(TelegramBadRequest) as error:
        await bot.edit_message_text("Два", chat_id=RECEIVER, message_id=sent.message_id)
    assert words(error) == "Bad Request: message to edit not found"
    with pytest.raises(TelegramBadRequest) as error:
        await bot.delete_message(RECEIVER, sent.message_id)
    assert words(error) == "Bad Request: message to delete not found"


async def test_text_and_caption_are_edited_each_by_its_own_method(bot: Bot) -> None:
    photo = BufferedInputFile(samples.photo("cold"), "cold.jpg")
    pictured = await bot.send_photo(RECEIVER, photo, caption="Раз")
    plain = await bot.send_message(RECEIVER, "Раз")
    with pytest.raises(TelegramBadRequest) as error:
        await bot.edit_message_text("Два", chat_id=RECEIVER, message_id=pictured.message_id)
    assert words(error) == "Bad Request: there is no text in the message to edit"
    with pytest.raises(TelegramBadRequest) as error:
        await bot.edit_message_caption(chat_id=RECEIVER, message_id=plain.message_id, caption="Два")
    assert words(error) == "Bad Request: there is no caption in the message to edit"


async def test_only_an_inline_keyboard_may_be_put_by_an_edit(bot: Bot, core: Simulator) -> None:
    sent = await bot.send_message(RECEIVER, "Раз")
    params = {
        "chat_id": RECEIVER,
        "message_id": sent.message_id,
        "text": "Два",
        "reply_markup": ForceReply(force_reply=True).model_dump_json(),
    }
    with pytest.raises(Exception, match="Bad Request: inline keyboard expected"):
        await core.call("editMessageText", params)


@pytest.mark.parametrize(("length", "fits"), [(4096, True), (4097, False)])
async def test_a_text_has_at_most_4096_characters_after_its_markup_is_read(
    bot: Bot, length: int, fits: bool
) -> None:
    text = f"<b>{'я' * length}</b>"
    if fits:
        sent = await bot.send_message(RECEIVER, text, parse_mode="HTML")
        assert sent.text == "я" * length
        return
    with pytest.raises(TelegramBadRequest) as error:
        await bot.send_message(RECEIVER, text, parse_mode="HTML")
    assert words(error) == "Bad Request: message is too long"


async def test_a_caption_has_at_most_1024_characters(bot: Bot) -> None:
    photo = BufferedInputFile(samples.photo("cold"), "cold.jpg")
    sent = await bot.send_photo(RECEIVER, photo, caption="я" * 1024)
    assert sent.caption == "я" * 1024
    with pytest.raises(TelegramBadRequest) as error:
        await bot.send_photo(RECEIVER, photo, caption="я" * 1025)
    assert words(error) == "Bad Request: message caption is too long"


async def test_an_empty_text_is_refused(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest) as error:
        await bot.send_message(RECEIVER, "")
    assert words(error) == "Bad Request: message text is empty"
    with pytest.raises(TelegramBadRequest) as error:
        await bot.send_message(RECEIVER, " \n ")
    assert words(error) == "Bad Request: text must be non-empty"


async def test_callback_data_has_at_most_64_bytes(bot: Bot) -> None:
    assert await bot.send_message(RECEIVER, "Раз", reply_markup=button("я" * 32))
    with pytest.raises(TelegramBadRequest) as error:
        await bot.send_message(RECEIVER, "Раз", reply_markup=button("я" * 32 + "a"))
    assert words(error) == "Bad Request: BUTTON_DATA_INVALID"


async def test_an_inline_button_must_do_something(bot: Bot) -> None:
    keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да")]])
    with pytest.raises(
        TelegramBadRequest, match="Text buttons are unallowed in the inline keyboard"
    ):
        await bot.send_message(RECEIVER, "Раз", reply_markup=keys)


async def test_a_keyboard_over_100_buttons_is_too_long(bot: Bot) -> None:
    rows = [[InlineKeyboardButton(text="Да", callback_data=str(number))] for number in range(101)]
    with pytest.raises(TelegramBadRequest, match="Bad Request: reply markup is too long"):
        await bot.send_message(
            RECEIVER, "Раз", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
        )


async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest) as error:
        await bot.send_message(999, "Раз")
    assert words(error) == "Bad Request: chat not found"


async def test_who_blocked_the_bot_gets_nothing_until_he_unblocks_it(
    bot: Bot, core: Simulator
) -> None:
    core.people.block(RECEIVER)
    with pytest.raises(TelegramForbiddenError) as error:
        await bot.send_message(RECEIVER, "Раз")
    assert error.value.message == "Forbidden: bot was blocked by the user"
    assert await bot.send_message(TECHNOLOGIST, "Раз")
    core.people.block(RECEIVER, blocked=False)
    assert await bot.send_message(RECEIVER, "Раз")
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_a_press_is_answered_within_its_time_only(
    bot: Bot, core: Simulator, clock: Clock
) -> None:
    await bot.send_message(RECEIVER, "Раз", reply_markup=button("yes"))
    query = core.people.press_named(RECEIVER, data="yes")["query"]
    clock.now += timedelta(minutes=16).total_seconds()
    for number in (query, "12345"):
        with pytest.raises(TelegramBadRequest) as error:
            await bot.answer_callback_query(number)
        assert words(error) == (
            "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )


async def test_an_answer_to_a_press_has_at_most_200_characters(bot: Bot, core: Simulator) -> None:
    await bot.send_message(RECEIVER, "Раз", reply_markup=button("yes"))
    query = core.people.press_named(RECEIVER, label="Да")["query"]
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(query, text="я" * 201)
    assert await bot.answer_callback_query(query, text="я" * 200)


async def test_a_file_over_20_megabytes_cannot_be_downloaded(bot: Bot, core: Simulator) -> None:
    large = Upload("видео.mp4", bytes(21 * 1024 * 1024), "video/mp4")
    core.people.document(RECEIVER, large)
    message = (await bot.get_updates())[0].message
    assert message is not None
    assert message.document is not None
    assert message.document.file_size == len(large.data)
    with pytest.raises(TelegramBadRequest) as error:
        await bot.get_file(message.document.file_id)
    assert words(error) == "Bad Request: file is too big"


async def test_a_document_over_50_megabytes_is_not_taken(bot: Bot) -> None:
    with pytest.raises(TelegramEntityTooLarge, match="Request Entity Too Large"):
        await bot.send_document(RECEIVER, BufferedInputFile(bytes(50 * 1024 * 1024 + 1), "a.bin"))


async def test_what_is_no_picture_is_no_photo(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest) as error:
        await bot.send_photo(RECEIVER, BufferedInputFile(b"not a picture", "a.jpg"))
    assert words(error) == "Bad Request: IMAGE_PROCESS_FAILED"
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_photo(RECEIVER, BufferedInputFile(b"", "a.jpg"))


async def test_an_id_of_another_kind_or_of_nothing_is_refused(bot: Bot, core: Simulator) -> None:
    sent = await bot.send_document(RECEIVER, BufferedInputFile(b"text", "a.txt"))
    assert sent.document is not None
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await bot.send_photo(RECEIVER, sent.document.file_id)
    photo = core.people.photos(RECEIVER, [photo_sizes(samples.photo("cold"))])[0].media
    assert photo is not None
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Document"):
        await bot.send_document(RECEIVER, photo.best.file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await bot.send_photo(RECEIVER, "AgADnobody")
    with pytest.raises(TelegramBadRequest, match="wrong file_id"):
        await bot.get_file("AgADnobody")


async def test_an_album_holds_two_to_ten_of_one_kind(bot: Bot) -> None:
    one = InputMediaPhoto(media=BufferedInputFile(samples.photo("cold"), "a.jpg"))
    paper = InputMediaDocument(media=BufferedInputFile(b"text", "a.txt"))
    with pytest.raises(TelegramBadRequest, match="too many messages to send as an album"):
        await bot.send_media_group(RECEIVER, [one] * 11)
    with pytest.raises(TelegramBadRequest, match="document can't be mixed with other media types"):
        await bot.send_media_group(RECEIVER, [one, paper])


async def test_a_command_is_lower_case_latin(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Start!", description="Начать")])


async def test_the_flood_limit_of_a_chat_is_one_message_a_second(bot: Bot, core: Simulator) -> None:
    core.limit(per_second=30, per_chat=1)
    await bot.send_message(RECEIVER, "Раз")
    await bot.send_message(TECHNOLOGIST, "Раз")
    with pytest.raises(TelegramRetryAfter) as error:
        await bot.send_message(RECEIVER, "Два")
    assert error.value.retry_after == 1
    assert "Too Many Requests: retry after 1" in error.value.message


async def test_the_flood_limit_of_a_bot_is_thirty_messages_a_second(
    bot: Bot, core: Simulator
) -> None:
    core.limit(per_second=30, per_chat=0)
    for number in range(30):
        await core.call("sendMessage", {"chat_id": RECEIVER, "text": str(number)})
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(TECHNOLOGIST, "Раз")
