"""Places within Telegram's limit: so many messages in any second, by Telegram's clock.

A call has its place from its start until a second after its answer. Telegram counted it somewhere
between the two, so whoever takes that place next is counted a second later, however late a busy
machine or a slow line brings the one or the other: by the sender's clock alone, calls that were
bunched up on their way are too many for Telegram. Notices are spread evenly and leave a place free.
An answer to a worker takes it, or the next that becomes free, before all notices; where there is
none for a quarter of a second it goes all the same. Start at `Places.answer`."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PER_SECOND = 30
OF_NOTICES = PER_SECOND - 1
SECOND_S = 1.0
GAP_S = SECOND_S / PER_SECOND  # between two notices
ANSWER_WAITS_S = 0.25  # at most: seven answers at one moment, while a 429 would cost all a second


@dataclass(slots=True)
class _Taken:
    """Places that are taken: by messages on their way, and after them, until when."""

    now: Callable[[], float]
    on_way: int = 0
    until: deque[float] = field(default_factory=deque)

    def count(self) -> int:
        """Return how many they are."""
        now = self.now()
        while self.until and self.until[0] <= now:
            self.until.popleft()
        return self.on_way + len(self.until)

    def begin(self, messages: int) -> None:
        """Take places for a call, until its `end`."""
        self.on_way += messages

    def end(self, messages: int) -> None:
        """Say that a call is over: its places are taken for a second more."""
        self.on_way -= messages
        self.until.extend([self.now() + SECOND_S] * messages)


class Places:
    """Gives out the places of one bot. `now` are seconds of a steady clock."""

    def __init__(self, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._now, self._sleep = now, sleep
        self._answers, self._notices = _Taken(now), _Taken(now)
        self._waiting = 0  # answers
        self._line = asyncio.Lock()  # of notices
        self._next = 0.0  # when one of them may go, to be spread evenly

    @asynccontextmanager
    async def answer(self) -> AsyncIterator[None]:
        """Be where an answer to a worker goes."""
        if self._is_full(1):
            await self._room_for_answer()
        self._answers.begin(1)
        try:
            yield
        finally:
            self._answers.end(1)

    @asynccontextmanager
    async def notice(self, messages: int, opens: Callable[[], float]) -> AsyncIterator[None]:
        """Be where a notice goes that makes so many messages; `opens` tells from when its chat
        takes one: while that is shut the others of the line pass."""
        while True:
            await self._until(opens)
            async with self._line:
                await self._until(lambda: self._now() + self._left(messages))
                if opens() <= self._now():
                    break
        self._next = max(self._next, self._now() - GAP_S) + messages * GAP_S
        self._notices.begin(messages)
        try:
            yield
        finally:
            self._notices.end(messages)

    async def _room_for_answer(self) -> None:
        end = self._now() + ANSWER_WAITS_S
        self._waiting += 1
        try:
            while self._is_full(1) and (left := end - self._now()) > 0:
                await self._sleep(min(left, self._until_free()))
        finally:
            self._waiting -= 1

    async def _until(self, moment: Callable[[], float]) -> None:
        while (left := moment() - self._now()) > 0:
            await self._sleep(left)

    def _left(self, messages: int) -> float:
        """Return after how many seconds a notice shall look again; 0 when there is room for it."""
        if (early := self._next - self._now()) > 0:
            return early
        full = self._is_full(messages + self._waiting)
        return self._until_free() if full or not self._is_left(messages) else 0.0

    def _is_left(self, messages: int) -> bool:
        """Tell whether notices leave the place free that they shall."""
        return self._notices.count() + messages <= OF_NOTICES

    def _is_full(self, more: int) -> bool:
        """Tell whether so many more would be too many. Where answers alone are, nobody's waiting
        would help."""
        answers = self._answers.count()
        return answers < PER_SECOND < answers + self._notices.count() + more

    def _until_free(self) -> float:
        """Return the seconds until a place becomes free, or until one looks again where all are on
        their way."""
        ends = [one.until[0] for one in (self._answers, self._notices) if one.until]
        return max(min(ends) - self._now(), 0.0) if ends else GAP_S
