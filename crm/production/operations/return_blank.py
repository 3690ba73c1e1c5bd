"""Take a blank off: its raw meat goes back to the store, held as it was; its
reservations are released."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Reservation
from crm.ledger.operations.reserve import unreserve
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank
from crm.production.operations.pass_on_holds import pass_on_holds
from crm.production.operations.reverse_blank import take_apart


@transaction.atomic
def return_blank(by: Person | None, *, at: datetime, blank: Blank, reason: str) -> None:
    """Return everything of a blank that is taken off, its holds too (domain 4.14, 5.2).

    Raises Refused when something of it is used or reserved meanwhile."""
    pass_on_holds(by, at=at, blank=blank, reason=reason)
    take_apart(by, at=at, blank=blank, reason=reason)
    for line in blank.items.order_by("batch__lot_id"):
        unreserve(holder=Reservation.Holder.BLANK_ITEM, holder_id=line.pk)


OPERATION = Operation({"blank": "blank", "reason": "text"}, return_blank)
