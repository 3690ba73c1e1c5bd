"""The order of chats among processes, as the rows' database keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from crm.bridge import order
from crm.bridge.order import KEYS, DatabaseOrder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]
PATIENCE_S = 20.0  # on a busy machine


@pytest_asyncio.fixture
async def process() -> AsyncIterator[Callable[[], DatabaseOrder]]:
    """Makes orders, each with a connection of its own as a process has."""
    made: list[DatabaseOrder] = []

    def make() -> DatabaseOrder:
        made.append(DatabaseOrder())
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def test_two_processes_hold_a_chat_one_after_another_and_others_at_once(
    process: Callable[[], DatabaseOrder],
) -> None:
    one, other, log = process(), process(), list[str]()

    async def hold() -> None:
        async with other(101):
            log.append("other")

    async with one(101):
        waiting = asyncio.create_task(hold())
        async with other(102):
            log.append("another chat")
        await asyncio.sleep(0.1)
        log.append("one")
    await waiting
    assert log == ["another chat", "one", "other"]


async def test_who_dies_holds_nobody_up(process: Callable[[], DatabaseOrder]) -> None:
    one, other = process(), process()
    held = one(101)
    await held.__aenter__()
    await one.close()
    async with asyncio.timeout(order.WAIT_S / 2), other(101):
        pass
    await held.__aexit__(None, None, None)


async def test_who_waits_too_long_waits_no_more(
    process: Callable[[], DatabaseOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order, "WAIT_S", 0.1)
    one, other = process(), process()
    async with one(101), asyncio.timeout(PATIENCE_S), other(101 + KEYS):
        pass
    async with asyncio.timeout(PATIENCE_S), other(101):
        pass
