"""What of вторфарш lies on pallets: it stays in its own store under its own lots, so that nothing
but the lines of the pallets tells it from what is on the rest (domain 4.37, 7.2)."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet, Sum

from crm.ledger.operations.lock import lock_lots
from crm.production.models import Pallet, PalletItem, SecondMinced
from crm.production.models.pallet import IN_WORK
from engine.errors import Refusal, Refused
from engine.languages.message import Message

CARRYING = (*IN_WORK, Pallet.State.IN_STOCK)  # what a shipment keeps is reserved


def carried(lots: QuerySet[SecondMinced]) -> dict[int, Decimal]:
    """Return how many kilograms of lots of вторфарш lie on pallets that no shipment keeps, by the
    ids of the lots. What was МКО is the pallet's since it was accepted."""
    rework = lots.filter(kind=SecondMinced.Kind.REWORK)
    there = PalletItem.objects.filter(lot__second_minced__in=rework, pallet__state__in=CARRYING)
    return dict(there.order_by().values_list("lot").annotate(Sum("kg")))


def refuse_carried(second: SecondMinced) -> None:
    """Refuse to do away with a lot of which something lies on a pallet, and keep it off pallets
    until the commit."""
    lock_lots([second.lot_id])
    if carried(SecondMinced.objects.filter(pk=second.pk)):
        there = Pallet.objects.filter(items__lot=second.lot_id, state__in=CARRYING)
        text = Message("{number}: часть лежит на паллетах ({pallets}). Сначала удалите эти паллеты")
        values = {"number": str(second), "pallets": ", ".join(map(str, there.order_by("pk")))}
        raise Refused(Refusal(text, values))
