"""The queue of updates, as getUpdates tells it: kept until confirmed by a higher offset.

An update with two copies outlives its first confirmation: the bot gets the same update_id once
more, as it does when
the network loses a confirmation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.simulator.api_error import CONFLICT, HOOKED, ApiError

FIRST_ID = 700_000_001
MAX_BATCH = 100
MAX_POLL_S = 50
AWAY_AFTER_S = 15.0
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Pending:
    """An update of a chat that waits to be confirmed, and how many confirmations it takes."""

    id: int
    body: dict[str, Any]
    copies: int = 1
    chat: int = 0


class Updates:
    """Updates of the one bot. `monotonic` gives seconds and is used to tell a bot that went
    silent; `conflicts` counts who asked while another was asking."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._queue: list[Pending] = []
        self._next = FIRST_ID
        self._allowed: frozenset[str] | None = None
        self._poll: asyncio.Future[None] | None = None
        self._monotonic = monotonic
        self._last_poll: float | None = None
        self._pushed: asyncio.Future[None] | None = None
        self.conflicts = 0
        self.hooked = False  # they are brought to an address, nobody may ask for them
        self.refused = False  # the last one that was brought was not taken

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._queue)

    @property
    def status(self) -> str:
        """What the bot is doing: `starting` (never asked), `online`, or `away` (asked, but not
        lately; takes nothing that is brought)."""
        if self.hooked:
            return "away" if self.refused else "online"
        if self._last_poll is None:
            return "starting"
        if self._poll is not None or self._monotonic() - self._last_poll < AWAY_AFTER_S:
            return "online"
        return "away"

    def seen(self) -> None:
        """Note that the bot asked just now."""
        self._last_poll = self._monotonic()

    def push(self, kind: str, body: dict[str, Any], copies: int = 1) -> int:
        """Add an update of a kind (message, callback_query…); return its id, 0 if the bot asked
        not to get these."""
        if kind in NOT_BY_DEFAULT if self._allowed is None else kind not in self._allowed:
            return 0
        number = self._next
        self._next += 1
        chat = body.get("message", body)["chat"]["id"]
        self._queue.append(Pending(number, {"update_id": number, kind: body}, copies, chat))
        self._changed()
        return number

    def heads(self) -> list[Pending]:
        """Return the earliest update of each chat."""
        found: dict[int, Pending] = {}
        for pending in self._queue:
            found.setdefault(pending.chat, pending)
        return list(found.values())

    def taken(self, pending: Pending) -> None:
        """Confirm an update that was brought; one with copies left is brought again."""
        pending.copies -= 1
        if pending.copies <= 0 and pending in self._queue:
            self._queue.remove(pending)
        self._changed()

    def pushed(self) -> asyncio.Future[None]:
        """Return what is done when the queue changes next."""
        if self._pushed is None or self._pushed.done():
            self._pushed = asyncio.get_running_loop().create_future()
        return self._pushed

    def _changed(self) -> None:
        for waits in (self._poll, self._pushed):
            if waits is not None and not waits.done():
                waits.set_result(None)

    def clear(self) -> None:
        """Forget all that waits (`drop_pending_updates`)."""
        self._queue.clear()

    def allow(self, kinds: Sequence[str]) -> None:
        """Deliver only these kinds from now on; none named means the default ones."""
        self._allowed = frozenset(kinds) or None

    async def take(self, offset: int, limit: int, timeout: int) -> list[dict[str, Any]]:
        """Confirm updates below the offset and return the next ones, waiting up to `timeout`
        seconds.

        Raises ApiError 409 in the call that waits when another one comes, and while updates are
        brought to an address."""
        if self.hooked:
            raise ApiError(*HOOKED)
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(ApiError(*CONFLICT))
            self.conflicts += 1
        self._poll = None
        self._confirm(offset)
        limit = min(max(limit, 1), MAX_BATCH)
        if not self._queue and timeout > 0:
            await self._wait(min(timeout, MAX_POLL_S))
        self.seen()
        return [pending.body for pending in self._queue[:limit]]

    async def _wait(self, timeout: int) -> None:
        self.seen()
        poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            await asyncio.wait_for(poll, timeout)
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None
            self.seen()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._queue = self._queue[offset:]
            return
        kept = []
        for pending in self._queue:
            if pending.id < offset:
                pending.copies -= 1
            if pending.id >= offset or pending.copies > 0:
                kept.append(pending)
        self._queue = kept
