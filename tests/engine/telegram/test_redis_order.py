"""The order of chats among processes as Redis keeps it, and without Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import pytest
from redis.asyncio.lock import Lock

from engine.telegram import redis_order
from engine.telegram.redis_order import RedisOrder
from tests import servers
from tests.engine.telegram.office import PATIENCE_S, until

WRONG = "redis://127.0.0.1:1/0"


@contextmanager
def orders(url: str, count: int = 2) -> Iterator[list[RedisOrder]]:
    """Make what as many processes have; others keep the order while Redis is away: `log` tells."""
    yield [RedisOrder(url, otherwise) for _ in range(count)]


log: list[str] = []


@asynccontextmanager
async def otherwise(chat: int) -> AsyncIterator[None]:
    log.append(f"otherwise {chat}")
    yield


@pytest.fixture(autouse=True)
def _empty() -> None:
    log.clear()


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Redis on a busy machine be slow to answer."""
    monkeypatch.setattr(redis_order, "ANSWER_S", PATIENCE_S)


async def hold(order: RedisOrder, chat: int, name: str, seconds: float = 0.0) -> None:
    async with order(chat):
        log.append(f"{name} begins")
        await asyncio.sleep(seconds)
        log.append(f"{name} ends")


async def test_redis_keeps_the_order_and_what_it_loses_another_keeps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redis_order, "REST_S", 0.2)
    with servers.redis() as url, orders(url) as (one, other):
        await asyncio.gather(hold(one, 1, "one", 0.2), hold(other, 1, "other", 0.2))
        first = log[0].split()[0]
        second = {"one": "other", "other": "one"}[first]
        assert log == [f"{first} begins", f"{first} ends", f"{second} begins", f"{second} ends"]

        log.clear()
        await asyncio.gather(hold(one, 1, "one", 1.0), hold(other, 2, "other", 1.0))
        assert [line.split()[1] for line in log] == ["begins", "begins", "ends", "ends"]

        port = int(url.split(":")[2].split("/")[0])
        log.clear()
        held = one(1)
        await held.__aenter__()
    # Redis has died while a chat was held: whoever holds it goes on, and lets it go in peace.
    await held.__aexit__(None, None, None)
    await hold(other, 1, "other")
    assert log == ["otherwise 1", "other begins", "other ends"]

    with servers.redis(port):
        await asyncio.sleep(0.3)
        log.clear()
        await hold(other, 1, "other")
        assert log == ["other begins", "other ends"], "Redis is asked again"
    for order in (one, other):
        await order.close()


async def test_a_chat_is_let_go_also_when_the_client_swallows_what_ends_its_renewing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renewed = asyncio.Event()

    async def reacquire(lock: Lock) -> bool:
        renewed.set()
        with suppress(asyncio.CancelledError):  # as wait_for does when its work ends meanwhile
            await asyncio.sleep(10)
        return True

    monkeypatch.setattr(redis_order, "RENEWED_S", 0.01)
    monkeypatch.setattr(Lock, "reacquire", reacquire)
    with servers.redis() as url, orders(url, 1) as (one,):
        async with asyncio.timeout(PATIENCE_S):
            async with one(1):
                await renewed.wait()
            await hold(one, 1, "one")
        await one.close()
    assert log == ["one begins", "one ends"]


async def test_a_chat_is_held_while_its_turn_lasts_and_free_soon_after_its_process_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redis_order, "HELD_S", 4.0)
    monkeypatch.setattr(redis_order, "RENEWED_S", 0.1)
    with servers.redis() as url, orders(url) as (one, other):
        long = asyncio.create_task(hold(one, 1, "one", 5.0))
        await until(lambda: log)
        await hold(other, 1, "other")
        assert log == ["one begins", "one ends", "other begins", "other ends"]
        await long

        killed = one(1)
        await killed.__aenter__()
        for task in asyncio.all_tasks():  # nobody renews what a killed process held
            if task.get_name() == "lease of chat 1":
                task.cancel()
        log.clear()
        async with asyncio.timeout(redis_order.WAIT_S / 2):
            await hold(other, 1, "other")
        assert log == ["other begins", "other ends"]
        await killed.__aexit__(None, None, None)
        for order in (one, other):
            await order.close()


async def test_redis_that_is_away_is_asked_once_in_a_while() -> None:
    asked = 0
    with orders(WRONG, 1) as (order,):
        lock = order._redis.lock

        def count(*given: Any, **named: Any) -> Lock:
            nonlocal asked
            asked += 1
            return lock(*given, **named)

        order._redis.lock = count  # type: ignore[method-assign]
        for _ in range(5):
            await hold(order, 1, "one")
        assert asked == 1
        assert log.count("otherwise 1") == 5
        await order.close()


async def test_what_breaks_inside_is_told_as_it_is() -> None:
    with orders(WRONG, 1) as (order,):
        with pytest.raises(LookupError):
            async with order(1):
                raise LookupError
        await order.close()
