"""The cursor by which statements that are compiled once are sent, one after another: making a new
one for each, as Django does, costs as much as a simple answer. Start at `cursor_of`."""

from __future__ import annotations

from threading import local
from typing import Any

_mine = local()


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
    return _mine.cursor
