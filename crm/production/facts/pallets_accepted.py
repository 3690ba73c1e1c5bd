"""Whether everything of a mix is on stock (domain 5.4)."""

from __future__ import annotations

from collections.abc import Mapping

from crm.asked_once import asked_once
from crm.fact import Fact
from crm.production.models import Mix, Pallet

DONE = (
    Pallet.State.IN_STOCK,
    Pallet.State.RESERVED,
    Pallet.State.SHIPPED,
    Pallet.State.CONVERTED,
    Pallet.State.SCRAPPED,
)


def pallets_accepted(mix: Mix) -> bool:
    """Tell whether every pallet of a mix is accepted or final, and there is one."""
    states = _states_on_pallets().get(mix.lot_id)
    if states is None:
        states = _states(mix.lot_id)[mix.lot_id]
    return bool(states) and states <= set(DONE)


@asked_once
def _states_on_pallets() -> Mapping[int | None, set[str]]:
    """Return those of all mixes that wait for it: whoever asks about one asks about each."""
    return _states(*Mix.objects.filter(state=Mix.State.ON_PALLETS).values_list("lot", flat=True))


def _states(*lots: int | None) -> Mapping[int | None, set[str]]:
    """Return the states of the pallets of mixes that are not cancelled, by their lots."""
    found: dict[int | None, set[str]] = {lot: set() for lot in lots}
    rows = Pallet.objects.filter(items__lot__in=lots).exclude(state=Pallet.State.CANCELLED)
    for lot, state in rows.values_list("items__lot", "state"):
        found[lot].add(state)
    return found


FACT = Fact(params=("mix",), result="bool", answer=pallets_accepted)
