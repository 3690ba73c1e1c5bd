"""Post what a blank lost in the defroster."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from crm.fields import kg as as_kg
from crm.ledger.models import Account, Event, Reservation
from crm.ledger.operations.post import Line, post
from crm.ledger.operations.reserve import unreserve
from crm.ledger.stock import physical
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank, OrderItem

KIND, SOURCE = "drip", "blank"
Cut = tuple[OrderItem, Decimal]


@transaction.atomic
def post_drip(by: Person | None, *, at: datetime, blank: Blank) -> None:
    """Post the drip, blank store to loss, when the mass after the defroster is known; plans that
    no longer fit are cut, the youngest first (domain 4.15). A blank without that mass loses
    nothing."""
    after = blank.weight_after_defrost
    lost = physical(blank.lot) - after if after is not None else Decimal(0)
    if lost <= 0:
        return
    for item, kg in cuts(blank):
        unreserve(holder=Reservation.Holder.ORDER_ITEM, holder_id=item.pk, kg=kg)
        OrderItem.objects.filter(pk=item.pk).update(kg_planned=F("kg_planned") - as_kg(kg))
    posted = Event.objects.filter(source=SOURCE, key__startswith=f"{KIND}:{blank.pk}:").count()
    post(
        KIND,
        [
            Line(blank.lot, Account.BLANK_STORE, -lost),
            Line(blank.lot, Account.LOSS_DRIP, lost),
        ],
        by=by,
        session=blank.session,
        source=SOURCE,
        key=f"{KIND}:{blank.pk}:{posted}",
        occurred_at=at,
    )


def cuts(blank: Blank) -> list[Cut]:
    """Return which plans keep more of a blank than there is after the defroster, and by how many
    kilograms each has to be cut: the youngest first."""
    after = blank.weight_after_defrost
    if after is None:
        return []
    kept = Reservation.objects.filter(lot=blank.lot, holder=Reservation.Holder.ORDER_ITEM)
    rows = list(kept.filter(kg__gt=0).order_by("-id"))
    over = sum((row.kg for row in rows), Decimal(0)) - after
    items = OrderItem.objects.select_related("order").in_bulk([row.holder_id for row in rows])
    found: list[Cut] = []
    for row in rows:
        part = min(row.kg, over)
        if part <= 0:
            break
        found.append((items[row.holder_id], part))
        over -= part
    return found


OPERATION = Operation({"blank": "blank"}, post_drip)
