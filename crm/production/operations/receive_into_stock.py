"""Put an accepted delivery on the raw store."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from crm.by_key import reread
from crm.ledger.models import Account
from crm.ledger.operations.bear import bear
from crm.ledger.operations.number import next_number
from crm.ledger.operations.post import Line, post
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.numbers import first_number
from engine.errors import Refusal, Refused

RECEIPT = "receipt"


def receipt_key(batch: RawBatch) -> str:
    """Return the idempotency key of a batch's receipt."""
    return f"{RECEIPT}:{batch.session}"


@transaction.atomic
def receive_into_stock(by: Person | None, *, batch: RawBatch, at: datetime) -> str:
    """Give a batch its number ДДММ/N and post supplier −w, raw store +w; return the number.

    `at` is the moment of the intake; its plant date is printed in the number. A batch that has a
    number keeps it."""
    locked = RawBatch.objects.select_for_update().select_related("lot").get(pk=batch.pk)
    if locked.number:
        reread(batch)
        return locked.number
    if not locked.weight_received:
        raise Refused(Refusal("Масса партии должна быть больше нуля", again="weight"))
    day = timezone.localtime(at)
    number = next_number("raw_batch", day.date().isoformat(), first=first_number())
    locked.number = f"{day:%d%m}/{number}"
    locked.year = day.year
    locked.year_number = next_number("raw_batch_of_year", str(day.year))
    locked.received_at = at
    locked.version += 1
    locked.save(update_fields=["number", "year", "year_number", "received_at", "version"])
    bear(locked.lot)
    post(
        RECEIPT,
        [
            Line(locked.lot, Account.SUPPLIER, -locked.weight_received),
            Line(locked.lot, Account.RAW_STORE, locked.weight_received),
        ],
        by=by,
        session=locked.session,
        source="raw_batch",
        key=receipt_key(locked),
        occurred_at=at,
    )
    reread(batch)
    return locked.number


OPERATION = Operation({"batch": "raw_batch"}, receive_into_stock)
