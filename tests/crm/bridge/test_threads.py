"""Threads of the bot's work on rows."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from threading import Event, get_ident

from crm.bridge.threads import SLOW_S, Threads
from engine.model.trail import on_trail, trail

LATEST_S, STANDING = 1.0, 3  # domain X26
PATIENCE_S = 60.0  # what a busy machine takes to start threads


async def test_work_that_stands_still_holds_up_other_work_for_less_than_a_second() -> None:
    call, free = Threads("turns", 4), Event()
    standing = [asyncio.create_task(call(free.wait)) for _ in range(STANDING)]
    assert STANDING * SLOW_S < LATEST_S
    try:
        assert await asyncio.wait_for(call(lambda: "answered"), PATIENCE_S) == "answered"
    finally:
        free.set()
    assert await asyncio.gather(*standing) == [True] * STANDING


async def test_work_is_done_in_one_thread_and_in_its_order_while_none_is_slow() -> None:
    call, done = Threads("turns", 4), list[int]()

    def work(number: int) -> int:
        time.sleep(0.002)
        done.append(number)
        return get_ident()

    threads = await asyncio.gather(*(call(partial(work, one)) for one in range(8)))
    assert (done, len(set(threads))) == ([*range(8)], 1)


async def test_what_work_raises_is_raised_and_the_next_is_done() -> None:
    call = Threads("turns")
    raised, answered = await asyncio.gather(
        call(lambda: 1 // 0), call(lambda: 7), return_exceptions=True
    )
    assert (type(raised), answered) == (ZeroDivisionError, 7)


async def test_work_goes_on_under_the_name_of_what_asked_for_it() -> None:
    with on_trail("update") as name:
        assert await Threads("turns")(trail) == name
