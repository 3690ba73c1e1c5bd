"""Telegram's limit, counted by its clock at the far end of a line that takes its time."""

from __future__ import annotations

import asyncio
import random
from asyncio import SelectorEventLoop
from dataclasses import dataclass, field
from selectors import SelectorKey, SelectSelector
from typing import Any, cast

from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod

from engine.simulator.api_error import ApiError
from engine.simulator.faults import Flood
from engine.telegram.door import Door
from engine.telegram.places import ANSWER_WAITS_S, PER_SECOND

FIRST_TOLD, TOLD = 1000, 300  # chats


class Skips(SelectSelector):
    """Waits for nothing but skips to the next timer."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self.skipped += timeout
        return ready


class Skipping(SelectorEventLoop):
    """A loop whose seconds pass at once."""

    def __init__(self) -> None:
        self.skips = Skips()
        super().__init__(self.skips)

    def time(self) -> float:
        return self.skips.skipped


@dataclass
class Line:
    """A bot whose calls and their answers are up to so many seconds on their way, with the limits
    of Telegram in between."""

    there_s: float
    back_s: float = 0.0
    arrived: list[float] = field(default_factory=list)
    refused: int = 0
    flood: Flood = field(default_factory=lambda: Flood(_now, PER_SECOND, 1))
    drawn: random.Random = field(default_factory=lambda: random.Random(7))

    async def __call__(self, method: TelegramMethod[Any]) -> None:
        await asyncio.sleep(self.drawn.uniform(0, self.there_s))
        try:
            self.flood.check(cast(Any, method).chat_id)
        except ApiError as error:
            self.refused += 1
            raise TelegramRetryAfter(method, error.description, error.retry_after or 1) from error
        self.arrived.append(_now())
        await asyncio.sleep(self.drawn.uniform(0, self.back_s))

    @property
    def rate(self) -> float:
        return (len(self.arrived) - 1) / (self.arrived[-1] - self.arrived[0])


def _now() -> float:
    return asyncio.get_running_loop().time()


async def told(
    line: Line, *, per_person: int = 1, apart_s: float = 0.31, workers: int = 8, rest_s: float = 2.5
) -> list[float]:
    """Tell everybody while workers are answered who begin so far apart; return how long each of
    their answers took."""
    door = Door(cast(Bot, line), now=_now)
    telling = [
        asyncio.create_task(door.notice(SendMessage(chat_id=chat, text="Собрание"), chat))
        for chat in range(FIRST_TOLD, FIRST_TOLD + TOLD)
        for _ in range(per_person)
    ]
    took: list[float] = []

    async def works(chat: int) -> None:
        await asyncio.sleep(1 + chat * apart_s)
        while not all(one.done() for one in telling):
            began = _now()
            await door.answer(EditMessageText(chat_id=chat, message_id=1, text="Меню"))
            took.append(_now() - began)
            await asyncio.sleep(rest_s)

    await asyncio.gather(*map(works, range(workers)))
    await asyncio.gather(*telling, return_exceptions=True)
    return took


def run(line: Line, **given: Any) -> list[float]:
    with asyncio.Runner(loop_factory=Skipping) as runner:
        return runner.run(told(line, **given))


def test_whatever_a_line_does_to_calls_telegram_refuses_none_and_is_used() -> None:
    line = Line(there_s=0.08, back_s=0.05)
    run(line)
    assert line.refused == 0
    assert line.rate >= 0.9 * PER_SECOND


def test_on_a_quick_line_nearly_all_is_used_that_telegram_allows() -> None:
    line = Line(there_s=0.005, back_s=0.005)
    run(line)
    assert line.refused == 0
    assert line.rate >= 0.95 * PER_SECOND


def test_an_answer_goes_before_all_notices() -> None:
    line = Line(there_s=0.005, back_s=0.005)
    assert max(run(line)) <= 0.05


def test_answers_at_one_moment_wait_for_each_other_rather_than_for_a_429() -> None:
    line = Line(there_s=0.005, back_s=0.005)
    took = run(line, apart_s=0.0, workers=7)
    assert line.refused == 0
    assert max(took) <= 0.01 + ANSWER_WAITS_S


def test_two_notices_to_everybody_keep_a_second_in_each_chat() -> None:
    line = Line(there_s=0.08, back_s=0.05)
    run(line, per_person=2)
    assert line.refused == 0
    assert len(line.arrived) > 2 * TOLD


def test_answers_that_are_too_many_by_themselves_wait_for_nothing_and_stop_no_notice() -> None:
    line = Line(there_s=0.001)
    line.flood.per_second = line.flood.per_chat = 0
    took = run(line, workers=40, apart_s=0.001, rest_s=0.2)
    assert max(took[len(took) // 2 :]) <= 0.01
    assert line.rate > 3 * PER_SECOND
