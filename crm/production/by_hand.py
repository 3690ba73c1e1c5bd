"""What may be accepted by hand: the goods of domain 4.37, and what is registered of them."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, QuerySet

from crm.ledger.models import Account, Balance
from crm.production.carried import carried
from crm.production.models import Pallet, SecondMinced

GOODS = "choice(pet_food, mko, mko_sale, rework)"
KINDS = {
    "mko": SecondMinced.Kind.MKO1,
    "mko_sale": SecondMinced.Kind.MKO1,
    "rework": SecondMinced.Kind.REWORK,
}


def pallets_of(goods: str) -> QuerySet[Pallet]:
    """Return the pallets of a kind of goods."""
    rows = Pallet.objects.order_by("-production_day", "pk")
    if goods == "pet_food":
        return rows.filter(product_line="mko").exclude(kind=Pallet.Kind.SECOND)
    seconds = SecondMinced.objects.filter(for_sale=goods == "mko_sale")
    if goods == "rework":
        seconds = SecondMinced.objects.filter(kind=SecondMinced.Kind.REWORK)
    else:
        seconds = seconds.exclude(kind=SecondMinced.Kind.REWORK)
    return rows.filter(kind=Pallet.Kind.SECOND, items__lot__second_minced__in=seconds).distinct()


def registered(goods: str) -> list[tuple[SecondMinced, Decimal]]:
    """Return the lots of a kind of goods that are not wholly on pallets, with what of each is free
    and on none, oldest first (domain Q13)."""
    kind = KINDS.get(goods)
    if kind is None:
        return []
    rows = SecondMinced.objects.filter(
        kind=kind, for_sale=goods == "mko_sale", state=SecondMinced.State.REGISTERED
    )
    store = Account.REWORK_STORE if goods == "rework" else Account.MKO_STORE
    free = dict(
        Balance.objects.filter(lot__second_minced__in=rows, account=store)
        .annotate(free=F("physical") - F("reserved"))
        .values_list("lot_id", "free")
    )
    for lot, kg in carried(rows).items():
        free[lot] -= kg
    ordered = rows.select_related("lot").order_by("produced_on", "pk")
    return [(one, free[one.lot_id]) for one in ordered if free.get(one.lot_id, Decimal(0)) > 0]
