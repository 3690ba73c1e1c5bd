"""Take the next number of a kind."""

from __future__ import annotations

from django.db import transaction

from crm.ledger.models import Counter
from crm.new_rows import insert_all
from crm.prepared import OTHER_TEXT, TEXT, Change, Hole, Prepared
from engine.errors import EngineError


def next_number(kind: str, period: str = "", *, first: int = 1) -> int:
    """Return the next number of a kind in a period and keep the counter locked until the commit.

    Rolled back with the saving transaction, so no number is lost or given twice. Raises EngineError
    outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise EngineError("a number is taken only inside the saving transaction")
    there = COUNTER.rows(kind, period)
    if not there:
        insert_all([Counter(kind=kind, period=period, last=first - 1)], ignore_conflicts=True)
        there = COUNTER.rows(kind, period)
    (counter,) = there
    TAKEN(id=counter.pk, last=counter.last + 1)
    return int(counter.last) + 1


COUNTER = Prepared(
    lambda kind, period: (
        Counter.objects.select_for_update().filter(kind=kind, period=period).order_by()
    ),
    TEXT,
    OTHER_TEXT,
)
TAKEN = Change(
    lambda: (Counter.objects.filter(pk=Hole(Counter, "id")), {"last": Hole(Counter, "last")})
)
