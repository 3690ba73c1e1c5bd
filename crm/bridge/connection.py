"""The bot's connection to the database. Django tries a connection at the start of a request; the
bot has no requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def on_rows(work: Callable[[], Result]) -> Result:
    """Do some work on the rows and return what it returns.

    After an error the connection may be dead (the database was restarted): it is opened anew. A
    connection without errors is trusted: trying it would cost every turn a statement."""
    if connection.errors_occurred and not connection.in_atomic_block:
        connection.close()
    return work()
