"""Telegram's messages as Arrivals: texts, commands, files already stored, and names for everything
else.

Start at `Inbox.message`. A file that does not fit becomes an Input that says why; nothing is
dropped in silence."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from unicodedata import normalize

from aiogram import Bot, types
from aiogram.enums import ContentType
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramServerError
from aiohttp import ClientError

from engine.files.keys import LARGEST, object_key
from engine.files.office import office
from engine.files.pictures import is_pdf, look
from engine.files.stripped import stripped
from engine.languages.message import Message
from engine.model.conversation import Input
from engine.model.files import PDF, FileRef
from engine.ports import Clock, Files
from engine.run.arrival import Arrival
from engine.telegram.beside import beside

log = logging.getLogger(__name__)

TRIES = 3
FIRST_PAUSE_S = 0.3
COMMANDS = frozenset({"start", "cancel", "tasks", "lang", "help"})
LINK_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what Telegram lets a link carry
WORDS = {"назад в меню": "start", "главное меню": "start", "вернуться": "start"}

TOO_LARGE = Message("Файл больше 20 МБ. Пришлите файл поменьше")
NO_PHOTO = Message(
    "Файл не похож на фото. Сфотографируйте ещё раз или пришлите JPEG, PNG, HEIC или WebP"
)
NO_FILE = Message(
    "Такой файл не подходит или не открывается. Принимаются фото (JPEG, PNG, HEIC, WebP), PDF, "
    "документы Word (.docx) и таблицы Excel (.xlsx) до 20 МБ"
)
NOT_FETCHED = Message("Файл не удалось загрузить из Telegram. Пришлите его ещё раз")
CORRECTED = Message("исправление уже отправленного сообщения")
UNKNOWN = Message("такое сообщение")
OTHERS = {
    ContentType.STICKER: Message("стикер"),
    ContentType.VOICE: Message("голосовое сообщение"),
    ContentType.VIDEO: Message("видео"),
    ContentType.VIDEO_NOTE: Message("видеосообщение"),
    ContentType.ANIMATION: Message("анимация"),
    ContentType.AUDIO: Message("аудио"),
    ContentType.CONTACT: Message("контакт"),
    ContentType.LOCATION: Message("геопозиция"),
    ContentType.VENUE: Message("место на карте"),
    ContentType.POLL: Message("опрос"),
    ContentType.DICE: Message("кубик"),
    ContentType.GAME: Message("игра"),
    ContentType.STORY: Message("история"),
    ContentType.CHECKLIST: Message("список дел"),
    ContentType.PAID_MEDIA: Message("платное фото или видео"),
    ContentType.INVOICE: Message("счёт"),
    ContentType.GIVEAWAY: Message("розыгрыш"),
}
SERVICE = frozenset(
    {
        ContentType.PINNED_MESSAGE,
        ContentType.MESSAGE_AUTO_DELETE_TIMER_CHANGED,
        ContentType.CHAT_BACKGROUND_SET,
        ContentType.WRITE_ACCESS_ALLOWED,
        ContentType.CHAT_SHARED,
        ContentType.USERS_SHARED,
    }
)


class _TooLarge(Exception):
    """More came than was declared, or than a bot may fetch."""


class _Capped(BytesIO):
    """Memory for one download; refuses to grow over the limit."""

    def write(self, chunk: object, /) -> int:
        if self.tell() + len(memoryview(chunk)) > LARGEST:  # type: ignore[arg-type]  # BytesIO checks it
            raise _TooLarge
        return super().write(chunk)  # type: ignore[arg-type]


async def _everybody(chat: int) -> bool:
    del chat
    return True


@dataclass(frozen=True, slots=True)
class Inbox:
    """Reads messages of private chats. Files are stored as temporary before the turn, those of
    chats that somebody is bound to (`known`): a stranger's fill no disk and take no time."""

    bot: Bot
    files: Files
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    known: Callable[[int], Awaitable[bool]] = _everybody

    async def message(self, message: types.Message, update: int) -> Arrival | None:
        """Read a message; None for Telegram's own notes («сообщение закреплено»), which ask for
        nothing."""
        if message.content_type in SERVICE:
            log.info("chat %s: %s is left alone", message.chat.id, message.content_type)
            return None
        if message.text is not None:
            return _typed(message, update, message.text)
        given = await self._sent(message)
        return Arrival(
            message.chat.id, update, input=given, language=phone_language(message.from_user)
        )

    def corrected(self, message: types.Message, update: int) -> Arrival | None:
        """Read a message that its writer changed afterwards: it changes nothing here, and he is
        told so.

        None for a moving location, which is "changed" every few seconds."""
        if message.location is not None:
            return None
        return Arrival(
            message.chat.id,
            update,
            input=Input.other(CORRECTED),
            language=phone_language(message.from_user),
        )

    async def _sent(self, message: types.Message) -> Input:
        album = message.media_group_id or ""
        if message.content_type == ContentType.PHOTO and message.photo:
            largest = max(
                message.photo, key=lambda size: (size.width * size.height, size.file_size or 0)
            )
            return await self._file(message, largest.file_id, largest.file_size, "", album)
        if message.content_type == ContentType.DOCUMENT and message.document:
            document = message.document
            name = _clean(document.file_name or "")
            return await self._file(message, document.file_id, document.file_size, name, album)
        return Input.other(OTHERS.get(ContentType(message.content_type), UNKNOWN))

    async def _file(
        self, message: types.Message, file_id: str, size: int | None, name: str, album: str
    ) -> Input:
        if size is not None and size > LARGEST:
            return Input.unfit(TOO_LARGE)
        if not await self.known(message.chat.id):
            return Input.other(UNKNOWN)
        try:
            content = await self._fetched(file_id)
        except _TooLarge:
            return Input.unfit(TOO_LARGE)
        if content is None:
            return Input.unfit(NOT_FETCHED)
        ref = await beside(self._stored, content, name)
        if ref is None:
            return Input.unfit(NO_PHOTO if message.photo else NO_FILE)
        return Input.files(ref, album=album)

    async def _fetched(self, file_id: str) -> bytes | None:
        """Download a file; None when Telegram does not give it. Raises _TooLarge."""
        for attempt in range(1, TRIES + 1):
            try:
                memory = _Capped()
                await self.bot.download(file_id, memory)
                return memory.getvalue()
            except TelegramBadRequest as error:
                if "too big" in error.message:
                    raise _TooLarge from error
                log.warning("a file was not given: %s", error.message)
                return None
            except (TelegramNetworkError, TelegramServerError, ClientError, TimeoutError) as error:
                log.warning(
                    "try %s of %s to fetch a file: %s", attempt, TRIES, type(error).__name__
                )
                if attempt < TRIES:
                    await self.sleep(FIRST_PAUSE_S * attempt * random.uniform(1, 2))
        return None

    def _stored(self, content: bytes, name: str) -> FileRef | None:
        """Store a picture, a PDF, a document or a workbook as temporary; None for anything else.
        Its content decides, not its name; a picture loses what it tells of its place and phone."""
        picture = look(content)
        mime = picture.mime if picture else paper(content)
        if mime is None:
            return None
        less = content if picture is None or picture.bare else stripped(content)
        stored = self.files.put(object_key("tmp", self.clock.now()), less, mime)
        original = hashlib.sha256(content).hexdigest() if less != content else ""
        return FileRef(stored.key, stored.sha256, stored.size, stored.mime, name, original)


