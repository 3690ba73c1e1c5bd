"""Methods that change or delete what was sent, and answer presses."""

from __future__ import annotations

from typing import Any

from engine.simulator.api_error import NOT_MODIFIED, QUERY_TOO_OLD, bad
from engine.simulator.markup import Inline, inline_markup
from engine.simulator.messages import Chat, Message
from engine.simulator.methods.sending import (
    read_caption,
    read_message_text,
    target,
    told,
)
from engine.simulator.params import Params
from engine.simulator.world import EDITABLE_S, QUERY_LIVES_S, World

MAX_TOAST = 200


def _editable(world: World, params: Params) -> tuple[Chat, Message]:
    """Return the message that a call may edit. Raises ApiError 400."""
    if params.text("inline_message_id"):
        raise bad("MESSAGE_ID_INVALID")
    chat = target(world, params)
    number = params.integer("message_id")
    if not number:
        raise bad("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad("message to edit not found")
    foreign = message.mine or (message.markup is not None and message.keyboard is None)
    if foreign or world.now() - message.date > EDITABLE_S:
        raise bad("message can't be edited")
    return chat, message


def _edit(
    world: World, chat: Chat, message: Message, content: Any, markup: Inline | None
) -> dict[str, Any]:
    """Change a message; its keyboard goes unless one is given. Raises ApiError 400 when nothing
    changes."""
    if message.content == content and message.keyboard == markup:
        raise bad(NOT_MODIFIED)
    world.flood.check(chat.phone.chat_id)
    if message.content != content:
        message.edited = int(world.now())
    message.content, message.markup = content, markup
    world.touch(chat, message)
    return told(world, chat, message)


async def edit_message_text(world: World, params: Params) -> Any:
    """editMessageText: new words for a text message."""
    chat, message = _editable(world, params)
    content, markup = read_message_text(params), inline_markup(params)
    if message.media is not None:
        raise bad("there is no text in the message to edit")
    return _edit(world, chat, message, content, markup)


async def edit_message_caption(world: World, params: Params) -> Any:
    """editMessageCaption: new words under a photo or a document."""
    chat, message = _editable(world, params)
    content, markup = read_caption(params), inline_markup(params)
    if message.media is None:
        raise bad("there is no caption in the message to edit")
    return _edit(world, chat, message, content, markup)


async def edit_message_reply_markup(world: World, params: Params) -> Any:
    """editMessageReplyMarkup: other buttons, or none."""
    chat, message = _editable(world, params)
    return _edit(world, chat, message, message.content, inline_markup(params))


async def delete_message(world: World, params: Params) -> Any:
    """deleteMessage: take a message of the last 48 hours away from both sides."""
    chat = target(world, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad("message to delete not found")
    if world.now() - message.date > EDITABLE_S:
        raise bad("message can't be deleted for everyone")
    message.deleted = True
    world.touch(chat, message)
    return True


async def answer_callback_query(world: World, params: Params) -> Any:
    """answerCallbackQuery: stop the clock on the button; show a toast or an alert if there is a
    text."""
    number = params.text("callback_query_id")
    query = world.queries.get(number)
    if query is None or world.now() - query.at > QUERY_LIVES_S:
        raise bad(QUERY_TOO_OLD)
    text = params.text("text")
    if len(text) > MAX_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    chat = world.chat(query.chat_id)
    world.toast(chat, number, text, params.flag("show_alert"))
    return True


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
}
