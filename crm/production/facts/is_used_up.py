"""Whether nothing of a raw batch is left (domain 5.1)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import Account, Balance
from crm.prepared import NUMBER, Prepared
from crm.production.models import RawBatch

STORED = Prepared(
    lambda lot: (
        Balance.objects.filter(lot_id=lot, account=Account.RAW_STORE)
        .order_by()
        .values_list("physical", "reserved")
    ),
    NUMBER,
)


def is_used_up(batch: RawBatch) -> bool:
    """Tell whether a batch was on the store and nothing of it is there now, nor reserved."""
    stored = STORED.rows(batch.lot_id)
    return any(not physical and not reserved for physical, reserved in stored)


FACT = Fact(params=("raw_batch",), result="bool", answer=is_used_up)