def paper(content: bytes) -> str | None:
    """Tell the MIME type of a PDF, a Word document or an Excel workbook by its content; None for
    anything else."""
    return PDF if is_pdf(content) else office(content)


def _typed(message: types.Message, update: int, text: str) -> Arrival:
    said, chat, language = _clean(text), message.chat.id, phone_language(message.from_user)
    command = _command(said)
    if command:
        return Arrival(chat, update, command=command, language=language)
    return Arrival(chat, update, input=Input.text(said), language=language)


def phone_language(user: types.User | None) -> str:
    """Return the language of somebody's phone: «en» of «en-GB»; empty when it is not told."""
    code = user.language_code if user else None
    return (code or "").partition("-")[0].lower()


def _command(said: str) -> str:
    words = said.split()
    if words and words[0].startswith("/"):
        name = words[0][1:].partition("@")[0].lower()
        if name == "start" and len(words) > 1 and LINK_CODE.fullmatch(words[1]):
            return f"{name} {words[1]}"
        return name if name in COMMANDS else ""
    return WORDS.get(" ".join(words).casefold(), "")


def _clean(text: str) -> str:
    """Replace what no database takes: half of a surrogate pair and the zero character. A letter
    with its mark («й», «ё») becomes one character however a phone writes it, since names are
    compared."""
    clean = text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return clean if clean.isascii() else normalize("NFC", clean)
