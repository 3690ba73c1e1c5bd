"""Where the time of our turn goes: the same functions, each with a clock around it.

`python -m tests.bench.where` prints it; a clock's own cost (about a microsecond) stays in it."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from engine.run import advance, desk
from engine.telegram import screen
from engine.telegram.answering import Answering
from engine.telegram.door import Door
from engine.telegram.inbox import Inbox
from engine.telegram.screen import Screens
from tests.bench import ours
from tests.bench.ours import Bare, Ours
from tests.bench.telegram import AtOnce
from tests.bench.way import walk

DISPATCH = "aiogram: update → handler; the chat's order"
PLACES: Mapping[str, tuple[tuple[Any, str], ...]] = {
    DISPATCH: ((Bare, "feed"),),
    "inbox: message read, files fetched, looked at, stored": ((Inbox, "message"),),
    "answering: press and screen put in order, remembered": ((Answering, "update"),),
    "turn: chat loaded and kept, rights, what takes the input": ((ours, "serve"),),
    "turn: answer checked and taken, next question found": ((desk, "advance"),),
    "turn: prompt rendered": ((advance, "question"), (desk, "prompt_of")),
    "turn: saved (once a form; pretended operations)": ((desk, "carry"),),
    "screen: text as HTML, message": ((Screens, "show"),),
    "screen: buttons as aiogram's objects": ((screen, "screen_keyboard"),),
    "API: limits kept, aiogram's client": ((Door, "answer"),),
    "API: the bench's own answer": ((AtOnce, "make_request"),),
}


class Clocks:
    """Own time of each place in seconds: what places inside it take is theirs."""

    def __init__(self) -> None:
        self.own: dict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        """Count what happens here to a place."""
        self._inside.append(0.0)
        begun = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - begun
            self.own[place] += seconds - self._inside.pop()
            if self._inside:
                self._inside[-1] += seconds

    def around(self, place: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function with a clock around it."""
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def later(*given: Any, **named: Any) -> Any:
                with self.at(place):
                    answer: Awaitable[Any] = function(*given, **named)
                    return await answer

            return later

        @wraps(function)
        def now(*given: Any, **named: Any) -> Any:
            with self.at(place):
                return function(*given, **named)

        return now


@contextmanager
def clocked() -> Iterator[Clocks]:
    """Put the clocks in, and take them out again."""
    clocks = Clocks()
    before = [(owner, name, vars(owner)[name]) for all_ in PLACES.values() for owner, name in all_]
    for place, functions in PLACES.items():
        for owner, name in functions:
            setattr(owner, name, clocks.around(place, vars(owner)[name]))
    try:
        yield clocks
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


async def where(forms: int) -> Mapping[str, float]:
    """Return milliseconds a turn by place."""
    with clocked() as clocks:
        bot, turns = Ours(), 0
        for _ in range(forms):
            turns += len(await walk(bot))
    return {place: 1000 * clocks.own[place] / turns for place in PLACES}


if __name__ == "__main__":
    for one, ms in asyncio.run(where(10)).items():
        print(f"{ms:8.3f} ms a turn  {one}")
