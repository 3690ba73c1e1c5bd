"""Showing the screen of a chat: by changing its message where possible, by a fresh one
otherwise."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TypeVar

from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import EditMessageReplyMarkup, TelegramMethod
from aiogram.types import InlineKeyboardMarkup

from engine.errors import EngineError
from engine.model.text import Text
from engine.run.arrival import Shown
from engine.telegram.door import Door
from engine.telegram.keyboards import screen_keyboard
from engine.telegram.markup import split
from engine.telegram.post import Post, changed

log = logging.getLogger(__name__)
T = TypeVar("T")

SAME = "message is not modified"


@dataclass(frozen=True, slots=True)
class Screens:
    """Shows what a turn wants shown."""

    door: Door
    post: Post

    async def show(self, shown: Shown, message: int | None) -> int:
        """Show a prompt and return the message that carries it; `message` is the one to change when
        it may be changed.

        A message that is too old, gone, or holds a picture is left alone and a fresh one is sent.
        Raises TelegramAPIError when nothing could be shown, EngineError when there is no prompt."""
        prompt = shown.prompt
        if prompt is None:
            raise EngineError(f"nothing to show in chat {shown.chat}")
        keyboard = screen_keyboard(prompt.keyboard, shown.token, shown.turn)
        parts = split(prompt.text)
        old = message if shown.edit and len(parts) == 1 and not prompt.media else None
        if old is not None and await self._changed(shown.chat, old, parts[0], keyboard):
            return old
        return await self.post.send(self.call, shown.chat, prompt.text, keyboard, prompt.media)

    async def strip(self, chat: int, message: int) -> None:
        """Take the buttons off a message; one that cannot be changed any more is left alone."""
        try:
            await self.door.answer(EditMessageReplyMarkup(chat_id=chat, message_id=message))
        except TelegramBadRequest as error:
            log.info("buttons stay on message %s of chat %s: %s", message, chat, error.message)

    async def call(self, method: TelegramMethod[T], chat: int, messages: int = 1) -> T:
        """Call as an answer to a worker."""
        del messages
        return await self.door.answer(method, chat)

    async def _changed(
        self, chat: int, message: int, text: Text, keyboard: InlineKeyboardMarkup | None
    ) -> bool:
        try:
            await self.door.answer(changed(chat, message, text, keyboard))
        except TelegramBadRequest as error:
            if SAME in error.message:
                return True
            log.info(
                "message %s of chat %s stays, a fresh one is sent: %s", message, chat, error.message
            )
            return False
        return True
