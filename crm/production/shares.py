"""What a mix takes of the components of its order, on rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Exists, OuterRef, Sum

from crm.ledger.models import Lot
from crm.prepared import NUMBER, Prepared
from crm.production.allocation import Component, shares
from crm.production.grams import NOTHING
from crm.production.models import MincedOrder, Mix, MixUse, OrderItem
from crm.production.models.mix import DISCHARGED

OUT = (Mix.State.CANCELLED, *DISCHARGED)  # takes nothing any more
Share = tuple[OrderItem, Decimal]


LOTS = ("lot__raw_batch__raw_material", "lot__blank", "lot__second_minced")
ITEMS = Prepared(
    lambda order: (
        OrderItem.objects.filter(order_id=order).select_related(*LOTS).order_by("position")
    ),
    NUMBER,
)
USED = Prepared(
    lambda order: (
        MixUse.objects.filter(mix__order_id=order, undone_by__isnull=True)
        .values_list("lot")
        .annotate(total=Sum("kg"))
        .order_by()
        .values_list("lot", "total")
    ),
    NUMBER,
)


TO_COME = Prepared(
    lambda order: (
        Mix.objects.filter(order_id=order).exclude(state__in=OUT).order_by().values_list("pk")
    ),
    NUMBER,
)


NEEDED = Prepared(
    lambda: (
        OrderItem.objects.filter(order__state=MincedOrder.State.ACTIVE)
        .annotate(
            to_come=Exists(Mix.objects.filter(order=OuterRef("order")).exclude(state__in=OUT))
        )
        .select_related(*LOTS)
        .order_by("order_id", "position")
    ),
)
TAKEN = Prepared(
    lambda: (
        MixUse.objects.filter(mix__order__state=MincedOrder.State.ACTIVE, undone_by__isnull=True)
        .values_list("mix__order", "lot")
        .annotate(total=Sum("kg"))
        .order_by()
        .values_list("mix__order", "lot", "total")
    ),
)


def items_of(order: MincedOrder) -> list[OrderItem]:
    """Return the lines of an order in their order, each with its lot and what the lot is."""
    items = ITEMS.rows(order.pk)
    for item in items:
        item.order = order
    return items


def used_of(order: MincedOrder) -> dict[int, Decimal]:
    """Return what the mixes of an order have taken, by the id of the lot."""
    return dict(USED.rows(order.pk))


def needed_by_active() -> dict[int, tuple[OrderItem, ...]]:
    """Return the lines of which the mixes to come still take something, by the ids of the orders
    at work."""
    used = {(order, lot): kg for order, lot, kg in TAKEN.rows()}
    found: dict[int, list[OrderItem]] = {}
    for item in NEEDED.rows():
        mine = found.setdefault(item.order_id, [])
        left = item.kg_to_take > used.get((item.order_id, item.lot_id), NOTHING)
        if left and item.to_come:
            mine.append(item)
    return {order: tuple(items) for order, items in found.items()}


def mixes_to_come(order: MincedOrder) -> int:
    """Count the mixes that are neither cancelled nor discharged."""
    return len(TO_COME.rows(order.pk))


def share_of(mix: Mix) -> list[Share]:
    """Return what a mix takes, or took, of each line of its order, in kilograms; lines of which it
    takes nothing are absent."""
    order = mix.order
    if order is None or mix.state == Mix.State.CANCELLED:
        return []
    items = items_of(order)
    if mix.state in DISCHARGED:
        taken = dict(mix.uses.filter(undone_by__isnull=True).values_list("lot", "kg"))
        return [(item, taken[item.lot_id]) for item in items if item.lot_id in taken]
    found = next_shares(items, used_of(order), mixes_to_come(order))
    return [(item, found[item.pk]) for item in items if item.pk in found]


def next_shares(
    items: Iterable[OrderItem], used: Mapping[int, Decimal], to_come: int
) -> dict[int, Decimal]:
    """Return what the next mix of an order takes of each of its lines, by the id of the line, given
    what of its lots was taken and how many mixes are to come; nothing where none is."""
    components = [
        Component(item.pk, pool(item.lot), item.kg_to_take, used.get(item.lot_id, NOTHING))
        for item in items
    ]
    return shares(components, to_come) if to_come else {}


def pool(lot: Lot) -> str:
    """Return what a lot is drawn together with: second minced from one list, anything else by
    itself."""
    return lot.kind if lot.kind == Lot.Kind.SECOND_MINCED else f"{lot.kind}:{lot.pk}"
