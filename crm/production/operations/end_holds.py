"""What becomes of the holds of a raw batch that leaves the plant: with nothing left to hold, they
end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crm.ledger.operations.lock import lock_lots
from crm.operation import Operation
from crm.people.models import Person
from crm.production.facts.is_batch_taken import is_batch_taken
from crm.production.models import RawBatch
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold
from engine.errors import Refusal, Refused
from engine.languages.message import Message


@transaction.atomic
def end_holds(by: Person | None, *, at: datetime, batch: RawBatch, reason: str) -> None:
    """Release what holds a batch that is sent back or destroyed (domain 5.1, 5.12). Those of one
    of which something was made stay: they keep what was made of it here.

    Raises Refused while a second person is asked to release one: what he answers would be lost."""
    lock_lots([batch.lot_id])
    for hold in ending(batch):
        if hold.asked_by is not None:
            text = Message(
                "Снятие блокировки с партии {number} ждёт второго человека: пусть он ответит"
            )
            raise Refused(Refusal(text, {"number": str(batch)}))
        release_hold(by, hold=hold, reason=reason, at=at, decided=True)


def ending(batch: RawBatch) -> QuerySet[Hold]:
    """Return the open holds of a batch that end when it leaves, the oldest first."""
    rows = Hold.objects.filter(lot=batch.lot_id, released_at__isnull=True).order_by("pk")
    return rows.none() if is_batch_taken(batch) else rows


OPERATION = Operation({"batch": "raw_batch", "reason": "text"}, end_holds)
