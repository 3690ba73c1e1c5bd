"""Whether somebody is bound to a chat: asked before a file of it is fetched, once in ten minutes.

What counts is asked by the turn itself: here it only keeps the files of strangers out. Start at
`Known`."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

LASTS_S = 600.0
MOST = 20_000  # chats


class Known:
    """Asks it, and remembers a yes: a form has ten pictures, and each was a statement. A no is
    never remembered, for a stranger may become somebody at any time."""

    def __init__(
        self,
        ask: Callable[[int], Awaitable[bool]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._monotonic = ask, monotonic
        self._until: dict[int, float] = {}

    async def __call__(self, chat: int) -> bool:
        """Tell it."""
        if self._monotonic() < self._until.get(chat, 0.0):
            return True
        known = await self._ask(chat)
        if known:
            if len(self._until) >= MOST:
                self._until.clear()
            self._until[chat] = self._monotonic() + LASTS_S
        return known
