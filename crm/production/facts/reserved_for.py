"""Which plans keep something of a raw batch (domain 4.10)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from crm.fact import Fact
from crm.ledger.models import Reservation
from crm.production.models import BlankItem, OrderItem, RawBatch
from engine.languages.message import Message, listed
from engine.model.values import show_number

Holder = Reservation.Holder


def reserved_for(batch: RawBatch) -> str:
    """Say which blanks and orders keep how much of a batch: «заготовка З22112026/3, 120,000 кг»."""
    kept: defaultdict[str, dict[int, Decimal]] = defaultdict(dict)
    for row in Reservation.objects.filter(lot=batch.lot_id, kg__gt=0):
        kept[row.holder][row.holder_id] = row.kg
    blanks, orders = kept[Holder.BLANK_ITEM], kept[Holder.ORDER_ITEM]
    blank, order = Message("заготовка {number}, {kg} кг"), Message("фарш {number}, {kg} кг")
    items = BlankItem.objects.filter(pk__in=blanks).select_related("blank").order_by("pk")
    said = [_said(blank, one.blank, blanks[one.pk]) for one in items]
    parts = OrderItem.objects.filter(pk__in=orders).select_related("order").order_by("pk")
    said += [_said(order, one.order, orders[one.pk]) for one in parts]
    return listed(said, "; ") if said else Message("никто")


def _said(text: Message, plan: object, kg: Decimal) -> Message:
    return text.with_values({"number": str(plan), "kg": show_number(kg, 3)})


FACT = Fact(params=("raw_batch",), result="text", answer=reserved_for)
