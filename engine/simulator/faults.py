"""What can be broken on purpose, and the flood limits of Telegram.

Faults count down: «the next n». Limits are off unless asked for."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.simulator.api_error import INTERNAL, ApiError, Dropped, too_many


def is_write(method: str) -> bool:
    """Tell whether a method puts something on a phone's screen."""
    return (
        method.lower().startswith(("send", "edit", "delete", "answer"))
        and method.lower() != "deletewebhook"
    )


@dataclass(slots=True)
class Faults:
    """Faults to come. `drop` breaks the connection before a method is done, `drop_answer` after
    it was done."""

    duplicate: int = 0
    rate_limit: int = 0
    retry_after: int = 1
    server_error: int = 0
    drop: dict[str, int] = field(default_factory=dict)
    drop_answer: dict[str, int] = field(default_factory=dict)

    def copies(self) -> int:
        """Return how many times the next update is delivered."""
        if not self.duplicate:
            return 1
        self.duplicate -= 1
        return 2

    def before(self, method: str) -> None:
        """Fail a call before it is done, if a fault says so. Raises ApiError or Dropped."""
        if _due(self.drop, method):
            raise Dropped(f"connection dropped before {method}")
        if not is_write(method):
            return
        if self.rate_limit:
            self.rate_limit -= 1
            raise too_many(self.retry_after)
        if self.server_error:
            self.server_error -= 1
            raise ApiError(*INTERNAL)

    def after(self, method: str) -> None:
        """Lose the answer of a call that was done, if a fault says so. Raises Dropped."""
        if _due(self.drop_answer, method):
            raise Dropped(f"connection dropped after {method}")

    def page(self) -> dict[str, Any]:
        """Return what is still to come."""
        return {
            "duplicate": self.duplicate,
            "rate_limit": self.rate_limit,
            "retry_after": self.retry_after,
            "server_error": self.server_error,
            "drop": dict(self.drop),
            "drop_answer": dict(self.drop_answer),
        }


def _due(counts: dict[str, int], method: str) -> bool:
    """Count one call down; names are compared without case, as Telegram does."""
    for name, left in counts.items():
        if name.lower() == method.lower() and left > 0:
            counts[name] = left - 1
            return True
    return False


@dataclass(slots=True)
class Flood:
    """Telegram's flood control: messages a second, over all chats and in one chat. 0 means no
    limit."""

    monotonic: Callable[[], float]
    per_second: int = 0
    per_chat: int = 0
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def check(self, chat_id: int) -> None:
        """Count one message to a chat. Raises ApiError 429 with the seconds to wait."""
        now = self.monotonic()
        chat = self._chats.setdefault(chat_id, deque())
        for sent, limit in ((self._all, self.per_second), (chat, self.per_chat)):
            while sent and now - sent[0] >= 1:
                sent.popleft()
            if limit and len(sent) >= limit:
                raise too_many(max(1, math.ceil(1 - (now - sent[0]))))
        self._all.append(now)
        chat.append(now)
