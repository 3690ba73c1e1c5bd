"""Whether a pallet was accepted without having been frozen, and nobody has decided what that means
(domain 4.37, 5.9)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Pallet
from crm.production.operations.record_not_frozen import KIND
from crm.quality.models import Deviation


def is_not_frozen(pallet: Pallet) -> bool:
    """Tell whether the deviation of a pallet waits for the technologist."""
    waiting = Deviation.objects.of_records().filter(state=Deviation.State.OPEN)
    return waiting.filter(lot=pallet.lot_id, kind=KIND).exists()


FACT = Fact(params=("pallet",), result="bool", answer=is_not_frozen)
