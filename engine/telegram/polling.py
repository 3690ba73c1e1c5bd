"""Reading updates so that a crash loses none.

Telegram forgets an update when a later offset is asked for. The offset moves only past updates that
were handled, or that failed and were logged; what is unhandled at a crash comes again, and the turn
drops what it already knows. A chat that is slow (a large file) does not hold up the others: reading
goes on, from the oldest update that is still being handled."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import DeleteWebhook, GetUpdates
from aiogram.types import Update

from engine.errors import EngineError

log = logging.getLogger(__name__)

LONG_POLL_S = 30
SPARE_S = 15  # over the long poll, before the connection counts as broken
PATIENCE_S = 0.2  # for a slow chat, before others are read again
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0

NOT_ADMITTED = "Telegram не принимает токен бота. Проверьте TELEGRAM_BOT_TOKEN и TELEGRAM_API_URL"
TWICE = "Этот бот уже запущен в другом месте, а Telegram пишет только одному. Остановите второго"

Feed = Callable[[Update], Awaitable[None]]


@dataclass(slots=True)
class Polling:
    """Reads updates and hands them to `feed`, which keeps the order of each chat."""

    bot: Bot
    feed: Feed
    kinds: list[str]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _offset: int | None = None
    _working: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _known: set[int] = field(default_factory=set)
    _failures: int = 0

    async def backlog(self) -> None:
        """Handle what waited while the bot was away."""
        await self._take(await self._asked(0))
        await self.settle()

    async def run(self) -> None:
        """Read until cancelled. Raises EngineError when Telegram refuses the token."""
        while True:
            await self._take(await self._asked(LONG_POLL_S))

    async def settle(self, timeout_s: float | None = None) -> None:
        """Wait until everything that was read is handled, at most `timeout_s`."""
        if self._working:
            await asyncio.wait(self._working.values(), timeout=timeout_s)

    async def _take(self, updates: list[Update]) -> None:
        for update in updates:
            if update.update_id not in self._known:
                self._known.add(update.update_id)
                self._working[update.update_id] = asyncio.create_task(self._handle(update))
        await self.settle(PATIENCE_S)
        self._move_on()

    def _move_on(self) -> None:
        """Move the offset past everything handled, and no further."""
        if self._known:
            self._offset = min(self._working, default=max(self._known) + 1)
            self._known = {number for number in self._known if number >= self._offset}

    async def _handle(self, update: Update) -> None:
        try:
            await self.feed(update)
        except Exception:  # it must not come again for ever: logged with its trace, and left
            log.exception("update %s failed", update.update_id)
        finally:
            del self._working[update.update_id]

    async def _asked(self, wait_s: int) -> list[Update]:
        """Ask Telegram until it answers."""
        while True:
            ask = GetUpdates(offset=self._offset, timeout=wait_s, allowed_updates=self.kinds)
            try:
                updates = await self.bot(ask, request_timeout=wait_s + SPARE_S)
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                raise EngineError(NOT_ADMITTED) from error
            except TelegramRetryAfter as error:
                await self._pause(error, error.retry_after)
            except TelegramConflictError as error:
                log.error(TWICE)
                await self._pause(error)
                if "webhook" in error.message:
                    await self._without_webhook()
            except TelegramAPIError as error:
                await self._pause(error)
            else:
                self._failures = 0
                return updates

    async def _pause(self, error: TelegramAPIError, at_least_s: float = 0.0) -> None:
        pause = max(at_least_s, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self._failures))
        self._failures = min(self._failures + 1, 10)
        pause *= random.uniform(1, 1.3)
        log.warning("no updates (%s); asking again in %.1f s", error, pause)
        await self.sleep(pause)

    async def _without_webhook(self) -> None:
        try:
            await self.bot(DeleteWebhook(drop_pending_updates=False))
        except TelegramAPIError as error:
            log.warning("the webhook stays: %s", error)
