"""Give back what an order keeps and does not need any more."""

from __future__ import annotations

from django.db import transaction

from crm.ledger.models import Reservation
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.reserve import unreserve
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import MincedOrder


@transaction.atomic
def release_order(by: Person | None, *, order: MincedOrder) -> None:
    """Release every reservation of an order that is finished or cancelled (domain 7.3)."""
    del by
    ids = list(order.items.values_list("pk", flat=True))
    kept = Reservation.objects.filter(holder=Reservation.Holder.ORDER_ITEM, holder_id__in=ids)
    lock_balances(kept.values_list("lot_id", "account"))
    for number in ids:
        unreserve(holder=Reservation.Holder.ORDER_ITEM, holder_id=number)


OPERATION = Operation({"order": "minced_order"}, release_order)
