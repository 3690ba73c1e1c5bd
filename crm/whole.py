"""Writes that are done together or not at all, inside whatever transaction is open.

`transaction.atomic` begins a part of its own (a savepoint) in a transaction that is open: two
statements more for each write of a turn. Start at `whole`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
Result = TypeVar("Result")


def whole(work: Callable[P, Result]) -> Callable[P, Result]:
    """Make a function's writes one transaction: that which is open, or one of its own.

    It refuses before it writes. Whoever means to go on after an error of it begins a part himself,
    as PostgreSQL makes him do anyway."""

    @wraps(work)
    def done(*given: P.args, **named: P.kwargs) -> Result:
        if connection.in_atomic_block:
            return work(*given, **named)
        with transaction.atomic():
            return work(*given, **named)

    return done
