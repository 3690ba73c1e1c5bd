"""The bell by which whoever writes a message wakes those who send it, on PostgreSQL: a NOTIFY that
is heard when the writing is committed. A process that sends needs none for what it writes itself;
a NOTIFY in every transaction would halve the commits. Start at `ring`."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from crm.cursor import cursor_of

CHANNEL = "meatbot_outbox"
_sends: list[Callable[[], bool]] = []
_rung = 0


def sends_itself(runs: Callable[[], bool]) -> None:
    """Say that this process sends what it writes, while `runs` says so."""
    _sends[:] = [runs]


def rung() -> int:
    """Return how often this process has rung: whoever sends what it writes needs to look only when
    it did."""
    return _rung


def ring() -> None:
    """Wake the senders of other processes when this transaction is committed."""
    global _rung  # noqa: PLW0603 - a process has one bell
    _rung += 1
    if connection.vendor == "postgresql" and not any(runs() for runs in _sends):
        cursor_of(connection).execute("SELECT pg_notify(%s, '')", [CHANNEL])
