"""The one way out to Telegram: every call goes through here and keeps the limits together.

Answers to workers go at once and are tried again; notices wait for their place: at most 29 a second
in all (Telegram allows 30; the answers count too) and one a second into one chat. A 429 stops
everybody until Telegram's time is over."""

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
from aiogram.methods import TelegramMethod

log = logging.getLogger(__name__)
T = TypeVar("T")

PER_SECOND = 29
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
        self._next = 0.0
        self._next_in: dict[int, float] = {}

    async def answer(self, method: TelegramMethod[T], chat: int = 0) -> T:
        """Call for a worker who waits: at once, tried again on 429, network errors and 5xx.

        `chat` is given when the call puts a message there. Raises the last TelegramAPIError."""
        for last in (False,) * (TRIES - 1) + (True,):
            await self._until(self._held_until)
            if chat:
                self._count(chat)
            try:
                return await self.bot(method)
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
        await self._turn(chat, messages)
        try:
            return await self.bot(method)
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

    async def _turn(self, chat: int, messages: int) -> None:
        """Wait for a place among the notices and take it."""
        while True:
            moment = max(self._held_until, self._next_in.get(chat, 0.0))
            if moment > self._now():
                await self._until(moment)
                continue
            moment = max(self._next, self._now())
            self._next = moment + messages / PER_SECOND
            self._remember(chat, moment)
            await self._until(moment)
            if self.held:  # somebody met a 429 while this one waited
                continue
            return

    def _count(self, chat: int) -> None:
        """Let an answer take its share without waiting; notices give way."""
        moment = self._now()
        self._next = min(max(self._next, moment) + 1 / PER_SECOND, moment + 1)
        self._remember(chat, moment)

    def _remember(self, chat: int, moment: float) -> None:
        if len(self._next_in) > CHATS_REMEMBERED:
            now = self._now()
            self._next_in = {one: free for one, free in self._next_in.items() if free > now}
        self._next_in[chat] = moment + CHAT_GAP_S

    async def _until(self, moment: float) -> None:
        while (left := moment - self._now()) > 0:
            await self._sleep(left)
