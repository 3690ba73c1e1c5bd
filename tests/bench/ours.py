"""Our side: the shipped flow behind the real door to Telegram, ports in memory.

The way measured is the bot's own: order of the chat, dispatcher, inbox with the download and the
look at every picture, the turn in its transaction, keyboards, HTML, limits of the door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import NamedTuple, TypeVar

from aiogram import Bot
from aiogram.types import Update

from engine.errors import EngineError
from engine.load.project import Project, load_project
from engine.model.conversation import Chat, Seen, Session, State
from engine.model.effects import Paper, ReportWanted
from engine.model.files import StoredFile
from engine.model.values import Option, Value
from engine.ports import Lying
from engine.run.perform import serve
from engine.run.program import Program, compile_program
from engine.talk.plant import Plant, rehearsal_plant
from engine.talk.samples import Samples, read_samples
from engine.telegram.bot import Talker
from tests.bench.telegram import TOKEN, AtOnce, Phone
from tests.bench.way import FLOWS

T = TypeVar("T")


@cache
def shipped() -> tuple[Project, Program]:
    """Return the shipped project and its program."""
    project, findings = load_project(FLOWS)
    assert project is not None
    assert not findings
    return project, compile_program(project.sources())


class Held(NamedTuple):
    """A bot in memory: what its chats hold, its plant, what talks."""

    chats: HeldChats
    plant: Plant
    talker: Talker


class HeldChats:
    """The Chats port as aiogram's MemoryStorage would do it: values held, nothing written down."""

    def __init__(self) -> None:
        self.ended: list[Session] = []
        self._chats: dict[int, Chat] = {}
        self._seen: set[int] = set()
        self._shown: dict[int, tuple[int, int]] = {}

    def handled(self, update: int) -> bool:
        """Tell whether an update was handled."""
        return update in self._seen

    def load(self, chat: int, update: int = 0, seen: Seen | None = None) -> Chat:
        """Return the chat; a new one when unknown."""
        if seen is not None:
            self.shown(seen)
        return self._chats.get(chat) or Chat(chat, f"{chat:08x}")

    def keep(
        self, chat: Chat, at: datetime, ended: tuple[Session, ...] = (), update: int = 0
    ) -> None:
        """Hold the chat, the sessions that ended, and that an update was handled."""
        self._seen.add(update)
        self._chats[chat.id] = chat
        self.ended += ended

    def lying(self, since: datetime) -> tuple[Lying, ...]:
        """Return nothing: here drafts do not expire."""
        return ()

    def waiting(self) -> tuple[Chat, ...]:
        """Return nothing: nobody else changes what a form waits for."""
        return ()

    def undelivered(self) -> tuple[int, ...]:
        """Return chats whose present prompt never reached the worker."""
        return tuple(chat for chat in self._chats if self.message(chat) is None)

    def shown(self, *seen: Seen) -> tuple[Seen, ...]:
        """Remember what is on screen of chats."""
        self._shown |= {one.chat: (one.turn, one.message) for one in seen}
        return ()

    def message(self, chat: int) -> int | None:
        """Return the message that shows the present prompt, if it did."""
        turn, message = self._shown.get(chat, (-1, 0))
        return message if turn == self.load(chat).turn else None


def held(bot: Bot, project: Project, program: Program, samples: Samples) -> Held:
    """Put the bot of this repository together with any flows, its chats held in memory as a peer's
    are."""
    chats, plant = HeldChats(), rehearsal_plant(program, project.vocabulary, samples)
    plant = replace(plant, ports=replace(plant.ports, chats=chats))
    talker = Talker(
        bot,
        lambda arrival: serve(program, plant.ports, arrival),
        lambda: program.flows,
        plant.ports,
        plant.files,
        at_once,
        no_paper,
    )
    return Held(chats, plant, talker)


@asynccontextmanager
async def polling(talker: Talker) -> AsyncIterator[None]:
    """Let a bot note what is on screen as one that polls does: with the next turn of the chat."""
    noting = asyncio.create_task(talker.answering.noted.run())
    await asyncio.sleep(0)  # it begins
    try:
        yield
    finally:
        noting.cancel()
        await asyncio.wait((noting,))


class Bare:
    """The bot of this repository with any flows, fed in this process."""

    name = "ours"

    def __init__(self, project: Project, program: Program, samples: Samples) -> None:
        self.session = AtOnce()
        bot = Bot(TOKEN, session=self.session)
        self.phone = Phone(self.session, bot)
        self.chats, self.plant, self.talker = held(bot, project, program, samples)

    async def feed(self, update: Update) -> None:
        """Handle one update as polling does."""
        await self.talker.feed(update)

    def saved(self) -> list[dict[str, str]]:
        """Return the answers of every saved session."""
        return [
            {name: plain(answer.value) for name, answer in session.answers.items()}
            for session in self.chats.ended
            if session.state is State.SAVED
        ]


class Ours(Bare):
    """The bot of this repository with the shipped flows."""

    def __init__(self) -> None:
        super().__init__(*shipped(), read_samples(FLOWS))


def plain(value: Value) -> str:
    """Write an answer without our types: a title, a number, an ISO date, how many files."""
    match value:
        case None:
            return ""
        case Option():
            return value.title
        case tuple():
            return str(len(value))
        case _:
            return str(value)


async def at_once(work: Callable[[], T]) -> T:
    """Run a turn: nothing in memory blocks."""
    return work()


async def no_paper(paper: Paper | ReportWanted) -> tuple[str, bytes, StoredFile]:
    """Refuse: papers are the outbox's work, which is not measured here."""
    raise EngineError(f"a bench makes no paper: {paper}")
