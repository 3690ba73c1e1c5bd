"""Reserve the raw meat of a blank, line by line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Account, Reservation
from crm.ledger.operations.reserve import reserve
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank


@transaction.atomic
def reserve_blank(by: Person | None, *, at: datetime, blank: Blank) -> None:
    """Reserve the planned kilograms of every line that has no reservation yet.

    Raises Refused with the exact remainder when somebody was first."""
    del by
    lines = blank.items.select_related("batch__lot").order_by("batch__lot_id")
    kept = set(
        Reservation.objects.filter(
            holder=Reservation.Holder.BLANK_ITEM, holder_id__in=[line.pk for line in lines]
        ).values_list("holder_id", flat=True)
    )
    for line in lines:
        if line.pk not in kept:
            reserve(
                lot=line.batch.lot,
                account=Account.RAW_STORE,
                kg=line.kg_planned,
                holder=Reservation.Holder.BLANK_ITEM,
                holder_id=line.pk,
                at=at,
            )


OPERATION = Operation({"blank": "blank"}, reserve_blank)
