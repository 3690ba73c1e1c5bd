"""Whether a pallet keeps a mix from being taken back into the mixer (domain 5.4)."""

from __future__ import annotations

from django.db.models import Q

from crm.fact import Fact
from crm.production.models import Mix, Pallet

BUSY = (Pallet.State.FREEZING, Pallet.State.PALLETIZING)
OVER = (Pallet.State.CANCELLED, Pallet.State.SCRAPPED, Pallet.State.CONVERTED)


def is_pallet_busy(mix: Mix) -> bool:
    """Tell whether a pallet of the mix is in a shocker or at palletizing, or collects the remains
    of other mixes too."""
    shared = Q(kind=Pallet.Kind.BUFFER) & ~Q(state__in=OVER)
    rows = Pallet.objects.filter(Q(state__in=BUSY) | shared, items__lot=mix.lot_id)
    return rows.exists()


FACT = Fact(params=("mix",), result="bool", answer=is_pallet_busy)
