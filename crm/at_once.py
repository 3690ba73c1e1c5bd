"""Several writes sent as one statement: the way to the database and back costs more than most of
them. PostgreSQL takes them as parts of one; SQLite, where there is no way, one after another.

    write(KEPT.said(id=7, turn=3), new(row))

None of them may read what another one writes: all see the rows as they were. Start at `write`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model

from crm.cursor import cursor_of
from crm.new_rows import insert, new_all
from crm.prepared import Change

Said = tuple[str, Sequence[Any]]  # a statement that returns nothing, and what is bound


def write(*writes: Said) -> None:
    """Do some writes. Those of one row must stand in one of them."""
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connection)
        for sql, bound in _together(writes) if connection.vendor == "postgresql" else writes:
            cursor.execute(sql, bound)


def change_and_tell(change: Change, told: Model, **values: Any) -> list[tuple[Any, ...]]:
    """Change rows by values in its holes and, for a row that was changed, write a new one that
    tells of it; return what the change tells of each."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        changed = change.rows(**values)
        if changed:
            insert(told)
        return changed
    sql, bound = change.said(**values)
    ((telling, more),) = new_all([told])
    head, places = telling.split(" VALUES ")
    more_of_it = f"{head} SELECT {places.strip('()')} FROM part_0"  # noqa: S608
    both = f"WITH part_0 AS ({sql}), part_1 AS ({more_of_it}) SELECT * FROM part_0"  # noqa: S608
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        cursor = cursor_of(connection)
        cursor.execute(both, [*bound, *more])
        return change.converted(cursor.fetchall())


def _together(writes: Sequence[Said]) -> Sequence[Said]:
    """Return the writes as one statement, of which the last is the body."""
    if len(writes) < 2:
        return writes
    *parts, last = writes
    before = ", ".join(f"part_{at} AS ({sql})" for at, (sql, _) in enumerate(parts))
    return [(f"WITH {before} {last[0]}", [one for _, bound in writes for one in bound])]
