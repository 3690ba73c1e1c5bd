"""Whose files are fetched: asked once in a while, never remembered of a stranger."""

from __future__ import annotations

import pytest

from engine.telegram import known
from engine.telegram.known import LASTS_S, Known


class Rows:
    """Chats that somebody is bound to, and what was asked of them."""

    def __init__(self, *bound: int) -> None:
        self.bound, self.asked = set(bound), list[int]()
        self.now = 0.0

    async def ask(self, chat: int) -> bool:
        self.asked.append(chat)
        return chat in self.bound

    def seconds(self) -> float:
        return self.now


async def test_a_chat_that_is_bound_is_asked_about_once_in_ten_minutes() -> None:
    rows = Rows(7)
    knows = Known(rows.ask, rows.seconds)
    assert [await knows(7) for _ in range(9)] == [True] * 9
    assert rows.asked == [7]
    rows.bound.clear()
    rows.now = LASTS_S
    assert not await knows(7)
    assert rows.asked == [7, 7]


async def test_a_stranger_is_asked_about_each_time_and_known_as_soon_as_he_is_bound() -> None:
    rows = Rows()
    knows = Known(rows.ask, rows.seconds)
    assert not await knows(7)
    rows.bound.add(7)
    assert await knows(7)
    assert rows.asked == [7, 7]


async def test_chats_that_are_remembered_do_not_grow_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(known, "MOST", 2)
    rows = Rows(1, 2, 3)
    knows = Known(rows.ask, rows.seconds)
    assert all([await knows(chat) for chat in (1, 2, 3, 3, 1)])
    assert rows.asked == [1, 2, 3, 1]
