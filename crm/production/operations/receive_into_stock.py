"""Put an accepted delivery on the raw store."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from crm.at_once import write
from crm.ledger.models import Account
from crm.ledger.operations.bear import BIRTHS, borne
from crm.ledger.operations.number import next_numbers
from crm.ledger.operations.post import Line, post
from crm.operation import Operation
from crm.people.models import Person
from crm.prepared import Change, Hole
from crm.production.models import RawBatch
from crm.production.numbers import first_number
from engine.errors import Refusal, Refused

RECEIPT = "receipt"
WRITTEN = ("number", "year", "year_number", "received_at", "version")
NUMBERED = Change(
    lambda: (
        RawBatch.objects.filter(pk=Hole(RawBatch, "id")),
        {name: Hole(RawBatch, name) for name in WRITTEN},
    )
)


def receipt_key(batch: RawBatch) -> str:
    """Return the idempotency key of a batch's receipt."""
    return f"{RECEIPT}:{batch.session}"


@transaction.atomic
def receive_into_stock(by: Person | None, *, batch: RawBatch, at: datetime) -> str:
    """Give a batch its number ДДММ/N and post supplier −w, raw store +w; return the number.

    `at` is the moment of the intake; its plant date is printed in the number. A batch that has a
    number keeps it. Its row is locked by who asks."""
    if batch.number:
        return batch.number
    if not batch.weight_received:
        raise Refused(Refusal("Масса партии должна быть больше нуля", again="weight"))
    day = timezone.localtime(at)
    number, of_year, born = next_numbers(
        ("raw_batch", day.date().isoformat()),
        ("raw_batch_of_year", str(day.year)),
        BIRTHS,
        first=first_number,
    )
    batch.number, batch.year, batch.year_number = f"{day:%d%m}/{number}", day.year, of_year
    batch.received_at = at
    batch.version += 1
    values = {name: getattr(batch, name) for name in WRITTEN}
    write(NUMBERED.said(id=batch.pk, **values), borne(batch.lot, born))
    post(
        RECEIPT,
        [
            Line(batch.lot, Account.SUPPLIER, -batch.weight_received),
            Line(batch.lot, Account.RAW_STORE, batch.weight_received),
        ],
        by=by,
        session=batch.session,
        source="raw_batch",
        key=receipt_key(batch),
        occurred_at=at,
    )
    return batch.number


OPERATION = Operation({"batch": "raw_batch"}, receive_into_stock)
