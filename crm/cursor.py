"""The cursor by which statements that are compiled once are sent, one after another: making a new
one for each, as Django does, costs as much as a simple answer. Start at `cursor_of`."""

from __future__ import annotations

from functools import lru_cache
from threading import local
from typing import Any

from django.db.backends.sqlite3.base import SQLiteCursorWrapper

_mine = local()


class _Kept(SQLiteCursorWrapper):
    """A cursor that writes the holes of a statement as SQLite knows them once, not at each
    sending: of a long one that takes as long as its answer."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """Return a statement with the holes of SQLite."""
        if param_names is not None:
            return str(super().convert_query(query, param_names=param_names))
        return _with_holes(query)


@lru_cache(maxsize=512)
def _with_holes(query: str) -> str:
    return str(SQLiteCursorWrapper.convert_query(None, query))  # type: ignore[arg-type]


def cursor_of(connection: Any) -> Any:
    """Return the cursor of a connection of this thread. Whoever executes by it fetches all at once:
    the next statement, whosesoever it is, drops what was not. One that keeps a log of its
    statements makes new ones."""
    if connection.queries_logged:
        return connection.cursor()
    driver = connection.connection
    if driver is None or getattr(_mine, "driver", None) is not driver:
        _mine.cursor = connection.cursor()  # opens the connection, too
        _mine.driver = connection.connection
        if connection.vendor == "sqlite":
            _mine.cursor.cursor = _mine.driver.cursor(factory=_Kept)
    return _mine.cursor
