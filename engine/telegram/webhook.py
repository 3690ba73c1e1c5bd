"""Taking updates that Telegram brings, so that a crash loses none: an update is answered with 200
only after it was handled, or failed and was logged. One that was not answered comes again, to this
process or to another, and the turn drops what it already knows.

Telegram has one update of a chat on its way at a time. What was not answered in time may meet its
own repetition in another process: the lock of the chat's row and the mark of the update decide
then, and the order of a chat's screens is `order.InOrder`'s. Start at `Webhook.run`."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from hmac import compare_digest

from aiogram import Bot
from aiogram.methods import SetWebhook
from aiogram.types import Update
from aiohttp import web

from engine.errors import EngineError
from engine.telegram.door import Door
from engine.telegram.polling import Feed

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
CONNECTIONS = 40  # that Telegram may have open: so many chats are answered at once
LARGEST = 1024 * 1024  # bytes of an update; files are fetched, not brought


@dataclass(frozen=True, slots=True)
class Address:
    """Where Telegram brings updates: the `url` that it calls, the `secret` by which it is known,
    the host and port where this process listens."""

    url: str
    secret: str
    host: str
    port: int


class Webhook:
    """Listens for updates and hands them to `feed`, which keeps the order of each chat."""

    def __init__(self, bot: Bot, door: Door, feed: Feed, kinds: list[str], at: Address) -> None:
        self._bot, self._door, self._feed, self._kinds, self._at = bot, door, feed, kinds, at
        self._secret = at.secret.encode()
        self._working: set[asyncio.Task[None]] = set()
        self._closing = False
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        self.port = at.port

    async def run(self) -> None:
        """Listen and tell Telegram so, until cancelled. Raises EngineError when the place is
        taken."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._at.host, self._at.port).start()
        except OSError as error:
            raise EngineError(
                f"WEBHOOK_LISTEN: место {self._at.host}:{self._at.port} не открыть ({error})"
            ) from error
        self.port = self._runner.addresses[0][1]
        await self._door.answer(
            SetWebhook(
                url=self._at.url,
                secret_token=self._at.secret,
                max_connections=CONNECTIONS,
                allowed_updates=self._kinds,
            )
        )
        log.info("updates are brought to port %s", self.port)
        await asyncio.Event().wait()

    async def settle(self, timeout_s: float) -> None:
        """Take nothing new, finish what was taken (at most `timeout_s`) and answer it, then close
        the port."""
        self._closing = True
        if self._working:
            await asyncio.wait(self._working, timeout=timeout_s)
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode(errors="replace")
        if not compare_digest(given, self._secret):
            log.warning("somebody without the secret called the webhook")
            return web.Response(status=401)
        if self._closing:
            return web.Response(status=503)  # it comes again, to another process
        try:
            body = json.loads(await request.text())
        except ValueError:
            return web.Response(status=400)
        try:
            update = Update.model_validate(body, context={"bot": self._bot})
        except ValueError:  # it must not come again for ever: logged with its trace, and left
            log.exception("an update cannot be read")
            return web.Response()
        task = asyncio.create_task(self._handle(update))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        await asyncio.shield(task)  # who hangs up stops nothing
        return web.Response()

    async def _handle(self, update: Update) -> None:
        try:
            await self._feed(update)
        except Exception:  # it must not come again for ever: logged with its trace, and left
            log.exception("update %s failed", update.update_id)
