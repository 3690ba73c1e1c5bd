"""Give back what an order keeps and does not need any more."""

from __future__ import annotations

from django.db import transaction

from crm.ledger.models import Reservation
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.reserve import unreserve
from crm.operation import Operation
from crm.people.models import Person
from crm.production.grams import NOTHING
from crm.production.models import MincedOrder, OrderItem
from crm.production.shares import items_of, used_of


@transaction.atomic
def release_order(by: Person | None, *, order: MincedOrder) -> None:
    """Release every reservation of an order that is finished or cancelled (domain 7.3), and write
    down of each line what no mix took: later nothing else tells it from what got lost."""
    del by
    items, used = items_of(order), used_of(order)
    ids = [item.pk for item in items]
    kept = Reservation.objects.filter(holder=Reservation.Holder.ORDER_ITEM, holder_id__in=ids)
    lock_balances(kept.values_list("lot_id", "account"))
    for number in ids:
        unreserve(holder=Reservation.Holder.ORDER_ITEM, holder_id=number)
    for item in items:
        item.kg_released = max(item.kg_planned - used.get(item.lot_id, NOTHING), NOTHING)
    OrderItem.objects.bulk_update(items, ["kg_released"])


OPERATION = Operation({"order": "minced_order"}, release_order)
