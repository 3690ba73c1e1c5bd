"""Take the next number of a kind."""

from __future__ import annotations

from django.db import transaction

from crm.ledger.models import Counter
from engine.errors import EngineError


def next_number(kind: str, period: str = "", *, first: int = 1) -> int:
    """Return the next number of a kind in a period and keep the counter locked until the commit.

    Rolled back with the saving transaction, so no number is lost or given twice. Raises EngineError
    outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise EngineError("a number is taken only inside the saving transaction")
    Counter.objects.bulk_create(
        [Counter(kind=kind, period=period, last=first - 1)], ignore_conflicts=True
    )
    counter = Counter.objects.select_for_update().get(kind=kind, period=period)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
