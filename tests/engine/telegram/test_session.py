"""What a call of the bot sends."""

from __future__ import annotations

import json

from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendPhoto
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import FormData, JsonPayload

from engine.telegram.bot import make_bot
from engine.telegram.session import Session


async def test_a_call_without_a_file_goes_as_json_without_what_is_not_said():
    button = InlineKeyboardButton(text="Да", callback_data="yes")
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    change = EditMessageText(chat_id=7, message_id=5, text="Вес?", reply_markup=keyboard)
    session = Session()
    sent = session.build_form_data(make_bot("1:demo"), change)
    assert isinstance(sent, JsonPayload)
    assert sent.content_type == "application/json"
    assert json.loads(sent.decode()) == {
        "chat_id": 7,
        "message_id": 5,
        "text": "Вес?",
        "reply_markup": {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]},
    }
    answer = session.build_form_data(
        make_bot("1:demo"), AnswerCallbackQuery(callback_query_id="9", show_alert=False)
    )
    assert isinstance(answer, JsonPayload)
    assert json.loads(answer.decode()) == {"callback_query_id": "9", "show_alert": False}


async def test_a_file_goes_with_its_call_as_a_form():
    photo = BufferedInputFile(b"jpeg", "photo.jpg")
    sent = Session().build_form_data(make_bot("1:demo"), SendPhoto(chat_id=7, photo=photo))
    assert isinstance(sent, FormData)
    assert sent.is_multipart
