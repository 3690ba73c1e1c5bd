"""Noting which message shows a chat's screen: with the chat's next turn or, where none comes, with
those of other chats a second later, by one commit. Start at `Noted.note`."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from engine.model.conversation import Seen
from engine.ports import Ports
from engine.telegram.storage import Caller

log = logging.getLogger(__name__)
LATER_S = 1.0


@dataclass(slots=True)
class Noted:
    """What is on screen and not written yet. While `run` is on, its owner alone answers these
    chats, so that nobody else needs to read it; at other times everything is written at once. After
    a crash a prompt that was not written is shown once more."""

    ports: Ports
    call: Caller
    _runs: bool = False
    _unwritten: dict[int, Seen] = field(default_factory=dict)
    _some: asyncio.Event = field(default_factory=asyncio.Event)

    async def note(self, seen: Seen) -> None:
        """Remember that a prompt is on screen."""
        self._unwritten[seen.chat] = seen
        self._some.set()
        if not self._runs:
            await self.write()

    def of(self, chat: int) -> Seen | None:
        """Return what a turn of a chat has to write."""
        return self._unwritten.get(chat)

    def forget(self, seen: Seen | None) -> None:
        """Forget what was written."""
        if seen is not None and self._unwritten.get(seen.chat) == seen:
            del self._unwritten[seen.chat]

    async def run(self) -> None:
        """Write what no turn has taken along, until cancelled; then the rest."""
        self._runs = True
        try:
            while True:
                await self._some.wait()
                await asyncio.sleep(LATER_S)
                await self.write()
        finally:
            self._runs = False
            await self.write()

    async def write(self) -> None:
        """Write everything; what cannot be written is kept for the next time."""
        self._some.clear()
        seen = [self._unwritten[chat] for chat in sorted(self._unwritten)]
        if not seen:
            return

        def remember() -> tuple[Seen, ...]:
            with self.ports.transaction():
                return self.ports.chats.shown(*seen)

        try:
            left = await self.call(remember)
        except Exception:  # the prompts are on screen; at worst each is shown twice after a restart
            log.exception("what is on screen of %s chats is not remembered", len(seen))
            return
        for one in seen:
            if one not in left:
                self.forget(one)
        if left:
            self._some.set()
