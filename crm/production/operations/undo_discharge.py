"""Undo the write-off of a mix that is taken back into the mixer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Reservation
from crm.ledger.operations.reserve import reserve
from crm.ledger.operations.reverse import reverse
from crm.ledger.stock import account_of
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix
from crm.production.operations.write_off_mix import discharge_of


@transaction.atomic
def undo_discharge(by: Person | None, *, at: datetime, mix: Mix, reason: str) -> None:
    """Reverse the write-off of a mix and reserve its share for its order again; `produced_at` stays
    until it is discharged once more (domain 5.4). Done twice it changes nothing.

    Raises Refused when something was made of the mix meanwhile."""
    event = discharge_of(mix)
    if event is None or mix.order is None:
        return
    reversal = reverse(event, by=by, reason=reason, occurred_at=at)
    lines = {item.lot_id: item for item in mix.order.items.select_related("lot")}
    uses = mix.uses.filter(undone_by__isnull=True).order_by("lot_id")
    for use in uses:
        item = lines[use.lot_id]
        reserve(
            lot=item.lot,
            account=account_of(item.lot),
            kg=use.kg,
            holder=Reservation.Holder.ORDER_ITEM,
            holder_id=item.pk,
            at=at,
        )
    uses.update(undone_by=reversal)
    mix.rework_gen = 0
    mix.save(update_fields=["rework_gen"])


OPERATION = Operation({"mix": "mix", "reason": "text"}, undo_discharge)
