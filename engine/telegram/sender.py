"""Delivering the outbox: messages, papers, and decisions that go into the chat that waits for them.

Start at `Sender.run`. Letters of one chat go one after another, chats side by side; a chat is sent
one a second, so those of a few chats may take all places. What brings a form on has places of its
own: who waits for a decision must not wait for what others are told. Telegram has no way to ask
whether a message was taken, so a crash between its answer and the mark `sent` (a few milliseconds)
can send that letter once more; a claimed letter is due again after a minute. In one process a
letter is never in work twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
)

from engine.errors import EngineError
from engine.model.conversation import Input
from engine.model.effects import Paper, ReportWanted
from engine.model.files import StoredFile
from engine.model.letters import Letter
from engine.ports import Ports
from engine.run.arrival import Arrival
from engine.telegram.answering import Answering, SayIn
from engine.telegram.door import Door
from engine.telegram.keyboards import letter_keyboard
from engine.telegram.order import InOrder
from engine.telegram.post import Post
from engine.telegram.storage import Caller

log = logging.getLogger(__name__)
T = TypeVar("T")

# A document or report → file name, content, where it is stored; it may take its time.
Render = Callable[[Paper | ReportWanted], Awaitable[tuple[str, bytes, StoredFile]]]

IDLE_S = 5.0  # between looks at the outbox when nobody wakes the sender: other processes write too
AT_ONCE = 60  # letters in work: two seconds of sending at full speed
MOVING = 20  # more of them that bring a form on: no chat keeps those waiting for a second
FULL_S = 1.0  # between two looks for those while all other places are taken
BATCH = 30
REFILL, MOMENT_S = 10, 0.25  # free places that are worth a look, and how long they are waited for
MARK_TRIES = 3
FOR_GOOD = (TelegramForbiddenError, TelegramBadRequest, TelegramNotFound, TelegramEntityTooLarge)


@dataclass(slots=True)
class Sender:
    """Delivers letters through the door. `poke` wakes it; otherwise it looks every `idle_s`
    seconds, and when a letter that it knows of comes due."""

    door: Door
    post: Post
    answering: Answering
    ports: Ports
    call: Caller
    render: Render
    say: SayIn
    runs: bool = False
    _rests: float | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _working: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _in_order: InOrder = field(default_factory=InOrder)

    def poke(self) -> None:
        """Say that letters may have been written. Call it from the event loop's thread."""
        self._wake.set()

    def rest(self, idle_s: float | None) -> None:
        """Look every so many seconds from now on; None: as often as when nobody wakes it."""
        self._rests = idle_s

    @property
    def idle_s(self) -> float:
        """Seconds between two looks when nobody wakes it."""
        return IDLE_S if self._rests is None else self._rests

    async def run(self) -> None:
        """Deliver until cancelled."""
        self.runs = True
        try:
            while True:
                await self._look()
        finally:
            self.runs = False

    async def _look(self) -> None:
        told = self._wake.is_set()
        self._wake.clear()
        try:
            pause = await self._round(told=told)
        except Exception:  # the database is away: logged, and tried again at the next look
            log.exception("the outbox cannot be read")
            pause = self.idle_s
        if pause > 0:
            await self._sleep(pause)

    async def settle(self, timeout_s: float | None = None) -> None:
        """Wait until the letters in work are delivered or failed, at most `timeout_s`."""
        if self._working:
            await asyncio.wait(self._working.values(), timeout=timeout_s)

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` may swallow the end of a tenure
                await self._wake.wait()

    async def _round(self, *, told: bool) -> float:
        """Put due letters to work; return for how many seconds there is nothing to do. Who was
        `told` of letters claims them without a look before it."""
        if self.door.held:
            return min(self.door.held, self.idle_s)
        room = await self._room()
        if room <= 0:
            if room > -MOVING:
                await self._claim(room + MOVING, moving=True)
            working = self._working.values()
            await asyncio.wait(working, timeout=FULL_S, return_when=asyncio.FIRST_COMPLETED)
            return 0.0
        if told and await self._claim(room):
            return 0.0
        due, now = await self._in_transaction(
            lambda: (self.ports.outbox.next_due(), self.ports.reads.clock.now())
        )
        if due is None or due > now:
            if due is None:
                return self.idle_s
            return min(self.idle_s, (due - now).total_seconds())
        claimed = await self._claim(room)
        return 0.0 if claimed else self.idle_s  # those still in work are claimed anew, others wait

    async def _room(self) -> int:
        """Return how many letters may be claimed. With most places taken some more are waited for
        a moment: a look for each letter alone is four statements of its own."""
        with suppress(TimeoutError):
            async with asyncio.timeout(MOMENT_S):
                while (working := self._working.values()) and AT_ONCE - len(working) < REFILL:
                    await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
        return min(BATCH, AT_ONCE - len(self._working))

    async def _claim(self, room: int, *, moving: bool = False) -> bool:
        """Put due letters to work, at most so many; tell whether there were any."""
        outbox, clock = self.ports.outbox, self.ports.reads.clock
        letters = await self._in_transaction(lambda: outbox.claim(clock.now(), room, moving=moving))
        fresh = [letter for letter in letters if letter.id not in self._working]
        for letter in fresh:
            self._working[letter.id] = asyncio.create_task(self._work(letter))
        return bool(letters)

    async def _work(self, letter: Letter) -> None:
        try:
            async with self._in_order(letter.chat):
                await self._deliver(letter)
        except Exception:  # a mark that could not be written: the row comes due again by itself
            log.exception("letter %s stays claimed", letter.id)
        finally:
            del self._working[letter.id]

    async def _deliver(self, letter: Letter) -> None:
        try:
            message = await self._send(letter)
        except TelegramRetryAfter as error:
            await self._failed(letter, error, after_s=float(error.retry_after))
        except FOR_GOOD as error:
            await self._failed(letter, error, permanent=True)
        except TelegramAPIError as error:
            await self._failed(letter, error)
        except Exception as error:  # our bug or a store that is down: the port gives up in the end
            log.exception("letter %s cannot be made", letter.id)
            await self._failed(letter, error)
        else:
            await self._marked(lambda now: self.ports.outbox.sent(letter.id, message, now))

    async def _send(self, letter: Letter) -> int | None:
        letter = letter.said(lambda text: self.say(text, letter.language))
        keyboard = letter_keyboard(letter.buttons, letter.id)
        match letter.kind:
            case "message":
                return await self.post.send(
                    self.door.notice, letter.chat, letter.text, keyboard, letter.pictures
                )
            case "edit":
                await self._edit(letter)
                return None
            case "paper" | "report" if (wanted := letter.paper or letter.report) is not None:
                name, content, _ = await self.render(wanted)
                return await self.post.paper(
                    self.door.notice, letter.chat, name, content, letter.text, keyboard
                )
            case "verdict" if letter.verdict is not None:
                await self.answering.system(
                    Arrival(letter.chat, input=Input.decided(letter.verdict))
                )
                return None
            case "signal" if letter.signal is not None:
                await self.answering.system(Arrival(letter.chat, input=Input.of(letter.signal)))
                return None
            case kind:
                raise EngineError(f"letter {letter.id} of kind «{kind}» has nothing to deliver")

    async def _edit(self, letter: Letter) -> None:
        """Change the message of another letter; one that never arrived has nothing to change."""
        if letter.message is None:
            return
        keyboard = letter_keyboard(letter.buttons, letter.about)
        await self.post.change(self.door.notice, letter.chat, letter.message, letter.text, keyboard)

    async def _failed(
        self,
        letter: Letter,
        error: Exception,
        *,
        after_s: float | None = None,
        permanent: bool = False,
    ) -> None:
        words = f"{type(error).__name__}: {error}"
        log.warning("letter %s to chat %s: %s", letter.id, letter.chat, words)
        await self._marked(
            lambda now: self.ports.outbox.failed(
                letter.id, words, now, after_s=after_s, permanent=permanent
            )
        )

    async def _marked(self, mark: Callable[[datetime], None]) -> None:
        """Write what became of a letter; tried again at once, since a lost mark sends a letter
        twice."""
        for last in (False,) * (MARK_TRIES - 1) + (True,):
            try:
                await self._in_transaction(lambda: mark(self.ports.reads.clock.now()))
                return
            except Exception:  # whatever the database says: logged, and raised after the last try
                if last:
                    raise
                log.exception("a mark in the outbox is tried again")

    async def _in_transaction(self, work: Callable[[], T]) -> T:
        def inside() -> T:
            with self.ports.transaction():
                return work()

        return await self.call(inside)
