"""Whether pallets may leave for a customer, and why not (domain 5.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils import timezone

from crm.by_key import related
from crm.ledger.models import Account, Balance
from crm.own_words import own
from crm.prepared import NUMBER, Prepared
from crm.production.models import Mix, Pallet, PalletItem
from crm.production.models.choices import ProductLine
from crm.production.operations.accept_pallet import is_rework
from crm.quality.models import Hold
from crm.quality.usable import Use, holds_of
from crm.titles import state_said
from engine.languages.message import Message
from engine.model.values import show_number

ON_STOCK = (Pallet.State.IN_STOCK, Pallet.State.RESERVED)
GOOD = (Mix.Quality.PASSED, Mix.Quality.PASSED_WITH_DEVIATION)
ASH_GOOD = (Mix.AshState.IN_NORM, Mix.AshState.ACCEPTED)

DRAWN = Message("Вторфарш взят в производство: из {kg} кг осталось {left} кг")
NOTHING = Decimal(0)
Left = Mapping[int, tuple[Decimal, Decimal]]
ITEMS = Prepared(
    lambda pallet: PalletItem.objects.filter(pallet_id=pallet).select_related("lot"), NUMBER
)
NO_ASH = Message("Отсутствует анализ на золу, отгрузка невозможна!")


def why_not(pallet: Pallet) -> Message | None:
    """Return the first reason why a pallet may not be shipped now; None when it may."""
    items = ITEMS.rows(pallet.pk) if pallet.state in ON_STOCK else []
    return why_not_of({pallet: items})[pallet.pk]


def held_of(pallets: Iterable[Pallet]) -> dict[int, list[Hold]]:
    """Return by the ids of their lots the holds that keep pallets of the store here, the oldest
    first."""
    return holds_of([one.lot_id for one in pallets if one.state in ON_STOCK], Use.SHIPPING)


def why_not_of(
    pallets: Mapping[Pallet, Sequence[PalletItem]],
    held: Mapping[int, Sequence[Hold]] | None = None,
    left: Left | None = None,
) -> dict[int, Message | None]:
    """Return by the ids of pallets, given with their items, what keeps each here; three queries
    however many, and those that the records of the items' lots take when they are not read. Who
    has asked `held_of` or `left_of` already gives what it answered."""
    held = held_of(pallets) if held is None else held
    left = left_of(pallets) if left is None else left
    return {
        one.pk: _reason(one, items, next(iter(held.get(one.lot_id, ())), None))
        or _drawn(one, items, left)
        for one, items in pallets.items()
    }


def left_of(pallets: Mapping[Pallet, Sequence[PalletItem]]) -> Left:
    """Return what is there, and what of it nobody has reserved, of the вторфарш of pallets of the
    store, by the ids of its lots."""
    stocked = [items for one, items in pallets.items() if one.state in ON_STOCK]
    lots = [item.lot_id for items in stocked if is_rework(items) for item in items]
    rows = Balance.objects.filter(account=Account.REWORK_STORE, lot__in=lots) if lots else ()
    return {row.lot_id: (row.physical, row.physical - row.reserved) for row in rows}


def _drawn(pallet: Pallet, items: Iterable[PalletItem], left: Left) -> Message | None:
    """Tell that production has taken, or reserved, of the вторфарш on a pallet."""
    for item in items:
        there, free = left.get(item.lot_id, (item.kg, item.kg))
        mine = there if pallet.state == Pallet.State.RESERVED else free
        if item.kg and mine < item.kg:
            values = {"left": show_number(mine, 3), "kg": show_number(item.kg, 3)}
            return DRAWN.with_values(values)
    return None


def _reason(pallet: Pallet, items: Iterable[PalletItem], hold: Hold | None) -> Message | None:
    if pallet.state not in ON_STOCK:
        state = state_said(pallet)
        return Message("Не на складе: {state}").with_values({"state": state})
    if hold is not None:
        values = {"kind": hold.kind_said, "reason": own(hold.reason)}
        return Message("Заблокирован: {kind}, {reason}").with_values(values)
    for item in items:
        mix = item.lot.record
        if not isinstance(mix, Mix):
            continue
        order = related(mix, "order")  # there is none of what was accepted by hand
        if order is not None and mix.quality not in GOOD:
            values = {"number": str(mix), "quality": state_said(mix, "quality")}
            return Message("Замес {number}: {quality}").with_values(values)
        line = pallet.product_line if order is None else order.product_line
        if line == ProductLine.MKO and mix.ash_state not in ASH_GOOD:
            return NO_ASH
    if pallet.best_before is None or pallet.best_before < timezone.localdate():
        return Message("Срок годности вышел")
    if not pallet.net:
        return Message("Паллет не взвешен")
    return None
