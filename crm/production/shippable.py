"""Whether pallets may leave for a customer, and why not (domain 5.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from crm.production.models import Mix, Pallet, PalletItem
from crm.quality.models import Hold
from crm.quality.usable import Use, blocked_lots
from engine.languages.message import Message

ON_STOCK = (Pallet.State.IN_STOCK, Pallet.State.RESERVED)
GOOD = (Mix.Quality.PASSED, Mix.Quality.PASSED_WITH_DEVIATION)
ASH_GOOD = (Mix.AshState.IN_NORM, Mix.AshState.ACCEPTED)

NO_ASH = Message("Отсутствует анализ на золу, отгрузка невозможна!")


def why_not(pallet: Pallet) -> Message | None:
    """Return the first reason why a pallet may not be shipped now; None when it may."""
    items = pallet.items.select_related("lot") if pallet.state in ON_STOCK else ()
    return why_not_of({pallet: list(items)})[pallet.pk]


def why_not_of(pallets: Mapping[Pallet, Sequence[PalletItem]]) -> dict[int, Message | None]:
    """Return by the ids of pallets, given with their items, what keeps each here; two queries
    however many, and those that the records of the items' lots take when they are not read."""
    stocked = [one.lot_id for one in pallets if one.state in ON_STOCK]
    held = blocked_lots(stocked, Use.SHIPPING)
    return {one.pk: _reason(one, items, held.get(one.lot_id)) for one, items in pallets.items()}


def _reason(pallet: Pallet, items: Iterable[PalletItem], hold: Hold | None) -> Message | None:
    if pallet.state not in ON_STOCK:
        state = pallet.get_state_display().lower()
        return Message("Не на складе: {state}").with_values({"state": state})
    if hold is not None:
        values = {"kind": hold.get_kind_display(), "reason": hold.reason}
        return Message("Заблокирован: {kind}, {reason}").with_values(values)
    for item in items:
        mix = item.lot.record
        if not isinstance(mix, Mix) or mix.order is None:
            continue
        if mix.quality not in GOOD:
            values = {"number": str(mix), "quality": mix.get_quality_display().lower()}
            return Message("Замес {number}: {quality}").with_values(values)
        if mix.order.product_line == "mko" and mix.ash_state not in ASH_GOOD:
            return NO_ASH
    if pallet.best_before is None or pallet.best_before < timezone.localdate():
        return Message("Срок годности вышел")
    if not pallet.net:
        return Message("Паллет не взвешен")
    return None
