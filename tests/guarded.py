"""Empty the tables between tests although triggers forbid it.

PostgreSQL empties them by TRUNCATE, which fires no row triggers; SQLite by DELETE, which does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper

DatabaseOperations = DatabaseWrapper.ops_class
_flush = DatabaseOperations.execute_sql_flush


def _flush_without_triggers(self: Any, sql_list: list[str]) -> Any:
    connection = self.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        return _flush(self, sql_list)
    finally:
        with connection.cursor() as cursor:
            for _, sql in triggers:
                cursor.execute(sql)


@contextmanager
def flushable() -> Iterator[None]:
    """Let Django's flush empty append-only tables on SQLite; the triggers are back after it.

    Of two that are open at once the first to end leaves the other its way."""
    before = DatabaseOperations.execute_sql_flush
    DatabaseOperations.execute_sql_flush = _flush_without_triggers  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        DatabaseOperations.execute_sql_flush = before  # type: ignore[method-assign]
