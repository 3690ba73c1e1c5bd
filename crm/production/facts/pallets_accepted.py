"""Whether everything of a mix is on stock (domain 5.4)."""

from __future__ import annotations

from collections.abc import Mapping

from crm.asked_once import asked_once
from crm.fact import Fact
from crm.prepared import Prepared
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
        states = _states(mix.lot_id)
    return bool(states) and states <= set(DONE)


@asked_once
def _states_on_pallets() -> Mapping[int | None, set[str]]:
    """Return those of all mixes that wait for it: whoever asks about one asks about each."""
    found: dict[int | None, set[str]] = {lot: set() for (lot,) in WAITING.rows()}
    for lot, state in ON_PALLETS.rows():
        found.setdefault(lot, set()).add(state)
    return found


def _states(lot: int | None) -> set[str]:
    """Return the states of the pallets of a mix that are not cancelled, by its lot."""
    rows = Pallet.objects.filter(items__lot=lot).exclude(state=Pallet.State.CANCELLED)
    return set(rows.values_list("state", flat=True))


WAITING = Prepared(
    lambda: Mix.objects.filter(state=Mix.State.ON_PALLETS).order_by().values_list("lot")
)
ON_PALLETS = Prepared(
    lambda: (
        Pallet.objects.filter(items__lot__mix__state=Mix.State.ON_PALLETS)
        .exclude(state=Pallet.State.CANCELLED)
        .order_by()
        .values_list("items__lot", "state")
    )
)


FACT = Fact(params=("mix",), result="bool", answer=pallets_accepted)
