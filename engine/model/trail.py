"""Which piece of work a line of the journal belongs to: all that one update or one request of the
office does, also in other threads, carries one name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex

_TRAIL: ContextVar[str] = ContextVar("trail", default="")


def trail() -> str:
    """Return the name of the present work; empty outside of any."""
    return _TRAIL.get()


@contextmanager
def on_trail(kind: str) -> Iterator[str]:
    """Do a piece of work of a kind under a name of its own.

    >>> with on_trail("update") as name:
    ...     trail() == name and name.startswith("update-")
    True
    """
    name = f"{kind}-{token_hex(4)}"
    token = _TRAIL.set(name)
    try:
        yield name
    finally:
        _TRAIL.reset(token)
