"""What lies on the pallets of вторфарш: the books keep it under its lots (domain 7.2), so whoever
says what there is of a pallet asks here. Start at `lying`; `stored` is of one lot, `put_on` of
pallets that may have left."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, Least

from crm.fields import KgField, kg
from crm.ledger.models import Account, Balance, Lot
from crm.ledger.stock import available, physical
from crm.production.models import Pallet, PalletItem, SecondMinced
from crm.production.shippable import ON_STOCK, left_of

IS_REWORK = Q(lot__second_minced__kind=SecondMinced.Kind.REWORK)
NOTHING = Decimal(0)


def lies() -> Combinable:
    """Return how many kilograms of a lot of вторфарш lie on the pallet of a line: what is left of
    the lot is on what a shipment keeps first, then on the oldest pallet."""
    there = Balance.objects.filter(account=Account.REWORK_STORE, lot=OuterRef("lot"))
    # Of the two states of the store the one that a shipment keeps is the later by the alphabet.
    kept = Q(pallet__state__gt=OuterRef("pallet__state"))
    before = Q(pallet__state=OuterRef("pallet__state"), pallet__lt=OuterRef("pallet"))
    first = PalletItem.objects.filter(
        kept | before, lot=OuterRef("lot"), pallet__state__in=ON_STOCK
    )
    taken = first.order_by().values("lot").annotate(taken=Sum("kg", output_field=KgField()))
    left = _sum(there.values("physical")) - _sum(taken.values("taken"))
    return Greatest(Least(Coalesce(F("kg"), kg(NOTHING)), left), kg(NOTHING))


def lies_if_rework() -> Case:
    """Return the same of any line, nothing of what is no вторфарш."""
    return Case(When(IS_REWORK, then=lies()), default=None, output_field=KgField())


def lying() -> QuerySet[Any]:
    """Return the lines of the pallets of вторфарш of the store with what `lies` there of each."""
    lines = PalletItem.objects.filter(IS_REWORK, pallet__state__in=ON_STOCK)
    return lines.annotate(lies=lies()).order_by()


def put_on(lots: Collection[int]) -> dict[int, Decimal]:
    """Return which lots of вторфарш were put on the pallets of lots, and how much of each, also
    when the pallets have left; in one query."""
    lines = PalletItem.objects.filter(IS_REWORK, pallet__lot__in=lots)
    lines = lines.exclude(pallet__state=Pallet.State.CANCELLED).order_by("pk")
    found: dict[int, Decimal] = {}
    for lot, mass in lines.values_list("lot", Coalesce("kg", "lot__second_minced__net")):
        found[lot] = found.get(lot, NOTHING) + mass
    return found


def stored(lot: Lot) -> tuple[Decimal, Decimal]:
    """Return how many kilograms of a lot are on the stores, and how many of them nobody has
    reserved; of a pallet of вторфарш, of its lots what lies on it."""
    if lot.kind != Lot.Kind.PALLET or lot.pallet.kind != Pallet.Kind.SECOND:
        return physical(lot), available(lot)
    pallet = lot.pallet
    lines = list(lying().filter(pallet=pallet).select_related("lot__second_minced"))
    if not lines:
        return physical(lot), available(lot)
    there = sum((line.lies for line in lines), NOTHING)
    if pallet.state == Pallet.State.RESERVED:
        return there, NOTHING
    left = left_of({pallet: lines})
    return there, sum((min(line.lies, left[line.lot_id][1]) for line in lines), NOTHING)


def _sum(found: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(found, output_field=KgField()), kg(NOTHING))
