"""Putting a text with buttons and pictures into a chat: the same for screens and for letters of the
outbox."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol, TypeVar

from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    EditMessageText,
    SendDocument,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
)

from engine.model.text import Text
from engine.ports import Files
from engine.telegram.again import again
from engine.telegram.beside import beside
from engine.telegram.markup import LONGEST_CAPTION, html, length, split

log = logging.getLogger(__name__)
T = TypeVar("T")

HTML = "HTML"
ALBUM = 10  # pictures of one media group
LARGEST_PHOTO = 10 * 1024 * 1024  # bytes that sendPhoto takes; a larger picture goes as a file
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
MESSAGE = SendMessage(chat_id=0, text="", parse_mode=HTML, link_preview_options=NO_PREVIEW)
CHANGE = EditMessageText(text="", parse_mode=HTML, link_preview_options=NO_PREVIEW)


class Call(Protocol):
    """Calls Telegram for a chat in the caller's manner: at once, or in turn with other notices."""

    async def __call__(self, method: TelegramMethod[T], chat: int, messages: int = 1) -> T:
        """Do it; `messages` is how many messages it makes."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """Sends into chats; pictures come from the Files port."""

    files: Files

    async def send(
        self,
        call: Call,
        chat: int,
        text: Text,
        keyboard: InlineKeyboardMarkup | None = None,
        pictures: tuple[str, ...] = (),
    ) -> int:
        """Send pictures and a text; return the id of the message that carries the keyboard.

        One picture carries a short text as its caption. Raises TelegramAPIError."""
        photos = [photo for key in pictures if (photo := await self._photo(key)) is not None]
        if len(photos) == 1 and length(str(text)) <= LONGEST_CAPTION:
            return (await _picture(call, chat, photos[0], text, keyboard)).message_id
        for start in range(0, len(photos), ALBUM):
            await _album(call, chat, photos[start : start + ALBUM])
        *parts, last = split(text)
        for part in parts:
            await call(_message(chat, part, None), chat)
        return (await call(_message(chat, last, keyboard), chat)).message_id

    async def change(
        self,
        call: Call,
        chat: int,
        message: int,
        text: Text,
        keyboard: InlineKeyboardMarkup | None,
    ) -> None:
        """Change a message that was sent before; of a long text the last part carries the buttons.

        One that is too old, gone or a picture is left alone."""
        try:
            await call(changed(chat, message, split(text)[-1], keyboard), chat)
        except TelegramBadRequest as error:
            log.info("message %s of chat %s stays: %s", message, chat, error.message)

    async def paper(
        self,
        call: Call,
        chat: int,
        name: str,
        content: bytes,
        text: Text,
        keyboard: InlineKeyboardMarkup | None,
    ) -> int:
        """Send a document with a caption; a longer text follows as its own message."""
        document = BufferedInputFile(content, name)
        if length(str(text)) <= LONGEST_CAPTION:
            sent = await call(_document(chat, document, text, keyboard), chat)
            return sent.message_id
        await call(_document(chat, document, Text(), None), chat)
        return await self.send(call, chat, text, keyboard)

    async def _photo(self, key: str) -> BufferedInputFile | None:
        try:
            content = await beside(self.files.get, key)
        except Exception:  # any store: the text matters more than its picture, and it is logged
            log.exception("picture %s cannot be read; the message goes without it", key)
            return None
        return BufferedInputFile(content, key.rsplit("/", 1)[-1] + ".jpg")


def changed(
    chat: int, message: int, text: Text, keyboard: InlineKeyboardMarkup | None
) -> EditMessageText:
    """Return the call that changes a message."""
    return again(CHANGE, chat_id=chat, message_id=message, text=html(text), reply_markup=keyboard)


def _message(chat: int, text: Text, keyboard: InlineKeyboardMarkup | None) -> SendMessage:
    return again(MESSAGE, chat_id=chat, text=html(text), reply_markup=keyboard)


def _document(
    chat: int, document: BufferedInputFile, text: Text, keyboard: InlineKeyboardMarkup | None
) -> SendDocument:
    return SendDocument(
        chat_id=chat,
        document=document,
        caption=html(text) or None,
        parse_mode=HTML,
        reply_markup=keyboard,
    )


async def _picture(
    call: Call,
    chat: int,
    photo: BufferedInputFile,
    text: Text,
    keyboard: InlineKeyboardMarkup | None = None,
) -> Message:
    """Send one picture; as a file when Telegram does not take it for a photo (HEIC, too long and
    thin)."""
    if len(photo.data) <= LARGEST_PHOTO:
        try:
            return await call(
                SendPhoto(
                    chat_id=chat,
                    photo=photo,
                    caption=html(text) or None,
                    parse_mode=HTML,
                    reply_markup=keyboard,
                ),
                chat,
            )
        except TelegramBadRequest as error:
            if not _of_picture(error):
                raise
            log.info("%s goes as a file: %s", photo.filename, error.message)
    return await call(_document(chat, photo, text, keyboard), chat)


async def _album(call: Call, chat: int, photos: list[BufferedInputFile]) -> None:
    if len(photos) > 1 and all(len(photo.data) <= LARGEST_PHOTO for photo in photos):
        media = [InputMediaPhoto(media=photo) for photo in photos]
        try:
            await call(SendMediaGroup(chat_id=chat, media=[*media]), chat, len(photos))
            return
        except TelegramBadRequest as error:
            if not _of_picture(error):
                raise
            log.info("an album goes picture by picture: %s", error.message)
    for photo in photos:
        await _picture(call, chat, photo, Text())


def _of_picture(error: TelegramBadRequest) -> bool:
    words = error.message.lower()
    return any(word in words for word in ("photo", "image", "wrong file", "failed to get http"))
