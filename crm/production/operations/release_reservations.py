"""Take a rejected raw batch out of every plan."""

from __future__ import annotations

from django.db import transaction

from crm.ledger.models import Reservation
from crm.ledger.operations.reserve import unreserve
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch


@transaction.atomic
def release_reservations(by: Person | None, *, batch: RawBatch) -> None:
    """Give back all that lines of blanks and orders keep of a batch; the fact `reserved_for` says
    beforehand who loses it. Done twice it changes nothing."""
    del by
    kept = Reservation.objects.filter(lot=batch.lot_id).order_by("holder", "holder_id")
    for holder, holder_id in kept.values_list("holder", "holder_id"):
        unreserve(holder=Reservation.Holder(holder), holder_id=holder_id)


OPERATION = Operation({"batch": "raw_batch"}, release_reservations)
