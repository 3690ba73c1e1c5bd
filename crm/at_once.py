"""Several writes sent as one statement: the way to the database and back costs more than most of
them. PostgreSQL takes them as parts of one; SQLite, where there is no way, one after another.

    write(KEPT.said(id=7, turn=3), new(row))

None of them may read what another one writes: all see the rows as they were. Start at `write`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from crm.cursor import cursor_of

Said = tuple[str, Sequence[Any]]  # a statement that returns nothing, and what is bound


def write(*writes: Said) -> None:
    """Do some writes. Those of one row must stand in one of them."""
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connection)
        for sql, bound in _together(writes) if connection.vendor == "postgresql" else writes:
            cursor.execute(sql, bound)


def _together(writes: Sequence[Said]) -> Sequence[Said]:
    """Return the writes as one statement, of which the last is the body."""
    if len(writes) < 2:
        return writes
    *parts, last = writes
    before = ", ".join(f"part_{at} AS ({sql})" for at, (sql, _) in enumerate(parts))
    return [(f"WITH {before} {last[0]}", [one for _, bound in writes for one in bound])]
