"""A bot that shall die at a statement dies at it, whatever its other threads ask meanwhile."""

from __future__ import annotations

from types import SimpleNamespace

from tests.crash.killer import Killer

OPENS = "SELECT 1 FROM work_update"


def asked(killer: Killer, sql: str, by: object) -> None:
    """Let a connection execute something."""
    assert killer(lambda *_: "done", sql, (), False, {"connection": by}) == "done"


def test_what_others_ask_in_the_middle_of_a_turn_does_not_end_its_counting() -> None:
    dead: list[int] = []
    killer = Killer(3, lambda: dead.append(killer.seen))
    turn, sender = (SimpleNamespace(in_atomic_block=inside) for inside in (True, False))
    asked(killer, OPENS, turn)
    asked(killer, "SELECT a letter", sender)
    asked(killer, "INSERT", turn)
    assert not dead
    asked(killer, "COMMIT", turn)
    assert dead == [3]


def test_what_a_bot_asks_before_and_after_a_turn_is_not_counted() -> None:
    killer = Killer(1_000)
    bot = SimpleNamespace(in_atomic_block=True)
    asked(killer, "SELECT", bot)
    asked(killer, OPENS, bot)
    bot.in_atomic_block = False
    asked(killer, "SELECT", bot)
    bot.in_atomic_block = True
    asked(killer, "SELECT", bot)
    assert killer.seen == 1
