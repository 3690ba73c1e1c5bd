"""Take the next number of a kind."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from crm.ledger.models import Counter
from crm.new_rows import insert_all
from crm.prepared import Change, Hole
from engine.errors import EngineError


def next_number(kind: str, period: str = "", *, first: Callable[[], int] = lambda: 1) -> int:
    """Return the next number of a kind in a period and keep the counter locked until the commit.
    `first` is asked where its numbers begin when there is none yet.

    Rolled back with the saving transaction, so no number is lost or given twice. Raises EngineError
    outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise EngineError("a number is taken only inside the saving transaction")
    taken = TAKEN.rows(kind=kind, period=period)
    if not taken:
        insert_all([Counter(kind=kind, period=period, last=first() - 1)], ignore_conflicts=True)
        taken = TAKEN.rows(kind=kind, period=period)
    ((number,),) = taken
    return int(number)


TAKEN = Change(
    lambda: (
        Counter.objects.filter(kind=Hole(Counter, "kind"), period=Hole(Counter, "period")),
        {"last": F("last") + 1},
    ),
    "last",
)
