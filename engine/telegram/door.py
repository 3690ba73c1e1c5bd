"""The one way out to Telegram: every call goes through here and keeps the limits together.

Answers to workers go at once and are tried again; notices wait for their place: at most 29 in any
second (Telegram allows 30; the answers count too, `places`) and one a second into one chat. A 429
stops everybody until Telegram's time is over."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import EditMessageReplyMarkup, EditMessageText, TelegramMethod

from engine.telegram.places import Places

log = logging.getLogger(__name__)
T = TypeVar("T")

CHANGES = (EditMessageText, EditMessageReplyMarkup)  # they count, but not in their chat
CHAT_GAP_S = 1.0
TRIES = 4
FIRST_PAUSE_S = 0.3
LONGEST_WAIT_S = 30.0  # a worker's answer does not wait longer; it is shown again later
CHATS_REMEMBERED = 2000


class Door:
    """Calls Telegram for one bot. `now` (seconds, monotonic) and `sleep` are for tests."""

    def __init__(
        self,
        bot: Bot,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot = bot
        self._now, self._sleep = now, sleep
        self._held_until = 0.0
        self._next_in: dict[int, float] = {}
        self._places = Places(now, sleep)

    async def answer(self, method: TelegramMethod[T], chat: int = 0) -> T:
        """Call for a worker who waits: at once, tried again on 429, network errors and 5xx.

        `chat` is given when the call puts a message there. Raises the last TelegramAPIError."""
        for last in (False,) * (TRIES - 1) + (True,):
            while left := self.held:
                await self._sleep(left)
            try:
                return await self._answered(method, chat)
            except TelegramRetryAfter as error:
                self.hold(error.retry_after)
                if last or error.retry_after > LONGEST_WAIT_S:
                    raise
            except (TelegramNetworkError, TelegramServerError) as error:
                if last or isinstance(error, TelegramEntityTooLarge):
                    raise
                log.warning("%s: %s; trying again", method.__api_method__, error)
                await self._sleep(FIRST_PAUSE_S * random.uniform(1, 2))
        raise AssertionError("the last try returns or raises")

    async def notice(self, method: TelegramMethod[T], chat: int, messages: int = 1) -> T:
        """Call for a message that can wait its turn; tried once. Raises TelegramAPIError."""
        async with self._places.notice(messages, lambda: self._opens(chat)):
            try:
                return await self._into(chat, method)
            except TelegramRetryAfter as error:
                self.hold(error.retry_after)
                raise

    @property
    def held(self) -> float:
        """Seconds for which Telegram wants to hear nothing; 0 normally."""
        return max(0.0, self._held_until - self._now())

    def hold(self, seconds: float) -> None:
        """Stop every call for a while, as a 429 demands."""
        log.warning("Telegram asks for a pause of %s s", seconds)
        self._held_until = max(self._held_until, self._now() + seconds)

    async def _answered(self, method: TelegramMethod[T], chat: int) -> T:
        """Call once for a worker, in a place when the call makes or changes a message."""
        if not chat and not isinstance(method, CHANGES):
            return await self.bot(method)
        async with self._places.answer():
            return await self._into(chat, method)

    async def _into(self, chat: int, method: TelegramMethod[T]) -> T:
        """Call, and let notices into the chat wait a second from then and from the answer."""
        self._remember(chat)
        try:
            return await self.bot(method)
        finally:
            self._remember(chat)

    def _opens(self, chat: int) -> float:
        """Return from when a notice may go into a chat."""
        return max(self._held_until, self._next_in.get(chat, 0.0))

    def _remember(self, chat: int) -> None:
        if not chat:
            return
        now = self._now()
        if len(self._next_in) > CHATS_REMEMBERED:
            self._next_in = {one: free for one, free in self._next_in.items() if free > now}
        self._next_in[chat] = now + CHAT_GAP_S
