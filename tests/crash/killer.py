"""Ends a bot at a statement of its turn."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


def end() -> None:
    """End this process as the power does."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Killer:
    """Counts the statements of the turns that this bot gets and kills it at the one numbered `at`.

    A turn begins to count where its chat is opened, and ends with its transaction; it is told by
    its connection, for the bot sends and sweeps by others meanwhile."""

    at: int
    die: Callable[[], None] = end
    seen: int = 0
    turn: Any = None  # the connection that it goes by

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: object,
        many: bool,
        context: Mapping[str, Any],
    ) -> Any:
        here = context["connection"]
        if "work_update" in sql:
            self.turn = here
        if self.turn is here:
            if here.in_atomic_block:
                self.seen += 1
                if self.seen == self.at:
                    self.die()
            else:
                self.turn = None
        return execute(sql, params, many, context)
