"""A Telegram that costs nothing: calls are answered at once, in process, and a worker's phone
presses buttons by their titles.

The same for every contender: what is measured is the way from an Update to the API calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    GetFile,
    SendMessage,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiogram.types import InlineKeyboardMarkup, Update
from PIL import Image

from engine.simulator.pictures import photo_sizes
from engine.simulator.samples import photo

TOKEN = "1:bench"
CHAT = 1002  # the receiver of flows/samples.yaml
APART = 100_000  # updates of one phone at most: those of another have other numbers
PHONES = count()  # of all bots in the process: no number comes twice
PDF = b"%PDF-1.4\n" + b"0" * 40_000 + b"\n%%EOF\n"


@cache
def pictures() -> Mapping[str, bytes]:
    """Return what can be downloaded, by file id: photos of the size in which Telegram stores them,
    each with tables of its own, so that none is told by the head of another; and a PDF."""
    names = ("truck", "cold", "waybill", "upd", "vet", "product", "pallet")
    return {name: _own_tables(photo_sizes(photo(name))[-1].data) for name in names} | {"pdf": PDF}


def _own_tables(content: bytes) -> bytes:
    kept = BytesIO()
    with Image.open(BytesIO(content)) as image:
        image.save(kept, "JPEG", quality=87, optimize=True)
    return kept.getvalue()


class AtOnce(BaseSession):
    """Answers every call of a bot at once with what Telegram would answer, already parsed.

    Nothing is serialised and nothing is sent: that costs every contender the same."""

    def __init__(self) -> None:
        super().__init__(api=TelegramAPIServer.from_base("http://telegram.invalid"))
        self.calls: Counter[str] = Counter()
        self.shown = ""
        self.keyboard: InlineKeyboardMarkup | None = None
        self.message = 0

    async def close(self) -> None:
        """Nothing is open."""

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """Answer a call."""
        self.calls[method.__api_method__] += 1
        return cast(TelegramType, self._answered(bot, method))

    def _answered(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        match method:
            case SendMessage():
                self.message += 1
                return self._put(bot, method, self.message)
            case EditMessageText():
                return self._put(bot, method, cast(int, method.message_id))
            case AnswerCallbackQuery():
                return True
            case GetFile():
                body = {"file_id": method.file_id, "file_unique_id": method.file_id}
                return method.__returning__.model_validate(body | {"file_path": method.file_id})
            case _:
                raise AssertionError(f"no contender calls {method.__api_method__} on this way")

    def _put(self, bot: Bot, method: SendMessage | EditMessageText, number: int) -> Any:
        self.message, self.shown = number, method.text or ""
        self.keyboard = cast(InlineKeyboardMarkup | None, method.reply_markup)
        returned = SendMessage.__returning__
        return returned.model_validate(_message(number, text=method.text), context={"bot": bot})

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Give a file."""
        data = pictures()[url.rsplit("/", 1)[-1]]
        for start in range(0, len(data), chunk_size):
            yield data[start : start + chunk_size]


class Phone:
    """One worker's phone: makes the Updates of what he types, presses and sends. What he presses is
    the last that the bot showed: phones of one bot take turns."""

    def __init__(self, session: AtOnce, bot: Bot, chat: int = CHAT) -> None:
        self._session, self._bot, self._chat = session, bot, chat
        # Aiogram keeps the last updates by their numbers, and compares two that share one in depth.
        self._update, self._photo = next(PHONES) * APART, 0

    def type(self, text: str) -> Update:
        """A text or a command is typed."""
        return self._sent({"text": text})

    def press(self, title: str) -> Update:
        """A button of the last message is pressed. Raises LookupError when there is none."""
        keyboard = self._session.keyboard
        buttons = [one for row in keyboard.inline_keyboard for one in row] if keyboard else []
        data = next((one.callback_data for one in buttons if one.text == title), None)
        if data is None:
            titles = [one.text for one in buttons]
            raise LookupError(f"no [{title}] under «{self._session.shown}»: {titles}")
        shown = _message(self._session.message, self._chat, text=self._session.shown)
        if keyboard:
            shown |= {"reply_markup": keyboard.model_dump(exclude_none=True)}
        press = {
            "id": str(self._update),
            "from": _worker(self._chat),
            "chat_instance": "1",
            "data": data,
        }
        return self._made({"callback_query": press | {"message": shown}})

    def photo(self, album: str = "") -> Update:
        """A photo is sent; each one is another picture."""
        names = [name for name in pictures() if name != "pdf"]
        name = names[self._photo % len(names)]
        self._photo += 1
        sizes = [
            {"file_id": name, "file_unique_id": f"{name}{side}", "width": side, "height": side}
            for side in (90, 320, 800, 1280)
        ]
        return self._sent({"photo": sizes} | ({"media_group_id": album} if album else {}))

    def pdf(self) -> Update:
        """A PDF is sent."""
        body = {"file_id": "pdf", "file_unique_id": "pdf", "mime_type": "application/pdf"}
        return self._sent({"document": body | {"file_name": "ТН.pdf", "file_size": len(PDF)}})

    def _sent(self, content: dict[str, Any]) -> Update:
        self._session.message += 1
        number = self._session.message
        message = _message(number, self._chat) | {"from": _worker(self._chat)} | content
        return self._made({"message": message})

    def _made(self, body: dict[str, Any]) -> Update:
        self._update += 1
        whole = {"update_id": self._update} | body
        return Update.model_validate(whole, context={"bot": self._bot})


def _worker(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Ветров"}


def _message(number: int, chat_id: int = CHAT, **content: Any) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private", "first_name": "Ветров"}
    date = int(datetime(2026, 11, 22, 7, tzinfo=UTC).timestamp())
    return {"message_id": number, "date": date, "chat": chat} | content
