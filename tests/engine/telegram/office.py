"""The outside of these tests: ports in memory, a turn that a page can follow, a Telegram in
process."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from engine.languages.catalogue import SOURCE
from engine.model.conversation import Actor, Button, Chat, Kind, Prompt, Seen
from engine.model.files import StoredFile
from engine.model.letters import MOVING, Letter
from engine.model.text import Text
from engine.ports import Ports, Reads
from engine.run.arrival import Arrival, Shown
from engine.run.tokens import ScreenPress, parse
from engine.simulator.api_error import ApiError, Dropped
from engine.simulator.core import Simulator
from engine.simulator.messages import Message
from engine.simulator.params import Upload

T = TypeVar("T")

RECEIVER, TECHNOLOGIST = 101, 102
TOKEN = "1:demo"
PATIENCE_S = 60.0  # on a busy machine; what holds at once costs nothing
NEVER_S = 3600.0  # what comes by itself after so long was not waited for


class Clock:
    """The plant's time; tests move it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **step: float) -> None:
        self.moment += timedelta(**step)


class MemoryFiles:
    """The Files port in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes, mime: str) -> StoredFile:
        self.kept[key] = content
        return StoredFile(key, hashlib.sha256(content).hexdigest(), len(content), mime)

    def get(self, key: str) -> bytes:
        return self.kept[key]

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def link(self, key: str, seconds: int, name: str) -> str:
        return f"memory:{key}?{seconds}&{name}"


class MemoryChats:
    """The Chats port in memory."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.seen: set[int] = set()
        self.on_screen: dict[int, tuple[int, int]] = {}
        self.busy: set[int] = set()

    def handled(self, update: int) -> bool:
        return update in self.seen

    def load(self, chat: int, update: int = 0, seen: Seen | None = None) -> Chat:
        if seen is not None:
            self.shown(seen)
        return self.chats.get(chat) or Chat(chat, f"t{chat}")

    def keep(self, chat: Chat, at: datetime, ended: object = (), update: int = 0) -> None:
        self.chats[chat.id] = chat
        self.seen.add(update)

    def undelivered(self) -> tuple[int, ...]:
        return tuple(one for one in self.chats if self.message(one) is None)

    def shown(self, *seen: Seen) -> tuple[Seen, ...]:
        self.on_screen |= {
            one.chat: (one.turn, one.message) for one in seen if one.chat not in self.busy
        }
        return tuple(one for one in seen if one.chat in self.busy)

    def message(self, chat: int) -> int | None:
        turn, message = self.on_screen.get(chat, (-1, 0))
        return message if turn == self.load(chat).turn else None


@dataclass
class Row:
    """An outbox row and what became of it."""

    letter: Letter
    due: datetime | None
    tried: list[tuple[str, float | None, bool]] = field(default_factory=list)
    message: int | None = None
    done: bool = False


