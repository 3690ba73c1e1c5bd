"""Reserve what an order is made of, line by line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Reservation
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.reserve import reserve
from crm.ledger.stock import account_of
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import MincedOrder
from crm.production.shares import items_of


@transaction.atomic
def reserve_order(by: Person | None, *, at: datetime, order: MincedOrder) -> None:
    """Reserve the planned kilograms of every line that has no reservation yet.

    Raises Refused with the exact remainder when somebody was first."""
    del by
    items = sorted(items_of(order), key=lambda item: item.lot_id)
    lock_balances((item.lot_id, account_of(item.lot).value) for item in items)
    kept = set(
        Reservation.objects.filter(
            holder=Reservation.Holder.ORDER_ITEM, holder_id__in=[item.pk for item in items]
        ).values_list("holder_id", flat=True)
    )
    for item in items:
        if item.pk not in kept and item.kg_planned:
            reserve(
                lot=item.lot,
                account=account_of(item.lot),
                kg=item.kg_planned,
                holder=Reservation.Holder.ORDER_ITEM,
                holder_id=item.pk,
                at=at,
            )


OPERATION = Operation({"order": "minced_order"}, reserve_order)
