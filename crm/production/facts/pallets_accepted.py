"""Whether everything of a mix is on stock (domain 5.4)."""

from __future__ import annotations

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
    states = set(
        Pallet.objects.filter(items__lot=mix.lot_id)
        .exclude(state=Pallet.State.CANCELLED)
        .values_list("state", flat=True)
    )
    return bool(states) and states <= set(DONE)


FACT = Fact(params=("mix",), result="bool", answer=pallets_accepted)
