"""The peers as contenders: a dispatcher with aiogram's MemoryStorage, fed as aiogram's polling
does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from aiogram.types import Update

from tests.bench.peers import handwritten, tuned
from tests.bench.peers.form import Store
from tests.bench.telegram import CHAT, TOKEN, AtOnce, Phone

TODAY = date(2026, 11, 22)  # where the clock of our rehearsal plant stands

DOCUMENTED, TUNED, DICTIONARY = "documented style", "async filters only", "one dictionary"
PEERS: Mapping[str, Callable[[Store], Dispatcher]] = {
    DOCUMENTED: handwritten.dispatcher,
    TUNED: tuned.filtered,
    DICTIONARY: tuned.by_dictionary,
}


class Theirs:
    """A bot written by hand."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.store = Store({CHAT: "Ветров П. А."}, TODAY)
        self.session = AtOnce()
        properties = DefaultBotProperties(parse_mode=ParseMode.HTML)
        self.bot = Bot(TOKEN, session=self.session, default=properties)
        self.phone = Phone(self.session, self.bot)
        self.dispatcher = PEERS[name](self.store)

    async def feed(self, update: Update) -> None:
        """Handle one update."""
        await self.dispatcher.feed_update(self.bot, update)

    def saved(self) -> list[dict[str, str]]:
        """Return the answers of every saved form."""
        return [
            {name: plain(value) for name, value in answers.items()} for answers in self.store.saved
        ]


def plain(value: Any) -> str:
    """Write an answer of a peer as ours are written."""
    match value:
        case None:
            return ""
        case list():
            return str(len(value))
        case _:
            return str(value)
