"""Whether a pallet may leave for a customer, and why not (domain 5.8)."""

from __future__ import annotations

from django.utils import timezone

from crm.production.models import Mix, Pallet
from crm.quality.usable import Use, blocking
from engine.languages.message import Message

ON_STOCK = (Pallet.State.IN_STOCK, Pallet.State.RESERVED)
GOOD = (Mix.Quality.PASSED, Mix.Quality.PASSED_WITH_DEVIATION)
ASH_GOOD = (Mix.AshState.IN_NORM, Mix.AshState.ACCEPTED)


def why_not(pallet: Pallet) -> Message | None:
    """Return the first reason why a pallet may not be shipped now; None when it may."""
    if pallet.state not in ON_STOCK:
        state = pallet.get_state_display().lower()
        return Message("Не на складе: {state}").with_values({"state": state})
    hold = blocking(pallet.lot, Use.SHIPPING)
    if hold is not None:
        values = {"kind": hold.get_kind_display(), "reason": hold.reason}
        return Message("Заблокирован: {kind}, {reason}").with_values(values)
    for item in pallet.items.select_related("lot"):
        mix = item.lot.record
        if not isinstance(mix, Mix) or mix.order is None:
            continue
        if mix.quality not in GOOD:
            values = {"number": str(mix), "quality": mix.get_quality_display().lower()}
            return Message("Замес {number}: {quality}").with_values(values)
        if mix.order.product_line == "mko" and mix.ash_state not in ASH_GOOD:
            return Message("Отсутствует анализ на золу, отгрузка невозможна!")
    if pallet.best_before is None or pallet.best_before < timezone.localdate():
        return Message("Срок годности вышел")
    if not pallet.net:
        return Message("Паллет не взвешен")
    return None