class MemoryOutbox:
    """The Outbox port in memory: retries after ten seconds."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rows: dict[str, Row] = {}
        self.reads = 0

    def add(self, letter: Letter) -> Row:
        row = self.rows[letter.id] = Row(letter, self.clock.now())
        return row

    def claim(self, now: datetime, count: int, *, moving: bool = False) -> tuple[Letter, ...]:
        due = [row for row in self.rows.values() if row.due and row.due <= now]
        due = [row for row in due if row.letter.kind in MOVING or not moving][:count]
        for row in due:
            row.due = now + timedelta(minutes=1)
        return tuple(row.letter for row in due)

    def sent(self, letter: str, message: int | None, now: datetime) -> None:
        row = self.rows[letter]
        row.due, row.message, row.done = None, message, True

    def failed(
        self, letter: str, error: str, now: datetime, *, after_s: float | None, permanent: bool
    ) -> None:
        row = self.rows[letter]
        row.tried.append((error, after_s, permanent))
        row.due = None if permanent else now + timedelta(seconds=after_s or 10)

    def next_due(self) -> datetime | None:
        self.reads += 1
        return min((row.due for row in self.rows.values() if row.due), default=None)


class Everybody:
    """People of whom every chat has one."""

    def actor(self, chat: int) -> Actor:
        return Actor(str(chat), f"Человек {chat}")


class Plant:
    """Ports in memory and a turn: what is typed is repeated with a «Дальше» button under it."""

    def __init__(self) -> None:
        self.clock, self.files, self.chats = Clock(), MemoryFiles(), MemoryChats()
        self.outbox = MemoryOutbox(self.clock)
        self.arrivals: list[Arrival] = []
        self.prompt: Callable[[Arrival], Prompt | None] = repeated
        self.fails: Exception | None = None
        self.language = SOURCE
        none = cast(Any, None)
        self.ports = Ports(
            Reads(none, none, none, self.clock), none, none, cast(Any, Everybody()),
            cast(Any, self.chats), cast(Any, self.outbox), nullcontext, none,
        )  # fmt: skip

    def serve(self, arrival: Arrival) -> Shown:
        """Do a turn as `perform.serve` does: once an update, stale presses answered."""
        if self.fails is not None:
            raise self.fails
        chat = self.chats.load(arrival.chat, arrival.update, arrival.seen)
        found = self.chats.message(chat.id) if arrival.data else None
        if arrival.update and self.chats.handled(arrival.update):
            return Shown(chat.id, chat.turn, chat.token, None)
        self.arrivals.append(arrival)
        prompt = self.prompt(arrival)
        if prompt is None:
            self.chats.keep(chat, self.clock.now(), (), arrival.update)
            toast = "Ничего не изменилось"
            return Shown(chat.id, chat.turn, chat.token, None, toast=toast, language=self.language)
        pressed = parse(arrival.data)
        stale = isinstance(pressed, ScreenPress) and pressed.turn != chat.turn
        again = stale and prompt.buttons == chat.buttons
        chat = replace(chat, turn=chat.turn + (not again), buttons=prompt.buttons)
        self.chats.keep(chat, self.clock.now(), (), arrival.update)
        edit = bool(arrival.data and not stale) or bool(arrival.input and arrival.input.album)
        toast = "Уже отвечено" if stale else ""
        return Shown(
            chat.id, chat.turn, chat.token, prompt, edit=edit, toast=toast, message=found,
            language=self.language, again=again,
        )  # fmt: skip


def repeated(arrival: Arrival) -> Prompt:
    """Say what came in."""
    given = arrival.input
    words = arrival.command or arrival.data
    if given is not None:
        words = given.said or f"{given.kind}: {len(given.sent)}"
        if given.kind is Kind.DECISION and given.verdict:
            words = f"Решение: {given.verdict.answer}"
    return Prompt(Text.of(f"Принято: {words}"), ((Button("Дальше", "show"),),))


class InProcess(BaseSession):
    """A Bot API session that calls the simulator without a network; `calls` are the methods in
    order.

    `slow` makes downloads wait."""

    def __init__(self, core: Simulator) -> None:
        super().__init__(api=TelegramAPIServer.from_base("http://telegram.invalid"))
        self.core = core
        self.calls: list[str] = []
        self.slow: asyncio.Event | None = None

    async def close(self) -> None:
        return

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        name = method.__api_method__
        self.calls.append(name)
        attached: dict[str, Any] = {}
        values = {
            key: ready
            for key, value in method.model_dump(warnings=False).items()
            if (ready := self.prepare_value(value, bot=bot, files=attached))
        }
        uploads = {key: Upload(file.filename, file.data) for key, file in attached.items()}
        try:
            self.core.admit(bot.token)
            body, status = {"ok": True, "result": await self.core.call(name, values, uploads)}, 200
        except ApiError as error:
            body, status = error.body(), error.code
        except Dropped as error:
            raise TelegramNetworkError(method, str(error)) from error
        return cast(TelegramType, self.check_response(bot, method, status, json.dumps(body)).result)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        if self.slow is not None:
            await self.slow.wait()
        stored = self.core.world.files.by_path(url.split(f"/bot{TOKEN}/")[1])
        assert stored is not None
        for start in range(0, len(stored.data), chunk_size):
            yield stored.data[start : start + chunk_size]


async def call(work: Callable[[], T]) -> T:
    """Run database work: nothing here blocks."""
    return work()


def said(core: Simulator, chat: int) -> list[str]:
    """Return the texts that the bot wrote into a chat, in order."""
    return [message.content.text for message in written(core, chat)]


def written(core: Simulator, chat: int) -> list[Message]:
    """Return the bot's messages in a chat, in order."""
    return [message for message in core.people.chat(chat).messages.values() if not message.mine]


async def until(holds: Callable[[], object]) -> None:
    """Wait for a condition of the event loop's world."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.005)
