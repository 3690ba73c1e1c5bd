"""Updates brought to an address, as setWebhook tells Telegram to do, over real HTTP.

Of a chat one update is on its way at a time, in order; one that is not taken with 2xx is brought
again after a pause, and its chat waits. Start at `Webhook.run`."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout

from engine.simulator.updates import Pending, Updates

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST = 40  # connections at once unless the bot asks for another number
PATIENCE_S = 60.0  # for an answer, before the update is brought again
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0


@dataclass(slots=True)
class Webhook:
    """An address that the bot named, and how its deliveries go."""

    updates: Updates
    url: str
    secret: str = ""
    most: int = MOST
    patience_s: float = PATIENCE_S
    last_error: str = ""
    _ways: dict[int, asyncio.Task[None]] = field(default_factory=dict)  # by chat

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            async with ClientSession(timeout=ClientTimeout(total=self.patience_s)) as http:
                while True:
                    pushed = self.updates.pushed()
                    for one in self.updates.heads():
                        if one.chat not in self._ways and len(self._ways) < self.most:
                            way = asyncio.create_task(self._bring(http, one))
                            self._ways[one.chat] = way
                    await pushed
        finally:
            ways = tuple(self._ways.values())
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _bring(self, http: ClientSession, one: Pending) -> None:
        pause_s = FIRST_PAUSE_S
        while error := await self._refused(http, one):
            self.last_error = error
            self.updates.refused = True
            log.info("update %s is not taken: %s", one.id, error)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        self.updates.refused = False
        del self._ways[one.chat]
        self.updates.taken(one)

    async def _refused(self, http: ClientSession, one: Pending) -> str:
        """Bring an update once; return why it was not taken, empty when it was."""
        headers = {HEADER: self.secret} if self.secret else {}
        try:
            async with http.post(self.url, json=one.body, headers=headers) as answer:
                words = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                return "" if answer.ok else words
        except TimeoutError:
            return "Read timeout expired"
        except (ClientError, OSError) as error:
            return f"{error}"
