"""The HTTP client of the bot: aiogram's own, but a gateway's error page counts as a failure of the
server.

aiogram raises an error of another family for an answer that is no JSON; it would end the bot
instead of being tried again. A call without a file goes as JSON: a form is quoted letter by letter,
and a boundary is drawn for it that nobody needs."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import FormData, JsonPayload


class Session(AiohttpSession):
    """Calls the Bot API at the address it was made with."""

    def build_form_data(  # type: ignore[override]  # aiohttp sends the one as the other
        self, bot: Bot, method: TelegramMethod[TelegramType]
    ) -> FormData | JsonPayload:
        """Return what a call sends."""
        files: dict[str, Any] = {}
        values = {
            name: prepared
            for name, value in method.model_dump(warnings=False).items()
            if (prepared := self.prepare_value(value, bot, files, _dumps_json=False))
            not in (None, "")
        }
        return super().build_form_data(bot, method) if files else JsonPayload(values)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer. Raises TelegramAPIError for everything that is not a good one."""
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            said = f"HTTP {status_code} with an answer that cannot be read"
            raise TelegramServerError(method=method, message=said) from error
