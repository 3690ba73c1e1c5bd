"""The bell by which whoever writes a message wakes those who send it, heard when the writing is
committed: a NOTIFY of PostgreSQL, a file beside one of SQLite that grows by a byte. A process that
sends needs none for what it writes itself; a NOTIFY in every transaction would halve the commits.
Start at `ring`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

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


def bell_file() -> Path | None:
    """Return the bell of a database of SQLite; None where there is another one, or no file."""
    known: Any = connection
    if connection.vendor != "sqlite" or known.is_in_memory_db():
        return None
    rows = Path(connection.settings_dict["NAME"])
    return rows.with_name(f"{rows.name}-bell")


def ring() -> None:
    """Wake the senders of other processes when this transaction is committed."""
    global _rung  # noqa: PLW0603 - a process has one bell
    _rung += 1
    if any(runs() for runs in _sends):
        return
    if connection.vendor == "postgresql":
        cursor_of(connection).execute("SELECT pg_notify(%s, '')", [CHANNEL])
    elif (file := bell_file()) is not None:
        transaction.on_commit(partial(_strike, file), robust=True)


def _strike(file: Path) -> None:
    """Ring the bell of a file; where nobody has ever listened there is none."""
    if file.exists():
        with file.open("ab") as bell:
            bell.write(b".")
