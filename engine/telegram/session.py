"""The HTTP client of the bot: aiogram's own, but a gateway's error page counts as a failure of the
server.

aiogram raises an error of another family for an answer that is no JSON; it would end the bot
instead of being tried again."""

from __future__ import annotations

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType


class Session(AiohttpSession):
    """Calls the Bot API at the address it was made with."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer. Raises TelegramAPIError for everything that is not a good one."""
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            said = f"HTTP {status_code} with an answer that cannot be read"
            raise TelegramServerError(method=method, message=said) from error
