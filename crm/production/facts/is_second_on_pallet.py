"""Whether a pallet carries a second-minced lot (domain 5.5)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Pallet, PalletItem, SecondMinced

GONE = (Pallet.State.CANCELLED, Pallet.State.CONVERTED, Pallet.State.SCRAPPED)


def is_second_on_pallet(lot: SecondMinced) -> bool:
    """Tell whether some pallet that is still one has the lot on it."""
    return PalletItem.objects.filter(lot=lot.lot_id).exclude(pallet__state__in=GONE).exists()


FACT = Fact(params=("second_minced",), result="bool", answer=is_second_on_pallet)
